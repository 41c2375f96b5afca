"""The job that makes one run on a workbook."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from jobs.context import JobContext
from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report
from sheets_crm.errors import AccessError, Conflict, CredentialsError, RefusedPlan, Retryable
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)

FAILURES_OF_THE_RUN: Final = (AccessError, Conflict, CredentialsError, OSError, RefusedPlan, Retryable)
"""What no command brings about: it waits for a run that is not met by them."""


def run(context: JobContext) -> None:
    """Make one run, with the commands that jobs have handed in."""
    context.log(make_run(context, scheduled=True))


def make_run(context: JobContext, *, scheduled: bool) -> Report:
    """Make one run, with the commands that jobs have handed in; those that it did not come to wait for the next.

    Args:
        context: Of the workbook.
        scheduled: Whether it is one of a worker's runs.
    """
    commands = context.commands.take()
    try:
        report = _sync(context, commands, scheduled=scheduled)
    except FAILURES_OF_THE_RUN:
        context.commands.give_back(commands)
        raise
    except Exception:
        if not commands:
            raise
        return _one_by_one(context, commands, scheduled=scheduled)
    context.commands.finish(commands, went_through=True)
    return report


def _sync(context: JobContext, commands: Sequence[Command], *, scheduled: bool) -> Report:
    return context.application.sync(plan=False, now=False, force=False, scheduled=scheduled, commands=commands)


def _one_by_one(context: JobContext, commands: Sequence[Command], *, scheduled: bool) -> Report:
    """Make a run without commands, then one for each; a command that makes its own fail is dropped and reported.

    Otherwise one that cannot be done would keep ticks, imports and the other commands waiting for ever. The last run's
    report is the caller's to log; those before it are logged here.
    """
    left = list(commands)
    try:
        report = _sync(context, (), scheduled=scheduled)
        while left:
            try:
                context.log(report)
                report = _sync(context, left[:1], scheduled=scheduled)
                context.commands.finish(left[:1], went_through=True)
            except FAILURES_OF_THE_RUN:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this command's
                _LOG.debug("traceback", exc_info=error)
                _LOG.error(said("job.dropped", name=context.name, command=type(left[0]).__name__))
                context.commands.finish(left[:1], went_through=False)
            del left[0]
    except Exception:
        context.commands.give_back(left)
        raise
    return report
