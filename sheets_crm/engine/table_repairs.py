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

from sheets_crm.engine.table_columns import Columns, column_writes, moved_columns
from sheets_crm.engine.table_moved import Grid, agrees, lost_key, moved_to, told_keys
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, SEEN, Owner
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import joined, workers
from sheets_crm.workbook.two_way.writes import CellWrite


@dataclass(frozen=True, slots=True)
class TableWrite:
    """The part of a write that goes to rows of a two-way table.

    Attributes:
        table: Key of the table.
        cells: The cells of each row that it writes, and the worker's cells that it leaves as they are, by the key that
            the row has after the write, and by header.
        new: The operators' cells of the rows that get their keys by it, by that key.
        keys: The keys of all rows before it, as far as they were read.
        seen: The `_seen` of each of those rows, as far as they were read.
        deleted: The keys of the rows that it deletes; it may have deleted others.
        rows: The cells of all rows by key, before a write that deletes some.
        columns: The table's columns as the write found them.
    """

    table: str
    cells: Mapping[str, Mapping[str, Cell]]
    new: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    seen: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The write as a JSON object, for a file."""
        rows: dict[str, Any] = {"deleted": self.deleted, "rows": self.rows} if self.deleted else {}
        rows["columns"] = self.columns.as_json()
        return {
            "table": self.table,
            "cells": self.cells,
            "new": self.new,
            "keys": self.keys,
            "seen": self.seen,
            **rows,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> TableWrite:
        """Read the write from a file."""
        rows = tuple(body.get("deleted", ())), body.get("rows", {})
        columns = Columns.from_json(body.get("columns", {}))
        seen = tuple(body.get("seen", ()))
        return cls(str(body["table"]), body["cells"], body["new"], tuple(body["keys"]), *rows, columns, seen)


def table_writes(changes: Iterable[Change]) -> list[TableWrite]:
    """The parts of a plan's changes that go to rows of two-way tables into which operators type.

    In a closed table a `_seen` that went to another row says nothing there, and the next run sees both rows.
    """
    writes = []
    for change in changes:
        if isinstance(change, RowCells) and not change.spec.closed:
            cells: dict[str, dict[str, Cell]] = {}
            for cell in change.cells:
                if change.keys.get(cell.row):
                    of_row = cells.setdefault(change.keys[cell.row], dict(change.shown.get(cell.row, {})))
                    of_row[cell.header] = cell.value
            new = {change.keys[row]: by_header for row, by_header in change.before.items() if change.keys.get(row)}
            former, seen = (change.former, change.former_seen) if new else ((), ())
            grid = {key: change.grid[row] for row, key in change.keys.items() if row in change.grid}
            columns = Columns(change.column_index, change.header, grid)
            writes.append(TableWrite(change.spec.key, cells, new, former, columns=columns, seen=seen))
        elif isinstance(change, AppendRows) and change.sheet.spec.by_key and change.sheet.header:
            columns = Columns(change.sheet.column_index, change.sheet.header)
            writes.append(TableWrite(change.sheet.spec.key, _appended(change), columns=columns))
        elif isinstance(change, DeleteRows) and change.sheet.spec.by_key:
            sheet = change.sheet
            keys = [shown(key) for key in sheet.frame.index]
            rows = dict(zip(keys, _cells_of(sheet), strict=True))
            deleted = tuple(keys[position] for position in change.positions)
            writes.append(TableWrite(sheet.spec.key, {}, deleted=deleted, rows=rows))
    return writes


def _appended(change: AppendRows) -> dict[str, dict[str, Cell]]:
    """The cells of new rows by key and header, those of live columns apart."""
    names = [column.header for column in change.sheet.spec.columns if not column.live]
    frame = change.frame[[name for name in names if name in change.frame.columns]]
    rows = frame.to_dict("records")
    return {
        shown(key): {str(name): cell for name, cell in row.items()}
        for key, row in zip(frame.index, rows, strict=True)
    }


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
    own = told_keys(sheet, grid, write, missing)
    places = {key: moved_to(sheet, grid, write, key, own) for key in write.new}
    own |= {place: key for key, place in places.items() if place is not None}
    # Rows that got their keys first: another row whose key was overwritten by that has it back for what follows.
    for key, cells in sorted(write.cells.items(), key=lambda item: item[0] not in write.new):
        row = row_of.get(key)
        place = places.get(key)
        if place is None and row is not None and _arrived(sheet, grid[row], write, key, missing):
            continue
        if place is None and key not in write.new:
            place = row
        for victim in _victims(grid, cells, place):
            if _holds_nothing_else(sheet, grid[victim], cells):
                wanted[victim] = {name: "" for name in cells if grid[victim][name] != ""}
                keys[victim] = ""
                continue
            wanted[victim] = {**_emptied(sheet, grid[victim]), **wanted.get(victim, {})}
            keys.setdefault(victim, shown(grid[victim][spec.key_column]))
            if keys[victim] == key:  # its own key was overwritten: it gets that back when it is known
                told = {own_key: row for row, own_key in own.items()}
                untold = missing - told.keys()
                keys[victim] = own.get(victim) or lost_key(row_of | told, write.keys, victim, untold)
                missing.discard(keys[victim])
                wanted[victim][spec.key_column] = keys[victim]
                row_of[keys[victim]] = victim
            wanted[victim] |= _as_read(sheet, write, keys[victim], cells)
        if place is not None:
            wanted[place] = {**wanted.get(place, {}), **cells}
            keys[place] = key
    writes = tuple(CellWrite(row, name, value) for row, cells in wanted.items() for name, value in cells.items())
    undeleted = tuple(key for key in write.deleted if key in row_of)
    # A row that is gone beside them may be an operator's deletion; only a row that is still there shows a move.
    gone = write.rows.keys() - row_of.keys() - set(write.deleted) if undeleted else set()
    lost = {key: write.rows[key] for key in sorted(gone)}
    return TableRepair(writes, keys, lost, undeleted) if writes or undeleted else None


def repair_columns(sheet: Sheet, cells: Rows, write: TableWrite) -> TableRepair | None:
    """What puts a table right after a write whose columns were moved; None when they were not.

    Args:
        sheet: The table.
        cells: All its cells from A1.
        write: The write.
    """
    if not moved_columns(write.columns, cells[0]):
        return None
    grid = grid_of(sheet, cells)
    rows = {shown(held[sheet.spec.key_column]): row for row, held in grid.items()}
    keyless = {key: moved_to(sheet, grid, write, key) for key in write.new if key not in rows}
    rows |= {key: row for key, row in keyless.items() if row is not None}
    rows |= _overwritten_keys(sheet, grid, write, rows)
    writes = column_writes(sheet, cells, write.columns, write.cells, rows)
    keys = {row: key for key, row in rows.items() if any(cell.row == row for cell in writes)}
    return TableRepair(tuple(writes), keys) if writes else None


def _overwritten_keys(sheet: Sheet, grid: Grid, write: TableWrite, rows: Mapping[str, int]) -> dict[str, int]:
    """The rows whose key itself was overwritten, because its column had moved to where another one stood, by key."""
    key_column = sheet.spec.key_column
    there = sheet.column_index[key_column]
    names = [name for name, place in write.columns.places.items() if place == there and name != key_column]
    found: dict[str, int] = {}
    for key in write.cells.keys() - rows.keys():
        texts = {shown(write.cells[key][name]) for name in names if write.cells[key].get(name, "") != ""}
        holding = [row for row, held in grid.items() if shown(held[key_column]) in texts]
        if len(holding) == 1:
            found[key] = holding[0]
    return found


def _arrived(
    sheet: Sheet, held: Mapping[str, Cell], write: TableWrite, key: str, missing: Collection[str]
) -> bool:
    """Whether the row that has a key now is the one that the write was meant for."""
    cells = write.cells[key]
    if key not in write.new:
        # `_seen` alone does not tell: that of a row whose act was taken back is what it was.
        own = [name for name in cells if sheet.spec.column(name).owner is Owner.WORKER]
        return all(held[name] == cells[name] for name in own or cells)
    if agrees(held, write.new[key]):
        return True
    # A row whose cells were edited meanwhile agrees less than fully. One that took the place of a deleted row holds
    # nothing of its own, or has lost its key.
    return not missing and not _holds_nothing_else(sheet, held, cells)


def _holds_nothing_else(sheet: Sheet, held: Mapping[str, Cell], written: Mapping[str, Cell]) -> bool:
    """Whether a row holds nothing of an operator's but what a write has just put there."""
    names = [column.header for column in joined(sheet.spec)]
    own_key = held[sheet.spec.key_column] not in {"", written.get(sheet.spec.key_column, "")}
    return not own_key and all(
        held[name] in {"", False} or (name in written and held[name] == written[name]) for name in names
    )


def _victims(grid: Grid, cells: Mapping[str, Cell], place: int | None) -> Iterator[int]:
    """The rows that hold what was meant for another: its `_seen`."""
    text = cells.get(SEEN, "")
    return (row for row, held in grid.items() if text != "" and held[SEEN] == text and row != place)


def _as_read(sheet: Sheet, write: TableWrite, key: str, written: Mapping[str, Cell]) -> dict[str, Cell]:
    """The operators' and shared cells of a row that another's write went to, where the worker had read that row too."""
    own, places = write.columns.rows.get(key, ()), write.columns.places
    names = {column.header for column in joined(sheet.spec)} & written.keys() - write.cells.get(key, {}).keys()
    return {name: own[places[name]] if places[name] < len(own) else "" for name in names if own}


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
