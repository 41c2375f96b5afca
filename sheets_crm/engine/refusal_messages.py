"""Messages of refusals for operators, by the cause of the refusal."""

from __future__ import annotations

from sheets_crm.errors import CrmError, RefusedPlan
from sheets_crm.messages import CATALOGUE, REMEDY, in_language, localize, said


def spoken(failure: CrmError) -> tuple[str, str]:
    """The message and the remedy of a failure as messages that can be said in either language, where there are any."""
    if not isinstance(failure, RefusedPlan):
        return failure.message, failure.remedy
    cause, _, rest = failure.cause.partition(":")
    code = f"stop.{cause}"
    params = {**failure.numbers, "where": failure.where, "detail": rest.rpartition(":")[2]}
    try:
        return said(code, **params), said(code + REMEDY, **params)
    except KeyError:
        return failure.message, failure.remedy


def localize_refusal(refusal: CrmError, language: str) -> tuple[str, str]:
    """The message and the remedy of a failure, in a language ("es" or "en").

    A cause that the catalogue lacks keeps the refusal's own English. So does a refusal without one of the numbers in
    the text, as an earlier version may have saved it in the state folder: reporting a failure must not fail.
    """
    english = in_language(refusal.message, language), in_language(refusal.remedy, language)
    if not isinstance(refusal, RefusedPlan):
        return english
    cause, _, rest = refusal.cause.partition(":")
    code, detail = f"stop.{cause}", rest.rpartition(":")[2]
    if code not in CATALOGUE:
        return english
    params = {**refusal.numbers, "where": refusal.where, "detail": detail}
    try:
        return localize(code, language, **params), localize(code + REMEDY, language, **params)
    except KeyError:
        return english
