"""Mirroring: after a write the leads that it changed go into the store's mirror, after a full read all of them.

So do the rows of two-way tables that the store mirrors; of a table that was read whole all are compared.

The mirror is derived. What goes wrong with it is logged and stops no run; the next full read puts it right.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sheets_crm.engine.session import Session
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import CrmError, machine_refused
from sheets_crm.messages import said
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells, UpdateCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.roles import LEADS
from sheets_crm.workbook.sheet import Sheet

_LOG = logging.getLogger(__name__)


def mirror_write(session: Session, changes: Sequence[Change], after: Snapshot) -> None:
    """Bring the leads that a write changed up to date in the mirror."""
    changed = {number for change in changes for number in _leads_of(change)}
    if session.ports.mirror is not None and changed:
        with _logged_failures():
            session.ports.mirror.update(after.leads, after.info.time_zone, after.sequence, changed)
    for table in _mirrored(session):
        of_table = [change for change in changes if _table_of(change) == table]
        if of_table:
            _mirror_table(session, table, of_table, after)


def mirror_read(session: Session, after: Snapshot) -> None:
    """Compare the mirror with all leads, once the run has read everything."""
    if session.ports.mirror is not None and session.everything:
        with _logged_failures():
            session.ports.mirror.reconcile(after.leads, after.info.time_zone, after.sequence)
    for table in _mirrored(session) if session.everything else ():
        _mirror_table(session, table, (), after)


def _mirrored(session: Session) -> list[str]:
    """Keys of the two-way tables that the store mirrors, of those that there are."""
    mirror = session.ports.mirror
    return [
        spec.key for spec in session.settings.system.tables if mirror is not None and spec.key in mirror.tables
    ]


def _mirror_table(session: Session, table: str, changes: Sequence[Change], after: Snapshot) -> None:
    assert session.ports.mirror is not None
    with _logged_failures():
        if table in after.sheets:
            rows = rows_of(after.sheets[table])
            session.ports.mirror.reconcile_rows(table, rows, after.info.time_zone)
        else:
            written = [change for change in changes if isinstance(change, RowCells)]
            rows = {key: cells for change in written for key, cells in _rows_written(change)}
            gone = {key for change in written for key in _rows_emptied(change)} - rows.keys()
            session.ports.mirror.update_rows(table, rows, gone, after.info.time_zone)


def rows_of(sheet: Sheet) -> dict[str, dict[str, Cell]]:
    """The cells of a table's rows by header, by key."""
    names = [str(name) for name in sheet.frame.columns]
    lines = sheet.frame.to_numpy(dtype=object)
    return {
        shown(key): dict(zip(names, line, strict=True)) for key, line in zip(sheet.frame.index, lines, strict=True)
    }


def _table_of(change: Change) -> str:
    if isinstance(change, RowCells):
        return change.spec.key
    return change.sheet.spec.key if isinstance(change, UpdateCells | AppendRows | DeleteRows) else ""


def _rows_written(change: RowCells) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Yield the key and the cells of each row that was read and is written to, as it is then."""
    for row, line in change.grid.items():
        key = change.keys.get(row, "")
        if key:
            read = {name: line[n] if n < len(line) else "" for name, n in change.column_index.items()}
            yield key, read | {cell.header: cell.value for cell in change.cells if cell.row == row}


def _rows_emptied(change: RowCells) -> Iterator[str]:
    """Yield the keys of the rows that lose them."""
    place = change.column_index[change.spec.key_column]
    for row, line in change.grid.items():
        if change.keys.get(row) == "" and place < len(line):
            yield shown(line[place])


def _leads_of(change: Change) -> list[int]:
    """The LeadNumbers of the rows of the leads' tab that a change writes, adds or deletes."""
    if not isinstance(change, UpdateCells | AppendRows | DeleteRows) or change.sheet.spec.key != LEADS:
        return []
    if isinstance(change, AppendRows):
        return [int(number) for number in change.frame.index]
    if isinstance(change, DeleteRows):
        return [int(number) for number in change.sheet.frame.index[change.positions]]
    positions = {int(position) for places, _ in change.cells.values() for position in places}
    return [int(number) for number in change.sheet.frame.index[sorted(positions)]]


@contextmanager
def _logged_failures() -> Iterator[None]:
    try:
        yield
    except (CrmError, OSError) as error:
        reason = error.message if isinstance(error, CrmError) else machine_refused(error).message
        _LOG.warning(said("store.not_mirrored", reason=reason))
