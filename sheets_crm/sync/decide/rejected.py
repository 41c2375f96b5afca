"""Rejected: rows that could not be merged, in blocks under their original header; retry and discard.

A block is a header row (the fixed columns, then the drop's own header) and its rows; blocks stand one under
another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sheets_crm.messages import REMEDY, localize
from sheets_crm.pipeline.imports.merge import ERASED
from sheets_crm.pipeline.imports.person import Person, traces_of
from sheets_crm.pipeline.imports.recognise import Block, blocks
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.steps import Schema
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.plan.changes import GridRows
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.sync.snapshot import PendingImport, as_text
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.tabs import REJECTED_COLUMNS

FIXED = len(REJECTED_COLUMNS)
NO_HEADER = -1
RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row of Rejected as it stands.

    Attributes:
        row: 0-based grid row.
        retry: Ticked.
        discard: Ticked.
        source: ``step · where it came from · drop``.
        cells: The original cells, as corrected by the operators.
        block: Grid row of its block's header; `NO_HEADER` when that was cleared.
    """

    row: int
    retry: bool
    discard: bool
    source: str
    number: str
    cells: tuple[str, ...]
    block: int


@dataclass
class Rejects:
    """The Rejected tab while a decision is made."""

    tab: TabInfo
    headers: dict[int, tuple[str, ...]]
    rows: list[Rejection]
    end: int
    gone: set[int] = field(default_factory=set)
    put: list[tuple[int, int, CellIn]] = field(default_factory=list)
    appended: list[tuple[CellIn, ...]] = field(default_factory=list)
    boxes: list[tuple[int, int]] = field(default_factory=list)
    open_header: tuple[str, ...] | None = None
    language: str = "es"

    @classmethod
    def of(cls, tab: TabInfo, cells: Rows, language: str) -> Rejects:
        """Read the tab's blocks."""
        headers: dict[int, tuple[str, ...]] = {}
        rows: list[Rejection] = []
        block, end, blank = NO_HEADER, 1, 0
        for place, line in enumerate(cells):
            filled = any(cell not in {"", False} for cell in line)
            blank = 0 if filled else blank + 1
            if filled:
                end = place + 1
            if place == 0:
                continue
            if blank > 1:
                block = NO_HEADER  # a blank row stands between blocks; a second one was the next block's header
            texts = [as_text(cell) for cell in line]
            if texts[:2] == ["retry", "discard"]:
                block = place
                headers[place] = tuple(texts[FIXED:])
            elif any(text not in {"", "FALSE"} for text in texts):
                rows.append(_rejection(place, line, texts, block))
        found = cls(tab, headers, rows, end, language=language)
        last = max((row.row for row in rows), default=0)
        stands = [header for header in headers if header > last]
        below = max(stands, default=next((row.block for row in rows if row.row == last), NO_HEADER))
        found.open_header = headers.get(below)
        return found

    def add(self, rejects: pd.DataFrame, block: Block, source: str) -> None:
        """Put rows of a drop that could not be merged at the end, under their own header."""
        if not len(rejects):
            return
        header = _trimmed([fitted(cell) for cell in block.header])
        if self.open_header is None or _trimmed(self.open_header) != header:
            if self.end + len(self.appended) > 1:
                self.appended.append(("",))
            self.appended.append((*REJECTED_COLUMNS, *header))
            self.open_header = header
        originals = [name for name in list(rejects.columns) if name not in {"row", "reason", "params"}]
        for _, line in rejects.iterrows():
            offset = len(self.appended)
            self.boxes += [(offset, 0), (offset, 1)]
            cells = [fitted(str(line[name])) for name in originals][: len(header)]
            said = self._said(str(line["reason"]), line["params"])
            self.appended.append((False, False, *said, fitted(source), str(line["row"]), *cells))

    def _said(self, code: str, params: Mapping[str, str]) -> tuple[str, str]:
        why, what = (localize(name, self.language, **params) for name in (code, code + REMEDY))
        return fitted(why), fitted(what)

    def keep(self, row: Rejection, code: str, params: Mapping[str, str]) -> None:
        """Leave a row where it is after a retry that failed: untick it and say what is wrong now."""
        self.gone.discard(row.row)
        why, what = self._said(code, params)
        self.put += [(row.row, 0, False), (row.row, 2, why), (row.row, 3, what)]
        if code == ERASED:
            self.put += [(row.row, FIXED + n, "") for n, cell in enumerate(row.cells) if cell]

    def erase(self, person: Person, schema: Schema) -> None:
        """Take a person's rows away, and their addresses out of others' rows, as each block's own header tells."""
        for place in {row.block for row in self.rows}:
            rows = [row for row in self.rows if row.block == place]
            grid = [self.headers.get(place, ()), *(row.cells for row in rows)]
            found = traces_of(grid, person, schema)
            self.gone |= {rows[n - 1].row for n in found.rows if n}
            self.put += [(rows[n - 1].row, FIXED + column, "") for n, column in sorted(found.cells) if n]

    def change(self) -> GridRows | None:
        """Return what changes in the tab, or None."""
        gone = self.gone | self._empty_blocks()
        if not (gone or self.put or self.appended):
            return None
        return GridRows(
            self.tab,
            tuple(sorted(gone)),
            self.end,
            tuple(self.appended),
            tuple(self.boxes),
            tuple(self.put),
        )

    def _empty_blocks(self) -> set[int]:
        """Return header rows (with the blank row above) of blocks whose last row goes."""
        found: set[int] = set()
        last = max(self.headers, default=-1)
        for header in self.headers:
            own = [row.row for row in self.rows if row.block == header]
            kept = [row for row in own if row not in self.gone]
            grows = header == last and self.appended and self.appended[0][:1] not in {("",), ("retry",)}
            if own and not kept and not grows and set(own) <= self.gone:
                found.add(header)
                if (
                    header - 1 > 0
                    and all(row.row != header - 1 for row in self.rows)
                    and header - 1 not in self.headers
                ):
                    found.add(header - 1)
        return found


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
        source=padded[4],
        number=padded[5],
        cells=tuple(texts[FIXED:]),
        block=block,
    )


