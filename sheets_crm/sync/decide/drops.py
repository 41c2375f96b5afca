"""Merging drops, slice by slice: each slice leaves a correct workbook and says how far it came.

System's open record holds which drop is open and how many of its rows are in, in the same atomic write as the rows
themselves; a run after a crash goes on where that write ended, and the counts in Imports add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd

from sheets_crm.pipeline.drops.identity import LeadIndex
from sheets_crm.pipeline.drops.merge import MergeSettings, Outcome, content_hash, merge, slice_rows
from sheets_crm.pipeline.drops.recognise import Block
from sheets_crm.pipeline.drops.text import fitted
from sheets_crm.pipeline.drops.vocabulary import Vocabulary
from sheets_crm.plan.changes import RemoveTab
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.sync.decide.rejected import RETRY, Rejects, answer_ticks
from sheets_crm.sync.retries import ReadAgain
from sheets_crm.sync.snapshot import Source

OPEN = "open_drop"
COUNTS = ("new", "updated", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging needs besides the draft."""

    vocabulary: Vocabulary
    refused: Callable[[Mapping[str, str]], bool] | None = None


def merge_sources(draft: Draft, merging: Merging, rejects: Rejects) -> None:
    """Merge the drops that are ready, in order, until the budget is used up."""
    left = draft.budget.rows
    for source in draft.snapshot.sources:
        left = _merge_source(draft, merging, rejects, source, left)
        if draft.more:
            return
        if source.tab is None and source is not draft.snapshot.sources[-1]:
            # Nothing but the open record says that a file is merged, and it names one: the next file is another part.
            draft.more = True
            return


def merge_retries(draft: Draft, merging: Merging, rejects: Rejects) -> None:
    """Merge the rows of Rejected whose retry is ticked; one that still cannot be merged stays where it is."""
    for source, rows in answer_ticks(draft, rejects):
        block = source.blocks[0]
        outcome = _merge_slice(draft, merging, rejects, source, block, _next_drop(draft), 0, len(block.rows))
        for _, line in outcome.rejects.iterrows():
            rejects.keep(rows[int(line["row"]) - 2], str(line["reason"]), line["params"])


def _merge_source(draft: Draft, merging: Merging, rejects: Rejects, source: Source, left: int) -> int:
    record = _record(draft, source)
    for place in range(int(record.get("block", 0)), len(source.blocks)):
        block = source.blocks[place]
        done = _done(block, record)
        if left <= 0:
            draft.more = True
            return 0
        taken = min(left, len(block.rows) - done)
        drop = str(record.get("drop") or _next_drop(draft))
        _merge_slice(draft, merging, rejects, source, block, drop, done, done + taken)
        left -= max(taken, 1)
        if done + taken < len(block.rows):
            draft.stored[OPEN] = _open(source.ref, place, int(block.rows.index[done + taken - 1]) + 1, drop)
            draft.more = True
            return 0
        record = {}
        draft.stored[OPEN] = _open(source.ref, place + 1, 0, "")
    draft.stored[OPEN] = _open(source.ref, len(source.blocks), 0, "", finished=True)
    if source.tab is not None:
        draft.extra.append(RemoveTab(source.tab))
    return left


def _record(draft: Draft, source: Source) -> dict[str, Any]:
    """Return how far a source has come, in this plan or an earlier run."""
    now = draft.stored.get(OPEN)
    record = orjson.loads(now) if isinstance(now, str) and now else draft.record(OPEN)
    return record if record.get("ref") == source.ref else dict(source.progress)


def _done(block: Block, record: Mapping[str, Any]) -> int:
    """Return how many rows of a block are merged.

    The record names the row of the grid, not the how-manyeth of the rows: rows of an erased person are blanked in an
    import that waits, and blank rows are none of the block's. Version 0.1.0 recorded how many.
    """
    if "row" not in record:
        return int(record.get("done", 0))
    return int((block.rows.index < int(record["row"])).sum())


