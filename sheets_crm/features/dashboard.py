"""Dashboard: what to do today and key figures, then every metric as a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.features.figures import formula_differences
from sheets_crm.messages import Problem
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import dashboard
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import DASHBOARD


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Dashboard: what to do today and key figures, then every metric as a formula."""
    yield TabSpec(
        DASHBOARD,
        "Dashboard",
        colour=0xF9AB00,
        policy=ReadPolicy.RESULTS,
        results=dashboard.results(schema),
        group=Group.TODAY,
    )


def differences(snapshot: Snapshot, settings: RunSettings, moment: dt.datetime) -> Iterator[Problem]:
    """Yield the metrics whose formula shows another value than the worker computes."""
    for name, shown, counted in formula_differences(snapshot, settings, moment):
        yield Problem("metric_differs", metric=name, shown=str(shown), counted=str(counted))


FEATURE: Final = Feature("dashboard", tables=tables, differences=differences)
