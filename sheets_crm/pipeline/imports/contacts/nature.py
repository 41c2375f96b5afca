"""Whether a list is one of people or of companies, and what its columns called "Name" hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sheets_crm.pipeline.imports.contacts.columns import (
    Column,
    are_emails,
    are_firms,
    are_people,
    has_part,
    in_local_part,
    share_of_pairs,
)

_OF_COMPANIES = frozenset({"website", "domain", "industry", "category", "employees", "size", "trading"})
_CHANNELS = frozenset({"email", "phone", "mobile", "direct", "linkedin"})


@dataclass(frozen=True, slots=True)
class Nature:
    """What a list is of.

    Attributes:
        people: Whether its rows are people; else companies, perhaps with somebody to speak to.
        somebody: Whether it names people at all.
        companies: Whether it names companies.
        name: What a column called "Name" holds: first, last, full or company.
        name_as_title: Whether a column called "Title" holds the companies' names.
    """

    people: bool
    somebody: bool
    companies: bool
    name: str
    name_as_title: bool


def nature_of(columns: Sequence[Column]) -> Nature:
    """Decide what a list is of, by its headers first and by names where these leave it open."""
    kinds = {column.kind.name for column in columns}
    whole = any(column.kind.name == "full" and not is_called_name(column) for column in columns)
    name = _name(columns, kinds if whole else kinds - {"full"})
    named = "name" in kinds
    company = bool(kinds & {"company", "trading", "legal"}) or (named and name == "company")
    person = bool(kinds & {"first", "last", "full"}) or (named and name != "company")
    spoken_to = "contact_person" in kinds or any(is_contact(column) for column in columns)
    as_title = (
        "title" in kinds and not (company or person or spoken_to or "job" in kinds) and _of_companies(columns)
    )
    people = person or (not spoken_to and ("job" in kinds or not (company or as_title or _of_companies(columns))))
    return Nature(people, person or spoken_to, company or as_title, name, as_title)


def is_contact(column: Column) -> bool:
    """Whether a column called "Contact" names people."""
    return column.kind.name == "contact" and are_people(column)


def is_called_name(column: Column) -> bool:
    """Whether a header is "Name" and whose: beside a last name it is the first name."""
    return "name" in (things := column.reading.things) and things <= {"name", "contact_person"}


def _name(columns: Sequence[Column], kinds: set[str]) -> str:
    """What the columns called "Name" hold."""
    if {"first", "last"} <= kinds or "full" in kinds:
        return "company" if _is_company_beside_people(columns, kinds) else "full"
    if "last" in kinds:
        return "first"
    if "first" in kinds:
        return "last"
    return "full" if _is_person(columns, kinds) else "company"


def _is_company_beside_people(columns: Sequence[Column], kinds: set[str]) -> bool:
    """Whether "Name" beside first and last names is no person's: it has nothing of the others."""
    if "company" in kinds:
        return False
    parts = [column for column in columns if column.kind.name in {"first", "full"} and column.cells.filled]
    names = [column for column in columns if column.kind.name == "name" and column.cells.filled]
    shares = [share_of_pairs(name, part, _shares_a_word) for name in names for part in parts]
    return bool(shares) and all(share is not None and share < 0.2 for share in shares)


def _shares_a_word(name: str, part: str) -> bool:
    return has_part(name, part) or has_part(part, name)


def _is_person(columns: Sequence[Column], kinds: set[str]) -> bool:
    names = [column for column in columns if column.kind.name == "name"]
    if any(are_firms(column) for column in names):
        return False
    if "company" in kinds or "job" in kinds or _has_profiles(columns):
        return True
    if "contact_person" in kinds or any(is_contact(column) for column in columns):
        return False
    emails = [column for column in columns if column.kind.name == "email" and are_emails(column)]
    shares = [share_of_pairs(name, email, in_local_part) for name in names for email in emails]
    if any(share is not None and share >= 0.5 for share in shares):
        return True
    if any("person" in column.reading.signs for column in columns):
        return True
    if _of_companies(columns) or "legal" in kinds:
        return False
    return bool(kinds & _CHANNELS) or any(are_people(column) for column in names)


def _has_profiles(columns: Sequence[Column]) -> bool:
    return any(column.cells.address_kind in {"person", "sales"} for column in columns)


def _of_companies(columns: Sequence[Column]) -> bool:
    """Whether any column stands in lists of companies only."""
    return any(
        column.kind.name in _OF_COMPANIES or "company" in column.reading.signs or column.kind.name == "company"
        for column in columns
    )
