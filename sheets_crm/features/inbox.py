"""Inbox: where operators paste what the tools answer; it is merged like every other import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.features import imports, marked_blocks
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.signals import Signal, import_signal
from sheets_crm.workbook.tabs import INBOX

WAITING: Final = Signal(INBOX, lambda where, _panel: import_signal([where.titles[INBOX]]).text)
"""Filled cells of the import tabs; runs rewrite it when operators add or remove such tabs."""


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Inbox: a free tab."""
    yield TabSpec(
        INBOX,
        "Inbox",
        free=True,
        colour=0xE91E63,
        policy=ReadPolicy.NEVER,
        signals=(WAITING,),
        group=Group.PROSPECTING,
    )


FEATURE: Final = Feature(
    "inbox",
    tables=tables,
    commands=imports.commands,
    handlers={imports.MergeImports: imports.merge_imports},
    conclude=marked_blocks.conclude,
)
