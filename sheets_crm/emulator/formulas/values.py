"""The values that formulas compute with: single cells, and blocks of cells as arrays.

A `Block` keeps each cell's kind beside its number, so that a comparison or a product over 75,000 rows is a
few array operations, and TRUE never becomes 1 by accident.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.failures import Failure, Refusal, Uncoerced
from sheets_crm.emulator.formulas.reasons import NO_REFERENCE

__all__ = [
    "BLANK",
    "BOOL",
    "ERROR",
    "NA",
    "NUM",
    "NUMBER",
    "REF",
    "TEXT",
    "Area",
    "Block",
    "Failure",
    "Refusal",
    "Uncoerced",
    "Value",
    "column_block",
    "kind_of",
]

BLANK, NUMBER, TEXT, BOOL, ERROR = range(5)
_KINDS: dict[type, int] = {type(None): BLANK, float: NUMBER, int: NUMBER, str: TEXT, bool: BOOL, ErrorValue: ERROR}

#: Of NA(), and what stands where an array is too short; Google gives no reason with it (A for NA()).
NA = ErrorValue("#N/A")
#: Google's words for what is too large, or no real number, are not known for every function (C).
NUM = ErrorValue("#NUM!", "Numeric value is greater than 1.79769E+308 and cannot be displayed properly.")
REF = NO_REFERENCE

Floats: TypeAlias = npt.NDArray[np.float64]
Objects: TypeAlias = npt.NDArray[np.object_]
Mask: TypeAlias = npt.NDArray[np.bool_]


def kind_of(value: CellValue) -> int:
    """Tell a cell's kind: BLANK, NUMBER, TEXT, BOOL or ERROR."""
    return _KINDS[type(value)]


