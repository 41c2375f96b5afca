"""Merge imports, slice by slice: each slice leaves a correct workbook and records how far it came.

System's open record says which import is open and up to which row it is merged, in the same atomic write as the rows
themselves; a run after a crash continues where that write ended, and the counts in Imports add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.erased import refuser
from sheets_crm.engine.features import Feature
from sheets_crm.engine.feeding import PREFIX as FEED
from sheets_crm.engine.journal import imported_line
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.snapshot import PendingImport
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features import box1_history, headers, target_id
from sheets_crm.features.control import controls, import_word
from sheets_crm.features.ids import next_number
from sheets_crm.features.rejected import RETRY, RetryRows, rejects
from sheets_crm.features.vocabulary import vocabulary
from sheets_crm.messages import said
from sheets_crm.pipeline.columns import TARGET_ID, Kind
from sheets_crm.pipeline.imports.contacts.phones import country_of
from sheets_crm.pipeline.imports.entry import entries, entry
from sheets_crm.pipeline.imports.formats import import_kinds
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.merge import ERASED, MergeSettings, Outcome, content_hash, merge, slice_rows
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.imports.unknown import unknown_columns
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import kind_word
from sheets_crm.plan.changes import Change, RemoveTab
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.panel import VALUE
from sheets_crm.workbook.tabs import IMPORTS, REJECTED

OPEN = "open_drop"
FEED_ROWS: Final = 1_000
"""Rows of feeds that Imports keeps, as Log keeps its rows; older ones are deleted."""
COUNTS = ("new", "updated", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True)
class MergeImports(Command):
    """Merge what is pending: pasted and claimed, or read from files.

    Attributes:
        sources: The imports, in order.
    """

    sources: tuple[PendingImport, ...]


def commands(working: WorkingState) -> Iterator[MergeImports]:
    """Yield the pending imports as one command: they share the budget of a write."""
    if working.snapshot.sources:
        yield MergeImports(working.snapshot.sources, origin=Origin.PASTE)


def merge_imports(working: WorkingState, command: MergeImports) -> bool:
    """Merge the pending imports, in order, until the budget is used up; return whether nothing is left."""
    _require_read(working)
    merged = _merge_sources(working, command.sources)
    target_id.use_once(working, command.sources[merged:], working.record(OPEN), OPEN)
    return merged == len(command.sources)


def _merge_sources(working: WorkingState, sources: Sequence[PendingImport]) -> int:
    """Merge imports until the budget is used up; return how many are merged to their end."""
    left = working.budget.rows
    for place, source in enumerate(sources):
        left = _merge_source(working, source, left)
        if working.more:
            return place
        if source.tab is None and source is not sources[-1]:
            # Only the open record says that a file is merged, and it names a single one: the next file is the next
            # part's. A claimed tab needs no such record, for its removal says it.
            working.more = True
            return place + 1
    return len(sources)


def _require_read(working: WorkingState) -> None:
    """Make sure that what rows are merged with was read.

    Raises:
        ReadAgain: It was not: nothing announced the rows.
    """
    if IMPORTS not in working.snapshot.sheets or REJECTED not in working.snapshot.cells:
        raise ReadAgain(said("again.imports"))


def retry_rows(working: WorkingState, command: RetryRows) -> bool:
    """Merge rows of Rejected again; one that still cannot be merged stays where it is. Always done at once."""
    _require_read(working)
    block = command.source.blocks[0]
    import_id = _next_import_id(working)
    outcome = _merge_slice(working, command.source, block, import_id, 0, len(block.rows))
    for _, line in outcome.rejects.iterrows():
        # A merged block numbers its rows as in a tab: the header is row 1, so the first row is row 2.
        row = command.rows[int(line["row"]) - 2]
        working.part(rejects).keep(row, str(line["reason"]), line["params"])
    return True


def _merge_source(working: WorkingState, source: PendingImport, left: int) -> int:
    record = _progress(working, source)
    _empty_control(working, source)
    for place in range(int(record.get("block", 0)), len(source.blocks)):
        block = source.blocks[place]
        done = _done(block, record)
        if left <= 0:
            working.more = True
            return 0
        count = min(left, len(block.rows) - done)
        import_id = str(record.get("drop") or _import_id(working, source))
        _merge_slice(working, source, block, import_id, done, done + count)
        left -= max(count, 1)
        if done + count < len(block.rows):
            working.stored[OPEN] = _open(source.ref, place, int(block.rows.index[done + count - 1]) + 1, import_id)
            working.more = True
            return 0
        record = {}
        working.stored[OPEN] = _open(source.ref, place + 1, 0, "")
    working.stored[OPEN] = _closed(source.ref, len(source.blocks), working.clock.serial)
    if source.tab is not None:
        working.extra.append(RemoveTab(source.tab))
    return left


def prepare(working: WorkingState) -> None:
    """Empty what Control says of imports that were set aside: they keep it, and the next import is another."""
    for source in working.snapshot.aside:
        _empty_control(working, source)
        target_id.use_up(working, source)


def _empty_control(working: WorkingState, source: PendingImport) -> None:
    """Empty what operators wrote on Control about the import that is merged now, unless they wrote something else."""
    for name, word, words in (
        ("import_kind", source.kind, import_kinds(working.schema)),
        ("enters", source.enters, entries(working.schema)),
    ):
        if source.tab is not None and word and import_word(working.snapshot.panel.value(name), words) == word:
            working.panel[name, VALUE] = ""


def _progress(working: WorkingState, source: PendingImport) -> dict[str, Any]:
    """How far an import has been merged, in this plan or an earlier run."""
    stored = working.stored.get(OPEN)
    record = orjson.loads(stored) if isinstance(stored, str) and stored else working.record(OPEN)
    return record if record.get("ref") == source.ref else dict(source.progress)


def _done(block: Block, record: Mapping[str, Any]) -> int:
    """How many rows of a block are merged.

    The record has a grid row, not a count: an erasure blanks rows of waiting imports, and blank rows are left out of
    the block, so a count would point elsewhere. Version 0.1.0 recorded a count.
    """
    if "row" not in record:
        return int(record.get("done", 0))
    return int((block.rows.index < int(record["row"])).sum())


def _open(ref: str, block: int, row: int, import_id: str) -> str:
    record = {"ref": ref, "block": block, "row": row, "drop": import_id, "finished": False}
    return orjson.dumps(record).decode()


def _closed(ref: str, block: int, when: float) -> str:
    """The open record once an import is merged: when that was is told if the same file comes again."""
    # To ten seconds: every poll reads it.
    return orjson.dumps({"ref": ref, "block": block, "finished": True, "at": round(when, 4)}).decode()


def _import_id(working: WorkingState, source: PendingImport) -> str:
    """The id of the import's row of Imports: that of those it shares one with, else a new one."""
    frame = working.table(IMPORTS)
    same = frame.index[frame["content hash"].to_numpy(dtype=object) == (source.row or None)]
    return next(map(str, same), "") or _next_import_id(working)


