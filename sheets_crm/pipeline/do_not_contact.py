"""Do not contact: the entries of the list in one normal form each, and the leads that they name.

An entry is an e-mail address (``ana@acme.es``), a domain with its subdomains (``@acme.es``), a phone in E.164
(``+34612345678``; in a workbook without a country also its digits alone), or a LeadNumber (``17``). Letters are
compared as in `sheets_crm.pipeline.imports.keys`; a domain beyond ASCII is compared as it travels in mail (``xn--…``).
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import PERSON_PHONE
from sheets_crm.pipeline.imports.contacts.phones import e164
from sheets_crm.pipeline.imports.keys import BEYOND_ASCII, email_key, email_keys, phone_keys, visible
from sheets_crm.pipeline.leads import ADDRESS

EMAIL: Final = "email"
PHONES: Final = (PERSON_PHONE, "phone")
CONTACT: Final = (EMAIL, *PHONES)
"""Columns of the Master by which a lead is on the list, beside its LeadNumber."""

_IN_BRACKETS: Final = re.compile(r".*<([^<>]+)>\s*")
"""A display form: ``Ana Prueba <ana@acme.es>``."""
_LEAD: Final = re.compile(r"0*([1-9][0-9]{0,5})")
"""Up to six digits are a LeadNumber, more are a phone."""
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().\-]{5,}")
_DIGITS: Final = re.compile(r"[0-9]{7,15}")
_DOMAIN: Final = re.compile(r"(?:[^\s@,;:/?#<>.]+\.)+[^\W\d_][\w-]+")
_SCHEME: Final = re.compile(r"[a-z]+://(?:www\.)?|www\.")


def normal_form(text: str, country: str = "") -> str:
    """The normal form of an entry as somebody typed it; "" for a text that is none.

    Args:
        text: The text: a display form (``Ana <ana@acme.es>``) and the address of a page count, too.
        country: ISO code of the country that a phone without one is assumed to be of; "" for none.
    """
    plain = unicodedata.normalize("NFKC", visible(text)).strip().lower()
    bracketed = _IN_BRACKETS.fullmatch(plain)
    plain = (bracketed[1] if bracketed else plain).strip().removeprefix("mailto:").removeprefix("tel:").strip()
    if "@" in plain.removeprefix("@"):
        return _address(plain)
    number = _LEAD.fullmatch(plain)
    if number:
        return number[1]
    return _phone(plain, country) if _PHONE.fullmatch(plain) else _domain(plain)


def _address(text: str) -> str:
    return in_ascii(email_key(text)) if re.fullmatch(ADDRESS, text) else ""


def _phone(text: str, country: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    return e164(text, country) or (digits if _DIGITS.fullmatch(digits) and not text.startswith("+") else "")


def _domain(text: str) -> str:
    bare = _SCHEME.sub("", text.removeprefix("@").removeprefix("*."), count=1)
    host = re.split("[/?#:]", bare, maxsplit=1)[0].rstrip(".")
    return in_ascii(f"@{host}") if _DOMAIN.fullmatch(host) else ""


def in_ascii(address: str) -> str:
    """An address, or ``@domain``, with its domain as it travels in mail: ``müller.de`` as ``xn--mller-kva.de``."""
    if address.isascii():
        return address
    local, _, domain = address.replace("。", ".").rpartition("@")
    return f"{local}@{'.'.join(map(_label, domain.split('.')))}"


def _label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


@dataclass(frozen=True, slots=True)
class DoNotContact:
    """The entries that count, by kind.

    Attributes:
        addresses: E-mail addresses.
        domains: Domains, without ``@``.
        phones: Phones.
        leads: LeadNumbers.
    """

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    leads: frozenset[int] = frozenset()

    @classmethod
    def of(cls, forms: Iterable[str]) -> DoNotContact:
        """The entries of some normal forms."""
        distinct = frozenset(forms) - {""}
        domains = frozenset(form for form in distinct if form.startswith("@"))
        addresses = frozenset(form for form in distinct - domains if "@" in form)
        leads = frozenset(form for form in distinct - domains - addresses if _LEAD.fullmatch(form))
        return cls(
            addresses,
            frozenset(form[1:] for form in domains),
            distinct - domains - addresses - leads,
            frozenset(map(int, leads)),
        )

    def __bool__(self) -> bool:
        return bool(self.addresses or self.domains or self.phones or self.leads)

    def has_domain(self, domain: str) -> bool:
        """Whether a domain, or one that it is part of, is on the list."""
        return any(part in self.domains for part in _and_above(domain))

    def names(self, leads: pd.DataFrame, country: str = "") -> np.ndarray:
        """The mask of the leads that an entry names, by address, domain, phone or LeadNumber.

        Args:
            leads: The leads.
            country: ISO code of the country that a phone without one is assumed to be of.
        """
        mask = np.asarray(leads.index.isin(self.leads)) if self.leads else np.zeros(len(leads), dtype=bool)
        if len(leads) and (self.addresses or self.domains):
            mask |= self._by_address(leads[EMAIL])
        for name in PHONES if self.phones else ():
            if name in leads.columns:
                mask |= self._by_phone(leads[name], country)
        return mask

    def _by_address(self, column: pd.Series) -> np.ndarray:
        keys = email_keys(column.astype(str))
        foreign = keys.str.contains(BEYOND_ASCII, regex=True).astype(bool)
        if foreign.any():
            keys = keys.mask(foreign, keys[foreign].map(in_ascii))
        mask = np.asarray(keys.isin(self.addresses))
        if not self.domains:
            return mask
        codes, domains = pd.factorize(keys.str.rpartition("@")[2])
        of_domains = np.array([self.has_domain(domain) for domain in domains], dtype=bool)
        return np.asarray(mask | of_domains[codes])

    def _by_phone(self, column: pd.Series, country: str) -> np.ndarray:
        codes, keys = pd.factorize(phone_keys(column.astype(str)))
        listed = [key in self.phones or (key.isdigit() and e164(key, country) in self.phones) for key in keys]
        return np.array(listed, dtype=bool)[codes]


def _and_above(domain: str) -> Iterator[str]:
    """Yield a domain and those that it is part of: ``mail.acme.es``, ``acme.es``, ``es``."""
    while domain:
        yield domain
        _, _, domain = domain.partition(".")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row of the list comes to.

    Attributes:
        form: The normal form of its entry; "" for none.
        lifted_at: When it was lifted (serial number); None while it counts.
    """

    form: str = ""
    lifted_at: float | None = None

    @property
    def counts(self) -> bool:
        """Whether nobody may be contacted whom it names."""
        return bool(self.form) and self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Typed:
    """The operators' cells of a row: its entry, whether it is lifted, and why."""

    entry: str
    lifted: bool = False
    lift_reason: str = ""


