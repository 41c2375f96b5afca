"""Basic filters and filter views."""

from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import area_of, public_ranges, range_of
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.ranges import bounded, sheet_of
from sheets_crm.emulator.received_conditions import check_filter_conditions
from sheets_crm.emulator.requests.filtering import check_filter, hide_filtered, show_filtered, with_both_forms
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.requests.sorting import sort_block
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


@answers("setBasicFilter")
def _set_basic_filter(batch: Batch, request: dict[str, Any]) -> None:
    given = with_both_forms(request.get("filter") or {})
    check_filter(given)
    sheet = sheet_of(batch.book, given.get("range") or {})
    top, bottom, left, right = bounded(sheet, given.get("range") or {})
    given["range"] = range_of(sheet.id, Area(top, bottom, left, right))
    _check_columns(given)
    batch.guard.check_bounds(sheet, (top, bottom, left, right))
    check_filter_conditions(batch, given)
    show_filtered(sheet)
    sheet.attach("basicFilter", given)
    if given.get("sortSpecs") and bottom - top > 1:
        sort_block(batch, sheet, (top + 1, bottom, left, right), given["sortSpecs"])
    hide_filtered(batch, sheet, given)


def _check_columns(given: dict[str, Any]) -> None:
    if any(int(column) < 0 for column in given.get("criteria") or ()):
        raise invalid("The columns of a filter's criteria are counted from 0.")


@answers("clearBasicFilter")
def _clear_basic_filter(batch: Batch, request: dict[str, Any]) -> None:
    sheet = sheet_of(batch.book, request)
    old = sheet.attached.get("basicFilter")
    if old:
        batch.guard.check(sheet, area_of(old["range"]))
        show_filtered(sheet)
    sheet.attach("basicFilter", None)


def _view(batch: Batch, number: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in batch.book.sheets:
        for view in sheet.attachments("filterViews"):
            if view["filterViewId"] == number:
                return batch.book.edit(sheet.id), view
    raise invalid(f"No filter view with id: {number}")


def _all_ids(batch: Batch) -> set[int]:
    return {view["filterViewId"] for sheet in batch.book.sheets for view in sheet.attachments("filterViews")}


@answers("addFilterView")
def _add_view(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = with_both_forms(request.get("filter") or {})
    check_filter(given)
    sheet = sheet_of(batch.book, given.get("range") or {})
    given["range"] = range_of(sheet.id, Area(*bounded(sheet, given.get("range") or {})))
    _check_columns(given)
    check_filter_conditions(batch, given)
    number = given.get("filterViewId") or batch.book.new_number(_all_ids(batch))
    if number in _all_ids(batch):
        raise invalid(f"Cannot add filter view with ID: {number}, a filter view with that ID already exists.")
    title = given.get("title") or f"Filter {len(sheet.attachments('filterViews')) + 1}"
    fresh = {**given, "filterViewId": number, "title": title}
    sheet.attach("filterViews", [*sheet.attachments("filterViews"), fresh])
    return {"filter": public_ranges(fresh)}


@answers("updateFilterView")
def _update_view(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = dict(request.get("filter") or {})
    check_filter(given)
    sheet, old = _view(batch, int(given.get("filterViewId") or 0))
    check_filter_conditions(batch, given)
    if given.get("range") is not None:
        given["range"] = range_of(sheet.id, Area(*bounded(sheet, given["range"])))
    if "criteria" in mask and "filterSpecs" not in mask:
        old = {name: value for name, value in old.items() if name != "filterSpecs"}
    fresh = {**with_both_forms(merge_masked(old, given, mask)), "filterViewId": old["filterViewId"]}
    _check_columns(fresh)
    views = sheet.attachments("filterViews")
    sheet.attach("filterViews", [fresh if view["filterViewId"] == old["filterViewId"] else view for view in views])


@answers("deleteFilterView")
def _delete_view(batch: Batch, request: dict[str, Any]) -> None:
    sheet, old = _view(batch, int(request.get("filterId") or 0))
    sheet.attach("filterViews", [view for view in sheet.attachments("filterViews") if view is not old])


@answers("duplicateFilterView")
def _duplicate_view(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    sheet, old = _view(batch, int(request.get("filterId") or 0))
    number = batch.book.new_number(_all_ids(batch))
    fresh = {**old, "filterViewId": number, "title": f"Copy of {old.get('title', '')}"}
    sheet.attach("filterViews", [*sheet.attachments("filterViews"), fresh])
    return {"filter": public_ranges(fresh)}
