"""The looks of the Dashboard's first screen: one font, three sizes, an accent, and colours that mean something.

Red needs a person today, amber will, grey is unsure; a sign or a word stands beside each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.dashboard import LEAST_CASES
from sheets_crm.workbook.morning import figures, places, trend
from sheets_crm.workbook.morning.page import Page, cell
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import DASHBOARD

DARK, LIGHT, INK = 0x3C4043, 0xE8EAED, 0x202124
RED, AMBER, GREY, ACCENT = 0xB3261E, 0xB06000, 0x80868B, 0x1967D2
SMALL, PLAIN, LARGE = 8, 10, 16
"""Sizes of letters, in points."""
COUNT: Final = {"type": "NUMBER", "pattern": "#,##0"}
DAYS: Final = {"type": "NUMBER", "pattern": "#,##0.0"}
DATE: Final = requests.DATE
MOMENT: Final = requests.DATE_TIME
HEIGHTS: Final = {
    places.GREETING: 34,
    places.CARDS + 1: 34,
    **dict.fromkeys(places.SPACERS, 9),
    **dict.fromkeys(range(places.TREND + 3, places.TREND + 2 + 2 * len(trend.RATIOS), 2), 16),
}
"""Heights of rows that are not usual, in pixels."""


def looks(page: Page) -> Iterator[Request]:
    """Yield what the first screen gets once, when it is laid out; people may change it afterwards."""
    number = page.ids[DASHBOARD]
    yield from requests.widths(number, [places.PIXELS] * places.WIDTH)
    yield requests.hide_columns(number, places.HELPER_COLUMN, places.END_COLUMN)
    yield from _heights(number)
    yield from _greeting(page, number)
    yield from _lines(number)
    yield from _cards(page, number)
    yield from _funnel(page, number)
    yield from _trend(page, number)
    yield from _colours(page, number)


def _heights(number: int) -> Iterator[Request]:
    for row, pixels in HEIGHTS.items():
        span = {"sheetId": number, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        size = {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}
        yield {"updateDimensionProperties": size}


def letters(block: dict[str, int], *, size: int = PLAIN, ink: int = INK, bold: bool = False) -> Request:
    """Give cells letters of a size and a colour."""
    form = {"fontSize": size, "bold": bold, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}}
    return requests.style(
        block, {"textFormat": form}, "textFormat.fontSize,textFormat.bold,textFormat.foregroundColorStyle"
    )


def aligned(block: dict[str, int], across: str, down: str = "MIDDLE") -> Request:
    """Align cells."""
    form = {"horizontalAlignment": across, "verticalAlignment": down}
    return requests.style(block, form, "horizontalAlignment,verticalAlignment")


def merged(block: dict[str, int]) -> Request:
    """Merge the cells of a block."""
    return {"mergeCells": {"range": block, "mergeType": "MERGE_ALL"}}


def heading(number: int, row: int, column: int, columns: int) -> Iterator[Request]:
    """Yield the format of a part's title: bold, with a line below."""
    block = grid_range(number, row, column, 1, columns)
    yield letters(block, bold=True)
    yield underlined(block)


def underlined(block: dict[str, int]) -> Request:
    """Draw a line below a row of cells."""
    line = {"style": "SOLID", "colorStyle": {"rgbColor": requests.colour(0xBDC1C6)}}
    return {"updateBorders": {"range": block, "bottom": line}}


def _greeting(page: Page, number: int) -> Iterator[Request]:
    row, state = places.GREETING, places.STATE_COLUMN
    yield letters(grid_range(number, row, 0, 1, state), size=LARGE)
    yield aligned(grid_range(number, row, 0, 1, state), "LEFT")
    date = {"type": "DATE", "pattern": page.say("morning.date")}
    yield requests.number_format(grid_range(number, row, 2, 1, 1), date)
    yield merged(grid_range(number, row, 0, 1, 2))
    yield merged(grid_range(number, row, 2, 1, state - 2))
    block = grid_range(number, row, state, 1, places.WIDTH - state)
    yield merged(block)
    yield letters(block)
    yield aligned(block, "RIGHT")
    yield state_wrapped(number)
    yield requests.tab_properties(number, gridProperties={"frozenRowCount": 1, "hideGridlines": True})


def state_wrapped(number: int) -> Request:
    """Let the state of the system take a second line, for which its row has the room, where one is too short."""
    block = grid_range(number, places.GREETING, places.STATE_COLUMN, 1, places.WIDTH - places.STATE_COLUMN)
    return requests.style(block, {"wrapStrategy": "WRAP"}, "wrapStrategy")


def _lines(number: int) -> Iterator[Request]:
    yield from heading(number, places.TODAY, 0, places.WIDTH)
    links = grid_range(number, places.LINES, places.LINK_COLUMN, places.MOST_LINES, 2)
    yield letters(links, ink=ACCENT)


def _cards(page: Page, number: int) -> Iterator[Request]:
    first, width = places.CARDS, places.CARD_WIDTH
    for n in range(len(figures.cards(page))):
        column = n * width
        name, value = (grid_range(number, first + k, column, 1, width) for k in (0, 1))
        ratio, change = (grid_range(number, first + k, column, 1, width) for k in (2, 3))
        yield from (merged(name), merged(value))
        yield letters(name, ink=GREY)
        yield letters(value, size=LARGE, bold=True)
        yield aligned(value, "LEFT")
        yield requests.number_format(value, COUNT)
        yield requests.number_format(grid_range(number, first + 2, column, 1, 1), requests.PERCENT)
        below = {"type": "NUMBER", "pattern": page.say("card.of")}
        yield requests.number_format(grid_range(number, first + 2, column + 1, 1, 1), below)
        for k, which in enumerate(("day", "week")):
            form = {"type": "NUMBER", "pattern": page.say(f"card.{which}")}
            yield requests.number_format(grid_range(number, first + 3, column + k, 1, 1), form)
        yield aligned(ratio, "LEFT")
        yield aligned(change, "LEFT")
        yield letters(change, size=SMALL, ink=GREY)
        yield from _frame(number, column)


