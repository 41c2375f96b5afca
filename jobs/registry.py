"""The registry of jobs: name, trigger, module, and where the work is; nothing of a job is imported before it runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from jobs.triggers import Every, Trigger, parse_trigger
from sheets_crm.messages import said


@dataclass(frozen=True, slots=True)
class Job:
    """One job, as the registry knows it.

    Attributes:
        name: Its name in settings, messages and on the command line.
        trigger: When it runs, unless ``[jobs]`` of the settings says otherwise.
        work: ``package.module:function``; the function is given a `JobContext`, and raises when it fails.
        module: The module that it belongs to (`sheets_crm.features.modules`); "" for the core.
        of_worker: Whether it is the worker's own: once a worker, not once a workbook, and never by itself.
        at_start: Whether its first turn is at the start of the worker, however recently it ran.
        between: ``package.module:function`` of what is looked after each minute between its runs; "" for nothing.
    """

    name: str
    trigger: str
    work: str
    module: str = ""
    of_worker: bool = False
    at_start: bool = False
    between: str = ""

    def load(self) -> Callable[[Any], None]:
        """Import the job's function."""
        return _imported(self.work)

    def load_between(self) -> Callable[[Any], None]:
        """Import the function of what is looked after between its runs."""
        return _imported(self.between)


def _imported(place: str) -> Callable[[Any], None]:
    path, _, attribute = place.partition(":")
    function: Callable[[Any], None] = getattr(import_module(path), attribute)
    return function


ALERTS: Final = "alerts"
"""What the job of that name belongs to: neither the core nor one module, but whatever tells alerts."""

SYNC: Final = Job("sync", "15s", "jobs.sync_job:run", at_start=True)

JOBS: Final = (
    SYNC,
    Job("heartbeat", "60s", "jobs.heartbeat_job:run", of_worker=True, at_start=True),
    Job("feeds", "10m", "jobs.feeds_job:run", module="instantly"),
    Job("retention", "03:00", "jobs.retention_job:run", module="instantly"),
    Job("runners", "2m", "jobs.runners_job:run", module="instantly"),
    Job("alerts", "2h", "jobs.alerts_job:run", module=ALERTS, between="jobs.alerts_job:at_once"),
)
"""Every job, in the order in which they are listed."""


def switched_on(modules: Collection[str]) -> tuple[Job, ...]:
    """The jobs of the core and of the modules, or other parts, that are switched on."""
    return tuple(job for job in JOBS if not job.module or job.module in modules)


def trigger_of(job: Job, triggers: Mapping[str, str], interval_seconds: float) -> Trigger:
    """When a job runs.

    Args:
        job: The job.
        triggers: ``[jobs]`` of the settings, checked by `problems`.
        interval_seconds: The setting, which is the trigger of `SYNC`.
    """
    return Every(interval_seconds) if job is SYNC else parse_trigger(triggers.get(job.name, job.trigger))


def problems(triggers: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with ``[jobs]`` of the settings, each as a sentence without its point."""
    changeable = [job.name for job in JOBS if job is not SYNC]
    for name, text in triggers.items():
        if name == SYNC.name:
            yield said("setting.job_sync")
        elif name not in changeable:
            yield said("setting.unknown_job", name=name, names=changeable)
        else:
            try:
                parse_trigger(text)
            except ValueError as error:
                yield said("setting.job_trigger", name=name, problem=error.args[0])
