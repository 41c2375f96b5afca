"""Named ranges."""

import re
from typing import Any

from sheets_crm.emulator.a1 import parse_cells
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.ranges import on_grid
from sheets_crm.emulator.requests.registry import answers

__all__ = ["with_sheet_id"]

_NAME = re.compile(r"[^\W\d]\w{0,249}")


def with_sheet_id(found: dict[str, Any]) -> dict[str, Any]:
    """Spell out the `sheetId` of a request's range, and leave out what is null."""
    return {"sheetId": 0, **{key: value for key, value in found.items() if value is not None}}


def _check_name(batch: Batch, name: str, own: str | None) -> None:
    if not _NAME.fullmatch(name) or name.upper() in ("TRUE", "FALSE") or parse_cells(name):
        raise invalid("The name given to this range is invalid.")
    for number, found in batch.book.named_ranges.items():
        if found["name"].casefold() == name.casefold() and number != own:
            raise invalid(
                f"Cannot add named range with name: {name}, a named range with that name already exists."
            )


@answers("addNamedRange")
def _add(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("namedRange") or {}
    number = given.get("namedRangeId") or str(batch.book.new_number())
    if number in batch.book.named_ranges:
        raise invalid(f"Cannot add named range with ID: {number}, a named range with that ID already exists.")
    _check_name(batch, given.get("name") or "", None)
    found = with_sheet_id(given.get("range") or {})
    found = on_grid(batch.book.sheet(found["sheetId"]), found)
    named = {"namedRangeId": number, "name": given["name"], "range": found}
    batch.book.named_ranges[number] = named
    _mark(batch)
    return {"namedRange": named}


@answers("updateNamedRange")
def _update(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = request.get("namedRange") or {}
    number = given.get("namedRangeId") or ""
    if number not in batch.book.named_ranges:
        raise invalid(f"No NamedRange with id: {number}")
    if given.get("range") is not None:
        given = {**given, "range": with_sheet_id(given["range"])}
    fresh = {**merge_masked(batch.book.named_ranges[number], given, mask), "namedRangeId": number}
    _check_name(batch, fresh.get("name") or "", number)
    fresh["range"] = on_grid(batch.book.sheet(fresh["range"]["sheetId"]), fresh["range"])
    batch.book.named_ranges[number] = fresh
    _mark(batch)


@answers("deleteNamedRange")
def _delete(batch: Batch, request: dict[str, Any]) -> None:
    number = request.get("namedRangeId") or ""
    if batch.book.named_ranges.pop(number, None) is None:
        raise invalid(f"No named range with id: {number}")
    _mark(batch)


def _mark(batch: Batch) -> None:
    """Formulas may read the name: let them be computed again."""
    for sheet in list(batch.book.sheets):
        if sheet.formulas():
            batch.book.edit(sheet.id).mark_all()
