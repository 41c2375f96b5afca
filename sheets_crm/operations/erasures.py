"""The erasure of a person, which survives a crash at any point: note it, erase, delete the note.

The note (a file of ``state_dir``) holds the person's keys, since they are found nowhere else once the row is deleted.
The next run or ``forget`` on this machine finishes every erasure that has a note. Each step may be repeated.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from sheets_crm.engine import archive, layout_cache, state, state_files, table_memory
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import JOB_RECORDS, CachedRows
from sheets_crm.engine.caches import bytes_of
from sheets_crm.engine.control_writing import put_on_control
from sheets_crm.engine.erased import EraseLead, hashes
from sheets_crm.engine.erased_cells import EraseMentions
from sheets_crm.engine.reading import (
    declared_tabs,
    find_import_tabs,
    is_claimed,
    managed,
    read,
    refuse_missing,
    set_aside_tabs,
)
from sheets_crm.engine.retries import read_again
from sheets_crm.engine.session import RunRequest, RunResult
from sheets_crm.messages import localize, said
from sheets_crm.operations.answered_headers import AnsweredHeaders, answered_headers
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.imports.person import Person, holds_address, traces_of
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.pipeline.leads import cells_of
from sheets_crm.plan.changes import Change
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook import lead_profile, panel, requests
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.declaration import SEEN
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import CONTROL, IMPORTS, INBOX, LEAD_PROFILE, LOG, SYSTEM, is_left_out

if TYPE_CHECKING:
    from sheets_crm.engine.snapshot import Snapshot
    from sheets_crm.operations.context import Context

FOLDER: Final = "forget"
MISSED_WRITES: Final = 4
"""So often the cells of two-way tables are searched for a person at most, the last time to see that none is left."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Erased:
    """The result of an erasure.

    Attributes:
        tabs: Titles of the tabs that mentioned the person.
        files: Number of archived and waiting imports that did.
        lines: Number of lines of the journal about the person.
        unreached: Places that could not be searched, in words.
    """

    tabs: set[str] = field(default_factory=set)
    files: int = 0
    lines: int = 0
    unreached: list[str] = field(default_factory=list)


# -- the note


def save_note(state_dir: Path, workbook: str, person: Person) -> None:
    """Save the note of an erasure, before anything is erased."""
    body = {"number": person.number, "keys": sorted(person.keys), "names": sorted(person.names)}
    state_files.write_whole(_path(state_dir, workbook, person), state_files.sealed(orjson.dumps(body)))


def saved_notes(state_dir: Path, workbook: str) -> list[Person]:
    """The people whose erasure was begun on this machine and is not finished."""
    people = (
        state_files.read(path, lambda content: _person(orjson.loads(state_files.unsealed(content))))
        for path in sorted((state_dir / FOLDER).glob(f"{workbook[:44]}-*.json"))
    )
    return [person for person in people if person is not None]


def erase_restored_again(context: Context) -> None:
    """Save notes of erased people who came back with a rolled-back workbook that was adopted.

    The rollback took their hashes out of System; this machine still has them.
    """
    settings = context.settings
    erased = frozenset(_erased_here(settings.state_dir, settings.workbook))
    if not erased:
        return
    snapshot = read(context.gateway, settings, context.clock, context.progress)
    salt = snapshot.system.text("salt")
    for number in map(int, snapshot.leads.index):
        person = Person.of_cells(number, cells_of(snapshot.leads, number))
        if not erased.isdisjoint(hashes(salt, Person(0, person.keys))):
            _LOG.info("lead %d had been erased and came back with a restored version: erasing it again", number)
            save_note(settings.state_dir, settings.workbook, person.without(of_others(snapshot, person)))


def of_others(snapshot: Snapshot, person: Person) -> set[tuple[str, str]]:
    """Keys of the person that another lead has: an output may once have been merged into the wrong lead."""
    index = LeadIndex.of(snapshot.leads)
    return {key for key in person.keys if set(index.find(*key)) - {person.number}}


def _erased_here(state_dir: Path, workbook: str) -> list[str]:
    """The keyed hashes of everybody whom this machine has erased."""
    body = state_files.read(
        _erased_path(state_dir, workbook), lambda content: orjson.loads(state_files.unsealed(content))
    )
    return [str(item) for item in body] if isinstance(body, list) else []


