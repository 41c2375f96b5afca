"""Look: one small read of System, and whether there is anything to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets_crm.pipeline.steps import Schema
from sheets_crm.sync.ports import Gateway
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import Cell, quoted
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.system import TICKS_LISTED, SystemState


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one look saw.

    Attributes:
        state: System as read.
        asked: Why a run is needed; empty when nothing is.
        control: Cells of Control from A1, when they were asked for.
    """

    state: SystemState
    asked: tuple[str, ...]
    control: Rows = field(default_factory=list)

    @property
    def signature(self) -> tuple[object, ...]:
        """What has to stand still before it is taken: every signal, and which leads are ticked."""
        signals = {key: cell for key, cell in self.state.cells.items() if key.startswith("signal.")}
        return (tuple(sorted(signals.items(), key=lambda item: item[0])), tuple(sorted(self.state.ticked.items())))


def poll_signals(gateway: Gateway, title: str, schema: Schema, control_title: str = "") -> PollResult:
    """Look at the signals of a workbook.

    Args:
        gateway: The workbook.
        title: Title of its System tab.
        schema: Columns and steps.
        control_title: Title of its Control tab, to read in the same request where its rows stand and what they hold;
            "" when nothing is going to be written there.

    Raises:
        SheetError: There is no tab of that title.
    """
    ranges = [system.signals_range(title, schema)]
    cells, *said = gateway.values(ranges + ([quoted(control_title)] if control_title else []))
    state = system.parse(cells, schema)
    return PollResult(state, tuple(_asked(state, schema)), said[0] if said else [])


def _asked(state: SystemState, schema: Schema) -> list[str]:
    found = [f"ticks.{step.name}" for step in schema.steps if _says(state.signal(f"ticks.{step.name}"))]
    found += [f"send_now.{step.name}" for step in schema.steps if _says(state.signal(f"send_now.{step.name}"))]
    names = ("confirm", "sync_now", "inbox", "rejected", "batches", "storage")
    found += [name for name in names if _says(state.signal(name))]
    if state.signal("sheets") != state.cells.get("tabs_known", ""):
        found.append("sheets")
    found += ["refusal"] if state.text("refusal") else []
    found += [key for key in ("open_drop",) if _unfinished(state, key)]
    found += [key for step in schema.steps if state.text(key := f"open_batch.{step.name}")]
    return found


def _says(cell: Cell) -> bool:
    """Return whether a signal asks for something; a broken formula does, so that it is looked into."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return cell != 0
    return cell != ""


def _unfinished(state: SystemState, key: str) -> bool:
    record = state.record(key)
    return bool(record) and not record.get("finished")


def ticked(polled: PollResult, schema: Schema) -> Mapping[str, frozenset[int]] | None:
    """Return which leads were seen ticked, per step; a step past the listed number is left out: all count."""
    found = {}
    for step in schema.steps:
        count = polled.state.signal(f"ticks.{step.name}")
        if isinstance(count, int | float) and count <= TICKS_LISTED:
            found[step.name] = frozenset(polled.state.ticked.get(step.name, ()))
    return found
