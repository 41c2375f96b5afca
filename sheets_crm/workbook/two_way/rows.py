"""Edited rows as read: the spill of a poll, the cells of its rows, and rows that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import SEEN, TabSpec
from sheets_crm.workbook.two_way.join import SEPARATOR
from sheets_crm.workbook.two_way.seen import parse_seen

UNREADABLE: Final = -1
"""Count of a spill that shows an error: the table is read whole."""


@dataclass(frozen=True, slots=True)
class Spill:
    """The edited rows of a table, as System lists them.

    Attributes:
        count: How many rows differ; `UNREADABLE` when the formula shows an error.
        joins: Join of each listed row, by 0-based grid row.
    """

    count: int = 0
    joins: Mapping[int, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every edited row is listed; if not, the table is read whole."""
        return self.count == len(self.joins)


def parse_spill(cells: Sequence[Sequence[Cell]]) -> Spill:
    """Read a spill (`join.edited_rows`) from its two columns, row by row."""
    head = cells[0][0] if cells and cells[0] else ""
    if isinstance(head, bool) or not isinstance(head, int | float):
        return Spill(UNREADABLE)
    joins = {}
    for row in cells[1:]:
        number, join = (*row, "", "")[:2]
        if isinstance(number, int | float) and not isinstance(number, bool):
            joins[int(number) - 1] = shown(join)
    return Spill(int(head), joins)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a two-way table as read.

    Attributes:
        row: 0-based grid row.
        key: Its key as text; "" when blank.
        seen: The text of its ``_seen``.
        join: Its join, as the formula gave it in the same read.
        cells: Every declared cell by header, as read.
    """

    row: int
    key: str
    seen: str
    join: str
    cells: Mapping[str, Cell]


def read_rows(spec: TabSpec, spill: Spill, cells: Mapping[int, Mapping[str, Cell]]) -> tuple[ReadRow, ...]:
    """The rows that a read gave, each with its join.

    Args:
        spec: The table.
        spill: The spill of that very read.
        cells: Declared cells by header, by 0-based grid row. A row that the spill does not list was moved or put
            back since the poll: it is left out, and the next poll shows it where it stands.
    """
    rows = []
    for number, by_header in sorted(cells.items()):
        key = shown(by_header.get(spec.key_column, ""))
        join = spill.joins.get(number)
        if join is not None and join.partition(SEPARATOR)[0] == key:
            rows.append(ReadRow(number, key, shown(by_header.get(SEEN, "")), join, by_header))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """Where a key stands: grid row (0-based), key, text of ``_seen``, and whether the row's join differs from it."""

    row: int
    key: str
    seen: str
    edited: bool = False


def copies(rows: Iterable[KeyedRow]) -> frozenset[int]:
    """Grid rows that repeat the key of another row.

    The original is the row whose ``_seen`` has its own key, rather an unedited one, rather the upper one: people copy
    a row and then edit the copy. A copy that nobody has edited yet is in no spill; the order sum shows that rows were
    added.
    """
    by_key: dict[str, list[KeyedRow]] = {}
    for row in rows:
        if row.key:
            by_key.setdefault(row.key, []).append(row)
    repeated: list[int] = []
    for group in by_key.values():
        if len(group) > 1:
            group.sort(key=lambda row: (parse_seen(row.seen).key != row.key, row.edited, row.row))
            repeated += [row.row for row in group[1:]]
    return frozenset(repeated)
