"""The table that `values.append` writes under.

A table is a block of filled cells: from any of them it grows while a cell beside it, or at a corner, is filled.
Source: https://developers.google.com/workspace/sheets/api/guides/values#append_values
"""

from sheets_crm.emulator.sheet import Sheet

__all__ = ["Box", "find_table"]

#: (top, bottom, left, right), the ends not included.
Box = tuple[int, int, int, int]


def find_table(sheet: Sheet, bounds: Box) -> Box | None:
    """Find the last table that lies at least partly in the bounds, or None where there is none."""
    start = _last_filled(sheet, bounds)
    if start is None:
        return _around_blank(sheet, bounds)
    return _grown(sheet, (start[0], start[0] + 1, start[1], start[1] + 1))


def _last_filled(sheet: Sheet, bounds: Box) -> tuple[int, int] | None:
    top, bottom, left, right = bounds
    for row in range(min(bottom, len(sheet.rows)) - 1, top - 1, -1):
        found = sheet.row(row)
        if found is None:
            continue
        for column in range(min(right, found.width()) - 1, left - 1, -1):
            if found.filled(column):
                return row, column
    return None


def _around_blank(sheet: Sheet, bounds: Box) -> Box | None:
    """A single blank cell belongs to a table when it lies inside the rectangle of one."""
    top, bottom, left, right = bounds
    if (bottom - top, right - left) != (1, 1):
        return None
    for row, column in _neighbours(top, left):
        found = sheet.row(row) if row >= 0 else None
        if found is not None and column >= 0 and found.filled(column):
            box = _grown(sheet, (row, row + 1, column, column + 1))
            if box[0] <= top < box[1] and box[2] <= left < box[3]:
                return box
    return None


def _neighbours(row: int, column: int) -> list[tuple[int, int]]:
    return [(row + dr, column + dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc]


def _grown(sheet: Sheet, box: Box) -> Box:
    while True:
        top, bottom, left, right = box
        left, right = max(left - 1, 0), min(right + 1, sheet.column_count)
        while top > 0 and _any(sheet, top - 1, left, right):
            top -= 1
        while bottom < sheet.row_count and _any(sheet, bottom, left, right):
            bottom += 1
        rows = range(max(top - 1, 0), bottom + 1)
        if left == box[2] or not any(_any(sheet, row, left, left + 1) for row in rows):
            left = box[2]
        if right == box[3] or not any(_any(sheet, row, right - 1, right) for row in rows):
            right = box[3]
        if (top, bottom, left, right) == box:
            return box
        box = (top, bottom, left, right)


def _any(sheet: Sheet, row: int, left: int, right: int) -> bool:
    found = sheet.row(row)
    if found is None:
        return False
    if any(value is not None for value in found.values[left:right]):
        return True
    return bool(found.formulas) and any(left <= column < right for column in found.formulas or ())
