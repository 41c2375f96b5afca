"""Moments of a workbook as the store keeps them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sheets_crm.workbook.cells import Cell, moment


def moment_in_utc(cell: Cell, zone: ZoneInfo) -> dt.datetime | None:
    """The moment of a cell, in UTC; None for a cell that holds none.

    Args:
        cell: The cell, a serial number.
        zone: The workbook's zone.
    """
    if isinstance(cell, str | bool):
        return None
    try:
        return moment(cell).replace(tzinfo=zone).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
