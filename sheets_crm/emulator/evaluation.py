"""Results of formulas, computed when somebody reads them and kept until something they read changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock, RLock
from typing import TypeAlias

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.calculator import Calculator
from sheets_crm.emulator.formulas.loose import Loose
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Computed", "Evaluator"]

#: Computed values of a tab by row, then column: its formulas and what they spill.
Computed: TypeAlias = Mapping[int, Mapping[int, CellValue]]

_NOTHING: Computed = {}


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

    def computed(self, book: Spreadsheet, sheet: Sheet) -> Computed:
        """Compute what the formulas of a tab give, and what is spilled there."""
        if not sheet.formulas():  # a spill lands on the tab of its formula
            return _NOTHING
        calculator, lock = self._calculator(book)
        with lock:
            results = calculator.evaluate(_View(book))
            found: dict[int, dict[int, CellValue]] = {}
            for row, column in sheet.formulas():
                found.setdefault(row, {})[column] = results.value(sheet.title, row, column)
            for (row, column), value in results.spilled(sheet.title).items():
                found.setdefault(row, {})[column] = value
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
