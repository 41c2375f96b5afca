"""From the text of a range to a tab and an area of it."""

from typing import Any, NamedTuple

from sheets_crm.emulator.a1 import (
    Area,
    cell_name,
    column_letters,
    parse_cells,
    quote_title,
    range_name,
    split_title,
)
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.geometry import GridRange, area_of, clip
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = [
    "Place",
    "beyond",
    "bounded",
    "check_coordinate",
    "check_inside",
    "find_range",
    "grid_area",
    "grid_place",
    "on_grid",
    "sheet_of",
    "without_cells",
]


class Place(NamedTuple):
    """An area of a tab."""

    sheet: Sheet
    area: Area

    def bounds(self) -> tuple[int, int, int, int]:
        """Give (top, bottom, left, right), bounded by the grid."""
        return clip(self.area, self.sheet.row_count, self.sheet.column_count)

    def name(self) -> str:
        """Name the place as Google's answers do, clipped to the grid."""
        return range_name(self.sheet.title, *self.bounds())


def find_range(book: Spreadsheet, text: str) -> Place:
    """Find what a range in A1 or R1C1 notation, a tab's title or a named range means.

    Raises:
        ApiError: 400 ``Unable to parse range: …`` or ``Range (…) exceeds grid limits. …``.
    """
    title, cells = split_title(text)
    place = _in_tab(book, title, cells) if title is not None else _without_title(book, text)
    if place is None:
        raise invalid(f"Unable to parse range: {text}")
    check_inside(place)
    return place


def _in_tab(book: Spreadsheet, title: str, cells: str) -> Place | None:
    sheet = book.titled(title)
    if sheet is None:
        return None
    if not cells:
        return Place(sheet, Area(0, None, 0, None))
    area = parse_cells(cells)
    if area is None:
        named = book.named_area(cells)
        return Place(sheet, named[1]) if named and named[0] == sheet.id else None
    return Place(sheet, area)


def _without_title(book: Spreadsheet, text: str) -> Place | None:
    area = parse_cells(text)
    if area is not None:
        return Place(book.first_visible, area)
    named = book.named_area(text)
    if named is not None:
        return Place(book.sheet(named[0]), named[1])
    sheet = book.titled(text)
    return Place(sheet, Area(0, None, 0, None)) if sheet is not None and text else None


def check_inside(place: Place) -> None:
    """Refuse a place that starts outside the grid."""
    sheet, area = place
    if area.top >= sheet.row_count or area.left >= sheet.column_count:
        raise beyond(sheet, area)


def beyond(sheet: Sheet, area: Area) -> ApiError:
    """Say that an area leaves the grid."""
    limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    return invalid(f"Range ({quote_title(sheet.title)}!{_asked_cells(sheet, area)}) exceeds grid limits. {limits}")


def _asked_cells(sheet: Sheet, area: Area) -> str:
    """Name an area as it was asked, not clipped: ``A1001:B`` to the last row, ``AA1:2`` to the last column.

    Google's names of ranges that are open on one side are reported word for word (grade B); of one that is open on
    both sides nothing is known, so it ends at the grid's last column, or at its last row where it starts right of
    the grid (C).
    """
    top, bottom, left, right = area
    if bottom is None and top == 0 and right is not None:
        return f"{column_letters(left)}:{column_letters(right - 1)}"
    if right is None and left == 0 and bottom is not None:
        return f"{top + 1}:{bottom}"
    first = cell_name(top, left)
    if bottom is None and right is None:
        past = left >= sheet.column_count
        return f"{first}:{sheet.row_count if past else column_letters(sheet.column_count - 1)}"
    last = ("" if right is None else column_letters(right - 1)) + ("" if bottom is None else str(bottom))
    return first if last == first else f"{first}:{last}"


def sheet_of(book: Spreadsheet, found: dict[str, Any]) -> Sheet:
    """Give the tab that a request means by its `sheetId`, to write."""
    return book.edit(int(found.get("sheetId") or 0))


def bounded(sheet: Sheet, found: GridRange) -> tuple[int, int, int, int]:
    """Bound a request's GridRange by the grid, as (top, bottom, left, right).

    Every kind of request takes a range that ends past the grid, for the cells that the grid has, and one without
    cells, which changes nothing (https://developers.google.com/workspace/sheets/api/reference/rest/v4/
    spreadsheets/other#GridRange); it refuses one that starts at the grid's end or past it, open or not. What
    `repeatCell` and `addConditionalFormatRule` answer is reported (B), the others are taken to do the same (C).

    Raises:
        ApiError: 400 if it starts outside the grid, or is upside down.
    """
    area = grid_area(found)
    check_inside(Place(sheet, area))
    return sheet.bounds(area)


def without_cells(bounds: tuple[int, int, int, int]) -> bool:
    """Tell whether (top, bottom, left, right) is an empty range: what is done to one changes nothing."""
    top, bottom, left, right = bounds
    return bottom <= top or right <= left


def on_grid(sheet: Sheet, found: GridRange) -> GridRange:
    """Check a GridRange that is to be kept, and cut it at the grid's end; sides that are open stay open.

    Raises:
        ApiError: 400 if it starts outside the grid, or is upside down.
    """
    bounded(sheet, found)
    sizes = {"endRowIndex": sheet.row_count, "endColumnIndex": sheet.column_count}
    return {
        name: min(value, sizes[name]) if name in sizes and value is not None else value
        for name, value in found.items()
    }


def grid_place(book: Spreadsheet, found: GridRange) -> Place:
    """Find what a request's GridRange means, to read it.

    Raises:
        ApiError: 400 if there is no such tab, or it starts outside the grid, or is upside down.
    """
    place = Place(book.sheet(int(found.get("sheetId") or 0)), grid_area(found))
    check_inside(place)
    return place


def grid_area(found: GridRange) -> Area:
    """Read a request's GridRange, refusing one that is upside down; one without cells is none the less a range."""
    for first, last in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
        start, end = found.get(first) or 0, found.get(last)
        if start < 0 or (end is not None and end < 0):
            raise invalid("GridRange indexes must be >= 0")
        if end is not None and end < start:
            raise invalid(f"GridRange.{last}[{end}] must be greater than or equal to {first}[{start}].")
    return area_of(found)


def check_coordinate(sheet: Sheet, row: int, column: int) -> None:
    """Refuse a GridCoordinate outside the grid, in words that are reported of charts and `appendCells` (B)."""
    if row < 0 or column < 0:
        raise invalid("GridCoordinate indexes must be >= 0")
    if row >= sheet.row_count:
        raise invalid(f"GridCoordinate.rowIndex[{row}] is after last row in grid[{sheet.row_count - 1}]")
    if column >= sheet.column_count:
        raise invalid(
            f"GridCoordinate.columnIndex[{column}] is after last column in grid[{sheet.column_count - 1}]"
        )
