"""The input tabs: which leads are sent, by ticks or by ``send N now``; why a tick is not honoured; their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson
import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.snapshot import as_text
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.batches import add_batch
from sheets_crm.features.control import controls
from sheets_crm.features.lead_rows import lead_rows, step_colour, step_columns
from sheets_crm.features.taking import NOBODY, Taken, answer, taken_leads
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND, Kind
from sheets_crm.pipeline.leads import mark_sent, ready, with_column
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import BLOCKED, NOT_ELIGIBLE, READY
from sheets_crm.pipeline.ticks import is_tick, is_understood
from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.plan.diff import diff, different
from sheets_crm.workbook.cells import Cell, a1
from sheets_crm.workbook.control import SEND_NOW, TAKE
from sheets_crm.workbook.declaration import Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.signals import ticks
from sheets_crm.workbook.system import NEXT_BATCH
from sheets_crm.workbook.tabs import BATCHES, input_key

BATCH_DIGITS = 4


@dataclass(frozen=True)
class SendLeads(Command):
    """Send leads of a step as one batch.

    Attributes:
        step: Name of the step.
        leads: LeadNumbers in the order of the input tab's rows.
        taken: Those of them that ``send N now`` took.
    """

    step: str
    leads: tuple[int, ...]
    taken: Taken = NOBODY


def commands(working: WorkingState) -> Iterator[SendLeads]:
    """Yield what is ticked and taken, step by step; a step of which nothing is sent ends a send that was cut."""
    for step in working.schema.steps:
        record = working.record(_open(step))
        ticked = _ticked(working, step)
        available = _in_order(working, step)
        taken = taken_leads(working, step, record, available)
        chosen = ticked.union(taken.leads)
        leads = tuple(number for number in available if number in chosen) if chosen else ()
        if leads:
            yield SendLeads(step.name, leads, taken, origin=Origin.TICK)
        elif record:
            working.stored[_open(step)] = ""


def send(working: WorkingState, command: SendLeads) -> bool:
    """Send leads, up to the budget; the rest waits for the next part.

    A send that the budget cut is recorded in System, so that its parts form one batch whichever worker continues it.
    """
    step = working.schema.step(command.step)
    record = working.record(_open(step))
    chunk = list(command.leads[: working.budget.leads])
    rest = len(command.leads) > len(chunk)
    batch = str(record.get("id") or _next_batch(working, step))
    sent_at = float(record.get("at", working.clock.serial))
    _send(working, step, chunk, batch, sent_at)
    working.said[step.name] = answer(working, batch, command.taken)
    left = len(set(command.taken.leads).difference(chunk))
    if rest:
        taking = {"id": batch, "at": sent_at, **command.taken.record(left)}
        working.stored[_open(step)] = orjson.dumps(taking).decode()
        working.more = True
    elif record:
        working.stored[_open(step)] = ""
    # A `send N now` that was ticked while another send was still open is not answered yet and keeps its tick.
    answered = not record or bool(record.get("take"))
    if step.name in working.part(controls).send_now and answered and not left:
        working.panel[(f"step.{step.name}", SEND_NOW)] = False
        if command.taken.is_asked(working.part(controls).take[step.name]):
            # The number goes with the tick: left standing, the next tick would send as many again.
            working.panel[(f"step.{step.name}", TAKE)] = ""
    return not rest


def _send(working: WorkingState, step: Step, leads: list[int], batch: str, sent_at: float) -> None:
    version = working.part(controls).box1_version
    working.leads = mark_sent(working.leads, step, leads, batch=batch, now=sent_at, box1_version=version)
    add_batch(working, step, batch, len(leads), version if step.name == "box1" else "")
    working.cause(leads, batch)
    working.sent[batch] = working.sent.get(batch, 0) + len(leads)
    working.log("log_sent", step=step.title, count=len(leads), batch=batch)


def _open(step: Step) -> str:
    return f"open_batch.{step.name}"


def _next_batch(working: WorkingState, step: Step) -> str:
    key = f"{NEXT_BATCH}{step.name}"
    number = working.number(key)
    # A counter that was rolled back may name a batch that exists.
    while f"{step.letter}-{number:0{BATCH_DIGITS}d}" in working.table(BATCHES).index:
        number += 1
    working.stored[key] = number + 1
    return f"{step.letter}-{number:0{BATCH_DIGITS}d}"


def _in_order(working: WorkingState, step: Step) -> list[int]:
    """The ready leads of an input tab, in the order of its rows."""
    listed = working.snapshot.input(step).frame.index.unique()  # the owner may have pasted a lead a second time
    state = working.leads[step.status].reindex(listed)
    in_order: list[int] = listed[state.to_numpy(dtype=object) == READY].tolist()
    return in_order


# -- what the cells ask for


def _ticked(working: WorkingState, step: Step) -> frozenset[int]:
    sheet = working.snapshot.input(step)
    ticked = [number for _, number, cell in _answered(sheet) if is_tick(cell)]
    _report_unclear(working, sheet)
    allowed = working.snapshot.ticked
    if allowed is not None and step.name in allowed:
        ticked = [number for number in ticked if number in allowed[step.name]]
    states = dict(zip(ticked, working.leads[step.status].reindex(ticked), strict=True))
    for number, state in states.items():
        if state != READY:
            working.problem(_refused(state), step=step.name, lead=number)
    return frozenset(number for number, state in states.items() if state == READY)


def _refused(state: object) -> str:
    """The code of why a tick beside a lead in a state is not honoured."""
    return "tick_blocked" if state == BLOCKED else "tick_not_ready"


def _answered(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    """Yield grid row, LeadNumber and ``send`` cell of the rows where that cell is not FALSE."""
    cells, numbers = sheet.frame[SEND].to_numpy(dtype=object), sheet.frame.index.to_numpy()
    for row in np.flatnonzero(np.not_equal(cells, False)):
        yield int(sheet.rows[row]), int(numbers[row]), cells[row]


def _report_unclear(working: WorkingState, sheet: Sheet) -> None:
    for row, _, cell in _answered(sheet):
        if not is_understood(cell):
            address = a1("x", row, sheet.column_index[SEND], 1, 1).split("!")[1].split(":")[0]
            header = sheet.name_of(SEND, working.settings.language)
            working.problem("tick_unclear", tab=sheet.tab.title, cell=address, value=str(cell)[:40], header=header)


# -- rows


def carry_notes(working: WorkingState) -> None:
    """Copy the operators' notes from the input tabs into the leads: a note follows its lead."""
    for step in working.schema.steps:
        frame = working.snapshot.input(step).frame
        if not len(frame) or not len(working.leads):
            continue
        places = working.leads.index.get_indexer(frame.index)
        rows = np.flatnonzero((places >= 0) & ~frame.index.duplicated())
        notes = working.leads[NOTES].to_numpy(dtype=object)
        typed = frame[NOTES].to_numpy(dtype=object)
        differing = rows[different(notes[places[rows]], typed[rows])]
        # The comparison of whole columns is a first sieve: a typed 5 differs from the note "5" and is the same text.
        texts = {int(row): as_text(typed[row]) for row in differing}
        changed = [row for row in texts if notes[places[row]] != texts[row]]
        if changed:
            new_notes = notes.copy()
            new_notes[places[changed]] = np.array([texts[row] for row in changed], dtype=object)
            working.leads = with_column(working.leads, NOTES, new_notes)
            working.cause(frame.index[changed], f"note in {working.snapshot.input(step).tab.title}")


