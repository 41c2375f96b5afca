"""From the words of a header to the one kind of column that it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.imports.contacts.reading import Reading

ASIDE: Final = "aside"
UNKNOWN: Final = "unknown"

_PHONES: Final = frozenset({"phone", "mobile", "direct", "landline"})
_COUNTED: Final = _PHONES | {"employees", "size"}
_NAMES: Final = frozenset({"first", "last", "full", "name", "contact_person"})

_OUTWEIGHED: Final = (
    # The first gives way to any of the others that stands in the same header.
    ("name", None),
    ("description", None),
    ("address", ("email", "website", "domain", "url", "linkedin")),
    ("url", ("linkedin", "sales_nav", "website", "profile", "domain")),
    ("profile", ("linkedin", "sales_nav")),
    ("linkedin", ("sales_nav",)),
    ("website", ("industry", "category", "domain", "linkedin")),
    ("email", ("first", "last")),
    ("phone", ("mobile", "direct", "landline")),
    ("direct", ("mobile", "email", "linkedin", "url")),
    ("place", ("city", "locality", "country", "seat")),
    ("seat", ("city", "locality", "country", "address", *sorted(_PHONES), "email", "website")),
    ("country", ("city", "locality", "address")),
    ("locality", ("city", "address")),
    ("city", ("address",)),
    ("nationality", ("country",)),
    ("category", ("industry",)),
    ("size", ("employees",)),
    ("title", ("job", "name", "contact_person")),
    ("contact_person", ("job", "email", *sorted(_PHONES), "first", "last", "full", "linkedin")),
    ("legal", ("trading",)),
    ("message", ("notes",)),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a header says a column is.

    Attributes:
        name: A thing of the tables of words, ``company`` (its name), ``email_status``, ``mixed`` (several things),
            ``aside`` or ``unknown``.
        side: Whose: person, contact, client, company, work, rolebased, personal, home; "" if it does not say.
    """

    name: str
    side: str = ""


def kind_of(reading: Reading) -> Kind:
    """The kind of column that a header says."""
    things = set(reading.things)
    side = _side(reading.sides)
    if reading.blank:
        return Kind(UNKNOWN)
    if "other" in reading.sides:
        return Kind(ASIDE)
    if not reading.aside and ("verification" in things or {"email", "status"} <= things):
        return Kind("email_status", side)
    if reading.aside or (reading.counts and not things & _COUNTED):
        return Kind(ASIDE)
    if "notes" in things and things - {"notes", "description", "message", "icebreaker", "name"}:
        return Kind(ASIDE)  # remarks about a phone or an address
    return _one_thing(_weighed(things), reading.sides, side)


def _weighed(things: set[str]) -> set[str]:
    if {"first", "last"} <= things:
        things = (things - {"first", "last", "name"}) | {"full"}
    if things & {"full", "first", "last"}:
        things -= {"name", "title"}
    if {"mobile", "landline"} <= things:
        things = (things - _PHONES) | {"phone"}
    for weak, strong in _OUTWEIGHED:
        others = things - {weak}
        if weak in things and (others if strong is None else others & set(strong)):
            things = others
    return things


def _one_thing(things: set[str], sides: frozenset[str], side: str) -> Kind:
    if not things:
        return _nothing_named(side)
    if len(things) > 1:
        return Kind("mixed", side)
    (thing,) = things
    if thing == "name":
        return _named(sides, side)
    if thing == "description" and side == "company":
        return Kind(ASIDE)
    if thing == "status" and side:
        return Kind(ASIDE)  # "Lead Status": how far it is sold
    return Kind(thing, side)


def _nothing_named(side: str) -> Kind:
    if side == "company":
        return Kind("company", side)
    if side in {"person", "contact"}:
        return Kind("contact", side)
    return Kind("name", side) if side == "client" else Kind(UNKNOWN)


def _named(sides: frozenset[str], side: str) -> Kind:
    if "contact" in sides:
        return Kind("contact_person", "contact")
    if side == "company":
        return Kind("company", side)
    return Kind("full", side) if side == "person" else Kind("name", side)


def _side(sides: frozenset[str]) -> str:
    order = ("company", "work", "home", "personal", "rolebased", "client", "person", "contact")
    return next((side for side in order if side in sides), "")