def _open(ref: str, block: int, row: int, drop: str, *, finished: bool = False) -> str:
    record = {"ref": ref, "block": block, "row": row, "drop": drop, "finished": finished}
    return orjson.dumps(record).decode()


def _next_drop(draft: Draft) -> str:
    number = draft.number("next_drop")
    while f"D-{number:04d}" in draft.imports.index:
        number += 1
    draft.stored["next_drop"] = number + 1
    return f"D-{number:04d}"


def _merge_slice(
    draft: Draft,
    merging: Merging,
    rejects: Rejects,
    source: Source,
    block: Block,
    drop: str,
    start: int,
    stop: int,
) -> Outcome:
    if not draft.snapshot.rejected_read:
        raise ReadAgain("Rows are merged that were not expected, and Rejected was not read")
    target = draft.snapshot.control.target_id if source.target_id is None else source.target_id
    settings = MergeSettings(
        schema=draft.schema,
        vocabulary=merging.vocabulary,
        target_id=fitted(target),
        now=draft.moment.serial,
        source=source.label,
        box1_version=draft.snapshot.control.box1_version,
        refused=merging.refused,
        time_zone=draft.snapshot.info.time_zone,
        reopening_keeps=True,
    )
    if draft.index is None:
        draft.index = LeadIndex.of(draft.leads)
    before = draft.leads
    part = slice_rows(block, start, stop)
    number = draft.next_lead_number()
    outcome = merge(before, part, settings, next_number=number, index=draft.index)
    draft.leads = outcome.leads
    draft.stored["next_lead_number"] = outcome.next_number
    draft.index = draft.index.with_leads(outcome.leads.loc[sorted(outcome.touched)])
    draft.cause(outcome.touched, drop)
    if len(outcome.box1_earlier):
        draft.history_rows.append(outcome.box1_earlier)
    begun = drop in draft.imports.index  # by an earlier slice, which hashed the whole block
    hashed = str(draft.imports.loc[drop, "content hash"]) if begun else content_hash(block)
    if source.ref != RETRY and not _known(draft, hashed, drop):
        rejects.add(outcome.rejects, block, f"{block.step} · {source.label} · {drop}")
    _count(draft, source, block, drop, hashed, stop - start, outcome)
    return outcome


def _known(draft: Draft, hashed: str, drop: str) -> bool:
    """Return whether the same drop came before: its rejected rows are not listed a second time."""
    imports = draft.imports
    same = imports["content hash"].to_numpy(dtype=object) == hashed
    return any(str(other) != drop for other in imports.index[same])


def _count(
    draft: Draft, source: Source, block: Block, drop: str, hashed: str, rows: int, outcome: Outcome
) -> None:
    """Put a slice's counts into the drop's row of Imports."""
    counts = {name: int(getattr(outcome, name)) for name in COUNTS}
    if drop not in draft.imports.index:
        row: dict[str, Any] = dict.fromkeys(draft.imports.columns, 0)
        row |= {"when": draft.moment.serial, "source": fitted(source.label), "step": block.step or ""}
        row |= {"content hash": hashed, "ignored columns": fitted(", ".join(outcome.ignored))}
        row["doubtful cells"] = len(block.doubtful)
        added = pd.DataFrame([row], index=pd.Index([drop], name="drop", dtype=object), dtype=object)
        draft.imports = pd.concat([draft.imports, added]) if len(draft.imports) else added
    steps = {"rows": rows, "leads touched": len(outcome.touched), "not sent before": outcome.not_sent, **counts}
    line: dict[str, Any] = dict(draft.imports.loc[drop])
    for name, amount in steps.items():
        line[name] = int(line[name]) + amount
        draft.imports.loc[drop, name] = line[name]
    shown: dict[str, Any] = {"drop": drop, "source": source.label, "step": block.step or ""}
    shown |= {name: int(line[name]) for name in ("rows", *COUNTS, "leads touched", "not sent before")}
    draft.drops = [known for known in draft.drops if known["drop"] != drop] + [shown]
