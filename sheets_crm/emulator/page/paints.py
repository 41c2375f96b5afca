"""What conditional formats and banding make of cells: stretches of a row that are painted.

Sources: `ConditionalFormatRule` and `BandedRange` of
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets. Only bold, italic,
strikethrough, text colour and fill can be conditional (A: the guide's samples). The first rule that holds for a cell
paints it, over the cell's own fill; banding lies under it (C).
"""

from typing import Any, TypeAlias

from sheets_crm.emulator.conditional_formats import Cells, conditional_formats
from sheets_crm.emulator.conditions import Tester
from sheets_crm.emulator.geometry import Bounds, area_of, intersection
from sheets_crm.emulator.page.looks import hex_color, letters
from sheets_crm.emulator.sheet import Sheet

__all__ = ["Paint", "Stretches", "bands", "painted"]

#: A fill and letters, as in the looks.
Paint: TypeAlias = dict[str, Any]
#: By row: (column, column after the last, paint).
Stretches: TypeAlias = dict[int, list[tuple[int, int, Paint]]]


def painted(sheet: Sheet, bounds: Bounds, tester: Tester, cells: Cells) -> Stretches:
    """Find what the conditional formats of a tab paint in a rectangle.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        tester: Knows the workbook's values.
        cells: Gives cells.
    """
    found: Stretches = {}
    for row, columns, form in conditional_formats(sheet, bounds, tester, cells):
        paint = _paint_of(form)
        found.setdefault(row, []).extend((*span, paint) for span in _spans(columns))
    return found


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
        whole = sheet.bounds(area_of(band.get("range") or {}))
        top, bottom, left, right = intersection(whole, bounds)
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
