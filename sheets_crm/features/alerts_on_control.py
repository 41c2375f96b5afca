"""What has to be known of the worker itself stands among the problems on Control, and so on Today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.text import fitted


@dataclass(frozen=True)
class SayOnControl(Command):
    """Say these things on Control, and nothing else of the kind.

    Attributes:
        lines: Each in the workbook's language, with its remedy.
    """

    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class _Lines:
    """What a command has said; None while none has."""

    said: tuple[str, ...] | None = None


def _lines(_working: WorkingState) -> _Lines:
    return _Lines()


def say(working: WorkingState, command: SayOnControl) -> bool:
    """Put the lines in the place of those that stand there."""
    texts = (localize("alert.on_control", working.settings.language, text=line) for line in command.lines)
    working.part(_lines).said = tuple(map(fitted, texts))
    return True


def conclude(working: WorkingState) -> None:
    """Keep what stands there until a command says otherwise: each run works the other problems out anew."""
    said = working.part(_lines).said
    if said is None:
        ours = _ours(working.settings.language)
        said = tuple(text for text in working.snapshot.panel.problems if ours.fullmatch(text))
    working.problems += [text for text in said if text not in working.problems]


@lru_cache(maxsize=2)
def _ours(language: str) -> re.Pattern[str]:
    """How these lines read: they are known by their words alone."""
    before, _, after = localize("alert.on_control", language, text="\0").partition("\0")
    return re.compile(f"{re.escape(before)}.+{re.escape(after)}", re.DOTALL)


FEATURE: Final = Feature("alerts_on_control", handlers={SayOnControl: say}, conclude=conclude)
