"""Where the columns of a workbook's tabs are, as formulas spell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.tabs import TabSpec


@dataclass(frozen=True, slots=True)
class Addresses:
    """Titles and declared columns of the tabs, for writing formulas.

    Attributes:
        titles: Title of each tab as it is now, by key.
        specs: Declaration of each tab, by key.
    """

    titles: Mapping[str, str]
    specs: Mapping[str, TabSpec]

    def column(self, key: str, header: str) -> str:
        """Return a whole column below its header, such as ``'Master'!$A$2:$A``."""
        letters = column_letters(self.specs[key].headers.index(header))
        return f"{quoted(self.titles[key])}!${letters}$2:${letters}"

    def block(self, key: str, first: str, last: str) -> str:
        """Return neighbouring columns below their headers, such as ``'Batches'!$I$2:$K``."""
        headers = self.specs[key].headers
        start, end = column_letters(headers.index(first)), column_letters(headers.index(last))
        return f"{quoted(self.titles[key])}!${start}$2:${end}"

    def cell(self, key: str, row: int, column: int) -> str:
        """Return one cell, absolute; row and column are 0-based."""
        return f"{quoted(self.titles[key])}!${column_letters(column)}${row + 1}"
