"""The job that makes one run on a workbook."""

from __future__ import annotations

import logging
from typing import Protocol

from jobs.task import Task
from sheets_crm.engine.report import Report
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)


class Syncs(Protocol):
    """The part of an application that the job uses."""

    def sync(self, *, plan: bool, now: bool, force: bool, scheduled: bool) -> Report:
        """Make one run."""
        ...


def sync_task(application: Syncs, *, every_seconds: float, name: str = "sync") -> Task:
    """Make the task that syncs one workbook.

    Args:
        application: The workbook's application.
        every_seconds: Seconds from the end of one run to the start of the next.
        name: Its name in messages; workbooks under one worker need different names.
    """
    last_title = ""

    def run() -> None:
        nonlocal last_title
        report = application.sync(plan=False, now=False, force=False, scheduled=True)
        # An idle worker reports the same title every few seconds: once at INFO is enough.
        level = logging.DEBUG if report.title == last_title else logging.INFO
        last_title = report.title
        _LOG.log(level, said("job.says", name=name, text=report.title))
        for note in report.notes:
            _LOG.log(level, said("job.says", name=name, text=note))

    return Task(name, every_seconds, run)
