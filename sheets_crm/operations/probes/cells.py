"""Reading cells as Google describes them (CellData), and saying in a few words what each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sheets_crm.operations.probes.asking import JsonObject, RawClient, Request, put, refused, write

LOOKS: Final = (
    "userEnteredValue,effectiveValue,formattedValue,userEnteredFormat(numberFormat),effectiveFormat(numberFormat)"
)
VALUES: Final = "effectiveValue"


def read(client: RawClient, *ranges: str, fields: str = LOOKS) -> list[list[list[JsonObject]]]:
    """The cells of ranges in the order of the tabs: for each block its rows of CellData.

    Args:
        client: Asks once, for all ranges.
        ranges: In A1 notation.
        fields: The fields of CellData that are asked for.
    """
    mask = f"sheets(data(rowData(values({fields}))))"
    _, body = client.get("", {"ranges": list(ranges), "fields": mask})
    return [
        [row.get("values", []) for row in data.get("rowData", [])]
        for sheet in body.get("sheets", [])
        for data in sheet.get("data", [])
    ]


def read_one(client: RawClient, where: str, fields: str = LOOKS) -> list[list[JsonObject]]:
    """The cells of one range, row by row; blank rows at its end may be missing, and blank cells at the end of a row."""
    return next(iter(read(client, where, fields=fields)), [])


def at(rows: Sequence[Sequence[JsonObject]], row: int, place: int = 0) -> JsonObject:
    """One cell of a block, ``{}`` where the answer ends before it: servers differ in what blank ends they leave out."""
    return rows[row][place] if row < len(rows) and place < len(rows[row]) else {}


def column(client: RawClient, where: str, names: Sequence[str], fields: str = LOOKS) -> dict[str, JsonObject]:
    """The first column of a range: its cells under the names of their cases, blank ones as ``{}``."""
    rows = read_one(client, where, fields)
    return {name: at(rows, n) for n, name in enumerate(names)}


def looks(client: RawClient, where: str, names: Sequence[str], dated: Iterable[str] = ()) -> dict[str, str]:
    """What each cell of a column holds and shows, and its number format.

    Args:
        client: Asks once.
        where: The column in A1 notation.
        names: The case of each row.
        dated: Cases that may be days of the year in which they are asked: then their numbers are left out.
    """
    without = set(dated)
    cells = column(client, where, names)
    return {name: said(item, asked=name, dated=name in without) for name, item in cells.items()}


def said(item: Mapping[str, Any], *, asked: str = "", dated: bool = False) -> str:
    """One cell in words: ``46115 shown 03/04/2026 as DATE d/m/yyyy``.

    Args:
        item: CellData.
        asked: The formula that was written; it is told only where another one is read back.
        dated: Whether it may be a day of the year in which it is asked.
    """
    content = plain(item.get("effectiveValue", {}))
    shown = item.get("formattedValue")
    words = content
    if dated and _of_our_years(item.get("effectiveValue", {})):
        # The text too, unless its pattern leaves the year out.
        pattern = _format(item, "effectiveFormat")
        bare = pattern.startswith("DATE ") and "y" not in pattern
        words = "a day of this year" + (f" shown {shown}" if bare else "")
    elif shown is not None and repr(shown) != content and shown != content:
        words += f" shown {shown}"
    formula = item.get("userEnteredValue", {}).get("formulaValue", asked)
    entered = _format(item, "userEnteredFormat")
    effective = _format(item, "effectiveFormat")
    if effective:
        words += f" as {effective}"
    if entered != effective:
        words += f" (entered {entered or 'without a format'})"
    return words if formula == asked else f"{words} of {formula}"


def plain(effective: Mapping[str, Any]) -> str:
    """A value in words: numbers and flags bare, texts quoted, errors by their type."""
    if not effective:
        return "blank"
    if "errorValue" in effective:
        return f"error {effective['errorValue'].get('type', '?')}"
    if "boolValue" in effective:
        return str(effective["boolValue"]).upper()
    content = next(iter(effective.values()))
    if isinstance(content, str):
        return repr(content) if len(content) <= _LONGEST else f"a text of {len(content)}"
    return f"{content:.15g}"


def grid_words(rows: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """A block of values in words, row by row, without its blank ends: ``1 2 / 'a' blank``."""
    lines = [[plain(item.get("effectiveValue", {})) for item in row] for row in rows]
    for line in lines:
        while line and line[-1] == "blank":
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return " / ".join(" ".join(line) or "blank" for line in lines) or "blank"


def write_formulas(
    client: RawClient, number: int, left: int, formulas: Sequence[str], *before: Request
) -> dict[str, str]:
    """Write formulas below each other; the result names those that were refused, with Google's words.

    Args:
        client: Asks once, or once for each formula where they are refused together.
        number: Id of the tab.
        left: Their column, counted from 0; the first is in the first row.
        formulas: The formulas.
        before: Requests that come before them in the batch.
    """
    answer = write(client, *before, put(number, 0, left, [[formula] for formula in formulas]))
    if answer[0] == 200:
        return {}
    write(client, *before)
    answers = {formula: write(client, put(number, n, left, [[formula]])) for n, formula in enumerate(formulas)}
    return {formula: refused(answer) for formula, answer in answers.items() if answer[0] != 200}


def _of_our_years(effective: Mapping[str, Any]) -> bool:
    """Whether a value is a number of days since 1899 as our years have them: 40,000 was in 2009."""
    number = effective.get("numberValue")
    return number is not None and 40_000 <= number < 80_000


def _format(item: Mapping[str, Any], side: str) -> str:
    given = item.get(side, {}).get("numberFormat", {})
    return " ".join(part for part in (given.get("type", ""), given.get("pattern", "")) if part)


_LONGEST: Final = 120
