"""gspread's client with our time-outs, quota, retries and base URL; every call goes through its `request`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import gspread
import orjson
from google.oauth2.service_account import Credentials
from gspread.http_client import FileType, HTTPClient, ParamsType
from requests import Response, Session

from sheets_crm.engine.retries import RetryBudget
from sheets_crm.google.credentials import ServiceAccount
from sheets_crm.google.failures import BadAnswer, refusal
from sheets_crm.google.limiter import Limiter
from sheets_crm.google.retry import GUARDED_WRITE, PLAIN_WRITE, READ, Attempts, Policy, Retrier
from sheets_crm.google.traffic import Traffic
from sheets_crm.google.transport import API_TIMEOUT, See, api_session
from sheets_crm.limits import REQUESTS_A_MINUTE
from sheets_crm.workbook.info import JsonObject

T = TypeVar("T")


@dataclass(slots=True)
class Wire:
    """Parts that all calls of one client share; each can be replaced in tests.

    Attributes:
        reads: Limits reads.
        writes: Limits writes.
        retrier: Repeats failed calls.
        traffic: Counts requests and bytes.
        before: Called before every attempt; may raise to stop the process between two requests.
        see: Receives every exchange with the API; None for nobody.
    """

    reads: Limiter = field(default_factory=Limiter)
    writes: Limiter = field(default_factory=Limiter)
    retrier: Retrier = field(default_factory=Retrier)
    traffic: Traffic = field(default_factory=Traffic)
    before: Callable[[], None] = lambda: None
    see: See | None = None


class SheetsHTTPClient(HTTPClient):
    """gspread's HTTP client with retries: reads always, other calls only when they cannot have been applied.

    Args:
        session: Carries the account's token.
        wire: Quota, retries and counts.

    Attributes:
        server_date: The Date header of the last answer; "" before the first.
    """

    def __init__(self, session: Session, wire: Wire) -> None:
        self.session = session
        self.timeout = API_TIMEOUT
        self._wire = wire
        self.server_date = ""

    @property
    def traffic(self) -> Traffic:
        """Counts of what went over the wire."""
        return self._wire.traffic

    def request(
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: FileType = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> Response:
        """Make one of gspread's own calls, with its exceptions."""
        policy = READ if method.upper() == "GET" else PLAIN_WRITE

        def attempt() -> Response:
            return self._once(policy, method, endpoint, params, data, json, files, headers)

        return self._wire.retrier.call(policy, attempt)

    def read(self, endpoint: str, params: ParamsType, understand: Callable[[JsonObject], T]) -> T:
        """Read JSON, with retries.

        Args:
            endpoint: Address of the resource.
            params: Its query.
            understand: Converts the answer; its `BadAnswer` for a wrong shape counts as a failed attempt.

        Raises:
            Retryable: No attempt is left.
            APIError: Google refused.
        """
        return self._wire.retrier.call(
            READ, lambda: understand(parsed(self._once(READ, "get", endpoint, params, None, None, None, None)))
        )

    def write_guarded(self, endpoint: str, params: ParamsType, body: bytes, seen: Attempts) -> JsonObject:
        """Post a JSON body that carries a guard; every attempt sends the same bytes.

        Args:
            endpoint: Address of the ``batchUpdate``.
            params: Its query.
            body: The JSON.
            seen: Its `check` validates an answer. It is filled in, since an error after an attempt of unknown outcome
                does not prove that nothing was applied.

        Raises:
            UnknownOutcome: No attempt is left, and one may have been applied.
            Retryable: No attempt is left, and none was applied.
            APIError: Google refused this attempt; an earlier one may have been applied.
        """
        headers = {"Content-Type": "application/json"}

        def attempt() -> JsonObject:
            answer = parsed(self._once(GUARDED_WRITE, "post", endpoint, params, body, None, None, headers))
            seen.check(answer)
            return answer

        return self._wire.retrier.call(GUARDED_WRITE, attempt, seen)

    def pause(self, seconds: float) -> None:
        """Wait, as between two attempts."""
        self._wire.retrier.pause(seconds)

    def _once(
        self,
        policy: Policy,
        method: str,
        endpoint: str,
        params: ParamsType | None,
        data: bytes | None,
        json: Mapping[str, Any] | None,
        files: FileType,
        headers: MutableMapping[str, str] | None,
    ) -> Response:
        """Make one attempt, as gspread's own `request` does."""
        self._wire.before()
        if policy.writes:
            self._wire.writes.take()
            self._wire.traffic.writes += 1
        else:
            self._wire.reads.take()
            self._wire.traffic.reads += 1
        response = self.session.request(
            method=method,
            url=endpoint,
            params=params,
            data=data,
            json=json,
            files=files,
            headers=headers,
            timeout=self.timeout,
        )
        if not response.ok:
            raise refusal(response)
        self.server_date = response.headers.get("Date", "")
        return response


def parsed(response: Response) -> JsonObject:
    """An answer's JSON object.

    Raises:
        BadAnswer: The body is not a JSON object.
    """
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise BadAnswer("a response that is not JSON") from None
    if not isinstance(body, dict):
        raise BadAnswer("a response that is not a JSON object")
    return body


def connect(
    account: ServiceAccount, *, endpoint: str = "", creating: bool = False, wire: Wire | None = None
) -> gspread.Client:
    """Open a gspread client for a service account; no request is made yet.

    Args:
        account: From `load_service_account`.
        endpoint: Base URL used instead of Google's hosts; "" for Google itself.
        creating: Whether to ask for the scope that creates and deletes workbooks.
        wire: Quota, retries and counts; a new one with Google's limits by default.
    """
    parts = wire or default_wire()
    session = api_session(
        account.credentials(creating=creating),
        token_uri=account.token_uri,
        endpoint=endpoint,
        traffic=parts.traffic,
        see=parts.see,
    )

    def make(_auth: Credentials, given: Session) -> SheetsHTTPClient:
        return SheetsHTTPClient(given, parts)

    return gspread.Client(None, session, http_client=cast("type[HTTPClient]", make))  # type: ignore[arg-type]


def default_wire(
    *,
    reads_per_minute: int = REQUESTS_A_MINUTE,
    writes_per_minute: int = REQUESTS_A_MINUTE,
    budget: RetryBudget | None = None,
    sleep: Callable[[float], None] | None = None,
    before: Callable[[], None] = lambda: None,
    waiting: Callable[[str], None] = lambda _text: None,
) -> Wire:
    """The shared parts of a client.

    Args:
        reads_per_minute: Google's quota of reads for one account, or less.
        writes_per_minute: The same for writes.
        budget: Retry budget of a command; see `Retrier`.
        sleep: Waits that many seconds; may raise to end a wait early.
        before: Called before every attempt; may raise to stop the process between two requests.
        waiting: Told before each repeated attempt what is waited for, and why.
    """
    traffic = Traffic()

    def count_retry() -> None:
        traffic.retries += 1

    options: dict[str, Any] = {"sleep": sleep} if sleep else {}
    return Wire(
        reads=Limiter(reads_per_minute, **options),
        writes=Limiter(writes_per_minute, **options),
        retrier=Retrier(budget=budget, on_retry=count_retry, waiting=waiting, **options),
        traffic=traffic,
        before=before,
    )
