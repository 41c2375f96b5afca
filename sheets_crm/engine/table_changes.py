"""What a run writes into two-way tables: cells of edited rows, hand edits put back, rows added and deleted, repairs.

Which edits there are, and what features make of them, is in `sheets_crm.engine.table_edits`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sheets_crm.engine.table_columns import at_column
from sheets_crm.engine.table_edits import TableWork, held_by_now, row_problems_after, table_work
from sheets_crm.engine.table_reads import TableRead
from sheets_crm.engine.table_repairs import TableRepair
from sheets_crm.engine.table_rows import TableRows, stored_key
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells, ShowColumn, UpdateCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, SEEN, Owner, TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.setup.two_way_tab import blank_rows
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import joined, workers
from sheets_crm.workbook.two_way.edits import RowKind
from sheets_crm.workbook.two_way.writes import CellWrite, Handled, appended, edit_writes, shared_writes

if TYPE_CHECKING:
    from sheets_crm.engine.working_state import WorkingState


def changes(working: WorkingState, others: Sequence[Change]) -> list[Change]:
    """The changes of two-way tables: cells of edited rows, and rows that the worker adds, changes and deletes.

    Args:
        working: The working state.
        others: What features change by themselves; they may delete rows of closed tables.
    """
    made: list[Change] = []
    for key, repair in working.snapshot.table_repairs.items():
        made += _repaired(working.snapshot.sheets[key], repair)
    if made:
        return made  # everything else is decided on what is read when they are made
    work, rows = working.part(table_work), working.row_work
    gone = _deleted_rows(others)
    for key in dict.fromkeys((*work, *rows, *working.snapshot.memory.put_back)):
        made_cells = _row_cells(working, key, work.get(key), rows.get(key), others)
        cells = (_without(change, gone) for change in made_cells)
        made += [change for change in cells if change.cells or change.blank]
        if key in rows:
            made += _rows_added_and_deleted(working, rows[key])
    return [*made, *_problems_shown(working, gone)]


def _problems_shown(working: WorkingState, gone: Mapping[int, set[int]]) -> Iterator[ShowColumn]:
    """The changes that show the column `problem` of a classic table once it holds something, or hide it again.

    Args:
        working: The working state.
        gone: The grid rows that features delete, by id of the tab.
    """
    after = row_problems_after(working)
    for spec in (spec for spec in working.settings.system.tables if spec.classic):
        place = _problem_column(working, spec)
        if place is None:
            continue
        tab, column = place
        rows = {row for row, _ in after.get(spec.key, {}).values()} - gone.get(tab.sheet_id, set())
        # Whoever wrote the problems that are there already has shown the column: nothing is written for that alone.
        if rows and not working.snapshot.row_problems.get(spec.key):
            yield ShowColumn(tab, column, shown=True)
        elif not rows and spec.key in working.snapshot.problems_shown:
            yield ShowColumn(tab, column, shown=False)


def _problem_column(working: WorkingState, spec: TabSpec) -> tuple[TabInfo, int] | None:
    """The tab and the column `problem` of a table, if something of it was read."""
    source = working.part(table_work).get(spec.key)
    read = source.read if source is not None else working.snapshot.sheets.get(spec.key)
    return None if read is None else (read.tab, read.column_index[PROBLEM])


def _deleted_rows(changes: Sequence[Change]) -> dict[int, set[int]]:
    """The 0-based grid rows that are deleted, by id of the tab."""
    deleted: dict[int, set[int]] = {}
    for change in changes:
        if isinstance(change, DeleteRows):
            rows = change.sheet.rows[change.positions]
            deleted.setdefault(change.sheet.tab.sheet_id, set()).update(map(int, rows))
    return deleted


def _without(change: RowCells, deleted: Mapping[int, set[int]]) -> RowCells:
    """The change without the cells of rows that are deleted in the same write."""
    gone = deleted.get(change.tab.sheet_id, set())
    keys = {row: key for row, key in change.keys.items() if row not in gone}
    return replace(change, cells=tuple(cell for cell in change.cells if cell.row not in gone), keys=keys)


def _repaired(sheet: Sheet, repair: TableRepair) -> Iterator[Change]:
    """The changes that put a table right after its rows were moved in the second of a write."""
    spec = sheet.spec
    if repair.cells:
        places = {at_column(place): place for place in range(sheet.tab.columns)}
        yield RowCells(sheet.tab, spec, {**sheet.column_index, **places}, repair.cells, repair.keys)
    if repair.lost:
        index = pd.Index([stored_key(spec, key) for key in repair.lost], name=spec.key_column)
        blank = dict.fromkeys(spec.headers, "")
        rows = [{**blank, **row, spec.key_column: stored_key(spec, key)} for key, row in repair.lost.items()]
        yield AppendRows(sheet, pd.DataFrame(rows, index=index, dtype=object))
    if repair.undeleted:
        keys = pd.Index([stored_key(spec, key) for key in repair.undeleted])
        yield DeleteRows(sheet, np.sort(sheet.frame.index.get_indexer(keys)))


def _row_cells(
    working: WorkingState, key: str, work: TableWork | None, rows: TableRows | None, others: Sequence[Change]
) -> Iterator[RowCells]:
    """The cells that are written into rows of a table by place, and the blank rows that it lacks below."""
    cells: list[CellWrite] = []
    keys: dict[int, str] = {}
    before: dict[int, Mapping[str, Cell]] = {}
    last, language = 0, working.settings.language
    if work is not None:
        cells, keys, before = _edited_cells(work, rows, language)
        last = max((one.edit.row for one in work.handled if one.edit.new), default=0)
    if rows is not None:
        own, places = _set_cells(work, rows, language)
        cells += own
        keys |= places
    read = work.read if work is not None else None
    sheet = rows.sheet if rows is not None else working.snapshot.sheets.get(key)
    if read is None and sheet is None:
        return  # what is left of its edited rows' hand edits is for the next read
    tab, spec, index = _table(read, sheet)
    taken = _taken(spec, cells, (*others, *working.extra))
    own, places = _put_back(working, read, sheet, taken, rows.deleted if rows is not None else ())
    cells += own
    keys |= places
    last = max(last, sheet.end - 1 if sheet is not None else 0)
    added = len(rows.added) if rows is not None else 0
    blank = max(0, 1 + last + blank_rows(last + added) - tab.rows) if last and not spec.closed else 0
    if cells or blank:
        former, seen = (read.keys, read.seen) if read is not None else ((), ())
        as_shown = _shown(read) if read is not None else {}
        of_read = former, as_shown, *_as_read(read, keys), seen
        yield RowCells(tab, spec, index, tuple(cells), keys, before, blank, *of_read)


def _as_read(read: TableRead | None, rows: Iterable[int]) -> tuple[tuple[str, ...], Mapping[int, Sequence[Cell]]]:
    """The header row, and the edited and the written rows as they were received."""
    if read is None:
        return (), {}
    return read.header, {**{row: read.cells[row] for row in rows if row < len(read.cells)}, **read.grid}


def _put_back(
    working: WorkingState,
    read: TableRead | None,
    sheet: Sheet | None,
    taken: Collection[tuple[int, str]],
    deleted: Collection[str],
) -> tuple[list[CellWrite], dict[int, str]]:
    """The worker's cells that were edited by hand and that nothing else writes, and the keys of their rows.

    Beside them their ``_seen`` is written as it is: should rows be moved in that second, it shows which row it was.
    """
    tab, spec, _ = _table(read, sheet)
    due = working.snapshot.memory.due(spec.key, working.budget.rows)
    if not due or held_by_now(working, spec.key):
        return [], {}
    working.more |= len(working.snapshot.memory.put_back[spec.key]) > len(due)
    places = _places(read, sheet)
    back: list[CellWrite] = []
    seen: list[CellWrite] = []
    keys: dict[int, str] = {}
    for key in (key for key in due if key in places and key not in deleted):
        row, text = places[key]
        own = [CellWrite(row, name, value) for name, value in due[key].items() if (row, name) not in taken]
        back += own
        seen += [CellWrite(row, SEEN, text)] if own and (row, SEEN) not in taken else []
        keys |= {row: key} if own else {}
    if back:
        working.log("two_way.put_back", tab=tab.title, count=len(back))
    return [*back, *seen], keys


def _taken(spec: TabSpec, cells: Sequence[CellWrite], others: Sequence[Change]) -> set[tuple[int, str]]:
    """The cells of a table that something else writes: 0-based grid row and header."""
    taken = {(cell.row, cell.header) for cell in cells}
    for change in others:
        if isinstance(change, RowCells) and change.spec.key == spec.key:
            taken |= {(cell.row, cell.header) for cell in change.cells}
        elif isinstance(change, UpdateCells) and change.sheet.spec.key == spec.key:
            for header, (positions, _) in change.cells.items():
                taken |= {(int(row), header) for row in change.sheet.rows[positions]}
    return taken


def _places(read: TableRead | None, sheet: Sheet | None) -> dict[str, tuple[int, Cell]]:
    """The 0-based grid row and the ``_seen`` of each row that was read, by key."""
    if sheet is not None:
        rows = zip(sheet.frame.index, sheet.rows, sheet.frame[SEEN], strict=True)
        return {shown(key): (int(row), seen) for key, row, seen in rows}
    return {row.key: (row.row, row.cells[SEEN]) for row in (read.rows if read is not None else ())}


def _shown(read: TableRead) -> dict[int, Mapping[str, Cell]]:
    """The worker's cells of the rows that were read; live ones are formulas, of which the results are no cells."""
    names = [column.header for column in workers(read.spec) if not column.live]
    return {row.row: {name: row.cells[name] for name in names} for row in read.rows}


