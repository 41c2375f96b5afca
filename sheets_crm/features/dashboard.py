"""Dashboard: every metric as a formula, and the charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import dashboard
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import DASHBOARD


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Dashboard: every metric as a formula, and the charts."""
    yield TabSpec(
        DASHBOARD,
        "Dashboard",
        colour=0xF9AB00,
        policy=ReadPolicy.RESULTS,
        results=dashboard.results(schema),
        group=Group.TODAY,
    )


FEATURE: Final = Feature("dashboard", tables=tables)
