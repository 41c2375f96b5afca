"""Addresses of the columns of a workbook's tabs, as A1 ranges for formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.two_way.columns import header_ids


@dataclass(frozen=True, slots=True)
class Addresses:
    """Titles and declared columns of the tabs, for writing formulas.

    Attributes:
        titles: Current title of each tab, by key.
        specs: Declaration of each tab, by key.
        headers: Row 1 of the existing tabs, by key: their columns may be in other places than declared.
    """

    titles: Mapping[str, str]
    specs: Mapping[str, TabSpec]
    headers: Mapping[str, Sequence[object]] = field(default_factory=dict)
    _indexes: dict[str, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _columns: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def column_index(self, key: str, header: str) -> int:
        """The 0-based column of a header: its present one, or the declared one of a header that is not there yet."""
        indexes = self._indexes.get(key)
        if indexes is None:  # cached, since the formulas of the Dashboard ask for columns hundreds of times
            present = self._present(key)
            # In a dict the last entry of a name wins. Hence the order: declared columns, then the present ones from
            # right to left, so that present columns win over declared ones, and the first of two equal headers counts.
            ordered = (*enumerate(self.specs[key].headers), *reversed([*enumerate(present)]))
            indexes = self._indexes[key] = {name: index for index, name in ordered}
        return indexes[header]

    def _present(self, key: str) -> list[str]:
        """The ids of the headers that a tab has."""
        row = self.headers.get(key, ())
        return header_ids(self.specs[key], row)

    def column(self, key: str, header: str) -> str:
        """A whole column below its header, such as ``'Master'!$A$2:$A``."""
        text = self._columns.get((key, header))
        if text is None:
            letters = column_letters(self.column_index(key, header))
            text = self._columns[key, header] = f"{quoted(self.titles[key])}!${letters}$2:${letters}"
        return text

    def block(self, key: str, first: str, last: str) -> str:
        """Neighbouring columns below their headers, such as ``'Batches'!$I$2:$K``."""
        ends = sorted((self.column_index(key, first), self.column_index(key, last)))
        start, end = map(column_letters, ends)
        return f"{quoted(self.titles[key])}!${start}$2:${end}"

    def cell(self, key: str, row: int, column: int) -> str:
        """One cell as an absolute address; row and column are 0-based."""
        return f"{quoted(self.titles[key])}!${column_letters(column)}${row + 1}"
