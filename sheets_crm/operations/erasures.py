"""Erasing a person in steps that can be cut off anywhere and repeated: noted first, then done, then the note deleted.

The note (a file of ``state_dir``) holds what the person is known by, since nothing else tells it once their row is
gone. Whatever run or ``forget`` comes next on this machine finishes what a note says.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.imports.person import Person, holds_address, traces_of
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.pipeline.leads import cells_of
from sheets_crm.pipeline.steps import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.sync import archive, layout_cache, state, state_files
from sheets_crm.sync.control_writing import put_on_control
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.sync.erased import hashes
from sheets_crm.sync.reading import find_import_tabs, is_claimed, managed, read, refuse_missing, set_aside_tabs
from sheets_crm.sync.retries import read_again
from sheets_crm.sync.session import RunRequest, RunResult
from sheets_crm.workbook import control, lead_profile, requests, system
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import CONTROL, IMPORTS, INBOX, LEAD_PROFILE, LOG, SYSTEM

if TYPE_CHECKING:
    from sheets_crm.operations.context import Context
    from sheets_crm.sync.snapshot import Snapshot

FOLDER: Final = "forget"

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Erased:
    """What was reached of a person.

    Attributes:
        tabs: Titles of the tabs that held them.
        files: Archived and waiting imports that held them.
        lines: Lines of the change journal about them.
        left: What could not be looked into, in words.
    """

    tabs: set[str] = field(default_factory=set)
    files: int = 0
    lines: int = 0
    left: list[str] = field(default_factory=list)


# -- the note


def note(state_dir: Path, workbook: str, person: Person) -> None:
    """Note that a person is going to be erased, before anything is."""
    body = {"number": person.number, "keys": sorted(person.keys), "names": sorted(person.names)}
    state_files.write_whole(_path(state_dir, workbook, person), state_files.sealed(orjson.dumps(body)))


def noted(state_dir: Path, workbook: str) -> list[Person]:
    """List the people whose erasure was begun on this machine and is not finished."""
    found = (
        state_files.read(path, lambda content: _person(orjson.loads(state_files.unsealed(content))))
        for path in sorted((state_dir / FOLDER).glob(f"{workbook[:44]}-*.json"))
    )
    return [person for person in found if person is not None]


def restored(context: Context) -> None:
    """Note the people again who were erased from this machine and stand in a version that was set back and adopted.

    Their hashes went from System with the version before; this machine has kept them.
    """
    settings = context.settings
    known = frozenset(_erased_here(settings.state_dir, settings.workbook))
    if not known:
        return
    snapshot = read(context.gateway, settings, context.clock, context.progress)
    salt = snapshot.system.text("salt")
    for number in map(int, snapshot.leads.index):
        person = Person.of_cells(number, cells_of(snapshot.leads, number))
        if not known.isdisjoint(hashes(salt, Person(0, person.keys))):
            _LOG.info("lead %d had been erased and came back with a restored version: erasing it again", number)
            note(settings.state_dir, settings.workbook, person.without(of_others(snapshot, person)))


def of_others(snapshot: Snapshot, person: Person) -> set[tuple[str, str]]:
    """Return the keys that another lead has by now: an answer may have been given to the wrong lead once."""
    index = LeadIndex.of(snapshot.leads)
    return {key for key in person.keys if set(index.find(*key)) - {person.number}}


def _erased_here(state_dir: Path, workbook: str) -> list[str]:
    """Return the keyed hashes of everybody who was erased by this machine."""
    body = state_files.read(
        _erased_path(state_dir, workbook), lambda content: orjson.loads(state_files.unsealed(content))
    )
    return [str(one) for one in body] if isinstance(body, list) else []


def _keep_erased(state_dir: Path, workbook: str, more: Iterable[str]) -> None:
    known = _erased_here(state_dir, workbook)
    every = list(dict.fromkeys((*known, *more)))
    if len(every) > len(known):
        state_files.write_whole(_erased_path(state_dir, workbook), state_files.sealed(orjson.dumps(every)))


def _erased_path(state_dir: Path, workbook: str) -> Path:
    return state_dir / FOLDER / f"{workbook[:44]}.erased.json"


def _path(state_dir: Path, workbook: str, person: Person) -> Path:
    return state_dir / FOLDER / f"{workbook[:44]}-{person.number}.json"


def _person(body: dict[str, Any]) -> Person:
    keys = frozenset((str(kind), str(key)) for kind, key in body["keys"])
    return Person(int(body["number"]), keys, frozenset(map(str, body["names"])))


# -- doing it


def finish_all(context: Context, *, scheduled: bool = False) -> list[tuple[Person, Erased]]:
    """Finish every erasure that was begun on this machine; return who it was, and what was reached of them."""
    settings = context.settings
    found = []
    for person in noted(settings.state_dir, settings.workbook):
        _LOG.info("finishing the erasure of lead %d", person.number)
        found.append((person, finish(context, person, scheduled=scheduled)))
    return found


def finish(context: Context, person: Person, *, scheduled: bool = False) -> Erased:
    """Erase a person from the workbook and from this machine; what is done already does no harm.

    Args:
        context: The workbook and what a run needs of the world.
        person: Who it is.
        scheduled: One of many tries: a refusal that stands is not looked into again at each of them.

    Raises:
        CrmError: As a run raises them; the note stays, and the next run goes on.
    """
    found = Erased()
    result = _from_tables(context, person, scheduled=scheduled)
    found.tabs |= {_title(change) for plan in result.plans for change in plan.changes} - {""}
    _from_other_cells(context, person, found)
    if context.cache.waiting():
        # Rows of Control were moved in the second of that write: they are put right before the note of it goes.
        context.run_alone(RunRequest(now=True, whole=True, scheduled=scheduled))
    _from_this_machine(context, person, found)
    state_files.delete(_path(context.settings.state_dir, context.settings.workbook, person))
    return found


def _from_tables(context: Context, person: Person, *, scheduled: bool) -> RunResult:
    """Take the person out of the Master and all that follows from it, and out of Rejected; keep keyed hashes."""
    known: list[str] = []

    def command(working: WorkingState) -> bool:
        known[:] = hashes(working.snapshot.system.text("salt"), person)
        working.erase(person, known)
        return True

    result = context.run_alone(RunRequest(now=True, whole=True, command=command, scheduled=scheduled))
    _keep_erased(context.settings.state_dir, context.settings.workbook, known)
    return result


def _title(change: Change) -> str:
    sheet = getattr(change, "sheet", None)
    tab = sheet.tab if sheet is not None else getattr(change, "tab", None)
    return str(tab.title) if tab is not None else ""


# -- cells that follow from nothing


def _from_other_cells(context: Context, person: Person, found: Erased) -> None:
    """Blank what names the person in Lead Profile's choice, Control's and Log's texts and imports set aside."""
    read_again(context.retries, lambda: _blank(context, person, found))


