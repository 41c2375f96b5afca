"""Tabs and the spreadsheet's own properties."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formats_of_cells import with_color_styles
from sheets_crm.emulator.formulas import references
from sheets_crm.emulator.formulas.locales import to_canonical, to_locale
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError
from sheets_crm.emulator.geometry import map_ranges
from sheets_crm.emulator.masks import Mask, covers, merge_masked, required_mask
from sheets_crm.emulator.regional import check_regional
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.resources import sheet_properties
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet, check_columns

__all__ = ["copy_sheet"]

_TITLE_LIMIT = 100
_GRID_FIELDS = {"rowCount", "columnCount"}


@answers("addSheet")
def _add_sheet(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = dict(request.get("properties") or {})
    book = batch.book
    if given.get("sheetType") not in (None, "GRID", "SHEET_TYPE_UNSPECIFIED"):
        raise invalid(f"sheetType {given['sheetType']} is not implemented by the emulator.")
    sheet_id = _free_id(book, given.get("sheetId"))
    title = given.get("title") or _next_title(book)
    _check_title(book, title)
    grid = {key: value for key, value in (given.get("gridProperties") or {}).items() if value is not None}
    rows, columns = grid.pop("rowCount", 1000), grid.pop("columnCount", 26)
    sheet = Sheet(sheet_id, title, rows, columns, book.token)
    _check_grid(sheet)
    sheet.properties.update(_kept_properties(given))
    if any(grid.values()):
        sheet.properties["gridProperties"] = {key: value for key, value in grid.items() if value}
    _check_frozen(sheet)
    index = given.get("index")
    if index is not None and not 0 <= index <= len(book.sheets):
        raise invalid(f"Sheet index {index} is out of bounds.")
    book.add(sheet, index)
    book.check_cells()
    return {"properties": sheet_properties(book, sheet)}


def _kept_properties(given: dict[str, Any]) -> dict[str, Any]:
    kept = {name: given[name] for name in ("hidden", "rightToLeft") if given.get(name)}
    colors = {name: given[name] for name in ("tabColor", "tabColorStyle") if given.get(name)}
    return {**kept, **with_color_styles(colors)}


def _free_id(book: Spreadsheet, wanted: int | None) -> int:
    if wanted is None:
        return book.new_number()
    if any(sheet.id == wanted for sheet in book.sheets):
        raise invalid(f"Sheet with id {wanted} already exists.")
    if wanted < 0:
        raise invalid("Sheet id must be non-negative.")
    return wanted


def _next_title(book: Spreadsheet) -> str:
    number = len(book.sheets) + 1
    while book.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def _check_title(book: Spreadsheet, title: str, own: Sheet | None = None) -> None:
    found = book.titled(title)
    if found is not None and found.id != (own.id if own else None):
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title:
        raise invalid("The sheet name cannot be empty.")
    if len(title) > _TITLE_LIMIT:
        raise invalid(f"The sheet name cannot be greater than {_TITLE_LIMIT} characters.")


def _check_grid(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1:
        what = "rows" if sheet.row_count < 1 else "columns"
        raise invalid(f"You can't delete all the {what} on the sheet.")
    check_columns(sheet.column_count)


def _check_frozen(sheet: Sheet) -> None:
    for dimension, what in (("ROWS", "rows"), ("COLUMNS", "columns")):
        if sheet.frozen(dimension) and sheet.frozen(dimension) >= sheet.size(dimension):
            raise invalid(f"You can't freeze all visible {what} on the sheet.")


@answers("deleteSheet")
def _delete_sheet(batch: Batch, request: dict[str, Any]) -> None:
    book = batch.book
    sheet_id = int(request.get("sheetId") or 0)
    sheet = next((found for found in book.sheets if found.id == sheet_id), None)
    if sheet is None:
        raise invalid(f"No sheet with id: {sheet_id}")
    batch.guard.check_sheet(sheet)
    if len(book.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    if not any(other is not sheet and not other.properties.get("hidden") for other in book.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    book.remove(sheet)
    batch.rewrite_formulas(references.DeleteSheet(sheet.title))


@answers("duplicateSheet")
def _duplicate_sheet(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    book = batch.book
    source = book.sheet(int(request.get("sourceSheetId") or 0))
    sheet_id = _free_id(book, request.get("newSheetId"))
    title = request.get("newSheetName") or _copy_title(book, source.title)
    _check_title(book, title)
    fresh = copy_sheet(batch, source, sheet_id, title)
    book.add(fresh, int(request.get("insertSheetIndex") or 0))
    book.check_cells()
    if batch.copy_metadata:
        _copy_metadata(batch, source, fresh)
    return {"properties": sheet_properties(book, fresh)}


def _copy_title(book: Spreadsheet, title: str) -> str:
    name, number = f"Copy of {title}", 2
    while book.titled(name):
        name, number = f"Copy of {title} {number}", number + 1
    return name


def copy_sheet(batch: Batch, source: Sheet, sheet_id: int, title: str) -> Sheet:
    """Copy a tab with its formats, validation, protection and charts, under fresh ids."""
    fresh = Sheet(sheet_id, title, source.row_count, source.column_count, batch.book.token)
    fresh.properties = {**source.properties, "sheetId": sheet_id, "title": title}
    fresh.properties.pop("hidden", None)
    fresh.columns = dict(source.columns)
    for row in source.rows:
        fresh.rows.append(None if row is None else row.copy(batch.book.token, fresh.next_key))
        fresh.touched.add(fresh.next_key)
        fresh.next_key += 1
    fresh.mark_all()

    def own(found: dict[str, Any]) -> dict[str, Any]:
        return {**found, "sheetId": sheet_id} if found.get("sheetId", 0) == source.id else found

    for name, items in source.attached.items():
        fresh.attach(name, _fresh_ids(batch, map_ranges(items, own)))
    return fresh


_ID_NAMES = ("protectedRangeId", "filterViewId", "bandedRangeId", "chartId", "slicerId")


def _fresh_ids(batch: Batch, items: Any) -> Any:
    if not isinstance(items, list):
        return items
    return [
        {name: batch.book.new_number() if name in _ID_NAMES else value for name, value in item.items()}
        for item in items
    ]


def _copy_metadata(batch: Batch, source: Sheet, fresh: Sheet) -> None:
    for entry in list(batch.book.metadata.values()):
        location = entry["location"]
        if (
            location.get("sheetId") == source.id
            or (location.get("dimensionRange") or {}).get("sheetId") == source.id
        ):
            number = batch.book.new_number(set(batch.book.metadata))
            moved = map_ranges(location, lambda found: {**found, "sheetId": fresh.id})
            if "sheetId" in moved:
                moved = {**moved, "sheetId": fresh.id}
            batch.book.metadata[number] = {**entry, "metadataId": number, "location": moved}


@answers("updateSheetProperties")
def _update_sheet_properties(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = request.get("properties") or {}
    book = batch.book
    sheet_id = int(given.get("sheetId") or 0)
    if all(found.id != sheet_id for found in book.sheets):
        raise invalid(f"No sheet with id: {sheet_id}")
    sheet = book.edit(sheet_id)
    if "title" in mask or ("title" in given and covers(mask, "title")):
        _rename(batch, sheet, str(given.get("title") or ""))
    if covers(mask, "gridProperties"):
        _update_grid(batch, sheet, given, mask)
    _update_visibility(batch, sheet, given, mask)
    if covers(mask, "rightToLeft"):
        _set(sheet, "rightToLeft", given.get("rightToLeft"))
    _update_color(sheet, given, mask)
    if covers(mask, "index") and given.get("index") is not None:
        book.reorder(sheet, int(given["index"]))


def _set(sheet: Sheet, name: str, value: Any) -> None:
    if value:
        sheet.properties[name] = value
    else:
        sheet.properties.pop(name, None)


def _rename(batch: Batch, sheet: Sheet, title: str) -> None:
    if title == sheet.title:
        return
    _check_title(batch.book, title, sheet)
    old = sheet.title
    sheet.properties["title"] = title
    batch.rewrite_formulas(references.RenameSheet(old, title))
    sheet.mark_all()


def _update_visibility(batch: Batch, sheet: Sheet, given: dict[str, Any], mask: Mask) -> None:
    if not covers(mask, "hidden"):
        return
    hidden = bool(given.get("hidden"))
    if hidden and not any(s is not sheet and not s.properties.get("hidden") for s in batch.book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    _set(sheet, "hidden", hidden)


def _update_color(sheet: Sheet, given: dict[str, Any], mask: Mask) -> None:
    if covers(mask, "tabColorStyle") or covers(mask, "tabColor"):
        colors = {name: given[name] for name in ("tabColor", "tabColorStyle") if given.get(name)}
        fresh = with_color_styles(colors)
        _set(sheet, "tabColor", fresh.get("tabColor"))
        _set(sheet, "tabColorStyle", fresh.get("tabColorStyle"))


def _update_grid(batch: Batch, sheet: Sheet, given: dict[str, Any], mask: Mask) -> None:
    below = {} if not mask or "*" in mask else mask["gridProperties"]
    old = {**sheet.grid, "rowCount": sheet.row_count, "columnCount": sheet.column_count}
    new = merge_masked(old, given.get("gridProperties"), below)
    rows, columns = new.get("rowCount"), new.get("columnCount")
    rows, columns = (sheet.row_count if rows is None else rows, sheet.column_count if columns is None else columns)
    kept = {name: value for name, value in new.items() if value and name not in _GRID_FIELDS}
    # What is unfrozen here may go here: only the outcome must have something unfrozen.
    _set(sheet, "gridProperties", kept)
    _resize(batch, sheet, "ROWS", rows)
    _resize(batch, sheet, "COLUMNS", columns)
    _check_frozen(sheet)


def _resize(batch: Batch, sheet: Sheet, dimension: str, size: int) -> None:
    old = sheet.size(dimension)
    if size > old:
        batch.append_dimension(sheet, dimension, size - old)
    elif size < old:
        if size < 1:
            what = "rows" if dimension == "ROWS" else "columns"
            raise invalid(f"You can't delete all the {what} on the sheet.")
        batch.delete_dimension(sheet, dimension, size, old)


@answers("updateSpreadsheetProperties")
def _update_spreadsheet_properties(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = request.get("properties") or {}
    book = batch.book
    for name in ("defaultFormat", "importFunctionsExternalUrlAccessAllowed"):
        if name in mask:
            raise invalid(f"{name} is not implemented by the emulator.")
    check_regional({name: given.get(name) for name in ("locale", "timeZone") if covers(mask, name)})
    if covers(mask, "title") and given.get("title"):
        book.file["name"] = given["title"]
    if covers(mask, "locale") and given.get("locale"):
        _change_locale(batch, given["locale"])
    for name in ("timeZone", "autoRecalc", "iterativeCalculationSettings", "spreadsheetTheme"):
        if covers(mask, name) and given.get(name):
            book.properties[name] = given[name]


def _change_locale(batch: Batch, locale: str) -> None:
    """Spell all formulas in the new locale, as Google does."""
    old = batch.book.locale
    batch.book.properties["locale"] = locale
    for sheet in list(batch.book.sheets):
        for (row, column), text in list(sheet.formulas().items()):
            try:
                fresh = to_locale(to_canonical(text, old), locale)
            except FormulaSyntaxError:
                continue
            batch.book.edit(sheet.id).put_formula(row, column, fresh)