def _next_import_id(working: WorkingState) -> str:
    number = working.number("next_drop")
    while f"D-{number:04d}" in working.table(IMPORTS).index:
        number += 1
    working.stored["next_drop"] = number + 1
    return f"D-{number:04d}"


def _merge_slice(
    working: WorkingState,
    source: PendingImport,
    block: Block,
    import_id: str,
    start: int,
    stop: int,
) -> Outcome:
    target = target_id.label(working, source, block.step, working.record(OPEN))
    settings = MergeSettings(
        schema=working.schema,
        vocabulary=working.part(vocabulary),
        target_id=target,
        now=working.clock.serial,
        source=source.label,
        box1_version=working.part(controls).box1_version,
        refused=refuser(working.snapshot.system),
        time_zone=working.snapshot.info.time_zone,
        reopening_keeps=True,
        country=country_of(working.snapshot.info.locale),
        enters=entry(source.enters, working.schema) if source.enters else "",
    )
    if working.index is None:
        working.index = LeadIndex.of(working.leads)
    leads = working.leads
    slice_block = slice_rows(block, start, stop)
    next_number = working.next_lead_number()
    outcome = merge(leads, slice_block, settings, next_number=next_number, index=working.index)
    working.leads = outcome.leads
    working.stored["next_lead_number"] = outcome.next_number
    working.index = working.index.with_leads(outcome.leads.loc[sorted(outcome.touched)])
    working.cause(outcome.touched, import_id)
    box1_history.keep(working, outcome.box1_earlier)
    continued = import_id in working.table(IMPORTS).index  # an earlier slice has hashed the whole block
    hashed = (
        str(working.table(IMPORTS).loc[import_id, "content hash"])
        if continued
        else source.row or content_hash(block)
    )
    # A feed tells of everybody in a campaign, again and again: who is no lead here is counted, and nothing to correct.
    if source.ref != RETRY and not source.row:
        _list_rejects(working, outcome.rejects, block, (source.label, import_id, hashed))
    _count(working, source, block, import_id, hashed, stop - start, outcome)
    working.table(IMPORTS).loc[import_id, TARGET_ID] = target
    if source.ref != RETRY and start == 0:
        answered = headers.answers(working.snapshot, working.settings)
        headers.merged(working, source.label, unknown_columns(block, working.schema, answered))
    return outcome


def _list_rejects(
    working: WorkingState, rejected: pd.DataFrame, block: Block, of_import: tuple[str, str, str]
) -> None:
    """List rejected rows in Rejected, but those that an import of the same content listed before: Log says so."""
    label, import_id, hashed = of_import
    earlier = _imported_before(working, hashed, import_id)
    erased = rejected["reason"].to_numpy(dtype=object) == ERASED
    if erased.any():
        working.log("log_left_out", drop=import_id, count=int(erased.sum()))
    if earlier and not erased.all():
        working.log("log_listed_before", drop=import_id, count=int((~erased).sum()), earlier=earlier)
        rejected = rejected[erased]
    kind = kind_word(block.step or "", working.settings.language)
    working.part(rejects).add(rejected, block, f"{kind} · {label} · {import_id}")


