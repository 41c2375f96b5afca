"""Status and history: the state of the workbook, and one lead's changes; both only read."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sheets_crm.engine.finding import find_lead
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.features.figures import metrics_of, metrics_shown, plain
from sheets_crm.messages import Moment, localize, number_in, said
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.metric_list import metrics, sections
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import spelled, spelled_time, zone_of


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
                shown(metric.kind, figures[metric.id].value, context.settings.language),
                metric.id,
            ]
            for metric in metrics(schema)
            if metric.section == section.id and (figures[metric.id].value or not metric.if_any)
        ]
        title = section.title_en if english else section.title_es
        tables.append(Table(title, (said("column.metric"), said("column.value"), said("column.id")), rows))
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
    facts: dict[str, Any] = {
        said("fact.workbook"): snapshot.info.title,
        said("fact.leads"): len(snapshot.leads),
        said("fact.writes"): snapshot.sequence,
    }
    return Report(snapshot.info.title, facts, tables, problems, json=body)


def _states(snapshot: Snapshot, schema: Schema) -> dict[str, dict[str, int]]:
    states = {}
    for step in schema.steps:
        counts = snapshot.leads[step.status].value_counts()
        states[step.name] = {state.suffix: int(counts.get(state.cell, 0)) for state in schema.states}
        states[step.name]["input_rows"] = len(snapshot.input(step).frame)
    return states


def shown(kind: str, value: object, language: str = "en") -> str:
    """A metric's value as a person reads it."""
    if value is None:
        return "–"  # noqa: RUF001
    if isinstance(value, bool):
        return localize("yes", language) if value else localize("no", language).upper()
    number = float(str(value))
    if kind == "ratio":
        return number_in(f"{number:.1%}", language)
    if kind == "date":
        return Moment(spelled(number)[:10])
    if kind == "moment":
        return spelled(number)
    return number_in(f"{number:,.1f}" if not number.is_integer() else f"{int(number):,}", language)


def _line(entry: dict[str, Any], snapshot: Snapshot, schema: Schema) -> list[Any]:
    """A journal entry as a person reads it: moments as dates in the workbook's time zone, a new lead in its cells."""
    moments = {column.name for column in schema.columns if column.kind is Kind.WHEN}
    zone = zone_of(snapshot.info.time_zone)
    column = str(entry["column"])
    if column == "*" and isinstance(entry["new"], dict):
        cells = {name: _cell(cell, moment=name in moments) for name, cell in entry["new"].items()}
        return [_local(entry["when"], zone), entry["cause"], said("new_lead"), "", cells]
    old, new = (_cell(entry[name], moment=column in moments) for name in ("old", "new"))
    return [_local(entry["when"], zone), entry["cause"], column, old, new]


def _cell(cell: Any, *, moment: bool) -> Any:
    """A cell for a table: text stays as it is, a number is no count and gets no thousands' marks."""
    if moment:
        return spelled(cell)
    return cell if isinstance(cell, bool) else str(cell)


def _local(when: str, zone: ZoneInfo) -> str:
    """The time of a journal entry, which is in UTC, in the workbook's time zone; what is no time stays as it is."""
    try:
        moment = dt.datetime.fromisoformat(when)
    except ValueError:
        return when
    return spelled_time(moment.astimezone(zone)) if moment.tzinfo else when


def history(context: Context, lead: str) -> Report:
    """Every change of one lead in the journal of this machine."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    number = find_lead(snapshot, lead)
    entries = list(context.journal.entries(number))
    header = [said(f"column.{name}") for name in ("when", "cause", "column", "old", "new_cell")]
    rows = [_line(entry, snapshot, context.settings.schema) for entry in entries]
    title = said("history.title", lead=str(number), changes=said("count.change", count=len(rows)))
    notes = [] if rows else [said("history.empty")]
    return Report(title, {}, [Table("", header, rows)], notes, json={"lead": number, "changes": entries})
