"""The states of a lead in a step, declared once: what the sheet holds, who may hold it, how it is counted.

Masks, the Dashboard's formulas, the conservation check, the counts of a batch and ``status`` follow from this list.
Source: the owner's document, "estado explícito": a state is written into its column and never inferred from others.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

NOT_ELIGIBLE: Final = ""
READY: Final = "ready"
PROCESSING: Final = "processing"
COMPLETED: Final = "completed"
BLOCKED: Final = "blocked"


class Holder(enum.Enum):
    """Which leads may hold a state."""

    UNFIT = "not sent, and the step's conditions do not hold"
    FIT = "not sent, and the step's conditions hold"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a lead in a step.

    Attributes:
        cell: What the step's status column holds.
        name: Its name for people, and with underscores the suffix of its tally (``box1_not_eligible``).
        holder: The leads that may hold it.
        on_its_way: The step is not done with such a lead: it counts as on its way to the steps after it and, once
            sent, as outstanding in its batch. A sent lead in any other state counts as returned.
    """

    cell: str
    name: str
    holder: Holder
    on_its_way: bool = False

    @property
    def suffix(self) -> str:
        """Suffix of the tally that counts the leads in this state."""
        return self.name.replace(" ", "_")

    @property
    def outstanding(self) -> bool:
        """Whether a lead in this state is out in a batch."""
        return self.holder is Holder.SENT and self.on_its_way

    @property
    def returned(self) -> bool:
        """Whether a lead in this state has come back from its batch."""
        return self.holder is Holder.SENT and not self.on_its_way


STATES: Final = (
    State(NOT_ELIGIBLE, "not eligible", Holder.UNFIT),
    State(READY, "ready", Holder.FIT, on_its_way=True),
    State(PROCESSING, "processing", Holder.SENT, on_its_way=True),
    State(COMPLETED, "completed", Holder.SENT),
)
"""The built-in states. The first of each holder is the fallback of a lead whose cell holds a state that it may not
hold; any other stays until something other than the step's conditions ends it."""

IS_BLOCKED: Final = State(BLOCKED, "blocked", Holder.FIT)
"""Of the steps that contact leads, with a module that has Do not contact: it takes the place of ready alone."""


def fallback(states: tuple[State, ...], holder: Holder) -> State:
    """The fallback of the leads of a holder: the first state that they may hold."""
    return next(state for state in states if state.holder is holder)
