"""What conditional formats and banding make of cells: stretches of a row that are painted.

Sources: `ConditionalFormatRule` and `BandedRange` of
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets. Only bold, italic,
strikethrough, text colour and fill can be conditional (A: the guide's samples). The first rule that holds for a cell
paints it, over the cell's own fill; banding lies under it (C).
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.geometry import area_of, clip
from sheets_crm.emulator.page.conditions import Tested, Tester, holds
from sheets_crm.emulator.page.gradients import gradient
from sheets_crm.emulator.page.looks import hex_color, letters
from sheets_crm.emulator.sheet import Sheet

__all__ = ["Paint", "Stretches", "bands", "painted"]

Bounds = tuple[int, int, int, int]
#: A fill and letters, as in the looks.
Paint: TypeAlias = dict[str, Any]
#: By row: (column, column after the last, paint).
Stretches: TypeAlias = dict[int, list[tuple[int, int, Paint]]]
#: Gives what a cell holds and how it is shown.
Read: TypeAlias = Callable[[int, int], Tested]


def painted(sheet: Sheet, bounds: Bounds, tester: Tester, read: Read) -> Stretches:
    """Find what the conditional formats of a tab paint in a rectangle.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        tester: Knows the workbook's values.
        read: Gives a cell.
    """
    stretches: Stretches = {}
    taken: dict[int, set[int]] = {}
    for rule in sheet.attachments("conditionalFormats"):
        for row, columns, paint in _hits(sheet, bounds, tester, read, rule):
            free = [column for column in columns if column not in taken.setdefault(row, set())]
            taken[row].update(free)
            stretches.setdefault(row, []).extend((*span, paint) for span in _spans(free))
    return stretches


def _hits(
    sheet: Sheet, bounds: Bounds, tester: Tester, read: Read, rule: dict[str, Any]
) -> Iterable[tuple[int, Iterable[int], Paint]]:
    boxes = [_within(sheet, grid_range, bounds) for grid_range in rule["ranges"]]
    if "gradientRule" in rule:
        color_of = gradient(rule["gradientRule"], _numbers_of(sheet, rule, read), tester)
        for row, column in _cells(boxes):
            color = color_of(read(row, column).value)
            if color is not None:
                yield row, (column,), {"bg": color}
        return
    boolean = rule.get("booleanRule") or {}
    condition, paint = boolean.get("condition") or {}, _paint_of(boolean.get("format") or {})
    origin = _origin(rule)
    by_row = condition.get("type") == "CUSTOM_FORMULA" and _is_alike_along_rows(tester, condition)
    for top, bottom, left, right in boxes:
        for row in range(top, bottom):
            tried = range(left, min(left + 1, right)) if by_row else range(left, right)
            columns = [column for column in tried if _is_met(tester, condition, read, row, column, origin)]
            if by_row and columns:  # one answer for the whole row
                columns = list(range(left, right))
            if columns:
                yield row, columns, paint


def _is_met(
    tester: Tester, condition: dict[str, Any], read: Read, row: int, column: int, origin: tuple[int, int]
) -> bool:
    cell = Tested((row, column), None, "") if condition.get("type") == "CUSTOM_FORMULA" else read(row, column)
    return holds(tester, condition, cell, (row - origin[0], column - origin[1])) is True


def _is_alike_along_rows(tester: Tester, condition: dict[str, Any]) -> bool:
    """Tell whether a formula reads the same in all columns: it names only columns after ``$``, and not its own."""
    text = tester.formula(str((condition.get("values") or [{}])[0].get("userEnteredValue", "")))
    compiled = tester.loose.compiled(text)
    fixed = all(
        (ref.left is None or ref.fixed[1]) and (ref.right is None or ref.fixed[3]) for ref in compiled.references
    )
    return fixed and "COLUMN" not in text.upper() and "CELL" not in text.upper() and not compiled.dynamic


def _origin(rule: dict[str, Any]) -> tuple[int, int]:
    """The cell for which a rule's formulas are written: the top left one of its ranges."""
    areas = [area_of(grid_range) for grid_range in rule["ranges"]]
    return min(area.top for area in areas), min(area.left for area in areas)


def _within(sheet: Sheet, grid_range: dict[str, Any], bounds: Bounds) -> Bounds:
    top, bottom, left, right = clip(area_of(grid_range), sheet.row_count, sheet.column_count)
    return max(top, bounds[0]), min(bottom, bounds[1]), max(left, bounds[2]), min(right, bounds[3])


def _cells(boxes: Iterable[Bounds]) -> Iterable[tuple[int, int]]:
    for top, bottom, left, right in boxes:
        yield from ((row, column) for row in range(top, bottom) for column in range(left, right))


def _numbers_of(sheet: Sheet, rule: dict[str, Any], read: Read) -> list[float]:
    """The numbers of all cells that a gradient spans, seen or not."""
    boxes = [clip(area_of(grid_range), len(sheet.rows), sheet.column_count) for grid_range in rule["ranges"]]
    values: Iterable[CellValue] = (read(*place).value for place in _cells(boxes))
    return [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _paint_of(form: dict[str, Any]) -> Paint:
    paint = {"bg": hex_color(form.get("backgroundColorStyle"), form.get("backgroundColor"))}
    paint |= letters(form.get("textFormat") or {}, conditional=True)
    return {name: value for name, value in paint.items() if value is not None}


def _spans(columns: list[int]) -> list[tuple[int, int]]:
    """Write ascending columns as stretches."""
    spans: list[tuple[int, int]] = []
    for column in columns:
        if spans and spans[-1][1] == column:
            spans[-1] = (spans[-1][0], column + 1)
        else:
            spans.append((column, column + 1))
    return spans


# -- banding -------------------------------------------------------------------------------------------------------


def bands(sheet: Sheet, bounds: Bounds) -> Stretches:
    """Find the fills of alternating rows or columns in a rectangle."""
    stretches: Stretches = {}
    for band in sheet.attachments("bandedRanges"):
        whole = clip(area_of(band.get("range") or {}), sheet.row_count, sheet.column_count)
        top, bottom, left, right = _within(sheet, band.get("range") or {}, bounds)
        for row in range(top, bottom):
            color = _band(band.get("rowProperties"), row - whole[0], whole[1] - whole[0])
            if color is not None:
                stretches.setdefault(row, []).append((left, right, {"bg": color}))
                continue
            for column in range(left, right):
                color = _band(band.get("columnProperties"), column - whole[2], whole[3] - whole[2])
                if color is not None:
                    stretches.setdefault(row, []).append((column, column + 1, {"bg": color}))
    return stretches


def _band(properties: dict[str, Any] | None, index: int, count: int) -> str | None:
    """Give the colour of a row or column of a band: head, foot, or one of the two in turn, from the head on."""
    given = properties or {}

    def color(name: str) -> str | None:
        return hex_color(given.get(f"{name}ColorStyle"), given.get(f"{name}Color"))

    head, foot = color("header"), color("footer")
    if index == 0 and head is not None:
        return head
    if index == count - 1 and foot is not None:
        return foot
    return color("secondBand" if (index - (head is not None)) % 2 else "firstBand")
