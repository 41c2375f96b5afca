"""System: the stored values, and the live formulas of the signals that a poll reads."""

from __future__ import annotations

from collections.abc import Iterator

from sheets_crm.workbook import requests, system
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import SYSTEM
from sheets_crm.workbook.setup import control_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.system import SystemLayout


def content(layout: Layout) -> list[Request]:
    """The requests that write System's keys with their values or formulas, and its spilling formulas."""
    own, number = SystemLayout.of(layout.schema, layout.specs), layout.ids[SYSTEM]
    live = own.formulas(layout.where, control_tab.places(layout))
    fixed: dict[str, CellIn] = {**layout.setup.stored, **live, system.KEYS: own.keys_text}
    rows: list[list[CellIn]] = [[system.HEADER, own.keys_formula, "erased"]]
    rows += [[key, fixed.get(key, "")] for key in own.keys]
    # A key of a row is never given twice, and no message leaves twice: that outlives a module that is switched off.
    rows += [
        [f"{system.KEPT}{key}", value]
        for key, value in sorted(layout.setup.stored.items())
        if key.startswith((system.NEXT_KEY, *system.OF_CLAIMS)) and key not in own.keys
    ]
    spills = own.spills(layout.where)
    return [
        *_fit_grid(layout, own, len(rows)),
        requests.write(number, 0, 0, rows),
        *([requests.write(number, 1, system.FIRST_SPILL, [spills])] if spills else []),
    ]


def _fit_grid(layout: Layout, own: SystemLayout, end: int) -> Iterator[Request]:
    """The requests that fit the grid to `end` rows of keys and the formulas, and clear those out of use."""
    tab, number = layout.tabs[SYSTEM], layout.ids[SYSTEM]
    if tab is None:
        return
    wide = own.width
    below = 1 + len(layout.existing.system) - end
    if tab.rows < end:
        yield requests.append_rows(number, end - tab.rows)
    if tab.columns < wide:
        yield requests.append_columns(number, wide - tab.columns)
    elif (layout.removed_steps or below > 0) and tab.columns > wide:
        yield requests.clear(number, 1, wide, 1, tab.columns - wide)
    if below > 0:
        yield requests.clear(number, end, 0, below, 2)
