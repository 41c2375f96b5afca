"""The chunked read of a large tab: the size of the next block, and the columns of the blocks so far."""

from __future__ import annotations

from typing import Final

from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Columns

BLOCK_BYTES: Final = 2_000_000
"""Target size of an answer (https://developers.google.com/workspace/sheets/api/limits)."""

FIRST_ROWS: Final = 1_000
LEAST_ROWS: Final = 100
MOST_ROWS: Final = 50_000


class Blocks:
    """The columns of a large tab, read block after block.

    Attributes:
        next_rows: Number of rows for the next request, by the size of the last answer.
    """

    def __init__(self) -> None:
        self.next_rows = FIRST_ROWS
        self._columns: Columns = []
        self._height = 0

    def add(self, block: Columns, rows: int, size: int) -> None:
        """Append a block.

        Args:
            block: Its columns as received: without the empty cells at their ends, and without empty columns at the
                right.
            rows: Number of rows requested.
            size: Bytes of the answer on the wire, compressed when the server compresses.
        """
        # Google leaves out empty cells at the ends, so blocks differ in width and height. A column that begins in this
        # block is padded above, and a short one below, so that every cell keeps its row.
        self._columns += [[""] * self._height for _ in range(len(block) - len(self._columns))]
        for n, column in enumerate(self._columns):
            cells = block[n] if n < len(block) else []
            column.extend(cells)
            column.extend([""] * (rows - len(cells)))
        self._height += rows
        # Rows further down may be wider: the next block at most doubles.
        fitting = rows * BLOCK_BYTES // max(size, 1)
        self.next_rows = max(LEAST_ROWS, min(fitting, 2 * rows, MOST_ROWS))

    def trimmed(self) -> Columns:
        """The columns without the rows at the end that are empty in all of them."""
        used = max((_used(column) for column in self._columns), default=0)
        return [column[:used] for column in self._columns]


def _used(column: list[Cell]) -> int:
    end = len(column)
    while end and column[end - 1] == "":
        end -= 1
    return end
