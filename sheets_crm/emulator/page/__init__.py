"""The page at ``/``: the tabs of a spreadsheet as an editable grid, for a person without a Google account."""

from sheets_crm.emulator.page.app import page

__all__ = ["page"]
