"""Developer metadata: where it lies, and which entries a data filter means.

Source: https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from collections.abc import Iterable
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import ApiError, invalid, prefixed
from sheets_crm.emulator.geometry import public_ranges
from sheets_crm.emulator.ranges import Place, find_range, grid_area, grid_place
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = [
    "filter_places",
    "find_entry",
    "matching",
    "places_of",
    "public_entry",
    "read_location",
    "search",
    "shown_filter",
]


def public_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """Give an entry as answers show it."""
    shown: dict[str, Any] = public_ranges(entry)
    return shown


def read_location(book: Spreadsheet, given: dict[str, Any]) -> dict[str, Any]:
    """Read where an entry lies: the spreadsheet, a tab, one row or one column."""
    if given.get("dimensionRange") is not None:
        return _read_span(book, given["dimensionRange"])
    if given.get("sheetId") is not None:
        book.sheet(given["sheetId"])
        return {"locationType": "SHEET", "sheetId": given["sheetId"]}
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    raise invalid("Developer metadata must always have a location specified.")


def _read_span(book: Spreadsheet, given: dict[str, Any]) -> dict[str, Any]:
    sheet = book.sheet(int(given.get("sheetId") or 0))
    dimension = given.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("developerMetadata.location.dimensionRange.dimension must be specified.")
    start, end = int(given.get("startIndex") or 0), given.get("endIndex")
    if end is None:
        raise invalid("DimensionRange must specify both a startIndex and an endIndex.")
    if start < 0 or end < 0:
        raise invalid("DimensionRange indexes must be >= 0")
    if end - start != 1:
        raise invalid("DimensionRange must represent a single row or column.")
    if end > sheet.size(dimension):
        raise invalid("developerMetadata.location.dimensionRange is outside the grid.")
    span = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {"locationType": "ROW" if dimension == "ROWS" else "COLUMN", "dimensionRange": span}


def matching(book: Spreadsheet, filters: Iterable[dict[str, Any]]) -> list[int]:
    """List the ids of the entries that any of the data filters selects, in the order of creation."""
    wanted = list(filters)
    _check_strategies(wanted)
    return [number for number, entry in book.metadata.items() if any(_selects(book, f, entry) for f in wanted)]


def search(book: Spreadsheet, filters: list[dict[str, Any]]) -> dict[str, Any]:
    """Answer `developerMetadata:search`: each entry with the filters that selected it."""
    if not filters:
        raise invalid("At least one data filter must be specified.")
    _check_strategies(filters)
    found = []
    for entry in book.metadata.values():
        by = [f for f in filters if _selects(book, f, entry)]
        if by:
            found.append({"developerMetadata": public_entry(entry), "dataFilters": by})
    return {"matchedDeveloperMetadata": found} if found else {}


def _check_strategies(filters: list[dict[str, Any]]) -> None:
    """Refuse to ask what intersects the whole spreadsheet, in Google's words (B)."""
    for lookup in (f.get("developerMetadataLookup") or {} for f in filters):
        whole = (lookup.get("metadataLocation") or {}).get("spreadsheet")
        if whole and lookup.get("locationMatchingStrategy") == "INTERSECTING_LOCATION":
            raise invalid(
                "DeveloperMetadataLookup.spreadsheet is true, "
                "but locationMatchingStrategy was specified as INTERSECTING."
            )


def find_entry(book: Spreadsheet, number: int) -> dict[str, Any]:
    """Answer `developerMetadata.get`."""
    entry = book.metadata.get(number)
    if entry is None:
        raise ApiError(404, f"No developer metadata with id: {number}")
    return public_entry(entry)


def _selects(book: Spreadsheet, data_filter: dict[str, Any], entry: dict[str, Any]) -> bool:
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is not None:
        return _fits(lookup, entry)
    if data_filter.get("a1Range") is not None:
        place = find_range(book, data_filter["a1Range"])
        return _lies_in(entry["location"], place.sheet.id, place.area, exact=False)
    if data_filter.get("gridRange") is not None:
        given = data_filter["gridRange"]
        return _lies_in(entry["location"], given.get("sheetId") or 0, grid_area(given), exact=False)
    raise invalid("A data filter must be specified.")


