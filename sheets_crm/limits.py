"""Limits of Google Sheets that several rooms respect, each declared once."""

from __future__ import annotations

from typing import Final

CELLS_LIMIT: Final = 10_000_000
"""Most cells of a spreadsheet, all tabs together (support.google.com/drive/answer/37603)."""
