"""Vocabulary: what the words of verifiers mean, as the operators edit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import Group, Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import VOCABULARY


def vocabulary(working: WorkingState) -> Vocabulary:
    """The vocabulary of the workbook (`WorkingState.part`)."""
    return Vocabulary.from_rows([["word"], *working.snapshot.cells.get(VOCABULARY, [])[1:]])


def prepare(working: WorkingState) -> None:
    """Report the rows of Vocabulary that could not be read; the other rows count."""
    for problem in working.part(vocabulary).problems:
        language = working.settings.language
        working.problem("vocabulary_row", problem=with_remedy(problem.code, language, **problem.params))


COLUMNS: Final = (
    TabColumn("word", owner=Owner.OPERATOR, width=200),
    TabColumn("normalised", owner=Owner.OPERATOR, width=140),
    TabColumn("counts as success", owner=Owner.OPERATOR, width=140),
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Vocabulary: one row a word."""
    yield TabSpec(
        VOCABULARY,
        "Vocabulary",
        COLUMNS,
        free=True,
        colour=0x00796B,
        policy=ReadPolicy.WHOLE,
        group=Group.SETUP,
        rare=True,
        first_rows=tuple(map(tuple, DEFAULT_VOCABULARY.rows())),
    )


FEATURE: Final = Feature("vocabulary", tables=tables, prepare=prepare)
