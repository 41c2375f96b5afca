"""Charts and slicers: kept as they were sent, drawn by whoever shows the tab."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.field_kinds import CHARTS
from sheets_crm.emulator.formats_of_cells import with_color_styles
from sheets_crm.emulator.geometry import map_ranges, public_ranges
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.ranges import check_coordinate, on_grid, sheet_of
from sheets_crm.emulator.received_conditions import check_filter_criteria
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []

_KINDS = {"charts": "chartId", "slicers": "slicerId"}
_SIZE = {"widthPixels": 600, "heightPixels": 371}


def _with_ids(value: Any) -> Any:
    return map_ranges(value, lambda found: {"sheetId": 0, **found})


def _refuse_sheet_of_its_own(given: dict[str, Any]) -> None:
    if given.get("newSheet") or given.get("sheetId") is not None:
        raise invalid("A position on a sheet of its own is not implemented by the emulator.")


def _position(given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    overlay = given.get("overlayPosition")
    _refuse_sheet_of_its_own(given)
    if overlay is None:
        raise invalid(
            "One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set"
        )
    # All three are kept, or a chart at the first cell would look like one that follows no edit.
    anchor = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0, **(overlay.get("anchorCell") or {})}
    return anchor["sheetId"], {"overlayPosition": {**_SIZE, **overlay, "anchorCell": anchor}}


def chart_spec(given: dict[str, Any]) -> dict[str, Any]:
    """Give a chart's specification as Google keeps it: checked, and with the fonts that were not named.

    That a chart has a font and a strategy for hidden rows, and its title and titled axes the family of the font,
    is seen in answers of Google's and held by pygsheets' suite (B).

    Raises:
        ApiError: 400 if it is no kind of chart, 500 if a basic one has neither domain nor series, as at Google (B).
    """
    kinds = [kind for kind in CHARTS if given.get(kind) is not None]
    if not kinds:
        raise invalid(
            "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart "
            "must be set on chartSpec."
        )
    basic = given.get("basicChart")
    if basic is not None and not basic.get("domains") and not basic.get("series"):
        raise ApiError(500, "Internal error encountered.")
    spec: dict[str, Any] = with_color_styles(_with_ids(given))
    font = spec.get("fontName") or "Roboto"
    for text in ("title", "subtitle"):
        if spec.get(text):
            spec[f"{text}TextFormat"] = {"fontFamily": font, **(spec.get(f"{text}TextFormat") or {})}
    if basic is not None and basic.get("axis"):
        axes = [_with_font(axis, font) if axis.get("title") else axis for axis in spec["basicChart"]["axis"]]
        spec["basicChart"] = {**spec["basicChart"], "axis": axes}
    return {"hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS", **spec, "fontName": font}


def _with_font(axis: dict[str, Any], font: str) -> dict[str, Any]:
    return {**axis, "format": {"fontFamily": font, **(axis.get("format") or {})}}


def _slicer_spec(batch: Batch, given: dict[str, Any]) -> dict[str, Any]:
    """Give a slicer's specification as it is kept; its range is refused like any other (C)."""
    spec: dict[str, Any] = with_color_styles(_with_ids(given))
    found = spec.get("dataRange")
    if found is None:
        return spec
    found = {"sheetId": 0, **found}
    return {**spec, "dataRange": on_grid(batch.book.sheet(found["sheetId"]), found)}


def _taken(batch: Batch) -> set[int]:
    found = {item[name] for sheet in batch.book.sheets for kind, name in _KINDS.items()
             for item in sheet.attachments(kind)}  # fmt: skip
    return found | {sheet.id for sheet in batch.book.sheets}


def _find(batch: Batch, number: int) -> tuple[Sheet, str, dict[str, Any]]:
    for sheet in batch.book.sheets:
        for kind, name in _KINDS.items():
            for item in sheet.attachments(kind):
                if item[name] == number:
                    return batch.book.edit(sheet.id), kind, item
    raise invalid(f"No embedded object with id: {number}")


def _add(batch: Batch, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    name = _KINDS[kind]
    number = given.get(name) or batch.book.new_number(_taken(batch))
    if number in _taken(batch):
        raise invalid(f"An embedded object with ID {number} already exists.")
    if not given.get("spec"):
        raise invalid("spec must be specified.")
    spec = chart_spec(given["spec"]) if kind == "charts" else _slicer_spec(batch, given["spec"])
    sheet_id, position = _position(given.get("position") or {})
    sheet = batch.book.edit(sheet_id)
    anchor = position["overlayPosition"]["anchorCell"]
    check_coordinate(sheet, anchor["rowIndex"], anchor["columnIndex"])
    placed = {name: number, "spec": spec, "position": position}
    sheet.attach(kind, [*sheet.attachments(kind), placed])
    return placed


@answers("addChart")
def _add_chart(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    return {"chart": public_ranges(_add(batch, "charts", request.get("chart") or {}))}


@answers("addSlicer")
def _add_slicer(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    check_filter_criteria(batch, ((request.get("slicer") or {}).get("spec") or {}).get("filterCriteria"))
    return {"slicer": public_ranges(_add(batch, "slicers", request.get("slicer") or {}))}


def _swap(sheet: Sheet, kind: str, old: dict[str, Any], fresh: dict[str, Any]) -> None:
    sheet.attach(kind, [fresh if item is old else item for item in sheet.attachments(kind)])


@answers("updateChartSpec")
def _update_chart(batch: Batch, request: dict[str, Any]) -> None:
    sheet, kind, old = _find(batch, int(request.get("chartId") or 0))
    if kind != "charts" or not request.get("spec"):
        raise invalid(
            f"No chart with id: {request.get('chartId') or 0}" if kind != "charts" else "spec must be specified."
        )
    _swap(sheet, kind, old, {**old, "spec": chart_spec(request["spec"])})


@answers("updateSlicerSpec")
def _update_slicer(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    sheet, kind, old = _find(batch, int(request.get("slicerId") or 0))
    check_filter_criteria(batch, (request.get("spec") or {}).get("filterCriteria"))
    spec = _slicer_spec(batch, merge_masked(old["spec"], request.get("spec"), mask))
    _swap(sheet, kind, old, {**old, "spec": spec})


@answers("updateEmbeddedObjectPosition")
def _update_position(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    sheet, kind, old = _find(batch, int(request.get("objectId") or 0))
    given = request.get("newPosition") or {}
    _refuse_sheet_of_its_own(given)
    mask = required_mask(request)
    overlay = merge_masked(old["position"]["overlayPosition"], given.get("overlayPosition"), mask)
    sheet_id, position = _position({"overlayPosition": overlay})
    cell = position["overlayPosition"]["anchorCell"]
    check_coordinate(batch.book.sheet(sheet_id), cell["rowIndex"], cell["columnIndex"])
    fresh = {**old, "position": position}
    if sheet_id == sheet.id:
        _swap(sheet, kind, old, fresh)
    else:
        sheet.attach(kind, [item for item in sheet.attachments(kind) if item is not old])
        target = sheet_of(batch.book, {"sheetId": sheet_id})
        target.attach(kind, [*target.attachments(kind), fresh])
    return {"position": public_ranges(position)}


@answers("deleteEmbeddedObject")
def _delete(batch: Batch, request: dict[str, Any]) -> None:
    sheet, kind, old = _find(batch, int(request.get("objectId") or 0))
    sheet.attach(kind, [item for item in sheet.attachments(kind) if item is not old])