def untick_empty_rows(working: WorkingState) -> Iterator[PutCells]:
    """Yield the writes that take back ticks beside no lead, as in the first row of an empty tab, and report them.

    Nothing tells one such row from another. So a tick is taken back only where a row that somebody moves in the second
    of the write cannot put anything else in its place: no lead is there, and no cell but such ticks. Others are said.
    """
    for step in working.schema.steps:
        sheet = working.snapshot.input(step)
        place = sheet.column_index[SEND]
        rows = [row for row, cells in sheet.unkeyed_cells.items() if is_tick(cells.get(place))]
        if not rows:
            continue
        alone = not len(sheet.frame) and all(set(cells) == {place} for cells in sheet.unkeyed_cells.values())
        taken_back = alone and len(rows) == len(sheet.unkeyed_cells)
        code = "tick_without_lead" if taken_back else "tick_left_without_lead"
        working.problem(code, tab=sheet.tab.title, row=rows[0] + 1)
        for row in rows if taken_back else ():
            yield PutCells(sheet.tab, row, place, ((False,),))


def report_left(working: WorkingState) -> None:
    """Report the ticked leads that leave an input tab unsent, because an import of this run made them ineligible."""
    for step in working.schema.steps:
        ticked = [number for _, number, cell in _answered(working.snapshot.input(step)) if is_tick(cell)]
        states = working.leads[step.status].reindex(ticked)
        for number, state in states[states.isin((NOT_ELIGIBLE, BLOCKED))].items():
            working.problem(_refused(state), step=step.name, lead=number)
            working.log(_refused(state), step=step.name, lead=number)