@dataclass(slots=True, eq=False)
class Block:
    """Cells in rows and columns.

    Attributes:
        kinds: Each cell's kind, shape (rows, columns).
        numbers: The number of each NUMBER cell, 1 or 0 of each BOOL cell, 0 elsewhere.
        objects: The text or `ErrorValue` of TEXT and ERROR cells; `None` when there is neither.
        memo: What was worked out from this block before (masks, indexes); a block never changes.
    """

    kinds: npt.NDArray[np.uint8]
    numbers: Floats
    objects: Objects | None = None
    memo: dict[Any, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.kinds.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.kinds.shape[1])

    @property
    def size(self) -> int:
        """Number of cells."""
        return int(self.kinds.size)

    def at(self, row: int, column: int) -> CellValue:
        """Give one cell."""
        kind = self.kinds[row, column]
        if kind == NUMBER:
            return float(self.numbers[row, column])
        if kind == BOOL:
            return bool(self.numbers[row, column])
        if kind == BLANK or self.objects is None:
            return None
        found: CellValue = self.objects[row, column]
        return found

    def values(self) -> list[CellValue]:
        """Give all cells, row by row."""
        cells: list[Any] = self.numbers.ravel().tolist()
        kinds = self.kinds.ravel()
        for place in np.flatnonzero(kinds == BLANK).tolist():
            cells[place] = None
        for place in np.flatnonzero(kinds == BOOL).tolist():
            cells[place] = cells[place] == 1.0
        if self.objects is not None:
            objects = self.objects.ravel()
            for place in np.flatnonzero((kinds == TEXT) | (kinds == ERROR)).tolist():
                cells[place] = objects[place]
        return cells

    def grid(self) -> list[list[CellValue]]:
        """Give all cells as a list of rows."""
        cells, width = self.values(), self.columns
        return [cells[start : start + width] for start in range(0, len(cells), width)] if width else []

    def has(self, kind: int) -> bool:
        """Whether any cell is of a kind."""
        known = self.memo.get(("has", kind))
        if known is None:
            known = self.memo[("has", kind)] = bool((self.kinds == kind).any())
        return bool(known)

    def first_error(self) -> ErrorValue | None:
        """The first error in it, if any."""
        if self.objects is None or not self.has(ERROR):
            return None
        error: ErrorValue = self.objects[self.kinds == ERROR][0]
        return error

    def lowered(self) -> Objects:
        """Each text in lower case, other cells as they are; Google compares text without regard to case."""
        known: Objects | None = self.memo.get("lowered")
        if known is None:
            known = np.empty(self.kinds.shape, dtype=object)
            if self.objects is not None:
                known[:] = self.objects
                texts = self.kinds == TEXT
                known[texts] = [text.lower() for text in self.objects[texts].tolist()]
            self.memo["lowered"] = known
        return known

    def pick(self, rows: Any = slice(None), columns: Any = slice(None)) -> "Block":
        """Give some rows, then some columns of those: slices, indices or masks."""
        objects = None if self.objects is None else self.objects[rows][:, columns]
        return Block(self.kinds[rows][:, columns], self.numbers[rows][:, columns], objects)

    def reshape(self, rows: int, columns: int) -> "Block":
        """The same cells, row by row, in another shape."""
        objects = None if self.objects is None else self.objects.reshape(rows, columns)
        return Block(self.kinds.reshape(rows, columns), self.numbers.reshape(rows, columns), objects)

    def transposed(self) -> "Block":
        """Rows as columns."""
        return Block(self.kinds.T, self.numbers.T, None if self.objects is None else self.objects.T)

    def fitted(self, rows: int, columns: int) -> "Block":
        """Repeat one row or column, and fill what is short with #N/A, as array formulas do."""
        if self.kinds.shape == (rows, columns):
            return self
        height = rows if self.rows == 1 else self.rows
        width = columns if self.columns == 1 else self.columns
        shape = (height, width)
        objects = None if self.objects is None else np.broadcast_to(self.objects, shape)
        block = Block(np.broadcast_to(self.kinds, shape), np.broadcast_to(self.numbers, shape), objects)
        return block if shape == (rows, columns) else _padded(block, rows, columns)

    @staticmethod
    def blank(rows: int, columns: int) -> "Block":
        """A block of blank cells, which takes no room however large it is."""
        shape = (rows, columns)
        return Block(np.broadcast_to(np.uint8(BLANK), shape), np.broadcast_to(np.float64(0), shape))

    @staticmethod
    def of(value: CellValue) -> "Block":
        """A block of one cell."""
        return Block.from_grid([[value]])

    @staticmethod
    def from_grid(grid: Sequence[Sequence[CellValue]]) -> "Block":
        """A block from rows of equal length."""
        width = len(grid[0]) if grid else 0
        return Block.from_values([value for row in grid for value in row], len(grid), width)

    @staticmethod
    def from_values(values: Sequence[CellValue], rows: int, columns: int) -> "Block":
        """A block from its cells, row by row."""
        kinds = np.fromiter((_KINDS[type(value)] for value in values), np.uint8, len(values))
        number = (NUMBER, BOOL)
        numbers = np.fromiter(
            (value if kind in number else 0.0 for value, kind in zip(values, kinds.tolist(), strict=True)),
            np.float64,
            len(values),
        )
        objects: Objects | None = None
        if ((kinds == TEXT) | (kinds == ERROR)).any():
            flat = np.empty(len(values), dtype=object)
            flat[:] = values
            objects = flat.reshape(rows, columns)
        return Block(kinds.reshape(rows, columns), numbers.reshape(rows, columns), objects)

    @staticmethod
    def of_numbers(numbers: Floats, kind: int = NUMBER) -> "Block":
        """A block of numbers, or of TRUE and FALSE."""
        return Block(np.full(numbers.shape, kind, np.uint8), numbers.astype(np.float64, copy=False))


def _padded(block: Block, rows: int, columns: int) -> Block:
    kinds = np.full((rows, columns), ERROR, np.uint8)
    numbers = np.zeros((rows, columns))
    objects = np.full((rows, columns), NA, dtype=object)
    place = (slice(0, block.rows), slice(0, block.columns))
    kinds[place], numbers[place] = block.kinds, block.numbers
    objects[place] = None if block.objects is None else block.objects
    return Block(kinds, numbers, objects)


def column_block(cells: Mapping[int, CellValue], rows: int) -> Block:
    """A block of one column from its cells that are not blank, by row."""
    kinds, numbers = np.zeros((rows, 1), np.uint8), np.zeros((rows, 1))
    places = np.fromiter(cells.keys(), np.int64, len(cells))
    values: list[Any] = list(cells.values())
    found = [_KINDS[type(value)] for value in values]
    kinds[places, 0] = found
    objects: Objects | None = None
    if TEXT in found or ERROR in found:
        objects = np.empty((rows, 1), dtype=object)
        column = np.empty(len(values), dtype=object)
        column[:] = values
        objects[places, 0] = column
        pairs: Iterable[Any] = zip(values, found, strict=True)
        numbers[places, 0] = [value if kind in (NUMBER, BOOL) else 0.0 for value, kind in pairs]
    elif values:
        numbers[places, 0] = values
    return Block(kinds, numbers, objects)


@dataclass(frozen=True, slots=True)
class Area:
    """A reference as a value: cells of a tab, both ends inside."""

    title: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.rows == 1 and self.columns == 1


#: What an expression may come to: one cell, many cells, or a reference to cells.
Value: TypeAlias = CellValue | Block | Area