def _fits(lookup: dict[str, Any], entry: dict[str, Any]) -> bool:
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if lookup.get(name) is not None and entry.get(name) != lookup[name]:
            return False
    kind = lookup.get("locationType")
    if kind and kind != entry["location"]["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    return wanted is None or _located(wanted, entry["location"], lookup.get("locationMatchingStrategy"))


def _located(wanted: dict[str, Any], location: dict[str, Any], strategy: str | None) -> bool:
    # Left unspecified it is INTERSECTING (discovery document of the API).
    exact = strategy == "EXACT_LOCATION"
    if wanted.get("spreadsheet"):
        return bool(location["locationType"] == "SPREADSHEET")
    span = wanted.get("dimensionRange")
    if span is None:
        sheet_id = wanted.get("sheetId") or 0
        if location["locationType"] == "SHEET":
            return bool(location["sheetId"] == sheet_id)
        return not exact and _lies_in(location, sheet_id, Area(0, None, 0, None), exact=False)
    start, end = int(span.get("startIndex") or 0), span.get("endIndex")
    rows = span.get("dimension") == "ROWS"
    area = Area(start, end, 0, None) if rows else Area(0, None, start, end)
    same = location.get("dimensionRange", {}).get("dimension") == span.get("dimension")
    return (same or not exact) and _lies_in(location, int(span.get("sheetId") or 0), area, exact=exact)


def _lies_in(location: dict[str, Any], sheet_id: int, area: Area, *, exact: bool) -> bool:
    span = location.get("dimensionRange")
    if span is None:
        return not exact and location.get("sheetId") == sheet_id and area == Area(0, None, 0, None)
    if span.get("sheetId", 0) != sheet_id:
        return False
    first, last = (area.top, area.bottom) if span["dimension"] == "ROWS" else (area.left, area.right)
    if exact:
        return bool((span["startIndex"], span["endIndex"]) == (first, last))
    return bool(span["startIndex"] >= first and (last is None or span["endIndex"] <= last))


def filter_places(book: Spreadsheet, filters: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Place]]:
    """List the places that several data filters mean, each with its filter.

    Raises:
        ApiError: 400 ``Invalid dataFilter[i]: …`` (the prefix is reported, B).
    """
    found = []
    for index, data_filter in enumerate(filters):
        try:
            found += [(data_filter, place) for place in places_of(book, data_filter)]
        except ApiError as error:
            raise prefixed(error, f"dataFilter[{index}]") from error
    return found


def shown_filter(data_filter: dict[str, Any]) -> dict[str, Any]:
    """Give a data filter as answers repeat it: a GridRange without its zeros (B)."""
    if data_filter.get("gridRange") is None:
        return data_filter
    return {**data_filter, "gridRange": {name: index for name, index in data_filter["gridRange"].items() if index}}


def places_of(book: Spreadsheet, data_filter: dict[str, Any]) -> list[Place]:
    """List the cells that a data filter means, for the `…ByDataFilter` methods."""
    if data_filter.get("a1Range") is not None:
        return [find_range(book, data_filter["a1Range"])]
    if data_filter.get("gridRange") is not None:
        return [grid_place(book, data_filter["gridRange"])]
    entries = (book.metadata[number]["location"] for number in matching(book, [data_filter]))
    return [place for location in entries for place in _place_of(book, location)]


def _place_of(book: Spreadsheet, location: dict[str, Any]) -> list[Place]:
    span = location.get("dimensionRange")
    if span is None:
        everything = Area(0, None, 0, None)
        return [Place(book.sheet(location["sheetId"]), everything)] if "sheetId" in location else []
    start, end = span["startIndex"], span["endIndex"]
    rows = span["dimension"] == "ROWS"
    area = Area(start, end, 0, None) if rows else Area(0, None, start, end)
    return [Place(book.sheet(span["sheetId"]), area)]
