"""References as formulas write them: ``A1``, ``$B$2:C``, ``'My tab'!A:A``, ``2:5``."""

import re
from dataclasses import dataclass, replace

__all__ = ["Reference", "column_index", "column_letters", "parse_reference", "quote_title", "split_title"]

_PLAIN_TITLE = re.compile(r"[A-Za-z_\u00c0-\uffff][A-Za-z0-9_\u00c0-\uffff]*\Z")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+\Z")
_POINT = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]*)\Z")


def column_index(letters: str) -> int:
    """Give a column's index from 0: ``A`` is 0, ``AA`` is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Give a column's letters: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quote_title(title: str) -> str:
    """Write a tab's name as a formula needs it, in quotes unless it is one plain word."""
    if _PLAIN_TITLE.match(title) and not _LOOKS_LIKE_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as written; indices count from 0, both ends are inside it, `None` is an open end.

    Attributes:
        title: The tab named before the ``!``, or `None` for the formula's own.
        top: First row; `None` in ``A:B``.
        left: First column; `None` in ``2:5``.
        bottom: Last row; `None` in ``A2:B`` and ``A:B``.
        right: Last column; `None` in ``A2:5`` and ``2:5``.
        fixed: Which of top, left, bottom, right stand after a ``$``.
        single: One cell rather than a range.
    """

    title: str | None
    top: int | None
    left: int | None
    bottom: int | None
    right: int | None
    fixed: tuple[bool, bool, bool, bool] = (False, False, False, False)
    single: bool = False

    def __str__(self) -> str:
        prefix = "" if self.title is None else quote_title(self.title) + "!"
        start = _point(self.left, self.top, self.fixed[1], self.fixed[0])
        if self.single:
            return prefix + start
        return prefix + start + ":" + _point(self.right, self.bottom, self.fixed[3], self.fixed[2])

    def on(self, title: str | None) -> "Reference":
        """The same reference on another tab."""
        return replace(self, title=title)


def _point(column: int | None, row: int | None, column_fixed: bool, row_fixed: bool) -> str:
    letters = "" if column is None else ("$" if column_fixed else "") + column_letters(column)
    return letters + ("" if row is None else ("$" if row_fixed else "") + str(row + 1))


def split_title(text: str) -> tuple[str | None, str]:
    """Part a reference at its ``!``: the tab's name without quotes, and the rest."""
    if "!" not in text:
        return None, text
    title, _, rest = text.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    return title, rest


def _read_point(text: str) -> tuple[int | None, int | None, bool, bool]:
    match = _POINT.match(text)
    if match is None:
        raise ValueError(text)
    first, letters, second, digits = match.groups()
    row = int(digits) - 1 if digits else None
    if not letters:
        return row, None, bool(first or second), False
    return row, column_index(letters), bool(second), bool(first)


def parse_reference(text: str) -> Reference | None:
    """Read a reference; `None` for ``#REF!``, with or without a tab before it.

    Raises:
        ValueError: The text is no reference.
    """
    title, rest = (None, text) if text.endswith("#REF!") else split_title(text)
    if title is None and rest.endswith("#REF!"):
        return None
    start, colon, end = rest.partition(":")
    top, left, top_fixed, left_fixed = _read_point(start)
    if not colon:
        return Reference(title, top, left, top, left, (top_fixed, left_fixed, top_fixed, left_fixed), single=True)
    bottom, right, bottom_fixed, right_fixed = _read_point(end)
    rows = _ordered((top, top_fixed), (bottom, bottom_fixed))
    columns = _ordered((left, left_fixed), (right, right_fixed))
    return Reference(
        title,
        rows[0][0],
        columns[0][0],
        rows[1][0],
        columns[1][0],
        (rows[0][1], columns[0][1], rows[1][1], columns[1][1]),
    )


def _ordered(
    first: tuple[int | None, bool], second: tuple[int | None, bool]
) -> tuple[tuple[int | None, bool], tuple[int | None, bool]]:
    """Put the lower end first, as Google does with ``B5:A1``; the open end is always the last."""
    if first[0] is None or (second[0] is not None and first[0] > second[0]):
        return second, first
    return first, second
