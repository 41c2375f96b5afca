"""Batches: show, close and undo as ticked, and count what has come back of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, Waits
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.errors import SettingsError
from sheets_crm.features.ids import next_number, number_of
from sheets_crm.messages import localize, said
from sheets_crm.pipeline.columns import PUSH, Kind
from sheets_crm.pipeline.leads import put, reopened
from sheets_crm.pipeline.push_words import HELD, first_word
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.cells import Cell, RowFormula
from sheets_crm.workbook.declaration import Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.system import NEXT_BATCH
from sheets_crm.workbook.tabs import BATCHES
from sheets_crm.workbook.two_way.columns import HIDDEN_PROBLEM, HIDDEN_SEEN
from sheets_crm.workbook.two_way.edits import RowEdit

ACTS: Final = ("show", "close", "undo")
"""Headers of the ticks, in the order in which they are obeyed."""


@dataclass(frozen=True)
class ActOnBatch(Command):
    """Show, close or undo a batch.

    Attributes:
        batch: Id of the batch.
        act: One of `ACTS`.
    """

    batch: str
    act: str


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell] | Waits:
    """Do what is ticked beside a batch: show, then close, then undo. The ticks stay while it cannot be done."""
    batch, step = edit.source.cells["id"], edit.source.cells["step"]
    if not edit.acts:
        return {}
    if not isinstance(batch, str):  # the worker's ids are texts
        working.problem("batch_id_number", batch=batch)
        return Waits()
    if step not in {declared.name for declared in working.schema.steps}:
        working.problem("batch_of_gone_step", batch=batch, step=step)
        return Waits()
    asked = [act for act in ACTS if act in edit.acts]
    for n, act in enumerate(asked):
        if not act_on(working, ActOnBatch(batch, act, origin=Origin.TICK)):
            return Waits(tuple(asked[n:]))
    return {}


def act_on(working: WorkingState, command: ActOnBatch) -> bool:
    """Do what is asked for of a batch; return whether nothing of it is left for the next part.

    Raises:
        SettingsError: A verb names a batch that Batches does not have, or one of a step that is not in use.
    """
    step = step_of_batch(working, command.batch)
    all_are_back = command.act != "show" and not outstanding(working, step, command.batch)
    if command.origin is Origin.VERB and all_are_back:
        # Control says so: the command line does, too.
        working.answers.append(said(f"{command.act}_nothing", batch=command.batch))
    return _DEEDS[command.act](working, step, command.batch)


def step_of_batch(working: WorkingState, batch: str) -> Step:
    """The step of a batch.

    Raises:
        SettingsError: Batches does not have it, or its step is not in use.
    """
    return declared_step(working.table(BATCHES), batch, working.schema)


def declared_step(frame: pd.DataFrame, batch: str, schema: Schema) -> Step:
    """The step of a batch, from the table of Batches.

    Raises:
        SettingsError: Batches does not have it, or its step is not in use.
    """
    if batch not in frame.index:
        newest = ", ".join(map(str, frame.index[:5])) or said("none_yet")
        raise SettingsError(said("unknown_batch", batch=batch, newest=newest), remedy=said("unknown_batch.remedy"))
    name = str(frame.loc[batch, "step"])
    if name in {step.name for step in schema.left_out}:
        raise SettingsError(
            said("batch_out_of_use", batch=batch, step=name),
            remedy=said("put_to_use"),
        )
    steps = {step.name: step for step in schema.steps}
    if name not in steps:
        raise SettingsError(
            said("batch_gone", batch=batch, step=name),
            remedy=said("batch_gone.remedy"),
        )
    return steps[name]


def outstanding(working: WorkingState, step: Step, batch: str) -> list[int]:
    """The LeadNumbers of a batch that have not come back."""
    borne = working.leads[step.batch].to_numpy(dtype=object)
    return [int(number) for number in working.leads.index[(borne == batch) & _are_out(working, step)]]


def _are_out(working: WorkingState, step: Step) -> np.ndarray:
    """The mask of the leads that were sent to a step and have not come back."""
    states = [state.cell for state in working.schema.states if state.outstanding]
    return np.asarray(working.leads[step.status].isin(states))


# -- the acts


def show(working: WorkingState, step: Step, batch: str) -> bool:
    """Show a batch in its step's batch tabs; always done at once."""
    mark_shown(working, step, batch)
    working.opened.add(step.name)
    working.log("log_shown", batch=batch)
    working.say(step.name, working.message("log_shown", batch=batch))
    return True


def close(working: WorkingState, step: Step, batch: str) -> bool:
    """Complete the outstanding leads of a batch without an output; return whether none is left for the next part."""
    numbers = outstanding(working, step, batch)
    if not numbers:
        working.say(step.name, working.message("close_nothing", batch=batch))
        return True
    chunk = numbers[: working.budget.leads]
    time = working.clock.serial
    values: dict[str, str | bool | float] = {step.status: COMPLETED, step.completed_at: time, "updated_at": time}
    working.leads = put(working.leads, chunk, values)
    if step.name == "verification":
        working.leads = _unverified(working.leads, chunk)
    working.closed[batch] = working.closed.get(batch, 0) + len(chunk)
    _count(working, batch, "closed", len(chunk))
    working.cause(chunk, f"close {batch}")
    working.log("log_closed", batch=batch, count=len(chunk))
    count = batch_count(working, batch, "closed")
    working.say(step.name, working.message("log_closed", batch=batch, count=count))
    working.more |= len(numbers) > len(chunk)
    return len(numbers) == len(chunk)


