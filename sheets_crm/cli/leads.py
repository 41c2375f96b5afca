"""The verbs on one lead: reopen, forget, history."""

from __future__ import annotations

import sys

import click

from sheets_crm.cli.options import Chosen, StepName, json_option, pass_chosen


@click.command()
@click.argument("lead", required=False)
@click.option("--step", type=StepName(), required=True, help="The step to repeat.")
@click.option("--version", help="Instead of LEAD: every lead whose Box 1 result is of this version.")
@click.option("--reason", required=True, help="The reason; it is recorded.")
@json_option
@pass_chosen
def reopen(chosen: Chosen, lead: str | None, step: str, version: str | None, reason: str, as_json: bool) -> int:
    """Repeat a step for LEAD, or for a whole Box 1 version.

    LEAD is a LeadNumber or an e-mail address.
    """
    why = reason.strip()
    if not why:
        raise click.UsageError("--reason is blank; say why, it is recorded")
    if version is not None:
        _refuse_beside_version(lead, step, version)
        return chosen.report(lambda app: app.reopen_version(version.strip(), reason=why), as_json=as_json)
    if lead is None:
        raise click.UsageError("give a LEAD or --version")
    return chosen.report(lambda app: app.reopen(lead, step=step, reason=why), as_json=as_json)


def _refuse_beside_version(lead: str | None, step: str, version: str) -> None:
    if lead is not None:
        raise click.UsageError("give a LEAD or --version, not both")
    if step != "box1":
        raise click.UsageError("--version requires --step box1: only Box 1 has versions")
    if not version.strip():
        raise click.UsageError("--version is blank")


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
        _confirm(lead, as_json=as_json)
    return chosen.report(lambda app: app.forget(lead), as_json=as_json)


def _confirm(lead: str, *, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty():
        raise click.UsageError("erasing cannot be undone; without a terminal to confirm on, give --yes")
    click.confirm(
        f"Permanently erase {lead} from the workbook, the archives and the journal?", abort=True, err=True
    )


@click.command()
@click.argument("lead")
@json_option
@pass_chosen
def history(chosen: Chosen, lead: str, as_json: bool) -> int:
    """Show every recorded change of LEAD.

    LEAD is a LeadNumber or an e-mail address.
    """
    return chosen.report(lambda app: app.history(lead), as_json=as_json)
