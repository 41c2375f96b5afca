"""What one command may spend on trying again, and the one place that reads, plans and writes again.

Requests are repeated in `sheets_crm.google.retry` and nowhere else, whole cycles of reading, planning and writing in
`read_again` and nowhere else. Both draw on the same `RetryBudget`, so that a cycle within a command, and a request
within a cycle, never multiply each other's attempts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sheets_crm.errors import Conflict, TabGone, WorkbookBusy

T = TypeVar("T")

REPEATS: Final = 20
SECONDS: Final = 240.0

ATTEMPTS_OF_A_REQUEST: Final = 8
"""One request takes no more of the repeats: a server that is down is not worth all of them."""
CYCLE: Final = 6
"""Repeats that reading, planning and writing again counts as: it makes several requests, so a command has three."""


class ReadAgain(Exception):  # noqa: N818 - says what is to be done
    """What was read does not hold any more, although no other writer took the number: read and plan again.

    It never leaves `read_again`. Raised ``from`` a failure, that failure is what people are told when nothing of the
    budget is left.

    Attributes:
        reason: What moved, as the beginning of a sentence.
        state: What state the workbook or the disk is left in.
    """

    def __init__(self, reason: str, *, state: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.state = state


@dataclass(slots=True)
class RetryBudget:
    """How often, and for how long, one command may try again.

    Attributes:
        repeats: Requests that may be repeated; a whole cycle counts as `CYCLE` of them.
        seconds: No further attempt begins when failed attempts and the waits after them have taken longer, but for
            the second attempt of a call: one time-out alone may use the time up, and a write whose answer was lost is
            settled by sending it once more.
        clock: Monotonic seconds.
        spent: Repeats that were made.
        lost: Seconds that failed attempts and waits have taken.
    """

    repeats: int = REPEATS
    seconds: float = SECONDS
    clock: Callable[[], float] = time.monotonic
    spent: int = field(default=0, init=False)
    lost: float = field(default=0.0, init=False)

    def refill(self) -> None:
        """Begin a command with all of it."""
        self.spent, self.lost = 0, 0.0

    def allows_request(self, made: int, seconds: float) -> bool:
        """Tell whether a request that failed may be repeated.

        Args:
            made: Attempts at it so far.
            seconds: What the last of them, and the wait that is due, add to what is lost.
        """
        return made < ATTEMPTS_OF_A_REQUEST and self._allows(1, made, seconds)

    def allows_cycle(self, made: int, seconds: float) -> bool:
        """Tell the same of a cycle of reading, planning and writing."""
        return self._allows(CYCLE, made, seconds)

    def _allows(self, cost: int, made: int, seconds: float) -> bool:
        return self.spent + cost <= self.repeats and (made == 1 or self.lost + seconds <= self.seconds)

    def spend(self, cost: int, seconds: float) -> None:
        """Count so many repeats, and the seconds that the attempt before and the wait took."""
        self.spent += cost
        self.lost += max(seconds, 0.0)


def read_again(
    budget: RetryBudget, attempt: Callable[[], T], *, before: Callable[[Exception], None] = lambda _error: None
) -> T:
    """Read, plan and write; begin anew when the workbook moved meanwhile, while the budget lasts.

    Args:
        budget: The command's.
        attempt: Reads, plans and writes once; safe to begin anew.
        before: Told why, before it is begun anew.

    Raises:
        Conflict: Another writer was quicker each time.
        WorkbookBusy: What was read kept moving.
        CrmError: As the attempt raises it.
    """
    made = 0
    while True:
        made += 1
        started, lost = budget.clock(), budget.lost
        try:
            return attempt()
        except (Conflict, TabGone, ReadAgain) as error:
            # What requests within the attempt have lost is counted already.
            seconds = budget.clock() - started - (budget.lost - lost)
            if not budget.allows_cycle(made, seconds):
                if not isinstance(error, ReadAgain):
                    raise
                told = error.__cause__ or _busy(error)
                raise told from told.__cause__
            budget.spend(CYCLE, seconds)
            before(error)


def _busy(error: ReadAgain) -> WorkbookBusy:
    return WorkbookBusy(
        f"{error.reason}, and it did so each time that the workbook was read again.",
        state=error.state or "Every write made before is whole; the rest is not done yet.",
        remedy="Run the same command again when nobody is sorting, moving or renaming; a scheduled worker tries again "
        "by itself.",
    )
