"""Sends, by ticks or by ``send N now``: which leads are sent, in which batch, and why a tick is not honoured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson

from sheets_crm.engine.decide.working_state import JsonRecord, WorkingState
from sheets_crm.pipeline.columns import SEND
from sheets_crm.pipeline.leads import mark_sent
from sheets_crm.pipeline.schema import Step
from sheets_crm.pipeline.states import NOT_ELIGIBLE, READY
from sheets_crm.pipeline.ticks import is_tick, is_understood
from sheets_crm.workbook.cells import Cell, a1
from sheets_crm.workbook.control import SEND_NOW
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import NEXT_BATCH

BATCH_DIGITS = 4


def send(working: WorkingState) -> None:
    """Send the leads that are ticked or taken in every step, up to the budget; the rest waits for the next part.

    A send that the budget cut is recorded in System, so that its parts form one batch whichever worker continues it.
    """
    for step in working.schema.steps:
        _send_step(working, step)


def report_left(working: WorkingState) -> None:
    """Report the ticked leads that leave an input tab unsent, because an import of this run made them ineligible."""
    for step in working.schema.steps:
        ticked = [number for _, number, cell in _answered(working.snapshot.input(step)) if is_tick(cell)]
        states = working.leads[step.status].reindex(ticked)
        for number in states.index[states == NOT_ELIGIBLE]:
            working.problem("tick_not_ready", step=step.name, lead=number)
            working.log("tick_not_ready", step=step.name, lead=number)


def _send_step(working: WorkingState, step: Step) -> None:
    key = f"open_batch.{step.name}"
    record = working.record(key)
    ticked = _ticked(working, step)
    taken = _taken(working, step, record)
    chosen = ticked.union(taken)
    sending = [number for number in _in_order(working, step) if number in chosen] if chosen else []
    if not sending:
        if record:
            working.stored[key] = ""
        return
    chunk = sending[: working.budget.leads]
    rest = len(sending) > len(chunk)
    batch = str(record.get("id") or _next_batch(working, step))
    sent_at = float(record.get("at", working.clock.serial))
    version = working.snapshot.control.box1_version
    working.leads = mark_sent(working.leads, step, chunk, batch=batch, now=sent_at, box1_version=version)
    working.add_batch(step, batch, len(chunk), version if step.name == "box1" else "")
    working.cause(chunk, batch)
    working.sent[batch] = working.sent.get(batch, 0) + len(chunk)
    size = working.batch_count(batch, "size")
    working.said[step.name] = working.message("sent", count=size, batch=batch)
    working.log("log_sent", step=step.name, count=len(chunk), batch=batch)
    left = len(set(taken) - set(chunk))
    if rest:
        working.stored[key] = orjson.dumps({"id": batch, "at": sent_at, "take": left}).decode()
        working.more = True
    elif record:
        working.stored[key] = ""
    # A `send N now` that was ticked while another send was still open is not answered yet and keeps its tick.
    answered = not record or bool(record.get("take"))
    if step.name in working.snapshot.control.send_now and answered and not left:
        working.control[(f"step.{step.name}", SEND_NOW)] = False


def _next_batch(working: WorkingState, step: Step) -> str:
    key = f"{NEXT_BATCH}{step.name}"
    number = working.number(key)
    # A counter that was rolled back may name a batch that exists.
    while f"{step.letter}-{number:0{BATCH_DIGITS}d}" in working.batches.index:
        number += 1
    working.stored[key] = number + 1
    return f"{step.letter}-{number:0{BATCH_DIGITS}d}"


def _in_order(working: WorkingState, step: Step) -> list[int]:
    """The ready leads of an input tab, in the order of its rows."""
    listed = working.snapshot.input(step).frame.index.unique()  # the owner may have pasted a lead a second time
    state = working.leads[step.status].reindex(listed)
    in_order: list[int] = listed[state.to_numpy(dtype=object) == READY].tolist()
    return in_order


def _ticked(working: WorkingState, step: Step) -> set[int]:
    sheet = working.snapshot.input(step)
    ticked = [number for _, number, cell in _answered(sheet) if is_tick(cell)]
    _report_unclear(working, sheet)
    allowed = working.snapshot.ticked
    if allowed is not None and step.name in allowed:
        ticked = [number for number in ticked if number in allowed[step.name]]
    states = dict(zip(ticked, working.leads[step.status].reindex(ticked), strict=True))
    for number, state in states.items():
        if state != READY:
            working.problem("tick_not_ready", step=step.name, lead=number)
    return {number for number, state in states.items() if state == READY}


def _answered(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    """Yield grid row, LeadNumber and ``send`` cell of the rows where that cell is not FALSE."""
    cells, numbers = sheet.frame[SEND].to_numpy(dtype=object), sheet.frame.index.to_numpy()
    for row in np.flatnonzero(np.not_equal(cells, False)):
        yield int(sheet.rows[row]), int(numbers[row]), cells[row]


def _report_unclear(working: WorkingState, sheet: Sheet) -> None:
    for row, _, cell in _answered(sheet):
        if not is_understood(cell):
            address = a1("x", row, sheet.column_index[SEND], 1, 1).split("!")[1].split(":")[0]
            working.problem("tick_unclear", tab=sheet.tab.title, cell=address, value=str(cell)[:40])


def _taken(working: WorkingState, step: Step, record: JsonRecord) -> list[int]:
    """The leads that ``take N`` and ``send N now`` ask for: the first N in the order of the rows."""
    control = working.snapshot.control
    if record.get("take"):
        return _in_order(working, step)[: int(record["take"])]
    if step.name not in control.send_now or record:
        return []
    available = _in_order(working, step)
    wanted = _whole(control.take[step.name])
    if wanted is None or wanted < 1:
        _refuse_take(working, step, "take_not_whole", value=control.take[step.name])
        return []
    if wanted > len(available):
        _refuse_take(working, step, "take_too_many", value=wanted, available=len(available))
        return []
    return available[:wanted]


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    return int(cell) if float(cell).is_integer() else None


def _refuse_take(working: WorkingState, step: Step, code: str, **values: object) -> None:
    """Say on the step's row why nothing was sent, and clear the tick so that it does not fire later."""
    working.said[step.name] = working.message(code, step=step.name, **values)
    working.control[(f"step.{step.name}", SEND_NOW)] = False
