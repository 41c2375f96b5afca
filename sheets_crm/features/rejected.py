"""Rejected: rows that could not be merged, in blocks under their original header; retry and discard.

A block is a header row (the fixed columns, then the import's own header) and its rows; blocks stand one under
another, a blank row between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.snapshot import PendingImport, as_text
from sheets_crm.engine.table_edits import held_by_now, table_work
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.headers import answers
from sheets_crm.features.target_id import of_import
from sheets_crm.messages import LANGUAGES, REMEDY, localize, said
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.formats import PEOPLE, import_kinds
from sheets_crm.pipeline.imports.merge import ERASED
from sheets_crm.pipeline.imports.person import Person, traces_of
from sheets_crm.pipeline.imports.recognise import Block, blocks
from sheets_crm.pipeline.imports.text import fitted, header_key, shown, word_key
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.plan.changes import Change, GridRows
from sheets_crm.workbook.cells import Cell, CellIn, moment, quoted
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.signals import Signal, count_entries
from sheets_crm.workbook.tabs import (
    IMPORTS,
    REJECTED,
    REJECTED_COLUMNS,
    REJECTED_ES,
    VOCABULARY,
    begins_block,
    rejected_columns,
)

FIXED = len(REJECTED_COLUMNS)
NO_HEADER = -1
RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row of Rejected as it stands.

    Attributes:
        row: 0-based grid row.
        retry: Whether it is ticked.
        discard: Whether it is ticked.
        source: ``step · where it came from · import id``.
        number: Row of the import that it was.
        cells: The original cells, as corrected by the operators.
        block: Grid row of its block's header; `NO_HEADER` when that was cleared.
        reason: Why it was not merged.
    """

    row: int
    retry: bool
    discard: bool
    source: str
    number: str
    cells: tuple[str, ...]
    block: int
    reason: str = ""


