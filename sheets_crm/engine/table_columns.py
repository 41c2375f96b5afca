"""Repair of two-way tables whose columns were moved, or added to, in the very second of a write.

The header cells of the written columns are read back in the same request. When they are others, what was written
stands under other headers: those cells get back what the worker had read there, and the right ones get what was meant
for them. A formula that was overwritten comes back as its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.writes import CellWrite


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table as a write found them.

    Attributes:
        places: 0-based grid column of each declared header.
        header: The texts of row 1.
        rows: The cells of the rows that it writes to, as read, by the key that each has after the write.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    rows: Mapping[str, Sequence[Cell]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The columns as a JSON object, for a file."""
        return {"places": self.places, "header": self.header, "rows": self.rows}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Columns:
        """Read the columns from a file."""
        return cls(body.get("places", {}), tuple(body.get("header", ())), body.get("rows", {}))


def at_column(place: int) -> str:
    """What stands for a header in a write by the place of its column."""
    return f"column {place}"


def moved_columns(columns: Columns, row_1: Sequence[Cell]) -> bool:
    """Whether a declared column stands elsewhere than the write found it."""
    texts = [str(cell).strip() for cell in row_1]
    at = (columns.header[place] == _at(texts, place) for place in columns.places.values())
    return bool(columns.header) and not all(at)


def column_writes(
    sheet: Sheet, cells: Rows, columns: Columns, written: Mapping[str, Mapping[str, Cell]], rows: Mapping[str, int]
) -> list[CellWrite]:
    """The cells that put a table right whose columns were moved in the second of a write.

    Args:
        sheet: The table as it is now.
        cells: All its cells from A1.
        columns: Its columns as the write found them.
        written: What was written, by key and header.
        rows: The 0-based grid row of each key.
    """
    texts = [str(cell).strip() for cell in cells[0]]
    made: dict[tuple[int, int], Cell] = {}
    for key, by_header in written.items():
        if key not in rows:
            continue
        row, own = rows[key], columns.rows.get(key, ())
        moved = {
            name: value for name, value in by_header.items() if columns.places[name] != sheet.column_index[name]
        }
        for name, value in moved.items():
            place = columns.places[name]
            if _same(_at(cells[row], place), value):
                title = _at(texts, place)
                former = columns.header.index(title) if title in columns.header else len(own)
                made[row, place] = _at(own, former)
        # After them all: one of these may stand where another went.
        made |= {(row, sheet.column_index[name]): value for name, value in moved.items()}
    return [
        CellWrite(row, at_column(place), value)
        for (row, place), value in made.items()
        if not _same(_at(cells[row], place), value)
    ]


def _same(left: Cell, right: Cell) -> bool:
    return left == right or {left, right} <= {"", False}


def _at(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else ""
