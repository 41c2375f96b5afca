"""What a cell plainly is, whatever stands above it: by its whole text, and never by a part of it."""

from __future__ import annotations

import re
from typing import Final

from sheets_crm.pipeline.imports.contacts.cells import address_kind
from sheets_crm.pipeline.imports.contacts.passing_words import words
from sheets_crm.pipeline.imports.contacts.phones import e164

_ADDRESS: Final = r"[^\s@<>,;:'\"()]+@[^\s@<>,;:'\"()]+\.[^\W\d_]{2,}"
_EMAIL: Final = re.compile(
    rf"(?:mailto:)?{_ADDRESS}(?:(?:\s*[,;/|]\s*|\s+){_ADDRESS})*|\"?[^\"<>@]{{0,60}}\"?\s*<{_ADDRESS}>"
)
_HOME_PAGE: Final = re.compile(r"(?i)(https?://)?(www\.)?(?:[\w-]+\.)+([^\W\d_]{2,})(?:/(?:\w{2,3}/?)?)?")
_ENDINGS: Final = words(
    "agency app biz blog cat cloud club com coop dev digital edu eus gal gov group info int io net online org pro "
    "shop site solutions store tech world"
)
"""Last parts of the names of sites beside those of two letters: "Vue.js" and "M.Sol" are no sites."""
_NUMBER: Final = re.compile(r"[+(]?\d[\d ().-]*")
_SEVERAL: Final = re.compile(r"\s*[/;,|]\s*")
_GROUPED: Final = re.compile(
    r"\(\d{2,4}\) ?\d{2,5}(?:[ -]\d{2,5})*|0\d{1,4}[ -]\d{2,4}(?:[ -]?\d{2,4})*|\d{2,3}(?:[ .-]\d{2,4}){2,4}"
)
_OTHER_NUMBER: Final = re.compile(
    r"(?:19|20)\d\d[ .-].*|\d\d[ .-]\d\d[ .-](?:19|20)\d\d.*|\d{3}-\d{2}-\d{4}|\d{1,3}(?:\.\d{3})+|"
    r"(?:\d{1,3}\.){3}\d{1,3}|\d{3}(?:\.\d{3}){2}-\d\d|\d{1,3}(?: 000){2}"
)
"""What is grouped as a phone and is none: dates, social security and tax numbers, amounts, addresses of machines."""
_NATIONAL: Final = range(9, 12)
"""Digits of a phone without its country."""


def is_plainly_email(text: str) -> bool:
    """Whether a cell is an e-mail address, several, or one as ``Name <a@b.c>``."""
    return bool(_EMAIL.fullmatch(text))


def is_plainly_site(text: str) -> bool:
    """Whether a cell is the home page of a site; a page within one may be anything."""
    home = _HOME_PAGE.fullmatch(text)
    if home is None or address_kind(text) != "site":
        return False
    scheme, www, ending = home.groups()
    return bool(scheme or www) or len(ending) == 2 or ending.lower() in _ENDINGS


def is_plainly_profile(text: str) -> str:
    """Whose LinkedIn profile a cell is: person, sales or company; "" if it is none."""
    kind = "" if any(map(str.isspace, text)) else address_kind(text)
    return kind if kind in {"person", "sales", "company"} else ""


def is_plainly_phone(text: str) -> bool:
    """Whether a cell is a phone written as one: with its country, or in groups; bare digits may be ids."""
    number = text.lstrip("'").removeprefix("tel:").strip()
    return any(map(_is_one_phone, (number, _SEVERAL.split(number)[0])))


def _is_one_phone(number: str) -> bool:
    if not _NUMBER.fullmatch(number):
        return False
    if number.startswith("+"):
        return bool(e164(number, ""))
    digits = sum(map(str.isdecimal, number))
    return digits in _NATIONAL and bool(_GROUPED.fullmatch(number)) and not _OTHER_NUMBER.fullmatch(number)
