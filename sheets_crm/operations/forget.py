"""Forget: erase one person everywhere the worker can reach, and refuse the same person on the next import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sheets_crm.errors import SheetError
from sheets_crm.operations import erasures
from sheets_crm.operations.context import Context
from sheets_crm.operations.reopen import find_lead, leads_by_email
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.matching import Row, lead_number
from sheets_crm.pipeline.imports.person import Person, known_rows
from sheets_crm.pipeline.leads import cells_of
from sheets_crm.sync import archive
from sheets_crm.sync.erased import known_hashes
from sheets_crm.sync.reading import read
from sheets_crm.sync.report import Report
from sheets_crm.sync.snapshot import Snapshot

CANNOT_REACH = (
    "Google's own version history of the spreadsheet (File › Version history keeps earlier contents)",  # noqa: RUF001
    "archives, journals and caches of workers on other machines: run forget there too, or delete their state_dir",
    "files that were exported or downloaded, and the external tools they were sent to",
    "what operators wrote about the person elsewhere: notes of other leads, columns of their own",
)


def forget(context: Context, lead: str) -> Report:
    """Erase one person: Master, tabs, batches, archives, waiting files, journal, cache; keep keyed hashes in System.

    It may be cut off anywhere and repeated: what was begun is finished by the next run, or by the next ``forget``.

    Args:
        context: The workbook and what a run needs of the world.
        lead: The LeadNumber, or an e-mail that the lead has, or had.

    Raises:
        SheetError: There is no such lead, and there never was.
    """
    for person, done in erasures.finish_all(context):
        if erasures.names(lead, person):
            return _report(person, done)
    person = _who(context, lead)
    erasures.note(context.settings.state_dir, context.settings.workbook, person)
    return _report(person, erasures.finish(context, person))


def _report(person: Person, done: erasures.Erased) -> Report:
    tabs = sorted(done.tabs)
    unreached = [*CANNOT_REACH, *done.left]
    body = {
        "lead": person.number,
        "tabs": tabs,
        "archived imports": done.files,
        "journal lines": done.lines,
        "cannot reach": unreached,
    }
    facts = {
        "erased from": ", ".join(tabs),
        "archived imports rewritten": done.files,
        "journal lines removed": done.lines,
    }
    notes = [f"Not erased: {what}" for what in unreached]
    who = f"Lead {person.number}" if person.number else "The person"
    title = f"{who} has been erased; the same person is refused from now on."
    return Report(title, facts, notes=notes, json=body)


def _who(context: Context, lead: str) -> Person:
    """Return all that a lead is and was known by, also when its row went before."""
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    try:
        number = find_lead(snapshot, lead)
    except SheetError:
        former = _by_former_address(context, snapshot, lead)
        before = _gone_before(context, snapshot, lead) if former is None else None
        if former is None and before is None:
            raise
        number = former or 0
        person = before or Person(0)
    if number:
        person = Person.of_cells(number, cells_of(snapshot.leads, number))
    for row in _rows_of(context, person.number):
        person = person.knowing(row)
    return person.without(erasures.of_others(snapshot, person))


def _gone_before(context: Context, snapshot: Snapshot, lead: str) -> Person | None:
    """Return a person whose row is not in the Master any more; None when there never was one.

    The journal and the archives of this machine and the keyed hashes in System tell who they were.
    """
    key, number = email_key(lead), lead_number(lead) or 0
    if leads_by_email(snapshot, lead):
        return None
    if key:
        numbers = {entry["lead"] for entry in _entries(context) if email_key(str(entry["new"])) == key}
        numbers = (numbers or _numbers_beside(context, key)) - set(snapshot.leads.index)
        number = numbers.pop() if len(numbers) == 1 else 0
    person = Person(number, frozenset({("email", key)} if key else ()))
    given_once = 0 < number < snapshot.system.number("next_lead_number", 1)
    return person if given_once or known_hashes(snapshot.system, person) else None


def _entries(context: Context) -> Iterator[dict[str, Any]]:
    """Yield the e-mails that leads were ever given, as entries of the change journal."""
    for entry in archive.noted_changes(context.settings.state_dir, context.settings.workbook):
        if entry["column"] == "email":
            yield entry
        elif entry["column"] == "*" and "email" in entry["new"]:
            yield {**entry, "new": entry["new"]["email"]}


def _numbers_beside(context: Context, key: str) -> set[int]:
    """Return the LeadNumbers that stand beside an e-mail in archived answers: another machine's journal has none."""
    schema = context.settings.schema
    return {
        number
        for _, body in archive.archived(context.settings.state_dir, context.settings.workbook)
        for _, row in known_rows(body["cells"], schema, body.get("step"))
        if email_key(row.get("@email", "")) == key
        and (number := lead_number(row.get(LEAD_NUMBER, ""))) is not None
    }


def _by_former_address(context: Context, snapshot: Snapshot, lead: str) -> int | None:
    """Return the one lead of the Master that had an e-mail before; None when there is none, or more than one."""
    key = email_key(lead)
    numbers = {entry["lead"] for entry in _entries(context) if key and email_key(str(entry["new"])) == key}
    here = numbers & set(map(int, snapshot.leads.index))
    return here.pop() if len(here) == 1 and not leads_by_email(snapshot, lead) else None


def _rows_of(context: Context, number: int) -> Iterator[Row]:
    """Yield what this machine's journal holds of a lead, by header of the Master.

    Only what was merged: an answer that was refused may have had somebody else's address beside the number.
    """
    for entry in archive.noted_changes(context.settings.state_dir, context.settings.workbook):
        if number and entry["lead"] == number:
            cells = entry["new"] if entry["column"] == "*" else {entry["column"]: entry["new"]}
            yield {name: cell for name, cell in cells.items() if isinstance(cell, str) and cell}
            if isinstance(entry["old"], str) and entry["old"]:
                yield {entry["column"]: entry["old"]}
