"""A spreadsheet file, and transactions on it that are published whole or not at all."""

from collections.abc import Iterator
from datetime import datetime
from secrets import choice, randbelow
from string import ascii_letters, digits
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import Edit, area_of, map_ranges, shifted_range
from sheets_crm.emulator.sheet import Sheet

__all__ = ["CELL_LIMIT", "Spreadsheet", "check_columns", "new_file_id", "new_spreadsheet"]

#: Reserved cells that one file may have (support.google.com/drive/answer/37603).
CELL_LIMIT = 10_000_000
#: Columns that a tab may have, as far as ZZZ (the same page).
_COLUMN_LIMIT = 18_278

_ALPHABET = ascii_letters + digits + "-_"


def new_file_id() -> str:
    """Make up a file id of Google's form: 44 characters, the first a 1."""
    while True:
        found = "1" + "".join(choice(_ALPHABET) for _ in range(43))
        if found[-1] not in "-_" and any(c.isdigit() for c in found[1:]) and found != found.lower():
            return found


class Spreadsheet:
    """A spreadsheet file.

    A published spreadsheet never changes. `begin` gives a working copy that shares all it does not write;
    publishing it is one assignment.

    Attributes:
        id: The file id.
        file: What Drive says of the file: name, owner, createdTime, modifiedTime, version, permissions.
        properties: `SpreadsheetProperties` without title and default format.
        named_ranges: `NamedRange` by id.
        metadata: `DeveloperMetadata` by id.
        token: Names this copy as the owner of the tabs and rows that it may write.
    """

    def __init__(self, file_id: str, file: dict[str, Any], properties: dict[str, Any]) -> None:
        self.id = file_id
        self.file = file
        self.properties = properties
        self.token = object()
        self._sheets: list[Sheet] = []
        self.named_ranges: dict[str, dict[str, Any]] = {}
        self.metadata: dict[int, dict[str, Any]] = {}

    # -- transactions ---------------------------------------------------------------------------------------------

    def begin(self) -> "Spreadsheet":
        """Give a working copy."""
        fresh = Spreadsheet(self.id, dict(self.file), dict(self.properties))
        fresh._sheets = self._sheets.copy()
        fresh.named_ranges = dict(self.named_ranges)
        fresh.metadata = dict(self.metadata)
        return fresh

    def written(self) -> list[Sheet]:
        """List the tabs that this working copy made or wrote."""
        return [sheet for sheet in self._sheets if sheet.owner is self.token]

    def edit(self, sheet_id: int) -> Sheet:
        """Give a tab to write, copied from the published one at the first time."""
        for index, sheet in enumerate(self._sheets):
            if sheet.id == sheet_id:
                if sheet.owner is not self.token:
                    self._sheets[index] = sheet.copy(self.token)
                return self._sheets[index]
        raise invalid(f"No grid with id: {sheet_id}")

    # -- tabs -----------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The file's name."""
        return str(self.file["name"])

    @property
    def locale(self) -> str:
        """The locale, such as ``en_US``."""
        return str(self.properties["locale"])

    @property
    def time_zone(self) -> str:
        """The time zone, such as ``Etc/GMT``."""
        return str(self.properties["timeZone"])

    @property
    def sheets(self) -> list[Sheet]:
        """The tabs in order."""
        return self._sheets

    @property
    def first_visible(self) -> Sheet:
        """The tab that a range without a title means (A: the API's overview, on A1 notation)."""
        return next((sheet for sheet in self._sheets if not sheet.properties.get("hidden")), self._sheets[0])

    def sheet(self, sheet_id: int) -> Sheet:
        """Give a tab to read.

        Raises:
            ApiError: 400 with Google's words if there is none.
        """
        for sheet in self._sheets:
            if sheet.id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Sheet | None:
        """Find a tab by its title; case does not matter."""
        folded = title.casefold()
        return next((sheet for sheet in self._sheets if sheet.title.casefold() == folded), None)

    def add(self, sheet: Sheet, index: int | None) -> None:
        """Put a tab among the others, at the end unless told."""
        self._sheets.insert(len(self._sheets) if index is None else index, sheet)

    def remove(self, sheet: Sheet) -> None:
        """Take a tab away with everything that lies on it."""
        self._sheets.remove(sheet)
        self.named_ranges = {
            name: found for name, found in self.named_ranges.items() if found["range"].get("sheetId") != sheet.id
        }
        self.metadata = {
            number: found for number, found in self.metadata.items() if not _lies_on(found["location"], sheet.id)
        }

    def reorder(self, sheet: Sheet, index: int) -> None:
        """Move a tab to another place, counted before it leaves its own, as the API does."""
        old = self._sheets.index(sheet)
        self._sheets.remove(sheet)
        self._sheets.insert(index - 1 if index > old else index, sheet)

    def new_number(self, taken: set[int] | None = None) -> int:
        """Make up an id for a tab, a protection, a chart and so on."""
        used = {sheet.id for sheet in self._sheets} | (taken or set())
        while True:
            number = 1 + randbelow(2**31 - 2)
            if number not in used:
                return number

    def check_cells(self, more: int = 0) -> None:
        """Refuse what breaks the limit of cells, with `more` cells than there are.

        Raises:
            ApiError: 400 with Google's words.
        """
        if sum(sheet.row_count * sheet.column_count for sheet in self._sheets) + more > CELL_LIMIT:
            raise invalid(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{CELL_LIMIT} cells."
            )

    # -- what hangs on ranges -------------------------------------------------------------------------------------

    def shift(self, edit: Edit) -> None:
        """Let attachments, named ranges and metadata follow an edit of a tab (formulas are the caller's part)."""
        for sheet in list(self._sheets):
            if sheet.attached and (sheet.id == edit.sheet_id or sheet.attachments("charts")):
                self.edit(sheet.id).shift_attached(edit)
        for name, found in list(self.named_ranges.items()):
            fresh = shifted_range(found["range"], edit)
            if fresh is None:
                del self.named_ranges[name]
            else:
                self.named_ranges[name] = {**found, "range": fresh}
        for number, entry in list(self.metadata.items()):
            location = map_ranges(entry["location"], lambda found: shifted_range(found, edit))
            if location.get("dimensionRange", {}) is None:
                del self.metadata[number]
            else:
                self.metadata[number] = {**entry, "location": location}

    def reorder_metadata(self, sheet_id: int, moved: dict[int, int]) -> None:
        """Let the metadata of rows go along when rows of a tab change place.

        Args:
            sheet_id: The tab.
            moved: The new index of each row that moves, by its old one.
        """
        for number, entry in list(self.metadata.items()):
            span = entry["location"].get("dimensionRange")
            if span and (span["sheetId"], span["dimension"]) == (sheet_id, "ROWS") and span["startIndex"] in moved:
                to = moved[span["startIndex"]]
                place = {**span, "startIndex": to, "endIndex": to + 1}
                self.metadata[number] = {**entry, "location": {**entry["location"], "dimensionRange": place}}

    def named_area(self, name: str) -> tuple[int, Area] | None:
        """Find a named range by its name; case does not matter."""
        for found in self.named_ranges.values():
            if found["name"].casefold() == name.casefold():
                return found["range"].get("sheetId", 0), area_of(found["range"])
        return None

    def protections(self) -> Iterator[tuple[Sheet, dict[str, Any]]]:
        """Walk all protected ranges."""
        for sheet in self._sheets:
            for found in sheet.attachments("protectedRanges"):
                yield sheet, found


def check_columns(count: int) -> None:
    """Refuse more columns than a tab may have.

    Raises:
        ApiError: 400 with Google's words.
    """
    if count > _COLUMN_LIMIT:
        raise invalid(
            f"This action would increase the number of columns above the limit of {_COLUMN_LIMIT} columns."
        )


def _lies_on(location: dict[str, Any], sheet_id: int) -> bool:
    span = location.get("dimensionRange")
    return location.get("sheetId") == sheet_id or bool(span and span.get("sheetId", 0) == sheet_id)


def new_spreadsheet(title: str, owner: str, now: datetime, properties: dict[str, Any]) -> Spreadsheet:
    """Make a file with one tab of 1,000 rows and 26 columns, as Drive does."""
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"
    file = {"name": title, "owner": owner, "createdTime": stamp, "modifiedTime": stamp, "version": 1}
    found = Spreadsheet(
        new_file_id(),
        file,
        {"locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT", **properties},
    )
    found.add(Sheet(0, "Sheet1", 1000, 26, found.token), None)
    return found
