"""Migrations of the store's schema, by Alembic, which is imported here alone.

All that are pending are made in one transaction: SQLite and PostgreSQL both take changes of tables back, so a process
that dies in one leaves the schema as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

FOLDER: Final = Path(__file__).resolve().parent


def migrations() -> ScriptDirectory:
    """The migrations of this program."""
    return ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER / "versions")])


def known_versions() -> frozenset[str]:
    """The schema versions that this program can migrate from, and its own."""
    return frozenset(script.revision for script in migrations().walk_revisions())


def migrate(connection: Connection, target: str = "head") -> None:
    """Make the migrations that a store lacks, in the connection's transaction."""
    scripts = migrations()

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(target, revision)  # noqa: SLF001 - as alembic.command.upgrade does

    context = MigrationContext.configure(connection, opts={"fn": steps, "script": scripts})
    with Operations.context(context):
        context.run_migrations()
