"""The command line: plain verbs over `sheets_crm.bootstrap`, for people and for scripts (``--json``)."""

from sheets_crm.cli.run import main

__all__ = ["main"]
