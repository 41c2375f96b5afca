"""Limits of Google Sheets that several packages respect, each declared once."""

from __future__ import annotations

from typing import Final

CELLS_LIMIT: Final = 10_000_000
"""Most cells of a spreadsheet, all tabs together (support.google.com/drive/answer/37603)."""

REQUESTS_A_MINUTE: Final = 60
"""Google's quota of one account, of reads and of writes each (developers.google.com/sheets/api/limits)."""
