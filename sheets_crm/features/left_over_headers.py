"""Rows of the tab Headers that nobody answered and whose block is gone: the run deletes them.

Such a row was written by the worker alone, about a block that was refused where it stood; `seen_in` says so. As soon
as somebody edits the row, or an import is merged without the column, `seen_in` says so no more and the row stays for
good: it is how somebody can still say what the column becomes. Rows about files that were refused stay, too, since the
file is imported again once they are answered. Should the block come back, it is asked about anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.block_notes import recorded
from sheets_crm.engine.features import Feature
from sheets_crm.engine.reading import set_aside_tabs
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_edits import held_by_now, table_work
from sheets_crm.engine.table_reads import TableRead, held
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.header_places import is_waiting, taken_from
from sheets_crm.features.headers import BECOMES, HEADER, OPENED, SEEN_IN
from sheets_crm.pipeline.imports.answers import title_of
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.text import header_key, shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM
from sheets_crm.workbook.tabs import HEADERS

MOST: Final = 200
"""Rows that one run deletes; their notes are read first."""


def candidates(snapshot: Snapshot, _settings: RunSettings) -> Mapping[tuple[str, str], tuple[int, int]]:
    """The rows that may go if nobody put a note on them: id of the tab and 0-based row, by table and key."""
    read = snapshot.edits.get(HEADERS)
    if HEADERS not in snapshot.sheets or read is None or not _nothing_unknown(snapshot):
        return {}
    untouched = _untouched(read)
    return {
        (HEADERS, key): (read.tab.sheet_id, untouched[key])
        for key in [key for key in _left_over(snapshot) if key in untouched][:MOST]
    }


def _nothing_unknown(snapshot: Snapshot) -> bool:
    """Whether every block that may wait was judged, and no part of the table is sorted apart from the rest."""
    aside = snapshot.aside or set_aside_tabs(snapshot.info)
    return not (snapshot.unjudged or aside or held(snapshot.system, HEADERS))


def _left_over(snapshot: Snapshot) -> Iterator[str]:
    """Yield the keys of rows as the worker wrote them about blocks that waited, of which no block is there."""
    waiting = _keys_of(one.block for one in snapshot.refused) | _keys_of(
        block for source in snapshot.sources for block in source.blocks
    )
    for key, row in _rows(snapshot).items():
        header, answer, problem = (shown(row[name]).strip() for name in (HEADER, BECOMES, PROBLEM))
        asked_alone = is_waiting(shown(row[SEEN_IN])) and header and not answer and not problem
        if asked_alone and header_key(header) not in waiting:
            yield key


def _rows(snapshot: Snapshot) -> dict[str, dict[str, Cell]]:
    frame = snapshot.sheets[HEADERS].frame
    records = frame.to_dict("records")
    return {
        shown(key): {str(name): cell for name, cell in row.items()}
        for key, row in zip(frame.index, records, strict=True)
    }


def _keys_of(blocks: Iterator[Block]) -> set[str]:
    return {header_key(title_of(cell)) for block in blocks for cell in block.header} - {""}


def _untouched(read: TableRead) -> dict[str, int]:
    """The rows that nobody is editing and that hold nothing in columns of operators' own: grid rows by key."""
    declared = set(read.column_index.values())
    place = read.column_index[read.spec.key_column]
    rows = {row: cells for row, cells in enumerate(read.cells) if row and len(cells) > place}
    edited = {row.row for row in read.rows} | set(read.unstable)
    keys = [shown(cells[place]) for cells in rows.values()]
    return {
        key: row
        for (row, cells), key in zip(rows.items(), keys, strict=True)
        if key and keys.count(key) == 1 and key not in read.waiting and row not in edited
        if all(cell in {"", False} for n, cell in enumerate(cells) if n not in declared)
    }


def conclude(working: WorkingState) -> None:
    """Delete the rows whose block is gone; those of imports that are merged now stay for good."""
    snapshot = working.snapshot
    if HEADERS not in snapshot.tabs:
        return
    if HEADERS not in snapshot.sheets:
        if not _a_block_went(working):
            return
        working.rows(HEADERS)  # has it read whole
    _keep_merged(working)
    if working.more or held_by_now(working, HEADERS) or not _nothing_unknown(snapshot):
        return
    work = working.part(table_work).get(HEADERS)
    edited = {edit.key for edit in work.edits.rows} if work is not None else set()
    gone = [key for key in _left_over(snapshot) if (HEADERS, key) in snapshot.unannotated and key not in edited]
    if gone:
        working.rows(HEADERS).delete(gone)
        _hide(working)


def _a_block_went(working: WorkingState) -> bool:
    """Whether a marked block is no longer there while a row of the tab waits for an answer."""
    snapshot = working.snapshot
    if snapshot.system.text(OPENED) != HEADERS or working.more or not _nothing_unknown(snapshot):
        return False
    places = {(one.tab.sheet_id, one.block.first_row) for one in snapshot.refused}
    return any((tab, row) not in places for tab, row, *_ in recorded(snapshot.system))


def _keep_merged(working: WorkingState) -> None:
    """Say in `seen_in` of every header of the imports being merged that no block waits for it any more."""
    merged = _keys_of(block for source in working.snapshot.sources for block in source.blocks)
    for key, row in _rows(working.snapshot).items() if merged else ():
        seen_in = shown(row[SEEN_IN])
        if is_waiting(seen_in) and header_key(shown(row[HEADER])) in merged:
            working.rows(HEADERS).set(key, {SEEN_IN: taken_from(seen_in)})


def _hide(working: WorkingState) -> None:
    """Hide the tab again, if the worker has shown it and none of the rows that stay waits."""
    rows = working.rows(HEADERS)
    waits = any(rows.row(key)[HEADER] != "" and rows.row(key)[BECOMES] == "" for key in rows.keys)
    if working.stored.get(OPENED, working.snapshot.system.text(OPENED)) == HEADERS and not waits:
        working.closed_tabs.add(HEADERS)
        working.opened.discard(HEADERS)
        working.stored[OPENED] = ""


FEATURE: Final = Feature("left_over_headers", conclude=conclude, annotated=candidates)
"""Deletes rows about blocks that are gone."""
