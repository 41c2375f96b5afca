"""Alerts: find what somebody has to know of, tell it once, and let the workbook show it."""

from __future__ import annotations

from jobs.context import JobContext


def run(context: JobContext) -> None:
    """Look at everything; what the workbook is to show is handed to its next run.

    Raises:
        CrmError: The workbook cannot be read; what needs no look at it was told.
    """
    if context.alerting is not None:
        context.commands.hand(*context.alerting().whole())


def at_once(context: JobContext) -> None:
    """Tell what does not wait for the next turn: a job that fails, what has happened, what quiet hours held back."""
    if context.alerting is not None:
        context.commands.hand(*context.alerting().at_once())
