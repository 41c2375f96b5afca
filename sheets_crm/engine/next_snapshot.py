"""The snapshot that a plan leaves behind, on which the next part is decided without reading again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sheets_crm.engine.snapshot import PendingImport, Snapshot, as_cell, leads_of
from sheets_crm.engine.table_edits import row_problems_after, unfinished_edits
from sheets_crm.engine.table_reads import TableRead, held, order_of
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import (
    AppendRows,
    Change,
    DeleteRows,
    FoldRows,
    GridRows,
    PutCells,
    RemoveTab,
    RowCells,
    ShowColumn,
    ShowTab,
    UpdateCells,
)
from sheets_crm.plan.diff import after, pushed_down, with_row_cells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.roles import LEADS, PANEL
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.join import order_value


def next_snapshot(working: WorkingState, changes: Sequence[Change]) -> Snapshot:
    """The snapshot as it is after the plan's write, but for the results of formulas."""
    snapshot, system = working.snapshot, working.snapshot.system
    sheets = {key: _after_changes(sheet, changes) for key, sheet in snapshot.sheets.items()}
    sheets = {key: replace(sheet, tab=_visibility_after(sheet.tab, changes)) for key, sheet in sheets.items()}
    tabs = {key: sheets[key].tab if key in sheets else tab for key, tab in snapshot.tabs.items()}
    written = {change.spec.key: change for change in changes if isinstance(change, RowCells)}
    for key in written.keys() - sheets.keys():
        tabs[key] = replace(tabs[key], rows=tabs[key].rows + written[key].blank)
    grids = [change for change in changes if isinstance(change, GridRows)]
    tabs |= {str(grid.tab.mark): _resized(tabs[str(grid.tab.mark)], grid) for grid in grids}
    tabs = {key: _visibility_after(tab, changes) for key, tab in tabs.items()}
    removed = {change.tab.sheet_id for change in changes if isinstance(change, RemoveTab)}
    cells = {**system.cells, **{key: as_cell(value) for key, value in working.stored.items()}}
    after_system = replace(
        system,
        cells=cells,
        erased=(*system.erased, *working.erased_hashes),
        erased_end=system.erased_end + bool(working.erased_hashes),
    )
    waiting = {spec.key for spec in working.settings.system.tables if held(after_system, spec.key)}
    finished = {source.ref for source in snapshot.sources if _finished(working, removed, source)}
    return replace(
        snapshot,
        info=_info_after(snapshot.info, tabs.values(), removed),
        tabs=tabs,
        sheets=sheets,
        leads=leads_of(sheets[LEADS], working.schema),
        system=after_system,
        panel=_panel_after(snapshot.panel, changes),
        cells=_cells_after(snapshot.cells, grids),
        sources=tuple(source for source in snapshot.sources if source.ref not in finished),
        put_right=(),
        control_put_back=(),
        lost=(),
        undeleted=(),
        edits={key: _pushed(read, changes) for key, read in unfinished_edits(working).items()},
        table_repairs={},
        orders=_orders_after(snapshot, sheets, written),
        row_problems=_problems_after(working, sheets),
        problems_shown=_shown_after(working, changes),
        memory=snapshot.memory.after(changes, waiting, working.budget.rows),
        sequence=snapshot.sequence + 1,
    )


def _problems_after(working: WorkingState, sheets: Mapping[str, Sheet]) -> dict[str, dict[str, tuple[int, str]]]:
    """The rows with a problem after the write, without those that have left their table."""
    problems = row_problems_after(working)
    for key in problems.keys() & sheets.keys():
        places = dict(zip(map(shown, sheets[key].frame.index), sheets[key].rows.tolist(), strict=True))
        texts = {name: text for name, (_, text) in problems[key].items() if name in places}
        problems[key] = {name: (places[name], text) for name, text in texts.items()}
    return {key: rows for key, rows in problems.items() if rows}


def _pushed(read: TableRead, changes: Sequence[Change]) -> TableRead:
    """The edits that the next write goes on with, where the rows on top have pushed them to."""
    count = pushed_down(read.tab.sheet_id, changes)
    return read.pushed(count) if count else read


def _shown_after(working: WorkingState, changes: Sequence[Change]) -> frozenset[str]:
    """The classic tables whose column `problem` is shown after the write: those that it holds something in."""
    snapshot, problems = working.snapshot, row_problems_after(working)
    hidden = {change.tab.sheet_id for change in changes if isinstance(change, ShowColumn) and not change.shown}
    holding = {spec.key for spec in working.settings.system.tables if spec.classic and problems.get(spec.key)}
    gone = {key for key, tab in snapshot.tabs.items() if tab.sheet_id in hidden}
    return (snapshot.problems_shown | holding) - gone


def _info_after(info: WorkbookInfo, tabs: Iterable[TabInfo], removed: set[int]) -> WorkbookInfo:
    """The workbook without its cells: its tabs at their new size, without those that were removed."""
    resized = {tab.sheet_id: tab for tab in tabs}
    return replace(
        info, tabs=tuple(resized.get(tab.sheet_id, tab) for tab in info.tabs if tab.sheet_id not in removed)
    )


