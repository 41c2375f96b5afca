"""What a failed attempt means: whether to repeat it, whether it may have been applied, and what a person does next.

Only the service's own refusal, ``{statusCode, error, message}`` with a 4xx, and its 429 prove that nothing was done. A
4xx in another form may come from a machine in between, of which nobody knows what it had passed on.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
import requests
from requests import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from sheets_crm.claims.values import AnswerKind
from sheets_crm.errors import AccessError, CredentialsError, CrmError, Retryable, SettingsError, UnknownOutcome
from sheets_crm.messages import Said, said

_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
_OF_THE_KEY: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_ABOUT_NO_LEAD: Final = _OF_THE_KEY | {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.TOO_MANY_REQUESTS}
"""Refusals of whatever is asked: what was to be written may be written when they are over."""

_LONGEST_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed attempt.

    Attributes:
        reason: What happened, in a few words, without a full stop.
        status: The HTTP status; 0 without an answer.
        passing: Whether the same request may succeed later.
        unknown: Whether a write may have been applied in spite of it.
        retry_after: Seconds that the service asked to wait; None when it named none.
    """

    reason: Said
    status: int = 0
    passing: bool = True
    unknown: bool = True
    retry_after: float | None = None

    @property
    def kind(self) -> AnswerKind:
        """What it says of a write."""
        if self.unknown:
            return AnswerKind.NO_ANSWER
        no_lead = not self.status or self.status in _ABOUT_NO_LEAD
        return AnswerKind.NOT_SENT if no_lead else AnswerKind.REFUSED


def of_exception(error: requests.RequestException) -> Failure:
    """The failure of an attempt that got no answer, or a part of one."""
    if _never_sent(error):
        return Failure(said("instantly.unreachable", kind=type(error).__name__), unknown=False)
    if isinstance(error, requests.Timeout) or "timed out" in str(error).casefold():
        return Failure(said("google.in_time"))
    return Failure(said("google.no_connection", kind=type(error).__name__))


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    refused = isinstance(reason, (NewConnectionError, ConnectTimeoutError))
    return refused or any(isinstance(part, ssl.SSLCertVerificationError) for part in getattr(reason, "args", ()))


def of_answer(response: Response, secret: str) -> Failure | None:
    """The failure that an answer tells of; None for a success.

    Args:
        response: The answer, read to its end.
        secret: The key, which a refusal might quote.
    """
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status < HTTPStatus.BAD_REQUEST:
        return Failure(said("instantly.redirect", status=status), status, passing=False)
    words = _words(response)
    told = words.replace(secret, "…") if words else said("instantly.not_the_services")
    reason = said("google.http", status=status, words=told[:_LONGEST_WORDS] if words else told)
    wait = _retry_after(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Failure(reason, status, unknown=False, retry_after=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        return Failure(reason, status, retry_after=wait)
    return Failure(reason, status, passing=False, unknown=not words)


def _words(response: Response) -> str:
    """The message of a refusal of the service's; "" when the answer is in another form."""
    try:
        body: Any = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return ""
    message = body.get("message") if isinstance(body, dict) and "error" in body else None
    return message.strip() if isinstance(message, str) else ""


def _retry_after(response: Response) -> float | None:
    """Whole seconds only: the service documents no such header, and a date would need its clock."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def error_of(failure: Failure) -> CrmError:
    """The error of a failure that no repetition puts right."""
    if failure.passing:
        return Retryable(said("instantly.failed", reason=failure.reason), remedy=said("google.later"))
    if failure.status in _OF_THE_KEY:
        return CredentialsError(
            said("instantly.key_refused", reason=failure.reason), remedy=said("instantly.key_refused.remedy")
        )
    if failure.status == HTTPStatus.PAYMENT_REQUIRED:
        return SettingsError(
            said("instantly.no_plan", reason=failure.reason), remedy=said("instantly.no_plan.remedy")
        )
    if failure.status == HTTPStatus.NOT_FOUND:
        return AccessError(
            said("instantly.not_there", reason=failure.reason),
            status=failure.status,
            remedy=said("instantly.not_there.remedy"),
        )
    if failure.status < HTTPStatus.BAD_REQUEST:
        return SettingsError(
            said("instantly.failed", reason=failure.reason), remedy=said("instantly.redirect.remedy")
        )
    return CrmError(said("instantly.refused", reason=failure.reason), remedy=said("instantly.refused.remedy"))


def error_of_write(failure: Failure) -> CrmError:
    """The error of a write that is not repeated; where nobody knows what became of it, nobody is told to repeat it."""
    if not failure.unknown:
        return error_of(failure)
    return UnknownOutcome(
        said("instantly.failed", reason=failure.reason),
        state=said("instantly.nobody_knows"),
        remedy=said("instantly.nobody_knows.remedy"),
    )


def given_up(failure: Failure, *, seconds: float, unknown: bool) -> Retryable:
    """The error when the repetitions of a passing failure are used up.

    Args:
        failure: The last one.
        seconds: How long it was tried.
        unknown: Whether an attempt was a write that may have been applied.
    """
    words = said("instantly.not_answering", seconds=seconds, reason=failure.reason)
    if unknown:
        return UnknownOutcome(words, state=said("instantly.maybe_done"), remedy=said("google.later"))
    return Retryable(words, remedy=said("google.later"))