def input_rows(working: WorkingState, step: Step) -> pd.DataFrame:
    """The desired rows of a step's input tab: the ready leads, in the step's columns, with an empty tick and notes."""
    return lead_rows(working, step, ready(working.leads, step), operators=True)


def changes(working: WorkingState) -> list[Change]:
    """The changes of every input tab."""
    stray = list(untick_empty_rows(working))
    sheets, master = working.snapshot.sheets, working.snapshot.master
    rows = [
        change
        for step in working.schema.steps
        for change in diff(sheets[input_key(step)], input_rows(working, step), master=master)
    ]
    return [*stray, *rows]


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """The input tab of each step: send, who the lead is, notes, the others of the owner's exact columns.

    Batch tabs, which are exported, have the owner's columns in his order.
    """
    for step in schema.steps:
        exact = step_columns(schema, step)
        who = who_it_is(step)
        tick = TabColumn(
            SEND, Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60, es=_unless("enviar", exact)
        )
        notes = TabColumn(NOTES, owner=Owner.OPERATOR, width=200, es=_unless("notas", exact))
        by_header = {column.header: column for column in exact}
        columns = (tick, *(by_header.pop(header) for header in who), notes, *by_header.values())
        yield TabSpec(
            input_key(step),
            step.input_tab,
            columns,
            LEAD_NUMBER,
            colour=step_colour(schema, step),
            frozen_columns=1 + len(who),
            policy=ReadPolicy.LEADS,
            signals=(ticks(input_key(step), step.name),),
            group=Group.PROSPECTING,
            first_order=(SEND, *(column.header for column in exact), NOTES),
        )


def _unless(name: str, exact: Iterable[TabColumn]) -> str:
    """A Spanish name of ours, unless the settings have given it to one of the step's own columns."""
    return "" if name in {column.header for column in exact} else name


def who_it_is(step: Step) -> tuple[str, ...]:
    """The headers of an input tab by which a person knows a lead, which stay in view beside the tick."""
    header_of = {name: header for header, name in step.columns}
    shown = (next((header_of[name] for name in names if name in header_of), None) for names in WHO)
    return tuple(header for header in shown if header is not None)


WHO: Final = (
    (LEAD_NUMBER,),
    ("firstName", "firstName_cleaned"),
    ("lastName", "lastName_cleaned"),
    ("companyName_fromP", "companyName", "email"),
)
"""The columns of the Master by which a person knows a lead; of alternatives the first that a step has. An address tells
the company where a step has no column with its name."""


FEATURE: Final = Feature(
    "inputs",
    tables=tables,
    prepare=carry_notes,
    commands=commands,
    handlers={SendLeads: send},
    conclude=report_left,
    changes=changes,
)
