"""Merge the rows of a block into the leads.

Rows are merged in order, each onto the result of the one before, so that a block merged slice by slice gives the same
leads and the same counts.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.apply_row import Merged, apply_row
from sheets_crm.pipeline.imports.company_rows import merge_company
from sheets_crm.pipeline.imports.contacts.rows import ADDRESS, ContactImporter, contact_row
from sheets_crm.pipeline.imports.export_rows import Importer, with_names
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.instantly_rows import instantly, with_payload
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.layout import Layout
from sheets_crm.pipeline.imports.lead_overlay import LeadOverlay
from sheets_crm.pipeline.imports.matching import Reject, Row, identity, lead_number, match_person
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.row_updates import MergeContext, box1, custom_step, earlier_frame, verification
from sheets_crm.pipeline.imports.text import length, too_long
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from sheets_crm.pipeline.leads import eligible
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS
from sheets_crm.pipeline.steps import SCHEMA

ERASED: Final = "erased"
KINDS: Final = ("new", "updated", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True)
class MergeSettings:
    """The settings of a merge.

    Attributes:
        schema: The workbook's columns and steps.
        vocabulary: The meanings of verifiers' words.
        target_id: TargetID of exported leads whose row names none.
        now: The time of the run (serial number in the workbook's time zone).
        source: Where the import came from, for reports.
        box1_version: Version of a Box 1 output that names none, for a lead that was not sent under one.
        refused: Whether a person was erased and must not come back, by the normalised keys of the row, by
            kind: ``member_id``, ``person_url``, ``email``; ``name`` (with company) only without them;
            ``lead_number``.
        time_zone: The workbook's time zone, for the times that Instantly's files give in UTC.
        reopening_keeps: Reopening Box 1 already saves the result to Box1 History (`row_updates.earlier_results`),
            while its version and times are still in the lead; the merge then hands out only results that another
            version replaces without reopening.
        country: ISO code of the country that a phone without one is assumed to be of; "" for none.
        enters: What the column `enters` of new leads holds (`sheets_crm.pipeline.imports.entry`).
    """

    schema: Schema = SCHEMA
    vocabulary: Vocabulary = DEFAULT_VOCABULARY
    target_id: str = ""
    now: float = 0.0
    source: str = ""
    box1_version: str = ""
    refused: Callable[[Mapping[str, str]], bool] | None = None
    time_zone: str = "UTC"
    reopening_keeps: bool = False
    country: str = ""
    enters: str = ""


@dataclass(frozen=True)
class Outcome:
    """The result of merging a block. The five counts of rows add up to the rows of the block.

    Attributes:
        leads: The leads frame after the merge; states are not derived anew.
        next_number: The next free LeadNumber.
        new: Rows that became leads.
        updated: Rows that changed a lead.
        unchanged: Rows that changed nothing.
        duplicate: Exported people who were leads already; they fill blanks only.
        rejected: Rows in `rejects`.
        touched: LeadNumbers that were changed or added.
        not_sent: Rows of a lead never marked as sent to the step; it is marked as sent and completed.
        ignored: Header cells that are not imported.
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


UPDATES: Final = {"verification": verification, "box1": box1, "instantly": instantly}


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
        index: An index of the leads, if there is one already; it must cover every lead of the frame as it is now
            (after a merge: ``index.with_leads(outcome.leads.loc[sorted(outcome.touched)])``).

    Raises:
        ValueError: The block was not recognised.
    """
    if block.step is None or block.layout is None:
        raise ValueError(f"a block that was not recognised cannot be merged: {block.problem}")
    overlay = LeadOverlay(leads, index or LeadIndex.of(leads), next_number)
    merged = [_guarded(task, block, settings) for task in _rows_to_merge(block, overlay, leads, settings)]
    touched = overlay.touched()
    # Only for leads that differ in the end: merging an import twice must not touch anything.
    for number in touched:
        overlay.put(number, {"updated_at": settings.now})
    return _outcome(block, overlay, [each.after_import(touched) for each in merged], settings, touched)


@dataclass(frozen=True, slots=True)
class _Task:
    """A row with the function that merges it; `long` if one of its cells is too long."""

    row: Row
    long: Reject | None
    take: Callable[[Row], Merged]


def _rows_to_merge(
    block: Block, overlay: LeadOverlay, leads: pd.DataFrame, settings: MergeSettings
) -> list[_Task]:
    assert block.layout is not None
    take = _taker(block, block.layout, overlay, leads, settings)
    rows = read_rows(block.rows, block.layout)
    if block.step == CONTACTS:
        rows = [contact_row(row, settings.country) for row in rows]
    return [_Task(row, _too_long(row), take) for row in rows]


def _taker(
    block: Block, layout: Layout, overlay: LeadOverlay, leads: pd.DataFrame, settings: MergeSettings
) -> Callable[[Row], Merged]:
    if block.step in PEOPLE:
        made = ContactImporter if block.step == CONTACTS else Importer
        return made(overlay, settings.schema, settings.target_id, settings.now, layout.also, settings.enters).take
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
        also=layout.also,
        reopening_keeps=settings.reopening_keeps,
    )
    if block.step == "company_scrap":
        return lambda row: merge_company(row, context)
    update = UPDATES.get(block.step, custom_step)

    def take(row: Row) -> Merged:
        row = with_payload(row)
        number = match_person(row, overlay, email_is_output=block.step == "verification")
        return (
            Merged.of_reject(number) if isinstance(number, Reject) else apply_row([number], row, update, context)
        )

    return take


def _guarded(task: _Task, block: Block, settings: MergeSettings) -> Merged:
    """Merge a row unless one of its cells is too long or its person was erased."""
    if task.long is not None:
        return Merged.of_reject(task.long)
    erased = Merged.of_reject(Reject.of(ERASED))
    # An export would add the person again, so it is checked first. Any other row of an erased person finds no lead, and
    # only the reason of its rejection changes.
    if block.step in PEOPLE and _refused(task.row, settings):
        return erased
    merged = task.take(task.row)
    return erased if merged.reject is not None and _refused(task.row, settings) else merged


def _refused(row: Row, settings: MergeSettings) -> bool:
    refused = settings.refused
    return refused is not None and any(map(refused, refused_keys(row)))


def refused_keys(row: Row) -> list[dict[str, str]]:
    """The keys of a row's person, one mapping for each: any of them may be on the list of erased people."""
    aliases = {"@sales_url": "personSalesUrl", "@person_url": "personLinkedinUrl", "@email": "email"}
    named = {aliases.get(target, target): text for target, text in row.items()}
    keys = [{kind: key} for kind, listed in identity(with_names(named)).items() for key in listed]
    keys += [{"email": email_key(found.rstrip("."))} for found in ADDRESS.findall(named.get("email", ""))]
    number = lead_number(row.get(LEAD_NUMBER, ""))
    return keys if number is None else [*keys, {"lead_number": str(number)}]


def _too_long(row: Row) -> Reject | None:
    for target, text in row.items():
        if too_long(text):
            return Reject.of("cell_too_long", column=target.removeprefix("@"), value=str(length(text)))
    return None


def read_rows(rows: pd.DataFrame, layout: Layout) -> list[Row]:
    """The non-blank cells of each row, by target; where columns share a target, the first non-blank one."""
    columns = {place: rows[place].tolist() for places in layout.column_index.values() for place in places}
    by_target: list[dict[str, str]] = [{} for _ in range(len(rows))]
    for target, places in layout.column_index.items():
        for place in places:
            for row, text in zip(by_target, columns[place], strict=True):
                if text and target not in row and not text.isspace():
                    row[target] = text
    return list(by_target)


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
    # For an erased person only the reason and the row's number are kept, no cell.
    cells[[reject.code == ERASED for _, reject in bad]] = ""
    cells.insert(0, "params", pd.Series([dict(reject.params) for _, reject in bad], dtype=object))
    cells.insert(0, "reason", pd.Series([reject.code for _, reject in bad], dtype=object))
    cells.insert(0, "row", pd.Series([int(block.rows.index[place]) + 1 for place, _ in bad], dtype=object))
    return cells


def content_hash(block: Block) -> str:
    """The SHA-256 of a block's step, header and cells, independent of its place, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in ([block.step or ""], list(block.header), *block.rows.to_numpy(dtype=object).tolist()):
        digest.update(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def slice_rows(block: Block, start: int, stop: int) -> Block:
    """The block with only its rows from position `start` up to `stop`; they keep their row numbers of the grid."""
    return replace(block, rows=block.rows.iloc[start:stop])
