"""Imports that cannot be processed or written: set aside with the reason, kept to be tried again; the rest goes on.

Google refuses a write whole, so a refusal does not say which of the things in it was at fault. What needs no import is
written first, then one import after another: the one whose own write is refused is the one.
"""

from __future__ import annotations

import logging
import platform
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sheets_crm.errors import CrmError, RefusedPlan, SheetError, TabGone
from sheets_crm.messages import localize
from sheets_crm.sync import archive
from sheets_crm.sync.decide.decide import Decision
from sheets_crm.sync.reading import set_aside_tabs
from sheets_crm.sync.retries import ReadAgain
from sheets_crm.sync.session import Session, UndecidedError
from sheets_crm.sync.snapshot import PendingImport, Snapshot
from sheets_crm.workbook import requests, system
from sheets_crm.workbook.import_marks import ASIDE, PROGRESS, ImportMark
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import SYSTEM

OPEN: Final = "open_drop"
FULL: Final = "cells_full"

_OF_A_MACHINE: Final = re.compile(r" \[[^\[\]]*:[^\[\]]*\]$")

Apply = Callable[[Session, Snapshot], Decision]

_LOG = logging.getLogger(__name__)


def may_be_an_import(error: Exception) -> bool:
    """Say whether a failure may be the fault of one import: not a passing one, nor one that stops every run."""
    if isinstance(error, RefusedPlan):
        return error.cause == FULL
    if isinstance(error, SheetError):
        return not isinstance(error, TabGone)
    return isinstance(error, UndecidedError)


def apply_all(session: Session, snapshot: Snapshot, apply: Apply) -> Decision:
    """Apply everything there is to do; an import that cannot be merged or written is set aside.

    Args:
        session: The run.
        snapshot: What was read, with its imports.
        apply: Decides and writes until nothing is left of a snapshot.

    Raises:
        CrmError: The failure is no import's.
    """
    session.latest = snapshot
    standing = _refused_retry(session, snapshot)
    # Control goes on saying it until it is known better: taken away first and put back later, it would be two writes.
    session.problems += standing
    try:
        decision = apply(session, snapshot)
    except (SheetError, UndecidedError) as error:
        imports = snapshot.sources or _retried(snapshot)
        if not imports or session.request.plan_only or not may_be_an_import(error):
            raise
        if not session.suspected:
            # What was remembered, or read a moment ago, may be at fault as well: a second refusal convicts an import.
            session.suspected = True
            raise ReadAgain("A write was refused") from error
        _LOG.debug("an import may be at fault", exc_info=error)
    else:
        if not standing:
            return decision
        _take_back(session, standing)
        return apply(session, session.latest.with_pending(()))
    # Some of them may have been merged, and some writes made, before the refusal.
    return _one_by_one(session, session.latest.sources, standing, apply)


def _refused_retry(session: Session, snapshot: Snapshot) -> list[str]:
    """Return what Control says by now of a retry of Rejected that could not be written, and is asked for still."""
    begins = localize("retry_refused", session.settings.language, reason="\0").partition("\0")[0]
    shown = [str(text) for name, text in snapshot.control.texts.items() if name.startswith("problem.")]
    return [text for text in shown if text.startswith(begins)] if _retried(snapshot) else []


def _take_back(session: Session, texts: Sequence[str]) -> None:
    session.problems[:] = [text for text in session.problems if text not in texts]


def _retried(snapshot: Snapshot) -> bool:
    return snapshot.system.signal("rejected") not in {0, ""}


def _one_by_one(
    session: Session, sources: tuple[PendingImport, ...], standing: Sequence[str], apply: Apply
) -> Decision:
    """Apply first what needs no import, then each import alone, then the retries of Rejected."""

    def without(kept: tuple[PendingImport, ...], *, retries: bool) -> Snapshot:
        assert session.latest is not None
        return replace(session.latest.with_pending(kept), retries=retries)

    session.ports.progress("a write was refused: trying each import separately")
    apply(session, without((), retries=False))
    for source in sources:
        try:
            apply(session, without((source,), retries=False))
        except (SheetError, UndecidedError) as error:
            if not may_be_an_import(error):
                raise
            set_aside(session, source, error)
    _take_back(session, standing)
    try:
        return apply(session, without((), retries=True))
    except (SheetError, UndecidedError) as error:
        if not may_be_an_import(error):
            raise
        session.report("retry_refused", reason=_words(session, error))
    return apply(session, without((), retries=False))


