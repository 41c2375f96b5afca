"""The meaning of a failed call: whether to retry it, whether it may have been applied, and the remedy for a person.

Only a 4xx with Google's own error body, or its error that a quota is used up, proves that a write was not applied;
5xx, time-outs, cut connections and answers of another shape leave it open
(https://developers.google.com/sheets/api/limits, https://cloud.google.com/apis/design/errors).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from requests import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from sheets_crm.errors import AccessError, CredentialsError, CrmError, Retryable, SheetError, TabGone
from sheets_crm.google.headers import retry_after
from sheets_crm.google.transport import is_loopback
from sheets_crm.messages import said

_QUOTA_REASONS: Final = frozenset(
    {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}
)
"""Too many requests in a minute, or in the hundred seconds that older APIs count
(https://developers.google.com/drive/api/guides/handle-errors)."""

_DAILY_REASONS: Final = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
"""Too many requests today: a retry within minutes fails as well."""

_EXHAUSTED: Final = "RESOURCE_EXHAUSTED"

_PROJECT_REASONS: Final = frozenset(
    {
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "BILLING_DISABLED",
        "CONSUMER_INVALID",
        "CONSUMER_SUSPENDED",
        "LOCATION_POLICY_VIOLATED",
        "ORG_RESTRICTION_VIOLATION",
        "SECURITY_POLICY_VIOLATED",
        "USER_PROJECT_DENIED",
        "domainPolicy",
    }
)
"""Refusals that sharing the workbook does not solve
(https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto)."""

_NO_RANGE = "Unable to parse range:"
_NO_GROUP = "no dimension group exists"
"""Rows of a group were moved, or people changed it, between the read and the write."""
_PASSING_CLIENT_STATUS = frozenset({408, 409, 425, 429})


class BadAnswer(Exception):  # noqa: N818 - named as Google's answer is
    """An answer with a success status whose body is not the expected JSON."""


def refusal(response: Response) -> APIError:
    """Build gspread's exception for an answer, even when its error object has no code, where gspread itself fails."""
    try:
        return APIError(response)
    except (KeyError, TypeError, IndexError):
        made = APIError.__new__(APIError)
        made.response, made.code = response, response.status_code
        made.error = {"code": response.status_code, "message": str(google_error(response).get("message", ""))}
        return made


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classification of a failed attempt.

    Attributes:
        passing: Whether the failure is transient: the same request may succeed later.
        unknown: Whether a write may have been applied in spite of the failure.
        retry_after: Seconds that the server asked to wait; None when it named none.
        nobody_there: Whether nothing listens at the address, which is this machine's: waiting does not help, unless a
            program is starting there just now.
    """

    passing: bool
    unknown: bool
    retry_after: float | None = None
    nobody_there: bool = False


def judge(error: BaseException) -> Verdict:
    """Classify the exception of an attempt: gspread's, requests' and google-auth's exceptions, or `BadAnswer`."""
    if isinstance(error, APIError):
        return _judge_response(error)
    if isinstance(error, BadAnswer):
        return Verdict(passing=True, unknown=True)
    if unanswered_address(error):
        return Verdict(passing=True, unknown=False, nobody_there=True)
    if isinstance(error, TransportError):
        return Verdict(passing=True, unknown=False)
    if isinstance(error, GoogleAuthError):
        return Verdict(passing=error.retryable, unknown=False)
    if isinstance(error, requests.ConnectionError) and _never_sent(error):
        return Verdict(passing=True, unknown=False)
    passing = isinstance(
        error,
        (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ),
    )
    return Verdict(passing=passing, unknown=passing)


def _judge_response(error: APIError) -> Verdict:
    status = error.response.status_code
    wait = retry_after(error.response.headers)
    if over_quota(error.response):
        return Verdict(passing=not _over_daily_quota(error.response), unknown=False, retry_after=wait)
    if not google_error(error.response) or status >= 500:
        return Verdict(passing=True, unknown=True, retry_after=wait)
    passing = status in _PASSING_CLIENT_STATUS
    return Verdict(passing=passing, unknown=passing, retry_after=wait)


def unanswered_address(error: BaseException) -> str:
    """The address of this machine that refused a connection, such as ``http://127.0.0.1:8700``.

    It is "" for any other failure: another machine may refuse for a while, as when it is restarted behind its name.
    """
    # google-auth wraps what happened on the way to the token server, which of an emulator is the same server.
    failure = error.__cause__ if isinstance(error, TransportError) else error
    if not isinstance(failure, requests.ConnectionError) or failure.request is None:
        return ""
    reason, url = _reason(failure), failure.request.url or ""
    refused = isinstance(reason, NewConnectionError) and isinstance(reason.__cause__, ConnectionRefusedError)
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if refused and is_loopback(url) else ""


def _never_sent(error: requests.ConnectionError) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    return isinstance(_reason(error), (NewConnectionError, ConnectTimeoutError))


def _reason(error: requests.ConnectionError) -> Any:
    """urllib3's exception behind one of requests'; None without one."""
    cause = error.args[0] if error.args else None
    return getattr(cause, "reason", cause)


def google_error(response: Response) -> dict[str, Any]:
    """Google's error object of a body; ``{}`` when there is none, so that the answer is not Google's."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) and "message" in error else {}


def reasons(response: Response) -> frozenset[str]:
    """The machine-readable reasons of an error, from Sheets' ErrorInfo and Drive's older ``errors``."""
    error = google_error(response)
    lists = [details for key in ("details", "errors") if isinstance(details := error.get(key), list)]
    entries = [entry for details in lists for entry in details if isinstance(entry, dict)]
    return frozenset(str(entry["reason"]) for entry in entries if entry.get("reason"))


def over_quota(response: Response) -> bool:
    """Whether Google refused because a quota is used up, under whatever HTTP status."""
    error = google_error(response)
    if not error:
        return False
    named = response.status_code == 429 or error.get("status") == _EXHAUSTED
    return named or bool(reasons(response) & (_QUOTA_REASONS | _DAILY_REASONS))


def _over_daily_quota(response: Response) -> bool:
    return bool(reasons(response) & _DAILY_REASONS)


def describe(error: BaseException) -> str:
    """The failure in a few words, without quoting a body that is not Google's."""
    if isinstance(error, APIError):
        status = error.response.status_code
        words = google_error(error.response).get("message") or said("google.not_googles")
        answer = said("google.http", status=status, words=words)
        return said("google.over_quota", answer=answer) if over_quota(error.response) else answer
    if isinstance(error, BadAnswer):
        return str(error)
    if isinstance(error, requests.JSONDecodeError):
        return said("google.not_json")
    if isinstance(error, requests.Timeout):
        return said("google.in_time")
    if isinstance(error, TransportError):
        return said("google.no_token_server")
    if isinstance(error, RefreshError):
        return said("google.token_refused")
    return said("google.no_connection", kind=type(error).__name__)


def asked_host(error: BaseException) -> str:
    """The host that a failed request asked; "" when the failure does not tell."""
    if isinstance(error, APIError):
        return urlsplit(str(error.response.url or "")).netloc
    failure = error.__cause__ if isinstance(error, TransportError) else error
    asked = getattr(failure, "request", None)
    return urlsplit(str(getattr(asked, "url", "") or "")).netloc


def when_again(error: BaseException) -> str:
    """The remedy when the retries of a transient failure are used up and nothing was applied."""
    if address := unanswered_address(error):
        return said("google.start_then_again", start=how_to_start(address))
    if isinstance(error, APIError) and over_quota(error.response):
        return said("google.quota.remedy")
    return said("google.later")


def how_to_start(address: str) -> str:
    """What to start when nothing listens at an address of this machine, without a full stop."""
    port = urlsplit(address).port
    emulator = f"sheets-crm emulator --dir FOLDER --port {port}" if port else "sheets-crm emulator --dir FOLDER"
    return said("google.start", emulator=emulator)


def translate(error: Exception, *, spreadsheet_id: str, email: str) -> CrmError:
    """Translate a permanent failure into the product's error, with its remedy.

    Args:
        error: The exception of gspread, requests or google-auth.
        spreadsheet_id: The workbook of the request; "" when it had none.
        email: The service account's address, to share the workbook with.
    """
    if isinstance(error, CrmError):
        return error
    if isinstance(error, GoogleAuthError):
        return _account_refused()
    if isinstance(error, APIError):
        return _from_status(error.response, spreadsheet_id=spreadsheet_id, email=email)
    return Retryable(said("google.request_failed", reason=describe(error)), remedy=said("run_again"))


def _from_status(response: Response, *, spreadsheet_id: str, email: str) -> CrmError:
    status = response.status_code
    words = str(google_error(response).get("message", ""))
    if status == 401:
        return _account_refused()
    if over_quota(response):
        return _quota_used_up(response, words)
    if status == 404:
        return AccessError(
            said("google.no_workbook", workbook=spreadsheet_id),
            status=404,
            remedy=said("google.no_workbook.remedy", email=email),
        )
    if status == 403:
        return _forbidden(response, words, spreadsheet_id=spreadsheet_id, email=email)
    if words.startswith(_NO_RANGE):
        asked = words.removeprefix(_NO_RANGE).strip()
        return TabGone(
            said("google.no_tab", asked=asked),
            where=asked,
            remedy=said("google.no_tab.remedy"),
        )
    if status == 400 and _NO_GROUP in words.casefold():
        return TabGone(
            said("google.no_group", words=words),
            remedy=said("google.no_group.remedy"),
        )
    return SheetError(
        said("google.refused", status=status, words=words),
        state=said("not_applied"),
        remedy=said("google.refused.remedy"),
    )


def _forbidden(response: Response, words: str, *, spreadsheet_id: str, email: str) -> AccessError:
    if reasons(response) & {"SERVICE_DISABLED", "accessNotConfigured"}:
        return AccessError(
            said("google.not_enabled", words=words),
            status=403,
            remedy=said("google.not_enabled.remedy"),
        )
    others = reasons(response) & _PROJECT_REASONS
    if others:
        return AccessError(
            said("google.account_blocked", reasons=sorted(others), words=words),
            status=403,
            remedy=said("google.account_blocked.remedy"),
        )
    if not spreadsheet_id:
        return AccessError(
            said("google.no_creating", words=words),
            status=403,
            remedy=said("google.no_creating.remedy"),
        )
    return AccessError(
        said("google.not_shared", workbook=spreadsheet_id),
        status=403,
        remedy=said("google.not_shared.remedy", email=email),
    )


def _quota_used_up(response: Response, words: str) -> Retryable:
    daily = _over_daily_quota(response)
    return Retryable(
        said("google.daily_quota" if daily else "google.quota", status=response.status_code, words=words),
        state=said("not_applied"),
        remedy=said("google.daily_quota.remedy" if daily else "google.quota.remedy"),
    )


def _account_refused() -> CredentialsError:
    return CredentialsError(said("google.account_refused"), remedy=said("google.account_refused.remedy"))
