"""The dashboard's figures computed from a leads frame: the worker's own, beside the live formulas.

The metrics are declared in ``metric_list``, their tallies in ``tallies``; this module counts leads once
(`flags`) and does the arithmetic.
Source: the owner's document, dashboard list and section 11.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.pipeline.columns import TARGET_ID
from sheets_crm.pipeline.leads import filled, holds
from sheets_crm.pipeline.metric_list import metrics, passing, tallies
from sheets_crm.pipeline.schema import Need, Schema
from sheets_crm.pipeline.states import COMPLETED, READY
from sheets_crm.pipeline.tallies import IS_SENT_TO_INSTANTLY, TALLIES, Tally

DECIMALS: Final = 6
"""Decimals to which expected leads are compared with the schedule, so that the sheet and the worker agree."""
DISPLAYED: Final = {"ratio": 3, "count": 0}
"""Decimals of a value by the kind of its metric, as displayed: a range is given while its ends differ so."""
_Z: Final = 1.959963984540054  # two-sided 95 % of the normal distribution
_OF_VERSION: Final = (
    Tally("sent", (IS_SENT_TO_INSTANTLY,)),
    *(Tally(name, TALLIES[f"instantly_{name}"].clauses) for name in ("replied", "positive", "converted")),
)
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runway:
    """The settings on Control from which the runway is computed.

    Attributes:
        schedule: New leads sent per weekday, Monday first: seven numbers; below 0 counts as 0.
        lead_days: Days from import to Box 1 completed, used until leads show the real ones.
    """

    schedule: tuple[float, ...]
    lead_days: float


@dataclass(frozen=True, slots=True)
class MetricContext:
    """What the metrics need besides the leads.

    Attributes:
        today: Serial date in the workbook's time zone (a fraction is cut off).
        runway: The sending schedule on Control.
        last_run_at: Serial moment of the last run that changed something; None before the first.
        cells_used: Cells in the grids of all tabs.
        input_rows: Rows that each step's input tab holds, by step name.
        cells_limit: How many cells Google allows a workbook.
    """

    today: float
    runway: Runway
    last_run_at: float | None
    cells_used: int
    input_rows: Mapping[str, int]
    cells_limit: int = CELLS_LIMIT


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value; None is shown as blank.

    Attributes:
        value: Leads, a share of 1, days, or a serial number, by the metric's kind.
        numerator: Of a ratio.
        denominator: Of a ratio.
        low: Lower end of the 95 % interval (Wilson; an estimate multiplies those of its ratios), given while the ends
            differ as they are displayed.
        high: Upper end of the same.
    """

    value: float | bool | None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None


