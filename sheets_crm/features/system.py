"""System: the signals that a poll reads, and what the engine keeps in the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import SYSTEM


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """System: hidden."""
    yield TabSpec(SYSTEM, "System", hidden=True, colour=0x202124, policy=ReadPolicy.WHOLE)


FEATURE: Final = Feature("system", of_engine=True, tables=tables)
