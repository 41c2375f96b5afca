"""What the page reads: the files, the outline of one, blocks of cells, a tab as CSV, a text that is searched."""

import csv
import io
from typing import Any

from sheets_crm.emulator.a1 import Area, parse_cells, split_title
from sheets_crm.emulator.accounts import OPERATOR
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.masks import parse_mask
from sheets_crm.emulator.page.cells import entry_text, read_cells
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.resources import describe
from sheets_crm.emulator.sheet import Sheet

__all__ = ["Reading"]

_OUTLINE = parse_mask("spreadsheetId,properties(title,locale,timeZone),sheets(properties,protectedRanges,charts)")
_LARGEST_BLOCK = 200_000
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
        return {**found, "version": int(book.file.get("version", 1)), "free": guard.free}

    def cells(self, file_id: str, sheet_id: int, area: Area) -> dict[str, Any]:
        """Read a block of cells, bounded by the grid."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        top, bottom, left, right = sheet.bounds(area)
        bottom = min(bottom, top + _LARGEST_BLOCK // max(right - left, 1))
        computed = self._library.evaluator.computed(book, sheet, looks=True)
        found = read_cells(sheet, (top, bottom, left, right), book.locale, computed)
        for look in found["looks"].values():
            if "choices_of" in look:
                look["choices"] = self._listed(file_id, sheet, look.pop("choices_of"))
        return {**found, "version": int(book.file.get("version", 1))}

    def _listed(self, file_id: str, sheet: Sheet, source: str) -> list[str]:
        """Give what a drop-down offers that lists a range such as ``=Data!$A$2:$A``: each text once."""
        title, cells = split_title(source.removeprefix("="))
        listed, area = sheet, parse_cells(cells.replace("$", ""))
        if title is not None:
            found = self._library.open(file_id).titled(title)
            area, listed = (None, sheet) if found is None else (area, found)
        if area is None:
            return []
        shown = (str(cell) for row in self._shown(file_id, listed, area) for cell in row)
        return [text for text in dict.fromkeys(shown) if text.strip()][:_LONGEST_LIST]

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
        """Read what is shown in a block: for copying more than the page holds, and for charts."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        return self._shown(file_id, sheet, area)

    def numbers(self, file_id: str, sheet_id: int, area: Area) -> list[list[Any]]:
        """Read the values of a block with numbers as numbers: for charts."""
        book = self._library.open(file_id)
        sheet = book.sheet(sheet_id)
        how = Rendering(book.locale, "UNFORMATTED_VALUE", "FORMATTED_STRING")
        return read_block(
            sheet, sheet.bounds(area), how, self._library.evaluator.computed(book, sheet, looks=True)
        )

    def find(self, file_id: str, sheet_id: int, text: str, after: tuple[int, int]) -> dict[str, Any]:
        """Find the next cell that shows a text, going on at the top; case does not matter."""
        book = self._library.open(file_id)
        rows = self._shown(file_id, book.sheet(sheet_id))
        wanted = text.casefold()
        hits = [
            (row, column)
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if wanted in str(cell).casefold()
        ]
        later = [place for place in hits if place > after]
        place = next(iter(later or hits), None)
        return {"count": len(hits), "row": place[0], "column": place[1]} if place else {"count": 0}

    def _shown(self, file_id: str, sheet: Sheet, area: Area | None = None) -> list[list[Any]]:
        book = self._library.open(file_id)
        computed = self._library.evaluator.computed(book, sheet, looks=True)
        return read_block(sheet, sheet.bounds(area or Area(0, None, 0, None)), Rendering(book.locale), computed)