def set_aside(session: Session, source: PendingImport, error: Exception) -> None:
    """Take an import out of the way, with the reason, in one guarded write; say so on Control.

    A tab that was claimed is shown to the operators again; a file goes from the spool to the folder ``aside``.
    """
    assert session.latest is not None
    reason = _words(session, error)
    _LOG.warning("%s was set aside: %s", source.label, reason)
    info = session.ports.gateway.info()
    if info.sequence != session.latest.sequence:
        raise ReadAgain("Another worker wrote while an import was set aside")
    progress = _progress(session.latest, source)
    found, tab = _shown_again(session, info, source, reason, progress) if source.tab is not None else ([], None)
    keys = system.keys(session.settings.schema)
    own, known = session.latest.tabs[SYSTEM].sheet_id, session.latest.system
    after: dict[str, Any] = {"sequence": info.sequence + 1}
    if known.record(OPEN).get("ref") == source.ref:
        after[OPEN] = ""
    found += [requests.write(own, 1 + keys.index(key), 1, [[value]]) for key, value in after.items()]
    applied = session.ports.gateway.apply(found, sequence=info.sequence, token=session.ports.run)
    session.save_facts(sequence=applied.sequence)
    session.cache.advance(applied.sequence)
    if source.tab is None:
        archive.put_aside(session.settings.state_dir, source.ref.removeprefix("file:"), reason, progress)
    tabs = tuple(tab if tab is not None and tab.sheet_id == one.sheet_id else one for one in info.tabs)
    session.latest = replace(
        session.latest.with_pending(()),
        info=replace(info, tabs=tabs),
        system=replace(known, cells={**known.cells, **after}),
        sequence=applied.sequence,
    )
    session.result.set_aside[source.ref] = error
    told = _told(session, source.label, reason, tab)
    session.problems.append(told)
    if told not in session.latest.control.texts.values():
        session.to_log.append(told)


def _progress(snapshot: Snapshot, source: PendingImport) -> dict[str, Any]:
    record = snapshot.system.record(OPEN)
    known = record if record.get("ref") == source.ref else source.progress
    return {name: known[name] for name in PROGRESS if name in known}


def _shown_again(
    session: Session, info: WorkbookInfo, source: PendingImport, reason: str, progress: dict[str, Any]
) -> tuple[list[Request], TabInfo | None]:
    """Return the requests that show a claimed tab to the operators again, and the tab as it is then."""
    tab = next((tab for tab in info.tabs if source.tab is not None and tab.sheet_id == source.tab.sheet_id), None)
    claim = ImportMark.parse(tab.mark) if tab is not None else None
    if tab is None or claim is None:
        return [], None
    mark = ImportMark(ASIDE, claim.spans, claim.source, reason, progress)
    title = _free_title(session, info)
    found = [requests.unprotect(item.protection_id) for item in tab.protected]
    found += [requests.unmark(tab.mark_id)] if tab.mark_id is not None else []
    found += [
        requests.mark(tab.sheet_id, mark.text),
        requests.tab_properties(tab.sheet_id, title=title, hidden=False),
    ]
    # A claim is a copy of the whole tab: what was not taken stands there still, and is not to be merged twice.
    ends = sorted((0, *(end for span in claim.spans for end in span), tab.rows))
    gaps = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True) if claim.spans and end > start]
    found += [requests.clear(tab.sheet_id, start, 0, end - start, tab.columns, text=True) for start, end in gaps]
    return found, replace(tab, title=title, hidden=False, mark=mark.text, mark_id=None, protected=())


def _free_title(session: Session, info: WorkbookInfo) -> str:
    taken = {tab.title.casefold() for tab in info.tabs}
    named = localize("tab.aside", session.settings.language)
    return next(f"{named} {n}" for n in range(1, len(taken) + 2) if f"{named} {n}".casefold() not in taken)


def _words(session: Session, error: Exception) -> str:
    if isinstance(error, RefusedPlan) and error.cause == FULL:
        return localize("no_room", session.settings.language)
    if isinstance(error, CrmError):
        return error.message
    cause = error.__cause__ if isinstance(error, UndecidedError) else error
    return localize("unforeseen", session.settings.language, kind=type(cause).__name__)


def _told(session: Session, label: str, reason: str, tab: TabInfo | None) -> str:
    code = "set_aside_tab" if tab is not None else "set_aside_file"
    where = tab.title if tab is not None else ""
    # As the mark keeps it, so that later runs say the very same.
    kept = ImportMark(ASIDE, (), label, reason).text.split("|")[2]
    text = localize(code, session.settings.language, source=label[:120], reason=kept, tab=where)
    return text if tab is not None else f"{text} {_place(session)}"


def _place(session: Session) -> str:
    """Return what names this machine's state folder at the end of a message about a file in it."""
    return f"[{platform.node()[:40]}:{session.settings.state_dir.name[:40]}]"


def problems(session: Session, snapshot: Snapshot) -> list[str]:
    """Return what Control is to be told of imports that were set aside, here or by another worker.

    A file is known on its machine only: what another machine's worker says of its own stays as it is, or the two would
    go on writing against each other.
    """
    state_dir, workbook = session.settings.state_dir, session.settings.workbook
    own = _place(session)
    found = [_told(session, mark.source, mark.reason, tab) for tab, mark in set_aside_tabs(snapshot.info)]
    found += [_told(session, one.label, one.reason, None) for one in archive.set_aside(state_dir, workbook)]
    names = [path.name for path in archive.damaged_imports(state_dir)]
    language = session.settings.language
    found += [f"{localize('damaged_import', language, name=name)} {own}" for name in names]
    shown = [str(text) for name, text in snapshot.control.texts.items() if name.startswith("problem.")]
    others = [text for text in shown if _OF_A_MACHINE.search(text) and not text.endswith(own)]
    return found + ([] if session.request.force else others)
