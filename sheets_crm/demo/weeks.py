"""Invented weeks before the story, as rows of History: the demo is one day old, and a trend needs more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from sheets_crm.pipeline.columns import Cell
from sheets_crm.pipeline.metric_list import METRICS

WEEKS: Final = 12

PART_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "estimate_total": "leads_total",
        "leads_with_company_url": "leads_total",
        "entered_behind_verification": "leads_total",
        "entered_behind_company_scrap": "leads_total",
        "entered_behind_box1": "leads_total",
        "verification_sent": "leads_total",
        "verification_completed": "verification_sent",
        "verification_verified": "verification_completed",
        "verified_with_company_url": "verification_verified",
        "company_scrap_sent": "leads_total",
        "company_scrap_completed": "company_scrap_sent",
        "company_scrap_blank": "company_scrap_completed",
        "box1_sent": "leads_total",
        "box1_completed": "box1_sent",
        "box1_drop": "box1_completed",
        "box1_storage": "box1_completed",
        "box1_hit": "box1_completed",
        "instantly_sent": "leads_total",
        "instantly_replied": "instantly_sent",
        "instantly_positive": "instantly_replied",
        "instantly_converted": "instantly_positive",
        "instantly_bounced": "instantly_sent",
        "instantly_unsubscribed": "instantly_sent",
    }
)
"""Counts that are part of another, which stands above them: in no week do they gain more than that one does."""

APART: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "box1_storage": ("box1_drop",),
        "box1_hit": ("box1_drop", "box1_storage"),
        "instantly_bounced": ("instantly_replied",),
        "instantly_unsubscribed": ("instantly_replied", "instantly_bounced"),
    }
)
"""Counts that share no lead with others of the same whole, which stand above them."""

_COUNTS: Final = frozenset(
    metric.id for metric in METRICS if metric.kind == "count" and not metric.of and "_available" not in metric.id
)
_IN_ORDER: Final = (*sorted(_COUNTS - PART_OF.keys()), *PART_OF)
_EVEN: Final = (1,) * WEEKS
_OF_A_WHOLE: Final = 0.25
_OF_A_PART: Final = 0.1
"""How far a week's gain is from usual: that of a part goes with its whole's, and a ratio changes less than a count."""


def invented(header: Sequence[str], today: float, metrics: Mapping[str, Cell | None]) -> list[list[Cell]]:
    """Rows of the weeks before a day, the oldest first: counts grow towards those of now, a little otherwise each.

    Args:
        header: History's header.
        today: The day's serial number.
        metrics: Every metric as it is now, by id.
    """
    gains = _gains(metrics)
    counts = {name: list(accumulate(weeks, initial=0)) for name, weeks in gains.items()}
    return [
        [today - 7 * (WEEKS - week), *(counts[name][week] if name in counts else "" for name in header[1:])]
        for week in range(WEEKS)
    ]


def _gains(metrics: Mapping[str, Cell | None]) -> dict[str, list[int]]:
    """What each count gained in each week."""
    gains: dict[str, list[int]] = {}
    for n, name in enumerate(_IN_ORDER):
        total = metrics.get(name)
        if isinstance(total, bool) or not isinstance(total, int | float):
            continue
        whole = gains.get(PART_OF.get(name, ""))
        others = [gains[other] for other in APART.get(name, ()) if other in gains]
        most = None if whole is None else [gain - sum(less) for gain, *less in zip(whole, *others, strict=True)]
        gains[name] = _spread(math.floor(total), _weights(n, whole), most or [math.floor(total)] * WEEKS)
    return gains


def _weights(count: int, whole: Sequence[int] | None) -> list[float]:
    """How a count's gain falls on the weeks: as its whole's does, but that each count has weeks that went better."""
    swing = _OF_A_WHOLE if whole is None else _OF_A_PART
    return [gain * (1 + swing * math.sin(1.7 * week + 0.9 * count)) for week, gain in enumerate(whole or _EVEN)]


def _spread(total: int, weights: Sequence[float], most: Sequence[int]) -> list[int]:
    """Spread a total over weeks by weight, no week with more than its most, as long as that makes up the total."""
    gains: list[int] = []
    for week, share in enumerate(accumulate(weights)):
        wanted = math.floor(total * share / (sum(weights) or 1)) - sum(gains)
        least = total - sum(gains) - sum(most[week + 1 :])  # the weeks to come take no more than their most
        gains.append(max(0, least, min(wanted, most[week])))
    return gains
