"""Match rows to leads by LeadNumber, member id, person URL, e-mail, in this order; never by a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from sheets_crm.pipeline.columns import LEAD_NUMBER, PERSON_PHONE, TARGET_ID, Cell
from sheets_crm.pipeline.imports.identity import PERSON_URLS
from sheets_crm.pipeline.imports.keys import email_key, member_id, name_key, person_url, phone_key, vmid

Row = Mapping[str, str]
"""The non-blank cells of an imported row, by target."""

KIND_COLUMNS: Final = {
    "member_id": "LinkedIn member id",
    "person_url": "personLinkedinUrl",
    "email": "email",
    "phone": PERSON_PHONE,
    "site": "website",
    "place": "companyName",
}

NAMING: Final = ("@sales_url", "@person_url", "@vmid", "@email", PERSON_PHONE)
"""Targets of an output by which it names a person; messages quote their cells as they were written."""


@dataclass(frozen=True, slots=True)
class Reject:
    """The reason for rejecting a row: a code of :mod:`sheets_crm.messages.imports` and its parameters."""

    code: str
    params: Mapping[str, str]

    @classmethod
    def of(cls, code: str, **params: str) -> Reject:
        """The rejection of that code."""
        return cls(code, params)


class LeadLookup(Protocol):
    """The lookups that matching needs of the leads."""

    def __contains__(self, number: int) -> bool:
        """Whether there is a lead of that LeadNumber."""

    def get(self, number: int, column: str) -> Cell:
        """A cell of a lead."""

    def find(self, kind: str, key: str) -> tuple[int, ...]:
        """The leads that a key belongs to now."""


def lead_number(text: str) -> int | None:
    """The LeadNumber in a cell (``5``, ``005``, ``5.0``), or None if it is not one."""
    text = text.strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 16 else None


def by_number(row: Row, leads: LeadLookup) -> int | Reject | None:
    """The lead that a row's LeadNumber names, with its TargetID checked; None without a LeadNumber."""
    if LEAD_NUMBER not in row:
        return None
    number = lead_number(row[LEAD_NUMBER])
    if number is None:
        return Reject.of("bad_lead_number", value=row[LEAD_NUMBER][:80])
    if number not in leads:
        return Reject.of("unknown_lead", value=f"LeadNumber {number}")
    expected = str(leads.get(number, TARGET_ID)).strip()
    given = row.get(TARGET_ID, "").strip()
    if given and expected and given != expected:
        return Reject.of("target_differs", lead=str(number), value=given[:80], other=expected[:80])
    return number


def person_keys(row: Row, url_targets: tuple[str, ...], email: str | None) -> dict[str, list[str]]:
    """The keys of a row's person, by kind, the strongest kind first.

    Args:
        row: The row.
        url_targets: Targets with profile URLs or member ids.
        email: The target with the e-mail, or None if it is no key of this row.
    """
    urls = [row[target] for target in url_targets if target in row]
    members = [vmid(row.get("@vmid", "")), *(member_id(url) for url in urls)]
    keys = {
        "member_id": [key for key in dict.fromkeys(members) if key],
        "person_url": [key for key in dict.fromkeys(person_url(url) for url in urls) if key],
        "email": [key for key in (email_key(row.get(email, "")) if email else "",) if key],
        "phone": [key for key in (phone_key(row.get(PERSON_PHONE, "")),) if key],
    }
    return {kind: listed for kind, listed in keys.items() if listed}


def match_person(row: Row, leads: LeadLookup, *, email_is_output: bool) -> int | Reject:
    """The lead of a row, or the reason for rejecting it.

    Args:
        row: The row.
        leads: The leads.
        email_is_output: The e-mail is output of the step; it is a key only if the row has no other.
    """
    number = by_number(row, leads)
    if isinstance(number, Reject):
        return number
    keys = person_keys(row, ("@sales_url", "@person_url"), "@email")
    # A finder may return another address than the lead has: with a better key the e-mail is a result only.
    if email_is_output and (number is not None or len(keys) > 1):
        keys.pop("email", None)
    lookups = {(kind, key): leads.find(kind, key) for kind, listed in keys.items() for key in listed}
    named = [row[target] for target in NAMING if target in row]
    return _agreed(number, lookups, ", ".join(dict.fromkeys(named)) if keys else "")


def _agreed(number: int | None, lookups: Mapping[tuple[str, str], tuple[int, ...]], named: str) -> int | Reject:
    matches = {place: leads for place, leads in lookups.items() if leads}
    # A key that no lead has proves nothing: profiles and addresses change. One that only other leads have contradicts.
    if number is not None:
        for (kind, _), leads in matches.items():
            if number not in leads:
                return _disagree(kind, leads, str(number))
        return number
    if not matches:
        return Reject.of("unknown_lead", value=named[:200]) if named else Reject.of("no_key")
    return only_one(matches)


def only_one(matches: Mapping[tuple[str, str], tuple[int, ...]]) -> int | Reject:
    """The one lead that every (kind, key) points at, or the reason for rejecting the row."""
    everyone = set().union(*matches.values())
    if len(everyone) == 1:
        return everyone.pop()
    for (kind, _), leads in matches.items():
        if len(leads) > 1:
            return Reject.of("key_at_several", column=KIND_COLUMNS.get(kind, kind), lead=_listed(leads))
    (kind, _), leads = next(iter(matches.items()))
    return _disagree(kind, leads, _listed(tuple(sorted(everyone - set(leads)))))


def _disagree(kind: str, leads: tuple[int, ...], other: str) -> Reject:
    return Reject.of("keys_disagree", column=KIND_COLUMNS.get(kind, kind), lead=_listed(leads), other=other)


def _listed(leads: tuple[int, ...]) -> str:
    shown = ", ".join(str(lead) for lead in leads[:5])
    return f"{shown}, …" if len(leads) > 5 else shown


def identity(row: Row) -> dict[str, list[str]]:
    """The keys of an exported person, by kind, the strongest kind first.

    Name and company count only without any address.
    """
    keys = person_keys(row, (*PERSON_URLS, "@linkedin_url"), "email")
    if not keys:
        name = name_key(row.get("firstName", ""), row.get("lastName", ""), row.get("companyName_fromP", ""))
        return {"name": [name]} if name else {}
    return keys
