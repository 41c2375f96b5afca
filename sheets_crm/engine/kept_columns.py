"""Columns that a workbook keeps of its imports: System records them, and each run takes them into its schema."""

from __future__ import annotations

from collections.abc import Iterable

from sheets_crm.engine.session import Session
from sheets_crm.engine.setting_up import init_workbook
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.pipeline.imports.answers import MOST_KEPT
from sheets_crm.workbook.roles import LEADS


def make_columns(session: Session, snapshot: Snapshot) -> bool:
    """Add the columns that operators ask to keep, in one guarded write; whether there were any.

    What the set-up does for a column of the settings it does for these: header, format, protection, Lead Profile.
    """
    asked = [name for feature in session.settings.features for name in feature.kept(snapshot, session.settings)]
    new = _fitting(session, snapshot, dict.fromkeys(asked))
    if not new:
        return False
    settings = session.settings.keeping((*session.settings.schema.kept, *new))
    ports = session.ports
    salt = snapshot.system.text("salt")
    init_workbook(ports.gateway, settings, ports.new_ids, ports.run, salt, adopt=False, retries=ports.retries)
    session.settings = settings
    return True


def _fitting(session: Session, snapshot: Snapshot, names: Iterable[str]) -> list[str]:
    """The new columns that the workbook has room for."""
    schema, rows = session.settings.schema, snapshot.tabs[LEADS].rows
    new = [name for name in names if name not in schema.names]
    room = min(MOST_KEPT - len(schema.kept), (CELLS_LIMIT - snapshot.info.cells) // max(rows, 1))
    for name in new[max(room, 0) :]:
        session.report("headers.no_room", column=name)
    return new[: max(room, 0)]
