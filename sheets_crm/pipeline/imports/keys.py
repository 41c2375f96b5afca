"""Keys: the normal forms of people's and companies' addresses, for one text and for a column.

A key is "" if the text is no such address. Keys are for comparing only; cells keep their text. Each function on one
text has a twin over a Series with the same result; it is vectorised, and falls back to the single function only for
cells beyond ASCII.

Letters are compared as mail servers and browsers do: in lower case, in Unicode's compatibility form (NFKC), without
invisible characters. Case folding would not do: it equates ``ß`` and ``ss``, which are two mailboxes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

import pandas as pd

from sheets_crm.pipeline.imports.text import ACCENTS, unaccented

_END = r"(?=[/?#,\s]|$)"
_TOKEN = r"(AC[a-z](?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{3,})"  # noqa: S105 (a LinkedIn member id, no secret)
MEMBER: Final = re.compile(rf"(?i:/sales/(?:lead|people)/)([^,/?#\s]+)|(?:^\s*|(?i:/in/)){_TOKEN}{_END}")
"""A member id is case-sensitive; in a Sales Navigator URL everything after its first comma is session noise."""
_OF_AN_ID: Final = re.compile("[0-9]|^AC[a-z]")
_NOT_OF_AN_ID: Final = re.compile(r"[\s#/]")
PERSON: Final = re.compile(r"(?i:linkedin\.com/(?:[a-z]{2}/|mwlite/)?(in|pub)/)([^?#\s]+)")
COMPANY: Final = re.compile(
    r"(?i:linkedin\.com/(?:[a-z]{2}/)?(?:sales/)?(?:company|companies|accounts?|school|showcase|organization)/)([^/?#,\s]+)"
)
NUMERIC: Final = re.compile("[0-9]+")
SITE: Final = re.compile(r"^(?:(?i:https?)://)?(?:(?i:www)\.)?([^/?#\s@:,]+\.[^/?#\s@:,.]{2,})(?=[/?#:]|$)")
E164: Final = re.compile(r"\+?[0-9]{7,15}")
SHARED_SITES: Final = frozenset(
    [
        "linkedin.com",
        "facebook.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "youtube.com",
        "google.com",
        "goo.gl",
        "bit.ly",
        "wa.me",
        "linktr.ee",
        "sites.google.com",
        "business.site",
        "wixsite.com",
        "wordpress.com",
        "blogspot.com",
        "github.io",
        "tiktok.com",
    ]
)
"""Sites on which many companies have a page: such an address is no key of one."""
BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")


def member_id(url: str) -> str:
    """The LinkedIn member id of a person's URL (``/sales/lead/ACw…``, ``/in/ACw…``) or of a bare id."""
    match = MEMBER.search(visible(url))
    return (match[1] or match[2]) if match else ""


def vmid(cell: str) -> str:
    """The id in a ``vmid`` cell; "" for a word (``risky``, ``Unknown``, ``#N/A``).

    A word taken for an id would make one person of all rows that have it. An id has a digit, or begins as LinkedIn's
    own do.
    """
    text = visible(cell).strip()
    return text if _OF_AN_ID.search(text) and not _NOT_OF_AN_ID.search(text) else ""


def person_url(url: str) -> str:
    """The normal form of a person's public URL, ``in/ana-prueba``.

    Scheme, host (``es.linkedin.com``), percent-encoding, case, query and trailing slash are ignored. A URL with
    a member id has no such key: :func:`member_id` gives a better one.
    """
    match = PERSON.search(visible(url))
    return "" if match is None or member_id(url) else _person(match[1], match[2])


def _person(kind: str, rest: str) -> str:
    name = _folded(rest.strip("/") if kind.lower() == "pub" else rest.split("/", 1)[0])
    return f"{kind.lower()}/{name}" if name else ""


def company_key(url: str) -> str:
    """The key of a company's URL: ``id:123``, ``name:empresa-ejemplo`` or, for a website, ``site:a.es``.

    Sales Navigator and the public site share the numeric ids. A bare number is such an id.
    """
    text = visible(url)
    match = COMPANY.search(text)
    if match:
        return _company(match[1])
    text = unicodedata.normalize("NFKC", text).strip()
    if NUMERIC.fullmatch(text):
        return _company(text)
    match = SITE.match(text)
    host = _plain(match[1]) if match else ""
    return f"site:{host}" if host and "linkedin." not in host else ""


def _company(name: str) -> str:
    if NUMERIC.fullmatch(name):
        return f"id:{name.lstrip('0') or '0'}"
    folded = _folded(name)
    return f"name:{folded}" if folded else ""


def email_key(text: str) -> str:
    """The normal form of an e-mail address, or "" without an ``@``."""
    text = _plain(text).removeprefix("mailto:")
    return text if "@" in text else ""


def name_key(first: str, last: str, company: str) -> str:
    """The key of a person without any address: name and company; "" unless it has both."""
    name = " ".join(visible(f"{first} {last}").split())
    firm = " ".join(visible(company).split())
    return unaccented(f"{name}|{firm}") if name and firm else ""


def phone_key(text: str) -> str:
    """The key of a phone number: a number in E.164, or digits alone of an unknown country; "" for anything else."""
    text = visible(text).strip()
    return text if E164.fullmatch(text) else ""


def site_key(text: str) -> str:
    """The key of a website or domain, ``acme.es``; "" for none, and for addresses that many companies share."""
    text = _plain(text)
    match = SITE.match(text)
    host = match[1] if match else ""
    return (
        "" if not host or any(host == shared or host.endswith(f".{shared}") for shared in SHARED_SITES) else host
    )


