"""Reopening from the command line: one lead at a step, or every lead of a Box 1 version."""

from __future__ import annotations

from sheets_crm.engine.report import Report
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import SettingsError
from sheets_crm.features.reopening import ReopenLead, ReopenVersion
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
        raise SettingsError("--reason is blank; say why, it is recorded.")
    request = RunRequest(now=True, commands=(ReopenLead(lead, step, reason),))
    return run_report(context.run(request), context)


def reopen_version(context: Context, version: str, *, reason: str) -> Report:
    """Open another Box 1 attempt for every lead whose result is of one version; Box1 History keeps the results.

    Leads that are still out at Box 1 under that version are left alone: they have no result yet.

    Raises:
        SettingsError: Box 1 is not in use, or the version or the reason is blank.
        SheetError: No lead has a result of that version.
    """
    refuse_unknown("box1", context.settings.schema)
    if not version or not reason:
        raise SettingsError("--version and --reason must not be blank; both are recorded.")
    request = RunRequest(now=True, commands=(ReopenVersion(version, reason),))
    return run_report(context.run(request), context)
