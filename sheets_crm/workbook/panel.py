"""The panel: the tab on which operators ask the worker and the worker answers, as far as the engine knows it.

Rows are identified by the id in the last column, so the layout may change between versions and people may move rows.
What else stands there belongs to the features that put it there (`sheets_crm.features.control`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.cells import Cell

WIDTH: Final = 8
"""Number of columns."""
ID: Final = 7
VALUE: Final = 1
SAID: Final = 6
"""0-based columns: of a row's id, of its value, and of what the worker says on a step's row."""
PROBLEMS: Final = 8
"""Rows for problems."""
STEP: Final = "step."
PROBLEM: Final = "problem."
"""Beginnings of the ids of a step's row and of a problem's."""
PROBLEMS_HEADING: Final = "problems"
"""Id of the heading of the problems; like their rows, it is hidden while there is none."""
OWN: Final = ("status", "last_run_at", "heartbeat", "confirm", "sync_now")
"""Ids of the rows that the engine reads and writes itself, with those of the problems."""


def own_ids() -> tuple[str, ...]:
    """Ids of the rows that every run needs."""
    return (*OWN, *(f"{PROBLEM}{n}" for n in range(1, PROBLEMS + 1)))


def shown_for(texts: Mapping[str, Cell]) -> dict[str, bool]:
    """Whether the rows of problems are visible, given the texts of the problems by id: while they hold something."""
    shown = {row_id: text != "" for row_id, text in texts.items() if row_id.startswith(PROBLEM)}
    return {PROBLEMS_HEADING: any(shown.values()), **shown}


def rows_of_ids(cells: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """The 0-based grid row of each id, from the cells of the panel (from A1)."""
    return {str(row[ID]): n for n, row in enumerate(cells) if len(row) > ID and row[ID] != ""}


@dataclass(frozen=True, slots=True)
class PanelState:
    """The panel as read.

    Attributes:
        rows: 0-based grid row of each id.
        cells: All cells as read, from A1.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    cells: Sequence[Sequence[Cell]] = ()

    @classmethod
    def of(cls, cells: Sequence[Sequence[Cell]]) -> PanelState:
        """The panel from its cells (from A1)."""
        return cls(rows_of_ids(cells), cells)

    def value(self, row_id: str, column: int = VALUE) -> Cell:
        """A cell of a row; blank when there is no such row."""
        return self.cells[self.rows[row_id]][column] if row_id in self.rows else ""

    @property
    def confirm(self) -> bool:
        """The tick that accepts a refused plan."""
        return is_tick(self.value("confirm"))

    @property
    def sync_now(self) -> bool:
        """The tick that asks for a run."""
        return is_tick(self.value("sync_now"))

    @property
    def problems(self) -> tuple[str, ...]:
        """The texts of its problems, blank ones too."""
        return tuple(str(self.value(row_id)) for row_id in self.rows if row_id.startswith(PROBLEM))

    def said(self, step: str) -> Cell:
        """What the worker says on a step's row."""
        return self.value(f"{STEP}{step}", SAID)
