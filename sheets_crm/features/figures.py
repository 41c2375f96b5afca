"""Metrics as the worker computes them, compared with what the Dashboard's formulas show."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.metrics import Figure, MetricContext, Runway, figures
from sheets_crm.workbook.cells import Cell, serial, zone_of
from sheets_crm.workbook.control import control_state
from sheets_crm.workbook.declaration import ReadPolicy

VALUE: Final = 0
ID: Final = 5
"""0-based columns of a metric's value and id in a range of results."""


def metrics_of(snapshot: Snapshot, settings: RunSettings, moment: dt.datetime) -> dict[str, Figure]:
    """Every metric of a workbook as it was read, computed from the leads, by id."""
    last = snapshot.system.cells.get("last_run_at", "")
    context = MetricContext(
        today=float(int(serial(moment, zone_of(snapshot.info.time_zone)))),
        runway=Runway(control_state(snapshot.panel, settings.schema).schedule, settings.lead_days),
        last_run_at=float(last) if isinstance(last, int | float) else None,
        cells_used=snapshot.system.number("cells_used"),
        input_rows={step.name: len(snapshot.input(step).frame) for step in settings.schema.steps},
    )
    return figures(snapshot.leads, settings.schema, context)


def plain(value: object) -> bool | int | float | None:
    """A figure as a JSON value; None where there is none."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    number = float(str(value))
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def metrics_shown(snapshot: Snapshot, settings: RunSettings) -> dict[str, Cell]:
    """The value of each metric as the formulas of the workbook show it, by id.

    The blank line of a metric that shows itself only where it counts something stands for 0.
    """
    results = [spec.key for spec in settings.specs({}) if spec.policy is ReadPolicy.RESULTS]
    rows = [row for key in results for row in snapshot.cells.get(key, [])[1:]]
    shown = {str(row[ID]): row[VALUE] for row in rows if len(row) > ID and row[ID] != ""}
    blank: dict[str, Cell] = {metric.id: 0 for metric in metrics(settings.schema) if metric.if_any}
    order = {metric.id: place for place, metric in enumerate(metrics(settings.schema))}
    return dict(sorted((blank | shown).items(), key=lambda one: order.get(one[0], len(order))))


def formula_differences(
    snapshot: Snapshot, settings: RunSettings, moment: dt.datetime
) -> list[tuple[str, Cell, float | bool | None]]:
    """The metrics whose Dashboard formula differs from the computed figure: id, cell, figure."""
    differing, cells = [], metrics_shown(snapshot, settings)
    for name, figure in metrics_of(snapshot, settings, moment).items():
        cell = cells.get(name, "")
        counted = plain(figure.value)
        if not same(cell, counted):
            differing.append((name, cell, counted))
    return differing


def same(cell: Cell, counted: float | bool | None) -> bool:
    """Whether a formula's result is the computed figure, up to the rounding of floating-point arithmetic."""
    if counted is None or cell == "":
        return counted is None and cell == ""
    if isinstance(cell, bool) or isinstance(counted, bool):
        return cell is counted
    if isinstance(cell, str):
        return False
    return abs(cell - counted) <= 1e-9 * max(1.0, abs(counted)) or abs(cell - counted) < 1e-6
