"""Repair of Control when its rows were moved in the very second of a write: what was overwritten, and by what.

The guard orders the workers, but the owner may move a row of Control between a worker's read and its write. The ids
beside the written cells are read back in the same request; when they are others, the next read looks for what was
overwritten and puts it back. The write is noted on disk before it is sent, so that a crash loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.workbook import panel
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.roles import PANEL

WrittenCell = tuple[str, int, Cell]
"""Id of the row that the value was meant for, 0-based column, value."""


@dataclass(frozen=True, slots=True)
class ControlWrite:
    """The part of a write that goes to Control.

    Attributes:
        cells: The cells that it writes.
        earlier: Cells of an earlier write that went to other rows, and that this one puts back.
        before: Control before the write, from A1.
        laid_out: Whether rows are laid out anew, so that ids may be overwritten.
    """

    cells: tuple[WrittenCell, ...] = ()
    earlier: tuple[WrittenCell, ...] = ()
    before: Rows = field(default_factory=list)
    laid_out: bool = False

    @classmethod
    def of_changes(
        cls, changes: Iterable[Change], before: Rows, earlier: Sequence[WrittenCell] = ()
    ) -> ControlWrite:
        """The part of a plan's changes that goes to Control; formulas are left out, as their results are unknown."""
        written = [
            (change.what, change.column, change.rows[0][0])
            for change in changes
            if isinstance(change, PutCells) and change.tab.mark == PANEL
        ]
        return cls(
            tuple(
                (row, column, value)
                for row, column, value in written
                if isinstance(value, str | bool | int | float)
            ),
            tuple(earlier),
            before,
        )

    def as_json(self) -> dict[str, Any]:
        """The write as a JSON object, for a file."""
        return {"cells": self.cells, "earlier": self.earlier, "before": self.before, "laid_out": self.laid_out}

    @classmethod
    def from_json(cls, body: Mapping[str, Any], *, applied: bool) -> ControlWrite:
        """Read the write from a file; of one that was not applied, only what an earlier write misplaced counts."""
        cells, earlier = (
            tuple((str(row), int(n), value) for row, n, value in body[name]) for name in ("cells", "earlier")
        )
        before, laid_out = [list(row) for row in body["before"]], applied and bool(body["laid_out"])
        return cls(cells if applied else (), earlier, before, laid_out)


@dataclass(frozen=True, slots=True)
class PutBack:
    """A cell of Control to repair: a write meant for another row has overwritten it, or meant it and missed.

    Attributes:
        row: 0-based grid row of it now.
        column: 0-based column.
        value: Its value before the write, or the value that the write meant for it.
        id: Id of its row, "" for a row without one.
    """

    row: int
    column: int
    value: Cell
    id: str


def overwritten(cells: Rows, write: ControlWrite, *, latest: bool = True) -> tuple[PutBack, ...]:
    """The repairs of Control after a write whose rows may have been moved; none when they were not.

    Args:
        cells: Control as it is, from A1.
        write: The write, with Control as it was before.
        latest: Whether nobody has written since. Only then ticks, which are requests, are put back, and values that
            missed their row are written to it.
    """
    written = (*write.cells, *write.earlier)
    if not written:
        return ()
    repairs = list(_holding(cells, write, {cell for cell in written if _only_a_worker_writes(cell[2])}))
    # An unticked box or a blank cell may be an operator's doing. It counts once another cell has proved that rows were
    # moved, or when nobody has written since and the row that it was meant for lacks it.
    rows = _rows(cells)
    doubtful = {cell for cell in written if not _only_a_worker_writes(cell[2])}
    if not repairs:
        doubtful = {cell for cell in doubtful if latest and not _arrived(cells, rows, cell)}
    repairs += _holding(cells, write, doubtful)
    # A tick of `confirm` consents to a refused plan: only a person gives it.
    repairs = [cell for cell in repairs if cell.value is not True or (latest and cell.id != "confirm")]
    return (*repairs, *(_not_arrived(cells, written) if latest and repairs else ()))


def _only_a_worker_writes(value: Cell) -> bool:
    """Whether nobody but a worker writes such a value to Control: a time or a text, neither a tick nor a blank."""
    return not isinstance(value, bool) and value != ""


def _holding(cells: Rows, write: ControlWrite, written: Iterable[WrittenCell]) -> Iterator[PutBack]:
    """Yield the cells that hold a written value, were not meant to, and held another one before."""
    before = {_key(row): row for row in reversed(write.before)}
    # With the type of the value: in a set 1, 1.0 and TRUE are the same.
    meant = {(name, column, type(value), value) for name, column, value in (*write.cells, *write.earlier)}
    values = {(column, type(value), value): value for _, column, value in written}
    for n, row in enumerate(cells):
        old_row = before.get(_key(row))
        for column, kind, value in values:
            old = _cell(old_row, column)
            rightful = _same(old, value) or (_id(row), column, kind, value) in meant
            if not rightful and _same(_cell(row, column), value):
                yield PutBack(n, column, old, _id(row))


def _not_arrived(cells: Rows, written: Iterable[WrittenCell]) -> Iterator[PutBack]:
    """Yield the written values that are missing in the rows that they were meant for."""
    rows = _rows(cells)
    for cell in written:
        if not _arrived(cells, rows, cell):
            yield PutBack(rows[cell[0]], cell[1], cell[2], cell[0])


def _rows(cells: Rows) -> dict[str, int]:
    """The row number of each id."""
    return {_id(row): n for n, row in enumerate(cells) if _id(row)}


def _arrived(cells: Rows, rows: Mapping[str, int], written: WrittenCell) -> bool:
    name, column, value = written
    return name not in rows or _same(_cell(cells[rows[name]], column), value)


def as_before(cells: Rows, write: ControlWrite) -> Rows:
    """Control as it was before a write, except for what somebody has typed since into rows that have an id.

    A cell that holds a value which the write put into its column does not count as typed: the write may have put it
    there.
    """
    values = {(column, type(value), value) for _, column, value in write.cells}
    restored = [list(row) for row in write.before]
    rows = _rows(restored)
    for row in cells:
        old = restored[rows[_id(row)]] if _id(row) in rows else row
        for column, cell in enumerate(row):
            if not _same(cell, _cell(old, column)) and (column, type(cell), cell) not in values:
                old += [""] * (column + 1 - len(old))
                old[column] = cell
    return restored


def put_back(cells: Rows, repairs: Sequence[PutBack]) -> Rows:
    """Control with the repairs made."""
    repaired = [list(row) for row in cells]
    for cell in repairs:
        repaired[cell.row] += [""] * (cell.column + 1 - len(repaired[cell.row]))
        repaired[cell.row][cell.column] = cell.value
    return repaired


def _key(row: Sequence[Cell]) -> str:
    """The key of a row: its id, or for a row without one, such as a heading, its label."""
    return _id(row) or f"\0{_cell(row, 0)}"


def _id(row: Sequence[Cell]) -> str:
    return str(_cell(row, panel.ID))


def _cell(row: Sequence[Cell] | None, column: int) -> Cell:
    return row[column] if row is not None and len(row) > column else ""


def _same(left: Cell, right: Cell) -> bool:
    """Whether two cells hold the same value; TRUE is not 1."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)
