"""The working state of a decision: leads and tables as they are going to be, and the texts for operators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_rows import TableRows, rows_of
from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.workbook.cells import CellIn

JsonRecord = dict[str, Any]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one part of a plan may take on.

    Attributes:
        rows: Rows of imports to merge.
        leads: Leads to send, undo or close.
    """

    rows: int = 2_000
    leads: int = 5_000

    def times(self, factor: float) -> Budget:
        """A smaller (or larger) budget, never below one row and one lead."""
        return Budget(max(1, int(self.rows * factor)), max(1, int(self.leads * factor)))


@dataclass(frozen=True, slots=True)
class RunClock:
    """The time and the name of a run, given from outside.

    Attributes:
        serial: The current time as a serial number in the workbook's time zone.
        run: Name of the run, for the log and the journal.
    """

    serial: float
    run: str


@dataclass
class WorkingState:
    """The workbook as it is going to be, while a decision is made.

    Attributes:
        snapshot: The workbook as read.
        settings: The run's settings.
        clock: The time.
        budget: How much this part may take on.
        leads: The leads frame.
        tables: The tables that follow from no lead, as they are going to be, by key (`table`).
        stored: System's values that change, by key.
        said: The message on a step's row of the panel, by step.
        panel: Other cells of the panel that change, by id of the row and 0-based column.
        problems: The problems that Control shows, in order.
        logged: Lines for Log.
        refused: Lines for Log about imports that were set aside.
        extra: Changes that no table's difference makes, such as the removal of a claimed tab.
        reset: Answered ticks: key of the tab, header, key of the row, value to write.
        causes: Why a lead changes, for the change journal, by LeadNumber.
        sent: How many leads were sent, by batch.
        undone: How many leads were undone, by batch.
        closed: How many leads were closed, by batch.
        imported: Counts of each import, for the report.
        reopened: How many leads were reopened.
        erased: People erased, by LeadNumber.
        erased_hashes: Their keyed hashes, which System does not have yet.
        opened: Steps whose batch tabs have to be visible, because a batch was shown there on request, and keys of other
            tabs that have to be.
        closed_tabs: Keys of tabs that the worker hides again.
        more: Whether something was left for the next part.
        index: The keys of the leads; None until an import needs them.
        answers: What the commands of a verb answer, for its report.
        begun: Whether the commands were begun in an earlier write of the same run.
        parts: What a feature keeps for itself while a decision is made, by what makes it (`part`).
        row_work: The rows of two-way tables that the worker changes, by key of the table (`rows`).
    """

    snapshot: Snapshot
    settings: RunSettings
    clock: RunClock
    budget: Budget
    leads: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    stored: dict[str, CellIn] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    panel: dict[tuple[str, int], CellIn] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    extra: list[Change] = field(default_factory=list)
    reset: dict[str, dict[str, dict[Any, CellIn]]] = field(default_factory=dict)
    causes: dict[int, str] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    undone: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    imported: list[JsonRecord] = field(default_factory=list)
    reopened: int = 0
    erased: dict[int, Person] = field(default_factory=dict)
    erased_hashes: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    closed_tabs: set[str] = field(default_factory=set)
    more: bool = False
    index: LeadIndex | None = None
    answers: list[str] = field(default_factory=list)
    begun: bool = False
    parts: dict[Callable[[WorkingState], Any], Any] = field(default_factory=dict)
    row_work: dict[str, TableRows] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, settings: RunSettings, clock: RunClock, budget: Budget) -> WorkingState:
        """Begin with the workbook as it was read."""
        return cls(snapshot, settings, clock, budget, snapshot.leads)

    def table(self, key: str) -> pd.DataFrame:
        """A table as it is going to be; to begin with, a copy of it as read."""
        if key not in self.tables:
            self.tables[key] = self.snapshot.sheets[key].frame.copy()
        return self.tables[key]

    def rows(self, key: str) -> TableRows:
        """The rows of a two-way table, to add, change and delete some that no operator has edited.

        Raises:
            ReadTable: The table was not read whole; the run reads it and decides again.
        """
        return rows_of(self, key)

    def part(self, make: Callable[[WorkingState], Part]) -> Part:
        """What a feature keeps for itself during this decision, made when it is first asked for."""
        if make not in self.parts:
            self.parts[make] = make(self)
        part: Part = self.parts[make]
        return part

    @property
    def schema(self) -> Schema:
        """Columns and steps."""
        return self.settings.schema

    def message(self, code: str, **values: object) -> str:
        """A message in the workbook's language, cut to what a cell takes; a step in it has the name of its tabs."""
        if "step" in values:
            values = {**values, "step": self.schema.title_of(str(values["step"]))}
        return fitted(localize(code, self.settings.language, **values))

    def problem(self, code: str, **values: object) -> None:
        """Put a problem on Control, once."""
        text = self.message(code, **values)
        if text not in self.problems:
            self.problems.append(text)

    def say(self, step: str, text: str) -> None:
        """Put what happened at a step on its row of the panel, behind what else the same run did there."""
        self.said[step] = fitted(" · ".join(filter(None, (self.said.get(step), text))))

    def log(self, code: str, **values: object) -> None:
        """Add a line to the run's row of Log."""
        self.logged.append(self.message(code, **values))

    def number(self, key: str) -> int:
        """A counter of System, as this plan has left it so far."""
        value = self.stored.get(key)
        return int(value) if isinstance(value, int | float) else self.snapshot.system.number(key, 1)

    def next_lead_number(self) -> int:
        """The next free LeadNumber: above the counter and above every lead of the Master.

        Somebody may have typed a row into the Master under the counter's number, which must not be given again.
        """
        return max(self.number("next_lead_number"), int(self.leads.index.max()) + 1 if len(self.leads) else 1)

    def record(self, key: str) -> JsonRecord:
        """An open record of System, as read."""
        return self.snapshot.system.record(key)

    def cause(self, numbers: Iterable[int], cause: str) -> None:
        """Note why leads change, for the change journal."""
        self.causes.update(dict.fromkeys(map(int, numbers), cause))

    def erase(self, person: Person, hashes: Iterable[str]) -> None:
        """Erase a person: out of the leads if they are among them, and out of the other tabs in any case.

        Args:
            person: Whom; their LeadNumber is never given again.
            hashes: Keyed hashes by which the next import recognises and refuses the person.
        """
        if person.number in self.leads.index:
            self.leads = self.leads.drop(index=[person.number])
            self.log("log_erased", lead=person.number)
        self.erased[person.number] = person
        recorded = {*self.snapshot.system.erased, *self.erased_hashes}
        self.erased_hashes += [hashed for hashed in hashes if hashed not in recorded]

    def untick(self, key: str, header: str, row: Any, value: CellIn = False) -> None:
        """Clear an operator's tick, or another request, now that it is answered."""
        self.reset.setdefault(key, {}).setdefault(header, {})[row] = value
