"""What a refused run tells operators, by the cause of the refusal."""

from __future__ import annotations

from sheets_crm.errors import CrmError, RefusedPlan
from sheets_crm.messages import CATALOGUE, REMEDY, localize


def told(refusal: CrmError, language: str) -> tuple[str, str]:
    """What a refusal means and what to do about it, in a language ("es" or "en").

    A cause that the catalogue does not have keeps the refusal's own English. So does one that lacks a number, as an
    earlier version may have kept it in the state folder: telling a failure must not fail.
    """
    own = refusal.message, refusal.remedy
    if not isinstance(refusal, RefusedPlan):
        return own
    cause, _, rest = refusal.cause.partition(":")
    code, detail = f"stop.{cause}", rest.rpartition(":")[2]
    if code not in CATALOGUE:
        return own
    params = {**refusal.numbers, "where": refusal.where, "detail": detail}
    try:
        return localize(code, language, **params), localize(code + REMEDY, language, **params)
    except KeyError:
        return own
