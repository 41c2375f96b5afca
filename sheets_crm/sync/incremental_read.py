"""A light read: what changed since this worker last left the workbook, in one request whose size follows the change.

It is tried when the look proves that nothing moved meanwhile; anything unexpected makes the run read everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND
from sheets_crm.pipeline.steps import Schema, Step
from sheets_crm.plan.compiler import runs
from sheets_crm.sync.layout_cache import CachedLayout, TabLayout
from sheets_crm.sync.lead_cache import CachedLeads
from sheets_crm.sync.poll import PollResult
from sheets_crm.sync.ports import Gateway
from sheets_crm.sync.reading import find_import_tabs, managed, metrics_shown, read_import_tabs, refuse_layout
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook import control, system
from sheets_crm.workbook.cells import a1, column_letters, quoted
from sheets_crm.workbook.dashboard import read_range
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
    TabSpec,
    batch_key,
    input_key,
)

SCATTERED: Final = 60
"""So many runs of rows are read one by one; more are read as one block from the first to the last."""

WHOLE: Final = (CONTROL, BATCHES, IMPORTS, VOCABULARY)
GROWING: Final = (LOG, HISTORY, BOX1_HISTORY)


def unmoved(polled: PollResult, layout: CachedLayout, known: CachedLeads, schema: Schema) -> bool:
    """Return whether the look proves that the workbook is as this worker left it, operators' cells apart."""
    state = polled.state
    if not state.number("sequence") == layout.sequence == known.sequence:
        return False
    if state.signal("sheets") != len(layout.info.tabs) or state.text("refusal"):
        return False
    return _same_order(state, layout, schema) and _fit(layout, known, state)


def _same_order(state: SystemState, layout: CachedLayout, schema: Schema) -> bool:
    """Return whether the signals of the rows' order are those of the places that are remembered."""
    keys = [MASTER, *(input_key(step) for step in schema.steps)]
    return all(key in layout.tabs and state.signal(f"order.{key}") == layout.tabs[key].checksum for key in keys)


def _fit(layout: CachedLayout, known: CachedLeads, state: SystemState) -> bool:
    """Return whether remembered leads, remembered places and the workbook's own count speak of the same leads.

    Leads and places are kept in two files: each row of one is paired with a row of the other by its LeadNumber, never
    because both are the nth.
    """
    leads = known.leads.index
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
    known: CachedLeads,
    now: float,
    *,
    merging: bool,
) -> Snapshot | None:
    """Read what operators may have changed; None when it does not fit what is known, and everything has to be read.

    Args:
        gateway: The workbook.
        settings: The run's settings.
        polled: The look; it proved `unmoved`.
        layout: Where everything stood.
        known: The leads as this worker left them.
        now: Seconds since 1970.
        merging: Whether rows are going to be merged that stand in no tab.
    """
    schema, tabs = settings.schema, managed(layout.info)
    wanted = [_wanted(polled, layout, step) for step in schema.steps]
    if any(one is None for one in wanted):
        return None
    rows = [one for one in wanted if one is not None]
    import_tabs = (
        find_import_tabs(layout.info) if polled.state.signal("inbox") not in {0, ""} or _claims(layout) else []
    )
    merging = merging or bool(import_tabs) or polled.state.signal("rejected") not in {0, ""}
    rejected = [quoted(tabs[REJECTED].title)] if merging else []
    import_ranges = [quoted(tab.title) for tab in import_tabs]
    ranges = [*_small(tabs, schema), *rejected, *import_ranges, *_rows_ranges(rows, layout, tabs)]
    storage = polled.state.signal("storage") not in {0, ""}
    ranges += _storage_range(layout, tabs) if storage else []
    # The signals once more, in the very request that reads the rest: what moved since the look is seen.
    answers = iter(gateway.values([system.stored_range(tabs[SYSTEM].title, schema), *ranges]))
    again = system.parse(next(answers), schema)
    if again.number("sequence") != layout.sequence or not _same_order(again, layout, schema):
        return None
    small = {key: _grown(key, answers) for key in (*WHOLE, *GROWING)}
    shown, headers = next(answers), {key: next(answers) for key in _headed(schema)}
    rejects = next(answers) if merging else []
    tabs_read = [(tab, next(answers)) for tab in import_tabs]
    if not _headers_stand(headers, layout, tabs, settings):
        return None
    sheets = dict(_sheets(settings, tabs, layout, known, small))
    if not all(_overlaid(sheets, one, answers) for one in rows):
        return None
    if storage and not _requests_of_storage(sheets, next(answers)):
        return None
    said = control.parse(small[CONTROL], schema)
    refuse_layout(tabs, said, polled.state, schema)
    return Snapshot(
        info=layout.info,
        tabs=tabs,
        sheets=sheets,
        control=said,
        system=polled.state,
        leads=known.leads,
        rejected=rejects,
        rejected_read=merging,
        import_tabs=read_import_tabs(gateway, tabs_read),
        vocabulary=small[VOCABULARY][1:],
        dashboard=metrics_shown(shown),
        sequence=layout.sequence,
        read_at=now,
        notes_read={one.step.name: _numbers(layout, one) for one in rows},
    )


def _claims(layout: CachedLayout) -> bool:
    marks = (ImportMark.parse(tab.mark) for tab in layout.info.tabs)
    return any(mark is not None and mark.kind == CLAIM for mark in marks)


