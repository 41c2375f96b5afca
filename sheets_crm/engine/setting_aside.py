"""Set aside imports that cannot be merged or written, with the reason, to be tried again; everything else goes on.

Google refuses a write as a whole, so a refusal does not say which import in it is at fault. What needs no import is
written first, then one import after another: an import whose own write is refused is set aside.
"""

from __future__ import annotations

import logging
import platform
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sheets_crm.engine import archive
from sheets_crm.engine.decide import Decision
from sheets_crm.engine.reading import set_aside_tabs
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.session import Session, UndecidedError
from sheets_crm.engine.snapshot import PendingImport, Snapshot
from sheets_crm.errors import CrmError, RefusedPlan, SheetError, TabGone
from sheets_crm.messages import in_language, localize, said
from sheets_crm.workbook import requests
from sheets_crm.workbook.declaration import ReadPolicy
from sheets_crm.workbook.import_marks import ASIDE, PROGRESS, ImportMark
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import SYSTEM

OPEN: Final = "open_drop"
FULL: Final = "cells_full"

_OF_A_MACHINE: Final = re.compile(r" \[[^\[\]]*:[^\[\]]*\]$")

Apply = Callable[[Session, Snapshot], Decision]

_LOG = logging.getLogger(__name__)


def may_be_an_import(error: Exception) -> bool:
    """Whether a failure may be the fault of one import: neither a passing failure nor one that stops every run."""
    if isinstance(error, RefusedPlan):
        return error.cause == FULL
    if isinstance(error, SheetError):
        return not isinstance(error, TabGone)
    return isinstance(error, UndecidedError)


def apply_all(session: Session, snapshot: Snapshot, apply: Apply) -> Decision:
    """Apply all changes of a snapshot; an import that cannot be merged or written is set aside.

    Args:
        session: The run.
        snapshot: The workbook as read, with its pending imports.
        apply: Decides and writes until a snapshot asks for nothing more.

    Raises:
        CrmError: No import is at fault.
    """
    session.latest = snapshot
    shown_before = _refused_retry(session, snapshot)
    # The message stays on Control until this run knows better: removing it and putting it back would be two writes.
    session.problems += shown_before
    try:
        decision = apply(session, snapshot)
    except (SheetError, UndecidedError) as error:
        imports = snapshot.sources or _retried(session, snapshot)
        if not imports or session.request.plan_only or not may_be_an_import(error):
            raise
        if not session.suspected:
            # The cache, or what was read a moment ago, may be at fault too: only a second refusal points at an import.
            session.suspected = True
            raise ReadAgain(said("again.refused")) from error
        _LOG.debug("an import may be at fault", exc_info=error)
    else:
        if not shown_before:
            return decision
        _remove_problems(session, shown_before)
        return apply(session, session.latest.with_pending(()))
    # Some imports may have been merged, and some writes made, before the refusal: go on from the latest of them.
    return _one_by_one(session, session.latest.sources, shown_before, apply)


def _refused_retry(session: Session, snapshot: Snapshot) -> list[str]:
    """The message that Control shows of a retry of Rejected that could not be written and is still asked for."""
    # A problem is known by its text alone: the part of the message before the reason recognises it.
    begins = localize("retry_refused", session.settings.language, reason="\0").partition("\0")[0]
    shown = snapshot.panel.problems
    return [text for text in shown if text.startswith(begins)] if _retried(session, snapshot) else []


def _remove_problems(session: Session, texts: Sequence[str]) -> None:
    session.problems[:] = [text for text in session.problems if text not in texts]


def _retried(session: Session, snapshot: Snapshot) -> bool:
    """Whether operators ask for rows to be merged again."""
    asking = [spec for spec in session.settings.specs({}) if spec.policy is ReadPolicy.ASKED]
    return any(snapshot.system.asks(signal.name) for spec in asking for signal in spec.signals)


def _one_by_one(
    session: Session, sources: tuple[PendingImport, ...], shown_before: Sequence[str], apply: Apply
) -> Decision:
    """Apply first what needs no import, then each import alone, then the retries of Rejected."""

    def only(imports: tuple[PendingImport, ...], *, retries: bool) -> Snapshot:
        assert session.latest is not None
        return replace(session.latest.with_pending(imports), retries=retries)

    session.ports.progress(said("progress.each_import"))
    apply(session, only((), retries=False))
    for source in sources:
        try:
            apply(session, only((source,), retries=False))
        except (SheetError, UndecidedError) as error:
            if not may_be_an_import(error):
                raise
            set_aside(session, source, error)
    _remove_problems(session, shown_before)
    try:
        return apply(session, only((), retries=True))
    except (SheetError, UndecidedError) as error:
        if not may_be_an_import(error):
            raise
        session.report("retry_refused", reason=_words(session, error))
    return apply(session, only((), retries=False))


