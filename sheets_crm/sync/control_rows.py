"""Control's rows that were moved in the very second of a write: what it put into another row, and what stood there.

The guard orders the workers, but the owner may move a row of Control between a worker's read and its write. The ids
beside the written cells are read back in the same request; when they are others, the next read looks for what was
overwritten and puts it back. What a write was about to do is on disk before it, so that a crash loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.workbook import control
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.tabs import CONTROL

WrittenCell = tuple[str, int, Cell]
"""Id of the row that was meant, 0-based column, value."""


@dataclass(frozen=True, slots=True)
class ControlWrite:
    """What a write puts into Control.

    Attributes:
        cells: The cells that it writes, by the id of the row that is meant.
        earlier: Cells of an earlier write that went to other rows, and that this one puts back.
        before: Control as it stood before, from A1.
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
        """Return what a plan's changes put into Control."""
        written = [
            (change.what, change.column, change.rows[0][0])
            for change in changes
            if isinstance(change, PutCells) and change.tab.mark == CONTROL
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
        """Return it for a file."""
        return {"cells": self.cells, "earlier": self.earlier, "before": self.before, "laid_out": self.laid_out}

    @classmethod
    def from_json(cls, body: Mapping[str, Any], *, applied: bool) -> ControlWrite:
        """Return what was prepared; what was not applied put nothing anywhere."""
        cells, earlier = (
            tuple((str(row), int(n), value) for row, n, value in body[name]) for name in ("cells", "earlier")
        )
        before, laid_out = [list(row) for row in body["before"]], applied and bool(body["laid_out"])
        return cls(cells if applied else (), earlier, before, laid_out)


@dataclass(frozen=True, slots=True)
class PutBack:
    """A cell of Control that a write meant for another row has overwritten, or that it has not reached.

    Attributes:
        row: 0-based grid row where it stands by now.
        column: 0-based column.
        value: What stood there before, or should stand there.
        id: Id of its row, "" for a row without one.
    """

    row: int
    column: int
    value: Cell
    id: str


def overwritten(now: Rows, write: ControlWrite, *, latest: bool = True) -> tuple[PutBack, ...]:
    """Return the cells of Control that hold what a write meant for another row, and those that lack it.

    Args:
        now: Control as it stands, from A1.
        write: What was written, and what stood there before.
        latest: Whether nobody wrote since. Only then ticks, which are requests, are put back, and what did not arrive
            is written to the row that was meant.
    """
    written = (*write.cells, *write.earlier)
    if not written:
        return ()
    found = list(_holding(now, write, {cell for cell in written if _telling(cell[2])}))
    # A box without its tick and a blank cell may be an operator's doing. They count once something else has proved that
    # rows were moved, or when nobody wrote since and the row that was meant lacks them.
    rows = _rows(now)
    doubtful = {cell for cell in written if not _telling(cell[2])}
    if not found:
        doubtful = {cell for cell in doubtful if latest and not _arrived(now, rows, cell)}
    found += _holding(now, write, doubtful)
    # A tick of `confirm` accepts what was refused: only a person gives it.
    found = [cell for cell in found if cell.value is not True or (latest and cell.id != "confirm")]
    return (*found, *(_not_arrived(now, written) if latest and found else ()))


def _telling(value: Cell) -> bool:
    """Say whether nobody but the worker types a value: a time, a text of its own."""
    return not isinstance(value, bool) and value != ""


def _holding(now: Rows, write: ControlWrite, cells: Iterable[WrittenCell]) -> Iterator[PutBack]:
    """Yield the cells that hold what was written, were not meant, and held something else before."""
    before = {_key(row): row for row in reversed(write.before)}
    meant = {(name, column, type(value), value) for name, column, value in (*write.cells, *write.earlier)}
    values = {(column, type(value), value): value for _, column, value in cells}
    for n, row in enumerate(now):
        old = before.get(_key(row))
        for column, kind, value in values:
            was = _cell(old, column)
            theirs = _same(was, value) or (_id(row), column, kind, value) in meant
            if not theirs and _same(_cell(row, column), value):
                yield PutBack(n, column, was, _id(row))


def _not_arrived(now: Rows, written: Iterable[WrittenCell]) -> Iterator[PutBack]:
    """Yield what the rows that were meant lack."""
    rows = _rows(now)
    for cell in written:
        if not _arrived(now, rows, cell):
            yield PutBack(rows[cell[0]], cell[1], cell[2], cell[0])


def _rows(now: Rows) -> dict[str, int]:
    return {_id(row): n for n, row in enumerate(now) if _id(row)}


def _arrived(now: Rows, rows: Mapping[str, int], cell: WrittenCell) -> bool:
    name, column, value = cell
    return name not in rows or _same(_cell(now[rows[name]], column), value)


def as_before(now: Rows, write: ControlWrite) -> Rows:
    """Return Control as it was before a write, but for what somebody has typed since into rows that have an id.

    A cell that holds what the write put into its column tells nothing: the write may have put it there.
    """
    values = {(column, type(value), value) for _, column, value in write.cells}
    fresh = [list(row) for row in write.before]
    rows = _rows(fresh)
    for row in now:
        old = fresh[rows[_id(row)]] if _id(row) in rows else row
        for column, cell in enumerate(row):
            if not _same(cell, _cell(old, column)) and (column, type(cell), cell) not in values:
                old += [""] * (column + 1 - len(old))
                old[column] = cell
    return fresh


def put_back(now: Rows, cells: Sequence[PutBack]) -> Rows:
    """Return Control with the overwritten cells as they were."""
    fresh = [list(row) for row in now]
    for cell in cells:
        fresh[cell.row] += [""] * (cell.column + 1 - len(fresh[cell.row]))
        fresh[cell.row][cell.column] = cell.value
    return fresh


def _key(row: Sequence[Cell]) -> str:
    """Return what a row is known by: its id, or of one that only decorates its label."""
    return _id(row) or f"\0{_cell(row, 0)}"


def _id(row: Sequence[Cell]) -> str:
    return str(_cell(row, control.ID))


def _cell(row: Sequence[Cell] | None, column: int) -> Cell:
    return row[column] if row is not None and len(row) > column else ""


def _same(one: Cell, other: Cell) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
