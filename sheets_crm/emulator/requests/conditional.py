"""Conditional formats and banding: kept, and shown to who reads the API."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formats_of_cells import with_color_styles
from sheets_crm.emulator.geometry import area_of, overlaps, public_ranges
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.ranges import bounded, on_grid, sheet_of
from sheets_crm.emulator.received_conditions import check_conditional_format
from sheets_crm.emulator.requests.names import with_sheet_id
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


def _rule(sheet: Sheet, given: dict[str, Any]) -> dict[str, Any]:
    ranges = [with_sheet_id({"sheetId": sheet.id, **found}) for found in given.get("ranges") or ()]
    if not ranges:
        raise invalid("rule.ranges must contain at least one range.")
    if any(found["sheetId"] != sheet.id for found in ranges):
        raise invalid("rule.ranges must all be on the same sheet.")
    kept = with_color_styles(given)
    if given.get("gradientRule"):
        kept["gradientRule"] = _gradient(kept["gradientRule"])
    return {**kept, "ranges": [on_grid(sheet, found) for found in ranges]}


def _gradient(rule: dict[str, Any]) -> dict[str, Any]:
    """Check the points of a colour scale, in words that Google answered (B); an end's value is dropped."""
    points = {name: rule.get(name) or {} for name in ("minpoint", "maxpoint")}
    if rule.get("midpoint"):
        points["midpoint"] = rule["midpoint"]
    for name, point in points.items():
        kind = point.get("type")
        if kind in (None, "INTERPOLATION_POINT_TYPE_UNSPECIFIED"):
            raise invalid("No interpolationPointType specified.")
        if kind in ("MIN", "MAX"):
            points[name] = {field: value for field, value in point.items() if field != "value"}
        elif not point.get("value"):
            raise invalid("InterpolationPoint.value is required.")
    return points


@answers("addConditionalFormatRule")
def _add_rule(batch: Batch, request: dict[str, Any]) -> None:
    given = request.get("rule") or {}
    check_conditional_format(batch, given)
    first = (given.get("ranges") or [{}])[0]
    sheet = sheet_of(batch.book, first)
    rules = list(sheet.attachments("conditionalFormats"))
    index = int(request.get("index") or 0)
    if not 0 <= index <= len(rules):
        raise invalid(f"Index {index} is out of bounds.")
    rules.insert(index, _rule(sheet, given))
    sheet.attach("conditionalFormats", rules)


def _existing(batch: Batch, request: dict[str, Any]) -> tuple[Sheet, list[dict[str, Any]], int]:
    sheet = sheet_of(batch.book, request)
    rules, index = list(sheet.attachments("conditionalFormats")), int(request.get("index") or 0)
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet, rules, index


@answers("updateConditionalFormatRule")
def _update_rule(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("rule")
    if given is not None:
        check_conditional_format(batch, given)
    first = ((given or {}).get("ranges") or [{}])[0]
    asked = request if request.get("sheetId") is not None else {**request, "sheetId": first.get("sheetId")}
    sheet, rules, index = _existing(batch, asked)
    old = rules.pop(index)
    if given is not None:
        fresh, to = _rule(sheet, given), index
    else:
        fresh, to = old, int(request.get("newIndex") or 0)
    rules.insert(to, fresh)
    sheet.attach("conditionalFormats", rules)
    reply: dict[str, Any] = {"newRule": public_ranges(fresh), "newIndex": to}
    return {**reply, "oldRule": public_ranges(old)} if given is not None else {**reply, "oldIndex": index}


@answers("deleteConditionalFormatRule")
def _delete_rule(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    sheet, rules, index = _existing(batch, request)
    gone = rules.pop(index)
    sheet.attach("conditionalFormats", rules)
    return {"rule": public_ranges(gone)}


@answers("addBanding")
def _add_banding(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = dict(request.get("bandedRange") or {})
    given["range"] = with_sheet_id(given.get("range") or {})
    sheet = sheet_of(batch.book, given["range"])
    given["range"] = on_grid(sheet, given["range"])
    batch.guard.check_bounds(sheet, bounded(sheet, given["range"]))
    _refuse_banded(sheet, given["range"])
    taken = {band["bandedRangeId"] for tab in batch.book.sheets for band in tab.attachments("bandedRanges")}
    number = given.get("bandedRangeId") or batch.book.new_number(taken)
    if number in taken:
        raise invalid(f"Cannot add banded range with ID: {number}, a banded range with that ID already exists.")
    fresh = {
        "bandedRangeId": number,
        **with_color_styles({k: v for k, v in given.items() if k != "bandedRangeId"}),
    }
    sheet.attach("bandedRanges", [*sheet.attachments("bandedRanges"), fresh])
    return {"bandedRange": public_ranges(fresh)}


def _refuse_banded(sheet: Sheet, found: dict[str, Any], own: int | None = None) -> None:
    """Refuse a range that has bands already, in Google's words (B)."""
    area = area_of(found)
    for band in sheet.attachments("bandedRanges"):
        if band["bandedRangeId"] != own and overlaps(area_of(band["range"]), area):
            raise invalid(
                "You cannot add alternating background colors to a range "
                "that already has alternating background colors."
            )


def _band(batch: Batch, number: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in batch.book.sheets:
        for band in sheet.attachments("bandedRanges"):
            if band["bandedRangeId"] == number:
                return batch.book.edit(sheet.id), band
    raise invalid(f"No banded range with id: {number}")


@answers("updateBanding")
def _update_banding(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = dict(request.get("bandedRange") or {})
    sheet, old = _band(batch, int(given.get("bandedRangeId") or 0))
    if given.get("range") is not None:
        given["range"] = on_grid(sheet, with_sheet_id({"sheetId": sheet.id, **given["range"]}))
        _refuse_banded(sheet, given["range"], old["bandedRangeId"])
    fresh = {**with_color_styles(merge_masked(old, given, mask)), "bandedRangeId": old["bandedRangeId"]}
    bands = sheet.attachments("bandedRanges")
    sheet.attach("bandedRanges", [fresh if band is old else band for band in bands])


@answers("deleteBanding")
def _delete_banding(batch: Batch, request: dict[str, Any]) -> None:
    sheet, old = _band(batch, int(request.get("bandedRangeId") or 0))
    sheet.attach("bandedRanges", [band for band in sheet.attachments("bandedRanges") if band is not old])