def _save_erased(state_dir: Path, workbook: str, new: Iterable[str]) -> None:
    saved = _erased_here(state_dir, workbook)
    every = list(dict.fromkeys((*saved, *new)))
    if len(every) > len(saved):
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
    """Finish every erasure that was begun on this machine; the result is each person with their `Erased`."""
    settings = context.settings
    finished = []
    for person in saved_notes(settings.state_dir, settings.workbook):
        _LOG.info("finishing the erasure of lead %d", person.number)
        finished.append((person, finish(context, person, scheduled=scheduled)))
    return finished


def finish(context: Context, person: Person, *, scheduled: bool = False) -> Erased:
    """Erase a person from the workbook and from this machine; steps that are already done do no harm.

    Args:
        context: The workbook, and the ports that a run uses.
        person: The person.
        scheduled: Whether the worker tries it at each of its runs: then a standing refusal is not examined again.

    Raises:
        CrmError: Any error of a run; the note stays, and the next run continues.
    """
    erased = Erased()
    result = _from_tables(context, person, scheduled=scheduled)
    plans = [*result.plans, *_from_two_way_tables(context, person, scheduled=scheduled)]
    erased.tabs |= {_title(change) for plan in plans for change in plan.changes} - {""}
    answered = answered_headers(context)
    _from_other_cells(context, person, erased, answered)
    if context.cache.waiting():
        # Rows of Control were moved while they were written. A run corrects them now, since the record of that write is
        # in the cache, which is deleted next.
        context.run_alone(RunRequest(now=True, whole=True, scheduled=scheduled))
    _from_this_machine(context, person, erased, answered)
    state_files.delete(_path(context.settings.state_dir, context.settings.workbook, person))
    return erased


def _from_tables(context: Context, person: Person, *, scheduled: bool) -> RunResult:
    """Erase the person from the Master, the tables derived from it, and Rejected; add keyed hashes to System."""
    request = RunRequest(now=True, whole=True, commands=(EraseLead(person),), scheduled=scheduled)
    result = context.run_alone(request)
    salt = result.snapshot.system.text("salt") if result.snapshot is not None else ""
    _save_erased(context.settings.state_dir, context.settings.workbook, hashes(salt, person))
    return result


def _from_two_way_tables(context: Context, person: Person, *, scheduled: bool) -> list[Plan]:
    """Erase the person from the cells of two-way tables, once the run before has handled the edits of their rows.

    It is repeated until no cell names them: rows may be sorted in the second of the write, which then misses some.
    """
    if not context.settings.system.typed:
        return []
    request = RunRequest(now=True, whole=True, commands=(EraseMentions(person),), scheduled=scheduled)
    plans: list[Plan] = []
    for _ in range(MISSED_WRITES):
        result = context.run_alone(request)
        plans += result.plans
        if not result.plans:
            break
    return plans


def _title(change: Change) -> str:
    sheet = getattr(change, "sheet", None)
    tab = sheet.tab if sheet is not None else getattr(change, "tab", None)
    return str(tab.title) if tab is not None else ""


# -- cells that are not derived from the Master


def _from_other_cells(context: Context, person: Person, erased: Erased, answered: AnsweredHeaders) -> None:
    """Blank the cells that mention the person: Lead Profile's choice, texts of Control and Log, imports set aside."""
    read_again(context.retries, lambda: _blank(context, person, erased, answered))


def _blank(context: Context, person: Person, erased: Erased, answered: AnsweredHeaders) -> None:
    settings, gateway = context.settings, context.gateway
    info = gateway.info()
    tabs = managed(info)
    refuse_missing(tabs, settings)
    searched = [tabs[key] for key in (CONTROL, LOG, IMPORTS, LEAD_PROFILE) if key in tabs]
    aside = {tab.sheet_id: mark.named[0] or None for tab, mark in set_aside_tabs(info)}
    searched += [tab for tab in info.tabs if tab.sheet_id in aside]
    # No run keeps these up to date: their step is not in use, or their module is switched off.
    declared = {spec.key for spec in declared_tabs(tabs, settings)}
    out_of_use = {key for key in tabs if key not in declared or is_left_out(key, settings.schema)}
    searched += [tabs[key] for key in sorted(out_of_use)]
    cells = gateway.values([_range(tab) for tab in searched])
    cells_by_id = dict(zip((tab.sheet_id for tab in searched), cells, strict=True))
    writes: list[Request] = []
    for tab in searched:
        if tab.mark in out_of_use:
            blanked = list(_out_of_use(tab, cells_by_id[tab.sheet_id], person))
        else:
            table = {"cells": cells_by_id[tab.sheet_id], "step": aside.get(tab.sheet_id)}
            blanked = list(_requests(tab, table, person, answered, settings.language))
        erased.tabs |= {tab.title} if blanked else set()
        writes += blanked
    control_tab = tabs[CONTROL]
    control_cells = cells_by_id[control_tab.sheet_id]
    named = dict.fromkeys(_named_on_control(control_cells, person), "")
    erased.tabs |= {control_tab.title} if named else set()
    erased.unreached = _unsearched(context, info)
    if not writes and not named:
        return
    row = settings.system.row("sequence")
    writes.append(requests.write(tabs[SYSTEM].sheet_id, row, 1, [[info.sequence + 1]]))
    number = put_on_control(
        gateway,
        context.cache,
        (control_tab.sheet_id, control_tab.title),
        control_cells,
        named,
        writes,
        sequence=info.sequence,
        token=context.new_run(),
    )
    state.save_facts(settings.state_dir, settings.workbook, {"sequence": number})


