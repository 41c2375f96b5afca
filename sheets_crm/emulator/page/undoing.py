"""Takes a step back on the file as it is now, which others may have changed since.

What somebody else wrote later stays: a row in which one cell of the step has another content by now keeps all of
them, since a row is a record. How Google merges an undo with later changes is not documented; this is the safe side.
"""

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.page.edges_and_tabs import remove_grown, remove_tab, restore_rows, restore_tab
from sheets_crm.emulator.page.outcome import Outcome
from sheets_crm.emulator.page.steps import Change, Content, Step, TabStep, content_of, same
from sheets_crm.emulator.requests import run_requests
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet

__all__ = ["take_back"]

Box = tuple[int, int, int, int]


def take_back(batch: Batch, step: Step) -> Outcome:
    """Undo a step.

    Args:
        batch: The change in the making; its person's protections bind, cell by cell.
        step: What the gesture changed, kept true since.

    Raises:
        ApiError: 400 where a tab cannot have its title back, or cannot come back.
    """
    outcome = Outcome()
    for index, sheet in step.taken:
        restore_tab(batch, index, sheet)
        outcome.sheet = sheet.id
        outcome.parts += 1
    there = {sheet.id for sheet in batch.book.sheets}
    for sheet_id, tab in step.tabs.items():
        if sheet_id in there:
            _take_back_tab(batch, sheet_id, tab, outcome)
        else:
            outcome.left += sum(map(len, tab.cells.values())) or 1
    for sheet in step.made:
        remove_tab(batch, sheet, outcome)
    return outcome


def _take_back_tab(batch: Batch, sheet_id: int, tab: TabStep, outcome: Outcome) -> None:
    if tab.title is not None:
        _take_back_title(batch, sheet_id, tab.title, outcome)
    if tab.widths:
        _take_back_widths(batch.book.edit(sheet_id), tab, outcome)
    for dimension, count in tab.shrunk.items():
        batch.append_dimension(batch.book.edit(sheet_id), dimension, count)
        outcome.parts += 1
    if tab.gone:
        restore_rows(batch.book.edit(sheet_id), tab.gone)
    if tab.cells:
        _take_back_cells(batch, sheet_id, tab, outcome)
    for dimension, span in tab.grown.items():
        remove_grown(batch, sheet_id, dimension, span, outcome)


def _take_back_widths(sheet: Sheet, tab: TabStep, outcome: Outcome) -> None:
    for column, (before, after) in tab.widths.items():
        if sheet.columns.get(column) != after:
            outcome.kept += 1
            continue
        sheet.columns.pop(column, None)
        if before is not None:
            sheet.columns[column] = before
        outcome.parts += 1
    outcome.sheet = sheet.id


def _take_back_title(batch: Batch, sheet_id: int, title: tuple[str, str], outcome: Outcome) -> None:
    if batch.book.sheet(sheet_id).title != title[1]:
        outcome.kept += 1
        return
    renamed = {"properties": {"sheetId": sheet_id, "title": title[0]}, "fields": "title"}
    run_requests(batch, [{"updateSheetProperties": renamed}])
    outcome.sheet = sheet_id
    outcome.parts += 1


# -- cells ---------------------------------------------------------------------------------------------------------


def _take_back_cells(batch: Batch, sheet_id: int, tab: TabStep, outcome: Outcome) -> None:
    sheet = batch.book.edit(sheet_id)
    places = {row.key: index for index, row in enumerate(sheet.rows) if row is not None}
    open_to_all = _may_edit(batch, sheet, _around(places, tab))
    for key, changes in tab.cells.items():
        index = places.get(key)
        row = None if index is None else sheet.row(index)
        wanted = [change for change in changes if row is None or not _is_back(row, change)]
        outcome.already += len(changes) - len(wanted)
        if index is None or row is None:
            outcome.left += len(wanted)
        elif any(_is_others(content_of(row, change.column), change) for change in wanted):
            outcome.others += len(wanted)
            outcome.show(sheet_id, index, wanted[0].column)
        else:
            for change in wanted:
                if not open_to_all and not _may_edit(batch, sheet, _cell(index, change.column)):
                    outcome.shut += 1
                else:
                    _put_back(batch, sheet, index, change)
                    outcome.cells += 1
                outcome.show(sheet_id, index, change.column)


def _is_others(content: Content, change: Change) -> bool:
    """Tell whether a cell holds what neither the step nor the state before it gave."""
    return not same(content, change.after) and not same(content, change.before)


def _is_back(row: Row, change: Change) -> bool:
    """Tell whether a cell is already as it was: as formulas are that follow a tab's title back, say."""
    style = row.styles.get(change.column) if row.styles else None
    restyled = change.style_before is not change.style_after and style is change.style_after
    return same(content_of(row, change.column), change.before) and not restyled


def _put_back(batch: Batch, sheet: Sheet, index: int, change: Change) -> None:
    literal, formula, runs = change.before
    if formula is not None:
        sheet.put_formula(index, change.column, formula)
    else:
        sheet.put(index, change.column, literal)
    row = sheet.write(index)
    if runs:
        row.put_runs(change.column, runs)
    style = row.styles.get(change.column) if row.styles else None
    if change.style_before is not change.style_after and style is change.style_after:
        row.restyle(change.column, change.style_before)
    batch.cells_written += 1


def _around(places: dict[int, int], tab: TabStep) -> Box:
    """The rectangle around all cells of a step that are still there."""
    rows = [places[key] for key in tab.cells if key in places]
    columns = [change.column for changes in tab.cells.values() for change in changes]
    if not rows or not columns:
        return (0, 0, 0, 0)
    return (min(rows), max(rows) + 1, min(columns), max(columns) + 1)


def _cell(row: int, column: int) -> Box:
    return (row, row + 1, column, column + 1)


def _may_edit(batch: Batch, sheet: Sheet, box: Box) -> bool:
    try:
        batch.guard.check_bounds(sheet, box)
    except ApiError:
        return False
    return True
