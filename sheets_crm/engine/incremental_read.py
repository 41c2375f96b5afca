"""Incremental read: what operators may have changed since this worker's last write, in one request of that size.

It is tried when the poll proves that nothing moved meanwhile. What is read of each tab is its declaration's policy; the
rest of the snapshot comes from the cached leads and the cached layout.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sheets_crm.engine.layout_cache import CachedLayout, CannotReadIncrementally
from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.lead_tables import LeadTable
from sheets_crm.engine.poll import PollResult
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import (
    declared_tabs,
    find_import_tabs,
    is_claimed,
    managed,
    raw_cells,
    read_import_tabs,
    refuse_layout,
)
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_reads import (
    Edited,
    TableRead,
    edited_ranges,
    orders_of,
    read_of_closed,
    read_of_rows,
    read_of_table,
    row_problems,
)
from sheets_crm.messages import said
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.roles import INBOX, LEADS, PANEL, SYSTEM, step_of
from sheets_crm.workbook.sheet import Sheet, read_sheet
from sheets_crm.workbook.system import SystemLayout, SystemState, ordered_tabs
from sheets_crm.workbook.two_way.rows import parse_spill

_LOG = logging.getLogger(__name__)

WHOLE, HEADER, FIRST, SPILL = "whole", "header", "first column", "edited rows"
"""Names of the ranges of a tab."""


def require_unmoved(polled: PollResult, layout: CachedLayout, cached: CachedLeads, settings: RunSettings) -> None:
    """Make sure that the poll proves the workbook to be as this worker left it, operators' cells apart.

    Raises:
        CannotReadIncrementally: It does not.
    """
    state = polled.state
    if not state.number("sequence") == layout.sequence == cached.sequence:
        raise CannotReadIncrementally(said("why.written"))
    if state.signal("sheets") != len(layout.info.tabs):
        raise CannotReadIncrementally(said("why.tabs"))
    if state.text("refusal"):
        raise CannotReadIncrementally(said("why.refused"))
    _require_tabs(layout, settings)
    _require_order(state, layout, settings.schema)
    _require_same_leads(layout, cached, state)


def _require_tabs(layout: CachedLayout, settings: RunSettings) -> None:
    """Make sure that the workbook has every declared tab, and the cached layout every table of leads."""
    tabs = managed(layout.info)
    for spec in declared_tabs(tabs, settings):
        if spec.key not in tabs:
            raise CannotReadIncrementally(said("why.lacks_tab", tab=spec.title))
        if spec.policy is ReadPolicy.LEADS and spec.key not in layout.tabs:
            raise CannotReadIncrementally(said("why.uncached_rows", tab=spec.title))


def _require_order(state: SystemState, layout: CachedLayout, schema: Schema) -> None:
    """Make sure that the signals of the rows' order are the checksums of the cached layout."""
    for key in ordered_tabs(schema):
        if state.signal(f"order.{key}") != layout.tabs[key].checksum:
            raise CannotReadIncrementally(said("why.rows", tab=key))


def _require_same_leads(layout: CachedLayout, cached: CachedLeads, state: SystemState) -> None:
    """Make sure that the cached leads, the cached layout and the workbook's own count are of the same leads.

    Leads and layout are kept in two files: their rows are paired by LeadNumber, never because both are the nth.
    """
    leads = cached.leads.index
    same = np.array_equal(layout.tabs[LEADS].order, leads.to_numpy()) and state.number("leads_known") == len(leads)
    if not same or not all(
        len(tab.rows) == len(tab.order) and bool((leads.get_indexer(pd.Index(tab.order)) >= 0).all())
        for tab in layout.tabs.values()
    ):
        raise CannotReadIncrementally(said("why.other_leads"))


