"""Edits of two-way tables: from rows as read to commands, from commands to the cells that are written.

A feature says what an edit of its tables does (`TwoWay`). Everything else follows from the declaration: keys,
defaults, `_seen`, problems, acts taken back, copies, partial sorts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.table_columns import at_column
from sheets_crm.engine.table_reads import TableRead, held
from sheets_crm.engine.table_repairs import TableRepair
from sheets_crm.engine.table_rows import TableRows, next_key, stored_key
from sheets_crm.errors import CrmError
from sheets_crm.messages import Problem
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells, ShowColumn, UpdateCells
from sheets_crm.plan.plan import RowChange
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, SEEN, Owner, TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.setup.two_way_tab import blank_rows
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import HOLD
from sheets_crm.workbook.two_way.columns import acts, joined, workers
from sheets_crm.workbook.two_way.disorder import still_sorted
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind, TableEdits, table_edits
from sheets_crm.workbook.two_way.writes import (
    CellWrite,
    Handled,
    adopted_problem,
    appended,
    control_problems,
    edit_writes,
    repair_writes,
    shared_writes,
    unstable_problem,
)

if TYPE_CHECKING:
    from sheets_crm.engine.working_state import WorkingState

_LOG = logging.getLogger(__name__)

ROW_FAILED: Final = "an edit could not be handled: table %s, row %s"
"""Logged with the error when a feature fails on one row; a defect of the feature. The other rows are handled."""

KEYS_LOGGED: Final = 100
"""Keys of rows that one line of Log names."""


def _no_cells(_working: WorkingState, _edit: RowEdit) -> Mapping[str, Cell]:
    return {}


def _no_rows(_working: WorkingState) -> Mapping[str, Mapping[str, Cell]]:
    return {}


@dataclass(frozen=True, slots=True)
class Waits:
    """Instead of the cells of a row: nothing is written to it, and its edit stands as it is.

    Attributes:
        acts: The acts that the next write of the run goes on with; none when nothing can be done for now.
    """

    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TwoWay:
    """What a feature does with the edits of one of its two-way tables.

    Attributes:
        edited: Does what an edit asks for and gives worker's and shared cells of its row, by header, choices as ids; a
            text for `problem` says what is wrong with the row. A new row has its key by then. It is called for complete
            rows only, and once for each, unless it answers that the row waits.
        required: Rows that come back when they were deleted, by key: their cells by header.
    """

    edited: Callable[[WorkingState, RowEdit], Mapping[str, Cell] | Waits] = _no_cells
    required: Callable[[WorkingState], Mapping[str, Mapping[str, Cell]]] = _no_rows


@dataclass(frozen=True)
class EditRow(Command):
    """Do what an operator's edit of a row asks for.

    Attributes:
        table: Key of the table.
        edit: The edit.
    """

    table: str
    edit: RowEdit


@dataclass(slots=True)
class TableWork:
    """What a decision makes of the edits of one table.

    Attributes:
        read: The table as read.
        edits: Its edits.
        handled: The edits that were handled, with what their handlers put into the rows.
        cells: Other cells to write: problems of rows, `_seen` that go back to their keys.
        unfinished: The rows that the next write of the run goes on with, and the acts that are left of each.
    """

    read: TableRead
    edits: TableEdits
    handled: list[Handled] = field(default_factory=list)
    cells: list[CellWrite] = field(default_factory=list)
    unfinished: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def left(self) -> TableRead | None:
        """The table as the next write of the run finds it: its unfinished rows; None when there are none."""
        rows = tuple(row for row in self.read.rows if row.row in self.unfinished)
        return replace(self.read, rows=rows, acts=dict(self.unfinished)) if rows else None


def table_work(working: WorkingState) -> dict[str, TableWork]:
    """The edits of every table that was read (`WorkingState.part`)."""
    return {key: TableWork(read, _edits(working, read)) for key, read in working.snapshot.edits.items()}


def _edits(working: WorkingState, read: TableRead) -> TableEdits:
    """The edits of a table; none while it waits for `confirm`, or a part of it was sorted."""
    if read.spec.closed:
        edits = table_edits(read.spec, read.rows, working.settings.language)
        return TableEdits(tuple(_with_acts(edit, read.acts.get(edit.row)) for edit in edits.rows))
    key, language, confirmed = read.spec.key, working.settings.language, working.snapshot.panel.confirm
    if held(working.snapshot.system, key) and not confirmed:
        if read.waiting or still_sorted(read.spec, read.rows):
            return TableEdits()
        working.stored[f"{HOLD}{key}"] = ""
    edits = table_edits(read.spec, read.rows, language, keys=read.keys, confirmed=confirmed)
    if edits.disorder is not None and not confirmed:
        problem = edits.disorder.problem(read.spec, read.tab.title, language).localized(language)
        working.stored[f"{HOLD}{key}"] = problem
    return edits


def _with_acts(edit: RowEdit, left: tuple[str, ...] | None) -> RowEdit:
    """An edit with the acts that an earlier write of the run has left of it; with all when there was none."""
    return edit if left is None else replace(edit, acts={name: edit.acts[name] for name in left})


def prepare(working: WorkingState) -> None:
    """Release tables that waited for `confirm`, report those that wait, and the rows whose edits cannot be taken."""
    work, system = working.part(table_work), working.snapshot.system
    for key in (spec.key for spec in working.settings.system.typed):
        undone = system.edits[key].count == 0 if key in system.edits else False
        if held(system, key) and (working.snapshot.panel.confirm or undone):
            working.stored[f"{HOLD}{key}"] = ""
        waiting = working.stored.get(f"{HOLD}{key}", held(system, key))
        if waiting:
            working.problems.append(str(waiting))
    for one in work.values():
        _prepare_table(working, one)


def waiting(working: WorkingState, key: str) -> bool:
    """Whether a table waits for `confirm`, because a part of it was sorted, as far as this run knows by now."""
    working.part(table_work)  # tells of this read
    return bool(working.stored.get(f"{HOLD}{key}", held(working.snapshot.system, key)))


def _prepare_table(working: WorkingState, work: TableWork) -> None:
    read, language = work.read, working.settings.language
    if work.edits.disorder is not None:
        work.cells += repair_writes(work.edits.disorder)
    if read.broken:
        working.problem("two_way.broken", tab=read.tab.title)
    text = unstable_problem().localized(language)
    work.cells += [CellWrite(row, PROBLEM, text) for row, key in read.unstable.items() if key]
    adopted = [edit for edit in work.edits.rows if edit.kind is RowKind.ADOPTED]
    for edit in adopted if acts(read.spec) else ():  # without acts nothing is left undone
        problem = adopted_problem(read.tab.title, edit)
        working.problem(problem.code, **problem.params)
    if adopted:  # Control shows it until the next run, which may come in the next second
        keys = [edit.key for edit in adopted]
        named = [*keys[:KEYS_LOGGED], *(["…"] if len(keys) > KEYS_LOGGED else [])]
        working.log("two_way.adopted_log", tab=read.tab.title, count=len(keys), keys=", ".join(named))


def edit_commands(working: WorkingState, keys: Iterable[str]) -> Iterator[EditRow]:
    """The commands for the edits of some tables, from the top row of each down."""
    work = working.part(table_work)
    for key in keys:
        # The rest is edited still, and the next poll shows it.
        for edit in work[key].edits.rows[: working.budget.rows] if key in work else ():
            yield EditRow(key, edit, origin=Origin.TICK if edit.acts else Origin.CELL)


def obey(working: WorkingState, command: EditRow) -> bool:
    """Do what an edit asks for. When its feature fails, the row waits and has a problem; other rows go on."""
    work, edit = working.part(table_work)[command.table], command.edit
    two_way = working.settings.features.two_way.get(command.table, TwoWay())
    before = _saved(working)
    try:
        if edit.new:
            edit = replace(edit, key=next_key(working, work.read.spec, lambda: work.read.keys))
        acted = edit.complete and edit.kind is not RowKind.ERASED
        made = two_way.edited(working, edit) if acted else {}
        if not isinstance(made, Waits):
            work.handled.append(Handled(edit, made))
        elif made.acts:
            work.unfinished[edit.row] = made.acts
            working.more = True
    except (ReadAgain, CrmError):
        raise
    except Exception:  # noqa: BLE001 - one row must not stop the others
        _LOG.exception(ROW_FAILED, work.read.tab.title, edit.row + 1)
        for name, value in before.items():
            setattr(working, name, value)
        text = Problem("two_way.failed").localized(working.settings.language)
        if edit.source.cells.get(PROBLEM, "") != text:
            work.cells.append(CellWrite(edit.row, PROBLEM, text))
        working.problem("two_way.at", tab=work.read.tab.title, row=edit.row + 1, problem=text)
    return True


def _saved(working: WorkingState) -> dict[str, object]:
    """The working state, to come back to: its collections and frames as copies, however deep they stand in others."""
    saved = {one.name: _copied(getattr(working, one.name)) for one in fields(working)}
    return saved | {"row_work": {key: rows.saved() for key, rows in working.row_work.items()}}


def _copied(value: object) -> object:
    """A copy of collections in collections; what else a feature keeps in them is taken as it is."""
    match value:
        case dict():
            return {key: _copied(one) for key, one in value.items()}
        case list():
            return [_copied(one) for one in value]
        case set():
            return set(value)
        case pd.DataFrame():
            return value.copy(deep=False)  # pandas 3 copies on write; with earlier ones frames are replaced only
        case _:
            return value


def conclude(working: WorkingState) -> None:
    """Bring back the rows that others hang on, and show the problems of rows on Control."""
    for key, two_way in working.settings.features.two_way.items():
        if key in working.snapshot.sheets:
            _bring_back(working, key, two_way.required(working))
    problems = row_problems_after(working)
    titles = {key: tab.title for key, tab in working.snapshot.tabs.items()}
    lines = [
        (titles[key], row, text) for key, rows in problems.items() for row, text in rows.values() if key in titles
    ]
    working.problems += control_problems(lines, working.settings.language)
    for key, work in working.part(table_work).items():
        if work.handled and not work.read.spec.closed:
            working.log("two_way.log", tab=titles[key], count=len(work.handled))


def _bring_back(working: WorkingState, key: str, required: Mapping[str, Mapping[str, Cell]]) -> None:
    if not required:
        return
    rows = working.rows(key)
    work = working.part(table_work).get(key)
    present = {*rows.keys, *(one.edit.key for one in (work.handled if work else ()))}
    for name in required.keys() - present:
        text = working.message("two_way.came_back")
        rows.append({**required[name], PROBLEM: text}, name)
        working.problem("two_way.came_back_to", tab=rows.sheet.tab.title, key=name)


def row_problems_after(working: WorkingState) -> dict[str, dict[str, tuple[int, str]]]:
    """The rows of each table that have a text in `problem` after this run."""
    language = working.settings.language
    problems = {key: dict(rows) for key, rows in working.snapshot.row_problems.items()}
    for key, work in working.part(table_work).items():
        of_table = problems.setdefault(key, {})
        for one in work.handled:
            text = one.problem(language)
            of_table.pop(one.edit.key, None)
            if text and one.edit.kind is not RowKind.ERASED:
                of_table[one.edit.key] = (one.edit.row, text)
    for key, of_rows in working.row_work.items():
        for name, cells in of_rows.cells.items():
            if PROBLEM in cells and name not in of_rows.deleted:
                of_table = problems.setdefault(key, {})
                of_table.pop(name, None)
                if cells[PROBLEM] != "":
                    of_table[name] = (int(of_rows.sheet.rows[of_rows.position(name)]), shown(cells[PROBLEM]))
    return {key: rows for key, rows in problems.items() if rows}


def unfinished_edits(working: WorkingState) -> dict[str, TableRead]:
    """The edits that the next write of the run goes on with, by table."""
    left = {key: work.left for key, work in working.part(table_work).items()}
    return {key: read for key, read in left.items() if read is not None}


def row_journal(working: WorkingState) -> Iterator[RowChange]:
    """The cells that operators changed, for the change journal."""
    for key, work in working.part(table_work).items():
        for one in work.handled:
            for change in one.edit.changes:
                yield RowChange(key, one.edit.key, change.header, change.old, change.new, working.clock.run)


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
        former = read.keys if read is not None else ()
        as_shown = _shown(read) if read is not None else {}
        yield RowCells(
            tab, spec, index, tuple(cells), keys, before, blank, former, as_shown, *_as_read(read, keys)
        )


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
    if not due or working.stored.get(f"{HOLD}{spec.key}", held(working.snapshot.system, spec.key)):
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