def _named_on_control(cells: Rows, person: Person) -> Iterator[tuple[str, int]]:
    """Row id and column of each text of the worker on Control that mentions a person."""
    for line in cells:
        for column, cell in enumerate(line):
            if isinstance(cell, str) and _is_text_of_worker(line, column) and person.mentioned(cell):
                yield str(line[panel.ID]), column


def _range(tab: TabInfo) -> str:
    return f"{quoted(tab.title)}!A1:B3" if tab.mark == LEAD_PROFILE else quoted(tab.title)


def _requests(
    tab: TabInfo, table: dict[str, Any], person: Person, answered: AnsweredHeaders, language: str
) -> Iterator[Request]:
    cells: Rows = table["cells"]
    if tab.mark == LEAD_PROFILE:
        chosen = shown(cells[lead_profile.ASK_ROW][1]) if _has(cells, lead_profile.ASK_ROW, 1) else ""
        if chosen and not _is_another(chosen, person):
            yield requests.write(tab.sheet_id, lead_profile.ASK_ROW, 1, [[""]])
    elif tab.mark in {LOG, IMPORTS}:
        instead = localize("log_erased", language, lead=person.number) if tab.mark == LOG else ""
        yield from _texts_replaced(tab, cells, person, instead)
    elif tab.mark != CONTROL:
        traces = traces_of(cells, person, answered.schema, table["step"], answered.answers)
        for row in sorted(traces.rows):
            yield requests.clear(tab.sheet_id, row, 0, 1, tab.columns, text=True)
        for row, column in sorted(traces.cells):
            yield requests.write(tab.sheet_id, row, column, [[""]])


def _texts_replaced(tab: TabInfo, cells: Rows, person: Person, instead: str) -> Iterator[Request]:
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if row and isinstance(cell, str) and person.mentioned(cell):
                yield requests.write(tab.sheet_id, row, column, [[instead]])


def _out_of_use(tab: TabInfo, cells: Rows, person: Person) -> Iterator[Request]:
    """The requests for a tab that no run keeps up to date: their rows are cleared, and cells that name them blanked.

    In a two-way table the `_seen` of a row goes with its cells, as in one that is in use.
    """
    header = list(cells[0]) if cells else []
    numbers = header.index(LEAD_NUMBER) if LEAD_NUMBER in header else None
    seen = header.index(SEEN) if SEEN in header else None
    for row, line in list(enumerate(cells))[1:]:
        if numbers is not None and numbers < len(line) and line[numbers] == person.number:
            yield requests.clear(tab.sheet_id, row, 0, 1, tab.columns)
            continue
        named = {n for n, cell in enumerate(line) if isinstance(cell, str) and person.mentioned(cell)}
        for column in sorted(named | ({seen} if named and seen is not None else set())):
            yield requests.write(tab.sheet_id, row, column, [[""]])


def _is_text_of_worker(line: Sequence[Any], column: int) -> bool:
    """Whether a cell of Control holds a text of the worker; cells that operators type into are left alone."""
    row_id = str(line[panel.ID]) if len(line) > panel.ID else ""
    if row_id == "status" or row_id.startswith("problem."):
        return column == panel.VALUE
    return row_id.startswith("step.") and column == panel.SAID


def _has(cells: Rows, row: int, column: int) -> bool:
    return len(cells) > row and len(cells[row]) > column


