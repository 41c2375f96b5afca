"""The cells that are written beside the effect of an edit, in the same guarded write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.messages import Problem, localize
from sheets_crm.pipeline.imports.text import fitted, shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, SEEN, Owner, TabColumn, TabSpec
from sheets_crm.workbook.two_way.columns import acts, blank, joined, workers
from sheets_crm.workbook.two_way.disorder import Disorder
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind
from sheets_crm.workbook.two_way.seen import Seen, parse_seen, plain_join, seen_text, with_parts

PROBLEMS_SHOWN: Final = 8
"""Problems of cells that Control has room for; of the others it says how many they are."""


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One cell to write: its grid row (0-based), the header of its column, the value."""

    row: int
    header: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Handled:
    """An edit, and what its handler puts into the row's worker's and shared cells (by header, choices as ids).

    What it puts into `problem` stands there behind the problems of the row's cells.
    """

    edit: RowEdit
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def problems(self) -> dict[str, Problem]:
        """The problems of the cells that the handler has not written itself: a shared cell may have held a bad text."""
        return {name: problem for name, problem in self.edit.problems.items() if name not in self.cells}

    def problem(self, language: str) -> str:
        """What `problem` of the row says; "" for nothing."""
        texts = [problem.localized(language) for problem in self.problems.values()]
        return fitted(" ".join(text for text in (*texts, shown(self.cells.get(PROBLEM, ""))) if text))

    @property
    def good(self) -> dict[str, Cell]:
        """The last good values of the cells that have a problem still."""
        return {name: value for name, value in self.edit.good.items() if name not in self.cells}


@dataclass(frozen=True, slots=True)
class Writes:
    """Cells to write, and the key of each row by its grid row."""

    cells: tuple[CellWrite, ...]
    keys: Mapping[int, str]


def edit_writes(spec: TabSpec, handled: Sequence[Handled], next_key: Callable[[], str], language: str) -> Writes:
    """The cells of edited rows: keys, defaults, acts taken back, what the handlers put there, `_seen`, `problem`.

    Args:
        spec: The table.
        handled: The edits with the effect of their handlers.
        next_key: Gives a key that no row ever had, for a new row.
        language: The workbook's: "es" or "en".

    Raises:
        ValueError: A handler puts something into an operators' cell.
    """
    cells: list[CellWrite] = []
    keys: dict[int, str] = {}
    for one in handled:
        edit = one.edit
        present = edit.source.cells
        if edit.kind is RowKind.ERASED:
            wanted = {**_without_results(spec), spec.key_column: "", SEEN: "", PROBLEM: ""}
        else:
            keys[edit.row] = edit.key or next_key()
            wanted = _wanted(spec, one, keys[edit.row], language)
        cells += _written(edit.row, present, wanted)
    return Writes(tuple(cells), keys)


def _written(row: int, present: Mapping[str, Cell], wanted: Mapping[str, Cell]) -> list[CellWrite]:
    """The cells of a row that differ, with its ``_seen`` in any case.

    Should rows be moved in the second of the write, that text shows which row got what was meant for this one.
    """
    names = [name for name, value in wanted.items() if _differs(present.get(name, ""), value)]
    names += [SEEN] if names and SEEN in wanted and SEEN not in names else []
    return [CellWrite(row, name, wanted[name]) for name in names]


def _wanted(spec: TabSpec, handled: Handled, key: str, language: str) -> dict[str, Cell]:
    """What the cells of a row are to hold, as far as the worker decides it."""
    edit, present = handled.edit, handled.edit.source.cells
    wanted: dict[str, Cell] = {}
    _refuse_operators_cells(spec, handled)
    if edit.new or edit.kind is RowKind.RESTORED:
        wanted[spec.key_column] = key
    if edit.kind is RowKind.COPIED:
        wanted |= _without_results(spec)
    if edit.new:
        wanted |= {
            c.header: c.default for c in joined(spec) if c.default != "" and present.get(c.header, "") == ""
        }
    # A cell that never held anything is not made FALSE: the row's blank cells stay blank.
    # What is no tick and no choice stays to be corrected.
    understood = (c for c in acts(spec) if c.header not in handled.problems)
    wanted |= {c.header: blank(c) for c in understood if present.get(c.header, "") not in {"", False}}
    wanted |= handled.cells
    written = {name: shown_as(spec.column(name), value, language) for name, value in wanted.items()}
    own = {spec.key_column, *(column.header for column in joined(spec))}
    join = with_parts(spec, edit.source.join, {name: value for name, value in written.items() if name in own})
    return {**written, SEEN: seen_text(Seen(join, handled.good)), PROBLEM: handled.problem(language)}


