"""Refused blocks are marked where they stand: a note with reason and remedy on the first cell, and a coloured row.

A note changes no value, so neither a poll nor the debounce of a paste sees it, and an archive holds values alone.
Google copies notes and colours when a tab is duplicated, and leaves both where cells are cleared of their values: so
the copy that a claim makes is rid of them (`sheets_crm.engine.claim`), and here they are taken away from blocks that
are gone. System records what is marked; a mark follows its row when rows are inserted, and is set anew there.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from sheets_crm.engine.snapshot import RefusedBlock
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import Problem, localize, with_remedy
from sheets_crm.plan.changes import BlockMark, MarkBlocks
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.system import MARKED_BLOCKS
from sheets_crm.workbook.tabs import INBOX

MOST: Final = 50
"""Blocks that are marked; a paste that falls apart into more is told about on Control."""
_DIGEST: Final = 8

Recorded = list[tuple[int, int, int, str]]
"""Id of the tab, 0-based row, width, digest of the note."""


def conclude(working: WorkingState) -> None:
    """Mark the blocks that are refused, and take the marks away from all others."""
    if working.more:
        return
    before, marks = _recorded(working), _wanted(working)
    unjudged = [one for one in before if one[0] in working.snapshot.unjudged]
    after = [*unjudged, *((mark.tab.sheet_id, mark.row, mark.width, _digest(mark.text)) for mark in marks)]
    if sorted(before) == sorted(after):
        return
    tabs, language = {tab.sheet_id: tab for tab in working.snapshot.info.tabs}, working.settings.language
    gone = [
        BlockMark(tabs[sheet_id], row, width, _note_before(tabs[sheet_id], row, language), coloured=False)
        for sheet_id, row, width, digest in before
        if (sheet_id, row, width, digest) not in after and sheet_id in tabs and row < tabs[sheet_id].rows
    ]
    new = [mark for mark in marks if (mark.tab.sheet_id, mark.row, mark.width, _digest(mark.text)) not in before]
    working.extra.append(MarkBlocks((*gone, *new)))
    working.stored[MARKED_BLOCKS] = json.dumps(after) if after else ""


def _note_before(tab: TabInfo, row: int, language: str) -> str:
    """The note that stands on the first cell of a row without a mark: Inbox says on its first one what it is for."""
    return localize("inbox.note", language) if tab.mark == INBOX and row == 0 else ""


def _recorded(working: WorkingState) -> Recorded:
    try:
        rows = json.loads(working.snapshot.system.text(MARKED_BLOCKS) or "[]")
        return [(int(tab), int(row), int(width), str(digest)) for tab, row, width, digest in rows]
    except (ValueError, TypeError):
        return []


def _wanted(working: WorkingState) -> list[BlockMark]:
    tabs = {tab.sheet_id: tab for tab in working.snapshot.info.tabs}
    refused = [one for one in working.snapshot.refused[:MOST] if one.tab.sheet_id in tabs]
    return [_mark(one, working.settings.language) for one in refused]


def _mark(refused: RefusedBlock, language: str) -> BlockMark:
    block = refused.block
    width = max((n for n, cell in enumerate(block.header, start=1) if cell.strip()), default=1)
    problem = block.problem
    reason = (
        with_remedy(problem.code, language, **problem.params) if isinstance(problem, Problem) else str(problem)
    )
    return BlockMark(refused.tab, block.first_row, min(width, refused.tab.columns), f"sheets_crm: {reason}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
