"""The expression that counts the rows of Rejected that wait for a person."""

from __future__ import annotations

from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.tabs import REJECTED, REJECTED_COLUMNS, REJECTED_ES


def rejected_rows(where: Addresses) -> str:
    """Rows with a reason, without the headers of the blocks, which may be in either language."""
    place = REJECTED_COLUMNS.index("reason")
    letters = column_letters(place)
    reasons = f"{quoted(where.titles[REJECTED])}!${letters}$2:${letters}"
    headers = "".join(f'-COUNTIF({reasons};"{names[place]}")' for names in (REJECTED_COLUMNS, REJECTED_ES))
    return f"COUNTA({reasons}){headers}"