def _without_results(spec: TabSpec) -> dict[str, Cell]:
    """The worker's cells of a row, blank: what they show is true of another row, or of none."""
    return {column.header: "" for column in workers(spec) if not column.live}


def _refuse_operators_cells(spec: TabSpec, handled: Handled) -> None:
    refused = [name for name in handled.cells if spec.column(name).owner is Owner.OPERATOR]
    if refused:
        raise ValueError(f"operators' cells of {spec.key} are never overwritten: {', '.join(refused)}")


def shown_as(column: TabColumn, value: Cell, language: str) -> Cell:
    """What a cell shows for a value: a choice its name in the workbook's language, else the value itself."""
    return next((choice.name(language) for choice in column.choices if choice.id == value), value)


def _differs(present: Cell, value: Cell) -> bool:
    """Whether a cell has to be written; TRUE is not 1, and a blank checkbox is as good as FALSE."""
    if value is False and present == "":
        return False
    return present != value or isinstance(present, bool) != isinstance(value, bool)


def appended(spec: TabSpec, key: Cell, values: Mapping[str, Cell], language: str) -> dict[str, Cell]:
    """The cells of a row that the worker inserts: given values and defaults, with their ``_seen``."""
    cells = {column.header: values.get(column.header, column.default) for column in spec.columns}
    cells |= {name: shown_as(spec.column(name), value, language) for name, value in cells.items()}
    return {**cells, spec.key_column: key, SEEN: plain_join(spec, key, cells)}


def shared_writes(
    spec: TabSpec, row: int, present: Mapping[str, Cell], wanted: Mapping[str, Cell], language: str
) -> tuple[CellWrite, ...]:
    """The cells of a row that nobody has edited, in which the worker changes worker's or shared cells.

    Its ``_seen`` follows, so that the worker's own change is not taken for an operator's. The caller knows that the
    row's join is that of its ``_seen``: in an edited row a shared cell waits until the edit was handled.

    Args:
        spec: The table.
        row: Its 0-based grid row.
        present: Its cells by header.
        wanted: The new values by header, choices as ids.
        language: The workbook's.
    """
    written = {name: shown_as(spec.column(name), value, language) for name, value in wanted.items()}
    seen = parse_seen(shown(present.get(SEEN, "")))
    own = {column.header for column in joined(spec)} & written.keys()
    join = with_parts(spec, seen.join, {name: written[name] for name in own})
    written[SEEN] = seen_text(Seen(join, {name: v for name, v in seen.good.items() if name not in own}))
    return tuple(_written(row, present, written))


def repair_writes(out_of_order: Disorder) -> tuple[CellWrite, ...]:
    """Each ``_seen`` back beside its key; one that belongs to no row here is emptied, and its row adopted."""
    back = [CellWrite(repair.row, SEEN, repair.text) for repair in out_of_order.repairs]
    return (*back, *(CellWrite(row, SEEN, "") for row in sorted(out_of_order.lost)))


def control_problems(problems: Iterable[tuple[str, int, str]], language: str) -> tuple[str, ...]:
    """The lines of Control for problems of cells: the first eight, and how many more there are.

    Args:
        problems: Title of the tab, 0-based grid row and text of its `problem`.
        language: The workbook's.
    """
    lines = [
        localize("two_way.at", language, tab=tab, row=row + 1, problem=problem) for tab, row, problem in problems
    ]
    more = len(lines) - PROBLEMS_SHOWN
    return (*lines[:PROBLEMS_SHOWN], *([localize("two_way.more", language, count=more)] if more > 0 else []))


def adopted_problem(tab: str, edit: RowEdit) -> Problem:
    """What Control says of a row with a key and without a ``_seen``."""
    return Problem("two_way.adopted", tab=tab, row=str(edit.row + 1), key=edit.key)


def unstable_problem() -> Problem:
    """What `problem` says of a row that has kept changing for ten minutes."""
    return Problem("two_way.unstable")
