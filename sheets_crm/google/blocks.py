"""A tall tab read in blocks of rows: how many rows the next request asks for, and the columns read so far."""

from __future__ import annotations

from typing import Final

from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Columns

BLOCK_BYTES: Final = 2_000_000
"""What an answer is to stay near (https://developers.google.com/workspace/sheets/api/limits)."""

FIRST_ROWS: Final = 1_000
LEAST_ROWS: Final = 100
MOST_ROWS: Final = 50_000


class Blocks:
    """The columns of a tall tab while they are read, block after block.

    Attributes:
        next_rows: How many rows the next request is to ask for, by the size of the answers so far.
    """

    def __init__(self) -> None:
        self.next_rows = FIRST_ROWS
        self._columns: Columns = []
        self._height = 0

    def add(self, block: Columns, rows: int, size: int) -> None:
        """Put a block below those before.

        Args:
            block: Its columns, as they came: without the empty cells at their ends, and the empty columns at the end.
            rows: How many rows were asked for.
            size: Bytes of the answer as it travelled, so packed when the server packs.
        """
        self._columns += [[""] * self._height for _ in range(len(block) - len(self._columns))]
        for n, column in enumerate(self._columns):
            cells = block[n] if n < len(block) else []
            column.extend(cells)
            column.extend([""] * (rows - len(cells)))
        self._height += rows
        # Rows further down may be wider: the next block at most doubles.
        wanted = rows * BLOCK_BYTES // max(size, 1)
        self.next_rows = max(LEAST_ROWS, min(wanted, 2 * rows, MOST_ROWS))

    def trimmed(self) -> Columns:
        """Return the columns without the rows at the end that are empty in all of them."""
        used = max((_used(column) for column in self._columns), default=0)
        return [column[:used] for column in self._columns]


def _used(column: list[Cell]) -> int:
    end = len(column)
    while end and column[end - 1] == "":
        end -= 1
    return end
