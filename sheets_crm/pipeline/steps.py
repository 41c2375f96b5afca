"""The owner's steps, declared as values: readiness, what sending sets, what an input tab shows.

Source: the owner's document, sections 6 to 10. A new step is one more value, declared in the settings file
(see `sheets_crm.pipeline.custom_steps`).
"""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.columns import (
    BODIES,
    COMPANY,
    EMAIL,
    PERSON,
)
from sheets_crm.pipeline.reply_words import SENT
from sheets_crm.pipeline.schema import Need, Schema, Step
from sheets_crm.pipeline.states import COMPLETED

HIT: Final = "HIT"
NO_HIT: Final = "noHIT"
DROP: Final = "DROP"


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
SCHEMA: Final = Schema(STEPS)
"""The owner's columns and steps, without what settings add."""
