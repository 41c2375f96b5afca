"""Inbox and Rejected: rows as they came, without columns of the worker's own. Written once, when the tab is made."""

from __future__ import annotations

from sheets_crm.messages import localize
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import INBOX, REJECTED


def inbox(layout: Layout) -> list[Request]:
    """Make all of the Inbox plain text, so that nothing that is pasted changes, and say what it is for."""
    if layout.tabs[INBOX] is not None:
        return []
    number = layout.ids[INBOX]
    text = localize("inbox.note", layout.language)
    everything = grid_range(number, 0, 0, None, None)
    return [requests.number_format(everything, requests.TEXT), requests.note(number, 0, 0, text)]


def rejected(layout: Layout) -> list[Request]:
    """Write Rejected's title and make the rows below it plain text."""
    if layout.tabs[REJECTED] is not None:
        return []
    number = layout.ids[REJECTED]
    rows, words = grid_range(number, 1, 0, None, None), grid_range(number, 1, 2, None, 3)
    title = localize("rejected.title", layout.language)
    return [
        requests.number_format(grid_range(number, 1, 2, None, None), requests.TEXT),
        requests.style(rows, {"verticalAlignment": "TOP"}, "verticalAlignment"),
        requests.style(words, {"wrapStrategy": "WRAP"}, "wrapStrategy"),
        requests.write(number, 0, 2, [[title]]),
        requests.style(grid_range(number, 0, 0, 1, 8), {"textFormat": {"bold": True}}, "textFormat.bold"),
    ]
