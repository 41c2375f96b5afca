"""Small guarded writes to Control that are no plan's: the heartbeat, the reason of a refusal, an erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheets_crm.engine.control_rows import ControlWrite
from sheets_crm.engine.lead_cache import LeadCache
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.verify import ids_beside, misplaced
from sheets_crm.errors import Conflict, SheetError
from sheets_crm.workbook import panel
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.requests import Request, hide_rows, write


def put_on_control(
    gateway: Gateway,
    cache: LeadCache,
    tab: tuple[int, str],
    before: Rows,
    cells: Mapping[tuple[str, int], Cell],
    others: Sequence[Request],
    *,
    sequence: int,
    token: str,
) -> int:
    """Write some cells of Control, and whatever else belongs to the same write.

    When its rows turn out to have been moved meanwhile, the pending write stays on disk, and the next run puts back
    what was overwritten.

    Args:
        gateway: The workbook.
        cache: Takes the note of the pending write.
        tab: Id and title of Control.
        before: Control as read, from A1.
        cells: Values by id of the row and 0-based column; ids that Control lacks are left out.
        others: Further requests.
        sequence: The guard's number that Control was read at.
        token: Name of the writer.

    Returns:
        The number of the write.

    Raises:
        CrmError: As the gateway raises them.
    """
    rows = panel.rows_of_ids(before)
    present = {place: value for place, value in cells.items() if place[0] in rows}
    requests = [write(tab[0], rows[name], column, [[value]]) for (name, column), value in present.items()]
    requests += _problems_shown(tab[0], rows, present)
    checks = ids_beside(tab[1], {rows[name]: name for name, _ in present})
    # One pending write is noted at a time: an earlier one is still needed to put rows right.
    noted = not cache.waiting()
    if noted:
        put = ControlWrite(tuple((name, column, value) for (name, column), value in present.items()), (), before)
        cache.save_pending(sequence + 1, token, [], control=put)
    try:
        applied = gateway.apply(
            [*requests, *others], sequence=sequence, token=token, read_back=[check.range for check in checks]
        )
    except (Conflict, SheetError):
        if noted:
            cache.clear_pending()
        raise
    cache.advance(applied.sequence)
    if noted and not misplaced(checks, applied.read_back):
        cache.clear_pending()
    return applied.sequence


def _problems_shown(
    sheet_id: int, rows: Mapping[str, int], written: Mapping[tuple[str, int], Cell]
) -> list[Request]:
    """The requests that show the rows of the problems that are written, with their heading."""
    problems = [row_id for (row_id, _), text in written.items() if row_id.startswith(panel.PROBLEM) and text != ""]
    seen = [rows[row_id] for row_id in (panel.PROBLEMS_HEADING, *problems) if problems and row_id in rows]
    return [hide_rows(sheet_id, row, row + 1, hidden=False) for row in seen]
