"""What one gesture changed in a file: found by comparing the file before and after, so that any gesture can be undone.

Rows are named by their keys, which they keep while others come and go. A step is kept true while others change
the file: `follow` moves its columns, its rows that came at an edge, and the references in its formulas.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

from sheets_crm.emulator.formulas import references
from sheets_crm.emulator.geometry import Edit, shift_span
from sheets_crm.emulator.rows import CellContent, Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.styles import Style

__all__ = ["Change", "Content", "Step", "TabStep", "content_of", "difference", "follow", "same"]


class Content(NamedTuple):
    """What a cell was given: its literal, or else its formula; and the formats of a text's parts, which go with it."""

    literal: CellContent = None
    formula: str | None = None
    runs: list[dict[str, Any]] | None = None


_BLANK = Content()


@dataclass(slots=True)
class Change:
    """One cell before and after; where only one of content and style changed, both sides of the other are equal."""

    column: int
    before: Content
    after: Content
    style_before: Style | None
    style_after: Style | None


@dataclass(slots=True)
class TabStep:
    """What changed on a tab.

    Attributes:
        cells: Changed cells by the key of their row.
        grown: By dimension, the rows or columns that came at the end: the first and how many.
        shrunk: By dimension, how many rows or columns went from the end.
        gone: The rows that went from the end, with what was in them.
        title: The title before and after.
        widths: By column, its `DimensionProperties` before and after.
        formulas: Those of the changes that hold a formula: only these follow when rows come and go.
    """

    cells: dict[int, list[Change]] = field(default_factory=dict)
    grown: dict[str, tuple[int, int]] = field(default_factory=dict)
    shrunk: dict[str, int] = field(default_factory=dict)
    gone: list[Row | None] = field(default_factory=list)
    title: tuple[str, str] | None = None
    widths: dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]] = field(default_factory=dict)
    formulas: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """What one gesture changed: tabs by their ids, tabs that came, and tabs that went with the index they had.

    Attributes:
        size: How many cells it keeps.
    """

    tabs: dict[int, TabStep] = field(default_factory=dict)
    made: list[Sheet] = field(default_factory=list)
    taken: list[tuple[int, Sheet]] = field(default_factory=list)
    size: int = 0

    def __bool__(self) -> bool:
        return bool(self.tabs or self.made or self.taken)


def content_of(row: Row | None, column: int) -> Content:
    """Give what a cell was given."""
    if row is None:
        return _BLANK
    return Content(row.value(column), row.formula(column), row.runs.get(column) if row.runs else None)


def difference(before: Spreadsheet, after: Spreadsheet) -> Step:
    """Compare two states of a file; only tabs and rows that are not shared are looked into."""
    old = {sheet.id: sheet for sheet in before.sheets}
    step = Step()
    for sheet in after.sheets:
        was = old.pop(sheet.id, None)
        if was is None:
            step.made.append(sheet)
        elif was is not sheet and (tab := _tab_step(was, sheet)) is not None:
            step.tabs[sheet.id] = tab
    step.taken = [(before.sheets.index(sheet), sheet) for sheet in old.values()]
    step.size = sum(len(changes) for tab in step.tabs.values() for changes in tab.cells.values())
    return step


def _tab_step(before: Sheet, after: Sheet) -> TabStep | None:
    tab = TabStep()
    if before.title != after.title:
        tab.title = (before.title, after.title)
    _compare_edges(before, after, tab)
    if not tab.grown and not tab.shrunk:
        tab.widths = _widths(before, after)
    rows = {row.key: row for row in before.rows if row is not None}
    for index, row in enumerate(after.rows):
        if row is not None and rows.get(row.key) is not row:
            changes = list(_changes(rows.get(row.key), row, styled=index < before.row_count))
            if changes:
                tab.cells[row.key] = changes
                tab.formulas += [change for change in changes if change.before.formula or change.after.formula]
    kept = tab.title or tab.grown or tab.shrunk or tab.cells or tab.widths
    return tab if kept else None


