"""Vocabulary: what the words of verifiers mean, as the operators edit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, held_by_now, table_work
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown, word_key
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, MEANINGS, Vocabulary
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import (
    PROBLEM,
    SEEN,
    Choice,
    Group,
    Owner,
    ReadPolicy,
    TabColumn,
    TabSpec,
)
from sheets_crm.workbook.tabs import VOCABULARY
from sheets_crm.workbook.two_way.columns import HIDDEN_KEY, HIDDEN_PROBLEM, HIDDEN_SEEN
from sheets_crm.workbook.two_way.edits import RowEdit
from sheets_crm.workbook.two_way.seen import parse_seen, parts, plain_join
from sheets_crm.workbook.two_way.typed import typed, value_of_part

OWN: Final = (
    TabColumn("word", owner=Owner.OPERATOR, width=200, required=True, es="palabra"),
    TabColumn(
        "normalised",
        owner=Owner.OPERATOR,
        width=140,
        choices=tuple(map(Choice, MEANINGS)),
        required=True,
        es="significado",
    ),
    TabColumn("counts as success", Kind.FLAG, owner=Owner.OPERATOR, width=140, es="cuenta como éxito"),
)
COLUMNS: Final = (*OWN, HIDDEN_KEY, HIDDEN_SEEN, HIDDEN_PROBLEM)
"""The hidden ones stand at the right end, where they came into workbooks in use."""


def vocabulary(working: WorkingState) -> Vocabulary:
    """The vocabulary of the workbook (`WorkingState.part`).

    It is read when rows are merged, and empty in other runs.
    """
    return Vocabulary.from_rows([row.cells for row in _rows(working)])


@dataclass(frozen=True, slots=True)
class _Row:
    """A word of the tab: the row's key, "" while it has none, and what counts of its own cells by now."""

    key: str
    cells: tuple[Cell, ...]


def _rows(working: WorkingState) -> Iterator[_Row]:
    """Yield the rows, from the top down, as far as they were read; a row that was typed just now counts.

    While a part of the tab is sorted, and nobody has confirmed that, cells may stand beside other words: then each row
    counts as the worker last acted on it.
    """
    snapshot = working.snapshot
    sheet = snapshot.sheets.get(VOCABULARY)
    if sheet is None:
        return
    work = working.part(table_work).get(VOCABULARY)
    waits = held_by_now(working, VOCABULARY)
    edits = {edit.row: edit for edit in work.edits.rows} if work is not None else {}
    keyed = {int(row): n for n, row in enumerate(sheet.rows)}
    places = {header: sheet.column_index[header] for header in SPEC.headers}
    grid, records = snapshot.cells.get(VOCABULARY, []), sheet.frame.to_dict("records")
    for row in sorted(keyed.keys() | set(range(1, len(grid)))):
        # The frame is as this run has left it, the cells are as they were read: of rows without a key they alone tell.
        if row in keyed:
            cells = {str(header): cell for header, cell in records[keyed[row]].items()}
            cells[SPEC.key_column] = sheet.frame.index[keyed[row]]
        else:
            line = grid[row]
            cells = {header: line[n] if len(line) > n else "" for header, n in places.items()}
        counting = _as_seen(cells, working) if waits else _counting(cells, edits.get(row), working)
        yield _Row(shown(cells[SPEC.key_column]) if row in keyed else "", counting)


def _counting(cells: Mapping[str, Cell], edit: RowEdit | None, working: WorkingState) -> tuple[Cell, ...]:
    """What counts of a row's cells: of one that is not understood its last good value, or nothing."""
    good = edit.good if edit is not None else parse_seen(shown(cells[SEEN])).good
    made = []
    for column in OWN:
        reading = typed(column, cells[column.header], working.settings.language)
        if reading.problem:
            made.append(good.get(column.header, ""))
        else:
            # A blank third cell is not FALSE: it means success for `valid`.
            made.append(cells[column.header] if column.kind is Kind.FLAG else reading.value)
    return tuple(made)


def _as_seen(cells: Mapping[str, Cell], working: WorkingState) -> tuple[Cell, ...]:
    """A row's cells as the worker last acted on them, whichever row its `_seen` is of."""
    seen = parse_seen(shown(cells[SEEN]))
    texts = parts(SPEC, seen.join)
    made = []
    for column in OWN:
        value = value_of_part(column, texts[column.header], working.settings.language) if seen.join else ""
        blank_flag = column.kind is Kind.FLAG and texts[column.header] == ""
        made.append("" if value is None or blank_flag else seen.good.get(column.header, value))
    return tuple(made)


def conclude(working: WorkingState) -> None:
    """Say in `problem` which words stand in two rows that disagree; the first of them counts."""
    if held_by_now(working, VOCABULARY):
        return
    first: dict[str, tuple[object, ...]] = {}
    for row in _rows(working):
        for word, *verdict in Vocabulary.from_rows([row.cells]).words:
            text = with_remedy("vocabulary_twice", working.settings.language, column=word)
            disagrees = first.setdefault(word_key(word), (*verdict,)) != (*verdict,)
            if row.key:
                _put_problem(working, row.key, text, text if disagrees else "")


def _put_problem(working: WorkingState, key: str, text: str, wanted: str) -> None:
    """Put the text into the row, or take it away; what else stands there is about a cell, and stays."""
    sheet = working.snapshot.sheets[VOCABULARY]
    present = sheet.frame[PROBLEM].iloc[sheet.frame.index.get_loc(key)]
    if (wanted and present == "") or (present == text and not wanted):
        working.rows(VOCABULARY).set(key, {PROBLEM: wanted})


def first_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the words of a new workbook, with their keys, as seen."""
    for number, cells in enumerate(DEFAULT_VOCABULARY.rows(), start=1):
        key = f"{LETTER}-{number:04d}"
        by_header = {column.header: cell for column, cell in zip(OWN, cells, strict=True)}
        yield (*cells, key, plain_join(SPEC, key, by_header))


LETTER: Final = "W"
SPEC: Final = TabSpec(
    VOCABULARY,
    "Vocabulary",
    COLUMNS,
    HIDDEN_KEY.header,
    free=True,
    colour=0x00796B,
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter=LETTER,
    group=Group.SETUP,
    rare=True,
    classic=True,
    needed_by_imports=True,
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Vocabulary: one row a word."""
    yield TABLE


TABLE: Final = replace(SPEC, first_rows=tuple(first_rows()))
"""With the words of a new workbook, whose `_seen` follows from the declaration without them."""
FEATURE: Final = Feature("vocabulary", tables=tables, conclude=conclude, two_way={VOCABULARY: TwoWay()})
