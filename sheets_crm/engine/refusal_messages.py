"""Messages of refusals for operators, by the cause of the refusal."""

from __future__ import annotations

from sheets_crm.errors import CrmError, RefusedPlan, stop_texts
from sheets_crm.messages import in_language


def spoken(failure: CrmError) -> tuple[str, str]:
    """The message and the remedy of a failure as messages that can be said in either language, where there are any.

    A cause that the catalogue lacks keeps the refusal's own English. So does a refusal without one of the numbers in
    the text, as an earlier version may have saved it in the state folder: reporting a failure must not fail.
    """
    if isinstance(failure, RefusedPlan):
        try:
            return stop_texts(failure.cause, failure.where, failure.numbers)
        except KeyError:
            pass
    return failure.message, failure.remedy


def localize_refusal(refusal: CrmError, language: str) -> tuple[str, str]:
    """The message and the remedy of a failure, in a language ("es" or "en")."""
    message, remedy = spoken(refusal)
    return in_language(message, language), in_language(remedy, language)
