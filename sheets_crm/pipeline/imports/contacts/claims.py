"""The target that each column asks for, and how good it is for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.imports.contacts.cells import (
    could_be_phone,
    has_at,
    is_country_id,
    is_email,
    is_phone,
    is_record,
    is_site,
    is_text,
    is_town,
    is_verdict,
)
from sheets_crm.pipeline.imports.contacts.columns import Column, are_emails
from sheets_crm.pipeline.imports.contacts.nature import Nature, is_called_name, is_contact
from sheets_crm.pipeline.imports.contacts.passing_words import WHOLE

_SIMPLE: Final = {
    "first": ("firstName", 0),
    "last": ("lastName", 0),
    "full": ("@full_name", 0),
    "contact_person": ("@full_name", 2),
    "job": ("personTitle", 0),
    "company": ("companyName", 0),
    "trading": ("companyName", 1),
    "legal": ("companyName", 3),
    "website": ("website", 0),
    "domain": ("domain", 0),
    "industry": ("industry", 0),
    "employees": ("employeeCount", 0),
    "size": ("employeeCount", 1),
    "city": ("personLocation", 0),
    "locality": ("personLocation", 2),
    "place": ("personLocation", 3),
    "seat": ("personLocation", 4),
    "country": ("country", 0),
    "nationality": ("country", 2),
    "email_status": ("email_validation", 0),
    "notes": ("notes", 0),
    "icebreaker": ("notes", 1),
    "message": ("notes", 2),
}
_EMAIL_RANKS: Final = {"work": 0, "person": 0, "contact": 0, "": 1, "client": 1, "company": 2, "rolebased": 2}
_OF_WHAT: Final = {"person": "personLinkedinUrl", "sales": "personSalesUrl", "company": "companyLinkedinUrl"}
_PARTS: Final = {"first": "firstName", "last": "lastName"}
_NAMES: Final = _PARTS | {"full": "@full_name", "company": "companyName"}

_COULD_BE: Final[dict[str, Callable[[str], bool]]] = {
    "email": has_at,
    "person_phone": could_be_phone,
    "phone": could_be_phone,
    "website": lambda text: "." in text and not has_at(text),
    "domain": lambda text: "." in text and not has_at(text),
    "employeeCount": lambda text: not has_at(text),
    "email_validation": lambda text: is_text(text) or is_verdict(text),
    "personLinkedinUrl": lambda text: "/" in text,
    "personSalesUrl": lambda text: "/" in text,
    "companyLinkedinUrl": lambda text: "/" in text,
    "notes": lambda text: any(map(str.isalpha, text)),
}
"""What at least one filled cell has to be; elsewhere words."""
_IS: Final[dict[str, Callable[[str], bool]]] = _COULD_BE | {
    "email": is_email,
    "person_phone": is_phone,
    "phone": is_phone,
    "website": is_site,
    "domain": is_site,
}
"""What most cells have to be where the header alone does not say enough."""
_MOST: Final = 0.6


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that asks for a target.

    Attributes:
        target: The target.
        rank: How good it is by its header; 0 is best.
        column: The column.
        alternative: Whether it may stand behind a better one, for the rows that this leaves blank.
    """

    target: str
    rank: int
    column: Column
    alternative: bool = False

    def order(self) -> tuple[bool, bool, int, bool, int, int, bool, int, int, str, int]:
        """Best first: understood, filled, by its words, full; by position only where the headers are one."""
        column = self.column
        return (
            column.reading.strange > 0,
            not column.cells.filled,
            self.rank,
            not column.reading.primary,
            column.reading.number,
            column.reading.strange,
            column.reading.guessed,
            -sum(map(bool, column.raw)),
            len(column.key),
            column.key,
            column.position,
        )


def is_borne_out(claim: Claim) -> bool:
    """Whether the cells of a column may be what it asks to be; where its header says too little, most must."""
    column, target = claim.column, claim.target
    if column.reading.strange or column.reading.guessed:
        return column.cells.share(_IS.get(target, is_text)) >= _MOST
    return column.cells.some(_COULD_BE.get(target, is_text))


def claim_of(column: Column, nature: Nature, columns: Sequence[Column]) -> Claim | None:
    """The target that a column asks for by its header; None if it is brought nowhere."""
    kind = column.kind
    special = _SPECIAL.get(kind.name)
    if special is not None:
        return special(column, nature, columns)
    simple = _SIMPLE.get(kind.name)
    if simple is None:
        return None
    target, rank = simple
    if kind.name == "company" and column.key in WHOLE:
        rank += 2  # "school", "agency": what a company is, where nothing calls it one
    if target == "@full_name" and is_called_name(column) and nature.name in _PARTS:
        return Claim(_PARTS[nature.name], 3 if kind.name == "contact_person" else 1, column)
    if kind.name == "website" and column.cells.address_kind in _OF_WHAT:
        return Claim(_OF_WHAT[column.cells.address_kind], 3, column)
    if target in {"personLocation", "country"} and _elsewhere(kind.side, nature):
        return None
    return Claim(target, rank, column)


def _elsewhere(side: str, nature: Nature) -> bool:
    """Whether a place is not where the person of the row is."""
    return side == "home" or (side == "company" and nature.people and nature.somebody)


