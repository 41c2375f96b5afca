"""The steps a lead passes through, declared as values: readiness, what sending sets, what an input tab shows.

Source: the owner's document, sections 6 to 10. A new step is one more value, declared in the settings file
(see `sheets_crm.pipeline.custom_steps`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sheets_crm.pipeline.columns import (
    BODIES,
    COMPANY,
    EMAIL,
    PERSON,
    PROMPTS,
    Column,
    master_columns,
    status_column,
)
from sheets_crm.pipeline.reply_words import SENT
from sheets_crm.pipeline.states import COMPLETED, STATES, State

HIT: Final = "HIT"
NO_HIT: Final = "noHIT"
DROP: Final = "DROP"


@dataclass(frozen=True, slots=True)
class Need:
    """One condition on a lead: a column holds a value, or (``value`` None) anything but blank."""

    column: str
    value: str | bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline.

    Attributes:
        name: The fixed name, as in the Master's headers.
        title: The word that the step's tabs begin with.
        letter: First letter of its batch ids.
        columns: (header in the input tab, Master column) pairs in the owner's order.
        needs: Alternatives; a lead is ready when every condition of one of them holds and it was not sent.
        sets: (Master column, value) pairs that sending writes besides the state columns; ``@now`` is the time
            of the send, ``@box1_version`` the version chosen on Control.
        brings: Further Master columns, of text, that the output of a custom step fills.
    """

    name: str
    title: str
    letter: str
    columns: tuple[tuple[str, str], ...]
    needs: tuple[tuple[Need, ...], ...]
    sets: tuple[tuple[str, str], ...] = ()
    brings: tuple[str, ...] = ()

    @property
    def sent(self) -> str:
        """Header of the sent flag."""
        return f"{self.name}_sent"

    @property
    def sent_at(self) -> str:
        """Header of the time of the send."""
        return f"{self.name}_sent_at"

    @property
    def batch(self) -> str:
        """Header of the batch id."""
        return f"{self.name}_batch"

    @property
    def status(self) -> str:
        """Header of the state: one of `sheets_crm.pipeline.states`."""
        return status_column(self.name)

    @property
    def completed_at(self) -> str:
        """Header of the time of completion."""
        return f"{self.name}_completed_at"

    @property
    def input_tab(self) -> str:
        """Initial title of the input tab."""
        return f"{self.title} Input"

    @property
    def batch_tab(self) -> str:
        """Initial title of the first batch tab."""
        return f"{self.title} Batch"


def _same(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


VERIFICATION: Final = Step("verification", "Verification", "V", _same(PERSON), needs=((),))
COMPANY_SCRAP: Final = Step(
    "company_scrap",
    "CompScrap",
    "C",
    _same((*PERSON, *EMAIL)),
    needs=((Need("validation_success", True),),),
)
BOX_1: Final = Step(
    "box1",
    "Box1",
    "B",
    _same((*PERSON, *EMAIL, *COMPANY)),
    needs=((Need("company_scrap_status", COMPLETED), Need("validation_success", True)),),
    sets=(("box1_version", "@box1_version"),),
)
_CONTACTABLE = (Need("box1_status", COMPLETED), Need("email"), Need("validation_success", True))
INSTANTLY: Final = Step(
    "instantly",
    "Instantly",
    "I",
    (
        *_same(("LeadNumber", "TargetID", "firstName_cleaned", "lastName_cleaned")),
        ("Email", "email"),
        *tuple((f"Body {n}", body) for n, body in enumerate(BODIES, start=1)),
    ),
    # The second alternative is a stored lead that somebody reopened for sending, which clears its storage flag.
    needs=(
        (*_CONTACTABLE, Need("box1_result", HIT)),
        (*_CONTACTABLE, Need("box1_result", NO_HIT), Need("storage", False)),
    ),
    sets=(("instantly_status", SENT), ("instantly_status_at", "@now")),
)
STEPS: Final = (VERIFICATION, COMPANY_SCRAP, BOX_1, INSTANTLY)
BUILT_IN: Final = frozenset(step.name for step in STEPS)
"""Names of the owner's four steps; any other is a custom step."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns and steps of a workbook, as the settings define them.

    Attributes:
        steps: The steps in the order leads pass them.
        prompts: How many prompts Box 1 reports.
        extra: Further text columns of input tabs.
        states: The states that a lead has in each step.
        columns: The columns of the Master, derived from the above.
    """

    steps: tuple[Step, ...] = STEPS
    prompts: int = PROMPTS
    extra: tuple[str, ...] = ()
    states: tuple[State, ...] = STATES
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = tuple(step.name for step in self.steps if step.name in BUILT_IN)
        own = tuple((step.name, step.brings) for step in self.custom)
        object.__setattr__(self, "columns", master_columns(names, self.prompts, self.extra, own))

    @property
    def custom(self) -> tuple[Step, ...]:
        """The custom steps."""
        return tuple(step for step in self.steps if step.name not in BUILT_IN)

    @property
    def added(self) -> tuple[str, ...]:
        """The text columns that the settings add to the Master: of input tabs and of custom steps."""
        return (*self.extra, *(name for step in self.custom for name in step.brings))

    @property
    def names(self) -> tuple[str, ...]:
        """The Master's headers in order."""
        return tuple(column.name for column in self.columns)

    def step(self, name: str) -> Step:
        """The step of that name.

        Raises:
            KeyError: Unknown step.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)
