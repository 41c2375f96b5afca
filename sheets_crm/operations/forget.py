"""Forget: erase one person from all that the worker can reach, and refuse them at later imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sheets_crm.engine import archive
from sheets_crm.engine.erased import known_hashes
from sheets_crm.engine.finding import find_lead, leads_by_email
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import SheetError
from sheets_crm.messages import said
from sheets_crm.operations import erasures
from sheets_crm.operations.answered_headers import answered_headers
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.matching import Row, lead_number
from sheets_crm.pipeline.imports.person import Person, known_rows
from sheets_crm.pipeline.leads import cells_of

CANNOT_REACH = (
    said("forget.history_of_google"),
    said("forget.other_machines"),
    said("forget.files"),
    said("forget.written_elsewhere"),
)


def forget(context: Context, lead: str) -> Report:
    """Erase one person: Master, tabs, batches, archives, waiting files, journal, cache; keep keyed hashes in System.

    It may be interrupted at any point: the next run or ``forget`` finishes it.

    Args:
        context: The workbook, and the ports that a run uses.
        lead: The LeadNumber, or a present or former e-mail of the lead.

    Raises:
        SheetError: No lead has or ever had it.
    """
    for person, erased in erasures.finish_all(context):
        if erasures.identifies(lead, person):
            return _report(person, erased)
    person = _person_of(context, lead)
    erasures.save_note(context.settings.state_dir, context.settings.workbook, person)
    return _report(person, erasures.finish(context, person))


def _report(person: Person, erased: erasures.Erased) -> Report:
    tabs = sorted(erased.tabs)
    unreached = [*CANNOT_REACH, *erased.unreached]
    body = {
        "lead": person.number,
        "tabs": tabs,
        "archived imports": erased.files,
        "journal lines": erased.lines,
        "cannot reach": unreached,
    }
    facts: dict[str, Any] = {
        said("fact.erased_from"): ", ".join(tabs),
        said("fact.archives"): erased.files,
        said("fact.journal_lines"): erased.lines,
    }
    notes = [said("forget.not_erased", what=what) for what in unreached]
    who = said("forget.lead", lead=person.number) if person.number else said("forget.person")
    title = said("forget.title", who=who)
    return Report(title, facts, notes=notes, json=body)


def _person_of(context: Context, lead: str) -> Person:
    """All present and former keys of a lead, even of one whose row was deleted earlier."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    try:
        number = find_lead(snapshot, lead)
    except SheetError:
        former = _by_former_address(context, snapshot, lead)
        deleted = _deleted_person(context, snapshot, lead) if former is None else None
        if former is None and deleted is None:
            raise
        number = former or 0
        person = deleted or Person(0)
    if number:
        person = Person.of_cells(number, cells_of(snapshot.leads, number))
    for row in _rows_of(context, person.number):
        person = person.knowing(row)
    return person.without(erasures.of_others(snapshot, person))


def _deleted_person(context: Context, snapshot: Snapshot, lead: str) -> Person | None:
    """A person whose row is no longer in the Master; None when there never was one.

    The sources are the journal and the archives of this machine, and the keyed hashes in System.
    """
    key, number = email_key(lead), lead_number(lead) or 0
    if leads_by_email(snapshot, lead):
        return None
    if key:
        numbers = {entry["lead"] for entry in _entries(context) if email_key(str(entry["new"])) == key}
        numbers = (numbers or _numbers_beside(context, key)) - set(snapshot.leads.index)
        number = numbers.pop() if len(numbers) == 1 else 0
    person = Person(number, frozenset({("email", key)} if key else ()))
    was_assigned = 0 < number < snapshot.system.number("next_lead_number", 1)
    return person if was_assigned or known_hashes(snapshot.system, person) else None


def _entries(context: Context) -> Iterator[dict[str, Any]]:
    """All e-mails that leads ever had, as entries of the journal.

    A lead's first entry has column ``*`` and all its cells at once.
    """
    for entry in context.journal.entries():
        if entry.get("table"):
            continue
        if entry["column"] == "email":
            yield entry
        elif entry["column"] == "*" and "email" in entry["new"]:
            yield {**entry, "new": entry["new"]["email"]}


def _numbers_beside(context: Context, key: str) -> set[int]:
    """LeadNumbers beside an e-mail in archived imports, for e-mails that this machine's journal does not have."""
    answered = answered_headers(context)
    return {
        number
        for _, body in archive.archived(context.settings.state_dir, context.settings.workbook)
        for _, row in known_rows(body["cells"], answered.schema, body.get("step"), answered.answers)
        if email_key(row.get("@email", "")) == key
        and (number := lead_number(row.get(LEAD_NUMBER, ""))) is not None
    }


def _by_former_address(context: Context, snapshot: Snapshot, lead: str) -> int | None:
    """The only lead of the Master that formerly had an e-mail; None when there is none, or more than one."""
    key = email_key(lead)
    numbers = {entry["lead"] for entry in _entries(context) if key and email_key(str(entry["new"])) == key}
    present = numbers & set(map(int, snapshot.leads.index))
    return present.pop() if len(present) == 1 and not leads_by_email(snapshot, lead) else None


def _rows_of(context: Context, number: int) -> Iterator[Row]:
    """Old and new cells of a lead in this machine's journal, by header of the Master.

    The journal has only what was merged: a rejected row may have had another person's address beside the number.
    """
    for entry in context.journal.entries(number) if number else ():
        cells = entry["new"] if entry["column"] == "*" else {entry["column"]: entry["new"]}
        yield {name: cell for name, cell in cells.items() if isinstance(cell, str) and cell}
        if isinstance(entry["old"], str) and entry["old"]:
            yield {entry["column"]: entry["old"]}
