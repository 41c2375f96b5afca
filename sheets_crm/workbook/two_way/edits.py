"""What operators did to the rows of a two-way table: from rows as read to edits as values."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sheets_crm.messages import Problem
from sheets_crm.pipeline.imports.text import length, shown
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import TabColumn, TabSpec
from sheets_crm.workbook.two_way.columns import acts, blank, joined
from sheets_crm.workbook.two_way.disorder import Disorder, disorder
from sheets_crm.workbook.two_way.join import ERROR, ROW_LIMIT
from sheets_crm.workbook.two_way.rows import KeyedRow, ReadRow, copies
from sheets_crm.workbook.two_way.seen import Seen, parse_seen, parts, seen_of
from sheets_crm.workbook.two_way.typed import typed, value_of_part

WHOLE_ROW: Final = ""
"""Instead of a header: the problem is one of the row."""


class RowKind(enum.Enum):
    """What happened to a row.

    A typed or copied row is a new one and gets a key. An adopted row has a key but no ``_seen``: its cells are taken
    as they stand and none of its acts is obeyed. A restored row lost its key by hand and gets it back; an erased one
    lost all of its cells and its key, unless that is hidden, and is gone like a deleted one.
    """

    TYPED = "typed"
    COPIED = "copied"
    EDITED = "edited"
    ADOPTED = "adopted"
    RESTORED = "restored"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that an operator changed: its header, the text that stood in the join, and its new value."""

    header: str
    old: str
    new: Cell


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What an operator did to a row.

    Attributes:
        row: 0-based grid row.
        key: Its key; "" for a typed or copied row, which gets one.
        kind: What happened to it.
        changes: The cells that changed; of a new row all that are filled.
        acts: The acts to obey: header and the text of the cell, or TRUE.
        values: Value of every joined column that counts by now: of a cell in `problems` the last good one.
        problems: Problem of each cell that is not understood, by header, and of the row (`WHOLE_ROW`).
        good: The last good values that are kept in ``_seen``, by header.
        missing: Required headers that are blank: the row is not complete.
        source: The row as read.
    """

    row: int
    key: str
    kind: RowKind
    changes: tuple[CellChange, ...]
    acts: Mapping[str, Cell]
    values: Mapping[str, Cell]
    problems: Mapping[str, Problem]
    good: Mapping[str, Cell]
    missing: tuple[str, ...]
    source: ReadRow

    @property
    def complete(self) -> bool:
        """Whether every required cell is filled: an incomplete row is recorded and not acted on."""
        return not self.missing

    @property
    def new(self) -> bool:
        """Whether the row is a new one, which gets a key."""
        return self.kind in {RowKind.TYPED, RowKind.COPIED}


@dataclass(frozen=True, slots=True)
class TableEdits:
    """The edits of one read of a table.

    Attributes:
        rows: The edits, from the top down; none while a part of the table is sorted and nobody has confirmed it.
        disorder: What a partial sort moved, if there was one.
    """

    rows: tuple[RowEdit, ...] = ()
    disorder: Disorder | None = None


def table_edits(
    spec: TabSpec,
    rows: Sequence[ReadRow],
    language: str,
    *,
    keys: Collection[str] = (),
    former: Collection[str] = (),
    confirmed: bool = False,
) -> TableEdits:
    """The edits of the rows that were read.

    Args:
        spec: The table.
        rows: The edited rows, and every row whose key stands twice.
        language: The workbook's: "es" or "en".
        keys: Keys of all rows that the table has by now; those of `rows` alone when empty.
        former: Keys that it had at the last read: a key that is none of them was typed by hand.
        confirmed: Somebody confirmed that a partial sort is meant: its cells then count as edits.
    """
    if spec.closed:
        closed = (_row_edit(spec, row, RowKind.EDITED, row.key, language) for row in rows if row.key)
        return TableEdits(tuple(edit for edit in closed if not _untouched(spec, edit)))
    present = {*keys, *(row.key for row in rows)}
    repeated = copies(KeyedRow(row.row, row.key, row.seen, row.join != parse_seen(row.seen).join) for row in rows)
    out_of_order = disorder(spec, [row for row in rows if row.row not in repeated], present, former)
    if out_of_order and not confirmed:
        return TableEdits((), out_of_order)
    own = {repair.row: repair.text for repair in out_of_order.repairs} if out_of_order else {}
    lost = out_of_order.lost if out_of_order else frozenset()
    edits = []
    # Erased rows last: a key that another row gets back is not gone.
    for row in sorted(rows, key=lambda one: (not one.join, one.row)):
        # A foreign `_seen` says nothing about the row beside it.
        row_seen = own.get(row.row, "" if row.row in lost else row.seen)
        kind, key = _kind(spec, row, parse_seen(row_seen), row.row in repeated, present)
        present.add(key)
        edits.append(_row_edit(spec, replace(row, seen=row_seen), kind, key, language))
    edits.sort(key=lambda edit: edit.row)
    return TableEdits(tuple(edit for edit in edits if not _untouched(spec, edit)), out_of_order)


def _kind(
    spec: TabSpec, row: ReadRow, seen: Seen, repeated: bool, present: Collection[str]
) -> tuple[RowKind, str]:
    """What happened to a row, and the key that it has or gets back."""
    # Somebody emptied every cell that can be seen; the key stands where nobody looks.
    emptied = row.key and row.join == row.key and spec.column(spec.key_column).hidden
    if repeated:
        return (RowKind.ERASED if emptied else RowKind.COPIED), ""
    if emptied:
        return RowKind.ERASED, row.key
    if seen.key and not row.join:
        return RowKind.ERASED, "" if seen.key in present else seen.key
    if seen.key and seen.key != row.key:
        return (RowKind.RESTORED, seen.key) if seen.key not in present else (RowKind.TYPED, "")
    if not row.key:
        return RowKind.TYPED, ""
    return (RowKind.EDITED if seen.join else RowKind.ADOPTED), row.key


def _untouched(spec: TabSpec, edit: RowEdit) -> bool:
    """Whether a row was read for its key alone: the original of a copy."""
    return edit.kind is RowKind.EDITED and edit.source.join == seen_of(spec, edit.key, edit.source.seen).join


def _row_edit(spec: TabSpec, row: ReadRow, kind: RowKind, key: str, language: str) -> RowEdit:
    is_new = kind in {RowKind.TYPED, RowKind.COPIED}
    seen = Seen() if is_new or kind is RowKind.ADOPTED else seen_of(spec, row.key, row.seen)
    cells = _Cells(row, seen, parts(spec, seen.join), parts(spec, row.join), language, is_new=is_new)
    for column in joined(spec):
        cells.take(column)
    missing = tuple(column.header for column in joined(spec) if column.required and cells.is_blank(column))
    problems = cells.problems | dict(_row_problems(spec, row, missing, language))
    if kind is RowKind.ERASED:
        missing, problems = (), {}
    obeyed = {} if kind in {RowKind.COPIED, RowKind.ADOPTED} else dict(cells.acts(acts(spec)))
    for column in acts(spec):  # an act is no value: it is obeyed, or not, and gone
        cells.values.pop(column.header, None)
    changes = () if kind is RowKind.ADOPTED else tuple(cells.changes)
    return RowEdit(row.row, key, kind, changes, obeyed, cells.values, problems, cells.good, missing, row)


@dataclass(slots=True)
class _Cells:
    """What the cells of one row come to, beside what they were when the row was last acted on."""

    row: ReadRow
    seen: Seen
    old: Mapping[str, str]
    new: Mapping[str, str]
    language: str
    is_new: bool
    values: dict[str, Cell] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    good: dict[str, Cell] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)

    def take(self, column: TabColumn) -> None:
        """Take one cell: its value, or its problem and the last good value."""
        header = column.header
        old, new = self.old[header], self.new[header]
        cell = ERROR if new == ERROR else self.row.cells.get(header, "")
        reading = typed(column, cell, self.language)
        # FALSE is no blank cell here: somebody ticked the box and took the tick back.
        value = column.default if self.is_new and cell == "" else reading.value
        if reading.problem:
            value = self._last_good(column)
            self.problems[header] = reading.problem
            if value != blank(column):
                self.good[header] = value
        self.values[header] = value
        if old != new and (reading.problem or not self._means(column, reading.value)):
            self.changes.append(CellChange(header, old, value))

    def _means(self, column: TabColumn, value: Cell) -> bool:
        """Whether the cell had that value, perhaps written differently: ``1,50`` as text for 1.5."""
        if column.header in self.seen.good:
            return self.seen.good[column.header] == value
        return value_of_part(column, self.old[column.header], self.language) == value

    def _last_good(self, column: TabColumn) -> Cell:
        if column.header in self.seen.good:
            return self.seen.good[column.header]
        value = value_of_part(column, self.old[column.header], self.language)
        return blank(column) if value is None else value

    def is_blank(self, column: TabColumn) -> bool:
        """Whether a cell is blank."""
        return column.header not in self.problems and self.values[column.header] == blank(column)

    def acts(self, columns: Sequence[TabColumn]) -> Iterator[tuple[str, Cell]]:
        """The acts that were ticked or named since the row was last acted on."""
        for column in columns:
            name, cell = column.header, self.row.cells.get(column.header, "")
            asked = is_tick(cell) if column.checkbox else self.new[name] not in {"", ERROR}
            if asked and self.old[name] != self.new[name]:
                yield name, True if column.checkbox else shown(cell).strip()


def _row_problems(
    spec: TabSpec, row: ReadRow, missing: Sequence[str], language: str
) -> Iterator[tuple[str, Problem]]:
    for header in missing:
        yield header, Problem("two_way.missing", header=spec.column(header).name(language))
    size = sum(length(shown(row.cells.get(column.header, ""))) for column in joined(spec))
    if size > ROW_LIMIT - len(joined(spec)) - len(row.key) - 1:
        yield WHOLE_ROW, Problem("two_way.row_long", limit=str(ROW_LIMIT))
