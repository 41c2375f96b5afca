"""The verbs that work on the whole workbook."""

from __future__ import annotations

from pathlib import Path

import click

from sheets_crm import __version__
from sheets_crm.cli.batch import batch
from sheets_crm.cli.job import job
from sheets_crm.cli.leads import forget, history, lead, reopen, restore
from sheets_crm.cli.local import demo, emulator
from sheets_crm.cli.new_workbook import init_new
from sheets_crm.cli.options import Chosen, StepName, json_option, pass_chosen
from sheets_crm.cli.progress import lines
from sheets_crm.cli.store import store
from sheets_crm.cli.webhooks import webhooks
from sheets_crm.messages import localize, said
from sheets_crm.pipeline.step_words import ENTRY_WORDS, KIND_WORDS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file.  [default: sheets_crm.toml in the working directory]",
)
@click.option("-v", "--verbose", count=True, help="Log more; twice for debug output.")
@click.version_option(__version__, prog_name="sheets-crm")
@pass_chosen
def cli(chosen: Chosen, config: Path | None, verbose: int) -> None:
    """Keep a Google-Sheets CRM workbook true.

    Operators work in the spreadsheet only; this does the rest.
    """
    chosen.config = config
    chosen.verbosity = verbose


@cli.command()
@click.option("--adopt", is_flag=True, help="Adopt a copied or rolled-back workbook as it is now.")
@click.option("--new", metavar="NAME", help="Create the spreadsheet first, and name it in the settings file.")
@click.option(
    "--share", metavar="EMAIL", multiple=True, help="With --new: make this person an editor; repeatable."
)
@json_option
@pass_chosen
def init(chosen: Chosen, adopt: bool, new: str | None, share: tuple[str, ...], as_json: bool) -> int:
    """Create or repair the workbook's tabs.

    Every tab, header, checkbox, protection and format is put in order; safe to repeat.
    """
    if new is not None:
        if adopt:
            raise click.UsageError(said("adopt_or_new"))
        if not new.strip():
            raise click.UsageError(said("new_blank"))
        return init_new(chosen, new.strip(), share, as_json=as_json)
    if share:
        raise click.UsageError(said("share_alone"))
    return chosen.report(lambda app: app.init(adopt=adopt), as_json=as_json)


@cli.command()
@click.option("--plan", is_flag=True, help="Show what a run would change; write nothing.")
@click.option("--now", is_flag=True, help="Do not wait until ticks and pasted blocks stop changing.")
@click.option("--force", is_flag=True, help="Carry out a refused plan, once you have checked it.")
@json_option
@pass_chosen
def sync(chosen: Chosen, plan: bool, now: bool, force: bool, as_json: bool) -> int:
    """Make one run.

    Processes ticks and outputs, and brings every tab up to date.
    """
    return chosen.report(lambda app: app.sync(plan=plan, now=now, force=force), as_json=as_json)


@cli.command()
@pass_chosen
def run(chosen: Chosen) -> None:
    """Run on a schedule until stopped.

    SIGTERM or Ctrl-C stops it between two requests.
    """
    settings = chosen.settings(several=True)
    from sheets_crm import scheduling  # noqa: PLC0415 - slow to load: settings are checked before

    with lines(chosen.verbosity + 1, lambda: chosen.language):  # a worker's messages are its only output
        scheduling.run_worker(settings)


@cli.command("import")
@click.argument("sources", metavar="FILE|URL...", nargs=-1, required=True)
@click.option(
    "--step",
    type=StepName("export", "contacts", words=KIND_WORDS),
    help="The step whose output the file is, if its header is ambiguous.",
)
@click.option("--target-id", help="TargetID for exported rows that have none.")
@click.option(
    "--enters",
    type=StepName("sending", words=ENTRY_WORDS),
    help="The step at which its people enter; those before it are not asked of them.",
)
@click.option("--plan", is_flag=True, help="Show what the file would change; write nothing.")
@json_option
@pass_chosen
def import_(
    chosen: Chosen,
    sources: tuple[str, ...],
    step: str | None,
    target_id: str | None,
    enters: str | None,
    plan: bool,
    as_json: bool,
) -> int:
    """Import CSV or XLSX files, or Google Sheets by URL.

    They are treated like a block pasted into the Inbox.
    """
    return chosen.report(
        lambda app: app.import_tables(list(sources), step=step, target_id=target_id, plan=plan, enters=enters),
        as_json=as_json,
    )


@cli.command()
@json_option
@pass_chosen
def status(chosen: Chosen, as_json: bool) -> int:
    """Show every metric and what needs attention.

    Writes nothing.
    """
    return chosen.report(lambda app: app.status(), as_json=as_json)


@cli.command()
@click.option("--probe", is_flag=True, help="Also test assumptions about Google on a throwaway workbook.")
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --probe: keep every request and answer in a new file, without secrets and addresses.",
)
@click.option(
    "--on",
    metavar="SPREADSHEET",
    help="With --probe: id or URL of a blank spreadsheet to alter, shared with the account as an Editor; "
    "by default one is made and deleted.",
)
@json_option
@pass_chosen
def doctor(chosen: Chosen, probe: bool, save: Path | None, on: str | None, as_json: bool) -> int:
    """Check settings, access and the workbook.

    Exit status 1 if something is wrong; writes nothing to the workbook. --probe writes to a throwaway workbook only:
    one that it makes and deletes, or a blank one that --on names.
    """
    _need_probe(probe, save=save, on=on)
    workbook = _spreadsheet(on)
    try:
        return chosen.report(lambda app: app.doctor(probe=probe, save=save, on=workbook), as_json=as_json)
    except KeyboardInterrupt:
        if save and save.exists():
            click.echo(localize("probe.saved", chosen.language, path=save), err=True)
        raise


def _need_probe(probe: bool, **options: object) -> None:
    given = [f"--{name}" for name, value in options.items() if value is not None]
    if given and not probe:
        raise click.UsageError(said("usage.of_probe" if len(given) > 1 else "usage.one_of_probe", options=given))


def _spreadsheet(text: str | None) -> str:
    """The id in the id or URL that was given; "" for none."""
    if text is None:
        return ""
    from sheets_crm.config import spreadsheet_id  # noqa: PLC0415 - keeps --help fast

    try:
        workbook = spreadsheet_id(text)
    except ValueError as error:
        raise click.UsageError(said("settings.wrong", where="--on", problem=error.args[0])) from None
    if not workbook:
        raise click.UsageError(said("settings.wrong", where="--on", problem=said("usage.no_spreadsheet")))
    return workbook


@cli.command()
@json_option
@pass_chosen
def retry(chosen: Chosen, as_json: bool) -> int:
    """Retry the imports that were set aside.

    Exit status 1 if any of them still cannot be merged.
    """
    return chosen.report(lambda app: app.retry(), as_json=as_json)


for _command in (demo, emulator, job, batch, reopen, forget, restore, lead, history, store, webhooks):
    cli.add_command(_command)
