"""Copy cells that the Master already holds within the spreadsheet instead of sending them again.

The Master's text columns have the text format, and a normal paste copies value and format, so text stays text.
Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#copypasterequest
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows
from sheets_crm.workbook import requests
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import LEADS
from sheets_crm.workbook.sheet import Sheet

WORTH: Final = 8
"""Fewest cells, adjacent in both tabs, for which a copy is worth its request."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies that fill new rows of a tab.

    Attributes:
        requests: The copyPaste requests.
        headers: The columns that they fill.
    """

    requests: tuple[Request, ...]
    headers: frozenset[str]


def copied(change: AppendRows, changes: Sequence[Change]) -> Copies | None:
    """The copies for a tab's new rows; None if nothing can be copied or a copy would not pay.

    Args:
        change: New rows of a tab that shows leads.
        changes: The whole plan; the Master's own changes are applied before the copies.
    """
    master, sheet = change.master, change.sheet
    if master is None or sheet.spec.key == LEADS or sheet.spec.key_column != LEAD_NUMBER:
        return None
    if any(isinstance(other, DeleteRows) and other.sheet.spec.key == LEADS for other in changes):
        return None
    rows = _master_rows(change, master, changes)
    if rows is None:
        return None
    pieces = _together(rows)
    columns = [(first, n) for first, n in _side_by_side(sheet, master) if n * len(rows) >= WORTH * len(pieces)]
    if not columns:
        return None
    copy_requests: list[Request] = []
    for start, end in pieces:
        for first, count in columns:
            place = master.column_index[sheet.spec.headers[first]]
            source = (int(rows[start]), place, end - start, count)
            target = (sheet.end + start, sheet.column_index[sheet.spec.headers[first]], end - start, count)
            copy_requests.append(requests.copy(master.tab.sheet_id, source, sheet.tab.sheet_id, target))
    headers = frozenset(sheet.spec.headers[n] for first, count in columns for n in range(first, first + count))
    return Copies(tuple(copy_requests), headers)


def _side_by_side(sheet: Sheet, master: Sheet) -> list[tuple[int, int]]:
    """Runs (position in the declaration, count) of declared columns that are adjacent in both tabs."""
    blocks: list[tuple[int, int]] = []
    start = None
    headers = sheet.spec.headers
    for n in range(len(headers) + 1):
        fits = n < len(headers) and headers[n] in master.column_index and _workers(sheet, headers[n])
        goes_on = fits and start is not None and _next_to(sheet, master, headers[n - 1], headers[n])
        if start is not None and not goes_on:
            blocks.append((start, n - start))
            start = None
        if fits and start is None:
            start = n
    return blocks


def _workers(sheet: Sheet, header: str) -> bool:
    return header in sheet.column_index and not sheet.spec.column(header).operator


def _next_to(sheet: Sheet, master: Sheet, left: str, right: str) -> bool:
    return all(tab.column_index[right] == tab.column_index[left] + 1 for tab in (sheet, master))


def _master_rows(change: AppendRows, master: Sheet, changes: Sequence[Change]) -> np.ndarray | None:
    """The Master's grid row of each new row's lead, counting the Master's own new rows; None if a lead is not there."""
    keys, rows = master.frame.index, master.rows
    for other in changes:
        if isinstance(other, AppendRows) and other.sheet.spec.key == LEADS:
            keys = keys.append(pd.Index(other.frame[LEAD_NUMBER].astype("int64")))
            rows = np.concatenate([rows, np.arange(master.end, master.end + len(other.frame))])
    places = keys.get_indexer(pd.Index(change.frame[LEAD_NUMBER].astype("int64")))
    return rows[places] if len(places) and (places >= 0).all() else None


def _together(rows: np.ndarray) -> list[tuple[int, int]]:
    """Runs [start, end) of positions whose rows are consecutive."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    edges = [0, *breaks.tolist(), len(rows)]
    return list(pairwise(edges))
