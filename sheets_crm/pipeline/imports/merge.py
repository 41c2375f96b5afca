"""Merge the rows of a block into the leads.

Rows are merged in the order in which they stand, each on what the former left, so that a block may be merged slice
by slice with the same leads and the same counts.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.apply_row import Merged, apply_row
from sheets_crm.pipeline.imports.company_rows import merge_company
from sheets_crm.pipeline.imports.export_rows import Importer, with_names
from sheets_crm.pipeline.imports.formats import EXPORT
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.instantly_rows import instantly, with_payload
from sheets_crm.pipeline.imports.layout import Layout
from sheets_crm.pipeline.imports.lead_overlay import LeadOverlay
from sheets_crm.pipeline.imports.matching import Reject, Row, identity, lead_number, match_person
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.row_updates import MergeContext, box1, custom_step, earlier_frame, verification
from sheets_crm.pipeline.imports.text import length, too_long
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from sheets_crm.pipeline.leads import eligible
from sheets_crm.pipeline.steps import Schema

ERASED: Final = "erased"
KINDS: Final = ("new", "updated", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True)
class MergeSettings:
    """What a merge is told besides the leads and the block.

    Attributes:
        schema: The workbook's columns and steps.
        vocabulary: What verifiers' words mean.
        target_id: TargetID of exported leads whose row names none.
        now: The time of the run (serial number in the workbook's time zone).
        source: Where the drop came from, for the reader of a report.
        box1_version: Version of a Box 1 output that names none, for a lead that was not sent under one.
        refused: Says whether a person was erased and must not come back. It is given the normalised keys that the
            row has, by kind: ``member_id``, ``person_url``, ``email``; ``name`` (with company) only without them;
            ``lead_number``.
        time_zone: The workbook's time zone, for the times that Instantly's files give in UTC.
        reopening_keeps: Whoever opens a further attempt at Box 1 puts the result into the history then
            (:func:`~.answers.earlier_results`), while its version and times are still known; the merge then hands
            out only results that another version replaces without reopening.
    """

    schema: Schema = field(default_factory=Schema)
    vocabulary: Vocabulary = DEFAULT_VOCABULARY
    target_id: str = ""
    now: float = 0.0
    source: str = ""
    box1_version: str = ""
    refused: Callable[[Mapping[str, str]], bool] | None = None
    time_zone: str = "UTC"
    reopening_keeps: bool = False


@dataclass(frozen=True)
class Outcome:
    """What merging a block came to. The five counts of rows add up to the rows of the block.

    Attributes:
        leads: The leads frame after it; states are not derived again.
        next_number: The next free LeadNumber.
        new: Rows that became leads.
        updated: Rows that changed a lead.
        unchanged: Rows that brought nothing new.
        duplicate: Exported people who were there already; they fill blanks only.
        rejected: Rows in `rejects`.
        touched: LeadNumbers that were changed or added.
        not_sent: Rows that answered a lead never marked as sent to the step; it is marked as both.
        ignored: Header cells that nothing was taken from.
        rejects: ``row`` (1-based, in the source), ``reason`` (a code of :mod:`~.messages`), ``params`` (a dict),
            and the original cells under 0 … n-1.
        box1_earlier: Replaced Box 1 results: LeadNumber, the Box 1 columns, prompts, times of sending and
            completion, batch.
        pending: Rows whose tool has not decided; their leads stay processing. They are counted above too.
    """

    leads: pd.DataFrame
    next_number: int
    new: int
    updated: int
    unchanged: int
    duplicate: int
    rejected: int
    touched: frozenset[int]
    not_sent: int
    ignored: tuple[str, ...]
    rejects: pd.DataFrame
    box1_earlier: pd.DataFrame
    pending: int


ANSWERS: Final = {"verification": verification, "box1": box1, "instantly": instantly}


def merge(
    leads: pd.DataFrame,
    block: Block,
    settings: MergeSettings,
    *,
    next_number: int,
    index: LeadIndex | None = None,
) -> Outcome:
    """Merge a recognised block into the leads.

    Args:
        leads: The leads frame.
        block: A block whose step was recognised.
        settings: Vocabulary, time and the like.
        next_number: The next free LeadNumber.
        index: Keys of the leads, where they are at hand; it must cover every lead of the frame as it is now
            (after a merge: ``index.with_leads(outcome.leads.loc[sorted(outcome.touched)])``).

    Raises:
        ValueError: The block was not recognised.
    """
    if block.step is None or block.layout is None:
        raise ValueError(f"a block that was not recognised cannot be merged: {block.problem}")
    overlay = LeadOverlay(leads, index or LeadIndex.of(leads), next_number)
    merged = [_guarded(task, block, settings) for task in _rows_to_merge(block, overlay, leads, settings)]
    touched = overlay.touched()
    for number in touched:
        overlay.put(number, {"updated_at": settings.now})
    return _outcome(block, overlay, [each.in_the_end(touched) for each in merged], settings, touched)


@dataclass(frozen=True, slots=True)
class _Task:
    """A row with the function that merges it; `long` when a cell of it is too long."""

    row: Row
    long: Reject | None
    take: Callable[[Row], Merged]


def _rows_to_merge(
    block: Block, overlay: LeadOverlay, leads: pd.DataFrame, settings: MergeSettings
) -> list[_Task]:
    assert block.layout is not None
    take = _taker(block, block.layout, overlay, leads, settings)
    rows = read_rows(block.rows, block.layout)
    return [_Task(row, _too_long(row), take) for row in rows]


def _taker(
    block: Block, layout: Layout, overlay: LeadOverlay, leads: pd.DataFrame, settings: MergeSettings
) -> Callable[[Row], Merged]:
    if block.step == EXPORT:
        return Importer(overlay, settings.schema, settings.target_id, settings.now).take
    assert block.step is not None
    step = settings.schema.step(block.step)
    fit = eligible(leads, step)
    context = MergeContext(
        overlay,
        step,
        settings.schema,
        settings.vocabulary,
        settings.now,
        settings.box1_version,
        settings.time_zone,
        frozenset(layout.column_index),
        lambda number: bool(fit.get(number, default=False)),
        settings.reopening_keeps,
    )
    if block.step == "company_scrap":
        return lambda row: merge_company(row, context)
    answer = ANSWERS.get(block.step, custom_step)

    def take(row: Row) -> Merged:
        row = with_payload(row)
        number = match_person(row, overlay, email_is_answer=block.step == "verification")
        return (
            Merged.of_reject(number) if isinstance(number, Reject) else apply_row([number], row, answer, context)
        )

    return take


def _guarded(task: _Task, block: Block, settings: MergeSettings) -> Merged:
    """Merge a row unless one of its cells is too long or its person was erased."""
    if task.long is not None:
        return Merged.of_reject(task.long)
    erased = Merged.of_reject(Reject.of(ERASED))
    if block.step == EXPORT and _refused(task.row, settings):
        return erased
    merged = task.take(task.row)
    return erased if merged.reject is not None and _refused(task.row, settings) else merged


def _refused(row: Row, settings: MergeSettings) -> bool:
    refused = settings.refused
    return refused is not None and any(map(refused, refused_keys(row)))


def refused_keys(row: Row) -> list[dict[str, str]]:
    """The keys, by kind, by any of which a row's person may be known as erased."""
    aliases = {"@sales_url": "personSalesUrl", "@person_url": "personLinkedinUrl", "@email": "email"}
    named = {aliases.get(target, target): text for target, text in row.items()}
    found = [{kind: key} for kind, listed in identity(with_names(named)).items() for key in listed]
    number = lead_number(row.get(LEAD_NUMBER, ""))
    return found if number is None else [*found, {"lead_number": str(number)}]


def _too_long(row: Row) -> Reject | None:
    for target, text in row.items():
        if too_long(text):
            return Reject.of("cell_too_long", column=target.removeprefix("@"), value=str(length(text)))
    return None


def read_rows(rows: pd.DataFrame, layout: Layout) -> list[Row]:
    """Each row's cells that are not blank by target; where columns share a target the first filled one."""
    columns = {place: rows[place].tolist() for places in layout.column_index.values() for place in places}
    found: list[dict[str, str]] = [{} for _ in range(len(rows))]
    for target, places in layout.column_index.items():
        for place in places:
            for row, text in zip(found, columns[place], strict=True):
                if text and target not in row and not text.isspace():
                    row[target] = text
    return list(found)


def _outcome(
    block: Block, overlay: LeadOverlay, merged: list[Merged], settings: MergeSettings, touched: frozenset[int]
) -> Outcome:
    counts = Counter(each.kind for each in merged)
    assert block.layout is not None
    earlier = [each.earlier for each in merged if each.earlier is not None]
    return Outcome(
        leads=overlay.frame(),
        next_number=overlay.next_number,
        new=counts["new"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        duplicate=counts["duplicate"],
        rejected=counts["rejected"],
        touched=touched,
        not_sent=sum(each.not_sent for each in merged),
        ignored=block.layout.ignored,
        rejects=_rejects(block, merged),
        box1_earlier=earlier_frame(earlier, settings.schema),
        pending=sum(each.pending for each in merged),
    )


def _rejects(block: Block, merged: list[Merged]) -> pd.DataFrame:
    bad = [(place, each.reject) for place, each in enumerate(merged) if each.reject is not None]
    cells = block.rows.iloc[[place for place, _ in bad]].reset_index(drop=True)
    # Of an erased person the reason and the row's number are kept, and no cell.
    cells[[reject.code == ERASED for _, reject in bad]] = ""
    cells.insert(0, "params", pd.Series([dict(reject.params) for _, reject in bad], dtype=object))
    cells.insert(0, "reason", pd.Series([reject.code for _, reject in bad], dtype=object))
    cells.insert(0, "row", pd.Series([int(block.rows.index[place]) + 1 for place, _ in bad], dtype=object))
    return cells


def content_hash(block: Block) -> str:
    """The SHA-256 of a block's step, header and cells, wherever it stood, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in ([block.step or ""], list(block.header), *block.rows.to_numpy(dtype=object).tolist()):
        digest.update(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def slice_rows(block: Block, start: int, stop: int) -> Block:
    """The block with only its rows from position `start` up to `stop`; their numbers in the grid stay."""
    return replace(block, rows=block.rows.iloc[start:stop])
