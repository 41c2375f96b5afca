"""Status and history: how the workbook stands, and one lead's story; both only read."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sheets_crm.operations.batches import find_lead
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.metric_list import METRICS, SECTIONS
from sheets_crm.pipeline.metrics import Feeding, Figure, MetricContext, figures
from sheets_crm.pipeline.steps import Schema
from sheets_crm.sync import archive
from sheets_crm.sync.reading import read
from sheets_crm.sync.report import Report, Table
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook.cells import Cell, serial, spelled


def metrics_of(snapshot: Snapshot, settings: RunSettings, moment: dt.datetime) -> dict[str, Figure]:
    """Return every metric of a workbook as it was read, computed by the worker itself."""
    last = snapshot.system.cells.get("last_run_at", "")
    context = MetricContext(
        today=float(int(serial(moment, ZoneInfo(snapshot.info.time_zone)))),
        feeding=Feeding(snapshot.control.schedule, settings.lead_days),
        last_run_at=float(last) if isinstance(last, int | float) else None,
        cells_used=snapshot.system.number("cells_used"),
        input_rows={step.name: len(snapshot.input(step).frame) for step in settings.schema.steps},
    )
    return figures(snapshot.leads, settings.schema, context)


def status(context: Context) -> Report:
    """Tell every metric, the batches that are out, and what Control says."""
    snapshot = read(context.gateway, context.settings, context.clock())
    moment = dt.datetime.fromtimestamp(context.clock(), tz=dt.UTC)
    found = metrics_of(snapshot, context.settings, moment)
    english = context.settings.language == "en"
    tables = []
    for section in SECTIONS:
        rows = [
            [
                metric.label_en if english else metric.label_es,
                shown(metric.kind, found[metric.id].value),
                metric.id,
            ]
            for metric in METRICS
            if metric.section == section.id
        ]
        title = section.title_en if english else section.title_es
        tables.append(Table(title, ("metric", "value", "id"), rows))
    problems = [str(text) for name, text in snapshot.control.texts.items() if name.startswith("problem.") and text]
    body: dict[str, Any] = {
        "spreadsheet_id": snapshot.info.spreadsheet_id,
        "title": snapshot.info.title,
        "sequence": snapshot.sequence,
        "metrics": {name: plain(figure.value) for name, figure in found.items()},
        "figures": {
            name: {
                part: plain(getattr(figure, part)) for part in ("value", "numerator", "denominator", "low", "high")
            }
            for name, figure in found.items()
        },
        "dashboard": {name: cell if cell != "" else None for name, cell in snapshot.dashboard.items()},
        "steps": _states(snapshot, context.settings.schema),
        "problems": problems,
        "requests": dict(context.gateway.requests_made()),
    }
    facts = {"workbook": snapshot.info.title, "leads": len(snapshot.leads), "writes so far": snapshot.sequence}
    return Report(snapshot.info.title, facts, tables, problems, json=body)


def _states(snapshot: Snapshot, schema: Schema) -> dict[str, dict[str, int]]:
    found = {}
    for step in schema.steps:
        counts = snapshot.leads[step.status].value_counts()
        names = {"not_eligible": "", "ready": "ready", "processing": "processing", "completed": "completed"}
        found[step.name] = {name: int(counts.get(state, 0)) for name, state in names.items()}
        found[step.name]["input_rows"] = len(snapshot.input(step).frame)
    return found


def plain(value: object) -> bool | int | float | None:
    """Return a figure as JSON has it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    number = float(str(value))
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def shown(kind: str, value: object) -> str:
    """Return a metric's value as a person reads it."""
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


def history(context: Context, lead: str) -> Report:
    """Tell what the change journal of this machine has of one lead."""
    snapshot = read(context.gateway, context.settings, context.clock())
    number = find_lead(snapshot, lead)
    entries = archive.noted_changes(context.settings.state_dir, number)
    header = ("when", "cause", "column", "old", "new")
    rows = [[entry[name] for name in header] for entry in entries]
    title = f"Lead {number}: {len(rows)} changes in this machine's journal"
    notes = [] if rows else ["The journal is kept by the machine whose worker made the change."]
    return Report(title, {}, [Table("", header, rows)], notes, json={"lead": number, "changes": entries})


def formula_differences(
    snapshot: Snapshot, settings: RunSettings, moment: dt.datetime
) -> list[tuple[str, Cell, float | bool | None]]:
    """Return the metrics whose formula on the Dashboard shows another value than the worker counts."""
    wrong = []
    for name, figure in metrics_of(snapshot, settings, moment).items():
        cell = snapshot.dashboard.get(name, "")
        counted = plain(figure.value)
        if not same(cell, counted):
            wrong.append((name, cell, counted))
    return wrong


def same(cell: Cell, counted: float | bool | None) -> bool:
    """Return whether a formula's result is the worker's figure, rounding of the last digits apart."""
    if counted is None or cell == "":
        return counted is None and cell == ""
    if isinstance(cell, bool) or isinstance(counted, bool):
        return cell is counted
    if isinstance(cell, str):
        return False
    return abs(cell - counted) <= 1e-9 * max(1.0, abs(counted)) or abs(cell - counted) < 1e-6
