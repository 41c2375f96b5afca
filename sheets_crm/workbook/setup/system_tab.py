"""System: the stored values, and the live formulas of the signals that a poll reads."""

from __future__ import annotations

from collections.abc import Iterator

from sheets_crm.workbook import requests, system
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import SYSTEM


def content(layout: Layout) -> list[Request]:
    """The requests that write System's keys with their values or formulas, and its spilling formulas."""
    schema, number = layout.schema, layout.ids[SYSTEM]
    live = system.formulas(schema, layout.where, control_tab.places(layout))
    rows: list[list[CellIn]] = [["key", "value", "erased"]]
    rows += [[key, live.get(key, layout.setup.stored.get(key, ""))] for key in system.keys(schema)]
    spills = system.spills(schema, layout.where)
    return [
        *_fit_grid(layout),
        requests.write(number, 0, 0, rows),
        *([requests.write(number, 1, system.FIRST_SPILL, [spills])] if spills else []),
    ]


def _fit_grid(layout: Layout) -> Iterator[Request]:
    """The requests that fit the grid to the keys and formulas, and clear those of removed steps."""
    tab, schema, number = layout.tabs[SYSTEM], layout.schema, layout.ids[SYSTEM]
    if tab is None:
        return
    wide, end = system.width(schema), 1 + len(system.keys(schema))
    if tab.rows < end:
        yield requests.append_rows(number, end - tab.rows)
    if tab.columns < wide:
        yield requests.append_columns(number, wide - tab.columns)
    elif layout.removed_steps and tab.columns > wide:
        yield requests.clear(number, 1, wide, 1, tab.columns - wide)
    below = 1 + len(layout.existing.system) - end
    if below > 0:
        yield requests.clear(number, end, 0, below, 2)
