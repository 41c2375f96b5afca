"""Claim the imports that a run can merge: operators' tabs, claims of earlier runs, and files that wait."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from sheets_crm.engine import archive, block_notes, claim
from sheets_crm.engine.erased import refuser, without_refused
from sheets_crm.engine.feeding import fed_imports
from sheets_crm.engine.reading import read_import_tabs
from sheets_crm.engine.session import Session
from sheets_crm.engine.setting_aside import set_aside
from sheets_crm.engine.snapshot import ImportTab, PendingImport, RefusedBlock, Snapshot
from sheets_crm.errors import FileError, SheetError, TabGone
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import Problem, localize, with_remedy
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.recognition import Recognition
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request

_LOG = logging.getLogger(__name__)


def claim_imports(session: Session, snapshot: Snapshot) -> Snapshot:
    """Claim every recognised block that stands unchanged; the snapshot with the imports to merge, in order.

    Tabs that are still being edited are left to the next run and reported on Control, as are blocks that are not
    recognised.
    """
    operators_tabs = [tab for tab in snapshot.import_tabs if tab.claimed is None]
    started = session.ports.clock()
    moving = _still_moving(session, operators_tabs)
    # Waiting on purpose makes no plan too old: with a long `settle_seconds` every plan would be, and none be applied.
    snapshot = replace(snapshot, read_at=snapshot.read_at + session.ports.clock() - started)
    session.result.unsettled = tuple(tab.info.title for tab in moving)
    unchanged = [tab for tab in operators_tabs if tab not in moving]
    recognition = session.settings.features.recognition(snapshot, session.settings)
    of_tabs = claim.recognition_of_tabs(
        [*unchanged, *(tab for tab in snapshot.import_tabs if tab.claimed is not None)], recognition
    )
    read = claim.read_tabs(of_tabs, session.settings.schema)
    refused = [RefusedBlock(one.tab.info, block) for one in read for block in one.refused]
    unjudged = frozenset(tab.info.sheet_id for tab in moving)
    snapshot = replace(snapshot, refused=tuple(refused), unjudged=unjudged)
    rows = session.settings.features.annotated(snapshot, session.settings)
    snapshot = block_notes.with_notes(session.ports.gateway, snapshot, rows)
    for one in refused:
        _report_refused(session, one)
    for tab in moving:
        session.report("settling", tab=tab.info.title)
    session.latest = snapshot
    session.answers = recognition.answers
    sources = _imports_of_claimed(session, [tab for tab in snapshot.import_tabs if tab.claimed is not None])
    snapshot = session.latest
    if session.request.plan_only:
        sources += [_as_if_claimed(one) for one in read]
    else:
        snapshot, claimed = _claim_blocks(session, snapshot, _fitting_claims(session, snapshot, read))
        sources += claimed
    sources += [_promised(source, recognition) for source in _files_left(session, snapshot)]
    snapshot, fed = fed_imports(session, snapshot)
    sources += fed
    return snapshot.with_pending([source for source in sources if source.blocks or source.tab is not None])


def _promised(source: PendingImport, recognition: Recognition) -> PendingImport:
    """A file's import with the label of the panel, if it brings people and the command gave none."""
    people = any(block.step in PEOPLE for block in source.blocks)
    return replace(source, promised=recognition.label) if people and source.target_id is None else source


def _imports_of_claimed(session: Session, import_tabs: Sequence[ImportTab]) -> list[PendingImport]:
    """The imports of claimed tabs; a tab that can no longer be read as an output is set aside."""
    sources = []
    for tab in import_tabs:
        source = _unread(tab)
        try:
            source = claim.as_source(tab, session.settings.schema, session.answers)
            problem: Exception | None = (
                None if source.blocks or not any(map(any, source.cells)) else _not_recognised(session)
            )
        except Exception as error:  # noqa: BLE001 - an import that cannot be read stops no other
            problem = error
        if problem is None:
            sources.append(source)
        elif not session.request.plan_only:
            set_aside(session, source, problem)
    return sources


def _unread(tab: ImportTab) -> PendingImport:
    ref = f"tab:{tab.info.sheet_id}"
    named = {"kind": tab.kind, "enters": tab.enters, "promised": tab.promised}
    return PendingImport(ref, tab.source, (), tab.info, progress=tab.progress, **named)


def _not_recognised(session: Session) -> FileError:
    return FileError(localize("not_recognised", session.settings.language))


def _fitting_claims(session: Session, snapshot: Snapshot, read: Sequence[claim.ReadTab]) -> list[claim.Claim]:
    """The claims whose copies the workbook has room for; the others stay where they are, and Control says so."""
    fitting, cells = [], snapshot.info.cells
    for planned in claim.claims(read, session.ports.new_ids):
        copied = 0 if planned.whole else planned.tab.info.cells
        if cells + copied > CELLS_LIMIT:
            session.report("claim_too_large", tab=planned.tab.info.title, cells=f"{copied:,}")
        else:
            cells += copied
            fitting.append(planned)
    return fitting