def _name(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    if are_emails(column):
        return Claim("email", 3, column)
    target = _NAMES[nature.name]
    return Claim(target, 1 if target == "@full_name" else 2, column)


def _title(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    if nature.name_as_title:
        return Claim("companyName", 2, column)
    return Claim("personTitle", 1, column) if nature.somebody or nature.people else None


def _email(column: Column, _: Nature, __: Sequence[Column]) -> Claim:
    return Claim("email", _EMAIL_RANKS.get(column.kind.side, 4), column)


def _phone(column: Column, nature: Nature, columns: Sequence[Column]) -> Claim | None:
    kind, side = column.kind.name, column.kind.side
    if side == "home":
        return None
    own = side in {"person", "client", "personal"} or (side == "contact" and nature.somebody)
    if kind == "mobile" and side != "company" and (nature.somebody or own or nature.people):
        return Claim("person_phone", 0, column, alternative=True)
    if kind == "direct" or (kind == "phone" and own):
        return Claim("person_phone", 1, column, alternative=True)
    companys = side in {"company", "work", "rolebased"} or kind == "landline"
    if not nature.companies and companys:
        others = any(each.kind.name in {"phone", "mobile"} for each in columns if each is not column)
        return None if others else Claim("person_phone", 3, column)
    if companys:
        return Claim("phone", 1 if side == "company" else 0, column)
    if nature.people or not nature.companies:
        return Claim("person_phone", 2, column, alternative=True)
    return Claim("phone", 3 if kind == "mobile" else 2, column, alternative=True)


def _address(column: Column, _: Nature, __: Sequence[Column]) -> Claim | None:
    """An address that is a town and no more serves as the place."""
    towns = column.cells.filled and column.cells.share(is_town) >= 0.8 and column.kind.side != "home"
    return Claim("personLocation", 5, column) if towns else None


def _linkedin(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    kind = column.cells.address_kind
    if kind in _OF_WHAT:
        return Claim(_OF_WHAT[kind], 0, column)
    if column.cells.filled:
        return None
    of_company = column.kind.side == "company" or not (nature.somebody or nature.people or column.kind.side)
    return Claim("companyLinkedinUrl" if of_company else "personLinkedinUrl", 1, column)


def _sales_nav(column: Column, _: Nature, __: Sequence[Column]) -> Claim:
    kind = column.cells.address_kind or ("company" if column.kind.side == "company" else "sales")
    target = _OF_WHAT.get(kind, "personSalesUrl")
    return Claim(target, 0 if target == "personSalesUrl" else 2, column)


def _country_id(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    """Odoo's id of a country, ``base.es``; elsewhere ids say nothing."""
    told = column.cells.filled and column.cells.share(is_country_id) >= _MOST
    return Claim("country", 1, column) if told and not _elsewhere(column.kind.side, nature) else None


def _url(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    kind = column.cells.address_kind
    if kind in _OF_WHAT:
        return Claim(_OF_WHAT[kind], 2, column)
    if kind == "site":
        return Claim("website", 2, column)
    if column.kind.name == "profile" and not column.cells.filled and nature.people:
        return Claim("personLinkedinUrl", 2, column)
    return None


def _category(column: Column, nature: Nature, _: Sequence[Column]) -> Claim | None:
    return None if nature.people or not column.cells.filled else Claim("industry", 2, column)


def _type(column: Column, nature: Nature, columns: Sequence[Column]) -> Claim | None:
    """Outscraper's main category; elsewhere "type" is anything."""
    beside = any(each.kind.name == "subtypes" for each in columns)
    return Claim("industry", 1, column) if beside and not nature.people else None


def _status(column: Column, _: Nature, columns: Sequence[Column]) -> Claim | None:
    emails = any(each.kind.name == "email" for each in columns)
    verdicts = column.cells.filled and column.cells.share(is_verdict) >= 0.8
    return Claim("email_validation", 2, column) if emails and verdicts else None


def _description(column: Column, _: Nature, __: Sequence[Column]) -> Claim | None:
    return Claim("notes", 3, column) if column.cells.filled and not column.cells.share(is_record) else None


def _contact(column: Column, nature: Nature, columns: Sequence[Column]) -> Claim | None:
    """A column called "Contact", or one of two things: by its cells."""
    if are_emails(column):
        return Claim("email", 3, column)
    if column.cells.share(is_phone) >= _MOST:
        return _phone(column, nature, columns)
    return Claim("@full_name", 3, column) if is_contact(column) else None


_SPECIAL: Final[Mapping[str, Callable[[Column, Nature, Sequence[Column]], Claim | None]]] = {
    "name": _name,
    "title": _title,
    "email": _email,
    "phone": _phone,
    "mobile": _phone,
    "direct": _phone,
    "landline": _phone,
    "address": _address,
    "linkedin": _linkedin,
    "sales_nav": _sales_nav,
    "country_id": _country_id,
    "url": _url,
    "profile": _url,
    "category": _category,
    "type": _type,
    "status": _status,
    "description": _description,
    "contact": _contact,
    "mixed": _contact,
}
