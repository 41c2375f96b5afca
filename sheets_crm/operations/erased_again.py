"""People who were erased, and whom an earlier state of the store brings back: they are erased from it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sheets_crm.engine.erased import known_hashes
from sheets_crm.engine.restoring import recorded
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.operations.context import Context
from sheets_crm.operations.erasures import is_about, of_others
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.person import Person


def erase_again(context: Context, snapshot: Snapshot) -> int:
    """Delete the changes about erased people from the journal, and whom messages were for; return how many changes.

    Args:
        context: The workbook, and the ports that a run uses.
        snapshot: The workbook, whose System has the keyed hashes of everybody who was erased.
    """
    return sum(
        context.journal.erase(lambda entry, person=person: is_about(entry, person))  # type: ignore[misc]
        for person in _erased(context, snapshot)
    )


def _erased(context: Context, snapshot: Snapshot) -> Sequence[Person]:
    """The erased people of whom the journal has a record, or to whom a message was claimed."""
    recorded_cells = recorded(context.journal.entries())
    gone = [number for number in recorded_cells if number not in snapshot.leads.index]
    people = [Person.of_cells(number, recorded_cells[number]) for number in gone]
    people += [person for person in _addressees(context) if person.number not in snapshot.leads.index]
    return [
        person.without(of_others(snapshot, person)) for person in people if known_hashes(snapshot.system, person)
    ]


def _addressees(context: Context) -> Iterator[Person]:
    for number, address in context.journal.addressees():
        if number.isascii() and number.isdecimal():
            yield Person(int(number), frozenset({("email", email_key(address))}))
