"""Versions: results and replies by Box 1 version, by version of each prompt, and by TargetID."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import VERSIONS


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Versions: formulas alone, which the worker does not read."""
    yield TabSpec(
        VERSIONS,
        "Versions",
        es="Versiones",
        colour=0xF9AB00,
        policy=ReadPolicy.NEVER,
        group=Group.TODAY,
    )


FEATURE: Final = Feature("versions", tables=tables)
