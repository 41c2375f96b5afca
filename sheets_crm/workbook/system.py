"""The System tab: signals for a cheap poll, counters, and everything that a second worker has to know.

Column A holds keys, column B values or formulas, column C the hashes of erased people; from column D on each step has
two spilling formulas: the LeadNumbers ticked in its input tab, and their rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, SEND
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn, Formula, column_letters, quoted
from sheets_crm.workbook.control import SEND_NOW, TAKE, VALUE
from sheets_crm.workbook.tabs import BATCHES, CONTROL, INBOX, MASTER, REJECTED, STORAGE, input_key

TICKS_LISTED: Final = 1000
FIRST_SPILL: Final = 3
GRID_ROWS: Final = TICKS_LISTED + 20
HASHES_IN_A_CELL: Final = 1_000
"""A cell holds 50,000 characters, a hash and its blank 33."""
STORED: Final = (
    "version",
    "workbook_id",
    "sequence",
    "next_lead_number",
    "next_drop",
    "last_run_at",
    "heartbeat",
    "cells_used",
    "lead_days",
    "tabs_known",
    "drops_watched",
    "leads_known",
    "open_drop",
    "refusal",
    "salt",
    "last_day",
    "migrations",
)


NEXT_BATCH: Final = "next_batch."


def steps_known(stored: Iterable[str]) -> tuple[str, ...]:
    """Names of the steps that a workbook was last set up with, from the keys of its System tab."""
    return tuple(key.removeprefix(NEXT_BATCH) for key in stored if key.startswith(NEXT_BATCH))


def keys(schema: Schema) -> tuple[str, ...]:
    """The keys of column A in order, without the header row."""
    steps = [step.name for step in schema.steps]
    stored = (*STORED, *(f"{NEXT_BATCH}{name}" for name in steps), *(f"open_batch.{name}" for name in steps))
    runway = (*(f"feed.day.{n}" for n in range(7)), "feed.week", "feed.rest", "feed.mean")
    return (*stored, *(runway if schema.sending else ()), *(name for name, _ in _signal_names(schema)))


def _signal_names(schema: Schema) -> Iterator[tuple[str, str]]:
    for step in schema.steps:
        for name in ("ticks", "take", "send_now"):
            yield f"signal.{name}.{step.name}", step.name
    storage = ("storage",) if schema.has("storage") else ()
    for name in ("confirm", "sync_now", "inbox", "rejected", "batches", *storage, "sheets"):
        yield f"signal.{name}", ""
    yield f"signal.order.{MASTER}", ""
    for step in schema.steps:
        yield f"signal.order.{input_key(step)}", step.name


def width(schema: Schema) -> int:
    """Number of columns of System."""
    return FIRST_SPILL + 2 * len(schema.steps)


def signals_range(title: str, schema: Schema) -> str:
    """The A1 range of a poll: the whole tab, from which the server leaves out empty cells at the ends."""
    return f"{quoted(title)}!A1:{column_letters(width(schema) - 1)}{GRID_ROWS}"


def stored_range(title: str, schema: Schema) -> str:
    """The A1 range of the keys and values alone."""
    return f"{quoted(title)}!A1:B{len(keys(schema)) + 1}"


def formulas(schema: Schema, where: Addresses, control_rows: Mapping[str, int]) -> dict[str, Formula]:
    """The formulas of column B by key."""
    texts = dict(_signals(schema, where, control_rows))
    texts |= dict(_runway(schema, where, control_rows))
    return {key: Formula(text) for key, text in texts.items()}


def _count_entries(block: str, *words: str) -> str:
    without = "".join(f"-COUNTIF({block};{word})" for word in ("FALSE", *words))
    return f"=COUNTA({block}){without}"


def _signals(schema: Schema, where: Addresses, control: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for step in schema.steps:
        row = control[f"step.{step.name}"]
        yield f"signal.ticks.{step.name}", _count_entries(where.column(input_key(step), SEND))
        yield f"signal.take.{step.name}", f"={where.cell(CONTROL, row, TAKE)}"
        yield f"signal.send_now.{step.name}", f"={where.cell(CONTROL, row, SEND_NOW)}"
    for name in ("confirm", "sync_now"):
        yield f"signal.{name}", f"={where.cell(CONTROL, control[name], VALUE)}"
    yield "signal.inbox", inbox_signal([where.titles[INBOX]]).text
    ticks = f"{quoted(where.titles[REJECTED])}!$A$2:$B"
    yield "signal.rejected", _count_entries(ticks, '"retry"', '"discard"')
    yield "signal.batches", _count_entries(where.block(BATCHES, "show", "undo"))
    if schema.has("storage"):
        yield "signal.storage", f"=COUNTA({where.column(STORAGE, 'reopen')})"
    yield "signal.sheets", "=SHEETS()"
    # The sum of LeadNumber times row changes when somebody sorts or moves rows: cached rows are then not used.
    for key in (MASTER, *(input_key(step) for step in schema.steps)):
        numbers = where.column(key, LEAD_NUMBER)
        yield f"signal.order.{key}", f"=SUMPRODUCT({numbers};ROW({numbers}))"


def inbox_signal(titles: Sequence[str]) -> Formula:
    """The formula that counts the filled cells of the import tabs."""
    return Formula("=" + "+".join(f"COUNTA({quoted(title)}!$A$1:$EZ)" for title in titles))


def _runway(schema: Schema, where: Addresses, control: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The runway's formulas: running sums of the schedule over seven days, full weeks, the remainder, the daily mean.

    Key and formula of each; every sum refers to the one before.
    """
    if schema.sending is None:
        return
    first, last = control["schedule.0"], control["schedule.6"]
    days = f"{where.cell(CONTROL, first, VALUE)}:{where.cell(CONTROL, last, VALUE).split('!')[1]}"
    cell = {key: f"$B${row + 2}" for row, key in enumerate(keys(schema))}
    ready = f"COUNT({where.column(input_key(schema.sending), LEAD_NUMBER)})"
    previous = ""
    for n in range(7):
        # A cell that is not a number above 0 counts as 0, as it does when Control is read.
        today = f"MAX(0;N(INDEX({days};WEEKDAY(TODAY()+{n};2))))"
        yield f"feed.day.{n}", f"={previous}{today}"
        previous = f"{cell[f'feed.day.{n}']}+"
    week = cell["feed.day.6"]
    yield "feed.week", f'=IF({week}=0;"";IF({ready}=0;0;INT(({ready}-1)/{week})))'
    yield "feed.rest", f'=IF({week}=0;"";{ready}-{cell["feed.week"]}*{week})'
    sending = f'COUNTIF({days};">0")'
    yield "feed.mean", f'=IF({sending}=0;0;SUMIF({days};">0")/{sending})'


