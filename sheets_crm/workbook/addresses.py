"""Where the columns of a workbook's tabs are, as formulas spell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.tabs import TabSpec


@dataclass(frozen=True, slots=True)
class Addresses:
    """Titles and declared columns of the tabs, for writing formulas.

    Attributes:
        titles: Title of each tab as it is now, by key.
        specs: Declaration of each tab, by key.
        headers: Row 1 of the tabs that are there already, by key: their columns may stand elsewhere than declared.
    """

    titles: Mapping[str, str]
    specs: Mapping[str, TabSpec]
    headers: Mapping[str, Sequence[object]] = field(default_factory=dict)
    _places: dict[str, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _columns: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def place(self, key: str, header: str) -> int:
        """Return the 0-based column of a header: where it stands, or is going to be put."""
        places = self._places.get(key)
        if places is None:  # the Dashboard's formulas ask hundreds of times
            there = [str(cell).strip() for cell in self.headers.get(key, ())]
            # Of a header that stands twice the first counts, and where it stands before where it is declared.
            ordered = (*enumerate(self.specs[key].headers), *reversed([*enumerate(there)]))
            places = self._places[key] = {name: place for place, name in ordered}
        return places[header]

    def column(self, key: str, header: str) -> str:
        """Return a whole column below its header, such as ``'Master'!$A$2:$A``."""
        text = self._columns.get((key, header))
        if text is None:
            letters = column_letters(self.place(key, header))
            text = self._columns[key, header] = f"{quoted(self.titles[key])}!${letters}$2:${letters}"
        return text

    def block(self, key: str, first: str, last: str) -> str:
        """Return neighbouring columns below their headers, such as ``'Batches'!$I$2:$K``."""
        ends = sorted((self.place(key, first), self.place(key, last)))
        start, end = map(column_letters, ends)
        return f"{quoted(self.titles[key])}!${start}$2:${end}"

    def cell(self, key: str, row: int, column: int) -> str:
        """Return one cell, absolute; row and column are 0-based."""
        return f"{quoted(self.titles[key])}!${column_letters(column)}${row + 1}"
