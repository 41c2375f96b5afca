"""Formula drift: formulas of ``init`` that are no longer as it wrote them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.workbook.cells import Cell, a1, quoted, same_formula
from sheets_crm.workbook.roles import SYSTEM
from sheets_crm.workbook.setup import Existing, Setup, plan_setup
from sheets_crm.workbook.sheet import Sheet

Position = tuple[int, int, int]
"""Id of the tab, 0-based row and column."""


def changed_formulas(gateway: Gateway, settings: RunSettings, snapshot: Snapshot) -> tuple[list[str], int]:
    """Compare the workbook's formulas with those that ``init`` would write.

    Args:
        gateway: The workbook; the formulas are read in one request.
        settings: The run's settings.
        snapshot: The workbook as it was read, with all of its tabs.

    Returns:
        The cells that differ, in A1 notation, and how many were compared.
    """
    expected = _expected(settings, snapshot)
    titles = {tab.sheet_id: tab.title for tab in snapshot.tabs.values()}
    ids = sorted({position[0] for position in expected})
    read = dict(zip(ids, gateway.formulas([quoted(titles[sheet_id]) for sheet_id in ids]), strict=True))
    differing = []
    for (sheet_id, row, column), formula in expected.items():
        cells = read[sheet_id][row] if row < len(read[sheet_id]) else []
        actual = cells[column] if column < len(cells) else ""
        if not same_formula(actual, formula):
            differing.append(a1(titles[sheet_id], row, column, 1, 1).split(":", 1)[0])
    return differing, len(expected)


def _expected(settings: RunSettings, snapshot: Snapshot) -> dict[Position, str]:
    """Every formula of a set-up by position, except those that runs rewrite.

    Those are the signal over the import tabs, and the links to tabs on Control, which follow a rename.

    They are taken from the requests of a set-up that is planned as for a workbook with these headers, and never made.
    """
    parts = {**settings.parts, **settings.features.parts(snapshot.panel, settings.schema)}
    specs = settings.specs(parts)
    setup = Setup(
        settings.schema,
        settings.language,
        parts,
        settings.account,
        settings.interval_seconds,
        specs,
    )
    headers = {key: _header(sheet) for key, sheet in snapshot.sheets.items()}
    info = replace(snapshot.info, tabs=tuple(snapshot.info.tabs))
    existing = Existing(info, headers, snapshot.panel.cells)
    plan = plan_setup(existing, setup, itertools.count(1))
    formulas = {
        (start["sheetId"], start["rowIndex"] + n, start["columnIndex"] + m): value["userEnteredValue"][
            "formulaValue"
        ]
        for start, rows in _writes(plan.requests)
        for n, row in enumerate(rows)
        for m, value in enumerate(row.get("values", ()))
        if "formulaValue" in value.get("userEnteredValue", {})
    }
    signal_row = settings.system.row("signal.inbox")
    formulas.pop((snapshot.tabs[SYSTEM].sheet_id, signal_row, 1), None)
    # What a link shows follows the title of its tab, which people change at any time.
    return {place: text for place, text in formulas.items() if not text.startswith("=HYPERLINK(")}


def _writes(requests: tuple[dict[str, object], ...]) -> Iterator[tuple[dict[str, int], list[dict[str, list]]]]:  # type: ignore[type-arg]
    for request in requests:
        body = request.get("updateCells")
        if isinstance(body, dict) and "start" in body:
            yield body["start"], body["rows"]


def _header(sheet: Sheet) -> list[Cell]:
    row: list[Cell] = [""] * (max(sheet.column_index.values(), default=-1) + 1)
    for name, place in sheet.column_index.items():
        row[place] = name
    return row
