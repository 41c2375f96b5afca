"""Results of formulas, computed when somebody reads them and kept until something they read changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock, RLock
from typing import Any, NamedTuple

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.calculator import Calculator
from sheets_crm.emulator.formulas.looks import Looks
from sheets_crm.emulator.formulas.loose import Loose
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.formulas.results import Read
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Computed", "ComputedRow", "Evaluator"]


class ComputedRow(NamedTuple):
    """What formulas come to in one row, by column: values, and if asked for number formats, links, drawings."""

    values: Mapping[int, CellValue] = {}
    formats: Mapping[int, NumberFormat] = {}
    links: Mapping[int, str] = {}
    drawings: Mapping[int, dict[str, Any]] = {}


_NO_ROW = ComputedRow()


class Computed(dict[int, dict[int, CellValue]]):
    """Computed values of a tab by row, then column: its formulas and what they spill.

    Attributes:
        formats: Number formats that results carry into cells of automatic format, by row, then column; filled where
            looks are asked for.
        links: Addresses that results link to, likewise.
        drawings: What sparklines draw, likewise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.formats: dict[int, dict[int, NumberFormat]] = {}
        self.links: dict[int, dict[int, str]] = {}
        self.drawings: dict[int, dict[int, dict[str, Any]]] = {}

    def of_row(self, index: int) -> ComputedRow:
        """Give what is computed in a row."""
        values = self.get(index)
        if values is None:
            return _NO_ROW
        parts = (self.formats, self.links, self.drawings)
        return ComputedRow(values, *(part.get(index) or {} for part in parts))  # type: ignore[arg-type]


_NOTHING = Computed()


class _View:
    """A spreadsheet as the calculator sees it."""

    def __init__(self, book: Spreadsheet) -> None:
        self._book = book

    def tabs(self) -> Sequence[Sheet]:
        """Give the tabs in order."""
        return self._book.sheets

    def named_ranges(self) -> Mapping[str, tuple[str, int, int | None, int, int | None]]:
        """Give the named ranges by name."""
        found = {}
        for named in self._book.named_ranges.values():
            place = self._book.named_area(named["name"])
            if place is not None:
                found[named["name"]] = (self._book.sheet(place[0]).title, *place[1])
        return found


class Evaluator:
    """The calculators of all files, one for each.

    Args:
        clock: Gives the moment that NOW and TODAY show.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._calculators: dict[tuple[str, str, str], tuple[Calculator, RLock]] = {}
        self._lock = Lock()

    def computed(
        self,
        book: Spreadsheet,
        sheet: Sheet,
        *,
        bounds: Bounds | None = None,
        formulas: bool = False,
        looks: Iterable[Bounds] = (),
    ) -> Computed:
        """Compute what the formulas of a tab give, and what is spilled there.

        Args:
            book: The spreadsheet.
            sheet: Its tab.
            bounds: The rectangle outside of which the results of formulas are not asked for.
            formulas: Whether formulas are shown for themselves: of results only what is spilled is asked for.
            looks: Rectangles in which number formats and links are wanted as well, which only readers of what
                cells show need: (top, bottom, left, right).
        """
        if not sheet.formulas():  # a spill lands on the tab of its formula
            return _NOTHING
        calculator, lock = self._calculator(book)
        with lock:
            results = calculator.evaluate(_View(book), Read(sheet.title, bounds, formulas))
            found = Computed()
            for row, column in sheet.formulas():
                found.setdefault(row, {})[column] = results.value(sheet.title, row, column)
            for (row, column), value in results.spilled(sheet.title).items():
                found.setdefault(row, {})[column] = value
            wanted = list(looks)
            if wanted:
                _add_looks(found, sheet, calculator.looks(), wanted)
        return found

    @contextmanager
    def loose(self, book: Spreadsheet, sheet: Sheet) -> Iterator[Loose]:
        """Work out formulas that stand in no cell of a tab; no other thread computes this file meanwhile."""
        calculator, lock = self._calculator(book)
        with lock:
            yield calculator.loose(_View(book), sheet.title)

    def forget(self, file_id: str) -> None:
        """Drop what was computed for a file that is gone."""
        with self._lock:
            for key in [key for key in self._calculators if key[0] == file_id]:
                del self._calculators[key]

    def _calculator(self, book: Spreadsheet) -> tuple[Calculator, RLock]:
        key = (book.id, book.time_zone, book.locale)
        with self._lock:
            if key not in self._calculators:
                self._calculators[key] = (Calculator(book.time_zone, book.locale, self._clock), RLock())
            return self._calculators[key]


def _add_looks(found: Computed, sheet: Sheet, looks: Looks, wanted: list[Bounds]) -> None:
    formulas = sheet.formulas()
    for row, cells in found.items():
        spans = [(left, right) for top, bottom, left, right in wanted if top <= row < bottom]
        for column, value in cells.items() if spans else ():
            if not any(left <= column < right for left, right in spans):
                continue
            cell = (sheet.title, row, column)
            if value is None:
                _add_drawing(found, looks, cell, formulas.get((row, column), ""))
                continue
            if sheet.number_format(row, column) is None:
                number_format = looks.number_format(cell, value)
                if number_format is not None:
                    found.formats.setdefault(row, {})[column] = number_format
            if "HYPERLINK" in formulas.get((row, column), "").upper():
                link = looks.link(cell)
                if link is not None:
                    found.links.setdefault(row, {})[column] = link


def _add_drawing(found: Computed, looks: Looks, cell: tuple[str, int, int], formula: str) -> None:
    """Add what a cell without a value draws."""
    drawing = looks.drawing(cell) if "SPARKLINE" in formula.upper() else None
    if drawing is not None:
        found.drawings.setdefault(cell[1], {})[cell[2]] = drawing