def set_aside(session: Session, source: PendingImport, error: Exception) -> None:
    """Set an import aside with the reason, in one guarded write, and report it on Control.

    A claimed tab is shown to the operators again; a file goes from the spool to the folder ``aside``.
    """
    assert session.latest is not None
    reason = _words(session, error)
    _LOG.warning(said("progress.set_aside", source=source.label, reason=reason))
    info = session.ports.gateway.info()
    if info.sequence != session.latest.sequence:
        raise ReadAgain(said("again.other_worker"))
    progress = _progress(session.latest, source)
    writes, tab = _shown_again(session, info, source, reason, progress) if source.tab is not None else ([], None)
    row = session.settings.system.row
    system_tab, state = session.latest.tabs[SYSTEM].sheet_id, session.latest.system
    stored: dict[str, Any] = {"sequence": info.sequence + 1}
    if state.record(OPEN).get("ref") == source.ref:
        stored[OPEN] = ""
    writes += [requests.write(system_tab, row(key), 1, [[value]]) for key, value in stored.items()]
    applied = session.ports.gateway.apply(writes, sequence=info.sequence, token=session.ports.run)
    session.save_facts(sequence=applied.sequence)
    session.cache.advance(applied.sequence)
    if source.tab is None and source.ref.startswith("file:"):
        name = source.ref.removeprefix("file:")
        archive.put_aside(session.settings.state_dir, name, reason, progress, source.promised)
    tabs = tuple(tab if tab is not None and tab.sheet_id == listed.sheet_id else listed for listed in info.tabs)
    session.latest = replace(
        session.latest.with_pending(()),
        info=replace(info, tabs=tabs),
        system=replace(state, cells={**state.cells, **stored}),
        aside=(*session.latest.aside, source),
        sequence=applied.sequence,
    )
    session.result.set_aside[source.ref] = error
    message = _message(session, source.label, reason, tab)
    session.problems.append(message)
    if message not in session.latest.panel.problems:
        session.to_log.append(message)


def _progress(snapshot: Snapshot, source: PendingImport) -> dict[str, Any]:
    record = snapshot.system.record(OPEN)
    progress = record if record.get("ref") == source.ref else source.progress
    return {name: progress[name] for name in PROGRESS if name in progress}


def _shown_again(
    session: Session, info: WorkbookInfo, source: PendingImport, reason: str, progress: dict[str, Any]
) -> tuple[list[Request], TabInfo | None]:
    """The requests that show a claimed tab to the operators again, and the tab as it is then."""
    tab = next((tab for tab in info.tabs if source.tab is not None and tab.sheet_id == source.tab.sheet_id), None)
    claim = ImportMark.parse(tab.mark) if tab is not None else None
    if tab is None or claim is None:
        return [], None
    mark = ImportMark(ASIDE, claim.spans, claim.source, reason, progress, claim.named)
    title = _free_title(session, info)
    parts = [requests.unprotect(item.protection_id) for item in tab.protected]
    parts += [requests.unmark(tab.mark_id)] if tab.mark_id is not None else []
    parts += [
        requests.mark(tab.sheet_id, mark.text),
        requests.tab_properties(tab.sheet_id, title=title, hidden=False),
    ]
    # A claimed tab is a copy of the whole tab: the rows outside the claimed spans stayed with the operators, and here
    # they would be merged a second time. With 0 in front and the height behind, the sorted ends of the spans pair up
    # to the gaps between them: spans [2, 5) and [8, 9) of 12 rows give 0, 2 | 5, 8 | 9, 12.
    ends = sorted((0, *(end for span in claim.spans for end in span), tab.rows))
    gaps = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True) if claim.spans and end > start]
    parts += [requests.clear(tab.sheet_id, start, 0, end - start, tab.columns, text=True) for start, end in gaps]
    return parts, replace(tab, title=title, hidden=False, mark=mark.text, mark_id=None, protected=())


def _free_title(session: Session, info: WorkbookInfo) -> str:
    taken = {tab.title.casefold() for tab in info.tabs}
    word = localize("tab.aside", session.settings.language)
    return next(f"{word} {n}" for n in range(1, len(taken) + 2) if f"{word} {n}".casefold() not in taken)


def _words(session: Session, error: Exception) -> str:
    if isinstance(error, RefusedPlan) and error.cause == FULL:
        return localize("no_room", session.settings.language)
    if isinstance(error, CrmError):
        return in_language(error.message, session.settings.language)
    cause = error.__cause__ if isinstance(error, UndecidedError) else error
    return localize("unforeseen", session.settings.language, kind=type(cause).__name__)


def _message(session: Session, label: str, reason: str, tab: TabInfo | None) -> str:
    code = "set_aside_tab" if tab is not None else "set_aside_file"
    where = tab.title if tab is not None else ""
    # The reason as the tab's mark keeps it, shortened: later runs read it from there and must give the same message.
    kept = ImportMark(ASIDE, (), label, reason).text.split("|")[2]
    text = localize(code, session.settings.language, source=label[:120], reason=kept, tab=where)
    return text if tab is not None else f"{text} {_machine(session)}"


def _machine(session: Session) -> str:
    """The end of a message about a file, which names this machine and its state folder."""
    return f"[{platform.node()[:40]}:{session.settings.state_dir.name[:40]}]"


def problems(session: Session, snapshot: Snapshot) -> list[str]:
    """The problems that Control shows of imports that were set aside, here or by another worker.

    Files are known on their own machine only: another machine's messages about its files stay on Control as they are,
    or two workers would keep overwriting each other's.
    """
    state_dir, workbook = session.settings.state_dir, session.settings.workbook
    machine = _machine(session)
    messages = [_message(session, mark.source, mark.reason, tab) for tab, mark in set_aside_tabs(snapshot.info)]
    waiting = archive.set_aside(state_dir, workbook)
    messages += [_message(session, file.label, file.reason, None) for file in waiting]
    names = [path.name for path in archive.damaged_imports(state_dir)]
    language = session.settings.language
    messages += [f"{localize('damaged_import', language, name=name)} {machine}" for name in names]
    shown = snapshot.panel.problems
    of_others = [text for text in shown if _OF_A_MACHINE.search(text) and not text.endswith(machine)]
    return messages + ([] if session.request.force else of_others)
