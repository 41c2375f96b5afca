"""What a check of the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass

from sheets_crm.engine.refusal_messages import spoken
from sheets_crm.errors import CrmError


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether it is in order, the observation, the remedy."""

    check: str
    ok: bool
    observed: str
    remedy: str = ""


def refused(check: str, error: CrmError) -> Finding:
    """What a check met with as its finding."""
    return Finding(check, False, *spoken(error))
