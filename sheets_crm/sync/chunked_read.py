"""Tabs of leads that are too tall for one answer: read in blocks, and checked that nothing moved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.sync.ports import Gateway
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import Sheet, sheet_of_columns
from sheets_crm.workbook.system import SystemState
from sheets_crm.workbook.tabs import TabSpec

TALL_CELLS: Final = 200_000
"""A grid of so many cells is read in blocks; together with the others its answer would pass 2 MB."""


def read_in_chunks(
    gateway: Gateway, specs: Sequence[TabSpec], tabs: Mapping[str, TabInfo], progress: Callable[[str], None]
) -> dict[str, Sheet]:
    """Read the tall tabs of leads, by key.

    Args:
        gateway: The workbook.
        specs: The declared tabs.
        tabs: The tabs as they are, by key.
        progress: Told what has been read.
    """
    found = {}
    for spec in specs:
        tab = tabs.get(spec.key)
        if tab is not None and spec.key_column == LEAD_NUMBER and tab.cells > TALL_CELLS:
            found[spec.key] = _read(gateway, spec, tab, progress)
    return found


def _read(gateway: Gateway, spec: TabSpec, tab: TabInfo, progress: Callable[[str], None]) -> Sheet:
    def told(rows: int) -> None:
        progress(f"reading {tab.title}: {rows:,} of {tab.rows:,} rows")

    columns = gateway.columns(tab.title, tab.rows, told)
    return sheet_of_columns(spec, tab, columns, len(columns[0]) if columns else 0)


def order_checksum(leads: np.ndarray, rows: np.ndarray) -> int:
    """Return what System's signal of a tab's order has to say: the sum of LeadNumber times row number.

    Args:
        leads: LeadNumbers in order.
        rows: 0-based grid row of each.
    """
    return int(np.dot(leads, rows + 1)) if len(leads) else 0


def moved_meanwhile(sheets: Mapping[str, Sheet], known: SystemState) -> bool:
    """Return whether rows of a tall tab were moved between its blocks, by System's signals read after them."""
    for key, sheet in sheets.items():
        said = known.signal(f"order.{key}")
        leads, rows = (np.asarray(numbers, dtype="int64") for numbers in (sheet.frame.index, sheet.rows))
        # A strange LeadNumber counts there and is no row here: that is looked into elsewhere.
        known_rows = isinstance(said, int | float) and not sheet.unkeyed
        if known_rows and said != order_checksum(leads, rows):
            return True
    return False
