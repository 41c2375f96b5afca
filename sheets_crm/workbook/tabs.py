"""The roles of the tabs, which their marks hold: people may change a title, not this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import roles
from sheets_crm.workbook.roles import INBOX as INBOX  # noqa: PLC0414 - for modules that name tabs
from sheets_crm.workbook.roles import LOG as LOG  # noqa: PLC0414
from sheets_crm.workbook.roles import SYSTEM as SYSTEM  # noqa: PLC0414
from sheets_crm.workbook.roles import batch_key as batch_key  # noqa: PLC0414
from sheets_crm.workbook.roles import input_key as input_key  # noqa: PLC0414
from sheets_crm.workbook.roles import step_of as step_of  # noqa: PLC0414

CONTROL: Final = roles.PANEL
DASHBOARD: Final = "dashboard"
VERSIONS: Final = "versions"
REJECTED: Final = "rejected"
BATCHES: Final = "batches"
IMPORTS: Final = "imports"
STORAGE: Final = "storage"
BOX1_HISTORY: Final = "box1_history"
LEAD_PROFILE: Final = "lead_profile"
HISTORY: Final = "history"
VOCABULARY: Final = "vocabulary"
HEADERS: Final = "headers"
ALERTS: Final = "alerts"
NOTICES: Final = "notices"
MASTER: Final = roles.LEADS
REJECTED_COLUMNS: Final = ("retry", "discard", "reason", "remedy", "source", "row")
REJECTED_ES: Final = ("reintentar", "descartar", "motivo", "qué hacer", "origen", "fila")
"""The same in Spanish; both are understood, since a workbook keeps the blocks that it has."""


def rejected_columns(language: str) -> tuple[str, ...]:
    """The fixed headers of a block of Rejected in a language ("es" or "en")."""
    return REJECTED_ES if language == "es" else REJECTED_COLUMNS


def begins_block(row: Sequence[object]) -> bool:
    """Whether a row of Rejected is the header of a block, in either language."""
    names = zip(REJECTED_COLUMNS[:2], REJECTED_ES[:2], strict=True)
    return len(row) > 1 and all(
        str(cell).strip().casefold() in both for cell, both in zip(row, names, strict=False)
    )


def is_left_out(key: str, schema: Schema) -> bool:
    """Whether a tab belongs to a built-in step that is not in use, or to its results: stored leads, earlier results."""
    brings = {STORAGE: "storage", BOX1_HISTORY: "box1_result"}
    left_out = {step.name for step in schema.left_out}
    return step_of(key) in left_out or (key in brings and not schema.has(brings[key]))
