"""Worker's cells of two-way tables as this worker left them: by them hand edits are told, and put back.

They are taken from each read of a whole table and brought up to date by the worker's own writes. It is a cache:
while it is there, every write since was this worker's and is in it (`forget` is called where that is not certain).
Without it the cells are taken as they stand. Only changed cells are written, so it needs no number for each write.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson
import pandas as pd

from sheets_crm.engine import caches
from sheets_crm.engine.state_files import DamagedFileError
from sheets_crm.engine.table_reads import TableRead
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells, UpdateCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import SEEN, TabColumn, TabSpec
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import put_back_columns
from sheets_crm.workbook.two_way.seen import seen_of

Cells = Mapping[str, Mapping[str, Cell]]
"""Worker's cells of a table by key and header; a cell that is left out is not known and counts as it stands."""

ROUNDING: Final = 1e-12
"""Share by which a number may differ: a date with its time comes back to some microseconds."""


@dataclass(frozen=True, slots=True)
class TableMemory:
    """What a worker knows of its cells in two-way tables, each mapping by key of the table.

    Attributes:
        remembered: As it left them.
        present: As a read of the whole table has them, hand edits apart, which are as it left them.
        put_back: The hand edits: what the cells held before.
    """

    remembered: Mapping[str, Cells] = field(default_factory=dict)
    present: Mapping[str, Cells] = field(default_factory=dict)
    put_back: Mapping[str, Cells] = field(default_factory=dict)

    def due(self, table: str, most: int) -> Cells:
        """The hand edits that one write puts back, in so many rows at most."""
        cells = self.put_back.get(table, {})
        return dict(list(cells.items())[:most])

    def after(self, changes: Sequence[Change], waiting: Collection[str], most: int) -> TableMemory:
        """What it knows after a write.

        Args:
            changes: The changes of the write.
            waiting: Tables of which a part was sorted: their cells may stand beside other keys and are not taken.
            most: How many rows of each table are put back by the write.
        """
        taken = {table: cells for table, cells in self.present.items() if table not in waiting}
        tables = _written({**self.remembered, **taken}, changes, waiting)
        left = {
            key: dict(list(cells.items())[most:]) for key, cells in self.put_back.items() if key not in waiting
        }
        return TableMemory(tables, {}, {key: cells for key, cells in left.items() if cells})


def _written(tables: Mapping[str, Cells], changes: Sequence[Change], waiting: Collection[str]) -> dict[str, Cells]:
    """The cells after a write; a table that it leaves alone stays the very same value."""
    after = dict(tables)
    for change in changes:
        match change:
            case RowCells():
                key, deleted = change.spec.key, frozenset[str]()
                rows = _cells_written(change, after.get(key, {}), as_read=key not in waiting)
            case UpdateCells() if change.sheet.spec.two_way:
                key, rows, deleted = change.sheet.spec.key, _updated(change, after), frozenset()
            case AppendRows() if change.sheet.spec.two_way:
                key, rows, deleted = change.sheet.spec.key, _rows_added(change), frozenset()
            case DeleteRows() if change.sheet.spec.two_way:
                gone = change.sheet.frame.index[change.positions]
                key, rows, deleted = change.sheet.spec.key, {}, frozenset(map(shown, gone))
            case _:
                continue
        if rows or deleted:
            merged = {**after.get(key, {}), **rows}
            after[key] = {name: cells for name, cells in merged.items() if name not in deleted}
    return after


def _cells_written(change: RowCells, former: Cells, *, as_read: bool) -> dict[str, dict[str, Cell]]:
    """The worker's cells of the rows that cells are written to.

    Args:
        change: The cells.
        former: The cells that are known of the table.
        as_read: Whether cells that nobody knows and nothing writes count as they were read.
    """
    places = {
        column.header: change.column_index.get(column.header, -1) for column in put_back_columns(change.spec)
    }
    rows: dict[str, dict[str, Cell]] = {}
    for cell in change.cells:
        key = change.keys.get(cell.row)
        if not key:
            continue
        if key not in rows:
            line = change.grid.get(cell.row, ()) if as_read else ()
            read = {name: _at(line, place) for name, place in places.items() if line and place >= 0}
            # A new, copied or adopted row: its cells count as they stand.
            seen = shown(_at(line, change.column_index[SEEN]))
            other = bool(line) and seen_of(change.spec, key, seen).key != key
            rows[key] = {**read, **({} if other else former.get(key, {}))}
        if cell.header in places:
            rows[key][cell.header] = cell.value
    return rows


def _updated(change: UpdateCells, tables: Mapping[str, Cells]) -> dict[str, dict[str, Cell]]:
    names = {column.header for column in put_back_columns(change.sheet.spec)}
    former, rows = tables.get(change.sheet.spec.key, {}), dict[str, dict[str, Cell]]()
    for header in names & change.cells.keys():
        positions, values = change.cells[header]
        for position, value in zip(positions, values, strict=True):
            key = shown(change.sheet.frame.index[position])
            rows.setdefault(key, dict(former.get(key, {})))[header] = value
    return rows


def _at(line: Sequence[Cell], place: int) -> Cell:
    return line[place] if place < len(line) else ""


def _rows_added(change: AppendRows) -> dict[str, dict[str, Cell]]:
    names = [column.header for column in put_back_columns(change.sheet.spec)]
    records = change.frame[names].to_dict("records")
    return {
        shown(key): {str(name): cell for name, cell in row.items()}
        for key, row in zip(change.frame.index, records, strict=True)
    }


# -- from a read


