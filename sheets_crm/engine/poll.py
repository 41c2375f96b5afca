"""Poll: one small read of System, which shows whether anything is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sheets_crm.engine.clocks import seconds_since
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import managed, refuse_missing
from sheets_crm.engine.session import Session
from sheets_crm.errors import SheetError
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell, quoted
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.roles import INBOX, PANEL, SYSTEM
from sheets_crm.workbook.signals import LISTED, PREFIX
from sheets_crm.workbook.system import HOLD, MARKED_BLOCKS, SystemLayout, SystemState, steps_known


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
        """What has to stand unchanged before a run takes it: every signal, and the keys that signals list."""
        state = self.state
        signals = sorted((key, cell) for key, cell in state.cells.items() if key.startswith(PREFIX))
        listed = tuple((name, state.listed[name][:1]) for name in sorted(state.listed))
        edits = tuple(
            (name, tuple(spill.joins.items())) for name, spill in sorted(state.edits.items()) if spill.count
        )
        return tuple(signals), listed, edits

    @property
    def digest(self) -> str:
        """The signature as a hash: a file may remember it, for joins are texts that operators wrote."""
        return hashlib.sha256(repr(self.signature).encode()).hexdigest()


def poll_workbook(session: Session) -> PollResult:
    """Poll the signals, whatever System and Control are called by now."""
    title = str(session.remembered.get("system_title", _title(session, SYSTEM)))
    control = (
        str(session.remembered.get("control_title", _title(session, PANEL))) if beat_expected(session) else ""
    )
    try:
        return poll_signals(session.ports.gateway, title, session.settings.system, control, recalled(session))
    except SheetError:
        # Ranges name tabs by title: after a rename the marks find the tabs again, at the price of one more request.
        tabs = managed(session.ports.gateway.info())
        refuse_missing(tabs, session.settings)
        session.save_facts(system_title=tabs[SYSTEM].title, control_title=tabs[PANEL].title)
        title, control = tabs[SYSTEM].title, control and tabs[PANEL].title
        return poll_signals(session.ports.gateway, title, session.settings.system, control, recalled(session))


def recalled(session: Session) -> Mapping[str, Cell]:
    """The signals that a run is needed for when they change, as this worker's last run saw them."""
    seen: Mapping[str, Cell] = session.remembered.get("recalled") or {}
    return seen


def _title(session: Session, key: str) -> str:
    """The title that a tab is created with."""
    return next(spec.title for spec in session.settings.specs({}) if spec.key == key)


def beat_expected(session: Session) -> bool:
    """Whether the next heartbeat is due, as far as this worker knows before the poll."""
    elapsed = seconds_since(session.ports.clock(), session.remembered.get("beat_at"))
    return elapsed >= session.settings.heartbeat_minutes * 60 and not session.request.plan_only


def poll_signals(
    gateway: Gateway,
    title: str,
    layout: SystemLayout,
    control_title: str = "",
    seen: Mapping[str, Cell] = MappingProxyType({}),
) -> PollResult:
    """Read the signals of a workbook.

    Args:
        gateway: The workbook.
        title: Title of its System tab.
        layout: What stands where in System.
        control_title: Title of its Control tab, to read it in the same request; "" when nothing is going to be written
            there.
        seen: Signals as the last run saw them, by name, of those that ask for a run when they change.

    Raises:
        SheetError: There is no tab of that title.
    """
    ranges = [*layout.polled_ranges(title), *([quoted(control_title)] if control_title else [])]
    values, beside, *control = gateway.values(ranges)
    # Values whose keys are not where they should be are read once more, beside the keys that they have by now.
    keys = None
    if not layout.keys_in_place(values):
        keys, values, beside = gateway.values([layout.keys_range(title), *layout.polled_ranges(title)])
    state = layout.parse_polled(values, beside, keys)
    return PollResult(state, tuple(_asked(state, layout, seen)), control[0] if control else [])


def _asked(state: SystemState, layout: SystemLayout, seen: Mapping[str, Cell]) -> list[str]:
    reasons = [signal.name for signal in layout.signals if signal.asks and state.asks(signal.name)]
    reasons += [name for name, cell in to_recall(state, layout).items() if cell != seen.get(name, "")]
    reasons += [f"edits.{spec.key}" for spec in layout.tables if _edited(state, spec.key)]
    if set(steps_known(state.cells)) != {step.name for step in layout.schema.steps}:
        reasons.append("steps")  # other steps are in use than the workbook was set up with: a run says so
    if state.signal("sheets") != state.cells.get("tabs_known", ""):
        reasons.append("sheets")
    reasons += ["refusal"] if state.text("refusal") else []
    # Marks of refused blocks in import tabs that are empty by now are to be taken away.
    reasons += [MARKED_BLOCKS] if state.text(MARKED_BLOCKS) and not state.asks(INBOX) else []
    reasons += [key for key in ("open_drop",) if _unfinished(state, key)]
    reasons += [key for step in layout.schema.steps if state.text(key := f"open_batch.{step.name}")]
    return reasons


def to_recall(state: SystemState, layout: SystemLayout) -> dict[str, Cell]:
    """The signals that a run is needed for when they change, as a poll read them."""
    return {signal.name: state.signal(signal.name) for signal in layout.signals if signal.recalled}


def _edited(state: SystemState, key: str) -> bool:
    """Whether rows of a two-way table were edited; one that waits for `confirm` may have been put right."""
    count = state.edits[key].count if key in state.edits else 0
    return count != 0 or bool(state.text(f"{HOLD}{key}"))


def _unfinished(state: SystemState, key: str) -> bool:
    record = state.record(key)
    return bool(record) and not record.get("finished")


def ticked(polled: PollResult, schema: Schema) -> Mapping[str, frozenset[int]] | None:
    """The ticked leads per step; a step with more ticks than System lists is left out, since all its ticks count."""
    ticked_leads = {}
    for step in schema.steps:
        count = polled.state.signal(f"ticks.{step.name}")
        if isinstance(count, int | float) and count <= LISTED:
            ticked_leads[step.name] = frozenset(polled.state.keys_listed(f"ticks.{step.name}"))
    return ticked_leads
