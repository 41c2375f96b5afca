"""Inbox and Rejected, which hold rows as received; they are written once, when the tab is created."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheets_crm.messages import LANGUAGES, localize
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import INBOX, REJECTED

EARLIER_TITLES: Final = (
    "Filas que no se pudieron unir. Corrige las celdas y marca retry, o marca discard.",
    "Rows that could not be merged. Mend the cells and tick retry, or tick discard.",
)
"""What versions up to 0.4.0 wrote above the rows of Rejected."""


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


def titled(layout: Layout) -> Sequence[Request]:
    """Write Rejected's title in the workbook's language where a title of ours stands; other texts stay."""
    first, title = grid_range(layout.ids[REJECTED], 0, 2, 1, 3), localize("rejected.title", layout.language)
    ours = (*EARLIER_TITLES, *(localize("rejected.title", language) for language in LANGUAGES))
    return [requests.replace_text(first, text, title) for text in ours if text != title]
