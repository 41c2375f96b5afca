"""Which of the formulas that ``init`` writes are no longer as it wrote them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from sheets_crm.sync.ports import Gateway
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import Cell, a1, quoted
from sheets_crm.workbook.setup import Existing, Setup, plan_setup
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import SYSTEM

TabLayout = tuple[int, int, int]


def changed_formulas(gateway: Gateway, settings: RunSettings, snapshot: Snapshot) -> tuple[list[str], int]:
    """Return the cells whose formula is not the one that ``init`` would write, and how many were compared.

    Args:
        gateway: The workbook; the formulas are read in one request.
        settings: The run's settings.
        snapshot: The workbook as it was read, with all of its tabs.
    """
    wanted = _wanted(settings, snapshot)
    titles = {tab.sheet_id: tab.title for tab in snapshot.tabs.values()}
    ids = sorted({place[0] for place in wanted})
    read = dict(zip(ids, gateway.formulas([quoted(titles[number]) for number in ids]), strict=True))
    wrong = []
    for (number, row, column), formula in wanted.items():
        cells = read[number][row] if row < len(read[number]) else []
        there = cells[column] if column < len(cells) else ""
        if _plain(there) != _plain(formula):
            wrong.append(a1(titles[number], row, column, 1, 1).split(":", 1)[0])
    return wrong, len(wanted)


def _wanted(settings: RunSettings, snapshot: Snapshot) -> dict[TabLayout, str]:
    """Return every formula of a set-up by tab, row and column; but for the signal that a run writes itself."""
    parts = {**settings.parts, **snapshot.control.parts}
    setup = Setup(settings.schema, settings.language, parts, settings.account, settings.interval_seconds)
    headers = {key: _header(sheet) for key, sheet in snapshot.sheets.items()}
    info = replace(snapshot.info, tabs=tuple(snapshot.info.tabs))
    plan = plan_setup(Existing(info, headers), setup, itertools.count(1))
    found = {
        (start["sheetId"], start["rowIndex"] + n, start["columnIndex"] + m): value["userEnteredValue"][
            "formulaValue"
        ]
        for start, rows in _writes(plan.requests)
        for n, row in enumerate(rows)
        for m, value in enumerate(row.get("values", ()))
        if "formulaValue" in value.get("userEnteredValue", {})
    }
    own = 1 + system.keys(settings.schema).index("signal.inbox")
    found.pop((snapshot.tabs[SYSTEM].sheet_id, own, 1), None)
    return found


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


def _plain(formula: Cell) -> str:
    """Return a formula without what Sheets spells in its own way: case, quotes of titles, the separator, spaces."""
    text = str(formula).casefold().replace(";", ",").replace("'", "")
    return "".join(text.split())
