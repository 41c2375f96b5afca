"""Cells of a two-way table as values of their columns.

Whole numbers, numbers and amounts are numbers; dates are whole serial numbers, moments serial numbers with a fraction;
a choice is its id; a tick is a boolean; a blank cell is "" or FALSE. A cell that is not understood has a problem, which
says what stands there and what is allowed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import Problem
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import length, shown, word_key
from sheets_crm.pipeline.ticks import is_tick, is_understood
from sheets_crm.workbook.cells import DAY, EPOCH, Cell
from sheets_crm.workbook.declaration import Choice, TabColumn
from sheets_crm.workbook.two_way.columns import blank
from sheets_crm.workbook.two_way.join import ERROR

LONGEST: Final = 20_000
"""Most characters of one cell."""
QUOTED: Final = 60
"""Characters of a cell that a problem quotes."""
ERRORS: Final = re.compile(r"#(N/[AD]|NULL!|ERROR!|¡?(DIV/0|VALUE|VALOR|REF|NUM)!|¿?(NAME|NOMBRE)\?)")
"""What an error cell shows, in English and Spanish."""
LAST_DAY: Final = 2_958_465
"""The serial number of 9999-12-31, the last day that Sheets knows."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell's value, and why there is none; the value of a cell with a problem is that of a blank one."""

    value: Cell
    problem: Problem | None = None


def typed(column: TabColumn, cell: Cell, language: str) -> Typed:
    """The value of a cell.

    Args:
        column: Its column.
        cell: The cell as read: numbers and booleans as such, dates as serial numbers, an error as its text.
        language: The workbook's, for the names in a problem: "es" or "en".
    """
    if cell == "" and isinstance(cell, str):
        return Typed(blank(column))
    problem = _refused(column, cell, language)
    if problem is not None:
        return Typed(blank(column), problem)
    if column.choices:
        return _choice(column, cell, language)
    if cell is False and column.kind is Kind.TEXT and column.required:
        return Typed("FALSE")  # the word false, which Sheets has turned into a boolean
    value = _READ[column.kind](cell)
    if value is not None:
        return Typed(value)
    return Typed(blank(column), _not_understood(column, cell, language))


def value_of_part(column: TabColumn, part: str, language: str) -> Cell | None:
    """The value that a part of a join stands for; None if it stands for none, as an error does, or was cut."""
    cut = _CUT.search(part)
    if part == ERROR or (cut and int(cut[1]) > cut.start() >= LEAST_CUT):
        return None
    cell: Cell = part
    if column.kind is not Kind.TEXT and _POINTED.fullmatch(part):
        cell = float(part)
    reading = typed(column, cell, language)
    return None if reading.problem else reading.value


_CUT: Final = re.compile(r"…(\d+)$")
"""The end of a part that was cut: the length of the whole cell."""
MOST_CHOICES: Final = 15
"""The most choices that a message names one by one; the list of the cell has them all."""
SOME_CHOICES: Final = 3
"""How many it names of a longer list, as examples."""
LEAST_CUT: Final = 1_000
"""Fewer characters than any part keeps that is cut."""


def _refused(column: TabColumn, cell: Cell, language: str) -> Problem | None:
    """The problem of an error cell or of one that is too long, whatever its column."""
    text, header = shown(cell), column.name(language)
    if isinstance(cell, str) and (cell == ERROR or ERRORS.fullmatch(cell)):
        return Problem("two_way.error", header=header, value=cell)
    if length(text) > LONGEST:
        return Problem("two_way.long", header=header, count=str(length(text)), limit=str(LONGEST))
    return None


def _choice(column: TabColumn, cell: Cell, language: str) -> Typed:
    word = _name_key(shown(cell))
    by_name = _names(column.choices)
    if not word or word in by_name:
        return Typed(by_name.get(word, ""))
    code, named = "two_way.choice", column.choices
    if len(named) > MOST_CHOICES:
        code, named = "two_way.choice_of_list", named[:SOME_CHOICES]
    allowed = ", ".join(choice.name(language) for choice in named)
    return Typed("", Problem(code, header=column.name(language), value=_quoted(cell), allowed=allowed))


