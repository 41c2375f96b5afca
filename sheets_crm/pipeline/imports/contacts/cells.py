"""What the cells of a column can be, judged by a sample of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sheets_crm.pipeline.imports.contacts.cell_words import (
    LEGAL_FORMS,
    LINK_LABELS,
    NOTHING,
    VERIFIER_WORDS,
)
from sheets_crm.pipeline.imports.keys import COMPANY, PERSON, visible
from sheets_crm.pipeline.imports.text import flag, header_key, unaccented, word_key
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY

_EMAIL: Final = re.compile(r"[^\s@<>,;'\"]+@[^\s@<>,;'\"]+\.[^\s@<>,;'\"]{2,}")
_SALES: Final = re.compile(r"(?i)linkedin\.com/sales/(lead|people|company|accounts?)/")
_SITE: Final = re.compile(r"(?i)(?:^|\s|//)(?:[\w-]+\.)+[^\W\d_]{2,}(?=[/?#:\s,;]|$)")
_ELSEWHERE: Final = re.compile(
    r"(?i)(?:facebook|instagram|twitter|//x|youtube|tiktok|pinterest|googleusercontent|googleapis|gstatic)\.com|"
    r"google\.[a-z.]+/(?:maps|local|search)|maps\.(?:app\.)?goo|goo\.gl|wa\.me|linkedin\.com/(?:feed|posts)|"
    r"\.(?:png|jpe?g|gif|svg|webp|pdf)(?:$|\?)"
)
_PHONE: Final = re.compile(r"^[^\d+(]{0,12}[+(]?\d[\d\s().,/+x-]*$", re.IGNORECASE)
_DATE: Final = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?$")
_DIGITS: Final = range(6, 40)
_AND_CO: Final = re.compile(r"(?i)[&+y]\s*(?:co|cia|cie)\b")
_COUNTRY_ID: Final = re.compile(r"base\.([a-z]{2})")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_LONGEST_NAME: Final = 60
_LONGEST_TEXT: Final = 300


@dataclass(frozen=True)
class Cells:
    """The cells of a column that say something, out of a sample.

    Attributes:
        texts: The sampled cells that are neither blank nor a sign of a blank.
        labels: How many more are the text of a link whose address is lost.
    """

    texts: tuple[str, ...]
    labels: int = 0

    @classmethod
    def of(cls, cells: Sequence[str]) -> Cells:
        """Leave out what says nothing: blanks, signs, ``n/a``, texts of links."""
        said = [(text, header_key(text)) for cell in cells if (text := visible(cell).strip())]
        labels = sum(key in LINK_LABELS for _, key in said)
        return cls(
            tuple(text for text, key in said if key and key not in NOTHING and key not in LINK_LABELS), labels
        )

    @property
    def filled(self) -> bool:
        """Whether any cell says something."""
        return bool(self.texts)

    def share(self, kind: Callable[[str], bool]) -> float:
        """The share of cells of a kind; 0 without cells."""
        return sum(map(kind, self.texts)) / len(self.texts) if self.texts else 0.0

    def some(self, kind: Callable[[str], bool]) -> bool:
        """Whether a cell is of a kind, or none says anything."""
        return not self.texts or any(map(kind, self.texts))

    @cached_property
    def address_kind(self) -> str:
        """What most of its addresses are: person, sales, company, site, elsewhere; "" without any."""
        counts: dict[str, int] = {}
        for text in self.texts:
            kind = address_kind(text)
            if kind:
                counts[kind] = counts.get(kind, 0) + 1
        return max(sorted(counts), key=lambda kind: counts[kind], default="")


def address_kind(text: str) -> str:
    """Whose an address is: a person's or a company's profile, a site, something elsewhere; "" for none."""
    sales = _SALES.search(text)
    if sales:
        return "sales" if sales[1].lower() in {"lead", "people"} else "company"
    if PERSON.search(text):
        return "person"
    if COMPANY.search(text):
        return "company"
    if _ELSEWHERE.search(text):
        return "elsewhere"
    return "site" if is_site(text) else ""


def is_email(text: str) -> bool:
    """Whether a cell holds an e-mail address, alone or in ``Name <a@b.c>``."""
    return bool(_EMAIL.search(text))


def has_at(text: str) -> bool:
    """Whether a cell could be an e-mail address at all; masked ones (``i***@b.c``) count."""
    return "@" in text


def is_site(text: str) -> bool:
    """Whether a cell is the address of a site, with or without ``https://``."""
    return "@" not in text and len(text) < _LONGEST_TEXT and bool(_SITE.search(text))


def is_phone(text: str) -> bool:
    """Whether a cell is a phone number."""
    digits = sum(letter.isdecimal() for letter in text)
    return digits in _DIGITS and not _DATE.match(text) and bool(_PHONE.match(text.lstrip("'")))


def could_be_phone(text: str) -> bool:
    """Whether a cell holds a phone number among other things, or a short one."""
    return sum(letter.isdecimal() for letter in text) > 4 and not has_at(text) and not _DATE.match(text)


def is_text(text: str) -> bool:
    """Whether a cell is words: no number, date, flag, address."""
    return any(map(str.isalpha, text)) and flag(text) is None and not has_at(text) and "://" not in text


def is_record(text: str) -> bool:
    """Whether a cell is a program's record: JSON or a list."""
    return text[0] in "{[" and any(mark in text for mark in "\"':")


def is_country_id(text: str) -> bool:
    """Whether a cell is Odoo's id of a country: ``base.es``."""
    return bool(_COUNTRY_ID.fullmatch(text))


def country_named(text: str) -> str:
    """A country as people write it: the ISO code of Odoo's id, else the text."""
    found = _COUNTRY_ID.fullmatch(text)
    return found[1].upper() if found else text


def is_verdict(text: str) -> bool:
    """Whether a cell is a verifier's word on an e-mail."""
    return (text in DEFAULT_VOCABULARY or word_key(text) in VERIFIER_WORDS) and not text.isdecimal()


def has_legal_form(text: str) -> bool:
    """Whether a name ends as a company's: ``S.A.``, ``GmbH``, ``S. de R.L.``."""
    words = text.replace(",", " ").split()
    if len(words) < 2:
        return False
    ends = {words[-1], "".join(words[-2:]), "".join(words[-3:])}
    return any(_is_legal_form(end) for end in ends) or _AND_CO.search(text) is not None


def _is_legal_form(word: str) -> bool:
    bare = word.replace(".", "")
    # Two letters are a legal form if they are written as one: "Sa" is a family's name.
    return bare.casefold() in LEGAL_FORMS and (len(bare) > 2 or bare.isupper() or "." in word)


def is_town(text: str) -> bool:
    """Whether an address is a town and no more: a few words without a number."""
    return is_text(text) and not any(map(str.isdecimal, text)) and len(text.split()) < 7


def is_person(text: str) -> bool:
    """Whether a cell looks as a person's first and last name do."""
    words = text.replace(",", " ").split()
    return (
        1 < len(words) < 7
        and len(text) < _LONGEST_NAME
        and not any(letter.isdecimal() or letter in "@:/&|#[]" for letter in text)
        and not has_legal_form(text)
        and sum(word[:1].isupper() for word in words) > 1
    )


def name_words(text: str) -> frozenset[str]:
    """The words of a name, to be found again in an address."""
    return frozenset(word for word in _WORDS.findall(unaccented(text)) if len(word) > 2)
