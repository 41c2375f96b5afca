"""What a row of each step's output changes in the lead that it answers.

Every function here is given a row, a lead's LeadNumber and the :class:`MergeContext`, and returns an :class:`Answer` or
why the row cannot be taken. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sheets_crm.pipeline.columns import BOX1, COMPANY, LEAD_NUMBER, Cell, prompt_columns
from sheets_crm.pipeline.imports.lead_overlay import LeadOverlay
from sheets_crm.pipeline.imports.matching import Reject, Row
from sheets_crm.pipeline.imports.names import cleaned
from sheets_crm.pipeline.imports.text import flag, word_key
from sheets_crm.pipeline.imports.timestamps import instant
from sheets_crm.pipeline.imports.vocabulary import PENDING, Vocabulary
from sheets_crm.pipeline.imports.words import box1_result
from sheets_crm.pipeline.states import COMPLETED, STATES
from sheets_crm.pipeline.steps import NO_HIT, Schema, Step

NOT_DONE: Final = frozenset(
    {
        *(word_key(state.cell) for state in STATES if state.on_its_way),
        PENDING,
        "in_progress",
        "pendiente",
        "en_curso",
    }
)
"""Words with which the output of a step of the settings says that a lead is not done yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row brings to a lead.

    Attributes:
        values: Cells to write.
        completes: The step is completed by it.
        pending: The tool has not decided yet.
        earlier: The Box 1 result that it replaces, when that was another attempt's.
    """

    values: Mapping[str, Cell]
    completes: bool = True
    pending: bool = False
    earlier: Mapping[str, Cell] | None = None


@dataclass(frozen=True, slots=True)
class MergeContext:
    """What merging a drop works with: the leads, the step and what the settings say."""

    overlay: LeadOverlay
    step: Step
    schema: Schema
    vocabulary: Vocabulary
    now: float
    box1_version: str
    time_zone: str
    targets: frozenset[str]
    ready: Callable[[int], bool]
    reopening_keeps: bool = False

    def completed(self, number: int) -> bool:
        """Whether the lead's present attempt at the step is completed."""
        return self.overlay.get(number, self.step.status) == COMPLETED

    def custom_columns(self, row: Row) -> dict[str, Cell]:
        """The cells of the settings' own columns that a row brings."""
        return {name: row[name] for name in self.schema.added if name in row}


def verification(row: Row, number: int, context: MergeContext) -> Answer | Reject:
    """Return what an e-mail finder's or verifier's row brings: e-mail, its word, success, cleaned names."""
    word = _word(row, context)
    success = _success(word, row, context)
    if isinstance(success, Reject):
        return success
    word = row.get("@verified") if word is None else word
    if success == PENDING:
        waiting = {} if context.completed(number) or word is None else {"email_validation": word}
        return Answer(waiting, completes=False, pending=True)
    held = context.overlay.get(number, "validation_success")
    values: dict[str, Cell] = {"validation_success": success if isinstance(success, bool) else held is True}
    if "@email" in row:
        values["email"] = row["@email"]
    if word is not None:
        values["email_validation"] = word
    return Answer(values | _names(row, number, context) | context.custom_columns(row))


def _word(row: Row, context: MergeContext) -> str | None:
    """The verifier's word; beside a column of verdicts a plain ``status`` counts only if it is one too."""
    word, weak = row.get("@verdict"), row.get("@weak_verdict")
    if word is not None or weak is None:
        return word
    return weak if "@verdict" not in context.targets or weak in context.vocabulary else None


def _success(word: str | None, row: Row, context: MergeContext) -> bool | str | Reject | None:
    """Whether the row is a success, ``pending``, or None when it has no verdict at all.

    Every word has to agree: a tool that reports success for an address it calls risky has no success, unless the
    vocabulary says that risky is one.
    """
    verdicts: list[bool] = []
    explicit = row.get("@success")
    if word is not None:
        known = context.vocabulary.get(word)
        if known is None and explicit is None:
            return Reject.of("unknown_verdict", value=word[:80])
        if known is not None and known[1] is None:
            return PENDING
        verdicts += [bool(known[1])] if known is not None else []
    for column, text in (("validation_success", explicit), ("verified", row.get("@verified"))):
        said = _yes(text, context)
        if said is None and text is not None:
            return Reject.of("not_a_flag", column=column, value=text[:80])
        verdicts += [said] if said is not None else []
    return all(verdicts) if verdicts else None


def _yes(text: str | None, context: MergeContext) -> bool | None:
    if text is None:
        return None
    said = flag(text)
    if said is None and text in context.vocabulary:
        return context.vocabulary[text][1]
    return said


