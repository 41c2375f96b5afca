"""The Dashboard's charts: the funnel of the steps and the daily history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sheets_crm.messages import localize
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula, grid_range
from sheets_crm.workbook.tabs import HISTORY

FUNNEL: Final = (
    "leads_total",
    "verification_sent",
    "verification_verified",
    "company_scrap_completed",
    "box1_sent",
    "instantly_sent",
)
FUNNEL_COLUMN: Final = 8
FUNNEL_ROW: Final = 1
"""The chart covers the table of its data."""
ROWS_OF_A_CHART: Final = 16


def funnel_cells(rows: Mapping[str, int], labels: Mapping[str, str]) -> list[list[CellIn]]:
    """The small table beside the metrics that holds the funnel's data.

    Args:
        rows: 1-based Dashboard row of each metric.
        labels: Short label of each metric.
    """
    return [[labels[name], Formula(f"=$B${rows[name]}")] for name in FUNNEL if name in rows]


def charts(dashboard: int, history: int, where: Addresses, language: str, points: int) -> list[dict[str, Any]]:
    """The addChart requests of the Dashboard."""
    rows = (FUNNEL_ROW, FUNNEL_ROW + points)
    funnel = _basic(
        localize("chart.funnel", language),
        "BAR",
        grid_range(dashboard, rows[0], FUNNEL_COLUMN, points, 1),
        [grid_range(dashboard, rows[0], FUNNEL_COLUMN + 1, points, 1)],
    )
    headers = where.specs[HISTORY].headers
    followed = ("leads_total", "verification_verified", "instantly_sent")
    columns = [where.column_index(HISTORY, name) for name in followed if name in headers]
    lines = [grid_range(history, 0, column, None, 1) for column in columns]
    daily = _basic(
        localize("chart.history", language), "LINE", grid_range(history, 0, 0, None, 1), lines, headers=1
    )
    return [_placed(funnel, dashboard, FUNNEL_ROW), _placed(daily, dashboard, FUNNEL_ROW + ROWS_OF_A_CHART)]


def _basic(
    title: str,
    kind: str,
    domain: Mapping[str, int],
    series: Sequence[Mapping[str, int]],
    headers: int = 0,
) -> dict[str, Any]:
    axis = "BOTTOM_AXIS" if kind == "BAR" else "LEFT_AXIS"
    chart = {
        "chartType": kind,
        "legendPosition": "NO_LEGEND" if len(series) == 1 else "BOTTOM_LEGEND",
        "headerCount": headers,
        "domains": [{"domain": {"sourceRange": {"sources": [dict(domain)]}}}],
        "series": [
            {"series": {"sourceRange": {"sources": [dict(block)]}}, "targetAxis": axis} for block in series
        ],
    }
    return {"title": title, "basicChart": chart}


def _placed(spec: Mapping[str, Any], sheet_id: int, row: int) -> dict[str, Any]:
    anchor = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": FUNNEL_COLUMN}
    position = {"overlayPosition": {"anchorCell": anchor, "widthPixels": 500, "heightPixels": 318}}
    return {"addChart": {"chart": {"spec": dict(spec), "position": position}}}
