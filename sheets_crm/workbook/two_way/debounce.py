"""Half-typed rows wait: an edit counts once its row has stood still between two polls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.workbook.two_way.join import SEPARATOR

UNSTABLE_SECONDS: Final = 600
"""A row that keeps changing this long has a problem: a formula that recalculates by itself."""


@dataclass(frozen=True, slots=True)
class Debounced:
    """The edited rows of a poll, by whether they have stood still.

    Attributes:
        still: Join of each row that stood in the poll before too, by 0-based grid row.
        moving: Since when each other row has been changing (seconds of the worker's clock), by key, or by row number
            while it has none. JSON can hold it.
        unstable: Grid rows that have been changing for `UNSTABLE_SECONDS`.
    """

    still: Mapping[int, str]
    moving: Mapping[str, float]
    unstable: frozenset[int]


def debounce(
    previous: Mapping[int, str], joins: Mapping[int, str], moving: Mapping[str, float], at: float
) -> Debounced:
    """Compare two polls.

    Rows may have been sorted between them: a row is known by its join, which begins with its key.

    Args:
        previous: Joins by grid row in the poll before.
        joins: Joins by grid row now.
        moving: `Debounced.moving` of the poll before.
        at: The worker's clock, in seconds.
    """
    stood = Counter(previous.values())
    still: dict[int, str] = {}
    since: dict[str, float] = {}
    unstable: list[int] = []
    for row, join in sorted(joins.items()):
        if stood[join] > 0:
            stood[join] -= 1
            still[row] = join
            continue
        name = join.partition(SEPARATOR)[0] or f"row {row + 1}"
        since[name] = moving.get(name, at)
        if at - since[name] >= UNSTABLE_SECONDS:
            unstable.append(row)
    return Debounced(still, since, frozenset(unstable))