def _table(read: TableRead | None, sheet: Sheet | None) -> tuple[TabInfo, TabSpec, Mapping[str, int]]:
    if sheet is not None:
        return sheet.tab, sheet.spec, sheet.column_index
    assert read is not None
    return read.tab, read.spec, read.column_index


def _edited_cells(
    work: TableWork, rows: TableRows | None, language: str
) -> tuple[list[CellWrite], dict[int, str], dict[int, Mapping[str, Cell]]]:
    """The cells of the edited rows, the key of each row that is written to, and new rows as they were read."""
    spec = work.read.spec
    handled = [replace(one, cells={**_asked(spec, one, rows), **one.cells}) for one in work.handled]
    writes = edit_writes(spec, handled, lambda: "", language)
    cells = [*writes.cells, *work.cells]
    keys = {row.row: row.key for row in work.read.rows} | dict(work.read.unstable) | dict(writes.keys)
    keys |= {one.edit.row: "" for one in handled if one.edit.kind is RowKind.ERASED}
    written = {cell.row for cell in cells}
    given = [one.edit for one in handled if one.edit.new or one.edit.kind is RowKind.RESTORED]
    new = {edit.row: edit.source.cells for edit in given}
    names = [column.header for column in joined(spec)]
    before: dict[int, Mapping[str, Cell]] = {row: {name: of[name] for name in names} for row, of in new.items()}
    return cells, {row: key for row, key in keys.items() if row in written}, before


