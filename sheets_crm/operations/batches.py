"""Batches from the command line: list, export as CSV, show, close, undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.snapshot import Snapshot, as_text
from sheets_crm.errors import SettingsError
from sheets_crm.features.batches import ActOnBatch, declared_step
from sheets_crm.files import safe_name, write_csv
from sheets_crm.messages import said
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.step_names import step_title
from sheets_crm.pipeline.columns import COMPANY_URLS, LEAD_NUMBER
from sheets_crm.pipeline.imports.keys import company_key
from sheets_crm.pipeline.schema import Step
from sheets_crm.workbook.cells import spelled
from sheets_crm.workbook.tabs import BATCHES


def listed(context: Context) -> Report:
    """List the batches, with the number of leads that each still has out."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    frame = snapshot.sheets[BATCHES].frame.iloc[::-1]  # on the terminal the newest stands last, above the prompt
    names = ("id", "step", "size", "when", "returned", "outstanding", "stale")
    rows = [
        [
            batch,
            line["step"],
            line["size"],
            spelled(line["when"]),
            line["returned"],
            line["outstanding"],
            "stale" if line["stale"] else "",
        ]
        for batch, line in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    records = [dict(zip(names, row, strict=True)) for row in rows]
    schema = context.settings.schema
    shown = [
        [batch, step_title(step, schema), *counts, said("column.stale") if stale else ""]
        for batch, step, *counts, stale in rows
    ]
    header = [said(f"column.{name}") for name in names]
    title = said("count.batch", count=len(rows))
    return Report(title, tables=[Table("", header, shown)], json={"batches": records})


def export(
    context: Context, batch: str, *, parts: int, out: Path, excel_safe: bool, companies: bool = False
) -> Report:
    """Write a batch as CSV files with the owner's exact columns, split into equal parts.

    Args:
        context: The workbook, and the ports that a run uses.
        batch: Id of the batch.
        parts: Number of files.
        out: Folder to write into.
        excel_safe: Escape text that Excel would read as a formula.
        companies: List each company once, with its LeadNumbers, in place of the leads.

    Raises:
        SettingsError: The batch is unknown, parts is below 1, or companies are asked for at another step than company
            scrap.
    """
    if parts < 1:
        raise SettingsError(said("bad_parts", parts=parts))
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    step = _step(context, snapshot, batch)
    of_batch = snapshot.leads[step.batch].to_numpy(dtype=object) == batch
    leads = snapshot.leads[of_batch]
    header, rows = _companies(step, leads) if companies else _whole(step, leads)
    pieces = np.array_split(np.arange(len(rows)), parts)
    written = []
    for n, piece in enumerate(pieces, start=1):
        stem = f"{safe_name(batch)}-companies" if companies else safe_name(batch)
        name = f"{stem}.csv" if parts == 1 else f"{stem}-{n}of{parts}.csv"
        path = write_csv(out / name, header, [rows[place] for place in piece], excel_safe=excel_safe, inside=out)
        written.append({"path": str(path), "rows": len(piece)})
    header = [said("column.path"), said("column.rows")]
    table = Table(said("table.files"), header, [[file["path"], file["rows"]] for file in written])
    what = said("count.company" if companies else "count.lead", count=len(rows))
    title = said("batch.exported", batch=batch, what=what, files=said("count.file", count=parts))
    return Report(title, tables=[table], json={"files": written})


def _whole(step: Step, leads: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The owner's header row, and a row per lead."""
    columns = [leads.index.tolist() if name == LEAD_NUMBER else leads[name].tolist() for _, name in step.columns]
    return [header for header, _ in step.columns], [
        [as_text(cell) for cell in row] for row in zip(*columns, strict=True)
    ]


def _companies(step: Step, leads: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The header row, and a row per company: its URL as the scraper reads it, its name, its LeadNumbers.

    Leads without a company URL are left out: there is nothing to scrape.

    Raises:
        SettingsError: The batch is of another step.
    """
    if step.name != "company_scrap":
        raise SettingsError(
            said("companies_only", wanted="company_scrap", step=step.name),
            remedy=said("companies_only.remedy"),
        )
    companies: dict[str, tuple[str, str, list[str]]] = {}
    parts = [leads[name].map(as_text) for name in (*COMPANY_URLS, "companyName_fromP")]
    for number, *urls, name in zip(leads.index, *parts, strict=True):
        url = next((url for url in urls if url.strip()), "")
        if url:
            companies.setdefault(company_key(url) or url.strip(), (url, name, []))[2].append(str(number))
    rows = [[url, name, " ".join(numbers)] for url, name, numbers in companies.values()]
    return ["companyUrl", "companyName", "LeadNumbers"], rows


def _step(context: Context, snapshot: Snapshot, batch: str) -> Step:
    return declared_step(snapshot.sheets[BATCHES].frame, batch, context.settings.schema)


def act_on(context: Context, batch: str, act: str) -> Report:
    """Show, close or undo a batch.

    A batch of which nothing is out any more is as it was asked to be: the title says so, and it is no failure.

    Args:
        context: The workbook, and the ports that a run uses.
        batch: Id of the batch.
        act: "show", "close" or "undo".

    Raises:
        SettingsError: The batch is unknown.
    """
    result = context.run(RunRequest(now=True, commands=(ActOnBatch(batch, act),)))
    report = run_report(result, context, heading=result.answers[0] if result.answers else "")
    return replace(report, json={**report.json, "answers": [str(answer) for answer in result.answers]})
