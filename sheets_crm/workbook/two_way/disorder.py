"""Partial sorts: somebody sorted or moved some columns of a table and not the others.

That is no edit: cells stand beside other keys. It shows in two ways: a ``_seen`` stands beside another row's key, or
more than `MOST_MOVED` changed cells of a column are the former values of that column in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import Problem
from sheets_crm.workbook.declaration import SEEN, TabSpec
from sheets_crm.workbook.two_way.columns import joined
from sheets_crm.workbook.two_way.rows import ReadRow
from sheets_crm.workbook.two_way.seen import parse_seen, parts

MOST_MOVED: Final = 20
"""Most changed cells of a column that count as edits although they are a permutation."""
SHARE: Final = (9, 10)
"""Share of the changed cells that have to be former values: another operator may edit a cell in the same seconds."""
STILL: Final = (1, 2)
"""The same for a table that waits: others may have gone on editing it."""


@dataclass(frozen=True, slots=True)
class SeenRepair:
    """A ``_seen`` that goes back to its key: the row (0-based) where the key stands, the key, and the text."""

    row: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Disorder:
    """What a partial sort moved.

    Attributes:
        headers: The columns whose cells stand beside other keys; ``_seen`` among them if it moved.
        rows: How many rows are concerned.
        repairs: Each ``_seen`` that goes back beside its key.
        lost: Rows (0-based) that have another row's ``_seen`` while their own is nowhere: it is emptied.
    """

    headers: tuple[str, ...]
    rows: int
    repairs: tuple[SeenRepair, ...] = ()
    lost: frozenset[int] = frozenset()

    def problem(self, spec: TabSpec, tab: str, language: str) -> Problem:
        """What Control says: the tab (its title), the headers as they are shown, and what to do."""
        visible = [spec.column(name).name(language) for name in self.headers if name != SEEN]
        return Problem("two_way.part_sorted", tab=tab, headers=", ".join(visible) or SEEN, count=str(self.rows))


def disorder(
    spec: TabSpec, rows: Sequence[ReadRow], present: Collection[str], former: Collection[str] = ()
) -> Disorder | None:
    """What a partial sort moved; None if every ``_seen`` stands beside its key and cells were edited.

    Args:
        spec: The table.
        rows: The edited rows, without copies of others.
        present: Keys of all rows of the table.
        former: Keys that it had at the last read.
    """
    foreign = [row for row in rows if _is_foreign(row, present, former)]
    texts = {parse_seen(row.seen).key: row.seen for row in foreign}
    repairs = tuple(SeenRepair(row.row, row.key, texts[row.key]) for row in foreign if row.key in texts)
    lost = frozenset(row.row for row in foreign if row.key not in texts)
    # What moved is told by each row's own `_seen`, wherever that stands by now.
    own = [(row, texts.get(row.key, row.seen)) for row in rows if row.key]
    compared = [(row, text) for row, text in own if parse_seen(text).key == row.key]
    moved = dict(_moved_columns(spec, compared, 0 if foreign else MOST_MOVED))
    if not foreign and not moved:
        return None
    headers = (*([SEEN] if foreign else []), *moved)
    touched = {row.row for row in foreign}.union(*moved.values())
    return Disorder(headers, len(touched), repairs, lost)


def still_sorted(spec: TabSpec, rows: Sequence[ReadRow]) -> bool:
    """Whether a table that waits because a part of it was sorted is still so, each ``_seen`` beside its key by now.

    By then few cells are enough: rows that somebody edits or types beside it do not hide it, nor do they keep a table
    waiting that was put right.

    Args:
        spec: The table.
        rows: The edited rows.
    """
    compared = [(row, row.seen) for row in rows if row.key and parse_seen(row.seen).key == row.key]
    foreign = any(row.key and parse_seen(row.seen).key not in {"", row.key} for row in rows)
    return foreign or any(_moved_columns(spec, compared, 1, STILL))


def _is_foreign(row: ReadRow, present: Collection[str], former: Collection[str]) -> bool:
    """Whether a row has the ``_seen`` of another row, and not one whose key was changed by hand."""
    key = parse_seen(row.seen).key
    return bool(key) and bool(row.key) and key != row.key and (key in present or row.key in former)


def _moved_columns(
    spec: TabSpec, rows: Sequence[tuple[ReadRow, str]], most: int, share: tuple[int, int] = SHARE
) -> Iterator[tuple[str, set[int]]]:
    """Each column of which more than `most` changed cells are its former values in another order, with their rows."""
    before = [parts(spec, parse_seen(text).join) for _, text in rows]
    after = [parts(spec, row.join) for row, _ in rows]
    for column in joined(spec):
        name = column.header
        changed = [n for n in range(len(rows)) if before[n][name] != after[n][name]]
        former = Counter(before[n][name] for n in changed)
        kept = (former & Counter(after[n][name] for n in changed)).total()
        if kept > most and kept * share[1] >= len(changed) * share[0]:
            yield name, {rows[n][0].row for n in changed}
