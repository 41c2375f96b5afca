"""Vocabulary: what the words of verifiers mean, as the operators edit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown, word_key
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, MEANINGS, Vocabulary
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import (
    PROBLEM,
    ROW_KEY,
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
from sheets_crm.workbook.two_way.seen import parse_seen, plain_join

OWN: Final = (
    TabColumn("word", owner=Owner.OPERATOR, width=200, required=True),
    TabColumn("normalised", owner=Owner.OPERATOR, width=140, choices=tuple(map(Choice, MEANINGS)), required=True),
    TabColumn("counts as success", Kind.FLAG, owner=Owner.OPERATOR, width=140),
)
COLUMNS: Final = (*OWN, HIDDEN_KEY, HIDDEN_SEEN, HIDDEN_PROBLEM)
"""The hidden ones stand at the right end, where they came into workbooks in use."""


def vocabulary(working: WorkingState) -> Vocabulary:
    """The vocabulary of the workbook (`WorkingState.part`).

    It is read when rows are merged, and empty in other runs.
    """
    return Vocabulary.from_rows([cells for _, cells in _rows(working)])


def _rows(working: WorkingState) -> Iterator[tuple[str, list[Cell]]]:
    """Key and own cells of each row, as far as it was read; of a cell that is not understood the last good value.

    A row that was typed just now has no key yet, and counts.
    """
    sheet = working.snapshot.sheets.get(VOCABULARY)
    if sheet is None:
        return
    for line in working.snapshot.cells[VOCABULARY][1:]:
        row = {header: line[n] if len(line) > n else "" for header, n in sheet.column_index.items()}
        good = parse_seen(shown(row[SEEN])).good
        yield shown(row[ROW_KEY]), [good.get(column.header, row[column.header]) for column in OWN]


def conclude(working: WorkingState) -> None:
    """Say in `problem` which words stand in two rows that disagree; the first of them counts."""
    first: dict[str, tuple[object, ...]] = {}
    for key, cells in _rows(working):
        for word, *verdict in Vocabulary.from_rows([cells]).words:
            text = with_remedy("vocabulary_twice", working.settings.language, column=word)
            disagrees = first.setdefault(word_key(word), (*verdict,)) != (*verdict,)
            if key in working.snapshot.sheets[VOCABULARY].frame.index:
                _put_problem(working, key, text, text if disagrees else "")


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
    merged_with=True,
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Vocabulary: one row a word."""
    yield TABLE


TABLE: Final = replace(SPEC, first_rows=tuple(first_rows()))
FEATURE: Final = Feature("vocabulary", tables=tables, conclude=conclude, two_way={VOCABULARY: TwoWay()})