@dataclass
class Rejects:
    """The Rejected tab while a decision is made.

    Attributes:
        tab: The tab.
        headers: The imports' own header of each block, by grid row.
        rows: Its rows.
        end: Grid row after the last that holds anything.
        deleted: Grid rows to delete.
        put: Cells to write: grid row, 0-based column, value.
        appended: Rows to add at the end.
        boxes: Cells of `appended` that get a checkbox: row of it, column.
        marked: Cells that their reason is about: grid row and column, of `appended` its own row.
        tried: Grid rows whose retry failed.
        open_header: Header of the last block, which rows of the same header continue; None when there is none.
        language: Of the messages.
        time: The local time of this run, such as ``17:02``.
    """

    tab: TabInfo
    headers: dict[int, tuple[str, ...]]
    rows: list[Rejection]
    end: int
    deleted: set[int] = field(default_factory=set)
    put: list[tuple[int, int, CellIn]] = field(default_factory=list)
    appended: list[tuple[CellIn, ...]] = field(default_factory=list)
    boxes: list[tuple[int, int]] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    open_header: tuple[str, ...] | None = None
    language: str = "es"
    time: str = ""

    @classmethod
    def of(cls, tab: TabInfo, cells: Rows, language: str, time: str) -> Rejects:
        """Read the tab's blocks."""
        headers: dict[int, tuple[str, ...]] = {}
        rows: list[Rejection] = []
        block, end, blank = NO_HEADER, 1, 0
        for row_number, line in enumerate(cells):
            filled = any(cell not in {"", False} for cell in line)
            blank = 0 if filled else blank + 1
            if filled:
                end = row_number + 1
            if row_number == 0:
                continue
            if blank > 1:
                block = NO_HEADER  # a blank row stands between blocks; a second one was the next block's header
            texts = [as_text(cell) for cell in line]
            if begins_block(texts):
                block = row_number
                headers[row_number] = tuple(texts[FIXED:])
            elif any(text not in {"", "FALSE"} for text in texts):
                rows.append(_rejection(row_number, line, texts, block))
        read = cls(tab, headers, rows, end, language=language, time=time)
        # Rows are added under the lowest header: one below the last row, whose own rows are gone, or that row's own.
        last = max((row.row for row in rows), default=0)
        below_rows = [header for header in headers if header > last]
        lowest = max(below_rows, default=next((row.block for row in rows if row.row == last), NO_HEADER))
        read.open_header = headers.get(lowest)
        return read

    def add(self, rejected: pd.DataFrame, block: Block, source: str) -> None:
        """Add rows of an import that could not be merged at the end, under their own header.

        Rows of erased people become one line: neither whose they are nor where they stood is told.
        """
        if not len(rejected):
            return
        erased = rejected["reason"].to_numpy(dtype=object) == ERASED
        self._open_block(block)
        self._add_rows(rejected[~erased], block, source)
        if erased.any():
            texts = (localize(f"erased_rows{end}", self.language, count=int(erased.sum())) for end in ("", REMEDY))
            self.boxes += [(len(self.appended), 0), (len(self.appended), 1)]
            self.appended.append((False, False, *texts, fitted(source), ""))

    def _open_block(self, block: Block) -> None:
        """Begin a block at the end, unless the last one has the same header."""
        header = _trimmed([fitted(cell) for cell in block.header])
        if self.open_header is None or _trimmed(self.open_header) != header:
            if self.end + len(self.appended) > 1:
                self.appended.append(("",))
            self.appended.append((*rejected_columns(self.language), *header))
            self.open_header = header

    def _add_rows(self, rejected: pd.DataFrame, block: Block, source: str) -> None:
        """Add rows below the header of their block."""
        header = _trimmed([fitted(cell) for cell in block.header])
        originals = [name for name in list(rejected.columns) if name not in {"row", "reason", "params"}]
        for _, line in rejected.iterrows():
            offset = len(self.appended)
            self.boxes += [(offset, 0), (offset, 1)]
            cells = [fitted(str(line[name])) for name in originals][: len(header)]
            reason = self._reason(str(line["reason"]), line["params"])
            fault = place_of_fault(header, cells, line["params"])
            self.marked += [] if fault is None else [(self.end + offset, FIXED + fault)]
            self.appended.append((False, False, *reason, fitted(source), str(line["row"]), *cells))

    def _reason(self, code: str, params: Mapping[str, str]) -> tuple[str, str]:
        """Why a row was rejected, and the remedy."""
        reason, remedy = (localize(name, self.language, **params) for name in (code, code + REMEDY))
        return fitted(reason), fitted(remedy)

    def keep(self, row: Rejection, code: str, params: Mapping[str, str]) -> None:
        """Leave a row where it is after a retry that failed: untick it, write the reason of this failure and when."""
        self.deleted.discard(row.row)
        reason, remedy = self._reason(code, params)
        reason = fitted(localize("rejected.tried", self.language, reason=reason, time=self.time))
        self.put += [(row.row, 0, False), (row.row, 2, reason), (row.row, 3, remedy)]
        self.tried.append(row.row)
        fault = place_of_fault(self.headers.get(row.block, ()), row.cells, params)
        self.marked += [] if fault is None else [(row.row, FIXED + fault)]
        if code == ERASED:  # nothing of an erased person may stay, not even here
            self.put += [(row.row, FIXED + n, "") for n, cell in enumerate(row.cells) if cell]

    def erase(self, person: Person, schema: Schema) -> None:
        """Delete a person's rows, and clear their addresses in others' rows, as each block's header tells them."""
        for block in {row.block for row in self.rows}:
            rows = [row for row in self.rows if row.block == block]
            grid = [self.headers.get(block, ()), *(row.cells for row in rows)]
            traces = traces_of(grid, person, schema)
            # Row 0 of the grid is the block's header, which names columns and nobody.
            self.deleted |= {rows[n - 1].row for n in traces.rows if n}
            self.put += [(rows[n - 1].row, FIXED + column, "") for n, column in sorted(traces.cells) if n]

    def change(self) -> GridRows | None:
        """The change of the tab; None when nothing changes."""
        deleted = self.deleted | self._empty_blocks()
        if not (deleted or self.put or self.appended):
            return None
        return GridRows(
            self.tab,
            tuple(sorted(deleted)),
            self.end,
            tuple(self.appended),
            tuple(self.boxes),
            tuple(self.put),
            tuple(self.marked),
            tuple(self.tried),
        )

    def _empty_blocks(self) -> set[int]:
        """The header rows, each with the blank row above, of blocks whose last row is deleted."""
        emptied: set[int] = set()
        last = max(self.headers, default=-1)
        for header in self.headers:
            own_rows = [row.row for row in self.rows if row.block == header]
            kept = [row for row in own_rows if row not in self.deleted]
            # Appended rows that begin with neither a blank row nor a header continue the last block.
            continued = (
                bool(self.appended) and self.appended[0][:1] != ("",) and not begins_block(self.appended[0])
            )
            grows = header == last and continued
            if own_rows and not kept and not grows and set(own_rows) <= self.deleted:
                emptied.add(header)
                if (
                    header - 1 > 0
                    and all(row.row != header - 1 for row in self.rows)
                    and header - 1 not in self.headers
                ):
                    emptied.add(header - 1)
        return emptied