def answer_ticks(working: WorkingState, rejects: Rejects) -> list[tuple[PendingImport, list[Rejection]]]:
    """Take discarded rows away, and return the rows to try again as drops of their own, block by block."""
    discarded = 0
    again: dict[tuple[int, str], list[Rejection]] = {}
    for row in rejects.rows:
        if row.retry and row.discard:
            working.problem("both_ticked", row=row.row + 1)
        elif row.discard:
            rejects.gone.add(row.row)
            discarded += 1
        elif row.retry and row.block == NO_HEADER:
            working.problem("retry_without_header", row=row.row + 1)
        elif row.retry:
            step = row.source.split(" · ")[0]
            again.setdefault((row.block, step), []).append(row)
    if discarded:
        working.log("log_discarded", count=discarded)
    found = []
    for (place, step), rows in again.items():
        source = _as_source(working, rejects, rejects.headers[place], step, rows)
        if source is not None:
            found.append((source, rows))
    return found


def _as_source(
    working: WorkingState, rejects: Rejects, header: tuple[str, ...], step: str, rows: list[Rejection]
) -> PendingImport | None:
    taken = rows[: working.budget.rows]
    grid = [list(header), *[list(row.cells) for row in taken]]
    found = _only_block(grid, working.schema, step)
    if found is None or found.problem:
        why = (
            found.problem.localized(working.settings.language).removesuffix(".")
            if found and found.problem
            else "?"
        )
        for row in taken:
            working.problem("retry_not_understood", row=row.row + 1, problem=why)
        return None
    working.more |= len(taken) < len(rows)
    rejects.gone |= {row.row for row in taken}
    del rows[len(taken) :]
    return PendingImport(RETRY, "Rejected", (found,))


def _only_block(grid: list[list[str]], schema: Schema, step: str) -> Block | None:
    names = {"export", *(known.name for known in schema.steps)}
    found = blocks(grid, schema, step if step in names else None)
    return found[0] if len(found) == 1 else None
