"""Custom steps and extra columns of the settings: their format, and the schema that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StrictBool, StrictStr

from sheets_crm.pipeline import custom_steps
from sheets_crm.pipeline.custom_steps import Declared
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.steps import STEPS


def _whole(pattern: re.Pattern[str], words: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


class CustomStep(BaseModel, extra="forbid", frozen=True):
    """One custom step of the settings.

    Attributes:
        name: Its id; makes the columns ``call_sent``, ``call_status`` and so on of the Master.
        title: First word of its tabs' titles.
        letter: First letter of its batch ids.
        columns: Master columns of its input tab; LeadNumber comes first when it is not listed.
        brings: New text columns of the Master that its output fills.
        ready_when: Conditions that a ready lead meets, all of them: Master column to its value; ``*`` for anything
            but blank.
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
        """The declaration as the domain's value."""
        return Declared(self.name, self.title, self.letter, self.columns, self.brings, self.ready_when)


def with_extra_columns(prompts: int, extra: Mapping[str, Sequence[str]]) -> Schema:
    """The schema of the built-in steps, with extra columns on their input tabs.

    Columns that the Master does not have are added to it, each once.
    """
    built_in = set(Schema(STEPS, prompts=prompts).names)
    steps = tuple(_with_extra(step, extra.get(step.name, [])) for step in STEPS)
    added = [name for columns in extra.values() for name in columns if name not in built_in]
    return Schema(steps, prompts, tuple(dict.fromkeys(added)))


def _with_extra(step: Step, columns: Sequence[str]) -> Step:
    present = {header for header, _ in step.columns}
    extra = tuple((name, name) for name in columns if name not in present)
    return replace(step, columns=(*step.columns, *extra))
