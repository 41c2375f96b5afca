"""A1 notation: cell names, ranges, and titles that need quotes.

Source: https://developers.google.com/workspace/sheets/api/guides/concepts#cell
"""

import re
from typing import NamedTuple

__all__ = [
    "Area",
    "cell_name",
    "column_index",
    "column_letters",
    "parse_cells",
    "quote_title",
    "range_name",
    "split_title",
]

_CELLS = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]*)(?::\$?([A-Za-z]{0,3})\$?([0-9]*))?")
_R1C1_PART = r"R(\d*)C(\d*)"
_R1C1 = re.compile(rf"{_R1C1_PART}(?::{_R1C1_PART})?", re.IGNORECASE)
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:!(.*))?", re.DOTALL)
_LOOSELY_QUOTED = re.compile(r"'(.+)'(?:!([^!]*))?", re.DOTALL)
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|R\d*C\d*", re.IGNORECASE)


class Area(NamedTuple):
    """A rectangle of cells counted from 0; `None` for an end means as far as the grid goes."""

    top: int
    bottom: int | None
    left: int
    right: int | None


def column_letters(index: int) -> str:
    """Name a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Find the index of a column by its letters: A is 0."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def cell_name(row: int, column: int) -> str:
    """Name a cell: (0, 0) is A1."""
    return f"{column_letters(column)}{row + 1}"


def quote_title(title: str) -> str:
    """Put a tab's title in quotes where a range needs them."""
    if _PLAIN_TITLE.fullmatch(title) and not _LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def range_name(title: str, top: int, bottom: int, left: int, right: int) -> str:
    """Name a rectangle as Google's answers do: a single cell stands alone."""
    first = cell_name(top, left)
    if bottom - top == 1 and right - left == 1:
        return f"{quote_title(title)}!{first}"
    return f"{quote_title(title)}!{first}:{cell_name(bottom - 1, right - 1)}"


def split_title(text: str) -> tuple[str | None, str]:
    """Split ``'My tab'!A1`` into the title and the cells; a part that is not there is None or empty.

    An apostrophe in the quotes may stand alone, as in ``'Jon's_Data'!A1:D5`` of the page above (A).
    """
    if text.startswith("'"):
        quoted = _QUOTED.fullmatch(text) or _LOOSELY_QUOTED.fullmatch(text)
        if quoted:
            return quoted[1].replace("''", "'"), quoted[2] or ""
    title, bang, cells = text.rpartition("!")
    return (title, cells) if bang else (None, text)


def parse_cells(text: str) -> Area | None:
    """Read ``A1``, ``A1:B2``, ``A:B``, ``2:3``, ``A2:B`` or R1C1; None if it is no range of cells."""
    found = _CELLS.fullmatch(text)
    if found and text:
        return _area(found, has_end=":" in text)
    found = _R1C1.fullmatch(text)
    if found and found[1] and found[2]:
        top, left = int(found[1]) - 1, int(found[2]) - 1
        bottom = int(found[3]) if found[3] else top + 1
        right = int(found[4]) if found[4] else left + 1
        return Area(top, bottom, left, right)
    return None


def _area(found: re.Match[str], *, has_end: bool) -> Area | None:
    letters, digits, end_letters, end_digits = found.groups()
    if not has_end:
        if not letters or not digits or digits == "0":
            return None
        return Area(int(digits) - 1, int(digits), column_index(letters), column_index(letters) + 1)
    if not (letters or digits) or not (end_letters or end_digits) or "0" in (digits, end_digits):
        return None
    rows = _span(int(digits) - 1 if digits else None, int(end_digits) - 1 if end_digits else None)
    columns = _span(column_index(letters) if letters else None, column_index(end_letters) if end_letters else None)
    return Area(*rows, *columns)


def _span(first: int | None, last: int | None) -> tuple[int, int | None]:
    if first is None and last is None:
        return 0, None
    if first is None:
        return last or 0, None
    if last is None:
        return first, None
    return min(first, last), max(first, last) + 1