def _names(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Id by every name of a choice; an id or name that two choices share is that of the first."""
    by_name: dict[str, str] = {}
    for names in ((c.id for c in choices), (c.name("es") for c in choices), (c.name("en") for c in choices)):
        for choice, name in zip(choices, names, strict=True):
            by_name.setdefault(_name_key(name), choice.id)
    return by_name


def _name_key(text: str) -> str:
    """The form in which names of choices are compared: without case, accents, spaces, hyphens and underscores."""
    return word_key(text).replace("_", "")


def _not_understood(column: TabColumn, cell: Cell, language: str) -> Problem:
    header, value = column.name(language), _quoted(cell)
    match column.kind:
        case Kind.WHOLE:
            return Problem("two_way.whole", header=header, value=value)
        case Kind.DATE:
            return Problem("two_way.date", header=header, value=value)
        case Kind.WHEN:
            return Problem("two_way.moment", header=header, value=value)
        case Kind.FLAG:
            return Problem("two_way.flag", header=header, value=value)
        case _:
            return Problem("two_way.number", header=header, value=value)


def _quoted(cell: Cell) -> str:
    text = shown(cell)
    return text if len(text) <= QUOTED else text[:QUOTED] + "…"


def _text(cell: Cell) -> Cell:
    # FALSE is an unticked checkbox and counts as blank, as in the join.
    return "" if cell is False else shown(cell)


def _flag(cell: Cell) -> Cell | None:
    return is_tick(cell) if is_understood(cell) else None


def _whole(cell: Cell) -> Cell | None:
    number = _number(cell)
    return None if number is None or not float(number).is_integer() else int(number)


_POINTED: Final = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d+)?")
_COMMAED: Final = re.compile(r"-?\d+,\d+")
_GROUPED: Final = {
    ",": re.compile(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}"),
    ".": re.compile(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d{1,3}(,\d{3}){2,}"),
}
"""Numbers with grouped thousands, by their decimal mark."""
_AMBIGUOUS: Final = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
"""1.234 and 1,234 are a thousand in one country and one in another: as text they are not understood."""


def _number(cell: Cell) -> int | float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return cell if math.isfinite(cell) else None
    text = cell.strip().strip("€$ \u00a0").strip()
    if _AMBIGUOUS.fullmatch(text):
        return None
    for mark, pattern in _GROUPED.items():
        if pattern.fullmatch(text):
            text = text.replace("." if mark == "," else ",", "").replace(",", ".")
    if _COMMAED.fullmatch(text):
        text = text.replace(",", ".")
    return float(text) if _POINTED.fullmatch(text) else None


def _moment(cell: Cell) -> Cell | None:
    if isinstance(cell, str):
        return _serial_of_text(cell.strip())
    if isinstance(cell, bool):
        return None
    return cell if 0 < cell < LAST_DAY + 1 else None


def _date(cell: Cell) -> Cell | None:
    serial = _moment(cell)
    return None if serial is None else math.floor(float(serial))


_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( \d{1,2}:\d{2}(:\d{2})?)?")


def _serial_of_text(text: str) -> Cell | None:
    """The serial number of a date as text: ISO, or one in which day and month cannot be taken for each other."""
    match = _DAY_FIRST.fullmatch(text)
    if match:
        first, second, year = int(match[1]), int(match[2]), match[3]
        day, month = (first, second) if first > 12 or first == second else (second, first)
        if day <= 12 and day != month:
            return None
        text = f"{year}-{month:02}-{day:02}" + (f" {match[4].strip():0>5}" if match[4] else "")
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    # A zone in the text would have to be turned into the workbook's, which is not known here.
    return None if moment.tzinfo else round((moment - EPOCH).total_seconds() / DAY, 9)


_READ: Final[Mapping[Kind, Callable[[Cell], Cell | None]]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.FLAG: _flag,
    Kind.DATE: _date,
    Kind.WHEN: _moment,
}
