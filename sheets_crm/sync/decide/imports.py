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

from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.merge import MergeSettings, Outcome, content_hash, merge, slice_rows
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.imports.vocabulary import Vocabulary
from sheets_crm.plan.changes import RemoveTab
from sheets_crm.sync.decide.rejected import RETRY, Rejects, answer_ticks
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.sync.retries import ReadAgain
from sheets_crm.sync.snapshot import PendingImport

OPEN = "open_drop"
COUNTS = ("new", "updated", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging needs besides the draft."""

    vocabulary: Vocabulary
    refused: Callable[[Mapping[str, str]], bool] | None = None


def merge_imports(working: WorkingState, merging: Merging, rejects: Rejects) -> None:
    """Merge the drops that are ready, in order, until the budget is used up."""
    left = working.budget.rows
    for source in working.snapshot.sources:
        left = _merge_source(working, merging, rejects, source, left)
        if working.more:
            return
        if source.tab is None and source is not working.snapshot.sources[-1]:
            # Nothing but the open record says that a file is merged, and it names one: the next file is another part.
            working.more = True
            return


def merge_retries(working: WorkingState, merging: Merging, rejects: Rejects) -> None:
    """Merge the rows of Rejected whose retry is ticked; one that still cannot be merged stays where it is."""
    for source, rows in answer_ticks(working, rejects):
        block = source.blocks[0]
        outcome = _merge_slice(
            working, merging, rejects, source, block, _next_import_id(working), 0, len(block.rows)
        )
        for _, line in outcome.rejects.iterrows():
            rejects.keep(rows[int(line["row"]) - 2], str(line["reason"]), line["params"])


def _merge_source(
    working: WorkingState, merging: Merging, rejects: Rejects, source: PendingImport, left: int
) -> int:
    record = _record(working, source)
    for place in range(int(record.get("block", 0)), len(source.blocks)):
        block = source.blocks[place]
        done = _done(block, record)
        if left <= 0:
            working.more = True
            return 0
        taken = min(left, len(block.rows) - done)
        import_id = str(record.get("drop") or _next_import_id(working))
        _merge_slice(working, merging, rejects, source, block, import_id, done, done + taken)
        left -= max(taken, 1)
        if done + taken < len(block.rows):
            working.stored[OPEN] = _open(source.ref, place, int(block.rows.index[done + taken - 1]) + 1, import_id)
            working.more = True
            return 0
        record = {}
        working.stored[OPEN] = _open(source.ref, place + 1, 0, "")
    working.stored[OPEN] = _open(source.ref, len(source.blocks), 0, "", finished=True)
    if source.tab is not None:
        working.extra.append(RemoveTab(source.tab))
    return left


def _record(working: WorkingState, source: PendingImport) -> dict[str, Any]:
    """Return how far a source has come, in this plan or an earlier run."""
    now = working.stored.get(OPEN)
    record = orjson.loads(now) if isinstance(now, str) and now else working.record(OPEN)
    return record if record.get("ref") == source.ref else dict(source.progress)


def _done(block: Block, record: Mapping[str, Any]) -> int:
    """Return how many rows of a block are merged.

    The record names the row of the grid, not the how-manyeth of the rows: rows of an erased person are blanked in an
    import that waits, and blank rows are none of the block's. Version 0.1.0 recorded how many.
    """
    if "row" not in record:
        return int(record.get("done", 0))
    return int((block.rows.index < int(record["row"])).sum())


def _open(ref: str, block: int, row: int, import_id: str, *, finished: bool = False) -> str:
    record = {"ref": ref, "block": block, "row": row, "drop": import_id, "finished": finished}
    return orjson.dumps(record).decode()


def _next_import_id(working: WorkingState) -> str:
    number = working.number("next_drop")
    while f"D-{number:04d}" in working.imports.index:
        number += 1
    working.stored["next_drop"] = number + 1
    return f"D-{number:04d}"


def _merge_slice(
    working: WorkingState,
    merging: Merging,
    rejects: Rejects,
    source: PendingImport,
    block: Block,
    import_id: str,
    start: int,
    stop: int,
) -> Outcome:
    if not working.snapshot.rejected_read:
        raise ReadAgain("Rows are merged that were not expected, and Rejected was not read")
    target = working.snapshot.control.target_id if source.target_id is None else source.target_id
    settings = MergeSettings(
        schema=working.schema,
        vocabulary=merging.vocabulary,
        target_id=fitted(target),
        now=working.clock.serial,
        source=source.label,
        box1_version=working.snapshot.control.box1_version,
        refused=merging.refused,
        time_zone=working.snapshot.info.time_zone,
        reopening_keeps=True,
    )
    if working.index is None:
        working.index = LeadIndex.of(working.leads)
    before = working.leads
    part = slice_rows(block, start, stop)
    number = working.next_lead_number()
    outcome = merge(before, part, settings, next_number=number, index=working.index)
    working.leads = outcome.leads
    working.stored["next_lead_number"] = outcome.next_number
    working.index = working.index.with_leads(outcome.leads.loc[sorted(outcome.touched)])
    working.cause(outcome.touched, import_id)
    if len(outcome.box1_earlier):
        working.history_rows.append(outcome.box1_earlier)
    begun = import_id in working.imports.index  # by an earlier slice, which hashed the whole block
    hashed = str(working.imports.loc[import_id, "content hash"]) if begun else content_hash(block)
    if source.ref != RETRY and not _known(working, hashed, import_id):
        rejects.add(outcome.rejects, block, f"{block.step} · {source.label} · {import_id}")
    _count(working, source, block, import_id, hashed, stop - start, outcome)
    return outcome


def _known(working: WorkingState, hashed: str, import_id: str) -> bool:
    """Return whether the same drop came before: its rejected rows are not listed a second time."""
    imports = working.imports
    same = imports["content hash"].to_numpy(dtype=object) == hashed
    return any(str(other) != import_id for other in imports.index[same])


def _count(
    working: WorkingState,
    source: PendingImport,
    block: Block,
    import_id: str,
    hashed: str,
    rows: int,
    outcome: Outcome,
) -> None:
    """Put a slice's counts into the drop's row of Imports."""
    counts = {name: int(getattr(outcome, name)) for name in COUNTS}
    if import_id not in working.imports.index:
        row: dict[str, Any] = dict.fromkeys(working.imports.columns, 0)
        row |= {"when": working.clock.serial, "source": fitted(source.label), "step": block.step or ""}
        row |= {"content hash": hashed, "ignored columns": fitted(", ".join(outcome.ignored))}
        row["doubtful cells"] = len(block.doubtful)
        added = pd.DataFrame([row], index=pd.Index([import_id], name="drop", dtype=object), dtype=object)
        working.imports = pd.concat([working.imports, added]) if len(working.imports) else added
    steps = {"rows": rows, "leads touched": len(outcome.touched), "not sent before": outcome.not_sent, **counts}
    line: dict[str, Any] = dict(working.imports.loc[import_id])
    for name, amount in steps.items():
        line[name] = int(line[name]) + amount
        working.imports.loc[import_id, name] = line[name]
    shown: dict[str, Any] = {"drop": import_id, "source": source.label, "step": block.step or ""}
    shown |= {name: int(line[name]) for name in ("rows", *COUNTS, "leads touched", "not sent before")}
    working.imported = [known for known in working.imported if known["drop"] != import_id] + [shown]
