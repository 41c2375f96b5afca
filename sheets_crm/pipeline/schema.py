"""What a step of the pipeline is, and the schema: the columns and steps of one workbook.

The owner's four steps are declared in `sheets_crm.pipeline.steps`, others in the settings file.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from sheets_crm.pipeline.columns import PROMPTS, Cell, Column, master_columns, state_columns, status_column
from sheets_crm.pipeline.states import STATES, State


class Form(enum.Enum):
    """A form that a text may have."""

    ADDRESS = "a well-formed e-mail address"


@dataclass(frozen=True, slots=True)
class Need:
    """One condition on a lead: a column holds a value, a text of a form, or (``value`` None) anything but blank."""

    column: str
    value: str | bool | Form | None = None


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
        custom: Declared in the settings, and none of the owner's.
        fills: Master columns that mean something only while this step is in use, besides its state columns.
        passed: Alternatives of further conditions on a completed lead, one of which has to hold before it is sent to
            the contact that follows. Only the last step before a sending step is asked.
        sending: It contacts the lead, which is ready for it after the last step in use before it
            (`sheets_crm.pipeline.steps.in_use`).
        clears: (Master column, value) pairs that another attempt at the step begins with, as far as the Master has the
            columns: one may be a module's.
    """

    name: str
    title: str
    letter: str
    columns: tuple[tuple[str, str], ...]
    needs: tuple[tuple[Need, ...], ...]
    sets: tuple[tuple[str, str], ...] = ()
    brings: tuple[str, ...] = ()
    custom: bool = False
    fills: tuple[str, ...] = ()
    passed: tuple[tuple[Need, ...], ...] = ((),)
    sending: bool = False
    clears: tuple[tuple[str, Cell], ...] = ()

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

    @property
    def own_columns(self) -> frozenset[str]:
        """The Master columns that mean something only while this step is in use."""
        return frozenset((*(column.name for column in state_columns(self.name)), *self.fills))


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns and steps of a workbook, as the settings define them.

    Attributes:
        steps: The steps in the order leads pass them.
        prompts: How many prompts Box 1 reports.
        extra: Further text columns of input tabs.
        states: The states that a lead has in each step.
        sending_states: Further states, which modules add to the steps that contact leads.
        of_modules: Name and columns of each module that is switched on; its columns stand right of all others.
        left_out: The built-in steps that are not in use; their state columns are not in the Master.
        kept: Columns of text that operators keep of their imports; they are the workbook's own, and stand last.
        claims: Whether a module that is on sends: System then has what the kernel of claims needs.
        columns: The columns of the Master, derived from the above.
    """

    steps: tuple[Step, ...]
    prompts: int = PROMPTS
    extra: tuple[str, ...] = ()
    states: tuple[State, ...] = STATES
    sending_states: tuple[State, ...] = ()
    of_modules: tuple[tuple[str, tuple[Column, ...]], ...] = ()
    left_out: tuple[Step, ...] = ()
    kept: tuple[str, ...] = ()
    claims: bool = False
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = tuple(step.name for step in self.steps if not step.custom)
        own = tuple((step.name, step.brings) for step in self.custom)
        last = (column for _, of_module in self.of_modules for column in of_module)
        columns = (*master_columns(names, self.prompts, self.extra, own), *last, *map(Column, self.kept))
        object.__setattr__(self, "columns", columns)

    @property
    def custom(self) -> tuple[Step, ...]:
        """The custom steps."""
        return tuple(step for step in self.steps if step.custom)

    @property
    def added(self) -> tuple[str, ...]:
        """The text columns that are added to the Master: of input tabs and custom steps by the settings, and kept."""
        return (*self.extra, *(name for step in self.custom for name in step.brings), *self.kept)

    @property
    def names(self) -> tuple[str, ...]:
        """The Master's headers in order."""
        return tuple(column.name for column in self.columns)

    def states_of(self, step: Step) -> tuple[State, ...]:
        """The states that a lead may have in a step."""
        return (*self.states, *self.sending_states) if step.sending else self.states

    @property
    def sending_steps(self) -> tuple[Step, ...]:
        """The steps in use that contact the leads."""
        return tuple(step for step in self.steps if step.sending)

    @property
    def sending(self) -> Step | None:
        """The step in use that contacts the leads."""
        return next((step for step in self.steps if step.sending), None)

    @property
    def last_before_sending(self) -> Step | None:
        """The last built-in step that a lead passes before it is contacted; None without one."""
        before = [step for step in self.steps if not step.custom and not step.sending]
        return before[-1] if before else None

    @property
    def unused(self) -> frozenset[str]:
        """The columns that only steps that are not in use give a meaning."""
        return frozenset().union(*(step.own_columns for step in self.left_out))

    def has(self, *columns: str) -> bool:
        """Whether columns of built-in steps belong to steps that are in use."""
        return self.unused.isdisjoint(columns)

    def step(self, name: str) -> Step:
        """The step of that name.

        Raises:
            KeyError: Unknown step.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def title_of(self, name: str) -> str:
        """The word that a step's tabs begin with, by which operators know it; any other name as it is."""
        return next((step.title for step in (*self.steps, *self.left_out) if step.name == name), name)
