"""From the text of a range to a tab and an area of it."""

from typing import Any, NamedTuple

from sheets_crm.emulator.a1 import Area, cell_name, parse_cells, quote_title, range_name, split_title
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.geometry import GridRange, area_of, clip
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Place", "bounded", "check_inside", "find_range", "grid_area", "sheet_of"]


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
        return Place(book.sheets[0], area)
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
    name = f"{quote_title(sheet.title)}!{cell_name(area.top, area.left)}"
    if area.bottom and area.right and (area.bottom - area.top, area.right - area.left) != (1, 1):
        name += f":{cell_name(area.bottom - 1, area.right - 1)}"
    limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    return invalid(f"Range ({name}) exceeds grid limits. {limits}")


def sheet_of(book: Spreadsheet, found: dict[str, Any]) -> Sheet:
    """Give the tab that a request means by its `sheetId`, to write."""
    return book.edit(int(found.get("sheetId") or 0))


def bounded(sheet: Sheet, found: GridRange) -> tuple[int, int, int, int]:
    """Bound a request's GridRange by the grid, as (top, bottom, left, right).

    Raises:
        ApiError: 400 if it starts or ends outside the grid, or is upside down.
    """
    area = grid_area(found)
    bottom = sheet.row_count if area.bottom is None else area.bottom
    right = sheet.column_count if area.right is None else area.right
    if bottom > sheet.row_count or right > sheet.column_count or area.top > bottom or area.left > right:
        raise beyond(sheet, Area(area.top, bottom, area.left, right))
    return area.top, bottom, area.left, right


def grid_area(found: GridRange) -> Area:
    """Read a request's GridRange, refusing one that is upside down."""
    for first, last in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
        start, end = found.get(first) or 0, found.get(last)
        if start < 0 or (end is not None and end < 0):
            raise invalid(f"range.{first if start < 0 else last} cannot be negative.")
        if end is not None and end <= start:
            raise invalid(f"range.{last} must be greater than range.{first}." if end < start else _empty(last))
    return area_of(found)


def _empty(last: str) -> str:
    return f"The range cannot be empty: range.{last} equals its start."
