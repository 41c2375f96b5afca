"""Cells and ranges in Google's terms: A1 names, cell values for ``updateCells``, serial dates.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheets_crm.messages import Moment
from sheets_crm.pipeline.columns import Cell as Cell  # noqa: PLC0414 - exported for modules that write cells

EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serial numbers have no zone of their own
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula for a cell: English function names, ``;`` between arguments, no decimal literals.

    That spelling is read the same in every workbook locale.

    Attributes:
        text: The formula.
        shown: Its result, where that follows from the text, as a link's title does; "" where it has to be read.
    """

    text: str
    shown: Cell = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RowFormula:
    """A formula that refers to its own row: ``{row}`` is replaced by the row's number."""

    text: str

    def at(self, row: int) -> Formula:
        """The formula for a 0-based grid row."""
        return Formula(self.text.replace("{row}", str(row + 1)))


CellIn = Cell | Formula


def column_letters(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based column of letters: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def quoted(title: str) -> str:
    """A tab's title, quoted for formulas and A1 ranges."""
    return "'" + title.replace("'", "''") + "'"


def a1(title: str, row: int, column: int, rows: int | None = None, columns: int | None = None) -> str:
    """The A1 range of a block; row and column are 0-based, a size of None leaves the side open."""
    start = f"{column_letters(column)}{row + 1}"
    last_column = "" if columns is None else column_letters(column + columns - 1)
    last_row = "" if rows is None else str(row + rows)
    if columns is None and rows is None:
        return f"{quoted(title)}!{start}:{column_letters(18_277)}"
    end = f"{last_column or column_letters(18_277)}{last_row}"
    return f"{quoted(title)}!{start}:{end}"


def cell_value(value: CellIn) -> dict[str, Any]:
    """The CellData that stores a value unchanged: text stays text, even ``=1+1`` or ``007``."""
    if isinstance(value, Formula):
        return {"userEnteredValue": {"formulaValue": value.text}}
    if isinstance(value, str):
        return {"userEnteredValue": {"stringValue": value}} if value else {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    return {"userEnteredValue": {"numberValue": value}}


def row_data(values: Sequence[CellIn]) -> dict[str, Any]:
    """The RowData of a row of values."""
    return {"values": [cell_value(value) for value in values]}


def grid_range(sheet_id: int, row: int, column: int, rows: int | None, columns: int | None) -> dict[str, int]:
    """A GridRange; a size of None leaves the side unbounded."""
    block = {"sheetId": sheet_id, "startRowIndex": row, "startColumnIndex": column}
    if rows is not None:
        block["endRowIndex"] = row + rows
    if columns is not None:
        block["endColumnIndex"] = column + columns
    return block


@lru_cache(maxsize=64)
def zone_known(name: str) -> bool:
    """Whether this machine knows a time zone; Google may know zones that are newer than its tzdata."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_of(name: str) -> ZoneInfo:
    """A time zone by name; UTC for one that this machine does not know, since no lead waits for a certain time."""
    return ZoneInfo(name if zone_known(name) else "UTC")


def serial(moment: dt.datetime, zone: ZoneInfo) -> float:
    """The serial number of an aware time in a workbook of a time zone, to the second."""
    local = moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return round((local - EPOCH).total_seconds() / DAY, 9)


def moment(number: float) -> dt.datetime:
    """The local time of a serial number, in the workbook's time zone."""
    return EPOCH + dt.timedelta(seconds=round(number * DAY))


def same_formula(one: Cell, other: Cell) -> bool:
    """Whether two formulas differ only in what Sheets rewrites: case, quotes of titles, the separator, spaces."""
    return _normalised(one) == _normalised(other)


def _normalised(formula: Cell) -> str:
    text = str(formula).casefold().replace(";", ",").replace("'", "")
    return "".join(text.split())


def spelled(number: Cell) -> str:
    """A serial number as ``2026-11-20 09:41``, for people in their language; any other value as text."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return str(number)
    return spelled_time(moment(number))


def spelled_time(local: dt.datetime) -> Moment:
    """A local time, to the minute, for people in their language."""
    return Moment(local.strftime("%Y-%m-%d %H:%M"))
