"""Which leads are the same person, or the same company without a person, as a lead that is not in the Master."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sheets_crm.pipeline.columns import PERSON_PHONE
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.keys import email_key, phone_key, place_key, site_key
from sheets_crm.pipeline.imports.lead_overlay import SITES
from sheets_crm.pipeline.imports.person import Key, Person
from sheets_crm.pipeline.imports.text import shown

Cells = Mapping[str, Any]

STRONG: Final = ("member_id", "person_url", "email")
"""Kinds of keys that tell one person from another; a phone may be shared."""
_OWN: Final = ("email", "phone", "firm_phone")
"""Kinds of keys that tell one company from another; branches share a site and a name."""


def same_leads(cells: Cells, index: LeadIndex, cells_of: Callable[[int], Cells]) -> set[int]:
    """The leads of an index that are the same person or company.

    Args:
        cells: The cells of the lead, by header of the Master.
        index: The keys of the leads that are looked through.
        cells_of: The cells of one of those.
    """
    person = Person.of_cells(0, cells)
    nobody = not _text(cells, "firstName") and not _text(cells, "lastName")
    keys = _of_company(cells) if nobody else _of_person(person)
    return {
        other
        for kind, key in keys
        for other in index.find(kind, key)
        if (_no_branch(kind, cells, cells_of(other)) if nobody else _no_colleague(kind, person, cells_of(other)))
    }


def _of_person(person: Person) -> set[Key]:
    """The keys that identify a person; those with an address are not told by their name or phone."""
    strong = {key for key in person.keys if key[0] in STRONG}
    return strong or {key for key in person.keys if key[0] in {"name", "phone"}}


def _of_company(cells: Cells) -> Iterator[Key]:
    """Yield the keys of a company without a person; its name and place only when it has no other."""
    keys = {
        ("email", email_key(_text(cells, "email"))),
        ("phone", phone_key(_text(cells, PERSON_PHONE))),
        ("firm_phone", phone_key(_text(cells, "phone"))),
        *(("site", site_key(_text(cells, name))) for name in SITES),
    }
    known = [key for key in keys if key[1]]
    place = place_key(_text(cells, "companyName_fromP"), _text(cells, "personLocation"))
    yield from known or ([("place", place)] if place else [])


def _no_branch(kind: str, one: Cells, other: Cells) -> bool:
    """Whether a company that a weaker key found has no other e-mail or phone, as a branch would."""
    for name, key in (("email", email_key), ("phone", phone_key), (PERSON_PHONE, phone_key)):
        own, theirs = key(_text(one, name)), key(_text(other, name))
        if kind not in _OWN and own and theirs and own != theirs:
            return False
    return True


def _no_colleague(kind: str, person: Person, other: Cells) -> bool:
    """Whether a lead found by its phone has the same name: colleagues share a phone."""
    return kind != "phone" or bool(person.names & Person.of_cells(0, other).names)


def _text(cells: Cells, name: str) -> str:
    return shown(cells.get(name, ""))