def _names(row: Row, number: int, context: MergeContext) -> dict[str, Cell]:
    """The cleaned names: the tool's, else derived ones where none are held."""
    names: dict[str, Cell] = {}
    for column, source in (("firstName_cleaned", "firstName"), ("lastName_cleaned", "lastName")):
        if column in row:
            names[column] = row[column]
        elif context.overlay.get(number, column) == "":
            names[column] = cleaned(str(context.overlay.get(number, source)), last=source == "lastName")
    return names


TIMES: Final = ("companyTimestampSN", "companyTimestampLN")
COMPANY_FIELDS: Final = frozenset(COMPANY)


def company(row: Row, number: int, context: MergeContext) -> Answer:
    """Return what a company scraper's row brings to one lead of that company.

    A row older, by the scraper's timestamp, than what the lead holds fills blanks only. An error completes the
    step and brings nothing.
    """
    if "@error" in row:
        return Answer({})
    values: dict[str, Cell] = {name: text for name, text in row.items() if name in COMPANY_FIELDS}
    values |= context.custom_columns(row)
    if _is_older(row, number, context):
        values = {name: text for name, text in values.items() if context.overlay.get(number, name) == ""}
    return Answer(values)


def _is_older(row: Row, number: int, context: MergeContext) -> bool:
    own = [moment for moment in (instant(row[name]) for name in TIMES if name in row) if moment]
    held = [moment for moment in (instant(str(context.overlay.get(number, name))) for name in TIMES) if moment]
    return bool(own and held) and max(own) < max(held)


def box1(row: Row, number: int, context: MergeContext) -> Answer | Reject:
    """Return what a Box 1 row brings: result, version, copy, prompts, and the storage flag when the result is new.

    A result of another version, or of a further attempt, replaces the earlier one whole, blanks included: the
    verdict of one version never stands beside the copy of another. The earlier one is handed out for Box1 History.
    """
    if "box1_result" not in row:
        return Reject.of("blank_result")
    result = box1_result(row["box1_result"])
    if result is None:
        return Reject.of("unknown_result", value=row["box1_result"][:80])
    held = str(context.overlay.get(number, "box1_version"))
    sent_under = held if context.overlay.get(number, context.step.sent) is True else ""
    version = row.get("box1_version") or sent_under or context.box1_version or held
    columns = (*BOX1, *prompt_columns(context.schema.prompts))
    values: dict[str, Cell] = {name: row[name] for name in columns if name in row}
    values |= {"box1_result": result, "box1_version": version}
    before = context.overlay.get(number, "box1_result")
    replaced = before != "" and (version != held or not context.completed(number))
    if replaced:
        values = {**dict.fromkeys(columns, ""), **values}
    if before != result or not context.completed(number):
        values["storage"] = result == NO_HIT
    handed_out = replaced and (context.completed(number) or not context.reopening_keeps)
    return Answer(values | context.custom_columns(row), earlier=_earlier(number, context) if handed_out else None)


EARLIER_TIMES: Final = ("box1_sent_at", "box1_completed_at", "box1_batch", "instantly_sent_at")


def earlier_columns(schema: Schema) -> tuple[str, ...]:
    """The columns of a replaced Box 1 result, LeadNumber first."""
    return (LEAD_NUMBER, *BOX1, *prompt_columns(schema.prompts), *EARLIER_TIMES)


def _earlier(number: int, context: MergeContext) -> dict[str, Cell]:
    held = {name: context.overlay.get(number, name) for name in earlier_columns(context.schema)[1:]}
    return {LEAD_NUMBER: number, **held}


def custom_step(row: Row, number: int, context: MergeContext) -> Answer:
    """Return what the output of a step from the settings brings: the settings' own columns.

    A row completes the step, as in the other steps; one that says itself that it is not done yet does not.
    """
    del number
    waits = word_key(row.get("@state", "")) in NOT_DONE and "@done" not in row
    return Answer(context.custom_columns(row), completes=not waits, pending=waits)


def earlier_results(leads: pd.DataFrame, numbers: Sequence[int], schema: Schema) -> pd.DataFrame:
    """The Box 1 results that leads hold, for Box1 History before a further attempt is opened.

    Args:
        leads: The leads frame, as it was before reopening.
        numbers: LeadNumbers; those without a result are passed over.
        schema: The workbook's columns.

    Returns:
        LeadNumber, the Box 1 columns, prompts, times of sending and completion, batch; as in ``Outcome.box1_earlier``.
    """
    held: pd.DataFrame = leads.loc[list(numbers), list(earlier_columns(schema)[1:])]
    held = held[held["box1_result"].to_numpy(dtype=object) != ""]
    held.insert(0, LEAD_NUMBER, pd.Series(held.index.to_numpy(dtype=object), index=held.index, dtype=object))
    return held.reset_index(drop=True)


def earlier_frame(rows: list[Mapping[str, Cell]], schema: Schema) -> pd.DataFrame:
    """Replaced Box 1 results as a frame."""
    return pd.DataFrame(rows, columns=list(earlier_columns(schema)), dtype=object)
