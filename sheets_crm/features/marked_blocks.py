"""Refused blocks are marked where they stand: a note with reason and remedy on the first cell, and a coloured row.

A note changes no value, so neither a poll nor the debounce of a paste sees it, and an archive holds values alone.
Google copies notes and colours when a tab is duplicated, and leaves both where cells are cleared of their values: so
the copy that a claim makes is rid of them (`sheets_crm.engine.claim`), and here they are taken away from blocks that
are gone. System records what is marked; a mark follows its row when rows are inserted, and is set anew there.

A note that somebody wrote on that cell stays: then the colour alone is the mark. A tab with cells that the worker may
not edit gets no marks and loses none, since Google refuses a write as a whole.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from sheets_crm.engine.block_notes import MOST, recorded
from sheets_crm.engine.snapshot import RefusedBlock
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import LANGUAGES, Problem, localize, with_remedy
from sheets_crm.plan.changes import BlockMark, MarkBlocks
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.system import MARKED_BLOCKS
from sheets_crm.workbook.tabs import INBOX

_DIGEST: Final = 8
_OURS: Final = "sheets_crm: "
"""How the note of a mark begins."""


def conclude(working: WorkingState) -> None:
    """Mark the blocks that are refused, and take the marks away from all others."""
    if working.more or working.snapshot.block_notes is None:
        return
    before, marks = recorded(working.snapshot.system), _wanted(working)
    unjudged = [one for one in before if one[0] in working.snapshot.unjudged]
    after = [*unjudged, *((mark.tab.sheet_id, mark.row, mark.width, _digest(mark.text)) for mark in marks)]
    if sorted(before) == sorted(after):
        return
    tabs = _open_tabs(working)
    gone = [
        BlockMark(tabs[sheet_id], row, width, _note_left(working, tabs[sheet_id], row), coloured=False)
        for sheet_id, row, width, digest in before
        if (sheet_id, row, width, digest) not in after and sheet_id in tabs and row < tabs[sheet_id].rows
    ]
    new = [mark for mark in marks if (mark.tab.sheet_id, mark.row, mark.width, _digest(mark.text)) not in before]
    if gone or new:
        working.extra.append(MarkBlocks((*gone, *new)))
    working.stored[MARKED_BLOCKS] = json.dumps(after) if after else ""


def _open_tabs(working: WorkingState) -> dict[int, TabInfo]:
    return {tab.sheet_id: tab for tab in working.snapshot.info.tabs if not tab.closed}


def _note_left(working: WorkingState, tab: TabInfo, row: int) -> str | None:
    """The note of a first cell whose mark goes: Inbox says on its first one what it is for; None to leave it."""
    language = working.settings.language
    if _is_of_an_operator(working, tab, row):
        return None
    return localize("inbox.note", language) if tab.mark == INBOX and row == 0 else ""


def _is_of_an_operator(working: WorkingState, tab: TabInfo, row: int) -> bool:
    """Whether somebody wrote the note on the first cell of a row: it is neither a mark's nor Inbox' own."""
    text = (working.snapshot.block_notes or {}).get((tab.sheet_id, row), "")
    own = {localize("inbox.note", language) for language in LANGUAGES} if tab.mark == INBOX and row == 0 else set()
    return bool(text) and not text.startswith(_OURS) and text not in own


def _wanted(working: WorkingState) -> list[BlockMark]:
    tabs = _open_tabs(working)
    return [_mark(working, one) for one in working.snapshot.refused[:MOST] if one.tab.sheet_id in tabs]


def _mark(working: WorkingState, refused: RefusedBlock) -> BlockMark:
    block, tab, problem = refused.block, refused.tab, refused.block.problem
    width = max((n for n, cell in enumerate(block.header, start=1) if cell.strip()), default=1)
    of_operator = _is_of_an_operator(working, tab, block.first_row)
    text = None if of_operator else f"{_OURS}{_reason(problem, working.settings.language)}"
    return BlockMark(tab, block.first_row, min(width, tab.columns), text)


def _reason(problem: Problem | None, language: str) -> str:
    return with_remedy(problem.code, language, **problem.params) if problem is not None else ""


def _digest(text: str | None) -> str:
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
