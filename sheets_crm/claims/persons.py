"""Whom an enrolment may reach: one enrolment a person, and nobody who may not be contacted."""

from __future__ import annotations

from collections.abc import Iterable

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment


def blocked(row: Enrolment, entries: frozenset[str]) -> bool:
    """Whether address, domain or LeadNumber stands on Do not contact."""
    _, _, domain = row.address.rpartition("@")
    return not entries.isdisjoint({row.address, f"@{domain}", row.lead_number})


def names(row: Enrolment) -> tuple[str, str]:
    """What a person is known by: LeadNumber and address."""
    return f"lead {row.lead_number}", f"address {row.address}"


def holders(rows: Iterable[Enrolment]) -> dict[str, str]:
    """The one enrolment of each person that may claim: one in doubt before all others, then the earliest."""
    owners: dict[str, str] = {}
    for row in sorted((row for row in rows if row.holds_person), key=_precedence):
        for name in names(row):
            owners.setdefault(name, row.enrolment)
    return owners


def holds(owners: dict[str, str], row: Enrolment) -> bool:
    """Whether a row is the one enrolment of its person."""
    return all(owners.get(name) == row.enrolment for name in names(row))


def _precedence(row: Enrolment) -> tuple[bool, int, str]:
    in_doubt = row.claim in {ClaimState.CLAIMED, ClaimState.UNKNOWN}
    return not in_doubt, len(row.enrolment), row.enrolment
