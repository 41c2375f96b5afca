"""System: stored values as they are, and the live formulas that tell a look what is asked for."""

from __future__ import annotations

from sheets_crm.workbook import requests, system
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import SYSTEM


def content(layout: Layout) -> list[Request]:
    """Return the writes of System's keys with their values or formulas, and of its lists."""
    schema, number = layout.schema, layout.ids[SYSTEM]
    live = system.formulas(schema, layout.where, control_tab.places(layout))
    rows: list[list[CellIn]] = [["key", "value", "erased"]]
    rows += [[key, live.get(key, layout.setup.stored.get(key, ""))] for key in system.keys(schema)]
    spills = system.spills(schema, layout.where)
    return [
        requests.write(number, 0, 0, rows),
        requests.write(number, 1, system.FIRST_SPILL, [spills]),
    ]


__all__ = ["content"]
