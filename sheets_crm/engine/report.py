"""Report: the outcome of a command as a value, rendered for people or, as ``json``, for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""Anything the standard JSON encoder takes: str, int, float, bool, None, lists and objects of these."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header.

    Attributes:
        title: Shown above it; may be "".
        header: Names of the columns.
        rows: One sequence of values per row, as long as the header.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Json]] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a command.

    Attributes:
        title: The outcome in one line.
        facts: Names and values, in the order to be shown.
        tables: Tables, in the order to be shown.
        notes: Sentences for a person: warnings and what to do next.
        ok: False makes the command end with exit status 1 (``doctor`` found something).
        json: What ``--json`` prints; when empty, title, facts, tables and notes are printed instead.
    """

    title: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    ok: bool = True
    json: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The object that ``--json`` prints; it always has ``ok`` and ``title``."""
        body = dict(self.json) or {
            "facts": dict(self.facts),
            "tables": [_table_json(table) for table in self.tables],
            "notes": list(self.notes),
        }
        return {"ok": self.ok, "title": self.title} | body


def _table_json(table: Table) -> dict[str, Json]:
    return {"title": table.title, "rows": [dict(zip(table.header, row, strict=True)) for row in table.rows]}