@dataclass(frozen=True, slots=True)
class Remembering:
    """A two-way table as read, compared with what was remembered of it.

    Attributes:
        read: Its edited rows, hand edits of worker's cells put back.
        sheet: The table with the same; None when the edited rows alone were read.
        present: The worker's cells of each row that has a key of its own, hand edits put back.
        put_back: The hand edits.
    """

    read: TableRead
    sheet: Sheet | None
    present: Cells
    put_back: Cells


def compared(read: TableRead, sheet: Sheet | None, remembered: Cells) -> Remembering:
    """Compare a table as read with what the worker remembers of it.

    Rows that are new, copied, adopted or restored count as they stand: their ``_seen`` is not of their key, or
    another row has the same key.

    Args:
        read: Its edited rows.
        sheet: The table; None when it was not read whole.
        remembered: The worker's cells as it left them.
    """
    columns = [column for column in put_back_columns(read.spec) if column.header in read.column_index]
    present: dict[str, dict[str, Cell]] = {}
    back: dict[str, dict[str, Cell]] = {}
    for key, cells in _own_rows(read, sheet, columns):
        former = remembered.get(key, {})
        edited = {
            column.header: former[column.header]
            for column in columns
            if column.header in former and not same(column, former[column.header], cells[column.header])
        }
        present[key] = {**cells, **edited}
        if edited:
            back[key] = edited
    if not back:
        return Remembering(read, sheet, present, {})
    rows = tuple(replace(row, cells={**row.cells, **back.get(row.key, {})}) for row in read.rows)
    return Remembering(replace(read, rows=rows), _with_cells(sheet, back) if sheet else None, present, back)


def _own_rows(
    read: TableRead, sheet: Sheet | None, columns: Sequence[TabColumn]
) -> Iterator[tuple[str, dict[str, Cell]]]:
    """The rows that were read and have a key and a ``_seen`` of their own: key, worker's cells by header."""
    names = [column.header for column in columns]
    present = [row.key for row in read.rows] if sheet is None else [shown(key) for key in sheet.frame.index]
    counts = Counter(read.keys or present)
    if sheet is None:
        rows = ((row.key, row.seen, [row.cells[name] for name in names]) for row in read.rows)
    else:
        block = sheet.frame[[SEEN, *names]].to_numpy(dtype=object)
        rows = (
            (shown(key), shown(cells[0]), list(cells[1:]))
            for key, cells in zip(sheet.frame.index, block, strict=True)
        )
    for key, seen, cells in rows:
        if key and counts[key] == 1 and seen_of(read.spec, key, seen).key == key:
            yield key, dict(zip(names, cells, strict=True))


def _with_cells(sheet: Sheet, cells: Cells) -> Sheet:
    """A table with some cells replaced."""
    place_of = {shown(key): place for place, key in enumerate(sheet.frame.index)}
    frame = sheet.frame.copy(deep=False)
    for name in {name for by_header in cells.values() for name in by_header}:
        column = sheet.frame[name].to_numpy(dtype=object, copy=True)
        for key, by_header in cells.items():
            if name in by_header:
                column[place_of[key]] = by_header[name]
        frame[name] = pd.Series(column, index=frame.index, dtype=object)
    return replace(sheet, frame=frame)


def same(column: TabColumn, left: Cell, right: Cell) -> bool:
    """Whether a cell came back as it was left.

    TRUE is not 1, a blank checkbox is FALSE, and a number may differ as it does on its way to the workbook and back.
    """
    if column.kind is Kind.FLAG:
        left, right = (False if cell == "" else cell for cell in (left, right))
    if isinstance(left, bool) or isinstance(right, bool) or isinstance(left, str) or isinstance(right, str):
        return type(left) is type(right) and left == right
    return math.isclose(left, right, rel_tol=ROUNDING)


# -- the cache


def unchanged(before: TableMemory, after: TableMemory) -> bool:
    """Whether a cache of the one would do for the other."""
    if not before.remembered and not after.remembered:
        return True
    # As text: for Python TRUE is 1.
    return orjson.dumps(before.remembered) == orjson.dumps(after.remembered)


def save(state_dir: Path, workbook: str, sequence: int, memory: TableMemory) -> None:
    """Save the worker's cells as they are at a sequence number."""
    body = orjson.dumps({"sequence": sequence, "tables": memory.remembered})
    caches.save(state_dir, workbook, caches.TABLES, body)


def load(state_dir: Path, workbook: str, sequence: int, specs: Collection[TabSpec]) -> dict[str, Cells]:
    """The worker's cells of the declared tables; none when there are none, or they cannot be trusted.

    Args:
        state_dir: The state folder.
        workbook: Id of the spreadsheet.
        sequence: The number that the workbook was read at; cells of a later one say nothing about it.
        specs: The declared tables.
    """
    saved = caches.load(state_dir, workbook, caches.TABLES, _parsed)
    if saved is None or saved[0] > sequence:
        return {}
    return {spec.key: saved[1][spec.key] for spec in specs if spec.key in saved[1]}


def _parsed(body: bytes) -> tuple[int, dict[str, Cells]]:
    content: dict[str, Any] = orjson.loads(body)
    tables = content["tables"]
    for rows in tables.values():
        if not all(isinstance(cell, Cell) for cells in rows.values() for cell in cells.values()):
            raise DamagedFileError("no cells of a table")
    return int(content["sequence"]), tables


def forget(state_dir: Path, workbook: str) -> None:
    """Delete the cache: the cells count as they stand at the next read."""
    caches.delete(state_dir, workbook, caches.TABLES)
