"""Protected ranges and sheets."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.protection import protected_error
from sheets_crm.emulator.ranges import on_grid
from sheets_crm.emulator.requests.names import with_sheet_id
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []

_KEPT = ("description", "warningOnly", "namedRangeId", "tableId")
_CELLS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


def _find(batch: Batch, number: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet, found in batch.book.protections():
        if found["protectedRangeId"] == number:
            return sheet, found
    raise invalid(f"No protected range with id: {number}")


def _read(batch: Batch, given: dict[str, Any]) -> dict[str, Any]:
    """Read a request's ProtectedRange, checking what Google checks."""
    fresh = {name: given[name] for name in _KEPT if given.get(name)}
    found = given.get("range")
    if given.get("namedRangeId"):
        named = batch.book.named_ranges.get(given["namedRangeId"])
        if named is None:
            raise invalid(f"No NamedRange with id: {given['namedRangeId']}")
        found = named["range"]
    fresh["range"] = with_sheet_id(found or {})
    sheet = batch.book.sheet(fresh["range"]["sheetId"])
    fresh["range"] = on_grid(sheet, fresh["range"])
    _read_holes(sheet, given, fresh)
    _read_editors(given, fresh)
    return fresh


def _read_holes(sheet: Sheet, given: dict[str, Any], fresh: dict[str, Any]) -> None:
    holes = [with_sheet_id({"sheetId": sheet.id, **hole}) for hole in given.get("unprotectedRanges") or ()]
    if holes and any(fresh["range"].get(name) is not None for name in _CELLS):
        raise invalid("unprotectedRanges can only be set on a protected sheet, not on a protected range.")
    for hole in holes:
        if hole["sheetId"] != sheet.id:
            raise invalid("unprotectedRanges must be on the protected sheet.")
    if holes:
        fresh["unprotectedRanges"] = [on_grid(sheet, hole) for hole in holes]


def _read_editors(given: dict[str, Any], fresh: dict[str, Any]) -> None:
    editors = {name: value for name, value in (given.get("editors") or {}).items() if value}
    if editors and fresh.get("warningOnly"):
        raise invalid("ProtectedRange is warningOnly. Editors cannot be set on it.")
    if editors:
        fresh["editors"] = editors


def _check_one_for_a_sheet(sheet: Sheet, fresh: dict[str, Any], own: int) -> None:
    if any(fresh["range"].get(name) is not None for name in _CELLS):
        return
    for other in sheet.attachments("protectedRanges"):
        whole = not any(other["range"].get(name) is not None for name in _CELLS)
        if whole and other["protectedRangeId"] != own:
            raise invalid(f'Sheet "{sheet.title}" already has sheet protection.')


@answers("addProtectedRange")
def _add(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("protectedRange") or {}
    taken = {found["protectedRangeId"] for _, found in batch.book.protections()}
    number = given.get("protectedRangeId") or batch.book.new_number(taken)
    if number in taken:
        raise invalid(
            f"Cannot add protected range with ID: {number}, a protected range with that ID already exists."
        )
    fresh = {"protectedRangeId": number, **_read(batch, given)}
    sheet = batch.book.edit(fresh["range"]["sheetId"])
    _check_one_for_a_sheet(sheet, fresh, number)
    if not batch.guard.free and not fresh.get("warningOnly"):
        users = (fresh.get("editors") or {}).get("users") or []
        fresh["editors"] = {**(fresh.get("editors") or {}), "users": sorted({*users, batch.guard.email})}
    sheet.attach("protectedRanges", [*sheet.attachments("protectedRanges"), fresh])
    return {"protectedRange": {**fresh, "requestingUserCanEdit": True, "editors": fresh.get("editors") or {}}}


@answers("updateProtectedRange")
def _update(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = request.get("protectedRange") or {}
    old_sheet, old = _find(batch, int(given.get("protectedRangeId") or 0))
    if not batch.guard.may_edit({**old, "warningOnly": False}):
        raise protected_error()
    fresh = {"protectedRangeId": old["protectedRangeId"], **_read(batch, merge_masked(old, given, mask))}
    sheet = batch.book.edit(fresh["range"]["sheetId"])
    _check_one_for_a_sheet(sheet, fresh, old["protectedRangeId"])
    if sheet.id != old_sheet.id:
        raise invalid("A protected range cannot move to another sheet.")
    items = sheet.attachments("protectedRanges")
    same = old["protectedRangeId"]
    sheet.attach("protectedRanges", [fresh if item["protectedRangeId"] == same else item for item in items])


@answers("deleteProtectedRange")
def _delete(batch: Batch, request: dict[str, Any]) -> None:
    sheet, old = _find(batch, int(request.get("protectedRangeId") or 0))
    if not batch.guard.may_edit({**old, "warningOnly": False}):
        raise protected_error()
    target = batch.book.edit(sheet.id)
    target.attach("protectedRanges", [item for item in target.attachments("protectedRanges") if item is not old])