def identifies(text: str, person: Person) -> bool:
    """Whether a LeadNumber or an e-mail is that of a person."""
    number = lead_number(text)
    return (number is not None and number == person.number) or ("email", email_key(text)) in person.keys


def _is_another(text: str, person: Person) -> bool:
    """Whether what is searched for on Lead Profile is another lead's number.

    Anything else may be part of the person's name, or a number of theirs: a search is easily typed again.
    """
    number = lead_number(text)
    return number is not None and number != person.number


def _unsearched(context: Context, info: WorkbookInfo) -> list[str]:
    """Tabs whose rows cannot be attributed to people: imports that were not recognised, and operators' own tabs."""
    import_tabs = [tab for tab in find_import_tabs(info) if not is_claimed(tab)]
    contents = context.gateway.values([quoted(tab.title) for tab in import_tabs])
    full = [tab.title for tab, rows in zip(import_tabs, contents, strict=True) if any(map(any, rows))]
    import_ids = {tab.sheet_id for tab in import_tabs}
    own = [tab.title for tab in info.tabs if tab.mark is None and tab.sheet_id not in import_ids]
    unrecognised: list[str] = [said("forget.unrecognised", tab=title) for title in full]
    return unrecognised + [said("forget.own_tab", tab=title) for title in own if title != INBOX]


# -- this machine


def _from_this_machine(context: Context, person: Person, erased: Erased, answered: AnsweredHeaders) -> None:
    state_dir = context.settings.state_dir
    context.cache.forget()
    layout_cache.forget(state_dir, context.settings.workbook)
    table_memory.forget(state_dir, context.settings.workbook)
    # Problems of rows quote their cells; the next run reads everything and remembers them anew.
    state.save_facts(state_dir, context.settings.workbook, {"row_problems": {}})
    _job_failures(state_dir)
    state_files.sweep(state_dir)
    workbook = context.settings.workbook
    erased.files = _archives(state_dir, workbook, person, answered)
    erased.files += archive.rewrite_waiting(
        state_dir,
        workbook,
        lambda table: _cleansed(table, person, answered),
    )
    erased.lines = context.journal.erase(lambda entry: is_about(entry, person))
    erased.unreached += [said("forget.damaged_file", path=path) for path in state_files.damaged(state_dir)]


def _job_failures(state_dir: Path) -> None:
    """Take the texts of failures out of the records of jobs: a message may quote what could not be done to whom."""

    def erase(rows: CachedRows) -> None:
        for key, (value,) in rows.of(JOB_RECORDS).items():
            record = orjson.loads(bytes_of(value))
            if record.get("error"):
                rows.put(JOB_RECORDS, key, orjson.dumps({**record, "error": said("job.error_erased")}))

    cache_file = CacheFile(state_dir)
    if cache_file.read(lambda rows: rows.has(JOB_RECORDS), missing=False):
        cache_file.write(erase)


def _cleansed(table: dict[str, Any], person: Person, answered: AnsweredHeaders) -> list[list[Any]]:
    """The cells of an import without the person's rows, recognised as it was when it was merged."""
    cells = table["cells"]
    return traces_of(cells, person, answered.schema, table.get("step"), answered.answers).cleansed(cells)


def _archives(state_dir: Path, workbook: str, person: Person, answered: AnsweredHeaders) -> int:
    """Rewrite archived imports without the person's rows; the result is the number of files changed."""
    changed = 0
    for path, body in archive.archived(state_dir, workbook):
        cells = _cleansed(body, person, answered)
        named = person.mentioned(str(body.get("source", "")))
        if cells != body["cells"] or named:
            whole = {**body, "cells": cells, **({"source": ""} if named else {})}
            state_files.write_whole(path, gzip.compress(orjson.dumps(whole), mtime=0))
            changed += 1
    return changed


def is_about(entry: dict[str, Any], person: Person) -> bool:
    """Whether an entry of the change journal is about a person."""
    if entry.get("table"):  # operators write names and notes there, not addresses alone
        return any(map(person.mentioned, _texts(entry)))
    return entry["lead"] == person.number or any(holds_address(text, person.addresses) for text in _texts(entry))


def _texts(entry: dict[str, Any]) -> Iterable[str]:
    values: Sequence[Any] = [entry["old"], entry["new"]]
    if isinstance(entry["new"], dict):
        values = [entry["old"], *entry["new"].values()]
    return (value for value in values if isinstance(value, str))