def _imported_before(working: WorkingState, hashed: str, import_id: str) -> str:
    """The id of an import of the same block; "" when there is none."""
    imports = working.table(IMPORTS)
    same = imports.index[imports["content hash"].to_numpy(dtype=object) == hashed]
    return next((str(listed) for listed in same if str(listed) != import_id), "")


def _count(
    working: WorkingState,
    source: PendingImport,
    block: Block,
    import_id: str,
    hashed: str,
    rows: int,
    outcome: Outcome,
) -> None:
    """Add a slice's counts to the import's row of Imports."""
    counts = {name: int(getattr(outcome, name)) for name in COUNTS}
    frame = working.table(IMPORTS)
    if import_id not in frame.index:
        row: dict[str, Any] = dict.fromkeys(frame.columns, 0)
        row |= {
            "when": working.clock.serial,
            "source": fitted(source.label),
            "step": kind_word(block.step or "", working.settings.language),
        }
        row |= {"content hash": hashed, "ignored columns": fitted(", ".join(outcome.ignored))}
        row["doubtful cells"] = len(block.doubtful)
        row[TARGET_ID] = ""
        added = pd.DataFrame([row], index=pd.Index([import_id], name="drop", dtype=object), dtype=object)
        working.tables[IMPORTS] = pd.concat([added, frame]) if len(frame) else added
    steps = {"rows": rows, "leads touched": len(outcome.touched), "not sent before": outcome.not_sent, **counts}
    line: dict[str, Any] = dict(working.table(IMPORTS).loc[import_id])
    for name, amount in steps.items():
        line[name] = int(line[name]) + amount
        working.table(IMPORTS).loc[import_id, name] = line[name]
    shown: dict[str, Any] = {"drop": import_id, "source": source.label, "step": block.step or ""}
    shown |= {name: int(line[name]) for name in ("rows", *COUNTS, "leads touched", "not sent before")}
    # One line per import, however many slices of it this plan merges.
    working.imported = [counted for counted in working.imported if counted["drop"] != import_id] + [shown]
    if block.step in {step.name for step in working.schema.steps}:
        # On its row of Control stands what happened last at a step; a send before it says nothing new.
        working.say(block.step, imported_line(working, shown))


def changes(working: WorkingState) -> list[Change]:
    """The changes of Imports, where rows are merged; its rows are never deleted."""
    if IMPORTS not in working.snapshot.sheets:
        return []
    table = working.table(IMPORTS)
    kept = _trimmed(table)
    return diff(working.snapshot.sheets[IMPORTS], kept, delete=len(kept) < len(table))


def _trimmed(table: pd.DataFrame) -> pd.DataFrame:
    """Imports without the oldest rows of feeds, which come each hour; rows of pastes and files all stay."""
    of_feeds = table["content hash"].astype(str).str.startswith(FEED).to_numpy()
    if of_feeds.sum() <= FEED_ROWS:
        return table
    return table[~of_feeds | (of_feeds.cumsum() <= FEED_ROWS)]


COLUMNS: Final = (
    TabColumn("when", Kind.WHEN, width=140, es="cuándo"),
    TabColumn("source", width=200, es="origen"),
    TabColumn("step", width=120, es="paso"),
    TabColumn("rows", Kind.WHOLE, width=70, es="filas"),
    TabColumn("new", Kind.WHOLE, width=70, es="nuevas"),
    TabColumn("updated", Kind.WHOLE, width=105, es="actualizadas"),
    TabColumn("unchanged", Kind.WHOLE, width=90, es="iguales"),
    TabColumn("duplicate", Kind.WHOLE, width=95, es="duplicadas"),
    TabColumn("rejected", Kind.WHOLE, width=95, es="rechazadas"),
    TabColumn("leads touched", Kind.WHOLE, width=115, es="leads tocados"),
    TabColumn("content hash", width=140, es="huella"),
    TabColumn("ignored columns", width=240, es="columnas ignoradas"),
    TabColumn("not sent before", Kind.WHOLE, width=130, es="sin enviar antes"),
    TabColumn("doubtful cells", Kind.WHOLE, width=120, es="celdas dudosas"),
    TabColumn("drop", width=80, es="import"),
    TabColumn(TARGET_ID, width=110),
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Imports: one row an import."""
    yield TabSpec(
        IMPORTS,
        "Imports",
        COLUMNS,
        "drop",
        colour=0x5F6368,
        policy=ReadPolicy.MERGING,
        group=Group.PROSPECTING,
        rare=True,
        newest_first=True,
    )


def counters(rows: Mapping[str, Rows], _schema: Schema) -> dict[str, int]:
    """The number of the next import, from the ids in Imports."""
    header, *body = rows.get(IMPORTS) or [[]]
    place = list(header).index("drop") if "drop" in header else -1
    ids = [str(row[place]) for row in body if len(row) > max(place, 0)]
    return {"next_drop": next_number(ids, "D")}


FEATURE: Final = Feature("imports", tables=tables, prepare=prepare, changes=changes, counters=counters)
