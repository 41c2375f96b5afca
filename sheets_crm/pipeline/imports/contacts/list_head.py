"""Find the header row of a table that is one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheets_crm.pipeline.imports.contacts.cells import address_kind, is_email
from sheets_crm.pipeline.imports.contacts.kinds import ASIDE, UNKNOWN, kind_of
from sheets_crm.pipeline.imports.contacts.reading import read_header

_FIRST_ROWS: Final = 40
"""Rows at the top among which a header stands."""
_LONGEST_HEADER: Final = 80
_MISSPELT: Final = 3
"""Cells that a header has at least if all are misspelt."""


def header_row(grid: Sequence[Sequence[str]]) -> int | None:
    """The row of the header, from 0, of a table that is one list; None if there is none.

    Above it may stand titles, notes, blank rows and Excel's ``sep=;``. Of the rows at the top it is the one with most
    cells that are understood as headers, at least two of them, or one in a table of one column.
    """
    scores = {place: _score(row) for place, row in enumerate(grid[:_FIRST_ROWS])}
    best = max(scores, key=lambda place: (scores[place], -place), default=None)
    if best is None or scores[best] == 0:
        return None
    alone = sum(map(bool, map(str.strip, grid[best]))) == 1
    return None if alone and any(_width(row) > 1 for row in grid[best + 1 :]) else best


def _score(row: Sequence[str]) -> int:
    """How many cells of a row are headers; 0 for a row that is none."""
    cells = [cell for each in row if (cell := each.strip())]
    if any(_is_datum(cell) for cell in cells):
        return 0
    readings = [read_header(cell) for cell in cells]
    known = [reading for reading in readings if kind_of(reading).name != UNKNOWN]
    bringing = [reading for reading in known if kind_of(reading).name != ASIDE]
    if not bringing or len(known) * 2 < len(cells) or (len(known) < 2 and len(cells) > 1):
        return 0
    clear = [reading for reading in known if not reading.guessed]
    if not clear and len(known) < _MISSPELT:
        return 0  # one or two names of people are soon a letter from some word
    return len(known) + len(clear) + 2 * sum(not reading.guessed for reading in bringing)


def _is_datum(cell: str) -> bool:
    # "default_address.company" is a header, "https://a.example" is none.
    site = address_kind(cell) == "site" and "://" not in cell and not cell.lower().startswith("www.")
    return len(cell) > _LONGEST_HEADER or is_email(cell) or bool(address_kind(cell) and not site)


def _width(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
