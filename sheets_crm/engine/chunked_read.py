"""Chunked read: tabs of leads that are too tall for one answer, and the check that nothing moved between chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from sheets_crm.engine.ports import Gateway
from sheets_crm.messages import said
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import Sheet, sheet_of_columns
from sheets_crm.workbook.system import SystemState

TALL_CELLS: Final = 200_000
"""A larger grid is read in chunks; in one answer with the other tabs it would pass 2 MB."""


def read_in_chunks(
    gateway: Gateway, specs: Sequence[TabSpec], tabs: Mapping[str, TabInfo], progress: Callable[[str], None]
) -> dict[str, Sheet]:
    """Read the tall tabs of leads, by key.

    Args:
        gateway: The workbook.
        specs: The declared tabs.
        tabs: The tabs as they are, by key.
        progress: Called with what has been read, for a person who waits.
    """
    sheets = {}
    for spec in specs:
        tab = tabs.get(spec.key)
        if tab is not None and spec.policy is ReadPolicy.LEADS and tab.cells > TALL_CELLS:
            sheets[spec.key] = _read(gateway, spec, tab, progress)
    return sheets


def _read(gateway: Gateway, spec: TabSpec, tab: TabInfo, progress: Callable[[str], None]) -> Sheet:
    def report(rows: int) -> None:
        progress(said("progress.rows", tab=tab.title, rows=rows, all=tab.rows))

    columns = gateway.columns(tab.title, tab.rows, report)
    return sheet_of_columns(spec, tab, columns, len(columns[0]) if columns else 0)


def order_checksum(leads: np.ndarray, rows: np.ndarray) -> int:
    """The value that System's signal of a tab's order has to show: the sum of LeadNumber times row number.

    Any two leads that change places change it, unless other moves make up for it exactly.

    Args:
        leads: LeadNumbers in order.
        rows: 0-based grid row of each.
    """
    return int(np.dot(leads, rows + 1)) if len(leads) else 0


def moved_meanwhile(sheets: Mapping[str, Sheet], state: SystemState) -> bool:
    """Whether rows of a tall tab were moved between its chunks, by System's signals, which are read after them."""
    for key, sheet in sheets.items():
        signal = state.signal(f"order.{key}")
        leads, rows = (np.asarray(numbers, dtype="int64") for numbers in (sheet.frame.index, sheet.rows))
        # A row without a valid LeadNumber counts in the formula and not here; it is reported elsewhere.
        comparable = isinstance(signal, int | float) and not sheet.unkeyed
        if comparable and signal != order_checksum(leads, rows):
            return True
    return False
