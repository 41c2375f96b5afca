"""Vocabulary: what the words of verifiers mean, as the operators edit it."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.vocabulary import Vocabulary


def vocabulary(working: WorkingState) -> Vocabulary:
    """The vocabulary of the workbook (`WorkingState.part`)."""
    return Vocabulary.from_rows([["word"], *working.snapshot.vocabulary])


def prepare(working: WorkingState) -> None:
    """Report the rows of Vocabulary that could not be read; the other rows count."""
    for problem in working.part(vocabulary).problems:
        language = working.settings.language
        working.problem("vocabulary_row", problem=with_remedy(problem.code, language, **problem.params))


FEATURE: Final = Feature("vocabulary", prepare=prepare)