def spills(schema: Schema, where: Addresses) -> list[CellIn]:
    """Row 2 from column D on: two formulas per step, which list the ticked LeadNumbers and their rows.

    They stay blank beyond TICKS_LISTED ticks, for which the grid has no room: then the tab itself is read.
    """
    row_of = {key: n + 2 for n, key in enumerate(keys(schema))}
    cells: list[CellIn] = []
    for step in schema.steps:
        send = where.column(input_key(step), SEND)
        ticked = f'({send}<>FALSE)*({send}<>"")'
        count = f"$B${row_of[f'signal.ticks.{step.name}']}"
        shown = (where.column(input_key(step), LEAD_NUMBER), f"ROW({send})")
        room = f"OR({count}=0;{count}>{TICKS_LISTED})"
        cells += [Formula(f'=IF({room};"";IFERROR(FILTER({what};{ticked});""))') for what in shown]
    return cells


@dataclass(frozen=True, slots=True)
class SystemState:
    """The state of System, as read.

    Attributes:
        cells: Column B by key.
        erased: Keyed hashes of people who must not come back.
        erased_end: 0-based grid row below the last of them.
        ticked: LeadNumbers that each step's spill lists, in row order; empty past TICKS_LISTED.
    """

    cells: Mapping[str, Cell] = field(default_factory=dict)
    erased: tuple[str, ...] = ()
    erased_end: int = 1
    ticked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def number(self, key: str, default: int = 0) -> int:
        """A stored whole number."""
        cell = self.cells.get(key, "")
        return int(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else default

    def text(self, key: str) -> str:
        """A stored text."""
        return str(self.cells.get(key, ""))

    def record(self, key: str) -> dict[str, Any]:
        """A stored record (JSON); empty when the cell is blank or holds something else."""
        try:
            record = json.loads(self.text(key) or "{}")
        except ValueError:
            return {}
        return record if isinstance(record, dict) else {}

    def signal(self, name: str) -> Cell:
        """The cell of a signal."""
        return self.cells.get(f"signal.{name}", "")


def parse(cells: Sequence[Sequence[Cell]], schema: Schema) -> SystemState:
    """The state of System from its cells (from A1)."""
    body = cells[1:]
    values = {str(row[0]): row[1] if len(row) > 1 else "" for row in body if row and row[0] != ""}
    listed = {n: str(row[2]).split() for n, row in enumerate(body, start=1) if len(row) > 2 and row[2] != ""}
    erased = tuple(digest for digests in listed.values() for digest in digests)
    ticked = {}
    for n, step in enumerate(schema.steps):
        column = FIRST_SPILL + 2 * n
        spilled = (row[column] for row in body if len(row) > column)
        ticked[step.name] = tuple(int(cell) for cell in spilled if isinstance(cell, int | float))
    return SystemState(values, erased, max(listed, default=0) + 1, ticked)
