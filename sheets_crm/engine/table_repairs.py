"""Repair of two-way tables whose rows were moved in the very second of a write.

The guard orders the workers, but operators may sort a table between a worker's read and its write. The keys of the
written rows, and the operators' cells of rows that got a key, are read back in the same request; when they are others,
the next read looks for what went to other rows. The write is noted on disk before it is sent, so that a crash loses
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import Change, DeleteRows, RowCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, SEEN
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import workers
from sheets_crm.workbook.two_way.writes import CellWrite

Grid = Mapping[int, Mapping[str, Cell]]
"""Cells by header, by 0-based grid row."""


@dataclass(frozen=True, slots=True)
class TableWrite:
    """The part of a write that goes to rows of a two-way table.

    Attributes:
        table: Key of the table.
        cells: The cells of each row that it writes, and the worker's cells that it leaves as they are, by the key that
            the row has after the write, and by header.
        new: The operators' cells of the rows that get their keys by it, by that key.
        keys: The keys of all rows before it, as far as they were read.
        deleted: The keys of the rows that it deletes; it may have deleted others.
        rows: The cells of all rows by key, before a write that deletes some.
    """

    table: str
    cells: Mapping[str, Mapping[str, Cell]]
    new: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The write as a JSON object, for a file."""
        rows = {"deleted": self.deleted, "rows": self.rows} if self.deleted else {}
        return {"table": self.table, "cells": self.cells, "new": self.new, "keys": self.keys, **rows}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> TableWrite:
        """Read the write from a file."""
        rows = tuple(body.get("deleted", ())), body.get("rows", {})
        return cls(str(body["table"]), body["cells"], body["new"], tuple(body["keys"]), *rows)


def table_writes(changes: Iterable[Change]) -> list[TableWrite]:
    """The parts of a plan's changes that go to rows of two-way tables."""
    writes = []
    for change in changes:
        if isinstance(change, RowCells):
            cells: dict[str, dict[str, Cell]] = {}
            for cell in change.cells:
                if change.keys.get(cell.row):
                    of_row = cells.setdefault(change.keys[cell.row], dict(change.shown.get(cell.row, {})))
                    of_row[cell.header] = cell.value
            new = {change.keys[row]: by_header for row, by_header in change.before.items() if change.keys.get(row)}
            writes.append(TableWrite(change.spec.key, cells, new, tuple(sorted(change.former)) if new else ()))
        elif isinstance(change, DeleteRows) and change.sheet.spec.by_key:
            sheet = change.sheet
            keys = [shown(key) for key in sheet.frame.index]
            rows = dict(zip(keys, _cells_of(sheet), strict=True))
            deleted = tuple(keys[position] for position in change.positions)
            writes.append(TableWrite(sheet.spec.key, {}, deleted=deleted, rows=rows))
    return writes


def _cells_of(sheet: Sheet) -> list[dict[str, Cell]]:
    """The cells of each row by header; those of live columns are formulas, which are written anew."""
    headers = [column.header for column in sheet.spec.columns if not column.live]
    names = [header for header in headers if header != sheet.spec.key_column]
    return [{str(name): cell for name, cell in row.items()} for row in sheet.frame[names].to_dict("records")]


@dataclass(frozen=True, slots=True)
class TableRepair:
    """What puts a table right.

    Attributes:
        cells: The cells to write.
        keys: The key of each of those rows, by 0-based grid row.
        lost: Cells of the rows that were deleted in place of others, by key.
        undeleted: Keys of the rows that were to be deleted and are still there.
    """

    cells: tuple[CellWrite, ...] = ()
    keys: Mapping[int, str] = field(default_factory=dict)
    lost: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    undeleted: tuple[str, ...] = ()


def grid_of(sheet: Sheet, cells: Sequence[Sequence[Cell]]) -> dict[int, dict[str, Cell]]:
    """The declared cells of every row of a table, those without a key too."""
    return {
        row: {header: line[column] if len(line) > column else "" for header, column in sheet.column_index.items()}
        for row, line in enumerate(cells[1:], start=1)
    }


