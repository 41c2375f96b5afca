"""The verbs on leads: reopen, forget, restore, lead show, history."""

from __future__ import annotations

import sys

import click

from sheets_crm.cli.options import Chosen, StepName, json_option, pass_chosen
from sheets_crm.messages import localize, said


@click.command()
@click.argument("lead", required=False)
@click.option("--step", type=StepName(), required=True, help="The step to repeat.")
@click.option("--version", help="Instead of LEAD: every lead whose Box 1 result is of this version.")
@click.option("--reason", required=True, help="The reason; it is recorded.")
@click.option("--also-sent", is_flag=True, help="With --version: also leads already sent to Instantly.")
@click.option("--plan", is_flag=True, help="With --version: show whom it touches; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
@pass_chosen
def reopen(
    chosen: Chosen,
    lead: str | None,
    step: str,
    version: str | None,
    reason: str,
    also_sent: bool,
    plan: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Repeat a step for LEAD, or for a whole Box 1 version.

    LEAD is a LeadNumber or an e-mail address. With --version, leads already sent to Instantly are left out, and on a
    terminal it shows first whom it touches and asks; without a terminal it asks nothing.
    """
    why = reason.strip()
    if not why:
        raise click.UsageError(said("reason_blank"))
    if version is not None:
        _refuse_beside_version(lead, step, version)
        return _reopen_version(chosen, version.strip(), why, also_sent, plan=plan, yes=yes, as_json=as_json)
    if also_sent or plan:
        raise click.UsageError(said("also_sent_alone" if also_sent else "plan_alone"))
    if lead is None:
        raise click.UsageError(said("give_lead"))
    return chosen.report(lambda app: app.reopen(lead, step=step, reason=why), as_json=as_json)


def _reopen_version(
    chosen: Chosen, version: str, reason: str, also_sent: bool, *, plan: bool, yes: bool, as_json: bool
) -> int:
    if plan:
        return chosen.report(lambda app: app.reopen_version_plan(version, also_sent=also_sent), as_json=as_json)
    # A script has nobody to ask, and goes on as it always did; --json is one.
    if not yes and not as_json and sys.stdin.isatty():
        chosen.report(lambda app: app.reopen_version_plan(version, also_sent=also_sent), as_json=False)
        click.confirm(localize("reopen.ask", chosen.language), abort=True, err=True)
    return chosen.report(
        lambda app: app.reopen_version(version, reason=reason, also_sent=also_sent), as_json=as_json
    )


def _refuse_beside_version(lead: str | None, step: str, version: str) -> None:
    if lead is not None:
        raise click.UsageError(said("lead_or_version"))
    if step != "box1":
        raise click.UsageError(said("version_of_box1"))
    if not version.strip():
        raise click.UsageError(said("no_version_given"))


@click.command()
@click.argument("lead")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
@pass_chosen
def forget(chosen: Chosen, lead: str, yes: bool, as_json: bool) -> int:
    """Erase LEAD everywhere.

    LEAD is a LeadNumber or an e-mail address. The next import refuses the same person.
    """
    if not yes:
        _confirm(localize("forget.ask", chosen.language, lead=lead), said("confirm_forget"), as_json=as_json)
    return chosen.report(lambda app: app.forget(lead), as_json=as_json)


def _confirm(question: str, otherwise: str, *, as_json: bool) -> None:
    """Ask a person; where nobody can be asked, say what to give instead."""
    if as_json or not sys.stdin.isatty():
        raise click.UsageError(otherwise)
    click.confirm(question, abort=True, err=True)


@click.command()
@click.argument("leads", metavar="LEAD...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every lead on record that the Master lacks.")
@click.option("--plan", is_flag=True, help="Show who would come back; write nothing.")
@json_option
@pass_chosen
def restore(chosen: Chosen, leads: tuple[str, ...], everything: bool, plan: bool, as_json: bool) -> int:
    """Bring leads back that were deleted from the Master.

    LEAD is a LeadNumber or an e-mail address. They come back from this machine's journal, with their LeadNumber and
    states; who was erased by forget never does. Exit status 1 if none of those asked for comes back.
    """
    if bool(leads) == everything:
        raise click.UsageError(said("lead_or_all"))
    return chosen.report(lambda app: app.restore(list(leads), everything=everything, plan=plan), as_json=as_json)


@click.group()
def lead() -> None:
    """Show what is known of one lead."""


@lead.command("show")
@click.argument("lead", metavar="LEAD")
@click.option(
    "--limit", "most", type=click.IntRange(min=1), default=50, show_default=True, help="Parts of the story."
)
@json_option
@pass_chosen
def lead_show(chosen: Chosen, lead: str, most: int, as_json: bool) -> int:
    """Show LEAD: its cells in the Master, and what modules heard of it, the newest first.

    LEAD is a LeadNumber or an e-mail address.
    """
    return chosen.report(lambda app: app.lead_show(lead, most=most), as_json=as_json)


@click.command()
@click.argument("lead")
@json_option
@pass_chosen
def history(chosen: Chosen, lead: str, as_json: bool) -> int:
    """Show every recorded change of LEAD.

    LEAD is a LeadNumber or an e-mail address.
    """
    return chosen.report(lambda app: app.history(lead), as_json=as_json)
