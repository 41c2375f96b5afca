"""The roles of the tabs, which their marks hold: people may change a title, not this."""

from __future__ import annotations

from typing import Final

from sheets_crm.workbook import roles
from sheets_crm.workbook.roles import INBOX as INBOX  # noqa: PLC0414 - for modules that name tabs
from sheets_crm.workbook.roles import LOG as LOG  # noqa: PLC0414
from sheets_crm.workbook.roles import SYSTEM as SYSTEM  # noqa: PLC0414
from sheets_crm.workbook.roles import batch_key as batch_key  # noqa: PLC0414
from sheets_crm.workbook.roles import input_key as input_key  # noqa: PLC0414
from sheets_crm.workbook.roles import step_of as step_of  # noqa: PLC0414

CONTROL: Final = roles.PANEL
DASHBOARD: Final = "dashboard"
REJECTED: Final = "rejected"
BATCHES: Final = "batches"
IMPORTS: Final = "imports"
STORAGE: Final = "storage"
BOX1_HISTORY: Final = "box1_history"
LEAD_PROFILE: Final = "lead_profile"
HISTORY: Final = "history"
VOCABULARY: Final = "vocabulary"
MASTER: Final = roles.LEADS
REJECTED_COLUMNS: Final = ("retry", "discard", "reason", "remedy", "source", "row")
