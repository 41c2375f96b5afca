"""Find and replace, and trim."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.expressions.engine import TooMuch
from sheets_crm.emulator.expressions.java import NotImplementedHere
from sheets_crm.emulator.expressions.replacing import Replacer
from sheets_crm.emulator.inputs import enter, local_formula
from sheets_crm.emulator.ranges import bounded, sheet_of
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


#: Replaces what is sought in a text, and counts how often.
_Replace: TypeAlias = Callable[[str], tuple[str, int]]


def _replacing(request: dict[str, Any]) -> _Replace:
    """Make ready what a request seeks and what it puts there."""
    text, becomes = request.get("find") or "", request.get("replacement") or ""
    if not text:
        raise invalid("find must not be empty.")
    if request.get("searchByRegex"):
        return _replacing_by_expression(request, text, becomes)
    source = rf"\A{re.escape(text)}\Z" if request.get("matchEntireCell") else re.escape(text)
    sought = re.compile(source, 0 if request.get("matchCase") else re.IGNORECASE)
    return lambda old: sought.subn(lambda _: becomes, old)


def _replacing_by_expression(request: dict[str, Any], text: str, becomes: str) -> _Replace:
    """Replace by Java's rules, in the expression and in the replacement (A: the API's reference)."""
    try:
        replacer = Replacer(text, fold=not request.get("matchCase"), whole=bool(request.get("matchEntireCell")))
    except ValueError as error:
        raise invalid(f"Invalid regular expression: {text}") from error
    except NotImplementedHere as error:
        raise invalid(f"{error} in a regular expression is not implemented by the emulator.") from error
    except TooMuch as error:
        raise invalid("A regular expression as large as this is not implemented by the emulator.") from error
    try:
        written = replacer.replacement(becomes)
    except ValueError as error:
        raise invalid(f"Invalid replacement: {becomes}") from error

    def replace(old: str) -> tuple[str, int]:
        try:
            return replacer.replace(old, written)
        except TooMuch as error:
            words = "This regular expression takes more time or memory than the emulator lets it take."
            raise invalid(words) from error

    return replace


def _scopes(batch: Batch, request: dict[str, Any]) -> list[tuple[Sheet, tuple[int, int, int, int]]]:
    if request.get("range") is not None:
        sheet = sheet_of(batch.book, request["range"])
        return [(sheet, bounded(sheet, request["range"]))]
    if request.get("sheetId") is not None:
        found = [sheet_of(batch.book, request)]
    elif request.get("allSheets"):
        found = [batch.book.edit(sheet.id) for sheet in list(batch.book.sheets)]
    else:
        raise invalid("One of range, sheetId or allSheets must be specified.")
    return [(sheet, (0, sheet.row_count, 0, sheet.column_count)) for sheet in found]


@answers("findReplace")
def _find_replace(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    replace = _replacing(request)
    counts = dict.fromkeys(
        ("valuesChanged", "formulasChanged", "rowsChanged", "sheetsChanged", "occurrencesChanged"), 0
    )
    for sheet, (top, bottom, left, right) in _scopes(batch, request):
        touched = False
        for index in range(top, min(bottom, len(sheet.rows))):
            row = sheet.row(index)
            if row is None:
                continue
            changed = 0
            for column in range(left, min(right, row.width())):
                changed += _replace(batch, sheet, (index, column), replace, request, counts)
            counts["rowsChanged"] += bool(changed)
            touched = touched or bool(changed)
        counts["sheetsChanged"] += touched
    return {name: count for name, count in counts.items() if count}


def _replace(
    batch: Batch,
    sheet: Sheet,
    place: tuple[int, int],
    replace: _Replace,
    request: dict[str, Any],
    counts: dict[str, int],
) -> int:
    row = sheet.row(place[0])
    if row is None or not row.filled(place[1]):
        return 0
    formula = row.formula(place[1])
    if formula is not None and not request.get("includeFormulas"):
        return 0
    style = row.styles.get(place[1]) if row.styles else None
    old = formula if formula is not None else str(Rendering(batch.book.locale).show(row.value(place[1]), style))
    fresh, times = replace(old)
    if not times:
        return 0
    batch.guard.check_bounds(sheet, (place[0], place[0] + 1, place[1], place[1] + 1))
    if formula is not None:
        sheet.put_formula(*place, local_formula(fresh, batch.book.locale))
        counts["formulasChanged"] += 1
    else:
        enter(sheet, *place, fresh, locale=batch.book.locale, now=batch.now)
        counts["valuesChanged"] += 1
    counts["occurrencesChanged"] += times
    batch.cells_written += 1
    return 1


@answers("trimWhitespace")
def _trim_whitespace(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    top, bottom, left, right = box = bounded(sheet, found)
    batch.guard.check_bounds(sheet, box)
    changed = 0
    for index in range(top, min(bottom, len(sheet.rows))):
        row = sheet.row(index)
        for column in range(left, min(right, len(row.values)) if row is not None else left):
            value = row.value(column) if row is not None else None
            if isinstance(value, str) and (trimmed := " ".join(value.split())) != value:
                sheet.put(index, column, trimmed or None)
                changed += 1
    batch.cells_written += changed
    return {"cellsChangedCount": changed} if changed else {}
