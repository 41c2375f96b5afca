"""The retry budget of one command, and the one place that reads, plans and writes again.

Requests are repeated in `sheets_crm.google.retry` and nowhere else, whole cycles of reading, planning and writing in
`read_again` and nowhere else. Both draw on the same `RetryBudget`, so that the attempts of cycles and of the requests
within them never multiply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sheets_crm.errors import Conflict, TabGone, WorkbookBusy
from sheets_crm.messages import said

T = TypeVar("T")

REPEATS: Final = 20
"""Repeated requests of one command."""
SECONDS: Final = 240.0
"""Seconds that failed attempts and waits of one command may take."""

ATTEMPTS_OF_A_REQUEST: Final = 8
"""Attempts at one request: a server that is down must not use up all repeats."""
CYCLE: Final = 6
"""Repeats that one more cycle of several requests counts as; a command can afford three."""


class ReadAgain(Exception):  # noqa: N818 - says what is to be done
    """The read is outdated, although no other writer took the number: read and plan again.

    It never leaves `read_again`. When it is raised ``from`` a failure and the budget is used up, that failure is
    raised.

    Attributes:
        reason: What moved, as the beginning of a sentence.
        state: The state that the workbook or the disk is left in.
    """

    def __init__(self, reason: str, *, state: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.state = state


@dataclass(slots=True)
class RetryBudget:
    """How often, and for how long, one command may retry.

    Attributes:
        repeats: Requests that may be repeated; a whole cycle counts as `CYCLE` of them.
        seconds: No further attempt begins when failed attempts and the waits after them have taken longer. The second
            attempt of a call is exempt: a single time-out may use all of it, and the outcome of a write whose response
            was lost is learnt by sending it once more.
        spent: Repeats made so far.
        lost: Seconds that failed attempts and waits have taken so far.
        on_cycles: What of `spent` went to cycles.
        depth: Cycles under way within each other.
    """

    repeats: int = REPEATS
    seconds: float = SECONDS
    spent: int = field(default=0, init=False)
    lost: float = field(default=0.0, init=False)
    on_cycles: int = field(default=0, init=False)
    depth: int = field(default=0, init=False)

    def refill(self) -> None:
        """Restore the whole budget, for another command."""
        self.spent, self.on_cycles, self.lost = 0, 0, 0.0

    def progressed(self) -> None:
        """Give back what requests have used up, after a part of a plan is written.

        An import of a hundred parts may meet a passing failure in each: a bound on all of them together would end it
        although it comes on. Cycles stay counted: a workbook that keeps moving is no progress.
        """
        self.spent, self.lost = self.on_cycles, 0.0

    def allows_request(self, made: int, seconds: float) -> bool:
        """Whether a failed request may be repeated.

        Args:
            made: Attempts at it so far.
            seconds: Seconds that the last of them and the wait that is due add to `lost`.
        """
        in_time = made == 1 or self.lost + seconds <= self.seconds
        return made < ATTEMPTS_OF_A_REQUEST and self.spent < self.repeats and in_time

    def allows_cycle(self, made: int) -> bool:
        """Whether a cycle of reading, planning and writing may be repeated after so many attempts at it.

        The outermost may once in any case: what a cached workbook or another writer's turn makes fail, a second
        reading dissolves, however many of the requests before it had to be repeated.
        """
        return (made == 1 and self.depth == 1) or self.spent + CYCLE <= self.repeats

    def spend(self, cost: int, seconds: float) -> None:
        """Count repeats of requests, and the seconds that the failed attempt and the wait took."""
        self.spent += cost
        self.lost += max(seconds, 0.0)

    def spend_cycle(self) -> None:
        """Count a cycle; it loses no seconds of its own, for it has read, and perhaps written."""
        self.spent += CYCLE
        self.on_cycles += CYCLE


def read_again(
    budget: RetryBudget, attempt: Callable[[], T], *, before: Callable[[Exception], None] = lambda _error: None
) -> T:
    """Read, plan and write; start over when the workbook changed meanwhile, while the budget lasts.

    Args:
        budget: The command's retry budget.
        attempt: Reads, plans and writes once; safe to repeat.
        before: Called with the reason before each repetition.

    Raises:
        Conflict: Another writer came first each time.
        WorkbookBusy: The workbook kept changing.
        CrmError: As the attempt raises it.
    """
    made = 0
    while True:
        made += 1
        budget.depth += 1
        try:
            return attempt()
        except (Conflict, TabGone, ReadAgain) as error:
            if not budget.allows_cycle(made):
                if not isinstance(error, ReadAgain):
                    raise
                # `ReadAgain` itself is internal: the failure behind it is raised, with that one's own cause.
                failure = error.__cause__ or _busy(error)
                raise failure from failure.__cause__
            budget.spend_cycle()
            before(error)
        finally:
            budget.depth -= 1


def _busy(error: ReadAgain) -> WorkbookBusy:
    return WorkbookBusy(
        said("busy", reason=error.reason),
        state=error.state or said("busy.state"),
        remedy=said("busy.remedy"),
    )
