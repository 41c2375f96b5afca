"""Log: one row a run that changed something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import LOG

COLUMNS: Final = (
    TabColumn("when", Kind.WHEN, width=140, es="cuándo"),
    TabColumn("run", width=110, es="pasada"),
    TabColumn("result", width=110, es="resultado"),
    TabColumn("what", width=680, es="qué"),
    TabColumn("sent", Kind.WHOLE, width=80, es="enviados"),
    TabColumn("merged", Kind.WHOLE, width=70, es="unidas"),
    TabColumn("rejected", Kind.WHOLE, width=95, es="rechazadas"),
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Log: the engine writes its rows."""
    yield TabSpec(LOG, "Log", COLUMNS, policy=ReadPolicy.END, group=Group.SETUP, rare=True, newest_first=True)


FEATURE: Final = Feature("log", tables=tables)
