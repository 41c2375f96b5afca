"""Forget: erase one person everywhere the worker can reach, and refuse the same person on the next import."""

from __future__ import annotations

from sheets_crm.errors import CrmError
from sheets_crm.operations.context import Context
from sheets_crm.sync.report import Report


def forget(context: Context, lead: str) -> Report:
    """Erase one person."""
    raise CrmError(f"forget {lead}: not available yet in this version.", remedy="", state="Nothing was changed.")
