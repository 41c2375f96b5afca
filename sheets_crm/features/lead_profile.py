"""Lead Profile: all that is known about one lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import LEAD_PROFILE


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Lead Profile: all that is known about one lead."""
    yield TabSpec(LEAD_PROFILE, "Lead Profile", colour=0x137333, policy=ReadPolicy.NEVER, group=Group.TODAY)


FEATURE: Final = Feature("lead profile", tables=tables)