def _blank(context: Context, person: Person, found: Erased) -> None:
    settings, gateway = context.settings, context.gateway
    info = gateway.info()
    tabs = managed(info)
    refuse_missing(tabs, settings)
    looked = [tabs[key] for key in (CONTROL, LOG, IMPORTS, LEAD_PROFILE) if key in tabs]
    looked += [tab for tab, _ in set_aside_tabs(info)]
    cells = gateway.values([_range(tab) for tab in looked])
    answers = dict(zip((tab.sheet_id for tab in looked), cells, strict=True))
    wanted: list[Request] = []
    for tab in looked:
        asked = list(_requests(tab, answers[tab.sheet_id], person, settings.schema, settings.language))
        found.tabs |= {tab.title} if asked else set()
        wanted += asked
    control_tab = tabs[CONTROL]
    said = answers[control_tab.sheet_id]
    named = dict.fromkeys(_named_on_control(said, person), "")
    found.tabs |= {control_tab.title} if named else set()
    found.left = _not_looked_into(context, info)
    if not wanted and not named:
        return
    row = 1 + system.keys(settings.schema).index("sequence")
    wanted.append(requests.write(tabs[SYSTEM].sheet_id, row, 1, [[info.sequence + 1]]))
    number = put_on_control(
        gateway,
        context.cache,
        (control_tab.sheet_id, control_tab.title),
        said,
        named,
        wanted,
        sequence=info.sequence,
        token=context.new_run(),
    )
    state.save_facts(settings.state_dir, settings.workbook, {"sequence": number})


def _named_on_control(cells: Rows, person: Person) -> Iterator[tuple[str, int]]:
    """Yield row id and column of what the worker says of a person on Control."""
    for line in cells:
        for column, cell in enumerate(line):
            if isinstance(cell, str) and _said_by_the_worker(line, column) and person.mentioned(cell):
                yield str(line[control.ID]), column


def _range(tab: TabInfo) -> str:
    return f"{quoted(tab.title)}!A1:B3" if tab.mark == LEAD_PROFILE else quoted(tab.title)


