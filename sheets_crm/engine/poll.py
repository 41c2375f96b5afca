"""Poll: one small read of System, which shows whether anything is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets_crm.engine.ports import Gateway
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import Cell, quoted
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.system import TICKS_LISTED, SystemState


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll read.

    Attributes:
        state: System as read.
        asked: Why a run is needed, by name of the signal or record; empty when none is.
        control: Cells of Control from A1; empty unless they were read too.
    """

    state: SystemState
    asked: tuple[str, ...]
    control: Rows = field(default_factory=list)

    @property
    def signature(self) -> tuple[object, ...]:
        """What has to stand unchanged before a run takes it: every signal, and which leads are ticked."""
        signals = {key: cell for key, cell in self.state.cells.items() if key.startswith("signal.")}
        return (tuple(sorted(signals.items(), key=lambda item: item[0])), tuple(sorted(self.state.ticked.items())))


def poll_signals(gateway: Gateway, title: str, schema: Schema, control_title: str = "") -> PollResult:
    """Read the signals of a workbook.

    Args:
        gateway: The workbook.
        title: Title of its System tab.
        schema: Columns and steps.
        control_title: Title of its Control tab, to read it in the same request; "" when nothing is going to be written
            there.

    Raises:
        SheetError: There is no tab of that title.
    """
    ranges = [system.signals_range(title, schema)]
    cells, *control = gateway.values(ranges + ([quoted(control_title)] if control_title else []))
    state = system.parse(cells, schema)
    return PollResult(state, tuple(_asked(state, schema)), control[0] if control else [])


def _asked(state: SystemState, schema: Schema) -> list[str]:
    reasons = [f"ticks.{step.name}" for step in schema.steps if _asks(state.signal(f"ticks.{step.name}"))]
    reasons += [f"send_now.{step.name}" for step in schema.steps if _asks(state.signal(f"send_now.{step.name}"))]
    names = ("confirm", "sync_now", "inbox", "rejected", "batches", "storage")
    reasons += [name for name in names if _asks(state.signal(name))]
    if set(system.steps_known(state.cells)) != {step.name for step in schema.steps}:
        reasons.append("steps")  # other steps are in use than the workbook was set up with: a run says so
    if state.signal("sheets") != state.cells.get("tabs_known", ""):
        reasons.append("sheets")
    reasons += ["refusal"] if state.text("refusal") else []
    reasons += [key for key in ("open_drop",) if _unfinished(state, key)]
    reasons += [key for step in schema.steps if state.text(key := f"open_batch.{step.name}")]
    return reasons


def _asks(cell: Cell) -> bool:
    """Whether a signal asks for a run; a broken formula does, so that a run reports it."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return cell != 0
    return cell != ""


def _unfinished(state: SystemState, key: str) -> bool:
    record = state.record(key)
    return bool(record) and not record.get("finished")


def ticked(polled: PollResult, schema: Schema) -> Mapping[str, frozenset[int]] | None:
    """The ticked leads per step; a step with more ticks than System lists is left out, since all its ticks count."""
    ticked_leads = {}
    for step in schema.steps:
        count = polled.state.signal(f"ticks.{step.name}")
        if isinstance(count, int | float) and count <= TICKS_LISTED:
            ticked_leads[step.name] = frozenset(polled.state.ticked.get(step.name, ()))
    return ticked_leads
