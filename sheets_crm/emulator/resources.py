"""The `Spreadsheet` resource as answers show it.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets#Spreadsheet
"""

from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.conditional_cells import conditional_cells
from sheets_crm.emulator.defaults import without_defaults
from sheets_crm.emulator.evaluation import Computed, Evaluator
from sheets_crm.emulator.formats_of_cells import DEFAULT_FORMAT, THEME
from sheets_crm.emulator.geometry import public_ranges
from sheets_crm.emulator.grid_data import below, grid_data
from sheets_crm.emulator.masks import Mask, apply_mask, covers
from sheets_crm.emulator.protection import Guard
from sheets_crm.emulator.ranges import Place
from sheets_crm.emulator.schema import fields_of
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["describe", "sheet_properties", "spreadsheet_properties"]

_EVERYTHING = Area(0, None, 0, None)
_LOOKED_AT = 1_000


def spreadsheet_properties(book: Spreadsheet) -> dict[str, Any]:
    """Give the `SpreadsheetProperties`."""
    kept = dict(book.properties)
    theme = kept.pop("spreadsheetTheme", THEME)
    return {"title": book.title, **kept, "defaultFormat": DEFAULT_FORMAT, "spreadsheetTheme": theme}


def sheet_properties(book: Spreadsheet, sheet: Sheet) -> dict[str, Any]:
    """Give the `SheetProperties`, with the index and the size of the grid."""
    kept = {name: value for name, value in sheet.properties.items() if name not in ("title", "sheetType")}
    grid = {"rowCount": sheet.row_count, "columnCount": sheet.column_count, **sheet.grid}
    return {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": sheet.properties["sheetType"],
        **kept,
        "gridProperties": grid,
    }


def describe(
    book: Spreadsheet,
    guard: Guard,
    evaluator: Evaluator,
    mask: Mask,
    *,
    places: list[Place] | None = None,
    grid: bool = False,
) -> dict[str, Any]:
    """Give the `Spreadsheet` resource.

    Args:
        book: The spreadsheet.
        guard: Who asks; decides `requestingUserCanEdit`.
        evaluator: Computes formulas, if cells are asked for.
        mask: The field mask; empty for all but cells.
        places: Areas to which tabs and cells are restricted.
        grid: Whether cells are asked for; a mask decides by itself.
    """
    wants_cells = covers(mask, "sheets", "data") if mask and "*" not in mask else grid
    wanted = mask.get("sheets", {}) if mask and "*" not in mask else {}
    shown_ids = {place.sheet.id for place in places} if places else None
    sheets = []
    for sheet in book.sheets if covers(mask, "sheets") else ():
        if shown_ids is None or sheet.id in shown_ids:
            found = apply_mask(_describe_sheet(book, sheet, guard, wanted), wanted)
            if wants_cells:
                areas = [place.area for place in places or () if place.sheet.id == sheet.id] or [_EVERYTHING]
                found["data"] = _cells(book, sheet, areas, evaluator, below(wanted, "data"))
            sheets.append(found)
    resource: dict[str, Any] = {
        "spreadsheetId": book.id,
        "properties": spreadsheet_properties(book),
    }
    if book.named_ranges:
        resource["namedRanges"] = public_ranges(list(book.named_ranges.values()))
    resource["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    whole = [entry for entry in book.metadata.values() if entry["location"]["locationType"] == "SPREADSHEET"]
    if whole:
        resource["developerMetadata"] = public_ranges(whole)
    masked: dict[str, Any] = apply_mask(resource, mask)
    return {**masked, "sheets": sheets} if sheets else masked


def _cells(book: Spreadsheet, sheet: Sheet, areas: list[Area], evaluator: Evaluator, mask: Mask) -> list[Any]:
    wanted = covers(mask, "rowData") and not all(_literal(sheet, area) for area in areas)
    shown = [sheet.bounds(area) for area in areas] if _shows(mask) else ()
    computed = evaluator.computed(book, sheet, looks=shown) if wanted else Computed()
    found = []
    for area in areas:
        bounds = sheet.bounds(area)
        painted = conditional_cells(book, sheet, bounds, evaluator, computed) if _is_painted(sheet, mask) else {}
        data = grid_data(sheet, bounds, mask, book.locale, computed, painted)
        _add_dimension_metadata(book, sheet, data, area)
        for name in data.keys() & {"rowMetadata", "columnMetadata"}:
            data[name] = apply_mask(data[name], below(mask, name))
        found.append(data)
    return found


def _shows(mask: Mask) -> bool:
    """Whether a mask below `sheets.data` asks for anything that number formats and links of formulas decide."""
    cells = below(mask, "rowData", "values")
    return any(covers(cells, name) for name in ("formattedValue", "effectiveFormat", "hyperlink"))


def _is_painted(sheet: Sheet, mask: Mask) -> bool:
    """Whether a mask below `sheets.data` asks for formats that conditional formatting decides."""
    asked = covers(mask, "rowData") and covers(below(mask, "rowData", "values"), "effectiveFormat")
    return asked and bool(sheet.attachments("conditionalFormats"))


def _literal(sheet: Sheet, area: Area) -> bool:
    """Whether every cell of an area holds a literal, so that neither a formula nor a spill is in it."""
    top, bottom, left, right = sheet.bounds(area)
    if bottom - top > _LOOKED_AT:
        return False
    rows = [sheet.row(index) for index in range(top, bottom)]
    return all(row is not None and len(row.values) >= right and None not in row.values[left:right] for row in rows)


def _add_dimension_metadata(book: Spreadsheet, sheet: Sheet, data: dict[str, Any], area: Area) -> None:
    for entry in book.metadata.values():
        span = entry["location"].get("dimensionRange")
        if span is None or span["sheetId"] != sheet.id:
            continue
        name, first = ("rowMetadata", area.top) if span["dimension"] == "ROWS" else ("columnMetadata", area.left)
        index = span["startIndex"] - first
        lines = data.get(name) or []
        if 0 <= index < len(lines):
            lines[index].setdefault("developerMetadata", []).append(public_ranges(entry))


def _describe_sheet(book: Spreadsheet, sheet: Sheet, guard: Guard, mask: Mask) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if covers(mask, "properties"):
        found["properties"] = sheet_properties(book, sheet)
    for name, items in sheet.attached.items():
        if covers(mask, name):
            shown = _protections(book, guard, items) if name == "protectedRanges" else items
            found[name] = public_ranges(without_defaults(shown, fields_of("Sheet")[name]))
    on_sheet = [entry for entry in book.metadata.values() if entry["location"].get("sheetId") == sheet.id]
    if on_sheet:
        found["developerMetadata"] = public_ranges(on_sheet)
    return found


def _protections(book: Spreadsheet, guard: Guard, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show protections as the asking person sees them: editors only to those who may edit."""
    shown = []
    for item in items:
        editors = item.get("editors") or {}
        users = sorted({*(editors.get("users") or []), book.file["owner"]})
        seen = {name: value for name, value in item.items() if name != "editors"}
        if guard.may_edit(item):
            seen.update(requestingUserCanEdit=True, editors={**editors, "users": users})
        shown.append(seen)
    return shown
