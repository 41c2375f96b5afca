"""Reading cells as Google describes them (CellData), and saying in a few words what each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sheets_crm.operations.probes.asking import Answer, JsonObject, RawClient, Request, put, refused, write

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


def below_each_other(number: int, left: int, formulas: Sequence[str], apart: int = 1) -> dict[str, Request]:
    """Formulas with the requests that write them into a column from the first row on, so many rows apart."""
    return {formula: put(number, apart * n, left, [[formula]]) for n, formula in enumerate(formulas)}


def write_formulas(client: RawClient, formulas: Mapping[str, Request], *before: Request) -> dict[str, str]:
    """Write formulas in one batch; the result names those that were refused, with Google's words.

    Args:
        client: Asks once, and a few times more where a formula is refused: it would take the others along.
        formulas: Each with the request that writes it.
        before: Requests that come before them.
    """
    answer = write(client, *before, *formulas.values())
    if answer[0] == 200:
        return {}
    write(client, *before)
    return dict(_by_halves(client, list(formulas.items()), answer))


def _by_halves(
    client: RawClient, formulas: list[tuple[str, Request]], answer: Answer
) -> Iterator[tuple[str, str]]:
    """Write formulas that were refused together: each half, and of a half that is refused each half again."""
    if len(formulas) == 1:
        yield formulas[0][0], refused(answer)
        return
    middle = len(formulas) // 2
    for half in (formulas[:middle], formulas[middle:]):
        again = write(client, *(request for _, request in half))
        if again[0] != 200:
            yield from _by_halves(client, half, again)


def _of_our_years(effective: Mapping[str, Any]) -> bool:
    """Whether a value is a number of days since 1899 as our years have them: 40,000 was in 2009."""
    number = effective.get("numberValue")
    return number is not None and 40_000 <= number < 80_000


def _format(item: Mapping[str, Any], side: str) -> str:
    given = item.get(side, {}).get("numberFormat", {})
    return " ".join(part for part in (given.get("type", ""), given.get("pattern", "")) if part)


_LONGEST: Final = 120
