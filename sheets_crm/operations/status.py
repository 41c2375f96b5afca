"""Status and history: the state of the workbook, and one lead's changes; both only read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sheets_crm.engine import archive
from sheets_crm.engine.finding import find_lead
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.features.figures import metrics_of, metrics_shown, plain
from sheets_crm.messages import quantity
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.metric_list import metrics, sections
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import spelled


def status(context: Context) -> Report:
    """Every metric, the state of each step, and the problems shown on Control."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    moment = dt.datetime.fromtimestamp(context.clock(), tz=dt.UTC)
    figures = metrics_of(snapshot, context.settings, moment)
    formulas = metrics_shown(snapshot, context.settings)
    english, schema = context.settings.language == "en", context.settings.schema
    tables = []
    for section in sections(schema):
        rows = [
            [
                metric.label_en if english else metric.label_es,
                shown(metric.kind, figures[metric.id].value),
                metric.id,
            ]
            for metric in metrics(schema)
            if metric.section == section.id
        ]
        title = section.title_en if english else section.title_es
        tables.append(Table(title, ("metric", "value", "id"), rows))
    problems = [text for text in snapshot.panel.problems if text]
    body: dict[str, Any] = {
        "spreadsheet_id": snapshot.info.spreadsheet_id,
        "title": snapshot.info.title,
        "sequence": snapshot.sequence,
        "metrics": {name: plain(figure.value) for name, figure in figures.items()},
        "figures": {
            name: {
                part: plain(getattr(figure, part)) for part in ("value", "numerator", "denominator", "low", "high")
            }
            for name, figure in figures.items()
        },
        "dashboard": {name: cell if cell != "" else None for name, cell in formulas.items()},
        "steps": _states(snapshot, schema),
        "problems": problems,
        "requests": dict(context.gateway.requests_made()),
    }
    facts = {"workbook": snapshot.info.title, "leads": len(snapshot.leads), "writes so far": snapshot.sequence}
    return Report(snapshot.info.title, facts, tables, problems, json=body)


def _states(snapshot: Snapshot, schema: Schema) -> dict[str, dict[str, int]]:
    states = {}
    for step in schema.steps:
        counts = snapshot.leads[step.status].value_counts()
        states[step.name] = {state.suffix: int(counts.get(state.cell, 0)) for state in schema.states}
        states[step.name]["input_rows"] = len(snapshot.input(step).frame)
    return states


def shown(kind: str, value: object) -> str:
    """A metric's value as a person reads it."""
    if value is None:
        return "–"  # noqa: RUF001
    if isinstance(value, bool):
        return "yes" if value else "NO"
    number = float(str(value))
    if kind == "ratio":
        return f"{number:.1%}"
    if kind == "date":
        return str(spelled(number))[:10]
    if kind == "moment":
        return spelled(number)
    return f"{number:,.1f}" if not number.is_integer() else f"{int(number):,}"


def _readable(entry: dict[str, Any], name: str) -> Any:
    """A field of a journal entry as a person reads it; serial numbers of times as dates."""
    moment = name in {"old", "new"} and str(entry["column"]).endswith("_at")
    return spelled(entry[name]) if moment else entry[name]


def history(context: Context, lead: str) -> Report:
    """Every change of one lead in the journal of this machine."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    number = find_lead(snapshot, lead)
    journal = archive.noted_changes(context.settings.state_dir, context.settings.workbook)
    entries = [entry for entry in journal if entry["lead"] == number]
    header = ("when", "cause", "column", "old", "new")
    rows = [[_readable(entry, name) for name in header] for entry in entries]
    title = f"Lead {number}: {quantity(len(rows), 'change')} in this machine's journal"
    notes = [] if rows else ["Each machine keeps the journal of the changes that its own worker made."]
    return Report(title, {}, [Table("", header, rows)], notes, json={"lead": number, "changes": entries})
