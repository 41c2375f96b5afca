"""The settings' steps of one's own and further columns: their form, and the columns and steps that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StrictBool, StrictStr

from sheets_crm.pipeline import custom_steps
from sheets_crm.pipeline.custom_steps import Declared
from sheets_crm.pipeline.steps import STEPS, Schema, Step


def _whole(pattern: re.Pattern[str], words: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


class OwnStep(BaseModel, extra="forbid", frozen=True):
    """A step of one's own.

    Attributes:
        name: Fixed name; becomes ``call_sent``, ``call_status`` and so on in the Master.
        title: The word that its tabs begin with.
        letter: First letter of its batch ids.
        columns: Master columns of its input tab; LeadNumber is put first if it is not among them.
        brings: Further Master columns, of text, that its output fills.
        ready_when: Master column to the value that it must hold; ``*`` for anything but blank. All of them.
    """

    name: Annotated[
        str,
        _whole(custom_steps.NAME, "must begin with a letter and have at most 30 lower-case letters, digits and _"),
    ]
    title: Annotated[str, _whole(custom_steps.TITLE, "must have 1 to 40 letters, digits, spaces or . & + - _")]
    letter: Annotated[str, _whole(custom_steps.LETTER, "must be one capital letter, A to Z")]
    columns: tuple[str, ...]
    brings: tuple[str, ...] = ()
    ready_when: dict[str, StrictBool | StrictStr]

    @property
    def declared(self) -> Declared:
        """The declaration as the domain knows it."""
        return Declared(self.name, self.title, self.letter, self.columns, self.brings, self.ready_when)


def with_extra_columns(prompts: int, extra: Mapping[str, Sequence[str]]) -> Schema:
    """Return the built-in steps with the further columns of their input tabs."""
    names = set(Schema(prompts=prompts).names)
    steps = tuple(_with_extra(step, extra.get(step.name, [])) for step in STEPS)
    added = [name for columns in extra.values() for name in columns if name not in names]
    return Schema(steps, prompts, tuple(dict.fromkeys(added)))


def _with_extra(step: Step, columns: Sequence[str]) -> Step:
    own = {header for header, _ in step.columns}
    extra = tuple((name, name) for name in columns if name not in own)
    return replace(step, columns=(*step.columns, *extra))
