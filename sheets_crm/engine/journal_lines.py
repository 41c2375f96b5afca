"""Entries of the change journal, as JSON objects: those of a plan, and lines of the files of earlier versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.workbook.cells import Cell

FIELDS: Final = frozenset({"when", "sequence", "cause", "lead", "column", "old", "new"})
"""The fields that every entry has."""

FOLDER: Final = "journal"
"""Where versions before 0.6.0 kept it in the state folder, a file a month."""


def entries_of(
    when: str, run: str, sequence: int, changes: Iterable[LeadChange | RowChange], workbook: str
) -> list[dict[str, Any]]:
    """The entries of changed cells.

    That of a cell of a two-way table has the table and the key of its row; its ``lead`` is 0, which no lead has.
    """
    return [
        {
            "workbook": workbook,
            "when": when,
            "run": run,
            "sequence": sequence,
            "cause": change.cause,
            **_whose(change),
            "column": change.column,
            "old": change.old,
            "new": change.new,
        }
        for change in changes
    ]


def _whose(change: LeadChange | RowChange) -> dict[str, Any]:
    if isinstance(change, RowChange):
        return {"lead": 0, "table": change.table, "key": change.key}
    return {"lead": change.lead}


def entry_of(line: bytes) -> dict[str, Any] | None:
    """Read a line of the change journal; None when it is damaged."""
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return entry if _is_entry(entry) else None


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not entry.keys() >= FIELDS:
        return False
    numbers = all(type(entry[name]) is int for name in ("lead", "sequence"))
    texts = all(isinstance(entry[name], str) for name in ("when", "cause", "column"))
    texts = texts and _are_texts(entry, "workbook", "run", "table", "key")
    # The line of a new lead holds all of its cells at once, under the column "*".
    new = entry["new"].values() if entry["column"] == "*" and isinstance(entry["new"], dict) else [entry["new"]]
    return numbers and texts and all(isinstance(cell, Cell) for cell in (*new, entry["old"]))


def _are_texts(entry: dict[str, Any], *names: str) -> bool:
    return all(isinstance(entry.get(name), str | None) for name in names)
