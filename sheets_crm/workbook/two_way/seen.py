"""The text of ``_seen``: the join as last acted on, then ``␞`` and the worker's notes as JSON.

The notes hold the last good value of each cell that stands in ``problem``. Without notes the text is the join alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_crm.pipeline.imports.text import CELL_LIMIT, length, shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.two_way.columns import joined
from sheets_crm.workbook.two_way.join import NOTES, SEPARATOR

GOOD: Final = "good"
"""Key of the notes with the last good values by header."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as the worker last acted on it.

    Attributes:
        join: The join that was read then; "" for a row that was never acted on.
        good: Last good value of each cell that stood in ``problem``, by header.
    """

    join: str = ""
    good: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of the row."""
        return self.join.partition(SEPARATOR)[0]


def parse_seen(text: str) -> Seen:
    """Read the text of ``_seen``; notes that are not what the worker writes are left out."""
    join, _, notes = text.partition(NOTES)
    try:
        record = json.loads(notes) if notes else {}
    except ValueError:
        record = {}
    good = record.get(GOOD, {}) if isinstance(record, dict) else {}
    return Seen(join, _cells(good))


def seen_of(spec: TabSpec, key: str, text: str) -> Seen:
    """A row of a table as the worker last acted on it, by the text of its ``_seen``.

    In a closed table one that is blank, or another row's, stands for a row with blank operators' cells.
    """
    seen = parse_seen(text)
    return Seen(key) if spec.closed and seen.key != key else seen


def _cells(record: Any) -> dict[str, Cell]:
    entries = record.items() if isinstance(record, dict) else ()
    return {name: value for name, value in entries if isinstance(value, str | bool | int | float)}


def seen_text(seen: Seen) -> str:
    """The text of ``_seen``, at most as long as a cell holds.

    The longest good values are left out when there is no room: their cells then count as blank while in ``problem``.
    """
    good = dict(seen.good)
    while good:
        text = f"{seen.join}{NOTES}{json.dumps({GOOD: good}, ensure_ascii=False, separators=(',', ':'))}"
        if length(text) <= CELL_LIMIT:
            return text
        del good[max(good, key=lambda name: len(shown(good[name])))]
    return seen.join


def parts(spec: TabSpec, join: str) -> dict[str, str]:
    """The parts of a join by header: the key, then each joined column; what was cut at the end is blank."""
    headers = [spec.key_column, *(column.header for column in joined(spec))]
    texts = join.split(SEPARATOR)
    return dict(zip(headers, [*texts, *[""] * (len(headers) - len(texts))], strict=False))


def with_parts(spec: TabSpec, join: str, changed: Mapping[str, Cell]) -> str:
    """A join with the parts of some headers replaced by what the worker writes there."""
    present = parts(spec, join)
    return _joined([_part(changed[name]) if name in changed else text for name, text in present.items()])


def plain_join(spec: TabSpec, key: Cell, cells: Mapping[str, Cell]) -> str:
    """The join of a row that the worker writes itself.

    It agrees with the formula on texts, ticks, whole numbers and short decimals. Where it does not, the row counts as
    edited once: it is read, nothing has changed, and the formula's own text is written to ``_seen``.
    """
    return _joined([_part(key), *(_part(cells.get(column.header, "")) for column in joined(spec))])


def _joined(texts: Sequence[str]) -> str:
    return SEPARATOR.join(texts).rstrip(SEPARATOR)


def _part(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "1" if cell else ""
    return shown(cell).replace(SEPARATOR, " ").replace(NOTES, " ")