def repair(sheet: Sheet, grid: Grid, write: TableWrite) -> TableRepair | None:
    """What puts a table right after a write whose rows may have been moved; None when they were not."""
    spec = sheet.spec
    row_of = {shown(cells[spec.key_column]): row for row, cells in grid.items() if cells[spec.key_column] != ""}
    wanted: dict[int, dict[str, Cell]] = {}
    keys: dict[int, str] = {}
    missing = set(write.keys) - row_of.keys()
    # Rows that got their keys first: another row whose key was overwritten by that has it back for what follows.
    for key, cells in sorted(write.cells.items(), key=lambda item: item[0] not in write.new):
        place = _place(sheet, grid, write, key, row_of.get(key))
        if place is None:
            continue
        for victim in _victims(grid, cells, place):
            wanted[victim] = {**_emptied(sheet, grid[victim]), **wanted.get(victim, {})}
            keys.setdefault(victim, shown(grid[victim][spec.key_column]))
            if keys[victim] == key:  # its own key was overwritten: it gets that back when it is known
                keys[victim] = missing.pop() if len(missing) == 1 else ""
                wanted[victim][spec.key_column] = keys[victim]
                row_of[keys[victim]] = victim
        wanted[place] = {**wanted.get(place, {}), **cells}
        keys[place] = key
    writes = tuple(CellWrite(row, name, value) for row, cells in wanted.items() for name, value in cells.items())
    undeleted = tuple(key for key in write.deleted if key in row_of)
    # A row that is gone beside them may be an operator's deletion; only a row that is still there shows a move.
    gone = write.rows.keys() - row_of.keys() - set(write.deleted) if undeleted else set()
    lost = {key: write.rows[key] for key in sorted(gone)}
    return TableRepair(writes, keys, lost, undeleted) if writes or undeleted else None


def _place(sheet: Sheet, grid: Grid, write: TableWrite, key: str, row: int | None) -> int | None:
    """The row that a write was meant for and missed; None when it arrived, or the row is gone."""
    cells = write.cells[key]
    if key not in write.new:
        names = [SEEN] if SEEN in cells else list(cells)
        return None if row is None or all(grid[row][name] == cells[name] for name in names) else row
    expected = {**write.new[key], **{name: value for name, value in cells.items() if name in write.new[key]}}
    if row is not None and _agrees(grid[row], write.new[key]):
        return None
    # A row whose cells were edited meanwhile agrees less than fully; only another row that agrees shows a move.
    key_column = sheet.spec.key_column
    others = [n for n, cells_ in grid.items() if cells_[key_column] == "" and _agrees(cells_, write.new[key])]
    return others[0] if others and expected else None


def _agrees(cells: Mapping[str, Cell], typed: Mapping[str, Cell]) -> bool:
    """Whether a row has every cell that an operator had typed."""
    return all(cells[name] == value for name, value in typed.items() if value not in {"", False, True})


def _victims(grid: Grid, cells: Mapping[str, Cell], place: int) -> Iterator[int]:
    """The rows that hold what was meant for another: its `_seen`."""
    text = cells.get(SEEN, "")
    return (row for row, held in grid.items() if text != "" and held[SEEN] == text and row != place)


def _emptied(sheet: Sheet, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """A row that was overwritten: it is adopted by the next run, and its feature says what the worker shows in it."""
    names = [SEEN, PROBLEM, *(column.header for column in workers(sheet.spec) if not column.live)]
    return {name: "" for name in names if cells[name] != ""}


def combined(repairs: Collection[TableRepair]) -> TableRepair | None:
    """The repairs of one table after several writes; what a later one says counts."""
    if not repairs:
        return None
    cells = {(cell.row, cell.header): cell for one in repairs for cell in one.cells}
    keys = {row: key for one in repairs for row, key in one.keys.items()}
    lost = {key: row for one in repairs for key, row in one.lost.items()}
    undeleted = tuple(dict.fromkeys(key for one in repairs for key in one.undeleted))
    return TableRepair(tuple(cells.values()), keys, lost, undeleted)
