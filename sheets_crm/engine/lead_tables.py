"""Tables of leads in an incremental read: the cached leads give the worker's cells, the workbook the operators'.

Which operators' cells are read, the table's own signals say: one that lists rows names the rows, any other asks for all
rows of the operators' columns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.layout_cache import CannotReadIncrementally, TabLayout
from sheets_crm.messages import said
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.compiler import runs
from sheets_crm.workbook.cells import Cell, a1, column_letters, quoted
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.roles import LEADS, step_of
from sheets_crm.workbook.sheet import Sheet, read_sheet
from sheets_crm.workbook.signals import Signal
from sheets_crm.workbook.system import SystemState

SCATTERED: Final = 60
"""Up to so many runs of adjacent rows are read one by one; more are read as one block from the first to the last."""
ANY: Final = sys.maxsize
"""More leads than any tab has."""

Spans = tuple[tuple[int, int], ...]
"""Grid rows [start, end)."""


@dataclass(frozen=True, slots=True)
class LeadTable:
    """A table of leads, and which of its operators' cells are read.

    Attributes:
        spec: Its declaration.
        tab: The tab.
        layout: Its columns and rows as cached.
        spans: Rows of which they are read, with the LeadNumber beside them.
        asked: Whether they are read of every row, from A1.
    """

    spec: TabSpec
    tab: TabInfo
    layout: TabLayout
    spans: Spans = ()
    asked: bool = False

    @classmethod
    def of(cls, spec: TabSpec, tab: TabInfo, layout: TabLayout, state: SystemState) -> LeadTable:
        """What is read of a table by the signals of a poll.

        Raises:
            CannotReadIncrementally: The poll does not name every row that is asked for.
        """
        if any(state.asks(signal.name) for signal in spec.signals if not signal.lists):
            return cls(spec, tab, layout, asked=True)
        listing = next((signal for signal in spec.signals if signal.lists), None)
        return cls(spec, tab, layout, _asked_rows(spec, tab, layout, listing, state) if listing else ())

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns that are read: the operators', and LeadNumber."""
        columns = (column for column in self.spec.columns if column.operator or column.header == LEAD_NUMBER)
        return tuple(column.header for column in columns)

    def ranges(self) -> Iterator[tuple[str, str]]:
        """The ranges to read, each with its name within the table."""
        columns = {header: self.layout.column_index[header] for header in self.headers}
        for start, end in self.spans:
            for header, column in columns.items():
                yield f"{header} {start}", a1(self.tab.title, start, column, end - start, 1)
        if self.asked:
            yield "", f"{quoted(self.tab.title)}!A1:{column_letters(max(columns.values()))}"

    def numbers_read(self) -> frozenset[int]:
        """The leads whose operators' cells are read."""
        inside = np.full(len(self.layout.rows), self.asked)
        for start, end in self.spans:
            inside |= (self.layout.rows >= start) & (self.layout.rows < end)
        return frozenset(self.layout.order[inside].tolist())

    def sheet(self, leads: pd.DataFrame, schema: Schema, read: Mapping[str, Rows]) -> Sheet:
        """The table: its cells of the cached leads, with the operators' cells that were read.

        Args:
            leads: The cached leads.
            schema: Columns and steps.
            read: The cells of each of its ranges, by name.

        Raises:
            CannotReadIncrementally: Another lead stands in one of the rows.
        """
        sheet = self._cached(leads, schema)
        if self.asked:
            return self._with_columns(sheet, read[""])
        return self._with_rows(sheet, read) if self.spans else sheet

    def _cached(self, leads: pd.DataFrame, schema: Schema) -> Sheet:
        """The table as the worker left it: the layout says which leads, the cached leads give their cells."""
        spec, layout = self.spec, self.layout
        beside = layout.beside_no_lead
        if spec.key == LEADS:
            return Sheet(spec, self.tab, dict(layout.column_index), leads, layout.rows)
        name_of = dict(schema.step(step_of(spec.key)).columns) if step_of(spec.key) else {}
        numbers = pd.Index(layout.order, dtype="int64", name=LEAD_NUMBER)
        rows = leads.index.get_indexer(numbers)
        columns: dict[str, pd.Series] = {}
        for column in (column for column in spec.columns if column.header != spec.key_column):
            name = name_of.get(column.header, column.header)
            if name in leads.columns:
                cells = leads[name].to_numpy(dtype=object)[rows]
            else:
                cells = np.full(len(numbers), False if column.checkbox else "", dtype=object)
            columns[column.header] = pd.Series(cells, index=numbers, dtype=object)
        frame = pd.DataFrame(columns, index=numbers)
        places, unkeyed = dict(layout.column_index), tuple(sorted(beside))
        return Sheet(
            spec, self.tab, places, frame, layout.rows, unkeyed=unkeyed, unkeyed_cells=beside, names=layout.names
        )

    def _with_rows(self, sheet: Sheet, read: Mapping[str, Rows]) -> Sheet:
        """Put the cells of some rows into the table.

        Only the rows that were read may differ from the cache. LeadNumber is read beside each of them, so that a tick
        never lands on the lead that stood in its row at an earlier time.
        """
        # A shallow copy: the operators' columns are replaced, every other one stays the very array of the cached leads.
        # The diff later compares by identity first and passes over what was not replaced.
        frame = sheet.frame.copy(deep=False)
        own = [header for header in self.headers if header != LEAD_NUMBER]
        columns = {header: frame[header].to_numpy(dtype=object, copy=True) for header in own}
        order = np.asarray(frame.index, dtype="int64")
        for start, end in self.spans:
            cells = {header: _column(read[f"{header} {start}"], end - start) for header in self.headers}
            for position in np.flatnonzero((sheet.rows >= start) & (sheet.rows < end)):
                n = int(sheet.rows[position]) - start
                if cells[LEAD_NUMBER][n] != int(order[position]):
                    raise CannotReadIncrementally(said("why.rows", tab=self.tab.title))
                for header, column in columns.items():
                    column[position] = cells[header][n]
            self._require_same_labels(start, end, cells)
        for header, column in columns.items():
            frame[header] = pd.Series(column, index=frame.index, dtype=object)
        return replace(sheet, frame=frame)

    def _require_same_labels(self, start: int, end: int, cells: Mapping[str, list[Cell]]) -> None:
        """Make sure that rows beside no lead hold what they held when they were answered.

        Raises:
            CannotReadIncrementally: They do not.
        """
        for row, cached in self.layout.beside_no_lead.items():
            for header in self.headers if start <= row < end else ():
                now = cells[header][row - start]
                if (now or "") != (cached.get(self.layout.column_index[header]) or ""):
                    raise CannotReadIncrementally(said("why.labels", tab=self.tab.title))

    def _with_columns(self, sheet: Sheet, cells: Rows) -> Sheet:
        """Put the operators' columns into the table."""
        columns = tuple(self.spec.column(header) for header in self.headers)
        read = read_sheet(replace(self.spec, columns=columns), self.tab, cells)
        if read.missing or not read.frame.index.equals(sheet.frame.index):
            raise CannotReadIncrementally(said("why.columns", tab=self.tab.title))
        own = {header: read.frame[header] for header in self.headers if header != LEAD_NUMBER}
        return replace(sheet, frame=sheet.frame.assign(**own))


