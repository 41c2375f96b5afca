"""The Master: every lead, and what verbs ask for of leads whatever step they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.erased import EraseLead, erase
from sheets_crm.engine.erased_cells import EraseMentions, erase_mentions
from sheets_crm.engine.features import Feature
from sheets_crm.engine.replay import ReplayChanges, replay
from sheets_crm.engine.restoring import RestoreLeads, restore
from sheets_crm.features.lead_rows import WIDTHS
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import MASTER


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """The Master: one row a lead."""
    columns = tuple(
        TabColumn(column.name, column.kind, width=WIDTHS.get(column.name, 130)) for column in schema.columns
    )
    yield TabSpec(
        MASTER,
        "Master",
        columns,
        LEAD_NUMBER,
        hidden=True,
        colour=0x202124,
        frozen_columns=1,
        policy=ReadPolicy.LEADS,
    )


FEATURE: Final = Feature(
    "leads",
    of_engine=True,
    tables=tables,
    handlers={EraseLead: erase, EraseMentions: erase_mentions, ReplayChanges: replay, RestoreLeads: restore},
)