def _requests(tab: TabInfo, cells: Rows, person: Person, schema: Schema, language: str) -> Iterator[Request]:
    if tab.mark == LEAD_PROFILE:
        chosen = shown(cells[lead_profile.ASK_ROW][1]) if _has(cells, lead_profile.ASK_ROW, 1) else ""
        if names(chosen, person):
            yield requests.write(tab.sheet_id, lead_profile.ASK_ROW, 1, [[""]])
    elif tab.mark in {LOG, IMPORTS}:
        instead = localize("log_erased", language, lead=person.number) if tab.mark == LOG else ""
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if row and isinstance(cell, str) and person.mentioned(cell):
                    yield requests.write(tab.sheet_id, row, column, [[instead]])
    elif tab.mark != CONTROL:
        found = traces_of(cells, person, schema)
        for row in sorted(found.rows):
            yield requests.clear(tab.sheet_id, row, 0, 1, tab.columns, text=True)
        for row, column in sorted(found.cells):
            yield requests.write(tab.sheet_id, row, column, [[""]])


def _said_by_the_worker(line: Sequence[Any], column: int) -> bool:
    """Say whether a cell of Control is the worker's: what operators typed there is theirs."""
    row_id = str(line[control.ID]) if len(line) > control.ID else ""
    if row_id == "status" or row_id.startswith("problem."):
        return column == control.VALUE
    return row_id.startswith("step.") and column == control.SAID


def _has(cells: Rows, row: int, column: int) -> bool:
    return len(cells) > row and len(cells[row]) > column


def names(chosen: str, person: Person) -> bool:
    """Say whether a LeadNumber or an e-mail is a person's."""
    number = lead_number(chosen)
    return (number is not None and number == person.number) or ("email", email_key(chosen)) in person.keys


def _not_looked_into(context: Context, info: WorkbookInfo) -> list[str]:
    """Name the tabs whose rows nobody can tell: drops that were not understood, and the operators' own."""
    import_tabs = [tab for tab in find_import_tabs(info) if not is_claimed(tab)]
    answers = context.gateway.values([quoted(tab.title) for tab in import_tabs])
    full = [tab.title for tab, rows in zip(import_tabs, answers, strict=True) if any(map(any, rows))]
    named = {tab.sheet_id for tab in import_tabs}
    own = [tab.title for tab in info.tabs if tab.mark is None and tab.sheet_id not in named]
    found = [f"what is in {title} and was not recognised" for title in full]
    return found + [f"the operators' own tab {title}" for title in own if title != INBOX]


# -- this machine


def _from_this_machine(context: Context, person: Person, found: Erased) -> None:
    state_dir, schema = context.settings.state_dir, context.settings.schema
    context.cache.forget()
    layout_cache.forget(state_dir, context.settings.workbook)
    state_files.sweep(state_dir)
    workbook = context.settings.workbook
    found.files = _archives(state_dir, workbook, person, schema)
    found.files += archive.rewrite_waiting(
        state_dir,
        workbook,
        lambda table: traces_of(table["cells"], person, schema, table.get("step")).cleansed(table["cells"]),
    )
    found.lines = _journal(state_dir, workbook, person)
    found.left += [f"the damaged file {path}: delete it" for path in state_files.damaged(state_dir)]


def _archives(state_dir: Path, workbook: str, person: Person, schema: Schema) -> int:
    """Rewrite archived drops without the person's rows; return how many held any."""
    changed = 0
    for path, body in archive.archived(state_dir, workbook):
        cells = traces_of(body["cells"], person, schema, body.get("step")).cleansed(body["cells"])
        named = person.mentioned(str(body.get("source", "")))
        if cells != body["cells"] or named:
            whole = {**body, "cells": cells, **({"source": ""} if named else {})}
            state_files.write_whole(path, gzip.compress(orjson.dumps(whole), mtime=0))
            changed += 1
    return changed


def _journal(state_dir: Path, workbook: str, person: Person) -> int:
    """Remove a person's lines from the change journal; return how many there were."""
    removed = 0
    # A worker on this machine may be adding lines: what it adds between the read and the rename would be lost.
    with state_files.locked(state_dir / archive.JOURNAL):
        for path in sorted((state_dir / archive.JOURNAL).glob("*.jsonl")):
            lines = state_files.read(path, bytes.splitlines) or []
            kept = [line for line in lines if not _is_about(line, workbook, person)]
            if len(kept) != len(lines):
                state_files.write_whole(path, b"".join(line + b"\n" for line in kept))
                removed += len(lines) - len(kept)
    return removed


def _is_about(line: bytes, workbook: str, person: Person) -> bool:
    entry = archive.entry_of(line)
    if entry is None:
        return person.mentioned(line.decode("utf-8", "replace"))
    if entry.get("workbook", workbook) != workbook:
        return False
    return entry["lead"] == person.number or any(holds_address(text, person.addresses) for text in _texts(entry))


def _texts(entry: dict[str, Any]) -> Iterable[str]:
    values: Sequence[Any] = [entry["old"], entry["new"]]
    if isinstance(entry["new"], dict):
        values = [entry["old"], *entry["new"].values()]
    return (value for value in values if isinstance(value, str))