def place_of_fault(header: Sequence[str], cells: Sequence[str], params: Mapping[str, str]) -> int | None:
    """The column of a row that a reason is about: that with the value it names, else that with the header it names."""
    value, named = params.get("value", ""), header_key(params.get("column", ""))
    texts = [cell.strip() for cell in cells]
    places = [n for n, text in enumerate(texts) if text and value in {text, text[:80], text[:200]}]
    if not places and value:
        wholes = [text.removesuffix(".0") for text in texts]
        places = [n for n, text in enumerate(wholes) if text and value == f"{LEAD_NUMBER} {text}"]
    under = [n for n, name in enumerate(header) if named and header_key(name) == named]
    both = [n for n in places if n in under]
    return next(iter(both or places or under), None)


def _trimmed(header: Sequence[str]) -> tuple[str, ...]:
    cells = list(header)
    while cells and cells[-1] == "":
        cells.pop()
    return tuple(cells)


def _rejection(place: int, line: Sequence[Cell], texts: Sequence[str], block: int) -> Rejection:
    padded = [*texts, *[""] * FIXED]
    return Rejection(
        row=place,
        retry=bool(line) and is_tick(line[0]),
        discard=len(line) > 1 and is_tick(line[1]),
        reason=padded[2],
        source=padded[4],
        number=padded[5],
        cells=tuple(texts[FIXED:]),
        block=block,
    )


def rejects(working: WorkingState) -> Rejects:
    """Rejected while this decision is made (`WorkingState.part`)."""
    snapshot = working.snapshot
    cells, time = snapshot.cells.get(REJECTED, []), moment(working.clock.serial).strftime("%H:%M")
    return Rejects.of(snapshot.tabs[REJECTED], cells, working.settings.language, time)


@dataclass(frozen=True)
class RetryRows(Command):
    """Merge rows of one block of Rejected again.

    Attributes:
        source: The rows as an import of their own.
        rows: The rows of Rejected, in the order of the block.
    """

    source: PendingImport
    rows: tuple[Rejection, ...]


def commands(working: WorkingState) -> Iterator[RetryRows]:
    """Delete discarded rows; yield the rows to try again, by block and step."""
    if not working.snapshot.retries:
        return
    explained = _explained(working)
    tab = working.part(rejects)
    discarded = 0
    retried: dict[tuple[int, str, str], list[Rejection]] = {}
    for row in tab.rows:
        if row.retry and row.discard:
            working.problem("both_ticked", row=row.row + 1)
        elif row.discard:
            tab.deleted.add(row.row)
            discarded += 1
        elif row.retry and row.block == NO_HEADER:
            working.problem("retry_without_header", row=row.row + 1)
        elif row.retry or (row.block != NO_HEADER and unknown_word(row.reason) in explained):
            kind, *_, import_id = row.source.split(" · ")
            step = import_kinds(working.schema).get(header_key(kind), kind)
            # A person gets the label of the import that brought the row, and not what stands on Control by now.
            label = of_import(working, import_id) or ""
            retried.setdefault((row.block, step, label), []).append(row)
    if discarded:
        working.log("log_discarded", count=discarded)
    for (block, step, label), rows in retried.items():
        source = _as_source(working, tab, tab.headers[block], step, rows)
        if source is not None:
            yield RetryRows(replace(source, target_id=label), tuple(rows), origin=Origin.TICK)


