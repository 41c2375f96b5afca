"""What the parts of the first screen are written with: addresses, and texts with expressions in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sheets_crm.messages import CATALOGUE, localize
from sheets_crm.pipeline.metric_list import tallies
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook import dashboard
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, column_letters, quoted
from sheets_crm.workbook.lead_search import text
from sheets_crm.workbook.roles import SYSTEM
from sheets_crm.workbook.tabs import CONTROL, HISTORY
from sheets_crm.workbook.tally_formulas import count


@dataclass(frozen=True, slots=True)
class Cells:
    """A block of cells: its first row and column, from 0, and its rows."""

    row: int
    column: int
    rows: tuple[tuple[CellIn, ...], ...]


@dataclass(frozen=True)
class Page:
    """A workbook as the first screen is written for it.

    Attributes:
        schema: Columns and steps.
        language: "es" or "en".
        where: Titles and columns of the tabs.
        ids: Id of each tab, by key.
        lines: 1-based row of each metric of the full list.
        system_rows: 1-based rows of System's keys.
        problems: 0-based first row and number of the rows of problems on Control.
        silent_after: 0-based row of Control with the minutes without a sign of life after which the system is down.
    """

    schema: Schema
    language: str
    where: Addresses
    ids: Mapping[str, int]
    lines: Mapping[str, int]
    system_rows: Mapping[str, int]
    problems: tuple[int, int]
    silent_after: int

    def has(self, *metrics: str) -> bool:
        """Whether the full list has all of some metrics."""
        return all(metric in self.lines for metric in metrics)

    def value(self, metric: str, letter: str = dashboard.VALUE) -> str:
        """A cell of a metric's line, by default that of its value."""
        return f"${letter}${self.lines[metric]}"

    def system(self, key: str) -> str:
        """The cell of one of System's values."""
        return f"{quoted(self.where.titles[SYSTEM])}!$B${self.system_rows[key]}"

    def problem_cells(self) -> str:
        """The problems on Control."""
        first, rows = self.problems
        return f"{quoted(self.where.titles[CONTROL])}!$B${first + 1}:$B${first + rows}"

    def silence(self) -> str:
        """The minutes without a sign of life after which the system counts as down."""
        return f"{quoted(self.where.titles[CONTROL])}!$B${self.silent_after + 1}"

    def on_its_way(self, step: Step) -> str:
        """The number of leads that a step has still before it, or out."""
        counted = tallies(self.schema)
        states = (state.suffix for state in self.schema.states if state.on_its_way)
        return "+".join(count(counted[f"{step.name}_{suffix}"], self.where) for suffix in states)

    def as_of(self, metric: str, day: str, *, exactly: bool = False) -> str:
        """What History had of a metric on a day; blank where it has none.

        Args:
            metric: Id of the metric.
            day: Expression of the day.
            exactly: Whether the last day before it that History has does not serve.
        """
        days, values = self.where.column(HISTORY, "date"), self.where.column(HISTORY, metric)
        return f'LET(was;XLOOKUP({day};{days};{values};"";{0 if exactly else -1});IF(ISNUMBER(was);was;""))'

    # -- texts

    def say(self, code: str, **params: object) -> str:
        """A text of the catalogue in the workbook's language."""
        return localize(code, self.language, **params)

    def sentence(self, code: str, **params: str) -> str:
        """The expression of a text whose placeholders are expressions.

        With a count, and a text for one, the number decides between the two.
        """
        many = self._joined(code, params)
        one = f"{code}.one"
        return f"IF({params['count']}=1;{self._joined(one, params)};{many})" if one in CATALOGUE else many

    def _joined(self, code: str, params: Mapping[str, str]) -> str:
        said = self.say(code, **{name: f"{{{name}}}" for name in params})
        pieces = re.split(r"\{(\w+)\}", said)
        return "&".join(
            f"({_shown(piece, params)})" if n % 2 else text(piece) for n, piece in enumerate(pieces) if piece
        )

    def age(self, minutes: str) -> str:
        """The expression of a number of minutes in words: minutes, hours or days."""
        units: tuple[tuple[str, int], ...] = (("minutes", 1), ("hours", 60), ("days", 1440))
        parts = [self._joined(f"morning.{unit}", {"n": f"ROUND(m/{size};0)"}) for unit, size in units]
        return f"LET(m;MAX(0;{minutes});IF(m<90;{parts[0]};IF(m<2880;{parts[1]};{parts[2]})))"


def _shown(name: str, params: Mapping[str, str]) -> str:
    """A placeholder's expression; a count has thousands as the workbook's locale writes them."""
    return f"FIXED({params[name]};0)" if name == "count" else params[name]


def cell(row: int, column: int) -> str:
    """An absolute address on the page itself; row and column from 0."""
    return f"${column_letters(column)}${row + 1}"


def block(row: int, column: int, rows: int, columns: int) -> str:
    """The absolute address of neighbouring cells on the page itself."""
    return f"{cell(row, column)}:{cell(row + rows - 1, column + columns - 1)}"