def _compare_edges(before: Sheet, after: Sheet, tab: TabStep) -> None:
    """Note rows and columns that came or went at the end of the grid."""
    for dimension in ("ROWS", "COLUMNS"):
        more = after.size(dimension) - before.size(dimension)
        if more > 0:
            tab.grown[dimension] = (before.size(dimension), more)
        elif more < 0:
            tab.shrunk[dimension] = -more
    if "ROWS" in tab.shrunk:
        tab.gone = [before.row(index) for index in range(after.row_count, before.row_count)]


def _widths(before: Sheet, after: Sheet) -> dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    columns = before.columns.keys() | after.columns.keys()
    pairs = {column: (before.columns.get(column), after.columns.get(column)) for column in columns}
    return {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}


def _changes(before: Row | None, after: Row, *, styled: bool) -> Iterator[Change]:
    """Compare a row; the styles of a row that came at the end are the grid's, and go with it."""
    for column in sorted(_columns(before, after, styled=styled)):
        old, new = content_of(before, column), content_of(after, column)
        look = (_style(before, column), _style(after, column)) if styled else (None, None)
        if not same(old, new) or look[0] is not look[1]:
            yield Change(column, old, new, *look)


def _columns(before: Row | None, after: Row, *, styled: bool) -> set[int]:
    """The columns in which two rows may differ."""
    # A row is copied before it is written, so that what stayed is the same object: comparing these is fast.
    pairs = zip_longest(before.values if before is not None else (), after.values)
    columns = {column for column, (old, new) in enumerate(pairs) if old is not new}
    for row in (before, after):
        columns |= {*(row.formulas or ()), *(row.runs or ())} if row is not None else set()
        if styled and row is not None and (before is None or before.styles is not after.styles):
            columns |= set(row.styles or ())
    return columns


def _style(row: Row | None, column: int) -> Style | None:
    return row.styles.get(column) if row is not None and row.styles else None


def same(one: Content, other: Content) -> bool:
    """Tell whether two contents are the same; `True` and 1 are not."""
    return one == other and type(one.literal) is type(other.literal)


def follow(step: Step, titles: dict[int, str], moves: Iterable[Edit | references.Edit]) -> None:
    """Keep a step true while the file changes: places go along with rows and columns, formulas with what they name.

    Args:
        step: The step.
        titles: Titles of the tabs before the change, by their ids.
        moves: What the change did, in its order.
    """
    for move in moves:
        for sheet_id, tab in step.tabs.items():
            if isinstance(move, Edit):
                if move.sheet_id == sheet_id:
                    _follow_places(tab, move)
            else:
                _follow_formulas(tab, titles.get(sheet_id, ""), move)


def _follow_places(tab: TabStep, move: Edit) -> None:
    span = tab.grown.pop(move.dimension, None)
    if span is not None:
        shifted = shift_span(span[0], sum(span), move)
        if shifted is not None:
            tab.grown[move.dimension] = (shifted[0], (shifted[1] or 0) - shifted[0])
    if move.dimension == "COLUMNS":
        for key, changes in tab.cells.items():
            tab.cells[key] = list(_shifted(changes, move))
        places = ((shift_span(column, column + 1, move), width) for column, width in tab.widths.items())
        tab.widths = {place[0]: width for place, width in places if place is not None}


def _shifted(changes: list[Change], move: Edit) -> Iterator[Change]:
    for change in changes:
        place = shift_span(change.column, change.column + 1, move)
        if place is not None:  # else its column was deleted, and the cell with it
            change.column = place[0]
            yield change


def _follow_formulas(tab: TabStep, title: str, move: references.Edit) -> None:
    for change in tab.formulas:
        if change.before.formula is not None:
            change.before = Content(None, references.shift(change.before.formula, title, move))
        if change.after.formula is not None:
            change.after = Content(None, references.shift(change.after.formula, title, move))
