"""The plan: the value between reading and writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import orjson
import pandas as pd

from sheets_crm.plan.changes import (
    AppendRows,
    Change,
    DeleteRows,
    FoldRows,
    GridRows,
    MarkBlocks,
    RowCells,
    ShowColumn,
    ShowRow,
    ShowTab,
    UpdateCells,
)
from sheets_crm.plan.compiler import compiled, runs
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.requests import Request

PAYLOAD: Final = 2_000_000
SCATTERED: Final = 500


@dataclass(frozen=True, slots=True)
class LeadChange:
    """One cell of one lead that changes, for the change journal; column ``*`` is a new lead with all its cells."""

    lead: int
    column: str
    old: Cell
    new: Cell | Mapping[str, Cell]
    cause: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One cell of a row of a two-way table that an operator changed, for the change journal."""

    table: str
    key: str
    column: str
    old: Cell
    new: Cell
    cause: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The effect of a plan in domain words.

    Attributes:
        sent: Leads sent per batch id.
        imported: Row counts per import: id, source, step, and the five counts.
        sentences: Sentences for Log and Control.
        undone: Leads made available again per batch id.
        closed: Leads completed blank per batch id.
        reopened: Leads with a further attempt opened.
    """

    sent: Mapping[str, int] = field(default_factory=dict)
    imported: tuple[Mapping[str, Cell], ...] = ()
    sentences: tuple[str, ...] = ()
    undone: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, int] = field(default_factory=dict)
    reopened: int = 0


@dataclass(frozen=True)
class Plan:
    """The changes of one guarded write.

    Attributes:
        changes: The changes.
        summary: Their effect.
        more: Whether another part follows, because this one was cut to the budget.
        journal: The changed cells of leads.
        row_journal: The cells of two-way tables that operators changed.
    """

    changes: tuple[Change, ...]
    summary: Summary = Summary()
    more: bool = False
    journal: tuple[LeadChange, ...] = ()
    row_journal: tuple[RowChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not self.changes

    def requests(self) -> list[Request]:
        """The requests of its write, without the guard."""
        return compiled(self.changes)

    def for_report(self) -> Plan:
        """The plan for reports: without its tables and journal, which would fill memory part after part."""
        return replace(
            self, changes=tuple(_without_tables(change) for change in self.changes), journal=(), row_journal=()
        )


def _without_tables(change: Change) -> Change:
    if not isinstance(change, UpdateCells | AppendRows | DeleteRows):
        return change
    # Copies, because an empty slice is a view that would keep the whole table alive.
    sheet = replace(change.sheet, frame=change.sheet.frame.iloc[:0].copy(), rows=change.sheet.rows[:0].copy())
    if isinstance(change, AppendRows):
        keys_only = pd.DataFrame(index=change.frame.index)
        return replace(change, sheet=sheet, frame=keys_only, master=None)
    return replace(change, sheet=sheet)


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a write: bytes of its JSON, and runs of rows to delete, each a request of its own."""

    payload: int
    scattered: int

    @property
    def over(self) -> float:
        """The cost as a multiple of the advised size; up to 1 is fine."""
        return max(self.payload / PAYLOAD, self.scattered / SCATTERED)


def cost(plan: Plan, requests: list[Request]) -> Cost:
    """The cost of a plan's write."""
    apart = 0
    for change in plan.changes:
        if isinstance(change, DeleteRows):
            apart += len(runs(sorted(change.sheet.rows[change.positions].tolist())))
        elif isinstance(change, GridRows):
            apart += len(runs(sorted(change.delete)))
    return Cost(len(orjson.dumps(requests)), apart)


def counted(plan: Plan) -> list[tuple[str, int, int, int]]:
    """Rows appended, changed and deleted in each tab, for the plan's table."""
    by_title: dict[str, list[int]] = {}
    for change in plan.changes:
        if isinstance(change, AppendRows):
            by_title.setdefault(change.sheet.tab.title, [0, 0, 0])[0] += len(change.frame)
        elif isinstance(change, UpdateCells):
            by_title.setdefault(change.sheet.tab.title, [0, 0, 0])[1] += change.rows
        elif isinstance(change, DeleteRows):
            by_title.setdefault(change.sheet.tab.title, [0, 0, 0])[2] += len(change.positions)
        elif isinstance(change, GridRows):
            counts = by_title.setdefault(change.tab.title, [0, 0, 0])
            counts[0] += len(change.append)
            counts[1] += len(change.put)
            counts[2] += len(change.delete)
        elif isinstance(change, RowCells):
            by_title.setdefault(change.tab.title, [0, 0, 0])[1] += len({cell.row for cell in change.cells})
        elif not isinstance(change, ShowTab | ShowColumn | ShowRow | FoldRows | MarkBlocks):
            by_title.setdefault(change.tab.title, [0, 0, 0])[1] += 1
    return [(title, *counts) for title, counts in by_title.items()]  # type: ignore[misc]
