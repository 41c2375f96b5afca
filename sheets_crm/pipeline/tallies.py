"""The tallies, declared once: a tally is a predicate over the Master's columns by which leads are counted.

From a tally follow the mask over a leads frame (`sheets_crm.pipeline.metrics`), the sheet formula
(`sheets_crm.workbook.tally_formulas`) and its definition in words. A tally that only one metric needs may stand in that
metric's own declaration (`sheets_crm.pipeline.metric_list`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sheets_crm.pipeline.columns import COMPANY, COMPANY_URLS, status_column
from sheets_crm.pipeline.reply_words import BOUNCED, CONVERSIONS, POSITIVES, REPLIED, UNSUBSCRIBED
from sheets_crm.pipeline.schema import Form, Need, Step
from sheets_crm.pipeline.states import COMPLETED, STATES, State
from sheets_crm.pipeline.steps import DROP, HIT, NO_HIT

Clause = tuple[Need, ...]
"""Alternatives, one of which has to hold: one column holds one of some values, or one of some columns is filled."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The leads for which every clause holds; without a clause all of them.

    Attributes:
        id: Name by which metrics refer to it.
        clauses: What has to hold, each clause by one of its alternatives.
        words: The definition in words, where that of the clauses would be a list of columns.

    Raises:
        ValueError: A clause has no alternative, or is not countable by COUNTIFS.
    """

    id: str
    clauses: tuple[Clause, ...] = ()
    words: str = ""

    def __post_init__(self) -> None:
        for clause in self.clauses:
            needs = set(clause)
            columns = {need.column for need in clause}
            of_values = len(columns) == 1 and all(need.value not in {None, False} for need in clause)
            of_columns = len(columns) == len(clause) > 0 and all(need.value is None for need in clause)
            # Counts of different values of one column add up. Leads with one of some columns filled are all leads less
            # those with every one blank. COUNTIFS would count leads twice in any other mixture.
            if len(needs) < len(clause) or not (of_values or of_columns):
                raise ValueError(f"tally {self.id}: no COUNTIFS counts {clause}")

    @property
    def meaning(self) -> str:
        """The definition in words, such as "box1_status is completed and box1_result is noHIT or HIT"."""
        if self.words:
            return self.words
        if not self.clauses:
            return "every lead of the Master"
        bracketed = len(self.clauses) > 1
        return " and ".join(_words(clause, bracketed=bracketed) for clause in self.clauses)


def one_of(column: str, *values: str | bool) -> Clause:
    """The clause: a column holds one of the values."""
    return tuple(Need(column, value) for value in values)


def any_filled(*columns: str) -> Clause:
    """The clause: one of the columns is not blank."""
    return tuple(Need(column) for column in columns)


def _words(clause: Clause, *, bracketed: bool) -> str:
    if clause[0].value is None:
        text = f"{_or([need.column for need in clause])} is not blank"
        return f"({text})" if bracketed and len(clause) > 1 else text
    return f"{clause[0].column} is {_or([_shown(need.value) for need in clause])}"


def _shown(value: str | bool | Form | None) -> str:
    return "TRUE" if value is True else str(value) or "blank"


def _or(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


IS_VERIFIED: Final = one_of("validation_success", True)
HAS_COMPANY_URL: Final = any_filled(*COMPANY_URLS)
SCRAP_DONE: Final = one_of(status_column("company_scrap"), COMPLETED)
BOX1_DONE: Final = one_of(status_column("box1"), COMPLETED)
IS_HIT: Final = one_of("box1_result", HIT)
IS_SENT_TO_INSTANTLY: Final = one_of("instantly_sent", True)
HAS_REPLIED: Final = one_of("instantly_status", *REPLIED)
IS_POSITIVE: Final = one_of("instantly_status", *POSITIVES)
IS_CONVERTED: Final = one_of("instantly_status", *CONVERSIONS)

TALLIES: Final[Mapping[str, Tally]] = MappingProxyType(
    {
        tally.id: tally
        for tally in (
            Tally("leads_total"),
            Tally("leads_with_company_url", (HAS_COMPANY_URL,)),
            Tally("verification_verified", (IS_VERIFIED,)),
            Tally("verified_with_company_url", (IS_VERIFIED, HAS_COMPANY_URL)),
            Tally(
                "company_scrap_with_data",
                (SCRAP_DONE, any_filled(*COMPANY)),
                "company_scrap_status is completed and a column of company data is not blank",
            ),
            Tally(
                "company_scrap_blank",
                (SCRAP_DONE, *(one_of(name, "") for name in COMPANY)),
                "company_scrap_status is completed and every column of company data is blank",
            ),
            Tally("box1_drop", (BOX1_DONE, one_of("box1_result", DROP))),
            Tally("box1_storage", (BOX1_DONE, one_of("box1_result", NO_HIT))),
            Tally("box1_hit", (BOX1_DONE, IS_HIT)),
            Tally("box1_fit", (BOX1_DONE, one_of("box1_result", NO_HIT, HIT))),
            Tally("instantly_replied", (IS_SENT_TO_INSTANTLY, HAS_REPLIED)),
            Tally("instantly_positive", (IS_SENT_TO_INSTANTLY, IS_POSITIVE)),
            Tally("instantly_converted", (IS_SENT_TO_INSTANTLY, IS_CONVERTED)),
            Tally("instantly_bounced", (IS_SENT_TO_INSTANTLY, one_of("instantly_status", BOUNCED))),
            Tally("instantly_unsubscribed", (IS_SENT_TO_INSTANTLY, one_of("instantly_status", UNSUBSCRIBED))),
        )
    }
)
"""The tallies that several figures share, by id; those of a step's states come from `of_step`."""


def of_step(step: Step, states: tuple[State, ...] = STATES) -> dict[str, Tally]:
    """The tallies of a step s: ``s_sent`` (s_sent is TRUE) and one for each state, such as ``s_ready``."""
    counted = [Tally(step.sent, (one_of(step.sent, True),))]
    counted += [in_state(step, state) for state in states]
    return {tally.id: tally for tally in counted}


def in_state(step: Step, state: State) -> Tally:
    """The tally of the leads that are in a state of a step."""
    return Tally(f"{step.name}_{state.suffix}", (one_of(step.status, state.cell),))
