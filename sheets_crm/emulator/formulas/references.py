"""Formulas' references follow the cells they mean, when rows, columns and tabs come, go and move.

Only the references that an edit touches are written anew; every other character of a formula stays as
entered.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from sheets_crm.emulator.formulas.a1 import Reference, parse_reference, quote_title
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError, Kind, Token, tokenize

__all__ = [
    "DeleteColumns",
    "DeleteRows",
    "DeleteSheet",
    "Edit",
    "InsertColumns",
    "InsertRows",
    "MoveColumns",
    "MoveRows",
    "RenameSheet",
    "relocate",
    "shift",
]


@dataclass(frozen=True, slots=True)
class InsertRows:
    """`count` rows come before the row `start` (from 0) of a tab."""

    title: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class InsertColumns:
    """`count` columns come before the column `start` (from 0) of a tab."""

    title: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class DeleteRows:
    """`count` rows from `start` (from 0) of a tab go."""

    title: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class DeleteColumns:
    """`count` columns from `start` (from 0) of a tab go."""

    title: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class MoveRows:
    """`count` rows from `start` move before the row `destination`, as counted before the move."""

    title: str
    start: int
    count: int
    destination: int


@dataclass(frozen=True, slots=True)
class MoveColumns:
    """`count` columns from `start` move before the column `destination`, as counted before the move."""

    title: str
    start: int
    count: int
    destination: int


@dataclass(frozen=True, slots=True)
class RenameSheet:
    """A tab gets another name."""

    title: str
    new: str


@dataclass(frozen=True, slots=True)
class DeleteSheet:
    """A tab goes."""

    title: str


Edit: TypeAlias = (
    InsertRows | InsertColumns | DeleteRows | DeleteColumns | MoveRows | MoveColumns | RenameSheet | DeleteSheet
)

_Span: TypeAlias = tuple[int | None, int | None]


def shift(formula: str, own_title: str, edit: Edit) -> str:
    """Rewrite a formula as Google does when the workbook is edited.

    Args:
        formula: The text as entered, in any locale.
        own_title: The tab that the formula stands on.
        edit: What happened. References follow whether they have ``$`` or not; open ranges stay open; a
            reference all of which is deleted becomes ``#REF!``.

    Returns:
        The text; the same one when the edit does not concern it, and when it is no formula.
    """
    target = edit.title.lower()
    own = own_title.lower() == target
    if not own and edit.title.replace("'", "''").lower() not in formula.lower():
        return formula

    def moved(reference: Reference) -> Reference | None:
        title = reference.title
        if (title.lower() != target) if title is not None else not own:
            return reference
        return _edited(reference, edit)

    return _rewritten(formula, moved)


def relocate(formula: str, d_row: int, d_col: int) -> str:
    """Rewrite a formula as a copy of it so many rows further down and columns further right reads.

    Relative references move along, those after ``$`` stay; what would lie above row 1 or left of column A is
    ``#REF!``.
    """
    if not d_row and not d_col:
        return formula

    def moved(reference: Reference) -> Reference | None:
        fixed = reference.fixed
        top, left, bottom, right = (
            value if value is None or stays else value + by
            for value, stays, by in zip(
                (reference.top, reference.left, reference.bottom, reference.right),
                fixed,
                (d_row, d_col, d_row, d_col),
                strict=True,
            )
        )
        if any(value is not None and value < 0 for value in (top, left, bottom, right)):
            return None
        # Ends may have changed places: B:$B one column on is $B:C.
        return parse_reference(str(replace(reference, top=top, left=left, bottom=bottom, right=right)))

    return _rewritten(formula, moved)


def _rewritten(formula: str, moved: Callable[[Reference], Reference | None]) -> str:
    """Put a formula together again with its references moved; `None` stands for ``#REF!``."""
    try:
        # The spelling of en_US takes in every locale's: a decimal comma only falls into two tokens.
        tokens = tokenize(formula)
    except FormulaSyntaxError:
        return formula
    start = "=" if formula.startswith("=") else ""
    return start + "".join(_moved_text(token, moved) for token in tokens)


def _moved_text(token: Token, moved: Callable[[Reference], Reference | None]) -> str:
    if token.kind is not Kind.REFERENCE:
        return token.text
    reference = parse_reference(token.text)
    if reference is None:
        return token.text
    after = moved(reference)
    if after is None:
        return "#REF!"
    if after == reference:
        return token.text
    title, mark, _ = token.text.rpartition("!")
    if after.title != reference.title and after.title is not None:
        title = quote_title(after.title)
    return title + mark + str(after.on(None))


def _edited(reference: Reference, edit: Edit) -> Reference | None:
    if isinstance(edit, DeleteSheet):
        return None
    if isinstance(edit, RenameSheet):
        return reference if reference.title is None else reference.on(edit.new)
    if isinstance(edit, InsertRows | DeleteRows | MoveRows):
        rows = _span((reference.top, reference.bottom), edit)
        return None if rows is None else replace(reference, top=rows[0], bottom=rows[1])
    columns = _span((reference.left, reference.right), edit)
    return None if columns is None else replace(reference, left=columns[0], right=columns[1])


def _span(
    span: _Span, edit: InsertRows | InsertColumns | DeleteRows | DeleteColumns | MoveRows | MoveColumns
) -> _Span | None:
    """Where the ends of a reference come to lie; `None` when all of it is deleted."""
    first, last = span
    if first is None:
        return span
    if isinstance(edit, InsertRows | InsertColumns):
        return _pushed(first, edit.start, edit.count), None if last is None else _pushed(
            last, edit.start, edit.count
        )
    if isinstance(edit, DeleteRows | DeleteColumns):
        return _closed_up(first, last, edit.start, edit.start + edit.count)
    ends = (_carried(first, edit), None if last is None else _carried(last, edit))
    return ends if ends[1] is None else (min(ends[0], ends[1]), max(ends[0], ends[1]))


def _pushed(place: int, start: int, count: int) -> int:
    return place + count if place >= start else place


def _closed_up(first: int, last: int | None, start: int, end: int) -> _Span | None:
    if last is not None and start <= first and last < end:
        return None
    if first >= start:
        first = max(start, first - (end - start))
    if last is not None and last >= start:
        last = max(start - 1, last - (end - start))
    return first, last


def _carried(place: int, edit: MoveRows | MoveColumns) -> int:
    start, end, destination = edit.start, edit.start + edit.count, edit.destination
    if start <= place < end:
        return place + (destination - end if destination > start else destination - start)
    if end <= place < destination:
        return place - edit.count
    if destination <= place < start:
        return place + edit.count
    return place
