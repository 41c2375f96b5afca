"""The mirror of the leads in a worker's store, compared with the Master."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sheets_crm.store.lead_columns import column_name


def differences(state: Path, master: Iterable[Mapping[str, Any]], headers: Collection[str]) -> list[str]:
    """Name each lead of which the mirror in a state folder shows other cells than the Master."""
    with closing(sqlite3.connect(state / "crm.db")) as store:
        store.row_factory = sqlite3.Row
        mirror = {
            row["lead_number"]: _shown(row, headers, column_name) for row in store.execute("SELECT * FROM leads")
        }
    leads = {row["LeadNumber"]: _shown(row, headers, str) for row in master}
    numbers = sorted(mirror.keys() | leads.keys())
    return [f"{n}: {mirror.get(n)} ≠ {leads.get(n)}" for n in numbers if mirror.get(n) != leads.get(n)]


def _shown(row: Any, headers: Collection[str], name: Any) -> dict[str, Any]:
    cells = {header: row[name(header)] for header in headers}
    return {header: bool(cell) if header.endswith("_sent") else cell or "" for header, cell in cells.items()}
