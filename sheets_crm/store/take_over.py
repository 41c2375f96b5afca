"""Files of earlier versions whose content is the store's now: taken over once, then deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from sheets_crm.engine import journal_lines, state_files
from sheets_crm.messages import said
from sheets_crm.store.changes import row_of
from sheets_crm.store.schema import CHANGES, TAKEN_OVER

_LOG = logging.getLogger(__name__)


def journal_files(
    engine: Engine, state_dir: Path, clock: Callable[[], float], warn: Callable[[str], None]
) -> None:
    """Take over the change journal that versions before 0.6.0 kept in one file a month.

    A file's changes and the note of its content are one transaction. A file with lines that cannot be read is set
    aside, not deleted: a person may still read them.
    """
    taken = 0
    for path in sorted((state_dir / journal_lines.FOLDER).glob("*.jsonl")):
        content = state_files.read(path, bytes)
        if content is None:
            continue
        lines = content.splitlines()
        rows = [row for row in map(_row, lines) if row is not None]
        with engine.execution_options(writes=True).begin() as connection:
            taken += _take(connection, content, rows, dt.datetime.fromtimestamp(clock(), tz=dt.UTC))
        if len(rows) < len(lines):
            state_files.set_aside(path)
        else:
            state_files.delete(path)
    if taken:
        warn(said("store.taken_over", count=taken))


def _take(connection: Connection, content: bytes, rows: list[dict[str, Any]], now: dt.datetime) -> int:
    digest = hashlib.sha256(content).hexdigest()
    if connection.execute(select(TAKEN_OVER.c.content).where(TAKEN_OVER.c.content == digest)).first():
        return 0
    connection.execute(TAKEN_OVER.insert().values(content=digest, taken_at=now))
    if rows:
        connection.execute(CHANGES.insert(), rows)
    return len(rows)


def _row(line: bytes) -> dict[str, Any] | None:
    entry = journal_lines.entry_of(line)
    try:
        return None if entry is None else row_of(entry)
    except ValueError:
        return None
