"""Room for the first screen on the Dashboard of a workbook in use: rows and columns are inserted, no cell is lost.

What stood below, right of or beside the old list goes on standing so, charts too; formulas of operators that name a
cell of the list follow it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.steps import BUILT_IN, schema_in_use
from sheets_crm.workbook import dashboard, earlier_charts, requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.migrations import MORNING_PAGE
from sheets_crm.workbook.morning import places
from sheets_crm.workbook.morning.page import Page
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.setup.morning_looks import looks
from sheets_crm.workbook.tabs import DASHBOARD

WIDTH_BEFORE: Final = 19
"""Columns that earlier versions had: the list, and right of it the charts and the tables by version and by TargetID."""
TABLES_BEFORE: Final = (34, 8, 46, 11)
"""Those tables: row, column, rows, columns."""
DATA_BEFORE: Final = (1, 8, 6, 2)
"""What the chart of the funnel was drawn from."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is inserted on a Dashboard before it is written.

    Attributes:
        laid_out: Whether the first screen is laid out now.
        lines: 0-based rows that new lines of the full list get, as they come to stand.
        columns: Columns of the grid as it was.
    """

    laid_out: bool = False
    lines: tuple[int, ...] = ()
    columns: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns the grid gains."""
        if not self.laid_out:
            return len(self.lines), 0
        added = dashboard.VALUE_COLUMN - 1 + places.END_COLUMN - places.HELPER_COLUMN
        return dashboard.FIRST_ROW + len(self.lines), added + max(0, WIDTH_BEFORE - self.columns)


def room(layout: Layout) -> Room:
    """What is inserted on the Dashboard; nothing on a new one, or while every line has its row."""
    tab = layout.tabs[DASHBOARD]
    if tab is None:
        return Room()
    lacking = {migration.name for migration in layout.existing.waiting}
    narrow = not layout.existing.system and tab.columns < places.END_COLUMN  # no record says how it is laid out
    laid_out = MORNING_PAGE in lacking or narrow
    return Room(laid_out, tuple(_new_lines(layout, lacking, laid_out=laid_out)), tab.columns)


def _new_lines(layout: Layout, lacking: Collection[str], *, laid_out: bool) -> Iterator[int]:
    """Yield the 0-based rows of lines that the list did not have, as they come to stand."""
    added = {name.removeprefix("metric.") for name in lacking}
    if layout.other_steps:
        # Lines of other steps come and go all over the list: it is written anew, over as many rows as it needs.
        more = len(dashboard.metric_rows(layout.schema)) - _lines_before(layout, added)
        end = dashboard.FIRST_ROW + dashboard.height(layout.existing.steps)
        yield from range(end, end + max(0, more) if laid_out else end)
        return
    section: list[tuple[bool, int]] = []
    for metric, row in [*dashboard.numbered(layout.schema), (None, 0)]:
        if metric is None:
            if section[1:]:
                yield from _of_section(section)
            section = []
        section.append((metric is not None and metric.id in added, row - 1))


def _of_section(lines: list[tuple[bool, int]]) -> Iterator[int]:
    """Yield the rows of the new lines of a section; with every line its title is new."""
    title, *others = lines
    if all(new for new, _ in others):
        yield title[1]
    yield from (row for new, row in others if new)


def _lines_before(layout: Layout, added: Collection[str]) -> int:
    """How many lines of metrics the list had, of the steps that were in use."""
    return sum(metric.id not in added for metric in metrics(schema_in_use(layout.existing.steps)))


def requests_before(layout: Layout, page: Page) -> list[Request]:
    """The requests that make room, before anything is written."""
    made, number, tab = room(layout), layout.ids[DASHBOARD], layout.tabs[DASHBOARD]
    if tab is None:
        return []
    laid_out = [*_emptied(tab, layout), *_inserted(tab), *looks(page)] if made.laid_out else []
    return [*laid_out, *(requests.insert_rows(number, row, 1) for row in made.lines)]


def _emptied(tab: TabInfo, layout: Layout) -> Iterator[Request]:
    """Yield the requests that take away the earlier charts and tables, and the formats of the list."""
    yield from earlier_charts.removed(tab)
    end = min(dashboard.height(layout.existing.steps or BUILT_IN), tab.rows)
    yield requests.plain(grid_range(tab.sheet_id, 0, 0, end, dashboard.WIDTH))
    for row, column, rows, columns in (TABLES_BEFORE, DATA_BEFORE):
        block = row, column, min(rows, tab.rows - row), min(columns, tab.columns - column)
        if min(block[2:]) > 0:
            yield requests.clear(tab.sheet_id, *block)
            yield requests.plain(grid_range(tab.sheet_id, *block))


def _inserted(tab: TabInfo) -> Iterator[Request]:
    """Yield the requests that insert rows above the list, and columns between label and value and right of all ours."""
    number, wider = tab.sheet_id, dashboard.VALUE_COLUMN - 1
    if tab.columns < WIDTH_BEFORE:
        yield requests.append_columns(number, WIDTH_BEFORE - tab.columns)
    yield requests.insert_columns(number, 1, wider)
    hidden = places.END_COLUMN - places.HELPER_COLUMN
    if tab.columns > WIDTH_BEFORE:
        yield requests.insert_columns(number, places.HELPER_COLUMN, hidden)
    else:
        yield requests.append_columns(number, hidden)
    yield requests.insert_rows(number, 0, dashboard.FIRST_ROW, like_above=False)
    yield requests.plain(grid_range(number, 0, 0, dashboard.FIRST_ROW, None))
