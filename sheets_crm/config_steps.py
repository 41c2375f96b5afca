"""Custom steps and extra columns of the settings: their format, and the schema that they make."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StrictBool, StrictStr

from sheets_crm.messages import said
from sheets_crm.pipeline import custom_steps
from sheets_crm.pipeline.custom_steps import Declared
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.steps import BUILT_IN, schema_in_use

MOST_QUOTED = 60
"""Characters of a wrong value that a message quotes."""


def _whole(pattern: re.Pattern[str], code: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            found = text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"
            raise ValueError(said(code, found=found))
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

    name: Annotated[str, _whole(custom_steps.NAME, "custom_step.name_form")]
    title: Annotated[str, _whole(custom_steps.TITLE, "custom_step.title_form")]
    letter: Annotated[str, _whole(custom_steps.LETTER, "custom_step.letter_form")]
    columns: tuple[str, ...]
    brings: tuple[str, ...] = ()
    ready_when: dict[str, StrictBool | StrictStr]

    @property
    def declared(self) -> Declared:
        """The declaration as the domain's value."""
        return Declared(self.name, self.title, self.letter, self.columns, self.brings, self.ready_when)


def with_extra_columns(
    prompts: int, extra: Mapping[str, Sequence[str]], pipeline: Collection[str] = BUILT_IN
) -> Schema:
    """The schema of the built-in steps in use, with extra columns on their input tabs.

    Columns that the Master does not have are added to it, each once: those of a step that is not in use too, so that
    imports go on filling them.
    """
    base = schema_in_use(pipeline, prompts)
    steps = tuple(_with_extra(step, extra.get(step.name, [])) for step in base.steps)
    left_out = tuple(_with_extra(step, extra.get(step.name, [])) for step in base.left_out)
    added = [name for columns in extra.values() for name in columns if name not in base.names]
    return Schema(steps, prompts, tuple(dict.fromkeys(added)), left_out=left_out)


def pipeline_problems(names: Sequence[str]) -> list[str]:
    """The problems of a list of built-in steps in use."""
    unknown = [name for name in dict.fromkeys(names) if name not in BUILT_IN]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    problems: list[str] = [said("setting.step_not_allowed", step=name, steps=BUILT_IN) for name in unknown]
    problems += [said("setting.step_twice", step=name, steps=BUILT_IN) for name in twice]
    listed = list(dict.fromkeys(name for name in names if name in BUILT_IN))
    ordered = sorted(listed, key=BUILT_IN.index)
    if listed != ordered:
        problems.append(said("setting.step_order", listed=listed, ordered=ordered))
    return problems


def _with_extra(step: Step, columns: Sequence[str]) -> Step:
    present = {header for header, _ in step.columns}
    extra = tuple((name, name) for name in columns if name not in present)
    return replace(step, columns=(*step.columns, *extra))
