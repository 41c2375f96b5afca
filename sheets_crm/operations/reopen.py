"""Reopening from the command line: one lead at a step, or every lead of a Box 1 version."""

from __future__ import annotations

from dataclasses import replace

from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import SettingsError
from sheets_crm.features.reopening import ReopenLead, ReopenVersion, of_version, refuse_version, touched
from sheets_crm.messages import said
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.step_names import refuse_unknown


def reopen(context: Context, lead: str, *, step: str, reason: str) -> Report:
    """Open another attempt of one lead at a step.

    Raises:
        SettingsError: The step is unknown or the reason is blank.
        SheetError: The lead is unknown, or was never sent to that step.
    """
    refuse_unknown(step, context.settings.schema)
    if not reason:
        raise SettingsError(said("reason_blank"))
    request = RunRequest(now=True, commands=(ReopenLead(lead, step, reason),))
    return run_report(context.run(request), context)


def reopen_version(context: Context, version: str, *, reason: str, also_sent: bool = False) -> Report:
    """Open another Box 1 attempt for every lead whose result is of one version; Box1 History keeps the results.

    Leads that are still out at Box 1 under that version are left alone: they have no result yet. So are those that
    were already sent to Instantly, unless `also_sent` asks for them.

    Raises:
        SettingsError: Box 1 is not in use, or the version or the reason is blank.
        SheetError: No lead has a result of that version.
    """
    refuse_unknown("box1", context.settings.schema)
    if not version or not reason:
        raise SettingsError(said("version_blank"))
    request = RunRequest(now=True, commands=(ReopenVersion(version, reason, also_sent),))
    result = context.run(request)
    opened = sum(plan.summary.reopened for plan in result.plans)
    leads = said("count.lead", count=opened)
    heading = said("reopen.done", leads=leads) if opened else said("reopen.nobody", version=version)
    report = run_report(result, context, heading=heading)
    after = result.snapshot
    left = 0 if also_sent or after is None else len(of_version(after, version))
    return replace(report, notes=[*result.answers, *report.notes], json={**report.json, "left_out": left})


def version_plan(context: Context, version: str, *, also_sent: bool = False) -> Report:
    """Whom `reopen_version` would touch, and whom it would leave out; nothing is written.

    Raises:
        SettingsError: Box 1 is not in use.
        SheetError: No lead has a result of that version.
    """
    refuse_unknown("box1", context.settings.schema)
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    whom = touched(snapshot, version, context.settings.schema)
    if not whom.numbers:
        refuse_version(snapshot, version)
    opened = whom.opened(also_sent=also_sent)
    what = said("reopen.opens", leads=said("count.lead", count=len(opened)))
    body = {
        "planned": True,
        "version": version,
        "leads": len(whom.numbers),
        "waiting": whom.waiting,
        "sent": len(whom.sent),
        "converted": whom.converted,
        "reopened": len(opened),
        "left_out": len(whom.numbers) - len(opened),
    }
    notes = whom.sentences(also_sent=also_sent)
    return Report(said("reopen.plan", what=what), notes=notes, json=body)
