"""What operators have said about the imports to come: what headers become, what the next one is, where people enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers


@dataclass(frozen=True, slots=True)
class Recognition:
    """What operators have said.

    Attributes:
        answers: What headers become.
        kind: The kind of the next block that is pasted; "" to recognise it.
        enters: The step at which the people of the next block enter; "" for the first one.
        unclear: Whether one of the two is a word that is not known: until it is, no people are taken.
        label: The label of the new leads of the next import; "" for none.
    """

    answers: HeaderAnswers = NO_ANSWERS
    kind: str = ""
    enters: str = ""
    unclear: bool = False
    label: str = ""


NOTHING_SAID: Final = Recognition()