def _still_moving(session: Session, import_tabs: Sequence[ImportTab]) -> list[ImportTab]:
    """The import tabs whose cells changed within `settle_seconds`."""
    if session.request.now or session.request.plan_only or not import_tabs:
        return []
    session.ports.sleep(session.settings.settle_seconds)
    answers = session.ports.gateway.values([quoted(tab.info.title) for tab in import_tabs])
    return [tab for tab, cells in zip(import_tabs, answers, strict=True) if cells != tab.cells]


def _report_refused(session: Session, refused: RefusedBlock) -> None:
    block, title = refused.block, refused.tab.title
    text = in_words(block.problem, session.settings.language)
    first, last = block.first_row + 1, block.last_row + 1
    if first == last:
        session.report("block_of_one_row", tab=title, row=first, problem=text)
    else:
        session.report("block_not_understood", tab=title, first=first, last=last, problem=text)


def _claim_blocks(
    session: Session, snapshot: Snapshot, planned_claims: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write; when that is refused, one after another, so that a bad tab holds up no other."""
    try:
        return _claim_together(session, snapshot, planned_claims)
    except SheetError as error:
        if isinstance(error, TabGone):
            raise
        if len(planned_claims) == 1:
            session.report("claim_refused", tab=planned_claims[0].tab.info.title, reason=error.message)
            return snapshot, []
    sources: list[PendingImport] = []
    for planned in planned_claims:
        snapshot, taken = _claim_blocks(session, snapshot, [planned])
        sources += taken
    return snapshot, sources


def _claim_together(
    session: Session, snapshot: Snapshot, planned_claims: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write, then read the claimed tabs.

    The copy is made by the write itself: what somebody typed between the read and the write is in it too.
    """
    if not planned_claims:
        return snapshot, []
    count = len(snapshot.info.tabs)
    requests: list[Request] = []
    for planned in planned_claims:
        requests += claim.claim_requests(planned, session.settings.account, count)
    requests += session.sequence_request(snapshot)
    applied = session.ports.gateway.apply(requests, sequence=snapshot.sequence, token=session.ports.run)
    session.save_facts(sequence=applied.sequence)
    session.cache.advance(applied.sequence)
    claimed = [claim.claimed_tab(planned, count) for planned in planned_claims]
    taken = {tab.sheet_id for tab in claimed}
    emptied = {
        planned.tab.info.sheet_id: claim.operators_tab(planned) for planned in planned_claims if not planned.whole
    }
    kept = tuple(emptied.get(tab.sheet_id, tab) for tab in snapshot.info.tabs if tab.sheet_id not in taken)
    info = replace(snapshot.info, tabs=(*kept, *claimed))
    session.latest = replace(snapshot, info=info, sequence=applied.sequence)
    sources = _imports_of_claimed(session, _claimed_tabs(session, claimed))
    return session.latest, sources


def _claimed_tabs(session: Session, tabs: Sequence[TabInfo]) -> tuple[ImportTab, ...]:
    answers = session.ports.gateway.values([quoted(tab.title) for tab in tabs])
    return read_import_tabs(session.ports.gateway, list(zip(tabs, answers, strict=True)))


def _files_left(session: Session, snapshot: Snapshot) -> list[PendingImport]:
    """The file imports that are not merged yet: those of this command, and those that a crash left."""
    record = snapshot.system.record("open_drop")
    done = record.get("ref") if record.get("finished") else None
    sources = []
    for source in session.request.files:
        if source.ref == done:
            archive_file(session, snapshot, source.ref)
            session.result.repeated[source.label] = record.get("at", "")
        else:
            sources.append(source)
    return sources


def archive_file(session: Session, snapshot: Snapshot, ref: str) -> None:
    """Take a merged file out of the spool and archive it; rows of erased people are blank in the archive."""
    state_dir, name = session.settings.state_dir, ref.removeprefix("file:")
    refused = refuser(snapshot.system)
    for waiting in archive.spooled(state_dir):
        for table in waiting.tables if waiting.name == name else ():
            step, schema = table.get("step"), session.settings.schema
            cells = without_refused(table["cells"], refused, schema, step, session.answers)
            facts = {"source": waiting.label, "workbook": session.settings.workbook}
            archive.archive(state_dir, f"file-{name}", cells, {**facts, **({"step": step} if step else {})})
    archive.unspool(state_dir, name)


def in_words(problem: str | None, language: str) -> str:
    """Why a block was not recognised and what to do about it, in a language."""
    if not isinstance(problem, Problem):
        return str(problem)
    return with_remedy(problem.code, language, **problem.params)


def _as_if_claimed(read: claim.ReadTab) -> PendingImport:
    tab, said = read.tab, read.recognition
    taken = tuple(claim.takeable(read.understood, said))
    kind = claim.kind_of(said, read.refused)
    ref = f"tab:{tab.info.sheet_id}"
    return PendingImport(ref, tab.source, taken, kind=kind, enters=said.enters, promised=said.label)
