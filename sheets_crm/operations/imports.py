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
from sheets_crm.features.headers import AskAbout
from sheets_crm.files import read_table
from sheets_crm.messages import Explained, Problem, Said, said
from sheets_crm.operations.answered_headers import AnsweredHeaders, answered_headers
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.spool import waiting_files
from sheets_crm.operations.step_names import refuse_unknown, step_title
from sheets_crm.pipeline.imports import recognise
from sheets_crm.pipeline.imports.entry import entries
from sheets_crm.pipeline.imports.formats import PEOPLE, import_kinds
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.text import CELL_LIMIT, header_key, length, too_long
from sheets_crm.pipeline.imports.unknown import unknown_columns
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import names_for_errors
from sheets_crm.workbook.cells import quoted

MOST_NAMED = 3
"""Blocks of a refused file that the message names."""
SHEET_URL = re.compile(r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{20,})")
URL = re.compile(r"[a-z]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an imported file or spreadsheet: its name and its cells."""

    name: str
    cells: list[list[str]]


def import_tables(
    context: Context,
    sources: list[str],
    *,
    step: str | None,
    target_id: str | None,
    plan: bool,
    enters: str | None = None,
) -> Report:
    """Merge files, or spreadsheets by URL, into the workbook.

    Args:
        context: The workbook, and the ports that a run uses.
        sources: Paths of CSV or XLSX files, or URLs of Google Sheets shared with the service account.
        step: Step whose output they are, for headers that are ambiguous.
        target_id: TargetID of new leads whose row has none.
        plan: Only report what would change.
        enters: Step in use at which their people enter, or ``sending``; the first one without it.

    Raises:
        FileError: One of them cannot be read or recognised; nothing of any was merged.
    """
    if step is not None:
        step = import_kinds(context.settings.schema).get(header_key(step), step)
        refuse_unknown(step, context.settings.schema, *PEOPLE)
    if enters is not None:
        enters = _entry(enters, context.settings.schema)
    if target_id is not None and too_long(target_id):
        raise SettingsError(
            said("target_too_long", count=length(target_id), most=CELL_LIMIT),
            remedy=said("target_too_long.remedy"),
            state=said("not_merged"),
        )
    read = _recognised(context, _read(context, sources), step, plan=plan)
    if enters is not None:
        _refuse_outputs(read, context.settings.schema)
    files = [_source(context, one, target_id, enters or "", plan=plan) for one in read]
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


@dataclass(frozen=True, slots=True)
class _Read:
    """One file, or spreadsheet, as read: its name, its tables, and the blocks of each table."""

    label: str
    tables: list[Sheet]
    blocks: list[tuple[str, Block]]

    @property
    def good(self) -> list[Block]:
        return [block for _, block in self.blocks if not block.problem]

    @property
    def bad(self) -> list[tuple[str, Block]]:
        return [(name, block) for name, block in self.blocks if block.problem]


def _recognised(
    context: Context, read: Sequence[tuple[str, list[Sheet]]], step: str | None, *, plan: bool
) -> list[_Read]:
    """The files with their blocks, by what the workbook has said about headers, as of a paste.

    Raises:
        FileError: Some block of a file is not understood; operators are asked about its headers.
    """
    answered = answered_headers(context, asked_too=not plan)
    made = [_as_blocks(label, tables, answered, step) for label, tables in read]
    for one in made:
        if one.bad or not one.good:
            _refuse(context, one, answered, plan=plan)
    return made


def _as_blocks(label: str, tables: list[Sheet], answered: AnsweredHeaders, step: str | None) -> _Read:
    found = [
        (table.name, block)
        for table in tables
        for block in recognise.tables(table.cells, answered.schema, step, answered.answers)
    ]
    return _Read(label, tables, found)


def _refuse(context: Context, read: _Read, answered: AnsweredHeaders, *, plan: bool) -> None:
    """Refuse a file, naming each row whose block is not understood; ask about its headers in the workbook.

    Raises:
        FileError: Always.
    """
    columns = [
        column for _, block in read.bad for column in unknown_columns(block, answered.schema, answered.answers)
    ]
    remedy = said("file_refused.remedy")
    if columns and answered.title and not plan:
        command = AskAbout(tuple(columns), read.label)
        context.run(RunRequest(now=True, commands=(command,)))
        remedy = said("file_asked.remedy", tab=answered.title, count=len(columns))
    message, details = _why_refused(read)
    raise FileError(message, details=details, remedy=remedy, state=said("not_merged"))


def _why_refused(read: _Read) -> tuple[Said, list[str]]:
    """Why a file was refused; of several tabs each block has a line of its own, by the tab's name."""
    blocks: list[tuple[str, str]] = [
        (name, said("file_block", row=block.first_row + 1, problem=_reason(block.problem)))
        for name, block in read.bad
    ]
    if len(read.tables) > 1 and blocks:
        count = len({name for name, _ in blocks})
        lines: list[str] = [said("in_tab", tab=name, problem=problem) for name, problem in blocks]
        return said("tabs_not_recognised", source=read.label, count=count), lines
    reasons: list[str] = [problem for _, problem in blocks[:MOST_NAMED]] or [said("no_header_row")]
    return said("not_imported", source=read.label, reasons=[*reasons, *["…"] * (len(blocks) > MOST_NAMED)]), []


def _reason(problem: str | None) -> str:
    """Why a table was not recognised, and what to do about it."""
    if not isinstance(problem, Problem):
        return str(problem)
    return Explained(problem.code, **problem.params)


def _entry(enters: str, schema: Schema) -> str:
    """The id of the step at which people enter.

    Raises:
        SettingsError: Lists the steps.
    """
    entry = entries(schema).get(header_key(enters))
    if entry is None:
        known = names_for_errors(entries(schema).values(), schema.steps)
        raise SettingsError(said("enters_unknown", value=enters, known=known), state=said("not_merged"))
    return entry


def _refuse_outputs(read: Sequence[_Read], schema: Schema) -> None:
    """Refuse to say where the people of an output enter: they are leads already.

    Raises:
        SettingsError: Names the file.
    """
    for one in read:
        if not any(block.step in PEOPLE for block in one.good):
            raise SettingsError(
                said("enters_of_output", source=one.label, step=step_title(one.good[0].step, schema)),
                remedy=said("enters_of_output.remedy"),
                state=said("not_merged"),
            )


def _source(context: Context, read: _Read, target_id: str | None, enters: str, *, plan: bool) -> PendingImport:
    body: list[dict[str, Any]] = [{"name": table.name, "cells": table.cells} for table in read.tables]
    # A file that was merged before an answer, and comes again after it, is another import: its columns mean more now.
    meant = [sorted(map(list, block.layout.column_index.items())) for block in read.good if block.layout]
    told = {
        "target_id": target_id,
        "step": read.good[0].step,
        "columns": meant,
        **({"enters": enters} if enters else {}),
    }
    facts = [{**table, **told} for table in body]
    state_dir, workbook = context.settings.state_dir, context.settings.workbook
    name = "plan" if plan else archive.spool(state_dir, read.label, facts, workbook)
    return PendingImport(f"file:{name}", read.label, tuple(read.good), target_id=target_id, enters=enters)