@dataclass(frozen=True)
class _Request:
    """What is read, in one request.

    Attributes:
        specs: The declared tabs, but for those of which nothing is ever read.
        tabs: The tabs by key.
        leads: The tables of leads by key.
        import_tabs: The import tabs, when one may hold something.
        merging: Whether rows may be merged: then what operators can ask for is read too.
        ordered: Keys of the tabs of leads whose order of rows a signal shows.
        state: System as polled.
        edited: Which edits of two-way tables may count.
        layout: What stands where in System.
    """

    specs: Sequence[TabSpec]
    tabs: Mapping[str, TabInfo]
    leads: Mapping[str, LeadTable]
    import_tabs: Sequence[TabInfo]
    merging: bool
    ordered: frozenset[str]
    state: SystemState
    edited: Edited
    layout: SystemLayout

    @classmethod
    def of(
        cls, polled: PollResult, layout: CachedLayout, settings: RunSettings, edited: Edited, *, merging: bool
    ) -> _Request:
        """What the signals ask for.

        Raises:
            CannotReadIncrementally: They do not say which rows.
        """
        state, tabs = polled.state, managed(layout.info)
        specs = [spec for spec in declared_tabs(tabs, settings) if spec.policy is not ReadPolicy.NEVER]
        waiting = state.asks(INBOX) or any(map(is_claimed, layout.info.tabs))
        import_tabs = find_import_tabs(layout.info) if waiting else []
        asked = [signal for spec in specs if spec.policy is ReadPolicy.ASKED for signal in spec.signals]
        merging = merging or bool(import_tabs) or any(state.asks(signal.name) for signal in asked if signal.asks)
        leads = {
            spec.key: LeadTable.of(spec, tabs[spec.key], layout.tabs[spec.key], state)
            for spec in specs
            if spec.policy is ReadPolicy.LEADS
        }
        ordered = frozenset(ordered_tabs(settings.schema))
        return cls(specs, tabs, leads, import_tabs, merging, ordered, state, edited, settings.system)

    def ranges(self) -> dict[tuple[str, str], str]:
        """The A1 ranges to read; each has the tab's key, or the import tab's id, and a name within the tab."""
        ranges = {
            (spec.key, name): text
            for spec in self.specs
            if spec.key != SYSTEM
            for name, text in self._of_tab(spec)
        }
        return ranges | {(str(tab.sheet_id), WHOLE): quoted(tab.title) for tab in self.import_tabs}

    def _of_tab(self, spec: TabSpec) -> Iterator[tuple[str, str]]:
        title = quoted(self.tabs[spec.key].title)
        match spec.policy:
            case ReadPolicy.WHOLE:
                yield WHOLE, title
                if self.edited.asks(spec.key):
                    yield SPILL, self.layout.edits_range(self.tabs[SYSTEM].title, spec.key)
            case ReadPolicy.BY_KEY:
                yield from self._edited(spec)
            case ReadPolicy.RESULTS:
                yield WHOLE, f"{title}!{spec.results}"
            case ReadPolicy.END:
                yield HEADER, f"{title}!1:1"
                yield FIRST, f"{title}!A2:A"
            case ReadPolicy.ASKED | ReadPolicy.MERGING if self.merging:
                yield WHOLE, title
            case ReadPolicy.LEADS:
                if spec.key in self.ordered:
                    yield HEADER, f"{title}!1:1"
                yield from self.leads[spec.key].ranges()
                if spec.two_way:
                    yield from self._edited(spec)

    def _edited(self, spec: TabSpec) -> Iterator[tuple[str, str]]:
        """The ranges of a two-way table: its edited rows and the list of them, or all of it; none when nothing is."""
        tab, rows = self.tabs[spec.key], self.edited.rows(spec.key)
        merged = said("why.merged") if self.merging and spec.needed_by_imports else ""
        why = self.edited.reads_whole(spec.key, self.state) or merged
        if why:
            _LOG.info(said("progress.whole", tab=tab.title, why=why))
            yield WHOLE, quoted(tab.title)
        elif rows:
            yield from edited_ranges(spec.key, tab, self.edited)
        if why or rows:
            yield SPILL, self.layout.edits_range(self.tabs[SYSTEM].title, spec.key)


@dataclass(frozen=True)
class _Answer:
    """The cells that were read, by key and name within the tab."""

    request: _Request
    cells: Mapping[tuple[str, str], Rows] = field(default_factory=dict)

    def of_tab(self, key: str) -> dict[str, Rows]:
        """The cells of a tab by the names of its ranges."""
        return {name: cells for (tab, name), cells in self.cells.items() if tab == key}

    def whole(self) -> dict[str, Rows]:
        """The cells of the tabs that were read whole, and of results, by key."""
        return {tab: cells for (tab, name), cells in self.cells.items() if name == WHOLE}

    def sheets(self, layout: CachedLayout, cached: CachedLeads, schema: Schema) -> Iterator[Sheet]:
        """Every table that can be told, from its cells or from the cache.

        Raises:
            CannotReadIncrementally: Columns or rows are not where the cache has them.
        """
        for spec in self.request.specs:
            tab, cells = self.request.tabs[spec.key], self.of_tab(spec.key)
            if not spec.table or (not cells and spec.policy in {ReadPolicy.ASKED, ReadPolicy.MERGING}):
                continue
            if spec.policy is ReadPolicy.BY_KEY and WHOLE not in cells:
                continue
            if spec.policy is not ReadPolicy.LEADS:
                yield _complete(read_sheet(spec, tab, _stacked(cells)))
                continue
            if HEADER in cells:
                present = _complete(read_sheet(spec, tab, cells[HEADER])).column_index
                if dict(present) != dict(layout.tabs[spec.key].column_index):
                    raise CannotReadIncrementally(said("why.columns", tab=tab.title))
            yield self.request.leads[spec.key].sheet(cached.leads, schema, cells)

    def edits(self, layout: CachedLayout) -> Iterator[TableRead]:
        """The two-way tables of which something was read.

        Raises:
            CannotReadIncrementally: A header row was changed.
        """
        for spec in self.request.layout.tables:
            tab, cells = self.request.tabs[spec.key], self.of_tab(spec.key)
            if SPILL not in cells:
                continue
            spill, edited = parse_spill(cells.pop(SPILL)), self.request.edited
            sheet = _complete(read_sheet(spec, tab, cells[WHOLE] if WHOLE in cells else cells["1"][:1]))
            cached = layout.tabs.get(spec.key)
            if cached is not None and dict(sheet.column_index) != dict(cached.column_index):
                raise CannotReadIncrementally(said("why.columns", tab=tab.title))
            if WHOLE in cells:
                yield (
                    read_of_table(sheet, spill, edited, cells[WHOLE])
                    if spec.by_key
                    else read_of_closed(sheet, spill, edited)
                )
            else:
                yield read_of_rows(sheet, spill, edited, cells)


