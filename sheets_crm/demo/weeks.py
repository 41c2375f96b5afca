"""Invented weeks before the story, as rows of History: the demo is one day old, and a trend needs more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.columns import Cell
from sheets_crm.pipeline.metric_list import METRICS

WEEKS: Final = 12
_COUNTS: Final = frozenset(
    metric.id for metric in METRICS if metric.kind == "count" and not metric.of and "_available" not in metric.id
)


def invented(header: Sequence[str], today: float, metrics: Mapping[str, Cell | None]) -> list[list[Cell]]:
    """Rows of the weeks before a day, the oldest first: counts grow towards those of now, a little otherwise each.

    Args:
        header: History's header.
        today: The day's serial number.
        metrics: Every metric as it is now, by id.
    """
    rows: list[list[Cell]] = []
    for week in range(WEEKS, 0, -1):
        counts = (_then(metrics.get(name), name, n, week) for n, name in enumerate(header[1:]))
        rows.append([today - 7 * week, *counts])
    return rows


def _then(now: Cell | None, name: str, metric: int, week: int) -> Cell:
    """A count some weeks ago; blank for what is no count."""
    if name not in _COUNTS or isinstance(now, bool) or not isinstance(now, int | float):
        return ""
    return math.floor(now * _grown(metric, WEEKS - week) / _grown(metric, WEEKS))


def _grown(metric: int, weeks: int) -> float:
    """What so many weeks brought, in weeks of usual work; each metric has weeks of its own that went better."""
    return sum(1 + 0.25 * math.sin(1.7 * week + 0.9 * metric) for week in range(weeks))
