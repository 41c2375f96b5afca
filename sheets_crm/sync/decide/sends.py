"""Ticks and ``send N now``: which leads are sent, in which batch, and why a tick cannot be honoured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson

from sheets_crm.pipeline.columns import SEND
from sheets_crm.pipeline.leads import mark_sent
from sheets_crm.pipeline.states import NOT_ELIGIBLE, READY
from sheets_crm.pipeline.steps import Step
from sheets_crm.pipeline.ticks import is_tick, is_understood
from sheets_crm.sync.decide.draft import Draft, JsonRecord
from sheets_crm.workbook.cells import Cell, a1
from sheets_crm.workbook.control import SEND_NOW
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import NEXT_BATCH

BATCH_DIGITS = 4


def send(draft: Draft) -> None:
    """Send what is ticked in every step, up to the budget; what is over it waits for the next part.

    A send that was cut is remembered in System, so that all its parts are one batch, whoever goes on with it.
    """
    for step in draft.schema.steps:
        _send_step(draft, step)


def report_left(draft: Draft) -> None:
    """Say which ticked leads leave an input tab unsent, because what came in meanwhile made them unfit."""
    for step in draft.schema.steps:
        ticked = [number for _, number, cell in _answered(draft.snapshot.input(step)) if is_tick(cell)]
        states = draft.leads[step.status].reindex(ticked)
        for number in states.index[states == NOT_ELIGIBLE]:
            draft.problem("tick_not_ready", step=step.name, lead=number)
            draft.log("tick_not_ready", step=step.name, lead=number)


def _send_step(draft: Draft, step: Step) -> None:
    key = f"open_batch.{step.name}"
    record = draft.record(key)
    ticked = _ticked(draft, step)
    taken = _taken(draft, step, record)
    chosen = ticked.union(taken)
    wanted = [number for number in _in_order(draft, step) if number in chosen] if chosen else []
    if not wanted:
        if record:
            draft.stored[key] = ""
        return
    chunk = wanted[: draft.budget.leads]
    rest = len(wanted) > len(chunk)
    batch = str(record.get("id") or _next_batch(draft, step))
    sent_at = float(record.get("at", draft.moment.serial))
    version = draft.snapshot.control.box1_version
    draft.leads = mark_sent(draft.leads, step, chunk, batch=batch, now=sent_at, box1_version=version)
    draft.add_batch(step, batch, len(chunk), version if step.name == "box1" else "")
    draft.cause(chunk, batch)
    draft.sent[batch] = draft.sent.get(batch, 0) + len(chunk)
    size = draft.batch_count(batch, "size")
    draft.said[step.name] = draft.say("sent", count=size, batch=batch)
    draft.log("log_sent", step=step.name, count=len(chunk), batch=batch)
    left = len(set(taken) - set(chunk))
    if rest:
        draft.stored[key] = orjson.dumps({"id": batch, "at": sent_at, "take": left}).decode()
        draft.more = True
    elif record:
        draft.stored[key] = ""
    # Ticked while a send without it was still open, `send N now` is not answered yet: it keeps its tick.
    answered = not record or bool(record.get("take"))
    if step.name in draft.snapshot.control.send_now and answered and not left:
        draft.control[(f"step.{step.name}", SEND_NOW)] = False


def _next_batch(draft: Draft, step: Step) -> str:
    key = f"{NEXT_BATCH}{step.name}"
    number = draft.number(key)
    while f"{step.letter}-{number:0{BATCH_DIGITS}d}" in draft.batches.index:
        number += 1
    draft.stored[key] = number + 1
    return f"{step.letter}-{number:0{BATCH_DIGITS}d}"


def _in_order(draft: Draft, step: Step) -> list[int]:
    """Return the ready LeadNumbers of an input tab in the order of its rows."""
    listed = draft.snapshot.input(step).frame.index.unique()  # an owner's edit may have listed a lead twice
    state = draft.leads[step.status].reindex(listed)
    in_order: list[int] = listed[state.to_numpy(dtype=object) == READY].tolist()
    return in_order


def _ticked(draft: Draft, step: Step) -> set[int]:
    sheet = draft.snapshot.input(step)
    ticked = [number for _, number, cell in _answered(sheet) if is_tick(cell)]
    _report_unclear(draft, sheet)
    allowed = draft.snapshot.ticked
    if allowed is not None and step.name in allowed:
        ticked = [number for number in ticked if number in allowed[step.name]]
    states = dict(zip(ticked, draft.leads[step.status].reindex(ticked), strict=True))
    for number, state in states.items():
        if state != READY:
            draft.problem("tick_not_ready", step=step.name, lead=number)
    return {number for number, state in states.items() if state == READY}


def _answered(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    """Yield grid row, LeadNumber and ``send`` of the rows where that is not FALSE."""
    cells, numbers = sheet.frame[SEND].to_numpy(dtype=object), sheet.frame.index.to_numpy()
    for place in np.flatnonzero(np.not_equal(cells, False)):
        yield int(sheet.rows[place]), int(numbers[place]), cells[place]


def _report_unclear(draft: Draft, sheet: Sheet) -> None:
    for row, _, cell in _answered(sheet):
        if not is_understood(cell):
            place = a1("x", row, sheet.places[SEND], 1, 1).split("!")[1].split(":")[0]
            draft.problem("tick_unclear", tab=sheet.tab.title, cell=place, value=str(cell)[:40])


def _taken(draft: Draft, step: Step, record: JsonRecord) -> list[int]:
    """Return the leads that ``take N`` and ``send N now`` ask for: the first N in the order of the rows."""
    control = draft.snapshot.control
    if record.get("take"):
        return _in_order(draft, step)[: int(record["take"])]
    if step.name not in control.send_now or record:
        return []
    available = _in_order(draft, step)
    count = _whole(control.take[step.name])
    if count is None or count < 1:
        _refuse_take(draft, step, "take_not_whole", value=control.take[step.name])
        return []
    if count > len(available):
        _refuse_take(draft, step, "take_too_many", value=count, available=len(available))
        return []
    return available[:count]


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    return int(cell) if float(cell).is_integer() else None


def _refuse_take(draft: Draft, step: Step, code: str, **values: object) -> None:
    """Say on the step's row why nothing was sent, and take the tick back so that it does not fire later."""
    draft.said[step.name] = draft.say(code, step=step.name, **values)
    draft.control[(f"step.{step.name}", SEND_NOW)] = False
