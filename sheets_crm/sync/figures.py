"""The worker's own figures beside what the Dashboard's formulas show."""

from __future__ import annotations

import datetime as dt

from sheets_crm.pipeline.metrics import Figure, MetricContext, Runway, figures
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook.cells import Cell, serial, zone_of


def metrics_of(snapshot: Snapshot, settings: RunSettings, moment: dt.datetime) -> dict[str, Figure]:
    """Return every metric of a workbook as it was read, computed by the worker itself."""
    last = snapshot.system.cells.get("last_run_at", "")
    context = MetricContext(
        today=float(int(serial(moment, zone_of(snapshot.info.time_zone)))),
        runway=Runway(snapshot.control.schedule, settings.lead_days),
        last_run_at=float(last) if isinstance(last, int | float) else None,
        cells_used=snapshot.system.number("cells_used"),
        input_rows={step.name: len(snapshot.input(step).frame) for step in settings.schema.steps},
    )
    return figures(snapshot.leads, settings.schema, context)


def plain(value: object) -> bool | int | float | None:
    """Return a figure as JSON has it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    number = float(str(value))
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


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
