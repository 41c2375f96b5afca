"""The one seam of retries: within the command's budget, with jitter, and only where a retry is safe.

Reads may always be retried. A guarded write may be retried too, since its guard lets it be applied at most once. Any
other write is retried only when the failure proves that it was not applied (429, or a connection that never opened).
Where nothing listens on this machine, one short repeat is all.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tenacity import RetryCallState, Retrying

from sheets_crm.engine.retries import RetryBudget
from sheets_crm.errors import Retryable, UnknownOutcome
from sheets_crm.google.failures import (
    Verdict,
    asked_host,
    describe,
    how_to_start,
    judge,
    unanswered_address,
    when_again,
)
from sheets_crm.messages import said

T = TypeVar("T")

REFUSALS_OF_THIS_MACHINE: Final = 2
"""Refused connections to this machine after which a call is given up: an emulator may be starting just now."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The retry policy of one class of calls.

    Attributes:
        writes: Whether the call changes the workbook.
        repeat_unknown: Whether to retry it when it may have been applied.
    """

    writes: bool
    repeat_unknown: bool


READ = Policy(writes=False, repeat_unknown=True)
GUARDED_WRITE = Policy(writes=True, repeat_unknown=True)
PLAIN_WRITE = Policy(writes=True, repeat_unknown=False)


@dataclass(slots=True)
class Attempts:
    """The attempts of one call.

    Attributes:
        check: Raises `BadAnswer` for an answer of another shape; the function that makes an attempt calls it.
        started: Start of the latest attempt, by the retrier's clock.
        seconds: Duration of the earlier attempts and of the waits between them.
        unknown: Whether one of them was a write that may have been applied.
        nobody_there: How many of them found that nothing listens on this machine.
        verdict: Classification of the latest failure.
    """

    check: Callable[[dict[str, Any]], None] = lambda _answer: None
    started: float = 0.0
    seconds: float = 0.0
    unknown: bool = False
    nobody_there: int = 0
    verdict: Verdict = field(default_factory=lambda: Verdict(passing=False, unknown=False))


class Retrier:
    """Retries calls by their policy.

    Args:
        budget: Retry budget of the whole command; without one each call has a budget of its own, for calls outside
            of any command.
        clock: Monotonic seconds.
        sleep: Waits that many seconds; may raise to give up.
        jitter: A random number in [0, 1).
        on_retry: Called before each retry.
        waiting: Told before each retry what is waited for, and why.
    """

    def __init__(
        self,
        *,
        budget: RetryBudget | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        on_retry: Callable[[], None] = lambda: None,
        waiting: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.budget = budget
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._on_retry = on_retry
        self._waiting = waiting

    def call(self, policy: Policy, attempt: Callable[[], T], seen: Attempts | None = None) -> T:
        """Call until an attempt succeeds, fails for good, or no retry is left.

        Args:
            policy: Retry policy of the call.
            attempt: Makes one attempt.
            seen: Filled in with the outcome of the attempts, for callers that continue after an error.

        Raises:
            UnknownOutcome: No retry of a write is left, and one attempt may have been applied.
            Retryable: No retry is left, and nothing was applied.
            Exception: The attempt's own, when the failure is permanent.
        """
        seen, budget = seen or Attempts(), self.budget or RetryBudget()
        seen.started = self._clock()
        retrying = Retrying(
            retry=lambda state: self._again(state, policy, seen),
            stop=lambda state: self._over(state, budget, seen),
            wait=lambda state: self._wait(state, seen),
            before_sleep=self._before_retry,
            sleep=lambda seconds: self._pause(seconds, budget, seen),
            reraise=True,
        )
        try:
            return retrying(attempt)
        except Exception as error:
            if not judge(error).passing:
                raise
            raise _given_up(error, policy, seen, seen.seconds + self._clock() - seen.started) from error

    def _before_retry(self, state: RetryCallState) -> None:
        """Count a retry, and say what is waited for: a person at a terminal would take the silence for a crash."""
        self._on_retry()
        error = state.outcome.exception() if state.outcome else None
        if error is not None and state.next_action is not None:
            host = asked_host(error) or said("google.itself")
            seconds = max(1.0, state.next_action.sleep)
            self._waiting(said("google.waiting", host=host, reason=describe(error), seconds=seconds))

    def pause(self, seconds: float) -> None:
        """Wait that many seconds."""
        self._sleep(seconds)

    @staticmethod
    def _again(state: RetryCallState, policy: Policy, seen: Attempts) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if error is None:
            return False
        seen.verdict = judge(error)
        seen.nobody_there += seen.verdict.nobody_there
        seen.unknown = seen.unknown or (policy.writes and seen.verdict.unknown)
        return seen.verdict.passing and (policy.repeat_unknown or not seen.verdict.unknown)

    def _over(self, state: RetryCallState, budget: RetryBudget, seen: Attempts) -> bool:
        if seen.nobody_there >= REFUSALS_OF_THIS_MACHINE:
            return True
        # A Retry-After counts as spent beforehand: one that does not fit into the budget is not waited for.
        seconds = self._clock() - seen.started + (seen.verdict.retry_after or 0.0)
        return not budget.allows_request(state.attempt_number, seconds)

    def _pause(self, seconds: float, budget: RetryBudget, seen: Attempts) -> None:
        """Wait before a retry, and charge the failed attempt and the wait to the budget."""
        try:
            self._sleep(seconds)
        finally:
            elapsed = self._clock() - seen.started
            budget.spend(1, elapsed)
            seen.seconds += elapsed
            seen.started = self._clock()

    def _wait(self, state: RetryCallState, seen: Attempts) -> float:
        # A program that is just starting listens in a moment, however long the call has failed in other ways before.
        doubled = 1.0 if seen.verdict.nobody_there else min(2.0 ** (state.attempt_number - 1), 32.0)
        backoff = doubled * (0.5 + self._jitter() / 2)
        return max(backoff, min(seen.verdict.retry_after or 0.0, 120.0) + self._jitter())


def _given_up(error: Exception, policy: Policy, seen: Attempts, seconds: float) -> Retryable:
    words = said("google.not_answering", seconds=seconds, reason=describe(error))
    again = said("google.shows_itself")
    if address := unanswered_address(error):
        words = said("google.nobody_there", address=address)
        again = said("google.start_and_repeat", start=how_to_start(address))
    if policy.writes and seen.unknown:
        return UnknownOutcome(
            words,
            state=said("google.maybe_applied"),
            remedy=again,
        )
    return Retryable(words, state=said("not_applied"), remedy=when_again(error))
