"""The owner's steps, declared as values: readiness, what sending sets, what an input tab shows.

Source: the owner's document, sections 6 to 10. A new step is one more value, declared in the settings file
(see `sheets_crm.pipeline.custom_steps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from sheets_crm.pipeline.columns import (
    BODIES,
    COMPANY,
    EMAIL,
    ENTERS,
    MOST_PROMPTS,
    PERSON,
    PROMPTS,
    PUSH,
    prompt_columns,
)
from sheets_crm.pipeline.reply_words import SENT
from sheets_crm.pipeline.schema import Form, Need, Schema, Step
from sheets_crm.pipeline.states import COMPLETED

HIT: Final = "HIT"
NO_HIT: Final = "noHIT"
DROP: Final = "DROP"


def _same(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


VERIFICATION: Final = Step(
    "verification",
    "Verification",
    "V",
    _same(PERSON),
    # A company without a person has nobody whose address could be found.
    needs=tuple((Need(name),) for name in ("firstName", "lastName", "personLinkedinUrl", "personSalesUrl")),
    fills=("email_validation", "validation_success"),
)
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
    fills=("box1_version", "box1_result", *prompt_columns(MOST_PROMPTS), "storage"),
    # The second alternative is a stored lead that somebody reopened for sending, which clears its storage flag.
    passed=((Need("box1_result", HIT),), (Need("box1_result", NO_HIT), Need("storage", False))),
    clears=(("storage", False),),
)
INSTANTLY: Final = Step(
    "instantly",
    "Instantly",
    "I",
    (
        *_same(("LeadNumber", "TargetID", "firstName_cleaned", "lastName_cleaned")),
        ("Email", "email"),
        *tuple((f"Body {n}", body) for n, body in enumerate(BODIES, start=1)),
    ),
    needs=((),),
    sets=(("instantly_status", SENT), ("instantly_status_at", "@now")),
    fills=("instantly_status", "instantly_status_at"),
    sending=True,
    clears=(("storage", False), ("instantly_status", ""), ("instantly_status_at", ""), (PUSH, "")),
)
_DECLARED: Final = (VERIFICATION, COMPANY_SCRAP, BOX_1, INSTANTLY)
BUILT_IN: Final = tuple(step.name for step in _DECLARED)
"""Names of the owner's four steps in the order that leads pass them; any other is a custom step."""


def in_use(names: Collection[str]) -> tuple[Step, ...]:
    """The built-in steps of some names, in their order, each with the conditions that hold among them.

    The condition of a step that is not in use counts as met. A lead is ready to be contacted when the last step before
    that is completed and its address is usable: verified, or without verification well-formed.
    """
    steps = tuple(step for step in _DECLARED if step.name in names)
    unused = frozenset().union(*(step.own_columns for step in _DECLARED if step.name not in names))
    return tuple(
        replace(step, needs=tuple(_needs_by_entry(step, steps[: n + 1], unused))) for n, step in enumerate(steps)
    )


def _needs_by_entry(step: Step, until: tuple[Step, ...], unused: frozenset[str]) -> Iterator[tuple[Need, ...]]:
    """Yield the alternatives of a step, first those of the leads that enter at the first step.

    Of a lead that enters behind that the steps before its entry ask nothing, and their conditions count as met, as
    those of steps that are not in use do.
    """
    for n, entry in enumerate(until):
        skipped = unused.union(*(each.own_columns for each in until[:n]))
        # The entry stands first: where no lead entered there, nothing else is looked at.
        entered = Need(ENTERS, entry.name if n else "")
        for needs in _needs(step, until[n:-1], skipped):
            yield (entered, *needs)


def _needs(step: Step, before: tuple[Step, ...], unused: frozenset[str]) -> tuple[tuple[Need, ...], ...]:
    if not step.sending:
        return tuple(
            dict.fromkeys(tuple(need for need in needs if need.column not in unused) for needs in step.needs)
        )
    verified = (Need("email"), Need("validation_success", True))
    usable = verified if "validation_success" not in unused else (Need("email", Form.ADDRESS),)
    if not before:
        return (usable,)
    last = before[-1]
    return tuple((Need(last.status, COMPLETED), *usable, *passed) for passed in last.passed)


def schema_in_use(names: Collection[str], prompts: int = PROMPTS) -> Schema:
    """The columns and steps of a workbook with the built-in steps of some names."""
    left_out = tuple(step for step in _DECLARED if step.name not in names)
    return Schema(in_use(names), prompts, left_out=left_out)


STEPS: Final = in_use(BUILT_IN)
SCHEMA: Final = Schema(STEPS)
"""The owner's columns and steps, without what settings add."""
