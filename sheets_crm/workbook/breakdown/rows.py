"""Rows of Versions, and the parts that their formulas share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula, column_letters, quoted
from sheets_crm.workbook.dashboard import LEAST_CASES, wilson
from sheets_crm.workbook.tabs import VERSIONS

WIDTH: Final = 21
"""Visible columns."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of Versions: its cells, and ``title``, ``heads``, ``body`` or ``said``.

    Attributes:
        cells: Its cells from the first column on.
        kind: What it is.
        ratios: Columns in percent: each ratio, and both ends of its range.
        cases: The column of the cases of each ratio, by the ratio's column.
    """

    cells: tuple[CellIn, ...]
    kind: str
    ratios: tuple[int, ...] = ()
    cases: tuple[tuple[int, int], ...] = ()


def in_use(heads: Sequence[tuple[str, str]], schema: Schema) -> list[str]:
    """The heads whose columns the workbook has."""
    return [head for head, column in heads if schema.has(column)]


def wide(cells: Iterable[CellIn], width: int = WIDTH) -> tuple[CellIn, ...]:
    """A row filled up with blank cells."""
    row = tuple(cells)
    return (*row, *[""] * (width - len(row)))


def at(column: int, row: int) -> str:
    """The address of a cell of the tab; the column from 0, the row from 1."""
    return f"${column_letters(column)}{row}"


def shown(name: str, text: str) -> Formula:
    """The formula of a cell that is blank while its row has no name."""
    return Formula(f'=IF({name}="";"";{text})')


def share(above: str, below: str) -> str:
    """A ratio of two cells; blank where there is none."""
    return f'IFERROR({above}/{below};"")'


def end_of_range(above: str, below: str, sign: str) -> str:
    """One end of the range of a ratio of two cells; blank where there is none."""
    return f'IF(OR(N({below})=0;N({above})>N({below}));"";{wilson(above, below, sign)})'


def ratio_formulas(
    ratios: Mapping[str, tuple[str, str]], place: Callable[[str], str]
) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield the formulas of each ratio and of both ends of its range, by head; each is built when it is called.

    Args:
        ratios: The heads above and below the line of each ratio.
        place: The address of the cell of a head, in the row that is written.
    """
    for name, (above, below) in ratios.items():
        yield f"{name}_ratio", partial(share, place(above), place(below))
        for end, sign in (("low", "-"), ("high", "+")):
            yield f"{name}_{end}", partial(end_of_range, place(above), place(below), sign)


def product(*factors: str) -> str:
    """The number of rows in which every factor holds."""
    return f"SUMPRODUCT({'*'.join(factors)})"


def listing(column: str, most: int) -> Formula:
    """The formula that lists the names of a column."""
    names = f'SORT(UNIQUE(FILTER({column};{column}<>"")))'
    return Formula(f'=IFERROR(ARRAY_CONSTRAIN({names};{most};1);"")')


def overflow(column: str, most: int) -> str:
    """The formula of how many names there are beyond those that are listed."""
    names = f'IFERROR(ROWS(UNIQUE(FILTER({column};{column}<>"")));0)'
    return f'=IF({names}>{most};"+ "&({names}-{most});"")'


def listed_range(where: Addresses, row: int, column: int, most: int) -> str:
    """The range of listed names, as a formula for a drop-down; the row from 1, the column from 0."""
    letters = column_letters(column)
    return f"={quoted(where.titles[VERSIONS])}!${letters}${row}:${letters}${row + most - 1}"


def beyond_chance(cases: str, successes: str, comparisons: int, words: Sequence[str]) -> Formula:
    """The formula that says whether ratios of some rows differ by more than chance.

    A chi-square test that all rows with enough cases have one rate. Its level of 5 % is shared out among the ratios
    that are compared side by side (Bonferroni). Where fewer than five successes or failures are expected in a row the
    approximation does not hold, and nothing is concluded.

    Args:
        cases: Range of the cases.
        successes: Range beside it.
        comparisons: How many ratios are compared.
        words: What is said: differ, do not, too few.
    """
    enough = f"ISNUMBER({cases});{cases}>={LEAST_CASES}"
    differ, equal, few = (f'"{word}"' for word in words)
    names = f"n;FILTER({cases};{enough});x;FILTER({successes};{enough});p;SUM(x)/SUM(n)"
    chi = "CHISQ.DIST.RT(SUMPRODUCT((x-n*p)^2/n)/(p*(1-p));ROWS(n)-1)"
    tested = f"IF(MIN(n)*MIN(p;1-p)<5;{few};IF({chi}*{comparisons}<5/100;{differ};{equal}))"
    return Formula(f'=IFERROR(LET({names};IF(ROWS(n)<2;"";{tested}));"")')
