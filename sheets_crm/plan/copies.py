"""What the Master already holds is copied inside the spreadsheet instead of being sent again.

The Master's text columns have the text format, and a normal paste takes value and format along, so a text stays a text.
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
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import MASTER

NEIGHBOURS: Final = 8
"""Columns have to stand side by side in both tabs, at least so many, for a copy to be worth its request."""


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
    """The copies for a tab's new rows; None where nothing can be copied, or it would not save anything.

    Args:
        change: New rows of a tab that shows leads.
        changes: The whole plan: the Master's own changes come before the copies.
    """
    master, sheet = change.master, change.sheet
    if master is None or sheet.spec.key == MASTER or sheet.spec.key_column != LEAD_NUMBER:
        return None
    if any(isinstance(one, DeleteRows) and one.sheet.spec.key == MASTER for one in changes):
        return None
    columns = _side_by_side(sheet, master)
    rows = _master_rows(change, master, changes)
    if not columns or rows is None:
        return None
    found: list[Request] = []
    for start, end in _together(rows):
        for first, count in columns:
            place = master.column_index[sheet.spec.headers[first]]
            source = (int(rows[start]), place, end - start, count)
            target = (sheet.end + start, sheet.column_index[sheet.spec.headers[first]], end - start, count)
            found.append(requests.copy(master.tab.sheet_id, source, sheet.tab.sheet_id, target))
    headers = frozenset(sheet.spec.headers[n] for first, count in columns for n in range(first, first + count))
    return Copies(tuple(found), headers)


def _side_by_side(sheet: Sheet, master: Sheet) -> list[tuple[int, int]]:
    """Return (place in the declaration, count) of declared columns that stand alike in both tabs."""
    found: list[tuple[int, int]] = []
    start = None
    headers = sheet.spec.headers
    for n in range(len(headers) + 1):
        fits = n < len(headers) and headers[n] in master.column_index and headers[n] in sheet.column_index
        goes_on = fits and start is not None and _next_to(sheet, master, headers[n - 1], headers[n])
        if start is not None and not goes_on:
            found.append((start, n - start))
            start = None
        if fits and start is None:
            start = n
    return [(first, count) for first, count in found if count >= NEIGHBOURS]


def _next_to(sheet: Sheet, master: Sheet, one: str, other: str) -> bool:
    return all(tab.column_index[other] == tab.column_index[one] + 1 for tab in (sheet, master))


def _master_rows(change: AppendRows, master: Sheet, changes: Sequence[Change]) -> np.ndarray | None:
    """The Master's grid row of each new row's lead, once the Master's own new rows are written."""
    keys, rows = master.frame.index, master.rows
    for one in changes:
        if isinstance(one, AppendRows) and one.sheet.spec.key == MASTER:
            keys = keys.append(pd.Index(one.frame[LEAD_NUMBER].astype("int64")))
            rows = np.concatenate([rows, np.arange(master.end, master.end + len(one.frame))])
    places = keys.get_indexer(pd.Index(change.frame[LEAD_NUMBER].astype("int64")))
    return rows[places] if len(places) and (places >= 0).all() else None


def _together(rows: np.ndarray) -> list[tuple[int, int]]:
    """Return runs [start, end) of positions whose rows follow each other."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    edges = [0, *breaks.tolist(), len(rows)]
    return list(pairwise(edges))
