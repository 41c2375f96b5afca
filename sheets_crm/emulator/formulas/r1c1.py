"""References by numbers, as INDIRECT(..;FALSE) reads them and ADDRESS(..;FALSE) writes them: ``R2C3``, ``R[-1]C``."""

import re

from sheets_crm.emulator.formulas.a1 import Reference, split_title

__all__ = ["parse_r1c1", "r1c1_point"]

_PART = r"(?:{letter}(?:(\d+)|\[(-?\d+)\])?)"
_POINT = re.compile(
    rf"(?:({_PART.format(letter='R')}))?(?:({_PART.format(letter='C')}))?\Z",
    re.IGNORECASE | re.ASCII,
)


def parse_r1c1(text: str, row: int, column: int) -> Reference:
    """Read a reference by numbers, in the cell at `row` and `column` (from 0); brackets count from that cell.

    Raises:
        ValueError: The text is no such reference.
    """
    title, rest = split_title(text)
    start, colon, end = rest.partition(":")
    first = _read_point(start, row, column)
    second = _read_point(end, row, column) if colon else first
    if (first[0] is None) != (second[0] is None) or (first[1] is None) != (second[1] is None):
        raise ValueError(text)
    tops, lefts = (_ends(a, b) for a, b in zip(first, second, strict=True))
    single = not colon and first[0] is not None and first[1] is not None
    return Reference(title, tops[0], lefts[0], tops[1], lefts[1], single=single)


def _ends(first: int | None, second: int | None) -> tuple[int | None, int | None]:
    if first is None or second is None:
        return None, None
    return min(first, second), max(first, second)


def _read_point(text: str, row: int, column: int) -> tuple[int | None, int | None]:
    match = _POINT.match(text)
    if match is None or not text:
        raise ValueError(text)
    whole_row, row_number, row_steps, whole_column, column_number, column_steps = match.groups()
    return (
        _index(whole_row, row_number, row_steps, row),
        _index(whole_column, column_number, column_steps, column),
    )


def _index(whole: str | None, number: str | None, steps: str | None, own: int) -> int | None:
    if whole is None:
        return None
    index = int(number) - 1 if number else own + int(steps or 0)
    if index < 0:
        raise ValueError(whole)
    return index


def r1c1_point(row: int, column: int, *, row_fixed: bool, column_fixed: bool) -> str:
    """Write one cell; what is not fixed stands in brackets, as it was given: ``R5C[5]``."""
    return f"R{row if row_fixed else f'[{row}]'}C{column if column_fixed else f'[{column}]'}"