def _stacked(cells: Mapping[str, Rows]) -> Rows:
    """The cells of a table from A1: all, or those of a growing table's header and first column under each other."""
    if WHOLE in cells:
        return cells[WHOLE]
    header = cells[HEADER]
    return [header[0] if header else [], *cells[FIRST]]


def _complete(sheet: Sheet) -> Sheet:
    if sheet.missing or sheet.doubled:
        raise CannotReadIncrementally(said("why.columns", tab=sheet.tab.title))
    return sheet


def incremental_read(
    gateway: Gateway,
    settings: RunSettings,
    polled: PollResult,
    layout: CachedLayout,
    cached: CachedLeads,
    read_at: float,
    *,
    merging: bool,
    edited: Edited,
) -> Snapshot:
    """Read what operators may have changed.

    Args:
        gateway: The workbook.
        settings: The run's settings.
        polled: The poll; it passed `require_unmoved`.
        layout: The cached layout.
        cached: The cached leads.
        read_at: Seconds since 1970.
        merging: Whether rows are going to be merged that stand in no tab.
        edited: Which edits of two-way tables may count.

    Raises:
        CannotReadIncrementally: It does not fit the cache: everything has to be read.
    """
    request = _Request.of(polled, layout, settings, edited, merging=merging)
    answer, state = _read(gateway, settings, layout, request)
    sheets = {sheet.spec.key: sheet for sheet in answer.sheets(layout, cached, settings.schema)}
    cells = answer.whole()
    panel = PanelState.of(cells[PANEL])
    refuse_layout(request.tabs, panel, polled.state, settings, settings.system.polled_keys)
    tabs_read = [(tab, cells[str(tab.sheet_id)]) for tab in request.import_tabs]
    return Snapshot(
        info=layout.info,
        tabs=request.tabs,
        sheets=sheets,
        panel=panel,
        system=polled.state,
        leads=cached.leads,
        cells=raw_cells(request.specs, cells),
        import_tabs=read_import_tabs(gateway, tabs_read),
        sequence=layout.sequence,
        read_at=read_at,
        notes_read=_notes_read(request.leads),
        edits={one.spec.key: one for one in answer.edits(layout)},
        orders=orders_of(state, [spec.key for spec in settings.system.typed]),
        row_problems={key: row_problems(sheets[key]) for key in sheets.keys() & _with_problems(request.specs)},
    )


def _with_problems(specs: Sequence[TabSpec]) -> set[str]:
    """The two-way tables of which `problem` is read with their rows; cached leads do not have it."""
    return {spec.key for spec in specs if spec.two_way and spec.policy is not ReadPolicy.LEADS}


def _read(
    gateway: Gateway, settings: RunSettings, layout: CachedLayout, request: _Request
) -> tuple[_Answer, SystemState]:
    """Read it, and in the same request what shows whether anything moved since the poll."""
    own, ranges = settings.system, request.ranges()
    proofs = own.proof_ranges(request.tabs[SYSTEM].title)
    answers = gateway.values([*proofs, *ranges.values()])
    again = own.parse_proofs(answers[: len(proofs)])
    if again.number("sequence") != layout.sequence:
        raise CannotReadIncrementally(said("why.meanwhile"))
    _require_order(again, layout, settings.schema)
    return _Answer(request, dict(zip(ranges, answers[len(proofs) :], strict=True))), again


def _notes_read(leads: Mapping[str, LeadTable]) -> dict[str, frozenset[int]]:
    """The leads whose notes were read, by step: those of its input tab."""
    listing = (table for table in leads.values() if any(signal.lists for signal in table.spec.signals))
    return {step_of(table.spec.key): table.numbers_read() for table in listing}
