"""Incremental read: what operators may have changed since this worker's last write, in one request of that size.

It is tried when the poll proves that nothing moved meanwhile; anything unexpected makes the run read everything. The
rest of the snapshot comes from the cached leads and the cached layout.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.layout_cache import CachedLayout, TabLayout
from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.poll import PollResult
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import find_import_tabs, managed, metrics_shown, read_import_tabs, refuse_layout
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.plan.compiler import runs
from sheets_crm.workbook import control, system
from sheets_crm.workbook.cells import a1, column_letters, quoted
from sheets_crm.workbook.dashboard import read_range
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.import_marks import CLAIM, ImportMark
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.sheet import Sheet, read_sheet
from sheets_crm.workbook.system import TICKS_LISTED, SystemState
from sheets_crm.workbook.tabs import (
    BATCHES,
    BOX1_HISTORY,
    CONTROL,
    DASHBOARD,
    HISTORY,
    IMPORTS,
    LOG,
    MASTER,
    REJECTED,
    STORAGE,
    SYSTEM,
    VOCABULARY,
    batch_key,
    input_key,
)

SCATTERED: Final = 60
"""Up to so many runs of adjacent rows are read one by one; more are read as one block from the first to the last."""

WHOLE: Final = (CONTROL, BATCHES, IMPORTS, VOCABULARY)
"""Tabs that are read whole, for they are small and operators edit them."""
GROWING: Final = (LOG, HISTORY, BOX1_HISTORY)
"""Tabs of which the header and column A are read: enough to append to them."""


def unmoved(polled: PollResult, layout: CachedLayout, cached: CachedLeads, schema: Schema) -> bool:
    """Whether the poll proves that the workbook is as this worker left it, operators' cells apart."""
    state = polled.state
    if not state.number("sequence") == layout.sequence == cached.sequence:
        return False
    if state.signal("sheets") != len(layout.info.tabs) or state.text("refusal"):
        return False
    return _same_order(state, layout, schema) and _fit(layout, cached, state)


def _same_order(state: SystemState, layout: CachedLayout, schema: Schema) -> bool:
    """Whether the signals of the rows' order are the checksums of the cached layout."""
    keys = [MASTER, *(input_key(step) for step in schema.steps)]
    return all(key in layout.tabs and state.signal(f"order.{key}") == layout.tabs[key].checksum for key in keys)


