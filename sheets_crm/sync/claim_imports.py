"""Claim the imports that can be taken: operators' tabs, claims of earlier runs, and files that wait to be merged."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from sheets_crm.errors import FileError, SheetError, TabGone
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import Problem, localize, with_remedy
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.sync import archive, claim
from sheets_crm.sync.erased import refuser, without_refused
from sheets_crm.sync.reading import read_import_tabs
from sheets_crm.sync.session import Session
from sheets_crm.sync.setting_aside import set_aside
from sheets_crm.sync.snapshot import ImportTab, PendingImport, Snapshot
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request

_LOG = logging.getLogger(__name__)


def claim_imports(session: Session, snapshot: Snapshot) -> Snapshot:
    """Claim what can be taken and return the snapshot with the drops to merge, in order."""
    own = [tab for tab in snapshot.import_tabs if tab.claimed is None]
    waiting = _still_moving(session, own)
    session.result.unsettled = tuple(tab.tab.title for tab in waiting)
    still = [tab for tab in own if tab not in waiting]
    for tab in still:
        _not_understood(session, tab)
    for tab in waiting:
        session.report("settling", tab=tab.tab.title)
    session.latest = snapshot
    sources = _claimed_before(session, [tab for tab in snapshot.import_tabs if tab.claimed is not None])
    snapshot = session.latest
    if session.request.plan_only:
        sources += [_as_if_claimed(tab, claim.recognised(tab, session.settings.schema)[0]) for tab in still]
    else:
        snapshot, taken = _claim_blocks(session, snapshot, _fitting_claims(session, snapshot, still))
        sources += taken
    sources += _files_left(session, snapshot)
    return snapshot.with_pending([source for source in sources if source.blocks or source.tab is not None])


def _claimed_before(session: Session, import_tabs: Sequence[ImportTab]) -> list[PendingImport]:
    """Return the drops that an earlier run claimed; one that cannot be read as an output any more is set aside."""
    found = []
    for tab in import_tabs:
        source = PendingImport(f"tab:{tab.tab.sheet_id}", tab.source, (), tab.tab, progress=tab.progress)
        try:
            source = claim.as_source(tab, session.settings.schema)
            problem: Exception | None = (
                None if source.blocks or not any(map(any, source.cells)) else _unknown(session)
            )
        except Exception as error:  # noqa: BLE001 - one drop that cannot be read stops no other
            problem = error
        if problem is None:
            found.append(source)
        elif not session.request.plan_only:
            set_aside(session, source, problem)
    return found


def _unknown(session: Session) -> FileError:
    return FileError(localize("not_recognised", session.settings.language))


def _fitting_claims(session: Session, snapshot: Snapshot, import_tabs: Sequence[ImportTab]) -> list[claim.Claim]:
    """Return the claims whose copies the workbook has room for; the others stay where they are, and Control says so."""
    found, cells = [], snapshot.info.cells
    for one in claim.claims(import_tabs, session.settings.schema, session.ports.new_ids):
        more = 0 if one.whole else one.tab.tab.cells
        if cells + more > CELLS_LIMIT:
            session.report("claim_too_large", tab=one.tab.tab.title, cells=f"{more:,}")
        else:
            cells += more
            found.append(one)
    return found


def _still_moving(session: Session, import_tabs: Sequence[ImportTab]) -> list[ImportTab]:
    """Return the drop tabs whose content changed over the settling time."""
    if session.request.now or session.request.plan_only or not import_tabs:
        return []
    session.ports.sleep(session.settings.settle_seconds)
    answers = session.ports.gateway.values([quoted(tab.tab.title) for tab in import_tabs])
    return [tab for tab, cells in zip(import_tabs, answers, strict=True) if cells != tab.cells]


def _not_understood(session: Session, tab: ImportTab) -> None:
    for block in claim.recognised(tab, session.settings.schema)[1]:
        text = in_words(block.problem, session.settings.language)
        first, last = block.first_row + 1, block.last_row + 1
        if first == last:
            session.report("block_of_one_row", tab=tab.tab.title, row=first, problem=text)
        else:
            session.report("block_not_understood", tab=tab.tab.title, first=first, last=last, problem=text)


def _claim_blocks(
    session: Session, snapshot: Snapshot, wanted: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write; when that is refused, one after another: one bad tab keeps no other waiting."""
    try:
        return _claim_together(session, snapshot, wanted)
    except SheetError as error:
        if isinstance(error, TabGone):
            raise
        if len(wanted) == 1:
            session.report("claim_refused", tab=wanted[0].tab.tab.title, reason=error.message)
            return snapshot, []
    found: list[PendingImport] = []
    for one in wanted:
        snapshot, taken = _claim_blocks(session, snapshot, [one])
        found += taken
    return snapshot, found


