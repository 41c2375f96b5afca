"""Claim: take recognised blocks that stand unchanged out of the operators' import tabs, in one guarded write.

The block is copied inside the spreadsheet (the tab is duplicated, hidden and protected) and cleared in the same
atomic request, so what is typed elsewhere meanwhile stays and a claimed block is never in two places. An ``Output …``
tab of which every block is recognised is renamed and hidden instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sheets_crm.engine.snapshot import ImportTab, PendingImport, as_text
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.recognise import Block, blocks, plain_columns
from sheets_crm.pipeline.imports.recognition import NOTHING_SAID, Recognition
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.import_marks import CLAIM, ImportMark, Named
from sheets_crm.workbook.info import Rows, TabInfo, mark_value
from sheets_crm.workbook.requests import Request

KEPT_ROWS: Final = 2000
"""Claimed rows of an import tab are cleared up to this one; below it, where only a large paste reaches, deleted."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim of one tab.

    Attributes:
        tab: The operators' tab.
        rows: Rows [start, end) that are claimed.
        whole: Whether the tab itself becomes the claimed one.
        sheet_id: Id of the claimed tab.
        title: Its title.
        named: What operators said of it.
    """

    tab: ImportTab
    rows: tuple[tuple[int, int], ...]
    whole: bool
    sheet_id: int
    title: str
    named: Named = ("", "", "")


@dataclass(frozen=True, slots=True)
class ReadTab:
    """An operators' import tab whose blocks were recognised.

    Attributes:
        tab: The tab.
        recognition: What is said about it.
        understood: Its blocks that are recognised.
        refused: Those that are not.
    """

    tab: ImportTab
    recognition: Recognition
    understood: list[Block]
    refused: list[Block]


def recognised(
    tab: ImportTab, schema: Schema, recognition: Recognition = NOTHING_SAID
) -> tuple[list[Block], list[Block]]:
    """The blocks of an import tab that are recognised, and those that are not.

    A kind that operators named is that of the first block, which is taken alone. While it does not fit, the others are
    taken as what they are recognised to be.
    """
    every = blocks(tab.cells, schema, None, recognition.answers)
    if recognition.kind and every:
        first = _as_named(tab, every[0], schema, recognition)
        every = [*first, *every[1:]] if any(block.problem for block in first) else first
    return [block for block in every if not block.problem], [block for block in every if block.problem]


def takeable(good: Sequence[Block], recognition: Recognition) -> list[Block]:
    """The recognised blocks that can be taken now: no people while what is said of them is not understood."""
    return [block for block in good if not _waits(block, recognition)]


def _waits(block: Block, recognition: Recognition) -> bool:
    return recognition.unclear and block.step in PEOPLE


def kind_of(recognition: Recognition, refused: Sequence[Block]) -> str:
    """The kind that operators named, if the blocks of a tab are taken as it; the block that it does not fit waits."""
    return "" if refused else recognition.kind


def _as_named(tab: ImportTab, first: Block, schema: Schema, recognition: Recognition) -> list[Block]:
    """The first block of a tab, read as one of the kind that operators named."""
    covered = range(first.first_row, first.last_row + 1)
    cells = [row if n in covered else [] for n, row in enumerate(tab.cells)]
    return blocks(cells, schema, recognition.kind, recognition.answers)[:1]


def recognition_of_tabs(
    import_tabs: Sequence[ImportTab], recognition: Recognition
) -> list[tuple[ImportTab, Recognition]]:
    """The operators' import tabs, each with what is said about it.

    A kind is that of the first tab that holds anything.

    While an import of a named kind waits to be merged, its cell still stands, and means no other import.
    """
    taken = any(tab.kind for tab in import_tabs), any(tab.enters for tab in import_tabs)
    left = replace(
        recognition, kind="" if taken[0] else recognition.kind, enters="" if taken[1] else recognition.enters
    )
    of_tabs = []
    for tab in (tab for tab in import_tabs if tab.claimed is None):
        of_tabs.append((tab, left))
        left = replace(left, kind="")
    return of_tabs


def read_tabs(import_tabs: Sequence[tuple[ImportTab, Recognition]], schema: Schema) -> list[ReadTab]:
    """The operators' import tabs with their blocks; the words and cells of each are judged here, once a run."""
    return [ReadTab(tab, recognition, *recognised(tab, schema, recognition)) for tab, recognition in import_tabs]


def claims(read: Sequence[ReadTab], new_ids: Iterator[int]) -> list[Claim]:
    """The claims of the recognised blocks in the operators' import tabs."""
    planned = []
    entered = False
    for one in read:
        tab, recognition, understood, bad = one.tab, one.recognition, one.understood, one.refused
        kind = kind_of(recognition, bad)
        good = takeable(understood, recognition)
        bad = [*bad, *(block for block in understood if _waits(block, recognition))]
        people = [block for block in good if block.step in PEOPLE]
        enters = recognition.enters if people and not entered else ""
        if enters:
            entered = True
            bad, good = [*bad, *(block for block in good if block is not people[0])], people[:1]
        if not good:
            continue
        set_aside = ImportMark.parse(tab.info.mark)
        output = tab.info.mark is None and tab.source.strip().casefold().startswith("output")
        whole = not bad and not recognition.kind and (output or set_aside is not None)
        rows = tuple((block.first_row, block.last_row + 1) for block in good)
        number = tab.info.sheet_id if whole else next(new_ids)
        label = set_aside.named[2] if set_aside and set_aside.named[2] else recognition.label
        named = (kind, enters, label if people else "")
        planned.append(Claim(tab, rows, whole, number, f"Claim {number}", named))
    return planned


