"""The update that a row of each step's output makes to its lead.

Each function takes a row, a LeadNumber and the :class:`MergeContext`, and returns a :class:`RowUpdate` or a
:class:`Reject`. Nothing is written here.
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
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import COMPLETED, STATES
from sheets_crm.pipeline.steps import NO_HIT

NOT_DONE: Final = frozenset(
    {
        *(word_key(state.cell) for state in STATES if state.on_its_way),
        PENDING,
        "in_progress",
        "pendiente",
        "en_curso",
    }
)
"""Words of a custom step's output for a lead that is not done yet."""


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """The update of a lead by a row.

    Attributes:
        values: Cells to write.
        completes: It completes the step.
        pending: The tool has not decided yet.
        earlier: The Box 1 result of another attempt or version that it replaces.
    """

    values: Mapping[str, Cell]
    completes: bool = True
    pending: bool = False
    earlier: Mapping[str, Cell] | None = None


@dataclass(frozen=True, slots=True)
class MergeContext:
    """What merging an import works with: the leads, the step and the settings."""

    overlay: LeadOverlay
    step: Step
    schema: Schema
    vocabulary: Vocabulary
    now: float
    box1_version: str
    time_zone: str
    targets: frozenset[str]
    ready: Callable[[int], bool]
    also: tuple[str, ...] = ()
    reopening_keeps: bool = False

    def completed(self, number: int) -> bool:
        """Whether the lead's present attempt at the step is completed."""
        return self.overlay.get(number, self.step.status) == COMPLETED

    def custom_columns(self, row: Row) -> dict[str, Cell]:
        """The cells of a row for the columns that are added to the Master, and those that operators said it fills."""
        return {name: row[name] for name in (*self.schema.added, *self.also) if name in row}


def verification(row: Row, number: int, context: MergeContext) -> RowUpdate | Reject:
    """The update by a row of an e-mail finder or verifier: e-mail, its word, success, cleaned names."""
    word = _word(row, context)
    success = _success(word, row, context)
    if isinstance(success, Reject):
        return success
    word = row.get("@verified") if word is None else word
    if success == PENDING:
        waiting = {} if context.completed(number) or word is None else {"email_validation": word}
        return RowUpdate(waiting, completes=False, pending=True)
    held_success = context.overlay.get(number, "validation_success")
    values: dict[str, Cell] = {
        "validation_success": success if isinstance(success, bool) else held_success is True
    }
    if "@email" in row:
        values["email"] = row["@email"]
    if word is not None:
        values["email_validation"] = word
    return RowUpdate(values | _names(row, number, context) | context.custom_columns(row))


def _word(row: Row, context: MergeContext) -> str | None:
    """The verifier's word; beside a column of verdicts a plain ``status`` counts only if it is in the vocabulary."""
    word, weak = row.get("@verdict"), row.get("@weak_verdict")
    if word is not None or weak is None:
        return word
    return weak if "@verdict" not in context.targets or weak in context.vocabulary else None


def _success(word: str | None, row: Row, context: MergeContext) -> bool | str | Reject | None:
    """Whether the row is a success, ``pending``, or None without any verdict.

    All verdicts have to agree: a tool that reports success for an address that it calls risky is no success, unless
    the vocabulary counts risky as one.
    """
    # Beside an explicit flag the word is not needed: an unknown one is rejected only without a flag.
    verdicts: list[bool] = []
    explicit = row.get("@success")
    if word is not None:
        verdict = context.vocabulary.get(word)
        if verdict is None and explicit is None:
            return Reject.of("unknown_verdict", value=word[:80])
        if verdict is not None and verdict[1] is None:
            return PENDING
        verdicts += [bool(verdict[1])] if verdict is not None else []
    for column, text in (("validation_success", explicit), ("verified", row.get("@verified"))):
        success = _yes(text, context)
        if success is None and text is not None:
            return Reject.of("not_a_flag", column=column, value=text[:80])
        verdicts += [success] if success is not None else []
    return all(verdicts) if verdicts else None


def _yes(text: str | None, context: MergeContext) -> bool | None:
    if text is None:
        return None
    success = flag(text)
    if success is None and text in context.vocabulary:
        return context.vocabulary[text][1]
    return success


def _names(row: Row, number: int, context: MergeContext) -> dict[str, Cell]:
    """The cleaned names: the tool's, else derived ones if the lead has none."""
    names: dict[str, Cell] = {}
    for column, source in (("firstName_cleaned", "firstName"), ("lastName_cleaned", "lastName")):
        if column in row:
            names[column] = row[column]
        elif context.overlay.get(number, column) == "":
            names[column] = cleaned(str(context.overlay.get(number, source)), last=source == "lastName")
    return names


TIMES: Final = ("companyTimestampSN", "companyTimestampLN")
COMPANY_FIELDS: Final = frozenset(COMPANY)


