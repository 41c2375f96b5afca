"""The normal forms of people's and companies' addresses, one at a time and by the column.

A key is "" when the text is no such address. Keys are for comparing only; cells keep what they hold. Each function
on one text has a twin over a Series that gives the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

import pandas as pd

from sheets_crm.pipeline.drops.text import ACCENTS, unaccented

_END = r"(?=[/?#,\s]|$)"
_TOKEN = r"(AC[a-z](?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{3,})"  # noqa: S105 (a LinkedIn member id, no secret)
MEMBER: Final = re.compile(rf"(?i:/sales/(?:lead|people)/)([^,/?#\s]+)|(?:^\s*|(?i:/in/)){_TOKEN}{_END}")
"""A member id is case-sensitive; in a Sales Navigator URL whatever follows its first comma is session noise."""
PERSON: Final = re.compile(r"(?i:linkedin\.com/(?:[a-z]{2}/|mwlite/)?(in|pub)/)([^?#\s]+)")
COMPANY: Final = re.compile(
    r"(?i:linkedin\.com/(?:[a-z]{2}/)?(?:sales/)?(?:company|companies|accounts?|school|showcase|organization)/)([^/?#,\s]+)"
)
NUMERIC: Final = re.compile("[0-9]+")
SITE: Final = re.compile(r"^(?:(?i:https?)://)?(?:(?i:www)\.)?([^/?#\s@:,]+\.[^/?#\s@:,.]{2,})(?=[/?#:]|$)")


def member_id(url: str) -> str:
    """Return the LinkedIn member id of a person's URL (``/sales/lead/ACw…``, ``/in/ACw…``) or of a bare id."""
    found = MEMBER.search(url)
    return (found[1] or found[2]) if found else ""


def person_url(url: str) -> str:
    """Return the normal form of a person's public URL, ``in/ana-prueba``.

    Scheme, host (``es.linkedin.com``), percent-encoding, case, query and trailing slash are forgiven. A URL that
    carries a member id has no such key: :func:`member_id` gives it a better one.
    """
    found = PERSON.search(url)
    return "" if found is None or member_id(url) else _person(found[1], found[2])


def _person(kind: str, rest: str) -> str:
    name = rest.strip("/") if kind.lower() == "pub" else rest.split("/", 1)[0]
    return f"{kind.lower()}/{_folded(name)}" if name else ""


def company_key(url: str) -> str:
    """Return the key of a company's URL: ``id:123``, ``name:empresa-ejemplo`` or, of a website, ``site:a.es``.

    Sales Navigator and the public site share the numeric ids. A bare number is taken as such an id.
    """
    found = COMPANY.search(url)
    if found:
        return _company(found[1])
    text = url.strip()
    if NUMERIC.fullmatch(text):
        return _company(text)
    found = SITE.match(text)
    return f"site:{found[1].casefold()}" if found and "linkedin." not in found[1].lower() else ""


def _company(name: str) -> str:
    return f"id:{name.lstrip('0') or '0'}" if NUMERIC.fullmatch(name) else f"name:{_folded(name)}"


def email_key(text: str) -> str:
    """Return the normal form of an e-mail address, or "" when there is no ``@`` in it."""
    text = text.strip().casefold().removeprefix("mailto:")
    return text if "@" in text else ""


def name_key(first: str, last: str, company: str) -> str:
    """Return the key of a person without any address: name and company; "" unless both are known."""
    name = " ".join(f"{first} {last}".split())
    firm = " ".join(company.split())
    return unaccented(f"{name}|{firm}") if name and firm else ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unquote(name)).casefold()


def member_ids(urls: pd.Series) -> pd.Series:
    """Return :func:`member_id` of every cell of a column."""
    found = urls.astype(object).str.extract(MEMBER)
    return found[0].fillna(found[1]).fillna("").astype(object)


def person_urls(urls: pd.Series) -> pd.Series:
    """Return :func:`person_url` of every cell of a column."""
    found = urls.astype(object).str.extract(PERSON)
    kinds = found[0].fillna("").str.lower()
    names = found[1].fillna("").astype(object)
    names = names.where(kinds == "pub", names.str.split("/", n=1).str[0]).str.strip("/")
    keys = (kinds + "/" + _folded_column(names)).where(names != "", "")
    return keys.where(member_ids(urls) == "", "").astype(object)


def company_keys(urls: pd.Series) -> pd.Series:
    """Return :func:`company_key` of every cell of a column."""
    urls = urls.astype(object)
    text = urls.str.strip()
    names = urls.str.extract(COMPANY, expand=False).fillna("").astype(object)
    names = names.where((names != "") | ~text.str.fullmatch(NUMERIC).astype(bool), text)
    numeric = names.str.fullmatch(NUMERIC).astype(bool)
    ids = "id:" + names.where(numeric, "").str.lstrip("0").replace("", "0")
    keys = ids.where(numeric, ("name:" + _folded_column(names)).where(names != "", ""))
    sites = text.where(names == "", "").str.extract(SITE, expand=False).fillna("").astype(object)
    sites = sites.where(~sites.str.lower().str.contains("linkedin.", regex=False).astype(bool), "")
    return keys.where(sites == "", "site:" + sites.str.casefold()).astype(object)


def email_keys(texts: pd.Series) -> pd.Series:
    """Return :func:`email_key` of every cell of a column."""
    keys = texts.astype(object).str.strip().str.casefold().str.removeprefix("mailto:")
    return keys.where(keys.str.contains("@", regex=False).astype(bool), "").astype(object)


def name_keys(first: pd.Series, last: pd.Series, company: pd.Series) -> pd.Series:
    """Return :func:`name_key` of every row of three columns."""
    name = _spaced(first.astype(object) + " " + last.astype(object))
    firm = _spaced(company.astype(object))
    keys = (name + "|" + firm).str.casefold().str.normalize("NFKD")
    keys = keys.str.replace(ACCENTS, "", regex=True)
    return keys.where((name != "") & (firm != ""), "").astype(object)


def _spaced(texts: pd.Series) -> pd.Series:
    return texts.str.split().str.join(" ")


def _folded_column(names: pd.Series) -> pd.Series:
    encoded = names.str.contains("%", regex=False).astype(bool)
    decoded = names.copy()
    decoded[encoded] = names[encoded].map(unquote)
    return decoded.str.normalize("NFC").str.casefold()
