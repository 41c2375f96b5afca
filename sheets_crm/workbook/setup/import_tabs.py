"""Inbox and Rejected, which hold rows as received; they are written once, when the tab is created."""

from __future__ import annotations

from sheets_crm.messages import localize
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import INBOX, REJECTED


def inbox(layout: Layout) -> list[Request]:
    """Format all of the Inbox as text, so that Sheets converts nothing that is pasted, and add a note on its use."""
    if layout.tabs[INBOX] is not None:
        return []
    number = layout.ids[INBOX]
    text = localize("inbox.note", layout.language)
    all_cells = grid_range(number, 0, 0, None, None)
    return [requests.number_format(all_cells, requests.TEXT), requests.note(number, 0, 0, text)]


def rejected(layout: Layout) -> list[Request]:
    """Write Rejected's title and format the rows below it as text."""
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
