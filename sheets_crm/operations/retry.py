"""Retry: try the imports again that were set aside because they could not be merged."""

from __future__ import annotations

from dataclasses import replace

from sheets_crm.engine import archive, state
from sheets_crm.engine.reading import managed, set_aside_tabs
from sheets_crm.engine.report import Report
from sheets_crm.engine.retries import read_again
from sheets_crm.engine.session import RunRequest
from sheets_crm.messages import said
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.spool import waiting_files
from sheets_crm.workbook import requests
from sheets_crm.workbook.import_marks import CLAIM, ImportMark
from sheets_crm.workbook.tabs import SYSTEM


def retry(context: Context) -> Report:
    """Try again every import that was set aside: the tabs of the workbook, and the files kept on this machine.

    Returns:
        The report of the run; not ok when an import was set aside again.
    """
    tried = _tabs(context) + _files(context)
    files = waiting_files(context, set())
    result = context.run(RunRequest(now=True, whole=True, files=files))
    kept = archive.set_aside(context.settings.state_dir, context.settings.workbook)
    again = len({*result.set_aside, *(waiting.ref for waiting in kept)})
    title = said("retry.tried", count=tried, again=again) if tried else said("retry.none")
    return replace(run_report(result, context, heading=title), ok=not again)


def _files(context: Context) -> int:
    waiting = archive.set_aside(context.settings.state_dir, context.settings.workbook)
    for file in waiting:
        archive.try_again(context.settings.state_dir, file.name)
    return len(waiting)


def _tabs(context: Context) -> int:
    """Turn the tabs that were set aside back into claims, in one guarded write; the result is their number."""
    return read_again(context.retries, lambda: _claim_again(context))


def _claim_again(context: Context) -> int:
    settings = context.settings
    info = context.gateway.info()
    tabs = set_aside_tabs(info)
    if not tabs:
        return 0
    writes = []
    for tab, mark in tabs:
        writes += [requests.unmark(tab.mark_id)] if tab.mark_id is not None else []
        writes += [
            requests.mark(
                tab.sheet_id,
                ImportMark(CLAIM, mark.spans, mark.source, progress=mark.progress, named=mark.named).text,
            ),
            requests.tab_properties(tab.sheet_id, title=f"Claim {tab.sheet_id}", hidden=True),
            requests.protect(tab.sheet_id, settings.account),
        ]
    row = settings.system.row("sequence")
    writes.append(requests.write(managed(info)[SYSTEM].sheet_id, row, 1, [[info.sequence + 1]]))
    applied = context.gateway.apply(writes, sequence=info.sequence, token=context.new_run())
    state.save_facts(settings.state_dir, settings.workbook, {"sequence": applied.sequence})
    context.cache.advance(applied.sequence)
    return len(tabs)