def _unverified(leads: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    """The leads with blank verdicts of closed ones set to FALSE: an e-mail finder leaves out whom it did not find."""
    verdicts = leads.loc[numbers, "validation_success"]
    missed = [int(number) for number, cell in zip(verdicts.index, verdicts, strict=True) if cell == ""]
    return put(leads, missed, {"validation_success": False})


def undo(working: WorkingState, step: Step, batch: str) -> bool:
    """Make a batch's outstanding leads ready again; return whether none is left for the next part."""
    out = outstanding(working, step, batch)
    numbers = _taken_back(working, out, step)
    if len(numbers) < len(out):
        working.say(step.name, working.message("push.kept", batch=batch, count=len(out) - len(numbers)))
        if not numbers:
            return True
    if not numbers:
        working.say(step.name, working.message("undo_nothing", batch=batch))
        return True
    chunk = numbers[: working.budget.leads]
    working.leads = reopened(working.leads, step, chunk, now=working.clock.serial)
    working.undone[batch] = working.undone.get(batch, 0) + len(chunk)
    _count(working, batch, "undone", len(chunk))
    working.cause(chunk, f"undo {batch}")
    working.log("log_undone", batch=batch, count=len(chunk))
    count = batch_count(working, batch, "undone")
    working.say(step.name, working.message("log_undone", batch=batch, count=count))
    working.more |= len(numbers) > len(chunk)
    _show_another(working, step, batch)
    return len(numbers) == len(chunk)


def _taken_back(working: WorkingState, numbers: list[int], step: Step) -> list[int]:
    """Those of a batch's leads that may be made ready again: not whom a push brought to the service, or is bringing."""
    if PUSH not in working.leads.columns or not step.sending:
        return numbers
    cells = working.leads[PUSH].loc[numbers]
    return [number for number, cell in zip(numbers, cells, strict=True) if first_word(cell) not in HELD]


def _show_another(working: WorkingState, step: Step, undone: str) -> None:
    """Show the newest batch that is still out in place of one that has no leads any more: its tabs would be blank."""
    borne = working.leads[step.batch].to_numpy(dtype=object)
    if shown(working, step) != undone or (borne == undone).any():
        return
    frame, still_out = working.table(BATCHES), set(borne[_are_out(working, step)])
    sent = {batch: frame.loc[batch, "when"] for batch in frame.index if batch in still_out}
    if sent:
        mark_shown(working, step, max(sent, key=lambda batch: (_moment(sent[batch]), batch)))


def _moment(cell: Any) -> float:
    """A time of Batches; the earliest there is where somebody overwrote it."""
    return float(cell) if isinstance(cell, int | float) else 0.0


_DEEDS: Final[dict[str, Callable[[WorkingState, Step, str], bool]]] = {"show": show, "close": close, "undo": undo}


# -- rows


def add_batch(working: WorkingState, step: Step, batch: str, size: int, version: str) -> None:
    """Add a batch's row, or enlarge the batch of a send that is continued, and show it."""
    frame = working.table(BATCHES)
    if batch in frame.index:
        _count(working, batch, "size", size)
    else:
        added = pd.DataFrame(
            [_new_row(working, step, size, version)],
            index=pd.Index([batch], name="id", dtype=object),
            columns=frame.columns,
            dtype=object,
        )
        working.tables[BATCHES] = pd.concat([added, frame]) if len(frame) else added
    mark_shown(working, step, batch)


def _new_row(working: WorkingState, step: Step, size: int, version: str) -> dict[str, Any]:
    late = working.message("stale")
    stale = f'=IF(AND($F{{row}}>0;$G{{row}}>={working.settings.stale_days});"{late}";"")'
    return {
        **dict.fromkeys(working.table(BATCHES).columns, ""),
        "step": step.name,
        "size": size,
        "when": working.clock.serial,
        "returned": 0,
        "outstanding": size,
        "age": RowFormula('=IF($D{row}="";"";INT(TODAY()-INT($D{row})))'),
        # What goes by itself is out until the service says otherwise: nobody is late with it.
        "stale": "" if working.settings.pushes and step.sending else RowFormula(stale),
        **dict.fromkeys(ACTS, False),
        "version": version,
        "closed": 0,
        "undone": 0,
    }


def batch_count(working: WorkingState, batch: str, header: str) -> int:
    """One of the counts of a batch; 0 where the cell holds no number."""
    cell: Any = working.table(BATCHES)[header].get(batch, 0)
    return int(cell) if isinstance(cell, int | float) else 0


def _count(working: WorkingState, batch: str, header: str, more: int) -> None:
    working.table(BATCHES).loc[batch, header] = batch_count(working, batch, header) + more


def mark_shown(working: WorkingState, step: Step, batch: str) -> None:
    """Make a batch the one that stands in its step's batch tabs."""
    frame = working.table(BATCHES)
    frame.loc[frame["step"] == step.name, "shown"] = ""
    frame.loc[batch, "shown"] = localize("yes", working.settings.language)


def conclude(working: WorkingState) -> None:
    """Add the rows that Batches lacks, and count every batch anew."""
    restore_rows(working)
    recount(working)


def restore_rows(working: WorkingState) -> None:
    """Add a row for every batch that leads bear and Batches lacks, as after its row was deleted."""
    for step in working.schema.steps:
        ids = working.leads[step.batch].to_numpy(dtype=object)
        listed = set(map(str, working.table(BATCHES).index))
        for batch in sorted({str(borne) for borne in np.unique(ids[ids != ""].astype(str))} - listed):
            of_batch = ids == batch
            sent_at = working.leads[step.sent_at].to_numpy(dtype=object)[of_batch]
            version = (
                working.leads["box1_version"].to_numpy(dtype=object)[of_batch][0] if step.name == "box1" else ""
            )
            add_batch(working, step, batch, int(of_batch.sum()), str(version))
            working.table(BATCHES).loc[batch, "when"] = sent_at[0]


def recount(working: WorkingState) -> None:
    """Count the returned and the outstanding leads of every batch anew."""
    counted = {
        "returned": [state.cell for state in working.schema.states if state.returned],
        "outstanding": [state.cell for state in working.schema.states if state.outstanding],
    }
    frame = working.table(BATCHES)
    for step in working.schema.steps:
        rows = frame.index[frame["step"] == step.name]
        if not len(rows):
            continue
        ids = working.leads[step.batch].to_numpy(dtype=object)
        for header, states in counted.items():
            counts = pd.Series(
                ids[working.leads[step.status].isin(states).to_numpy()], dtype=object
            ).value_counts()
            of_rows = counts.reindex(rows, fill_value=0)
            # Python integers, for numpy's own are no cell values.
            values = np.array([int(count) for count in of_rows], dtype=object)
            frame.loc[rows, header] = pd.Series(values, index=rows, dtype=object)


def shown(working: WorkingState, step: Step) -> str:
    """The id of the batch that a step's batch tabs show: the chosen one, else the newest; "" when there is none."""
    frame = working.table(BATCHES)
    of_step = frame[frame["step"] == step.name]
    chosen = of_step.index[of_step["shown"].to_numpy(dtype=object) != ""]
    return max(map(str, chosen if len(chosen) else of_step.index), key=number_of, default="")


def changes(working: WorkingState) -> list[Change]:
    """The changes of Batches; its rows are never deleted."""
    return diff(working.snapshot.sheets[BATCHES], working.table(BATCHES), delete=False)


COLUMNS: Final = (
    TabColumn("id", width=80),
    TabColumn("step", width=120, es="paso"),
    TabColumn("size", Kind.WHOLE, width=80, es="tamaño"),
    TabColumn("when", Kind.WHEN, width=140, es="enviado"),
    TabColumn("returned", Kind.WHOLE, width=90, es="devueltos"),
    TabColumn("outstanding", Kind.WHOLE, width=110, es="pendientes"),
    TabColumn("age", Kind.WHOLE, width=60, live=True, es="días"),
    TabColumn("stale", width=85, live=True, es="atraso"),
    TabColumn("show", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=75, es="mostrar"),
    TabColumn("close", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60, es="cerrar"),
    TabColumn("undo", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=80, es="deshacer"),
    TabColumn("version", width=80, es="versión"),
    TabColumn("shown", width=85, es="mostrado"),
    TabColumn("closed", Kind.WHOLE, width=80, es="cerrados"),
    TabColumn("undone", Kind.WHOLE, width=90, es="deshechos"),
    HIDDEN_SEEN,
    HIDDEN_PROBLEM,
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Batches: one row a batch."""
    yield TabSpec(
        BATCHES,
        "Batches",
        COLUMNS,
        "id",
        colour=0x1967D2,
        frozen_columns=1,
        policy=ReadPolicy.WHOLE,
        two_way=True,
        classic=True,
        closed=True,
        group=Group.PROSPECTING,
        newest_first=True,
    )


def counters(rows: Mapping[str, Rows], schema: Schema) -> dict[str, int]:
    """The number of each step's next batch, from the ids in Batches."""
    ids = [str(row[0]) for row in rows.get(BATCHES, [])[1:] if row]
    return {f"{NEXT_BATCH}{step.name}": next_number(ids, step.letter) for step in schema.steps}


FEATURE: Final = Feature(
    "batches",
    counters=counters,
    tables=tables,
    handlers={ActOnBatch: act_on},
    two_way={BATCHES: TwoWay(edited)},
    conclude=conclude,
    changes=changes,
)
