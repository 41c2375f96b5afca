"""One run on a workbook, again and again."""

from __future__ import annotations

import logging
from typing import Protocol

from jobs.task import Task
from sheets_crm.sync.report import Report

_LOG = logging.getLogger(__name__)


class Syncs(Protocol):
    """What can make a run."""

    def sync(self, *, plan: bool, now: bool, force: bool, scheduled: bool) -> Report:
        """Make one run."""
        ...


def sync_task(application: Syncs, *, every_seconds: float, name: str = "sync") -> Task:
    """Make the task that syncs one workbook.

    Args:
        application: The workbook's application.
        every_seconds: From the end of one run to the start of the next.
        name: What it is called in messages; workbooks under one worker need different names.
    """
    said = ""

    def run() -> None:
        nonlocal said
        report = application.sync(plan=False, now=False, force=False, scheduled=True)
        # A quiet worker says the same thing every few seconds: once is enough.
        level = logging.DEBUG if report.title == said else logging.INFO
        said = report.title
        _LOG.log(level, "%s: %s", name, report.title)
        for note in report.notes:
            _LOG.log(level, "%s: %s", name, note)

    return Task(name, every_seconds, run)