def _explained(working: WorkingState) -> frozenset[str]:
    """The words that somebody has just explained in Vocabulary, while rows wait here: those with them are tried again.

    Raises:
        ReadAgain: Rejected was not read, since nothing else asks for it.
    """
    work = working.part(table_work).get(VOCABULARY)
    edits = work.edits.rows if work is not None and not held_by_now(working, VOCABULARY) else ()
    cells = (shown(edit.values.get("word", "")) for edit in edits if edit.complete and not edit.problems)
    words = frozenset(word_key(word) for word in cells if word)
    if not words or not working.snapshot.panel.value(REJECTED):
        return frozenset()
    if IMPORTS not in working.snapshot.sheets or REJECTED not in working.snapshot.cells:
        raise ReadAgain(said("again.words"))
    return words


def unknown_word(reason: str) -> str | None:
    """The verifier's word that a reason says is not in Vocabulary, in either language; None for another reason."""
    for language in LANGUAGES:
        before, after = localize("unknown_verdict", language, value="\0").split("\0")
        if reason.startswith(before):
            word = reason.removeprefix(before).removesuffix(after)
            return word_key(_tried(language).sub("", word))
    return None


def _tried(language: str) -> re.Pattern[str]:
    """What a failed retry adds to a reason."""
    text = localize("rejected.tried", language, reason="", time="\0")
    return re.compile(r"\d\d:\d\d".join(re.escape(part) for part in text.split("\0")) + "$")


def _as_source(
    working: WorkingState, tab: Rejects, header: tuple[str, ...], step: str, rows: list[Rejection]
) -> PendingImport | None:
    """Rows of one block as an import, up to the budget (`rows` is cut to it); None when they are not recognised."""
    taken = rows[: working.budget.rows]
    grid = [list(header), *[list(row.cells) for row in taken]]
    block = _only_block(grid, working, step)
    if block is None or block.problem:
        why = (
            block.problem.localized(working.settings.language).removesuffix(".")
            if block and block.problem
            else "?"
        )
        for row in taken:
            working.problem("retry_not_understood", row=row.row + 1, problem=why)
        return None
    working.more |= len(taken) < len(rows)
    tab.deleted |= {row.row for row in taken}
    del rows[len(taken) :]
    return PendingImport(RETRY, "Rejected", (block,))


def _only_block(grid: list[list[str]], working: WorkingState, step: str) -> Block | None:
    names = {*PEOPLE, *(declared.name for declared in working.schema.steps)}
    told = answers(working.snapshot, working.settings)
    recognised = blocks(grid, working.schema, step if step in names else None, told)
    return recognised[0] if len(recognised) == 1 else None


def changes(working: WorkingState) -> list[Change]:
    """The change of Rejected, without the rows of people who are erased; none when it stays as it is."""
    tab = working.part(rejects)
    for person in working.erased.values():
        tab.erase(person, working.schema)
    change = tab.change()
    return [change] if change is not None else []


TICKS: Final = Signal(
    "rejected",
    lambda where, _panel: count_entries(
        f"{quoted(where.titles[REJECTED])}!$A$2:$B",
        *(f'"{name}"' for name in (*REJECTED_COLUMNS[:2], *REJECTED_ES[:2])),
    ),
)
"""How many rows are ticked; the headers of the blocks stand in the same columns."""


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Rejected: blocks of rows under their own headers."""
    yield TabSpec(
        REJECTED,
        "Rejected",
        free=True,
        colour=0xC5221F,
        policy=ReadPolicy.ASKED,
        signals=(TICKS,),
        group=Group.PROSPECTING,
    )
