"""People and companies of a contact list become leads, each once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import NOTES, PERSON_PHONE, Cell
from sheets_crm.pipeline.imports.apply_row import Merged
from sheets_crm.pipeline.imports.contacts.cells import country_named
from sheets_crm.pipeline.imports.contacts.phones import kept
from sheets_crm.pipeline.imports.export_rows import Importer, with_names
from sheets_crm.pipeline.imports.keys import (
    COMPANY,
    email_key,
    member_id,
    person_url,
    phone_key,
    place_key,
    site_key,
)
from sheets_crm.pipeline.imports.matching import Reject, Row, identity, only_one
from sheets_crm.pipeline.imports.text import unaccented

_IN_ADDRESS: Final = r"[^@\s<>\"'(),;:*|/\[\]{}]+"
ADDRESS: Final = re.compile(rf"{_IN_ADDRESS}@{_IN_ADDRESS}\.{_IN_ADDRESS}")
"""An e-mail address, alone or among other words; one that is masked with asterisks is none."""
_IN_BRACKETS: Final = re.compile(r"^\s*\"?([^\"<@]*?)\"?\s*<[^<>]+@[^<>]+>")
NAMES: Final = ("firstName", "lastName", "@full_name")
KEPT: Final = ("website", "domain", "industry", "employeeCount", "phone", "email_validation", NOTES, PERSON_PHONE)
"""Targets of a contact list that are columns of the Master beside those of an export."""


def contact_row(row: Row, country: str) -> Row:
    """A row of a contact list in the Master's terms: one e-mail, phones in E.164, the company as an export has it.

    A phone that is none in its country's form stands as digits, or as it was typed; an e-mail that is none goes.

    Args:
        row: The row by target.
        country: ISO code of the country that a phone without one is assumed to be of.
    """
    made = dict(row)
    if "email" in made:
        found = ADDRESS.search(made["email"])
        name = _IN_BRACKETS.match(row["email"])
        if found:
            made["email"] = found[0].rstrip(".")
        else:
            del made["email"]
        if name and name[1].strip() and not any(target in made for target in NAMES):
            made["@full_name"] = name[1].strip()
    for target in (PERSON_PHONE, "phone"):
        if target in made:
            made[target] = kept(made[target], country)
    made |= _addresses(made)
    company = made.pop("companyName", "")
    if company.strip():
        made["companyName_fromP"] = company.strip()
    return _placed(made)


def _addresses(row: dict[str, str]) -> dict[str, str]:
    """The LinkedIn addresses of a row under the columns that they belong to."""
    made: dict[str, str] = {}
    for target in ("personLinkedinUrl", "personSalesUrl", "companyLinkedinUrl"):
        text = row.pop(target, "").strip()
        if not text:
            continue
        if member_id(text) and "/sales/" in text:
            made.setdefault("personSalesUrl", text)
        elif person_url(text) or member_id(text):
            made.setdefault("personLinkedinUrl", text)
        elif COMPANY.search(text):
            made.setdefault("companySalesUrl_fromP" if "/sales/" in text else "companyLinkedinUrl_fromP", text)
    return made


def _placed(row: dict[str, str]) -> Row:
    """The row with city and country as one place."""
    country, city = country_named(row.pop("country", "").strip()), row.get("personLocation", "").strip()
    if country and unaccented(country) not in unaccented(city):
        row["personLocation"] = ", ".join(part for part in (city, country) if part)
    return row


@dataclass(frozen=True, slots=True)
class ContactImporter(Importer):
    """Merges the rows of a contact list (`contact_row`), one after another."""

    def take(self, row: Row) -> Merged:
        """Add the person or company of a row as a lead, or fill the blanks of the lead that is the same.

        A person is known by member id, profile, e-mail, phone; without any of them by name and company. A company
        without a person is known by e-mail, phone, domain; without any of them by name and place.
        """
        row = with_names(row)
        if not any(row.get(name, "").strip() for name in ("firstName", "lastName")):
            return self._company(row) if not _has_profile(row) else self._person(row)
        return self._person(row)

    def _person(self, row: Row) -> Merged:
        keys = identity(row)
        if not keys:
            return Merged.of_reject(Reject.of("contact_nobody"))
        matches = self._matches(keys)
        # Colleagues share a switchboard: a phone alone does not make one person of two names.
        matches = {
            place: numbers
            for place, leads in matches.items()
            if (numbers := tuple(lead for lead in leads if place[0] != "phone" or self._may_be(lead, row)))
        }
        return self._merged(matches, row)

    def _company(self, row: Row) -> Merged:
        place = place_key(row.get("companyName_fromP", ""), row.get("personLocation", ""))
        sites = (site_key(row.get(name, "")) for name in ("domain", "website"))
        keys = {
            "email": email_key(row.get("email", "")),
            "phone": phone_key(row.get(PERSON_PHONE, "")),
            "firm_phone": phone_key(row.get("phone", "")),
            "site": next(filter(None, sites), ""),
        }
        keys = {kind: key for kind, key in keys.items() if key} or ({"place": place} if place else {})
        if not keys:
            return Merged.of_reject(Reject.of("contact_nobody"))
        for kind, key in keys.items():
            found = tuple(lead for lead in self.overlay.find(kind, key) if self._agrees(lead, row, kind))
            if found:
                return self._merged({(kind, key): found[:1]}, row)
        return self._merged({}, row)

    def _agrees(self, number: int, row: Row, kind: str) -> bool:
        """Whether a lead that a company's weaker key found has no other e-mail or phone, as a branch would."""
        if kind in {"email", "phone", "firm_phone"}:
            return True
        for column, key in (("email", email_key), ("phone", phone_key), (PERSON_PHONE, phone_key)):
            own, theirs = key(str(self.overlay.get(number, column))), key(row.get(column, ""))
            if own and theirs and own != theirs:
                return False
        return True

    def _merged(self, matches: Mapping[tuple[str, str], tuple[int, ...]], row: Row) -> Merged:
        if not matches:
            self.overlay.add({**self._blank(), **self._values(row)})
            return Merged("new")
        number = only_one(matches)
        return Merged.of_reject(number) if isinstance(number, Reject) else self._fill(number, row)

    def _may_be(self, number: int, row: Row) -> bool:
        """Whether a lead may be the person of a row by its name; a lead without a name may be anybody."""
        own = (str(self.overlay.get(number, name)) for name in ("firstName", "lastName"))
        theirs = (row.get(name, "") for name in ("firstName", "lastName"))
        named = [unaccented(" ".join(" ".join(parts).split())) for parts in (own, theirs)]
        return "" in named or named[0] == named[1]

    def _values(self, row: Row) -> dict[str, Cell]:
        values = Importer._values(self, row)  # noqa: SLF001 - the same class, whose slots forbid super() here
        values |= {name: row[name] for name in KEPT if row.get(name, "").strip() and self.schema.has(name)}
        return values


def _has_profile(row: Row) -> bool:
    return any(row.get(name, "").strip() for name in ("personLinkedinUrl", "personSalesUrl"))