class Wrong(enum.Enum):
    """What is wrong with the cells of a row."""

    BLANK = "blank"
    NO_ENTRY = "no_entry"
    NO_REASON = "no_reason"


def standing(former: Standing, typed: Typed, now: float, country: str = "") -> tuple[Standing, tuple[Wrong, ...]]:
    """What a row comes to by its operators' cells, and what is wrong with them.

    Only a lift with a reason ends an entry: one that was emptied, or replaced by what is no entry, counts still.

    Args:
        former: What the row came to before; of a new row nothing.
        typed: Its cells.
        now: The time (serial number).
        country: ISO code of the country that a phone without one is assumed to be of.
    """
    form = normal_form(typed.entry, country)
    wrong = [] if form else [Wrong.NO_ENTRY if typed.entry.strip() else Wrong.BLANK]
    reasoned = bool(typed.lift_reason.strip())
    if typed.lifted and not reasoned:
        wrong.append(Wrong.NO_REASON)
    kept = form or former.form
    since = former.lifted_at if former.lifted_at is not None and kept == former.form else now
    return Standing(kept, since if typed.lifted and reasoned else None), tuple(wrong)


def revives(lifts: Iterable[float], at: float) -> bool:
    """Whether something that happened at a moment puts an entry on the list again that was lifted at others."""
    return all(at > lifted_at for lifted_at in lifts)
