"""Cached layout: the tabs, sizes, columns and order of rows as this worker last left the workbook.

With the cached leads it stands in for reading the tabs again, as long as the workbook's own signals (the guard's
number, the number of tabs, the checksums of the rows' order) show that nothing moved. It is a cache like the others:
deleting it costs one full read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from sheets_crm.engine import caches
from sheets_crm.engine.chunked_read import order_checksum
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import ReadPolicy
from sheets_crm.workbook.info import ProtectionInfo, RowGroup, TabInfo, WorkbookInfo
from sheets_crm.workbook.sheet import Sheet


class CannotReadIncrementally(Exception):  # noqa: N818 - says what is so
    """The cached leads and layout cannot stand in for a full read, for a reason that is to be expected.

    Its message says which: what moved, or what is not cached.
    """


@dataclass(frozen=True, slots=True)
class TabLayout:
    """Layout of one tab of leads.

    Attributes:
        column_index: Its columns by header.
        order: Its LeadNumbers in order.
        rows: The 0-based grid row of each.
        names: As `Sheet.names`.
        beside_no_lead: What rows without a LeadNumber hold, such as a label: as `Sheet.unkeyed_cells`.
    """

    column_index: Mapping[str, int]
    order: np.ndarray
    rows: np.ndarray
    beside_no_lead: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def checksum(self) -> int:
        """The value that the signal of this tab's order has to show: the sum of LeadNumber times row number."""
        return order_checksum(self.order, self.rows)


@dataclass(frozen=True)
class CachedLayout:
    """The layout of a workbook as its write of number `sequence` left it; tabs of leads by key."""

    sequence: int
    info: WorkbookInfo
    tabs: Mapping[str, TabLayout]


def save_layout(state_dir: Path, workbook: str, snapshot: Snapshot) -> None:
    """Save the layout of a snapshot; none is kept while a tab has rows that the worker cannot tell from leads."""
    of_leads = {key: sheet for key, sheet in snapshot.sheets.items() if sheet.spec.policy is ReadPolicy.LEADS}
    if any(map(_unsettled, of_leads.values())):
        forget(state_dir, workbook)
        return
    body = {
        "sequence": snapshot.sequence,
        "info": asdict(snapshot.info) | {"stamps": (), "other_metadata": (), "named_ranges": ()},
        "tabs": {key: _as_json(sheet) for key, sheet in of_leads.items()},
    }
    caches.save(state_dir, workbook, caches.LAYOUT, orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY))


def _unsettled(sheet: Sheet) -> bool:
    """Whether rows without a valid LeadNumber are more than labels that stand in a tab whose signal lists its ticks.

    A number in the column of LeadNumbers is counted by the signal of the order, so no checksum would agree with it.
    """
    if not sheet.unkeyed:
        return False
    place = sheet.column_index[sheet.spec.key_column]
    of_keys = (cells.get(place, "") for cells in sheet.unkeyed_cells.values())
    listed = any(signal.lists for signal in sheet.spec.signals)
    return not listed or not all(isinstance(cell, str) for cell in of_keys)


def _as_json(sheet: Sheet) -> dict[str, Any]:
    order = np.asarray(sheet.frame.index, dtype="int64")
    rows = np.asarray(sheet.rows, dtype="int64")
    # Rows that follow the header without a gap, as nearly always, are left out of the cache.
    plain = np.array_equal(rows, np.arange(1, len(rows) + 1))
    beside = [[row, list(cells.items())] for row, cells in sheet.unkeyed_cells.items()]
    body = {
        "places": dict(sheet.column_index),
        "order": order,
        "rows": None if plain else rows,
        "names": sheet.names,
    }
    return body | ({"beside_no_lead": beside} if beside else {})


def load_layout(state_dir: Path, workbook: str) -> CachedLayout | None:
    """The cached layout; None when there is none, or it cannot be trusted."""
    return caches.load(state_dir, workbook, caches.LAYOUT, _parsed)


def _parsed(body: bytes) -> CachedLayout:
    layout = orjson.loads(body)
    tabs = {key: _tab_layout(tab) for key, tab in layout["tabs"].items()}
    return CachedLayout(layout["sequence"], _info(layout["info"]), tabs)


def forget(state_dir: Path, workbook: str) -> None:
    """Delete the cached layout."""
    caches.delete(state_dir, workbook, caches.LAYOUT)


def _tab_layout(body: dict[str, Any]) -> TabLayout:
    order = np.array(body["order"], dtype="int64")
    rows = body["rows"]
    grid_rows = np.arange(1, len(order) + 1) if rows is None else np.array(rows, dtype="int64")
    beside = {row: dict(map(tuple, cells)) for row, cells in body.get("beside_no_lead", ())}
    return TabLayout(body["places"], order, grid_rows, beside, body.get("names", {}))


def _info(body: dict[str, Any]) -> WorkbookInfo:
    tabs = tuple(_tab(tab) for tab in body.pop("tabs"))
    return WorkbookInfo(tabs=tabs, **body)


def _tab(body: dict[str, Any]) -> TabInfo:
    protected = tuple(ProtectionInfo(**item) for item in body.pop("protected"))
    names = {one.name for one in fields(TabInfo)}
    groups = tuple(RowGroup(**item) for item in body.pop("row_groups", ()))
    return TabInfo(
        protected=protected, row_groups=groups, **{name: value for name, value in body.items() if name in names}
    )
