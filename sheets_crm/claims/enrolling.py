"""Enrolling people: one active enrolment a person, and ids above all that were ever given out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sheets_crm.claims.enrolment import FOR_EVER, Enrolment
from sheets_crm.claims.persons import blocked, names
from sheets_crm.claims.values import Change, View

LETTER: Final = "N"


class Refusal:
    """Why somebody is not enrolled."""

    ENROLLED: Final = "enrolled"
    DO_NOT_CONTACT: Final = "do_not_contact"
    STOPPED: Final = "stopped_for_ever"


@dataclass(frozen=True, slots=True)
class Enrolling:
    """The write that enrols people, and who is not enrolled for which reason, by LeadNumber."""

    change: Change
    refused: dict[str, str]


def number(enrolment: str) -> int:
    """The number of an enrolment's id."""
    return int(enrolment.rpartition("-")[2])


def enrolling(view: View, people: Iterable[Enrolment], now: datetime, token: str) -> Enrolling:
    """The guarded write that enrols people whose rows have no id yet; the counter is raised in the same write."""
    held = {name for row in view.rows.values() if row.holds_person for name in names(row)}
    ended = {name for row in view.rows.values() if row.cause in FOR_EVER for name in names(row)}
    highest = max([view.system.counters.get(LETTER, 0), *map(number, view.rows)])
    rows: list[Enrolment] = []
    refused = {}
    for person in people:
        why = _refusal(person, view, held, ended)
        if why:
            refused[person.lead_number] = why
            continue
        held.update(names(person))
        highest += 1
        rows.append(replace(person, enrolment=f"{LETTER}-{highest:04d}", enrolled_at=now))
    change = Change(
        sequence=view.system.sequence, token=token, rows=tuple(rows), counters={LETTER: highest} if rows else {}
    )
    return Enrolling(change, refused)


def _refusal(person: Enrolment, view: View, held: set[str], ended: set[str]) -> str:
    if blocked(person, view.do_not_contact):
        return Refusal.DO_NOT_CONTACT
    if not ended.isdisjoint(names(person)):
        return Refusal.STOPPED
    return Refusal.ENROLLED if not held.isdisjoint(names(person)) else ""