def _asked(spec: TabSpec, one: Handled, rows: TableRows | None) -> dict[str, Cell]:
    """What was set elsewhere in an edited row; a shared cell that the operator has just changed keeps his value."""
    asked = rows.cells.get(one.edit.key, {}) if rows is not None else {}
    changed = {change.header for change in one.edit.changes if spec.column(change.header).owner is Owner.SHARED}
    return {name: value for name, value in asked.items() if name not in changed}


def _set_cells(work: TableWork | None, rows: TableRows, language: str) -> tuple[list[CellWrite], dict[int, str]]:
    """The cells that are set in rows without an edit, and the keys of those rows."""
    spec = rows.sheet.spec
    edited = {one.edit.key for one in work.handled} if work is not None else set()
    waiting = {row.key for row in work.read.rows} if work is not None else set()
    waiting |= set(work.read.waiting) if work is not None else set()
    cells: list[CellWrite] = []
    keys: dict[int, str] = {}
    for key, wanted in rows.cells.items():
        if key in edited or key in rows.deleted:
            continue
        own = {
            name: value
            for name, value in wanted.items()
            if key not in waiting or spec.column(name).owner is Owner.WORKER
        }
        row = int(rows.sheet.rows[rows.position(key)])
        written = shared_writes(spec, row, rows.present(key), own, language)
        cells += written
        keys |= {row: key} if written else {}
    return cells, keys


def _rows_added_and_deleted(working: WorkingState, rows: TableRows) -> Iterator[Change]:
    spec, language = rows.sheet.spec, working.settings.language
    if rows.added:
        added = {key: appended(spec, stored_key(spec, key), cells, language) for key, cells in rows.added.items()}
        index = pd.Index([stored_key(spec, key) for key in added], name=spec.key_column)
        yield AppendRows(rows.sheet, pd.DataFrame(list(added.values()), index=index, dtype=object))
    if rows.deleted:
        present = [key for key in rows.deleted if stored_key(spec, key) in rows.sheet.frame.index]
        positions = sorted(rows.position(key) for key in present)
        if positions:
            yield DeleteRows(rows.sheet, np.array(positions, dtype=int))