def _fit(layout: CachedLayout, cached: CachedLeads, state: SystemState) -> bool:
    """Whether the cached leads, the cached layout and the workbook's own count are of the same leads.

    Leads and layout are kept in two files: their rows are paired by LeadNumber, never because both are the nth.
    """
    leads = cached.leads.index
    master = layout.tabs[MASTER]
    if not np.array_equal(master.order, leads.to_numpy()) or state.number("leads_known") != len(leads):
        return False
    return all(
        len(place.rows) == len(place.order) and bool((leads.get_indexer(pd.Index(place.order)) >= 0).all())
        for place in layout.tabs.values()
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of an input tab whose operators' cells are read: grid rows [start, end)."""

    step: Step
    rows: tuple[tuple[int, int], ...]


def incremental_read(
    gateway: Gateway,
    settings: RunSettings,
    polled: PollResult,
    layout: CachedLayout,
    cached: CachedLeads,
    read_at: float,
    *,
    merging: bool,
) -> Snapshot | None:
    """Read what operators may have changed; None when it does not fit the cache, and everything has to be read.

    Args:
        gateway: The workbook.
        settings: The run's settings.
        polled: The poll; it proved `unmoved`.
        layout: The cached layout.
        cached: The cached leads.
        read_at: Seconds since 1970.
        merging: Whether rows are going to be merged that stand in no tab.
    """
    schema, tabs = settings.schema, managed(layout.info)
    wanted = [_wanted(polled, layout, step) for step in schema.steps]
    if any(of_step is None for of_step in wanted):
        return None
    rows = [of_step for of_step in wanted if of_step is not None]
    import_tabs = (
        find_import_tabs(layout.info) if polled.state.signal("inbox") not in {0, ""} or _claims(layout) else []
    )
    merging = merging or bool(import_tabs) or polled.state.signal("rejected") not in {0, ""}
    rejected = [quoted(tabs[REJECTED].title)] if merging else []
    import_ranges = [quoted(tab.title) for tab in import_tabs]
    ranges = [*_small(tabs, schema), *rejected, *import_ranges, *_rows_ranges(rows, layout, tabs)]
    storage = polled.state.signal("storage") not in {0, ""}
    ranges += _storage_range(layout, tabs) if storage else []
    # The signals once more, in the very request that reads the rest: whatever moved since the poll shows in them.
    answers = iter(gateway.values([system.stored_range(tabs[SYSTEM].title, schema), *ranges]))
    again = system.parse(next(answers), schema)
    if again.number("sequence") != layout.sequence or not _same_order(again, layout, schema):
        return None
    small = {key: _small_tab(key, answers) for key in (*WHOLE, *_growing(tabs))}
    shown, headers = next(answers), {key: next(answers) for key in _headed(schema)}
    rejects = next(answers) if merging else []
    tabs_read = [(tab, next(answers)) for tab in import_tabs]
    if not _headers_stand(headers, layout, tabs, settings):
        return None
    sheets = dict(_sheets(settings, tabs, layout, cached, small))
    # What is left in `answers` is in the order of the ranges: the rows of each step, then Storage.
    if not all(_overlay(sheets, of_step, answers) for of_step in rows):
        return None
    if storage and not _overlay_storage(sheets, next(answers)):
        return None
    control_state = control.parse(small[CONTROL], schema)
    refuse_layout(tabs, control_state, polled.state, schema)
    return Snapshot(
        info=layout.info,
        tabs=tabs,
        sheets=sheets,
        control=control_state,
        system=polled.state,
        leads=cached.leads,
        rejected=rejects,
        rejected_read=merging,
        import_tabs=read_import_tabs(gateway, tabs_read),
        vocabulary=small[VOCABULARY][1:],
        dashboard=metrics_shown(shown),
        sequence=layout.sequence,
        read_at=read_at,
        notes_read={of_step.step.name: _numbers(layout, of_step) for of_step in rows},
    )


def _claims(layout: CachedLayout) -> bool:
    marks = (ImportMark.parse(tab.mark) for tab in layout.info.tabs)
    return any(mark is not None and mark.kind == CLAIM for mark in marks)


def _wanted(polled: PollResult, layout: CachedLayout, step: Step) -> Wanted | None:
    """The rows of an input tab that are ticked or taken; None when the poll does not name them all."""
    tab_layout = layout.tabs[input_key(step)]
    count, take = polled.state.signal(f"ticks.{step.name}"), polled.state.signal(f"take.{step.name}")
    if not isinstance(count, int | float):
        return None
    if count > TICKS_LISTED:
        # System lists no more than that, so any row may be ticked.
        return Wanted(step, ((1, int(tab_layout.rows.max()) + 1),) if len(tab_layout.rows) else ())
    listed = np.array(polled.state.ticked.get(step.name, ()), dtype="int64")
    positions = np.flatnonzero(np.isin(tab_layout.order, listed))
    if len(positions) != len(listed) or len(listed) != count:
        return None  # a tick beside a lead that the cached layout does not have there
    asked = polled.state.signal(f"send_now.{step.name}") not in {False, ""}
    open_take = polled.state.record(f"open_batch.{step.name}").get("take", 0)
    first = int(take) if asked and isinstance(take, int | float) and not isinstance(take, bool) and take > 0 else 0
    positions = np.union1d(positions, np.arange(min(max(first, int(open_take)), len(tab_layout.order))))
    spans = runs(tab_layout.rows[positions].tolist())
    return Wanted(step, tuple(spans) if len(spans) <= SCATTERED else ((spans[0][0], spans[-1][1]),))


def _numbers(layout: CachedLayout, wanted: Wanted) -> frozenset[int]:
    """The leads whose notes were read."""
    tab_layout = layout.tabs[input_key(wanted.step)]
    inside = np.zeros(len(tab_layout.rows), dtype=bool)
    for start, end in wanted.rows:
        inside |= (tab_layout.rows >= start) & (tab_layout.rows < end)
    return frozenset(tab_layout.order[inside].tolist())


# -- ranges


def _headed(schema: Schema) -> list[str]:
    return [MASTER, *(input_key(step) for step in schema.steps)]


def _small(tabs: Mapping[str, TabInfo], schema: Schema) -> Iterator[str]:
    """Yield the ranges that are read every time: small tabs whole, of growing ones the header and column A."""
    for key in WHOLE:
        yield quoted(tabs[key].title)
    for key in _growing(tabs):
        yield f"{quoted(tabs[key].title)}!1:1"
        yield f"{quoted(tabs[key].title)}!A2:A"
    yield read_range(tabs[DASHBOARD].title, schema)
    for key in _headed(schema):
        yield f"{quoted(tabs[key].title)}!1:1"


def _growing(tabs: Mapping[str, TabInfo]) -> tuple[str, ...]:
    """The growing tabs that the workbook has: one of a step that never was in use is not there."""
    return tuple(key for key in GROWING if key in tabs)


def _small_tab(key: str, answers: Iterator[Rows]) -> Rows:
    """A small tab from its answers: one, or for a growing tab two, which are put under each other."""
    if key in WHOLE:
        return next(answers)
    header = next(answers)
    return [header[0] if header else [], *next(answers)]


def _rows_ranges(wanted: Sequence[Wanted], layout: CachedLayout, tabs: Mapping[str, TabInfo]) -> Iterator[str]:
    for of_step in wanted:
        key = input_key(of_step.step)
        column_index, title = layout.tabs[key].column_index, tabs[key].title
        for start, end in of_step.rows:
            for name in (SEND, LEAD_NUMBER, NOTES):
                yield a1(title, start, column_index[name], end - start, 1)


def _storage_range(layout: CachedLayout, tabs: Mapping[str, TabInfo]) -> list[str]:
    column_index, title = layout.tabs[STORAGE].column_index, tabs[STORAGE].title
    return [f"{quoted(title)}!A1:{column_letters(column_index[LEAD_NUMBER])}"]


# -- tables


def _headers_stand(
    headers: Mapping[str, Rows], layout: CachedLayout, tabs: Mapping[str, TabInfo], settings: RunSettings
) -> bool:
    specs = {spec.key: spec for spec in settings.specs({})}
    for key, rows in headers.items():
        sheet = read_sheet(specs[key], tabs[key], rows)
        if sheet.missing or sheet.doubled or dict(sheet.column_index) != dict(layout.tabs[key].column_index):
            return False
    return True


def _sheets(
    settings: RunSettings,
    tabs: Mapping[str, TabInfo],
    layout: CachedLayout,
    cached: CachedLeads,
    small: Mapping[str, Rows],
) -> Iterator[tuple[str, Sheet]]:
    schema = settings.schema
    parts = {step.name: _batch_tabs(tabs, step) for step in schema.steps}
    shown = {input_key(step): step for step in schema.steps}
    shown |= {batch_key(step, n): step for step in schema.steps for n in range(1, parts[step.name] + 1)}
    for spec in settings.specs(parts):
        if not spec.columns or spec.key not in tabs:
            continue
        if spec.key in small:
            yield spec.key, read_sheet(spec, tabs[spec.key], small[spec.key])
            continue
        tab_layout = layout.tabs[spec.key]
        yield spec.key, _from_cache(spec, tabs[spec.key], tab_layout, cached.leads, shown.get(spec.key))


def _batch_tabs(tabs: Mapping[str, TabInfo], step: Step) -> int:
    """How many batch tabs a step has in the workbook, whatever `MOST_PARTS` allows today."""
    return next(n for n in itertools.count(0) if batch_key(step, n + 1) not in tabs)


def _from_cache(spec: TabSpec, tab: TabInfo, layout: TabLayout, leads: pd.DataFrame, step: Step | None) -> Sheet:
    """A tab of leads as the worker left it: the layout says which leads, the cached leads give their cells."""
    if spec.key == MASTER:
        return Sheet(spec, tab, dict(layout.column_index), leads, layout.rows)
    names = dict(step.columns) if step is not None else {}
    numbers = pd.Index(layout.order, dtype="int64", name=LEAD_NUMBER)
    rows = leads.index.get_indexer(numbers)
    columns: dict[str, pd.Series] = {}
    for column in spec.columns:
        header = column.header
        if header == spec.key_column:
            continue
        name = names.get(header, header)
        if header == SEND:
            cells = np.full(len(numbers), False, dtype=object)
        elif name in leads.columns:
            cells = leads[name].to_numpy(dtype=object)[rows]
        else:
            cells = np.full(len(numbers), "", dtype=object)
        columns[header] = pd.Series(cells, index=numbers, dtype=object)
    return Sheet(spec, tab, dict(layout.column_index), pd.DataFrame(columns, index=numbers), layout.rows)


def _overlay(sheets: dict[str, Sheet], wanted: Wanted, answers: Iterator[Rows]) -> bool:
    """Put the ticks and notes that were read into an input tab; False when another lead stands in one of the rows.

    Only the rows that were read may differ from the cache. LeadNumber is read beside each of them, so that a tick
    never lands on the lead that stood in its row at an earlier time.
    """
    key = input_key(wanted.step)
    sheet = sheets[key]
    # A shallow copy: the two columns are replaced, every other one stays the very array of the cached leads. The diff
    # later compares by identity first and passes over what was not replaced.
    frame = sheet.frame.copy(deep=False)
    ticks = frame[SEND].to_numpy(dtype=object, copy=True) if len(frame) else np.zeros(0, dtype=object)
    notes = frame[NOTES].to_numpy(dtype=object, copy=True) if len(frame) else np.zeros(0, dtype=object)
    order = np.asarray(frame.index, dtype="int64")
    for start, end in wanted.rows:
        read_ticks, read_leads, read_notes = (_column(next(answers), end - start) for _ in range(3))
        for position in np.flatnonzero((sheet.rows >= start) & (sheet.rows < end)):
            n = int(sheet.rows[position]) - start
            if read_leads[n] != int(order[position]):
                return False
            ticks[position], notes[position] = read_ticks[n], read_notes[n]
    frame[SEND] = pd.Series(ticks, index=frame.index, dtype=object)
    frame[NOTES] = pd.Series(notes, index=frame.index, dtype=object)
    sheets[key] = replace(sheet, frame=frame)
    return True


def _column(rows: Rows, count: int) -> list[object]:
    """The cells of a range one column wide; blank ones at its end, which the API leaves out, are there again."""
    cells: list[object] = [row[0] if row else "" for row in rows]
    return cells + [""] * (count - len(cells))


def _overlay_storage(sheets: dict[str, Sheet], rows: Rows) -> bool:
    """Put the operators' requests that were read into Storage; False when its leads are not those of the cache."""
    sheet = sheets[STORAGE]
    read = read_sheet(replace(sheet.spec, columns=sheet.spec.columns[:3]), sheet.tab, rows)
    if read.missing or not read.frame.index.equals(sheet.frame.index):
        return False
    frame = sheet.frame.assign(reopen=read.frame["reopen"], reason=read.frame["reason"])
    sheets[STORAGE] = replace(sheet, frame=frame)
    return True
