"""Enrolling people: one active enrolment a person, and ids above all that were ever given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolment import FOR_EVER, Enrolment
from sheets_crm.claims.epochs import Reading, read_settled, write_epoch
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.leasing import under_lease
from sheets_crm.claims.persons import blocked, names
from sheets_crm.claims.ports import Ports
from sheets_crm.claims.values import Change, View

LETTER: Final = "N"


class Refusal:
    """Why somebody is not enrolled."""

    ENROLLED: Final = "enrolled"
    DO_NOT_CONTACT: Final = "do_not_contact"
    STOPPED: Final = "stopped_for_ever"


@dataclass(frozen=True, slots=True)
class EnrolReport:
    """Who was enrolled.

    Attributes:
        judgement: How store and workbook stood; nobody is enrolled unless in order. None: another worker has the
            lease, or a write is in doubt.
        enrolled: Ids that the workbook shows after the write.
        refused: Who was not enrolled for which reason, by LeadNumber.
        done: False: nobody is known to be enrolled, so try again; whom a write in doubt enrolled is refused then.
    """

    judgement: Judgement | None
    enrolled: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    done: bool = False


def number(enrolment: str) -> int:
    """The number of an enrolment's id, by which the next is counted; 0 for an id that is not counted up."""
    letter, _, digits = enrolment.rpartition("-")
    return int(digits) if letter == LETTER else 0


def enrol(ports: Ports, people: Iterable[Enrolment]) -> Steps[EnrolReport]:
    """Enrol people, whose rows have no id yet, in one guarded write that raises counter and epoch.

    A workbook that was set back shows an earlier counter: an id of somebody else would be given to them. By the epoch
    it is known as set back, even if nobody's message has been claimed since.
    """
    return (yield from under_lease(ports, _enrol(ports, people), otherwise=EnrolReport(None)))


def _enrol(ports: Ports, people: Iterable[Enrolment]) -> Steps[EnrolReport]:
    reading = yield from read_settled(ports)
    if reading is None or reading.judgement is not Judgement.IN_ORDER:
        return EnrolReport(reading.judgement if reading else None)
    now = yield from do(ports.clock.now)
    entries = reading.view.do_not_contact | (yield from do(ports.suppressions.entries))
    admitted, refused = _admitted(reading, people, entries)
    if not admitted:
        return EnrolReport(reading.judgement, refused=refused, done=True)
    latest = yield from do(ports.store.latest)
    change = _change(reading.view, latest, [replace(person, enrolled_at=now) for person in admitted])
    rows = yield from write_epoch(ports, reading, change)
    shown = tuple(row.enrolment for row in change.rows if row.enrolment in (rows or {}))
    return EnrolReport(reading.judgement, shown, refused, done=rows is not None)


def _change(view: View, known: Iterable[str], people: list[Enrolment]) -> Change:
    """The write: ids above the counter, every row and every enrolment that the store knows."""
    highest = max([view.system.counters.get(LETTER, 0), *map(number, view.rows), *map(number, known)])
    rows = tuple(replace(person, enrolment=f"{LETTER}-{n:04d}") for n, person in enumerate(people, highest + 1))
    return Change(rows=rows, counters={LETTER: highest + len(rows)})


def _admitted(
    reading: Reading, people: Iterable[Enrolment], entries: frozenset[str]
) -> tuple[list[Enrolment], dict[str, str]]:
    """Those who may be enrolled, each person once, and why the others may not, by LeadNumber."""
    rows = reading.view.rows.values()
    held = {name for row in rows if row.holds_person for name in names(row)}
    ended = {name for row in rows if row.cause in FOR_EVER for name in names(row)}
    admitted, refused = [], {}
    for person in people:
        why = _refusal(person, entries, held, ended)
        if why:
            refused[person.lead_number] = why
            continue
        held.update(names(person))
        admitted.append(person)
    return admitted, refused


def _refusal(person: Enrolment, entries: frozenset[str], held: set[str], ended: set[str]) -> str:
    if blocked(person, entries):
        return Refusal.DO_NOT_CONTACT
    if not ended.isdisjoint(names(person)):
        return Refusal.STOPPED
    return Refusal.ENROLLED if not held.isdisjoint(names(person)) else ""