def _panel_after(panel: PanelState, changes: Sequence[Change]) -> PanelState:
    """The panel once its answered ticks are cleared and its texts written."""
    cells = [list(row) for row in panel.cells]
    for change in changes:
        if isinstance(change, PutCells) and change.tab.mark == PANEL and change.row < len(cells):
            row = cells[change.row]
            row += [""] * (change.column + 1 - len(row))
            row[change.column] = as_cell(change.rows[0][0])
    return PanelState.of(cells)


def _visibility_after(tab: TabInfo, changes: Sequence[Change]) -> TabInfo:
    folds = {(one.start, one.end): one.folded for one in changes if isinstance(one, FoldRows)}
    if tab.mark == PANEL and folds:
        groups = (replace(one, collapsed=folds.get((one.start, one.end), one.collapsed)) for one in tab.row_groups)
        tab = replace(tab, row_groups=tuple(groups))
    shown = [
        change.shown for change in changes if isinstance(change, ShowTab) and change.tab.sheet_id == tab.sheet_id
    ]
    return replace(tab, hidden=not shown[-1]) if shown else tab


def _resized(tab: TabInfo, grid: GridRows) -> TabInfo:
    """A tab that is no table with the grid that the plan leaves it, where the next part continues."""
    height = max(tab.rows, grid.start + len(grid.append) if grid.append else 0)
    width = max((len(row) for row in grid.append), default=0)
    return replace(tab, rows=max(height - len(grid.delete), tab.frozen_rows + 1), columns=max(tab.columns, width))


def _finished(working: WorkingState, removed: set[int], source: PendingImport) -> bool:
    if source.tab is not None:
        return source.tab.sheet_id in removed
    record = working.stored.get("open_drop", "")
    return isinstance(record, str) and f'"ref":"{source.ref}"' in record and '"finished":true' in record


def _after_changes(sheet: Sheet, changes: Sequence[Change]) -> Sheet:
    """A table after its own changes; some were made on a copy of it with another index, as Log's are by position."""
    for change in changes:
        if isinstance(change, RowCells) and change.tab.sheet_id == sheet.tab.sheet_id:
            sheet = with_row_cells(sheet, change)
        if isinstance(change, PutCells) and change.tab.sheet_id == sheet.tab.sheet_id:
            sheet = _with_put_cells(sheet, change)
    rebased: list[Change] = [
        replace(change, sheet=sheet)
        for change in changes
        if isinstance(change, UpdateCells | AppendRows | DeleteRows)
        and change.sheet.tab.sheet_id == sheet.tab.sheet_id
    ]
    return after(sheet, rebased) if rebased else sheet


def _with_put_cells(sheet: Sheet, change: PutCells) -> Sheet:
    """A table of leads after cells beside no lead were taken back; a row of which nothing is left is blank."""
    beside = {row: dict(cells) for row, cells in sheet.unkeyed_cells.items()}
    for row, cells in enumerate(change.rows, start=change.row):
        for column, cell in enumerate(cells, start=change.column):
            if row in beside and cell in {"", False}:
                beside[row].pop(column, None)
    left = {row: cells for row, cells in beside.items() if cells}
    gone = beside.keys() - left.keys()
    unkeyed = tuple(row for row in sheet.unkeyed if row not in gone)
    return replace(sheet, unkeyed=unkeyed, unkeyed_cells=left)


def _orders_after(
    snapshot: Snapshot, sheets: Mapping[str, Sheet], written: Mapping[str, RowCells]
) -> dict[str, Cell]:
    """The order sum of each two-way table once its rows are written."""
    orders = dict(snapshot.orders)
    for key, order in snapshot.orders.items():
        if key in sheets:
            orders[key] = order_of(sheets[key])
        elif key in written and isinstance(order, int | float):
            change = written[key]
            keys = {row: change.keys[row] for row in change.before}
            given = sum(order_value(change.spec, name) * (row + 1) for row, name in keys.items())
            taken = sum(order_value(change.spec, name) * (row + 1) for row, name in _emptied(change))
            orders[key] = order + given - taken
    return orders


def _emptied(change: RowCells) -> Iterator[tuple[int, Cell]]:
    """The rows that lose their keys, and those keys: rows that somebody emptied."""
    key, place = change.spec.key_column, change.column_index[change.spec.key_column]
    for cell in change.cells:
        row = change.grid.get(cell.row, ())
        if cell.header == key and cell.value == "" and len(row) > place:
            yield cell.row, row[place]


def _cells_after(cells: Mapping[str, Rows], grids: Sequence[GridRows]) -> Mapping[str, Rows]:
    changed = {str(grid.tab.mark): _rows_after(cells.get(str(grid.tab.mark), []), grid) for grid in grids}
    return {**cells, **changed}


def _rows_after(cells: Rows, grid: GridRows) -> Rows:
    rows = [list(row) for row in cells]
    for row, column, value in grid.put:
        if isinstance(value, Cell):
            rows[row][column] = value
    rows += [[] for _ in range(grid.start - len(rows))]
    appended = [[cell for cell in row if isinstance(cell, Cell)] for row in grid.append]
    rows = [*rows[: grid.start], *appended]
    deleted = set(grid.delete)
    return [row for n, row in enumerate(rows) if n not in deleted]
