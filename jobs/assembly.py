"""From the registry to tasks: which jobs a workbook has, when they run, and with what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from jobs.context import JobContext
from jobs.registry import SYNC, Job, switched_on, trigger_of
from jobs.task import Task
from jobs.triggers import Off, Trigger


@dataclass(frozen=True, slots=True)
class Plan:
    """Which jobs run, and when, as the settings say.

    Attributes:
        interval_seconds: The trigger of sync.
        triggers: ``[jobs]``: triggers that are other than the registry's.
        modules: The modules that are switched on.
    """

    interval_seconds: float
    triggers: Mapping[str, str] = field(default_factory=dict)
    modules: Collection[str] = ()

    def jobs(self, *, of_worker: bool) -> Iterator[tuple[Job, Trigger]]:
        """Yield the jobs of a workbook, or those of the worker itself, each with its trigger."""
        for job in switched_on(self.modules):
            if job.of_worker == of_worker:
                yield job, trigger_of(job, self.triggers, self.interval_seconds)


def task_name(job: Job, workbook: str = "") -> str:
    """The name of a job's task: the job's, or for one of several workbooks that of the workbook.

    Args:
        job: The job.
        workbook: Name of one of several workbooks; "" for the only one, and for the worker itself.
    """
    if not workbook:
        return job.name
    return workbook if job is SYNC else f"{workbook}: {job.name}"


def task_key(job: Job, spreadsheet_id: str) -> str:
    """What leases and records call a job's task: whatever the settings call the workbook, they mean the same one."""
    return job.name if job.of_worker or not spreadsheet_id else f"{job.name} {spreadsheet_id[:44]}"


def tasks(
    plan: Plan, context: JobContext, zone: Callable[[], str], workbook: str = "", *, of_worker: bool = False
) -> Iterator[Task]:
    """Yield the tasks of one workbook, or of the worker itself.

    Args:
        plan: Which jobs run, and when.
        context: What they are given; its commands are shared by all jobs of the workbook.
        zone: Name of the workbook's time zone.
        workbook: Name of one of several workbooks; "" for the only one.
        of_worker: Whether the worker's own jobs are meant.
    """
    for job, trigger in plan.jobs(of_worker=of_worker):
        if isinstance(trigger, Off):
            continue
        own = replace(context, name=task_name(job, workbook))
        key = task_key(job, context.spreadsheet_id)
        run = partial(_run, job, own)
        between = partial(_between, job, own) if job.between else None
        yield Task(
            own.name, trigger, run, zone, at_start=job.at_start, alone=not of_worker, key=key, between=between
        )


def _run(job: Job, context: JobContext) -> None:
    """Run a job; it is imported by its first run, in its own thread."""
    job.load()(context)


def _between(job: Job, context: JobContext) -> None:
    """Look after what a job has between its runs."""
    job.load_between()(context)
