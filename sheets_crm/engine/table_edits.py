"""Edits of two-way tables: from rows as read to commands, from commands to the cells that are written.

A feature says what an edit of its tables does (`TwoWay`). Everything else follows from the declaration: keys,
defaults, `_seen`, problems, acts taken back, copies, partial sorts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.table_reads import TableRead, held
from sheets_crm.engine.table_rows import TableRows, next_key
from sheets_crm.errors import CrmError
from sheets_crm.messages import Problem
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.plan import RowChange
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM
from sheets_crm.workbook.system import HOLD
from sheets_crm.workbook.two_way.columns import acts
from sheets_crm.workbook.two_way.disorder import still_sorted
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind, TableEdits, table_edits
from sheets_crm.workbook.two_way.writes import (
    CellWrite,
    Handled,
    adopted_problem,
    control_problems,
    repair_writes,
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


def _nobody(_cells: Mapping[str, Cell], _person: Person) -> Collection[str]:
    return ()


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
        required: Rows that come back when they were deleted, by key: their cells by header, with a note in `problem`
            that says so, or one of the engine's.
        about: Headers of cells that name a person in a way that their text does not show, given a row's cells.
    """

    edited: Callable[[WorkingState, RowEdit], Mapping[str, Cell] | Waits] = _no_cells
    required: Callable[[WorkingState], Mapping[str, Mapping[str, Cell]]] = _no_rows
    about: Callable[[Mapping[str, Cell], Person], Collection[str]] = _nobody


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
    work = {}
    for key, read in working.snapshot.edits.items():
        edits = _edits(working, read)
        left = tuple(_with_acts(edit, read.acts.get(edit.row)) for edit in edits.rows)
        work[key] = TableWork(read, replace(edits, rows=left))
    return work


def _edits(working: WorkingState, read: TableRead) -> TableEdits:
    """The edits of a table; none while it waits for `confirm`, or a part of it was sorted."""
    key, language, confirmed = read.spec.key, working.settings.language, working.snapshot.panel.confirm
    if held(working.snapshot.system, key) and not confirmed:
        if read.waiting or still_sorted(read.spec, read.rows):
            return TableEdits()
        working.stored[f"{HOLD}{key}"] = ""
    edits = table_edits(read.named, read.rows, language, keys=read.keys, confirmed=confirmed)
    if edits.disorder is not None and not confirmed:
        problem = edits.disorder.problem(read.named, read.tab.title, language).localized(language)
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
        if why := held_by_now(working, key):
            working.problems.append(why)
    for one in work.values():
        _prepare_table(working, one)


def held_by_now(working: WorkingState, key: str) -> str:
    """Why a table waits for `confirm`, what this run has found included; "" when it does not wait."""
    working.part(table_work)  # tells of this read
    return str(working.stored.get(f"{HOLD}{key}", held(working.snapshot.system, key)))


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
        rows.append({PROBLEM: text, **required[name]}, name)
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
        problems.setdefault(key, {}).update(_problems_of_added(of_rows))
    return {key: rows for key, rows in problems.items() if rows}


def _problems_of_added(rows: TableRows) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield the problems of rows that the worker adds, by key, with the rows where they are going to stand."""
    first = int(rows.sheet.rows.max()) + 1 if len(rows.sheet.rows) else 1
    for place, (name, cells) in enumerate(rows.added.items()):
        if cells.get(PROBLEM, "") != "":
            yield name, (first + place, shown(cells[PROBLEM]))


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
