"""Notes on the first cells of blocks that are refused or marked: a mark replaces no note that somebody wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import SheetError
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.system import MARKED_BLOCKS, SystemState

MOST: Final = 50
"""Blocks that are marked; a paste that falls apart into more is told about on Control."""

Recorded = list[tuple[int, int, int, str]]
"""Id of the tab, 0-based row, width, digest of the note; "" where the note is an operator's."""


def recorded(system: SystemState) -> Recorded:
    """The marks that stand, as System records them."""
    try:
        rows = json.loads(system.text(MARKED_BLOCKS) or "[]")
        return [(int(tab), int(row), int(width), str(digest)) for tab, row, width, digest in rows]
    except (ValueError, TypeError):
        return []


def with_notes(
    gateway: Gateway, snapshot: Snapshot, rows: Mapping[tuple[str, str], tuple[int, int]] | None = None
) -> Snapshot:
    """The snapshot with the notes where marks stand or are to stand; one request, and none without either.

    Args:
        gateway: The workbook.
        snapshot: It as read.
        rows: Further rows, of any cell of which the notes matter: id of the tab and 0-based row, by table and key.
    """
    further = rows or {}
    places = {(tab, row) for tab, row, _, _ in recorded(snapshot.system)}
    places |= {(one.tab.sheet_id, one.block.first_row) for one in snapshot.refused[:MOST]}
    tabs = {tab.sheet_id: tab for tab in snapshot.info.tabs}
    ranges = [
        f"{quoted(tabs[tab].title)}!A{row + 1}"
        for tab, row in sorted(places)
        if tab in tabs and row < tabs[tab].rows
    ]
    ranges += [f"{quoted(tabs[tab].title)}!{row + 1}:{row + 1}" for tab, row in further.values()]
    if not ranges:
        return snapshot
    try:
        notes = gateway.notes(ranges)
        bare = frozenset(row for row, place in further.items() if place not in notes)
        return replace(snapshot, block_notes=notes, unannotated=bare)
    except SheetError:
        # A tab was renamed, deleted or made shorter since it was read: the next run marks.
        return replace(snapshot, block_notes=None)
