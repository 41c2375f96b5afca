"""Commands: what somebody asks the worker to do, as values, whoever asks and in whatever way.

A tick, a cell of Control, a paste, a verb of the command line, a job and an event all become commands; a run takes any
number of them. A feature declares its own as subclasses, each with a handler (`sheets_crm.engine.features`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheets_crm.workbook.cells import CellIn

if TYPE_CHECKING:
    from sheets_crm.engine.working_state import WorkingState


class Origin(enum.Enum):
    """Where a command comes from."""

    TICK = "a tick"
    CELL = "a cell"
    PASTE = "a paste"
    VERB = "a verb"
    JOB = "a job"
    EVENT = "an event"


@dataclass(frozen=True, slots=True)
class Asked:
    """The cell in which an operator asked for something; it is taken back in the same write as the effect.

    Attributes:
        table: Key of the table.
        header: Header of the column.
        row: Key of the row.
        value: What the cell holds once it is taken back.
    """

    table: str
    header: str
    row: Any
    value: CellIn = False


@dataclass(frozen=True, kw_only=True)
class Command:
    """One thing that somebody asks for.

    Attributes:
        origin: Where it comes from.
        asked: The cell to take back when it is done; None when no cell asked for it.
    """

    origin: Origin = Origin.VERB
    asked: Asked | None = None


Handler = Callable[["WorkingState", Any], bool]
"""Does what a command asks for, as far as the budget of one write goes; returns whether nothing is left of it.

It changes the working state and nothing else, and is called again for the next write as long as it returns False.
"""
Handlers = Mapping[type[Command], Handler]
