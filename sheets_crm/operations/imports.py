"""Import files and shared spreadsheets in the same way as pasted blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheets_crm.engine import archive
from sheets_crm.engine.report import Report
from sheets_crm.engine.session import RunRequest, RunResult
from sheets_crm.engine.snapshot import PendingImport
from sheets_crm.errors import AccessError, CrmError, FileError, RefusedPlan, SettingsError, SheetError
from sheets_crm.files import read_table
from sheets_crm.messages import Explained, Problem, said
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.spool import waiting_files
from sheets_crm.operations.step_names import refuse_unknown
from sheets_crm.pipeline.imports import recognise
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.text import CELL_LIMIT, length, too_long
from sheets_crm.workbook.cells import quoted

SHEET_URL = re.compile(r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{20,})")
URL = re.compile(r"[a-z]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an imported file or spreadsheet: its name and its cells."""

    name: str
    cells: list[list[str]]


def import_tables(
    context: Context, sources: list[str], *, step: str | None, target_id: str | None, plan: bool
) -> Report:
    """Merge files, or spreadsheets by URL, into the workbook.

    Args:
        context: The workbook, and the ports that a run uses.
        sources: Paths of CSV or XLSX files, or URLs of Google Sheets shared with the service account.
        step: Step whose output they are, for headers that are ambiguous.
        target_id: TargetID of new leads whose row has none.
        plan: Only report what would change.

    Raises:
        FileError: One of them cannot be read or recognised; nothing of any was merged.
    """
    if step is not None:
        refuse_unknown(step, context.settings.schema, *PEOPLE)
    if target_id is not None and too_long(target_id):
        raise SettingsError(
            said("target_too_long", count=length(target_id), most=CELL_LIMIT),
            remedy=said("target_too_long.remedy"),
            state=said("not_merged"),
        )
    read = [
        (label, tables, _recognised(context, label, tables, step)) for label, tables in _read(context, sources)
    ]
    files = [
        _source(context, label, tables, recognised, target_id, plan=plan) for label, tables, recognised in read
    ]
    waiting = [] if plan else waiting_files(context, {source.ref for source in files})
    result = context.run(RunRequest(now=True, plan_only=plan, files=[*waiting, *files]))
    _refuse_set_aside(result, files)
    return run_report(result, context, planned=plan)


def _refuse_set_aside(result: RunResult, files: list[PendingImport]) -> None:
    """Fail when a file of this command could not be merged; the rest of the run is done.

    Raises:
        SheetError: With the reason; the file is kept.
    """
    for source in files:
        error = result.set_aside.get(source.ref)
        if error is None:
            continue
        reason = error.message if isinstance(error, CrmError) else said("import_unexpected", kind=str(error))
        texts: dict[str, Any] = {
            "message": said("import_failed", source=source.label, reason=reason),
            "state": said("import_kept"),
            "remedy": said("import_kept.remedy"),
        }
        if isinstance(error, RefusedPlan):
            raise RefusedPlan(**texts, cause=error.cause, numbers=error.numbers) from error
        raise SheetError(**texts) from error


def _read(context: Context, sources: list[str]) -> list[tuple[str, list[Sheet]]]:
    read = []
    for source in sources:
        url = SHEET_URL.match(source)
        if url:
            read.append((f"Google Sheet {url.group(1)[:12]}…", _shared(context, source, url.group(1))))
        elif URL.match(source):
            raise FileError(
                said("not_a_sheet", url=source), remedy=said("not_a_sheet.remedy"), state=said("not_merged")
            )
        else:
            tables = [Sheet(table.name, table.cells) for table in read_table(Path(source))]
            read.append((Path(source).name, tables))
    return read


def _shared(context: Context, url: str, spreadsheet_id: str) -> list[Sheet]:
    """The tables of a spreadsheet by its address.

    Raises:
        AccessError: It is not there or not shared; the address is named, for the settings have no part in it.
    """
    gateway = context.open_other(spreadsheet_id)
    try:
        tabs = [tab for tab in gateway.info().tabs if not tab.hidden and tab.rows]
        contents = gateway.displayed([quoted(tab.title) for tab in tabs])
    except AccessError as error:
        code = {404: "no_such_sheet", 403: "sheet_not_shared"}.get(error.status)
        if code is None:
            raise
        raise AccessError(
            said(code, url=url),
            status=error.status,
            remedy=said("share_address", email=context.settings.account),
            state=said("not_merged"),
        ) from error
    return [
        Sheet(tab.title, [[str(cell) for cell in row] for row in rows])
        for tab, rows in zip(tabs, contents, strict=True)
        if rows
    ]


def _recognised(context: Context, label: str, tables: list[Sheet], step: str | None) -> list[Block]:
    by_table = [(table.name, recognise.tables(table.cells, context.settings.schema, step)) for table in tables]
    recognised = [block for _, blocks in by_table for block in blocks]
    wrong = [(name, block.problem) for name, blocks in by_table for block in blocks if block.problem]
    if wrong or not recognised:
        raise _not_recognised(label, wrong, several=len(tables) > 1)
    return recognised


def _not_recognised(label: str, wrong: Sequence[tuple[str, str | None]], *, several: bool) -> FileError:
    """The error for tables that are no output of a step; of several tabs each has a line of its own, by its name."""
    remedy, state = said("not_imported.remedy"), said("not_merged")
    if several and wrong:
        message = said("tabs_not_recognised", source=label, count=len(wrong))
        details = [said("in_tab", tab=name, problem=_reason(problem)) for name, problem in wrong]
        return FileError(message, details=details, remedy=remedy, state=state)
    reasons = [_reason(problem) for _, problem in wrong] or [said("no_header_row")]
    return FileError(said("not_imported", source=label, reasons=reasons), remedy=remedy, state=state)


def _reason(problem: str | None) -> str:
    """Why a table was not recognised, and what to do about it."""
    if not isinstance(problem, Problem):
        return str(problem)
    return Explained(problem.code, **problem.params)


def _source(
    context: Context,
    label: str,
    tables: list[Sheet],
    recognised: list[Block],
    target_id: str | None,
    *,
    plan: bool,
) -> PendingImport:
    body: list[dict[str, Any]] = [{"name": table.name, "cells": table.cells} for table in tables]
    facts = [{**table, "target_id": target_id, "step": recognised[0].step} for table in body]
    name = "plan" if plan else archive.spool(context.settings.state_dir, label, facts, context.settings.workbook)
    return PendingImport(f"file:{name}", label, tuple(recognised), target_id=target_id)
