"""The order of Control's rows when a version brings another: rows are moved, inserted and deleted, never rewritten.

So each row keeps its cells, those of operators and the owner's own too, formats, and the formulas that refer to it.
What an earlier version wrote into rows without an id goes; a row of the owner's own comes to stand below Control's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sheets_crm.workbook import panel, requests
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.earlier_control import Example, texts_left_over

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Order:
    """How Control's rows come to stand where they belong.

    Attributes:
        deleted: 0-based rows that are deleted first.
        steps: What is done then, one after the other: a row is moved (None: inserted), and where to.
        rows: For each row after that, the row that it was before; None for a new one.
    """

    deleted: tuple[int, ...]
    steps: tuple[tuple[int | None, int], ...]
    rows: tuple[int | None, ...]

    @property
    def new(self) -> frozenset[int]:
        """The new rows as they come to stand."""
        return frozenset(n for n, row in enumerate(self.rows) if row is None)

    def apply(self, rows: Rows) -> list[Sequence[Cell]]:
        """Rows of Control after the changes; those that were read short are blank."""
        return [[] if n is None or n >= len(rows) else rows[n] for n in self.rows]

    def requests(self, number: int) -> list[Request]:
        """The requests of the changes."""
        pairs = groupby(enumerate(self.deleted), key=lambda pair: pair[1] - pair[0])
        runs = [[row for _, row in run] for _, run in pairs]
        gone = [requests.delete_rows(number, run[0], run[-1] + 1) for run in reversed(runs)]
        moves = [
            requests.make_room(number, place, 1) if row is None else requests.move_row(number, row, place)
            for row, place in self.steps
        ]
        return [*gone, *moves]


def order(cells: Rows, wanted: Sequence[str], examples: Collection[Example] = ()) -> Order:
    """The order that brings Control's rows to where a version wants them.

    Args:
        cells: Control's cells from A1.
        wanted: The id of each row, from the top.
        examples: The examples of headers that an earlier version may have written.
    """
    deleted = tuple(_left_over(cells, examples))
    standing: list[int | None] = [n for n in range(len(cells)) if n not in deleted]
    places = {_id(row): n for n, row in reversed([*enumerate(cells)]) if _id(row)}
    steps: list[tuple[int | None, int]] = []
    for place, name in enumerate(wanted):
        row = places.get(name)
        if row is None:
            steps.append((None, place))
            standing.insert(place, None)
        elif place >= len(standing) or standing[place] != row:
            now = standing.index(row)
            steps.append((now, place))
            standing.insert(place, standing.pop(now))
    return Order(deleted, tuple(steps), tuple(standing))


def _left_over(cells: Rows, examples: Collection[Example]) -> Iterator[int]:
    """Yield the rows without an id that earlier versions wrote, and the blank rows between Control's own."""
    texts = set(texts_left_over(cells, examples))
    end = max((n for n, row in enumerate(cells) if _id(row) or n in texts), default=-1)
    for n, row in enumerate(cells[: end + 1]):
        if n in texts or not any(cell != "" for cell in row):
            yield n


def _id(row: Sequence[Cell]) -> str:
    return str(row[panel.ID]) if len(row) > panel.ID else ""