def claim_requests(claim: Claim, account: str, tabs: int) -> list[Request]:
    """Return the requests of one claim.

    Args:
        claim: The claim.
        account: The service account, which stays an editor.
        tabs: How many tabs the workbook has; the claimed one goes before the last, the Master.
    """
    tab = claim.tab.info
    if claim.whole:
        parts = [requests.tab_properties(tab.sheet_id, title=claim.title, hidden=True)]
        parts += [requests.unprotect(item.protection_id) for item in tab.protected]
        parts += [requests.unmark(tab.mark_id)] if tab.mark_id is not None else []
    else:
        parts = [
            requests.duplicate_tab(tab.sheet_id, claim.sheet_id, claim.title, max(tabs - 1, 0)),
            requests.tab_properties(claim.sheet_id, hidden=True),
            requests.without_marks(
                claim.sheet_id
            ),  # the duplicate has the notes of blocks that are not understood
        ]
        width = max((len(row) for row in claim.tab.cells), default=1)
        parts += [
            requests.clear(tab.sheet_id, start, 0, end - start, width, text=True) for start, end in claim.rows
        ]
        parts += [requests.delete_rows(tab.sheet_id, start, end) for start, end in reversed(_deleted_rows(claim))]
    mark = requests.mark(claim.sheet_id, claim_key(claim))
    # A protection of the whole tab may have been copied with it; then being hidden is enough.
    protection = [] if tab.protected and not claim.whole else [requests.protect(claim.sheet_id, account)]
    return [*parts, mark, *protection]


def _deleted_rows(claim: Claim) -> list[tuple[int, int]]:
    """The claimed rows below `KEPT_ROWS`: left empty, they would go on counting towards the workbook's cell limit."""
    return [(max(start, KEPT_ROWS), end) for start, end in claim.rows if end > KEPT_ROWS]


def operators_tab(claim: Claim) -> TabInfo:
    """The operators' tab as it is after the claim."""
    tab = claim.tab.info
    deleted = sum(end - start for start, end in _deleted_rows(claim))
    height = max(tab.rows, *(end for _, end in claim.rows))
    return replace(tab, rows=height - deleted)


def claim_key(claim: Claim) -> str:
    """The key in the claimed tab's mark: which rows were claimed, and of which tab."""
    return ImportMark(CLAIM, claim.rows, claim.tab.source, named=claim.named).text


def claimed_tab(claim: Claim, tabs: int) -> TabInfo:
    """The claimed tab as it is after the claim."""
    base = claim.tab.info
    key = claim_key(claim)
    return replace(
        base,
        sheet_id=claim.sheet_id,
        title=claim.title,
        index=tabs - 1,
        hidden=True,
        mark=mark_value(key, claim.sheet_id).rpartition("@")[0],
        protected=(),
        stale_marks=(),
    )


def as_source(tab: ImportTab, schema: Schema, answers: HeaderAnswers = NO_ANSWERS) -> PendingImport:
    """A claimed tab as an import to merge: only its claimed rows, with the text that Sheets displays.

    A cell that Sheets has turned into a number or a date counts as what it shows on screen.
    """
    spans = tab.claimed or ()
    inside = {row for start, end in spans for row in range(start, end)}
    cells = [row if n in inside else [] for n, row in enumerate(tab.cells)]
    shown = _displayed(cells, tab.shown)
    recognised_blocks = tuple(
        replace(block, doubtful=_doubtful(block, cells))
        for block in blocks(shown, schema, tab.kind or None, answers)
        if not block.problem
    )
    ref = f"tab:{tab.info.sheet_id}"
    return PendingImport(
        ref,
        tab.source,
        recognised_blocks,
        tab.info,
        cells,
        kind=tab.kind,
        enters=tab.enters,
        progress=tab.progress,
        promised=tab.promised,
    )


def _displayed(cells: Rows, shown: Rows) -> list[list[Cell]]:
    texts: list[list[Cell]] = []
    for n, row in enumerate(cells):
        on_screen = shown[n] if n < len(shown) else []
        texts.append(
            [
                cell if isinstance(cell, str) or len(on_screen) <= m else as_text(on_screen[m])
                for m, cell in enumerate(row)
            ]
        )
    return texts


def _doubtful(block: Block, cells: Rows) -> tuple[tuple[int, int], ...]:
    """The cells, by row and column, whose text Sheets may have spoiled by turning it into a number or a date."""
    rows = range(block.first_row, min(block.last_row + 1, len(cells)))
    plain = plain_columns(block.layout)
    return tuple(
        (n, m) for n in rows for m, cell in enumerate(cells[n]) if not isinstance(cell, str) and m not in plain
    )
