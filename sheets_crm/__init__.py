"""A Google-Sheets-backed CRM sync service: operators work in the spreadsheet, the worker keeps it true."""

__version__ = "0.7.0"