def _asked_rows(spec: TabSpec, tab: TabInfo, layout: TabLayout, signal: Signal, state: SystemState) -> Spans:
    """The rows of a table that a signal lists, and those that Control's ``take N`` asks for."""
    count = state.signal(signal.name)
    if not isinstance(count, int | float):
        raise CannotReadIncrementally(said("why.signal", name=signal.name, value=count))
    if count > signal.most:
        # System lists no more than that, so any row may be ticked.
        return ((1, int(layout.rows.max()) + 1),) if len(layout.rows) else ()
    listed = np.array(state.keys_listed(signal.name), dtype="int64")
    positions = np.flatnonzero(np.isin(layout.order, listed))
    labels = _labels(spec, layout)
    if len(positions) != len(listed) or len(listed) + len(labels) != count:
        raise CannotReadIncrementally(said("why.ticks", tab=tab.title))
    first = min(_taken(step_of(spec.key), state), len(layout.order))
    return _spans(sorted({*layout.rows[np.union1d(positions, np.arange(first))].tolist(), *labels}))


def _labels(spec: TabSpec, layout: TabLayout) -> frozenset[int]:
    """The rows beside no lead that held something in a column of ticks when they were answered."""
    places = [layout.column_index[column.header] for column in spec.columns if column.tick]
    beside = layout.beside_no_lead.items()
    return frozenset(row for row, cells in beside if any(cells.get(place) for place in places))


def _taken(step: str, state: SystemState) -> int:
    """How many leads, from the first on, may be taken of a step's input tab by ``send N now``.

    A text asks for all of them, or for those that meet criteria, which may stand in any row.
    """
    take, asked = state.signal(f"take.{step}"), state.signal(f"send_now.{step}") not in {False, ""}
    record = state.record(f"open_batch.{step}")
    if "only" in record or (asked and isinstance(take, str) and take):
        return ANY
    first = int(take) if asked and isinstance(take, int | float) and not isinstance(take, bool) and take > 0 else 0
    return max(first, int(record.get("take", 0)))


def _spans(rows: Sequence[int]) -> Spans:
    spans = runs(rows)
    return tuple(spans) if len(spans) <= SCATTERED else ((spans[0][0], spans[-1][1]),)


def _column(rows: Rows, count: int) -> list[Cell]:
    """The cells of a range one column wide; blank ones at its end, which the API leaves out, are there again."""
    cells: list[Cell] = [row[0] if row else "" for row in rows]
    return cells + [""] * (count - len(cells))
