"""The verb on jobs."""

from __future__ import annotations

from collections.abc import Collection

import click

from sheets_crm.cli.options import Chosen, json_option, pass_chosen
from sheets_crm.cli.render import show
from sheets_crm.messages import said

LIST = "list"
"""The word in place of a job's name that lists all."""


@click.command()
@click.argument("name", metavar="list|NAME")
@click.option(
    "--as-of",
    metavar="TIME",
    help="Let the job work as if it were then: an ISO time, such as 2026-11-30T03:00+01:00.",
)
@json_option
@pass_chosen
def job(chosen: Chosen, name: str, as_of: str | None, as_json: bool) -> int:
    """List the scheduled jobs, or run one now.

    A job that is run ends with a run of the workbook, so that its effect is there; cron and the like can call it. That
    run is always one of now.
    """
    if name == LIST:
        if as_of is not None:
            raise click.UsageError(said("usage.as_of_list", option="--as-of"))
        settings = chosen.settings(several=True)
        from sheets_crm import scheduling  # noqa: PLC0415 - slow to load: settings are checked before

        return show(scheduling.list_jobs(settings), as_json=as_json, language=chosen.language)
    moment = None if as_of is None else _moment(as_of)
    settings = chosen.settings()
    _need_job(name, settings.parts_on)
    _need_own_work(name, as_of)
    from sheets_crm import scheduling  # noqa: PLC0415 - slow to load: settings are checked before

    with chosen.progress():
        report = scheduling.run_job(settings, name, as_of=moment)
    return show(report, as_json=as_json, language=chosen.language)


def _moment(text: str) -> float:
    from sheets_crm.clock import moment_of  # noqa: PLC0415 - keeps --help fast

    try:
        return moment_of(text)
    except ValueError as error:
        raise click.UsageError(said("settings.wrong", where="--as-of", problem=error.args[0])) from None


def _need_job(name: str, parts: Collection[str]) -> None:
    from jobs.registry import switched_on  # noqa: PLC0415 - keeps --help fast

    jobs = {job.name: job for job in switched_on(parts)}
    if name not in jobs:
        names = [LIST, *(job.name for job in jobs.values() if not job.of_worker)]
        raise click.UsageError(said("usage.unknown_job", name=name, names=names))
    if jobs[name].of_worker:
        raise click.UsageError(said("usage.job_of_worker", name=name))


def _need_own_work(name: str, as_of: str | None) -> None:
    """Refuse the option where it would do nothing: sync is a run of the workbook and nothing else."""
    from jobs.registry import SYNC  # noqa: PLC0415 - keeps --help fast

    if name == SYNC.name and as_of is not None:
        raise click.UsageError(said("usage.as_of_sync", option="--as-of"))
