"""A workbook small enough to read, as the calculator sees one."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sheets_crm.emulator.formulas.a1 import parse_reference
from sheets_crm.emulator.formulas.calculator import Calculator

NOW = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - the spreadsheet's own time
_versions = count(1)


@dataclass
class Tab:
    title: str
    row_count: int = 1000
    column_count: int = 26
    cells: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    formulas_version: int = field(default_factory=lambda: next(_versions))
    columns_read: int = 0
    formats: dict = field(default_factory=dict)

    def column(self, index):
        self.columns_read += 1
        return self.cells.get(index, {})

    def column_version(self, index):
        return self.versions.get(index, 0)

    def number_format(self, row, column):
        return self.formats.get((row, column))

    def style(self, a1, kind, pattern=None):
        """Give a cell a number format."""
        place = parse_reference(a1)
        self.formats[place.top, place.left] = {"type": kind, **({"pattern": pattern} if pattern else {})}
        return self

    def hidden_rows(self):
        return frozenset(), frozenset()

    def formulas(self):
        return self.texts

    def put(self, a1, value):
        """Write a cell: a formula, a value, or None to clear it."""
        place = parse_reference(a1)
        row, column = place.top, place.left
        if self.texts.pop((row, column), None) is not None or (isinstance(value, str) and value.startswith("=")):
            self.formulas_version = next(_versions)
        cells = self.cells.setdefault(column, {})
        was = cells.pop(row, None)
        if isinstance(value, str) and value.startswith("="):
            self.texts[row, column] = value
        elif value is not None:
            cells[row] = value
        if cells.get(row) != was or type(cells.get(row)) is not type(was):
            self.versions[column] = next(_versions)
        return self

    def fill(self, a1, rows):
        """Write rows of values from a cell on."""
        start = parse_reference(a1)
        for down, line in enumerate(rows):
            for right, value in enumerate(line):
                cell = str(start.__class__(None, start.top + down, start.left + right, None, None, single=True))
                self.put(cell, value)
        return self


@dataclass
class Book:
    sheets: list
    names: dict = field(default_factory=dict)

    def tabs(self):
        return self.sheets

    def named_ranges(self):
        return self.names

    def __getitem__(self, title):
        return next(tab for tab in self.sheets if tab.title == title)


def calculator(locale="en_US", now=NOW, **more):
    return Calculator("Europe/Madrid", locale, lambda: now, **more)


def leads():
    """Five leads on a Master, ticks on an input tab, and a tab for named ranges."""
    master = Tab("Master", column_count=60)
    master.fill("A1", [["id", "mail", "size", "state", "date"]])
    master.fill(
        "A2",
        [
            ["L1", "a@x.com", 50.0, "CA", 46340.0],
            ["L2", "b@x.com", 60.0, "NY", 46341.0],
            ["L3", "c@x.com", 70.0, "CA", 46342.0],
            ["L4", "d@x.com", 80.0, "ca", 46343.0],
            ["L5", "e@x.com", 90.0, "TX", 46344.0],
        ],
    )
    master.fill("BA2", [[True], [False], [True], [False], [True]])
    master.fill("BC2", [["processing"], ["completed"], ["processing"], [None], ["ready"]])
    ticks = Tab("Verification Input", row_count=200)
    ticks.fill("A1", [["send", "LeadNumber"]])
    ticks.fill("A2", [[True, 101.0], [False, 102.0], ["x", 103.0], [1.0, 104.0], [None, 105.0], [True, 106.0]])
    notes = Tab("Key Metrics").fill("A1", [[5.0, "five", True], [None, "", -2.5]])
    names = {"Statuses": ("Master", 1, None, 54, 55), "Goal": ("Key Metrics", 0, 1, 0, 1)}
    return Book([master, ticks, notes], names)