def _claim_together(
    session: Session, snapshot: Snapshot, wanted: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write and read what was claimed: it is what the write took, not what was read."""
    if not wanted:
        return snapshot, []
    count = len(snapshot.info.tabs)
    requests: list[Request] = []
    for one in wanted:
        requests += claim.claim_requests(one, session.settings.account, count)
    requests += session.sequence_request(snapshot)
    applied = session.ports.gateway.apply(requests, sequence=snapshot.sequence, token=session.ports.run)
    session.save_facts(sequence=applied.sequence)
    session.cache.advance(applied.sequence)
    claimed = [claim.claimed_tab(one, count) for one in wanted]
    taken = {tab.sheet_id for tab in claimed}
    emptied = {one.tab.tab.sheet_id: claim.operators_tab(one) for one in wanted if not one.whole}
    kept = tuple(emptied.get(tab.sheet_id, tab) for tab in snapshot.info.tabs if tab.sheet_id not in taken)
    info = replace(snapshot.info, tabs=(*kept, *claimed))
    session.latest = replace(snapshot, info=info, sequence=applied.sequence)
    sources = _claimed_before(session, _claimed_tabs(session, claimed))
    return session.latest, sources


def _claimed_tabs(session: Session, tabs: Sequence[TabInfo]) -> tuple[ImportTab, ...]:
    answers = session.ports.gateway.values([quoted(tab.title) for tab in tabs])
    return read_import_tabs(session.ports.gateway, list(zip(tabs, answers, strict=True)))


def _files_left(session: Session, snapshot: Snapshot) -> list[PendingImport]:
    """Return the drops of files that are not merged yet: those of this command and those a crash left."""
    record = snapshot.system.record("open_drop")
    done = record.get("ref") if record.get("finished") else None
    found = []
    for source in session.request.files:
        if source.ref == done:
            archive_file(session, snapshot, source.ref)
        else:
            found.append(source)
    return found


def archive_file(session: Session, snapshot: Snapshot, ref: str) -> None:
    """Take a merged file out of the spool and archive it; rows of erased people are blank in the archive."""
    state_dir, name = session.settings.state_dir, ref.removeprefix("file:")
    refused = refuser(snapshot.system)
    for waiting in archive.spooled(state_dir):
        for table in waiting.tables if waiting.name == name else ():
            cells = without_refused(table["cells"], refused, session.settings.schema, table.get("step"))
            archive.archive(
                state_dir, f"file-{name}", cells, {"source": waiting.label, "workbook": session.settings.workbook}
            )
    archive.unspool(state_dir, name)


def in_words(problem: str | None, language: str) -> str:
    """Return why a block was not recognised and what to do about it, in a language."""
    if not isinstance(problem, Problem):
        return str(problem)
    return with_remedy(problem.code, language, **problem.params)


def _as_if_claimed(tab: ImportTab, good: Sequence[Block]) -> PendingImport:
    return PendingImport(f"tab:{tab.tab.sheet_id}", tab.source, tuple(good))