def place_key(company: str, place: str) -> str:
    """The key of a company without any address: its name and its place, which may be blank."""
    firm = unaccented(" ".join(visible(company).split()))
    return f"{firm}|{unaccented(' '.join(visible(place).split()))}" if firm else ""


def _folded(name: str) -> str:
    return _plain(unquote(name))


def _plain(text: str) -> str:
    """A text trimmed, in lower case and in NFKC, without invisible characters."""
    if text.isascii():
        return text.strip().lower()
    seen = visible(unicodedata.normalize("NFKC", text)).strip().lower()
    return unicodedata.normalize(
        "NFKC", seen
    )  # dropping characters and lowering case may leave parts that compose


def visible(text: str) -> str:
    """A text without format characters: zero-width spaces and joiners, soft hyphens, byte order marks."""
    if text.isprintable():  # the common case: format characters never are
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def member_ids(urls: pd.Series) -> pd.Series:
    """Apply :func:`member_id` to every cell of a column."""
    urls = urls.astype(object)
    groups = urls.str.extract(MEMBER)
    return _with_others(groups[0].fillna(groups[1]).fillna(""), urls, member_id)


def person_urls(urls: pd.Series) -> pd.Series:
    """Apply :func:`person_url` to every cell of a column."""
    urls = urls.astype(object)
    groups = urls.str.extract(PERSON)
    kinds = groups[0].fillna("").str.lower()
    names = groups[1].fillna("").astype(object)
    names = names.where(kinds == "pub", names.str.split("/", n=1).str[0]).str.strip("/")
    names = _folded_column(names)
    keys = (kinds + "/" + names).where(names != "", "")
    return _with_others(keys.where(member_ids(urls) == "", ""), urls, person_url)


def company_keys(urls: pd.Series) -> pd.Series:
    """Apply :func:`company_key` to every cell of a column."""
    urls = urls.astype(object)
    text = urls.str.strip()
    names = urls.str.extract(COMPANY, expand=False).fillna("").astype(object)
    names = names.where((names != "") | ~text.str.fullmatch(NUMERIC).astype(bool), text)
    numeric = names.str.fullmatch(NUMERIC).astype(bool)
    ids = "id:" + names.where(numeric, "").str.lstrip("0").replace("", "0")
    folded = _folded_column(names)
    keys = ids.where(numeric, ("name:" + folded).where(folded != "", ""))
    sites = text.where(names == "", "").str.extract(SITE, expand=False).fillna("").astype(object).str.lower()
    sites = sites.where(~sites.str.contains("linkedin.", regex=False).astype(bool), "")
    return _with_others(keys.where(sites == "", "site:" + sites), urls, company_key)


def email_keys(texts: pd.Series) -> pd.Series:
    """Apply :func:`email_key` to every cell of a column."""
    texts = texts.astype(object)
    keys = texts.str.strip().str.lower().str.removeprefix("mailto:")
    keys = keys.where(keys.str.contains("@", regex=False).astype(bool), "")
    return _with_others(keys, texts, email_key)


def phone_keys(texts: pd.Series) -> pd.Series:
    """Apply :func:`phone_key` to every cell of a column."""
    texts = texts.astype(object)
    keys = texts.str.strip()
    return _with_others(keys.where(keys.str.fullmatch(E164).astype(bool), ""), texts, phone_key)


def site_keys(texts: pd.Series) -> pd.Series:
    """Apply :func:`site_key` to every cell of a column."""
    texts = texts.astype(object)
    return _mapped(pd.Series("", index=texts.index, dtype=object), texts != "", site_key, texts)


def place_keys(companies: pd.Series, places: pd.Series) -> pd.Series:
    """Apply :func:`place_key` to every row of two columns."""
    made = [place_key(str(one), str(two)) for one, two in zip(companies, places, strict=True)]
    return pd.Series(made, index=companies.index, dtype=object)


def name_keys(first: pd.Series, last: pd.Series, company: pd.Series) -> pd.Series:
    """Apply :func:`name_key` to every row of three columns."""
    name = _spaced(first.astype(object) + " " + last.astype(object))
    firm = _spaced(company.astype(object))
    keys = (name + "|" + firm).str.casefold().str.normalize("NFKD")
    keys = keys.str.replace(ACCENTS, "", regex=True)
    return keys.where((name != "") & (firm != ""), "").astype(object)


def _spaced(texts: pd.Series) -> pd.Series:
    return _mapped(texts, _beyond_ascii(texts), visible, texts).str.split().str.join(" ")


def _folded_column(names: pd.Series) -> pd.Series:
    encoded = names.str.contains("%", regex=False).astype(bool)
    return _mapped(names.str.lower(), encoded, _folded, names)


def _with_others(keys: pd.Series, texts: pd.Series, single: Callable[[str], str]) -> pd.Series:
    """A column of keys, with those of cells beyond ASCII made one at a time by the exact function."""
    return _mapped(keys, _beyond_ascii(texts), single, texts)


def _beyond_ascii(texts: pd.Series) -> pd.Series:
    return texts.str.contains(BEYOND_ASCII, regex=True, na=False).astype(bool)


def _mapped(column: pd.Series, where: pd.Series, single: Callable[[str], str], texts: pd.Series) -> pd.Series:
    """A column with the cells of a mask replaced by a function of the texts there."""
    made = column.astype(object)
    if where.any():
        made = made.copy()
        made[where] = texts[where].map(single).to_numpy()
    return made
