"""What the page reads: the files, the outline of one, blocks of cells, a tab as CSV, a text that is searched."""

import csv
import io
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.accounts import OPERATOR
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.masks import parse_mask
from sheets_crm.emulator.page.cells import entry_text, read_cells
from sheets_crm.emulator.page.seeking import edge_of, end_of, find_text
from sheets_crm.emulator.page.totals import hidden_by_filter, hidden_lines, totals
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.resources import describe
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.validation_lists import condition_tester, listed

__all__ = ["Reading"]

_OUTLINE = parse_mask(
    "spreadsheetId,properties(title,locale,timeZone),sheets(properties,protectedRanges,charts,merges,basicFilter.range)"
)
_LARGEST_BLOCK = 200_000
#: How many words a drop-down shows; those beyond it are valid all the same.
_LONGEST_LIST = 500


class Reading:
    """Answers the page's questions as the operator sees the files."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def files(self) -> list[dict[str, Any]]:
        """List the files, the newest first."""
        return [{"id": book.id, "title": book.title} for book in self._library.files()]

    def version(self, file_id: str) -> int:
        """Give a number that grows with each change of a file."""
        return int(self._library.open(file_id).file.get("version", 1))

    def outline(self, file_id: str) -> dict[str, Any]:
        """Describe a file without its cells: tabs, sizes, protections, charts, column widths."""
        book = self._library.open(file_id)
        guard = self._library.guard(book, OPERATOR)
        found = describe(book, guard, self._library.evaluator, _OUTLINE)
        for shown, sheet in zip(found["sheets"], book.sheets, strict=True):
            shown["columns"] = sheet.columns
            if "basicFilter" in sheet.attached:
                shown["filtered"] = sum(hidden_by_filter(sheet, index) for index in range(len(sheet.rows)))
        return {**found, "version": int(book.file.get("version", 1)), "free": guard.free}

    def cells(self, file_id: str, sheet_id: int, area: Area) -> dict[str, Any]:
        """Read a block of cells, bounded by the grid."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        top, bottom, left, right = sheet.bounds(area)
        bottom = min(bottom, top + _LARGEST_BLOCK // max(right - left, 1))
        bounds = (top, bottom, left, right)
        computed = self._library.evaluator.computed(book, sheet, looks=[bounds])
        with condition_tester(book, sheet, self._library.evaluator) as tester:
            found = read_cells(sheet, bounds, book.locale, computed, tester)
        for look in found["looks"].values():
            if "choices_of" in look:
                offered = listed(book, sheet, self._library.evaluator, look.pop("choices_of"))
                look["choices"] = (offered or [])[:_LONGEST_LIST]
        return {**found, "version": int(book.file.get("version", 1))}

    def entry(self, file_id: str, sheet_id: int, row: int, column: int) -> str:
        """Give what an editor opens with in a cell."""
        book = self._library.open(file_id)
        return entry_text(book.sheet(sheet_id), row, column, book.locale, self._library.now())

    def table(self, file_id: str, sheet_id: int) -> str:
        """Give a tab as CSV, as File > Download does: what is shown, CRLF, no byte order mark."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        rows = self._shown(file_id, sheet)
        width = max(map(len, rows), default=0)
        text = io.StringIO()
        csv.writer(text).writerows([*row, *[""] * (width - len(row))] for row in rows)
        return text.getvalue()

    def values(self, file_id: str, sheet_id: int, area: Area) -> list[list[Any]]:
        """Read what is shown in a block, without rows that a filter hides: for copying more than the page holds."""
        sheet = self._library.open(file_id).sheet(sheet_id)
        rows = self._shown(file_id, sheet, area)
        return [row for index, row in enumerate(rows, area.top) if not hidden_by_filter(sheet, index)]

    def numbers(self, file_id: str, sheet_id: int, area: Area) -> list[list[Any]]:
        """Read the values of a block with numbers as numbers: for charts."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        how = Rendering(book.locale, "UNFORMATTED_VALUE", "FORMATTED_STRING")
        bounds = sheet.bounds(area)
        return read_block(sheet, bounds, how, self._library.evaluator.computed(book, sheet, looks=[bounds]))

    def find(
        self, file_id: str, sheet_id: int, text: str, after: tuple[int, int], *, back: bool
    ) -> dict[str, Any]:
        """Find the next cell that shows a text, or the one before."""
        sheet = self._library.open(file_id).sheet(sheet_id)
        return find_text(self._shown(file_id, sheet), hidden_lines(sheet), text, after, back=back)

    def totals(self, file_id: str, sheet_id: int, area: Area) -> dict[str, Any]:
        """Sum up a selection over all its cells."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        bounds = sheet.bounds(area)
        computed = self._library.evaluator.computed(book, sheet, looks=[bounds])
        return totals(sheet, bounds, computed, book.locale)

    def edge(self, file_id: str, sheet_id: int, start: tuple[int, int], step: tuple[int, int]) -> dict[str, int]:
        """Go from a cell to the end of its stretch; no step goes to the end of all that is filled."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        computed = self._library.evaluator.computed(book, sheet)
        row, column = edge_of(sheet, computed, start, step) if any(step) else end_of(sheet, computed)
        return {"row": row, "column": column}

    def key(self, file_id: str, sheet_id: int, row: int) -> int | None:
        """Give the name that a row keeps while others come and go; None for one that never held anything."""
        found = self._library.open(file_id).sheet(sheet_id).row(row)
        return None if found is None else found.key

    def _shown(self, file_id: str, sheet: Sheet, area: Area | None = None) -> list[list[Any]]:
        book = self._library.open(file_id)
        bounds = sheet.bounds(area or Area(0, None, 0, None))
        computed = self._library.evaluator.computed(book, sheet, looks=[bounds])
        return read_block(sheet, bounds, Rendering(book.locale), computed)