def _wanted(polled: PollResult, layout: CachedLayout, step: Step) -> Wanted | None:
    """Return the rows of an input tab that are ticked or taken; None when the look does not tell them all."""
    place = layout.tabs[input_key(step)]
    count, take = polled.state.signal(f"ticks.{step.name}"), polled.state.signal(f"take.{step.name}")
    if not isinstance(count, int | float):
        return None
    if count > TICKS_LISTED:
        return Wanted(step, ((1, int(place.rows.max()) + 1),) if len(place.rows) else ())
    listed = np.array(polled.state.ticked.get(step.name, ()), dtype="int64")
    where = np.flatnonzero(np.isin(place.order, listed))
    if len(where) != len(listed) or len(listed) != count:
        return None
    asked = polled.state.signal(f"send_now.{step.name}") not in {False, ""}
    open_take = polled.state.record(f"open_batch.{step.name}").get("take", 0)
    first = int(take) if asked and isinstance(take, int | float) and not isinstance(take, bool) and take > 0 else 0
    where = np.union1d(where, np.arange(min(max(first, int(open_take)), len(place.order))))
    found = runs(place.rows[where].tolist())
    return Wanted(step, tuple(found) if len(found) <= SCATTERED else ((found[0][0], found[-1][1]),))


def _numbers(layout: CachedLayout, wanted: Wanted) -> frozenset[int]:
    """Return the leads whose notes were read."""
    place = layout.tabs[input_key(wanted.step)]
    inside = np.zeros(len(place.rows), dtype=bool)
    for start, end in wanted.rows:
        inside |= (place.rows >= start) & (place.rows < end)
    return frozenset(place.order[inside].tolist())


# -- ranges


def _headed(schema: Schema) -> list[str]:
    return [MASTER, *(input_key(step) for step in schema.steps)]


def _small(tabs: Mapping[str, TabInfo], schema: Schema) -> Iterator[str]:
    """Yield the ranges that are read every time: small tabs whole, of growing ones the header and column A."""
    for key in WHOLE:
        yield quoted(tabs[key].title)
    for key in GROWING:
        yield f"{quoted(tabs[key].title)}!1:1"
        yield f"{quoted(tabs[key].title)}!A2:A"
    yield read_range(tabs[DASHBOARD].title, schema)
    for key in _headed(schema):
        yield f"{quoted(tabs[key].title)}!1:1"


def _grown(key: str, answers: Iterator[Rows]) -> Rows:
    if key in WHOLE:
        return next(answers)
    header = next(answers)
    return [header[0] if header else [], *next(answers)]


def _rows_ranges(wanted: Sequence[Wanted], layout: CachedLayout, tabs: Mapping[str, TabInfo]) -> Iterator[str]:
    for one in wanted:
        key = input_key(one.step)
        column_index, title = layout.tabs[key].column_index, tabs[key].title
        for start, end in one.rows:
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
    known: CachedLeads,
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
        place = layout.tabs[spec.key]
        yield spec.key, _remembered(spec, tabs[spec.key], place, known.leads, shown.get(spec.key))


def _batch_tabs(tabs: Mapping[str, TabInfo], step: Step) -> int:
    """Return how many batch tabs a step has: the tabs that stand count, whatever `MOST_PARTS` allows today."""
    return next(n for n in itertools.count(0) if batch_key(step, n + 1) not in tabs)


def _remembered(spec: TabSpec, tab: TabInfo, place: TabLayout, leads: pd.DataFrame, step: Step | None) -> Sheet:
    """Return a tab of leads as the worker left it: what it shows follows from the leads."""
    if spec.key == MASTER:
        return Sheet(spec, tab, dict(place.column_index), leads, place.rows)
    names = dict(step.columns) if step is not None else {}
    numbers = pd.Index(place.order, dtype="int64", name=LEAD_NUMBER)
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
    return Sheet(spec, tab, dict(place.column_index), pd.DataFrame(columns, index=numbers), place.rows)


def _overlaid(sheets: dict[str, Sheet], wanted: Wanted, answers: Iterator[Rows]) -> bool:
    """Put the ticks and notes that were read into an input tab; False when another lead stands there."""
    key = input_key(wanted.step)
    sheet = sheets[key]
    frame = sheet.frame.copy(deep=False)
    ticks = frame[SEND].to_numpy(dtype=object, copy=True) if len(frame) else np.zeros(0, dtype=object)
    notes = frame[NOTES].to_numpy(dtype=object, copy=True) if len(frame) else np.zeros(0, dtype=object)
    order = np.asarray(frame.index, dtype="int64")
    for start, end in wanted.rows:
        sent, leads, said = (_column(next(answers), end - start) for _ in range(3))
        for place in np.flatnonzero((sheet.rows >= start) & (sheet.rows < end)):
            n = int(sheet.rows[place]) - start
            if leads[n] != int(order[place]):
                return False
            ticks[place], notes[place] = sent[n], said[n]
    frame[SEND] = pd.Series(ticks, index=frame.index, dtype=object)
    frame[NOTES] = pd.Series(notes, index=frame.index, dtype=object)
    sheets[key] = replace(sheet, frame=frame)
    return True


def _column(rows: Rows, count: int) -> list[object]:
    cells: list[object] = [row[0] if row else "" for row in rows]
    return cells + [""] * (count - len(cells))


def _requests_of_storage(sheets: dict[str, Sheet], rows: Rows) -> bool:
    """Put what operators ask for in Storage into its table; False when another lead stands there."""
    sheet = sheets[STORAGE]
    read = read_sheet(replace(sheet.spec, columns=sheet.spec.columns[:3]), sheet.tab, rows)
    if read.missing or not read.frame.index.equals(sheet.frame.index):
        return False
    frame = sheet.frame.assign(reopen=read.frame["reopen"], reason=read.frame["reason"])
    sheets[STORAGE] = replace(sheet, frame=frame)
    return True
