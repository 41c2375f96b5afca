"""Rectangles of cells, and what becomes of them when rows and columns come, go or move.

Ranges are kept as the API's `GridRange`, always with their `sheetId`; answers leave out a `sheetId` of 0, as
Google does. Ends that are absent stay absent: such a range goes as far as the grid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sheets_crm.emulator.a1 import Area

__all__ = [
    "Bounds",
    "Dimension",
    "Edit",
    "GridRange",
    "area_of",
    "clip",
    "intersection",
    "map_ranges",
    "overlaps",
    "public_ranges",
    "range_of",
    "shift_span",
    "shifted_range",
]

GridRange: TypeAlias = dict[str, Any]
#: A rectangle that ends within the grid: top, bottom, left, right; bottom and right are the first past it.
Bounds: TypeAlias = tuple[int, int, int, int]
Dimension: TypeAlias = Literal["ROWS", "COLUMNS"]

_RANGE_KEYS = {"sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}
_SPAN_KEYS = {"sheetId", "dimension", "startIndex", "endIndex"}
_CELL_KEYS = {"sheetId", "rowIndex", "columnIndex"}
_NAMES_OF_RANGES = {"range", "ranges", "sources", "unprotectedRanges", "merges", "dimensionRange", "anchorCell"}


@dataclass(frozen=True, slots=True)
class Edit:
    """Rows or columns of a tab that were inserted, deleted or moved.

    Attributes:
        kind: ``insert``, ``delete`` or ``move``.
        sheet_id: The tab.
        dimension: ROWS or COLUMNS.
        start: The first index, counted before the edit.
        count: How many.
        to: For a move, the index before which they go, counted before the edit.
    """

    kind: Literal["insert", "delete", "move"]
    sheet_id: int
    dimension: Dimension
    start: int
    count: int
    to: int = 0


def area_of(grid_range: GridRange) -> Area:
    """Read a GridRange."""
    return Area(
        grid_range.get("startRowIndex") or 0,
        grid_range.get("endRowIndex"),
        grid_range.get("startColumnIndex") or 0,
        grid_range.get("endColumnIndex"),
    )


def range_of(sheet_id: int, area: Area) -> GridRange:
    """Write a GridRange with all that is known of the area."""
    found: GridRange = {"sheetId": sheet_id, "startRowIndex": area.top}
    if area.bottom is not None:
        found["endRowIndex"] = area.bottom
    found["startColumnIndex"] = area.left
    if area.right is not None:
        found["endColumnIndex"] = area.right
    return found


def clip(area: Area, rows: int, columns: int) -> tuple[int, int, int, int]:
    """Bound an area by the grid, as (top, bottom, left, right)."""
    bottom = rows if area.bottom is None else min(area.bottom, rows)
    right = columns if area.right is None else min(area.right, columns)
    return area.top, max(bottom, area.top), area.left, max(right, area.left)


def overlaps(one: Area, other: Area) -> bool:
    """Tell whether two areas of the same tab share a cell."""
    return (
        _meet(one.top, one.bottom, other.top, other.bottom)
        and _meet(one.left, one.right, other.left, other.right)
    )  # fmt: skip


def _meet(start: int, end: int | None, other_start: int, other_end: int | None) -> bool:
    return (end is None or other_start < end) and (other_end is None or start < other_end)


def map_ranges(value: Any, change: Callable[[dict[str, Any]], dict[str, Any] | None], name: str = "") -> Any:
    """Rebuild JSON with every range in it changed; a list loses the ranges for which `change` gives None."""
    if isinstance(value, list):
        mapped = [map_ranges(item, change, name) for item in value]
        return [item for item in mapped if item is not None]
    if not isinstance(value, dict):
        return value
    if _is_range(value, name):
        return change(value)
    return {key: map_ranges(item, change, key) for key, item in value.items()}


def _is_range(value: dict[str, Any], name: str) -> bool:
    keys = value.keys()
    if not keys:
        return name in ("range", "unprotectedRanges")
    if keys <= _RANGE_KEYS:
        return name in _NAMES_OF_RANGES or bool(keys - {"sheetId"})
    return keys <= _SPAN_KEYS or keys <= _CELL_KEYS


def public_ranges(value: Any) -> Any:
    """Leave out a `sheetId` of 0 from every range, as Google's answers do; a GridCoordinate shows no 0 at all (A)."""
    return map_ranges(value, lambda r: {k: v for k, v in r.items() if k not in _CELL_KEYS or v})


def shift_span(start: int, end: int | None, edit: Edit) -> tuple[int, int | None] | None:
    """Say where a span of rows or columns is after an edit; None when all of it was deleted."""
    if edit.kind == "insert":
        if edit.start <= start:
            return start + edit.count, None if end is None else end + edit.count
        grows = end is not None and edit.start < end
        return start, end + edit.count if grows and end is not None else end
    if edit.kind == "delete":
        return _without(start, end, edit.start, edit.start + edit.count)
    return _moved_span(start, end, edit)


def _without(start: int, end: int | None, first: int, after: int) -> tuple[int, int | None] | None:
    def place(index: int) -> int:
        return index if index <= first else max(first, index - (after - first))

    fresh_start, fresh_end = place(start), None if end is None else place(end)
    if fresh_end is not None and end is not None and fresh_end <= fresh_start and end > start:
        return None
    return fresh_start, fresh_end


def moved_index(index: int, edit: Edit) -> int:
    """Say where one row or column is after a move."""
    start, end, to = edit.start, edit.start + edit.count, edit.to
    if start <= index < end:
        return index + (to - start if to < start else to - end)
    if to < start and to <= index < start:
        return index + edit.count
    if to > end and end <= index < to:
        return index - edit.count
    return index


def _moved_span(start: int, end: int | None, edit: Edit) -> tuple[int, int | None]:
    if end is None or end <= start:
        return moved_index(start, edit), end
    first, last = moved_index(start, edit), moved_index(end - 1, edit)
    if last - first == end - start - 1:
        return first, last + 1
    return start, end


def shifted_range(found: dict[str, Any], edit: Edit) -> dict[str, Any] | None:
    """Give a GridRange, DimensionRange or GridCoordinate as it is after an edit of its tab; None when it went."""
    if found.get("sheetId", 0) != edit.sheet_id:
        return found
    if "dimension" in found:
        same = found["dimension"] == edit.dimension
        return _respan(found, "startIndex", "endIndex", edit) if same else found
    if found.keys() & {"rowIndex", "columnIndex"}:
        return _recoordinate(found, edit)
    if edit.dimension == "ROWS":
        return _respan(found, "startRowIndex", "endRowIndex", edit)
    return _respan(found, "startColumnIndex", "endColumnIndex", edit)


def _respan(found: dict[str, Any], first: str, last: str, edit: Edit) -> dict[str, Any] | None:
    if first not in found and last not in found:
        return found
    span = shift_span(found.get(first, 0), found.get(last), edit)
    if span is None:
        return None
    fresh = {**found, first: span[0]}
    if span[1] is not None:
        fresh[last] = span[1]
    return fresh


def _recoordinate(found: dict[str, Any], edit: Edit) -> dict[str, Any]:
    name = "rowIndex" if edit.dimension == "ROWS" else "columnIndex"
    index = found.get(name, 0)
    span = shift_span(index, index + 1, edit)
    return {**found, name: edit.start if span is None else span[0]}


def intersection(first: Bounds, second: Bounds) -> Bounds:
    """Give what two rectangles have in common; where that is nothing, an end lies at or before its start."""
    return max(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), min(first[3], second[3])