def company(row: Row, number: int, context: MergeContext) -> RowUpdate:
    """The update of one lead of a company by a company scraper's row.

    A row older, by the scraper's timestamp, than the lead's data fills blanks only. An error completes the step and
    changes nothing else.
    """
    if "@error" in row:
        return RowUpdate({})
    values: dict[str, Cell] = {name: text for name, text in row.items() if name in COMPANY_FIELDS}
    values |= context.custom_columns(row)
    if _is_older(row, number, context):
        values = {name: text for name, text in values.items() if context.overlay.get(number, name) == ""}
    return RowUpdate(values)


def _is_older(row: Row, number: int, context: MergeContext) -> bool:
    row_moments = [moment for moment in (instant(row[name]) for name in TIMES if name in row) if moment]
    lead_moments = [
        moment for moment in (instant(str(context.overlay.get(number, name))) for name in TIMES) if moment
    ]
    return bool(row_moments and lead_moments) and max(row_moments) < max(lead_moments)


def box1(row: Row, number: int, context: MergeContext) -> RowUpdate | Reject:
    """The update by a Box 1 row: result, version, copy, prompts, and the storage flag if the result is new.

    A result of another version, or of a further attempt, replaces the earlier one whole, blanks included: the
    verdict of one version never stands beside the copy of another. The earlier one goes to Box1 History.
    """
    if "box1_result" not in row:
        return Reject.of("blank_result")
    result = box1_result(row["box1_result"])
    if result is None:
        return Reject.of("unknown_result", value=row["box1_result"][:80])
    held_version = str(context.overlay.get(number, "box1_version"))
    sent_under = held_version if context.overlay.get(number, context.step.sent) is True else ""
    # An output that names no version belongs to the one the lead was sent under, whatever Control says by now.
    version = row.get("box1_version") or sent_under or context.box1_version or held_version
    columns = (*BOX1, *prompt_columns(context.schema.prompts))
    values: dict[str, Cell] = {name: row[name] for name in columns if name in row}
    values |= {"box1_result": result, "box1_version": version}
    previous = context.overlay.get(number, "box1_result")
    replaced = previous != "" and (version != held_version or not context.completed(number))
    if replaced:
        values = {**dict.fromkeys(columns, ""), **values}
    if previous != result or not context.completed(number):
        values["storage"] = result == NO_HIT
    handed_out = replaced and (context.completed(number) or not context.reopening_keeps)
    return RowUpdate(
        values | context.custom_columns(row), earlier=_earlier(number, context) if handed_out else None
    )


EARLIER_TIMES: Final = ("box1_sent_at", "box1_completed_at", "box1_batch", "instantly_sent_at")


def earlier_columns(schema: Schema) -> tuple[str, ...]:
    """The columns of a replaced Box 1 result, LeadNumber first."""
    times = (name for name in EARLIER_TIMES if schema.has(name))
    return (LEAD_NUMBER, *BOX1, *prompt_columns(schema.prompts), *times)


def _earlier(number: int, context: MergeContext) -> dict[str, Cell]:
    cells = {name: context.overlay.get(number, name) for name in earlier_columns(context.schema)[1:]}
    return {LEAD_NUMBER: number, **cells}


def custom_step(row: Row, number: int, context: MergeContext) -> RowUpdate:
    """The update by a row of a custom step's output: the columns that the settings add.

    A row completes the step, as in the other steps, unless its own state says that it is not done yet.
    """
    del number
    waits = word_key(row.get("@state", "")) in NOT_DONE and "@done" not in row
    return RowUpdate(context.custom_columns(row), completes=not waits, pending=waits)


def earlier_results(leads: pd.DataFrame, numbers: Sequence[int], schema: Schema) -> pd.DataFrame:
    """The present Box 1 results of leads, for Box1 History before a further attempt is opened.

    Args:
        leads: The leads frame before reopening.
        numbers: LeadNumbers; those without a result are skipped.
        schema: The workbook's columns.

    Returns:
        LeadNumber, the Box 1 columns, prompts, times of sending and completion, batch; as in ``Outcome.box1_earlier``.
    """
    results: pd.DataFrame = leads.loc[list(numbers), list(earlier_columns(schema)[1:])]
    results = results[results["box1_result"].to_numpy(dtype=object) != ""]
    results.insert(
        0, LEAD_NUMBER, pd.Series(results.index.to_numpy(dtype=object), index=results.index, dtype=object)
    )
    return results.reset_index(drop=True)


def earlier_frame(rows: list[Mapping[str, Cell]], schema: Schema) -> pd.DataFrame:
    """Replaced Box 1 results as a frame."""
    return pd.DataFrame(rows, columns=list(earlier_columns(schema)), dtype=object)
