"""What the calculator needs to see of a workbook, and nothing more."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sheets_crm.emulator.cells import Literal
from sheets_crm.emulator.formulas.number_formats import NumberFormat

__all__ = ["TabView", "WorkbookView"]


class TabView(Protocol):
    """One tab, read by columns. All indices count from 0."""

    @property
    def title(self) -> str:
        """The tab's name."""
        ...

    @property
    def row_count(self) -> int:
        """Rows of the grid; open ranges such as ``A2:A`` end there."""
        ...

    @property
    def column_count(self) -> int:
        """Columns of the grid."""
        ...

    @property
    def formulas_version(self) -> int:
        """Another number whenever a formula of the tab appeared, changed, moved or went."""
        ...

    def column(self, index: int, /) -> Mapping[int, Literal]:
        """Give the literal values of a column that are not blank, by row index; formulas are left out."""
        ...

    def column_version(self, index: int, /) -> int:
        """Give another number whenever a literal of the column changed or moved."""
        ...

    def hidden_rows(self) -> tuple[frozenset[int], frozenset[int]]:
        """Give the rows that a filter hides, and those that a person hides."""
        ...

    def formulas(self) -> Mapping[tuple[int, int], str]:
        """Give each formula's text as entered (with its ``=``, in the workbook's locale) by (row, column)."""
        ...

    def number_format(self, row: int, column: int, /) -> NumberFormat | None:
        """Give the number format that a cell was given; `None` for the automatic one."""
        ...


class WorkbookView(Protocol):
    """A workbook as formulas see it."""

    def tabs(self) -> Sequence[TabView]:
        """Give the tabs in order, hidden ones included."""
        ...

    def named_ranges(self) -> Mapping[str, tuple[str, int, int | None, int, int | None]]:
        """Give each named range as (title, first row, row after the last, first column, column after it).

        `None` for an end means as far as the grid goes, as in the API's `GridRange`.
        """
        ...