def flags(leads: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Which lead counts in which tally: a boolean column per tally of `metric_list.tallies`, indexed as the leads."""
    return pd.DataFrame(_masks(leads, tallies(schema).values()), index=leads.index)


def mask(leads: pd.DataFrame, tally: Tally) -> _Mask:
    """Which leads one tally counts, in the order of the frame."""
    return _mask(leads, tally, {})


def figures(leads: pd.DataFrame, schema: Schema, context: MetricContext) -> dict[str, Figure]:
    """Every metric of the dashboard by id, in the dashboard's order; those of custom steps last.

    Args:
        leads: The leads frame, states up to date.
        schema: The workbook's steps.
        context: Time, schedule and size of the workbook.
    """
    tally = {str(name): int(number) for name, number in flags(leads, schema).sum().items()}
    tally |= {"cells_used": context.cells_used, "cells_limit": context.cells_limit}
    by_id: dict[str, Figure] = {}
    ids = {metric.id for metric in metrics(schema)}
    for metric in metrics(schema):
        if metric.denominator:
            by_id[metric.id] = _ratio(tally[metric.numerator], tally[metric.denominator], sampled=metric.sampled)
        elif metric.numerator:
            by_id[metric.id] = Figure(tally[metric.numerator])
    by_id |= _estimates(by_id, schema)
    if "feed_days" in ids:
        by_id |= _runway(
            tally, context, coming=_coming(tally, by_id, schema), sample_days=lead_days(leads, schema)
        )
    by_id["conservation_ok"] = Figure(_conserved(tally, schema, context.input_rows))
    by_id["last_run_at"] = Figure(context.last_run_at)
    return {metric.id: by_id[metric.id] for metric in metrics(schema)}


def lead_days(leads: pd.DataFrame, schema: Schema) -> float | None:
    """The median days from import to the end of the last step before contact; None before the first such lead."""
    step = schema.last_before_sending
    if step is None:
        return None
    done = holds(leads, Need(step.status, COMPLETED)).to_numpy()
    moments = leads.loc[done, ["imported_at", step.completed_at]].apply(pd.to_numeric, errors="coerce")
    # A clock that was set back in between would make them negative.
    days = (moments[step.completed_at] - moments["imported_at"]).dropna().clip(lower=0)
    return float(days.median()) if len(days) else None


def by_target(leads: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Every tally (see `flags`) by TargetID: a row per target in alphabetical order, "" for none."""
    targets = leads[TARGET_ID].astype(str).to_numpy()
    return flags(leads, schema).groupby(targets, sort=True).sum().rename_axis(TARGET_ID).astype("int64")


def by_version(leads: pd.DataFrame) -> pd.DataFrame:
    """Sending results of each Box 1 version: a row per version, in alphabetical order.

    Columns: sent, replied, positive, converted (leads), reply_ratio, positive_ratio, conversion_ratio (as on
    the dashboard, NaN where the denominator is 0). Leads without a version are left out.
    """
    counted = pd.DataFrame(_masks(leads, _OF_VERSION), index=leads.index)
    has_version = filled(leads["box1_version"]).to_numpy()
    versions = leads["box1_version"].astype(str).to_numpy()[has_version]
    table = counted[has_version].groupby(versions, sort=True).sum().rename_axis("box1_version").astype("int64")
    below = table[["sent", "positive"]].astype(float).replace(0, math.nan)
    table["reply_ratio"] = table["replied"] / below["sent"]
    table["positive_ratio"] = table["positive"] / below["sent"]
    table["conversion_ratio"] = table["converted"] / below["positive"]
    return table


def wilson(successes: float, trials: float) -> tuple[float, float] | None:
    """The 95 % interval of a rate (Wilson, 1927), between 0 and 1.

    None when it is undefined: without trials, or with more successes than trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        return None
    rate, square = successes / trials, _Z * _Z
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = _Z / (1 + square / trials) * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


def _masks(leads: pd.DataFrame, counted: Iterable[Tally]) -> dict[str, _Mask]:
    # Tallies share most of their conditions: this cache compares each column with each value only once.
    cache: dict[Need, _Mask] = {}
    return {tally.id: _mask(leads, tally, cache) for tally in counted}


def _mask(leads: pd.DataFrame, tally: Tally, cache: dict[Need, _Mask]) -> _Mask:
    clauses = [reduce(np.logical_or, [_meets(leads, need, cache) for need in clause]) for clause in tally.clauses]
    return reduce(np.logical_and, clauses) if clauses else np.ones(len(leads), dtype=bool)


def _meets(leads: pd.DataFrame, need: Need, cache: dict[Need, _Mask]) -> _Mask:
    if need not in cache:
        cache[need] = holds(leads, need).to_numpy()
    return cache[need]


def _ratio(above: int, below: int, *, sampled: bool) -> Figure:
    if below == 0:
        return Figure(None, above, below)
    interval = wilson(above, below) if sampled else None
    return Figure(above / below, above, below, *_displayed(interval, "ratio"))


def _displayed(ends: tuple[float, float] | None, kind: str) -> tuple[float, float] | tuple[None, None]:
    """The ends of a range; none where both would be displayed alike."""
    decimals = DISPLAYED[kind]
    if ends is None or round(ends[0], decimals) == round(ends[1], decimals):
        return None, None
    return ends


def _estimates(measured: Mapping[str, Figure], schema: Schema) -> dict[str, Figure]:
    by_id = dict(measured)
    # The ends are multiplied along the whole chain, whether a figure on the way shows them or not.
    ends: dict[str, tuple[float, float]] = {}
    estimates = [metric for metric in metrics(schema) if metric.of]
    for metric in estimates:
        previous, ratio = by_id[metric.of], by_id[metric.times]
        behind = (by_id[metric.behind].value or 0) if metric.behind else 0
        # Where everybody entered behind the step, nothing is multiplied by a ratio that nobody knows.
        passed = 0.0 if ratio.value is None and previous.value == behind > 0 else ratio.value
        if previous.value is None or passed is None:
            by_id[metric.id] = Figure(None)
            continue
        low, high = ends.get(metric.of) or (previous.value, previous.value)
        share = wilson(ratio.numerator or 0, ratio.denominator or 0) or (passed, passed)
        ends[metric.id] = carried = (
            (low - behind) * share[0] + behind,
            (high - behind) * share[1] + behind,
        )
        value = (previous.value - behind) * passed + behind
        by_id[metric.id] = Figure(value, None, None, *_displayed(carried, "count"))
    return {metric.id: by_id[metric.id] for metric in estimates}


def _runway(
    tally: Mapping[str, int],
    context: MetricContext,
    *,
    coming: float | None,
    sample_days: float | None,
) -> dict[str, Figure]:
    schedule = tuple(max(0.0, float(number)) for number in context.runway.schedule)
    ready = tally["instantly_ready"]
    a_day = _mean_sending_day(schedule)
    until = _runs_out(ready, schedule, context.today)
    known = a_day is not None and coming is not None
    last = _runs_out(ready + coming, schedule, context.today) if known and coming is not None else None
    days = context.runway.lead_days if sample_days is None else sample_days
    return {
        "feed_days": Figure(ready / a_day if a_day else None),
        "feed_until": Figure(until),
        "feed_days_with_pipeline": Figure((ready + coming) / a_day if a_day and coming is not None else None),
        "next_export_by": Figure(None if last is None else last - math.ceil(days)),
    }


def _mean_sending_day(schedule: tuple[float, ...]) -> float | None:
    sending = [number for number in schedule if number > 0]
    return sum(sending) / len(sending) if sending else None


def _runs_out(leads: float, schedule: tuple[float, ...], today: float) -> int | None:
    """The serial date by which the schedule uses up some leads (today counts), to six decimals of a lead."""
    week = sum(schedule)
    if week <= 0:
        return None
    day = math.floor(today)
    # Whole weeks are skipped by arithmetic; the last one is walked.
    whole_weeks = max(0, math.ceil(round(leads / week, DECIMALS)) - 1)
    left = round(leads - whole_weeks * week, DECIMALS)
    sums = itertools.accumulate(schedule[(day + n + 5) % 7] for n in range(7))  # serial number 0 was a Saturday
    return day + 7 * whole_weeks + sum(round(total, DECIMALS) < left for total in sums)


def _coming(tally: Mapping[str, int], measured: Mapping[str, Figure], schema: Schema) -> float | None:
    """Expected HITs among the leads on their way to Instantly; None when a needed ratio is blank."""
    share: float | None = 1.0
    expected = 0.0
    for step, ratio in reversed(passing(schema)):
        value = measured[ratio].value
        share = None if share is None or value is None else share * value
        waiting = sum(tally[f"{step}_{state.suffix}"] for state in schema.states if state.on_its_way)
        if waiting and share is None:
            return None
        expected += waiting * (share or 0.0)
    return expected


def _conserved(tally: Mapping[str, int], schema: Schema, input_rows: Mapping[str, int]) -> bool:
    return all(
        sum(tally[f"{step.name}_{state.suffix}"] for state in schema.states_of(step)) == tally["leads_total"]
        and tally[f"{step.name}_{READY}"] == input_rows.get(step.name, 0)
        for step in schema.steps
    )
