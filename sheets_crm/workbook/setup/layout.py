"""What a workbook is set up with, what is there already, and where every tab is going to stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.pipeline.steps import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.tabs import TabSpec, all_tabs

METRIC_IDS = tuple(metric.id for metric in METRICS)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a workbook is set up with.

    Attributes:
        schema: Columns and steps.
        language: "es" or "en".
        parts: Batch tabs per step.
        account: The service account's address, which stays an editor of the protections.
        interval: Seconds between two looks of the scheduled worker, for Control's text.
        vocabulary: Rows of the verifier vocabulary to begin with.
        stored: Values of System's stored keys.
    """

    schema: Schema
    language: str
    parts: Mapping[str, int]
    account: str
    interval: int
    vocabulary: Sequence[Sequence[CellIn]] = ()
    stored: Mapping[str, CellIn] = field(default_factory=dict)

    @property
    def specs(self) -> tuple[TabSpec, ...]:
        """Every tab's declaration, in order."""
        return all_tabs(self.schema, METRIC_IDS, dict(self.parts))


@dataclass(frozen=True, slots=True)
class Existing:
    """What was read of a workbook before setting it up.

    Attributes:
        info: The workbook without its cells.
        headers: Row 1 of each marked table tab, by key.
        control: Control's cells from A1; empty when the tab is not there.
        blank: Ids of unmarked tabs that hold nothing.
    """

    info: WorkbookInfo
    headers: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    control: Sequence[Sequence[Cell]] = ()
    blank: frozenset[int] = frozenset()

    def tab(self, key: str) -> TabInfo | None:
        """Return the tab that bears a key's mark."""
        return next((tab for tab in self.info.tabs if tab.mark == key), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """Every tab of the workbook as it is going to be: its declaration, its id, and where its columns stand.

    Attributes:
        existing: What is there.
        setup: What it is set up with.
        specs: Every tab's declaration, in order.
        tabs: The tab that is there for each key, None where it is to be made.
        ids: The id of each tab, there or to be made, by key.
        where: Titles and columns, for writing formulas.
    """

    existing: Existing
    setup: Setup
    specs: tuple[TabSpec, ...]
    tabs: Mapping[str, TabInfo | None]
    ids: Mapping[str, int]
    where: Addresses

    @classmethod
    def of(cls, existing: Existing, setup: Setup, new_ids: Iterator[int]) -> Layout:
        """Give every tab that is missing an id that no tab has, and keep what the others are called."""
        specs = setup.specs
        tabs = {spec.key: existing.tab(spec.key) for spec in specs}
        taken = {tab.sheet_id for tab in existing.info.tabs}
        fresh = (number for number in new_ids if number not in taken)
        ids = {key: tab.sheet_id if tab else next(fresh) for key, tab in tabs.items()}
        titles = {spec.key: (tabs[spec.key] or spec).title for spec in specs}
        where = Addresses(titles, {spec.key: spec for spec in specs}, existing.headers)
        return cls(existing, setup, specs, tabs, ids, where)

    @property
    def schema(self) -> Schema:
        """Columns and steps."""
        return self.setup.schema

    @property
    def language(self) -> str:
        """The language of what is written for people."""
        return self.setup.language


__all__ = ["Existing", "Layout", "Setup"]