def _frame(number: int, column: int) -> Iterator[Request]:
    line = {"style": "SOLID", "colorStyle": {"rgbColor": requests.colour(0xDADCE0)}}
    block = grid_range(number, places.CARDS, column, places.CARD_ROWS, places.CARD_WIDTH)
    yield {"updateBorders": {"range": block, **dict.fromkeys(("top", "bottom", "left", "right"), line)}}


def _funnel(page: Page, number: int) -> Iterator[Request]:
    first, stages, side = places.FUNNEL, len(figures.stages(page)), places.SIDE_COLUMN
    yield from heading(number, first, 0, places.SIDE_COLUMN - 1)
    yield from heading(number, first, side, places.WIDTH - side)
    for column in (2, 3, places.FUNNEL_WAITING, places.SIDE_VALUE):
        yield aligned(grid_range(number, first, column, places.STAGES + 2, 1), "RIGHT")
        yield letters(grid_range(number, first, column, 1, 1), size=SMALL, ink=GREY)
    for column in (2, places.FUNNEL_WAITING):
        yield requests.number_format(grid_range(number, first + 1, column, places.STAGES, 1), COUNT)
    yield requests.number_format(grid_range(number, first + 1, 3, places.STAGES, 1), requests.PERCENT)
    for n in range(1, stages):
        yield merged(grid_range(number, first + 1 + n, places.FUNNEL_BAR, 1, 3))
    if not page.has("feed_days"):
        yield from _health(number, first)
        return
    value = places.SIDE_VALUE
    for row, form in ((1, DAYS), (2, DAYS), (3, DATE), (4, DATE)):
        yield requests.number_format(grid_range(number, first + row, value, 1, 1), form)
    for row in (1, 2):
        yield merged(grid_range(number, first + row, places.SIDE_WORD, 1, places.WIDTH - places.SIDE_WORD))
    yield from _health(number, first + 6)


def _health(number: int, row: int) -> Iterator[Request]:
    yield from heading(number, row, places.SIDE_COLUMN, places.WIDTH - places.SIDE_COLUMN)
    yield requests.number_format(grid_range(number, row + 2, places.SIDE_VALUE, 1, 1), requests.PERCENT)


def _trend(page: Page, number: int) -> Iterator[Request]:
    first, column, weeks = places.TREND, places.TREND_COLUMN, places.WEEKS
    yield from heading(number, first, 0, places.WIDTH)
    days = grid_range(number, first + 1, column, 1, weeks)
    yield requests.number_format(days, {"type": "DATE", "pattern": page.say("trend.day")})
    yield letters(days, size=SMALL, ink=GREY)
    yield aligned(days, "RIGHT")
    for n in range(len(trend.ratios(page))):
        ratio, cases = (grid_range(number, first + 2 + 2 * n + k, column, 1, weeks) for k in (0, 1))
        yield requests.number_format(ratio, requests.PERCENT)
        yield requests.number_format(cases, COUNT)
        yield aligned(ratio, "RIGHT")
        yield aligned(cases, "RIGHT", "TOP")
        yield letters(grid_range(number, first + 3 + 2 * n, 0, 1, places.WIDTH), size=SMALL, ink=GREY)
        yield merged(grid_range(number, first + 2 + 2 * n, 1, 2, 1))


def _colours(page: Page, number: int) -> Iterator[Request]:
    """Yield the conditional formats; a colour never stands without a sign or a word."""
    state = grid_range(number, places.GREETING, places.STATE_COLUMN, 1, 1)
    signs = grid_range(number, places.LINES, 0, places.MOST_LINES, 1)
    words = grid_range(number, places.FUNNEL + 1, places.SIDE_VALUE, places.STAGES, 2)
    for block in (state, signs, words):
        here = f"{cell(block['startRowIndex'], block['startColumnIndex']).replace('$', '')}"
        yield ink(block, f'=LEFT({here};1)="●"', RED)
        yield ink(block, f'=LEFT({here};1)="▲"', AMBER)
    for n in range(len(trend.ratios(page))):
        row = places.TREND + 2 + 2 * n
        under = cell(row + 1, places.TREND_COLUMN).replace("$", "")
        yield ink(
            grid_range(number, row, places.TREND_COLUMN, 1, places.WEEKS),
            f"=N({under})<{LEAST_CASES}",
            GREY,
            bold=False,
        )
    for n, (_, ratio) in enumerate(figures.cards(page)):
        if ratio:
            row, column = places.CARDS + 2, n * places.CARD_WIDTH
            few = f"=N({cell(row, column + 1)})<{LEAST_CASES}"
            yield ink(grid_range(number, row, column, 1, places.CARD_WIDTH), few, GREY, bold=False)


def ink(block: dict[str, int], formula: str, ink: int, *, bold: bool = True) -> Request:
    """Colour the letters of a range where a formula holds."""
    form: dict[str, Any] = {"foregroundColorStyle": {"rgbColor": requests.colour(ink)}}
    if bold:
        form["bold"] = True
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    rule = {"ranges": [block], "booleanRule": {"condition": condition, "format": {"textFormat": form}}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}
