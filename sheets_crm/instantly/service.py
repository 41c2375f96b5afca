"""Asks the service: reads are repeated, writes that are no guarded ones never are."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import orjson
import requests

from sheets_crm.claims.values import AnswerKind
from sheets_crm.errors import CrmError
from sheets_crm.instantly.failures import Failure, error_of, error_of_write, given_up, of_answer, of_exception
from sheets_crm.instantly.fields import WrongField
from sheets_crm.instantly.limits import Limits, shared_limits
from sheets_crm.instantly.transport import CALL_SECONDS, base_url, open_session, send
from sheets_crm.messages import said

T = TypeVar("T")

ATTEMPTS: Final = 6
SECONDS: Final = 240.0
"""No further attempt begins when the attempts at a call and the pauses between them have taken longer."""
LONGEST_PAUSE: Final = 32.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method, path below ``/api/v2``, body and query."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteAnswer(Generic[T]):
    """What is known of a write that is not repeated.

    Attributes:
        kind: Accepted: done. Refused, or not sent: certainly not done. No answer: nobody knows.
        result: What the answer brings; None unless it is done.
        reason: Why not, or why nobody knows, in a few words.
        error: The same with what to do next; None when it is done.
    """

    kind: AnswerKind
    result: T | None = None
    reason: str = ""
    error: CrmError | None = None


class Service:
    """Instantly at an address, asked with a key.

    Args:
        secret: The API key.
        endpoint: The address, with or without ``/api/v2``; "" for the service's own.
        limits: Its limits; without any, those that all of the process share.
        seconds: How long one request may take, to the last byte of its answer.
        clock: Monotonic seconds.
        sleep: Waits that many seconds; may raise to give up.
        jitter: A random number in [0, 1).
    """

    def __init__(
        self,
        secret: str,
        endpoint: str = "",
        *,
        limits: Limits | None = None,
        seconds: float = CALL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._base = base_url(endpoint)
        self._session = open_session(secret, self._base)
        # The service may close a kept connection just when a write leaves on it, and nobody would know if it came in.
        self._session_of_writes = open_session(secret, self._base, keep=False)
        self._secret = secret
        self._limits = limits or shared_limits(self._base)
        self._seconds = seconds
        self._clock, self._sleep, self._jitter = clock, sleep, jitter

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        self._session_of_writes.close()

    def read(self, call: Call, parse: Callable[[Any], T], *, writes: bool = False) -> T:
        """Ask until there is an answer, the service refuses, or no attempt is left.

        Args:
            call: A read, or a write that may be done twice.
            parse: Reads the answer; raises `WrongField`.
            writes: Whether it is such a write.

        Raises:
            CrmError: By what the caller does next, see `sheets_crm.errors`.
        """
        started, unknown = self._clock(), False
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._once(self._session, call, parse)
            if not isinstance(answer, Failure):
                return answer
            if not answer.passing:
                raise error_of(answer)
            unknown = unknown or (writes and answer.unknown)
            pause = self._pause(attempt, answer)
            if attempt == ATTEMPTS or self._clock() - started + pause > SECONDS:
                break
            self._sleep(pause)
        assert isinstance(answer, Failure)
        raise given_up(answer, seconds=self._clock() - started, unknown=unknown)

    def write(self, call: Call, parse: Callable[[Any], T]) -> WriteAnswer[T]:
        """Ask once, and tell what is known of it; nothing is raised, whatever comes back."""
        answer = self._once(self._session_of_writes, call, parse)
        if isinstance(answer, Failure):
            return WriteAnswer(answer.kind, reason=answer.reason, error=error_of_write(answer))
        return WriteAnswer(AnswerKind.ACCEPTED, answer)

    def _once(self, session: requests.Session, call: Call, parse: Callable[[Any], T]) -> T | Failure:
        """One attempt. Its exceptions end here: they hold the request, and with it the key."""
        self._limits.take(f"{call.method} {call.path}", self._sleep)
        content = {} if call.body is None else {"data": orjson.dumps(call.body), "headers": _JSON}
        try:
            url = f"{self._base}/{call.path}"
            response = send(session, call.method, url, self._seconds, params=call.query, **content)
        except requests.RequestException as error:
            return of_exception(error)
        failure = of_answer(response, self._secret)
        if failure:
            return failure
        try:
            return parse(orjson.loads(response.content))
        except orjson.JSONDecodeError:
            return Failure(said("google.not_json"), response.status_code)
        except WrongField as error:
            return Failure(error.words, response.status_code)

    def _pause(self, attempt: int, failure: Failure) -> float:
        pause = min(2.0**attempt, LONGEST_PAUSE) * (0.5 + self._jitter() / 2)
        return max(pause, (failure.retry_after or 0.0) + self._jitter())


_JSON: Final = {"Content-Type": "application/json"}
