"""First and last names fit for a greeting, derived from profile names.

``Dra. MARÍA DEL MAR 🚀`` becomes ``María del Mar``, ``Prueba, MBA`` becomes ``Prueba``. Accents, hyphens and
particles stay; a name already in mixed case keeps its case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PARTICLES: Final = _words(
    "al bin da das de del della den der di do dos du el i la las le los san ten ter van vom von y e zu"
)
TITLES: Final = _words(
    "dr dra doctor doctora d dn dña don doña mr mrs ms miss mx sr sra srta prof profesor profesora "
    "professor ing lic arq abg abog eng ir mag mtro mtra me m mme mlle maître sir dott dottssa herr frau "
    "dipl-ing"
)
CREDENTIALS: Final = _words(
    "mba emba phd dphil md msc ma mph mpa bsc ba beng meng llm llb jd esq cfa cpa cma acca aca fca ciia "
    "cism cissp cisa pmp csm cspo pmi-acp prince2 shrm shrm-cp shrm-scp sphr phr cipd fcipd mcipd pe ceng "
    "rn dds dmd do pharmd frm cfp caia cfe edd dba ing iesp cams six-sigma lssbb lssgb itil togaf crisc "
    "cgeit ccie"
)
_BRACKETS: Final = re.compile(r"[(\[{<«\"“].*?[)\]}>»\"”]")
_CUT: Final = re.compile(r"[,|/•·–—]|\s-\s|\s@")  # noqa: RUF001 (dashes that people type)
_KEPT_SIGNS: Final = frozenset("'’.-‑ ")  # noqa: RUF001 (the typographic apostrophe)
_SELECTORS: Final = frozenset("\ufe0e\ufe0f")
"""Variation selectors, which turn a sign into an emoji; Unicode counts them as marks."""


@lru_cache(maxsize=8192)
def cleaned(name: str, *, last: bool) -> str:
    """A first or (`last`) last name without titles, credentials and all-capitals; "" if nothing is left."""
    text = _CUT.split(_BRACKETS.sub(" ", unicodedata.normalize("NFC", name)).strip(), maxsplit=1)[0]
    words = _without_titles("".join(letter if _belongs(letter) else " " for letter in text).split())
    written = "".join(words)
    whole = written in {written.upper(), written.lower()}
    lone = len(words) == 1
    proper = [
        _cased(word, first=place == 0 and (not last or lone), whole=whole) for place, word in enumerate(words)
    ]
    return _trimmed(" ".join(proper))


def _trimmed(name: str) -> str:
    """A name without punctuation around it; the dot of an initial stays."""
    name = name.strip(" -'").lstrip(".")
    initial = len(name) == 2 or name[-3:-2] in {" ", "."}
    return name if initial else name.rstrip(".")


def _belongs(letter: str) -> bool:
    return letter in _KEPT_SIGNS or (unicodedata.category(letter)[0] in "LM" and letter not in _SELECTORS)


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and _bare(words[0]) in TITLES and len(words[0]) > 1:
        words = words[1:]
    while len(words) > 1 and _is_credential(words[-1]):
        words = words[:-1]
    return words if any(any(map(str.isalpha, word)) for word in words) else []


def _bare(word: str) -> str:
    return word.replace(".", "").casefold()


def _is_credential(word: str) -> bool:
    """Whether a word is a credential: known letters, written in capitals or with dots (``MBA``, ``Ph.D.``)."""
    return _bare(word) in CREDENTIALS and sum(letter.isupper() for letter in word) > 1


def _cased(word: str, *, first: bool, whole: bool) -> str:
    lower = word.lower()
    capitals = sum(letter.isalpha() for letter in word) > 2 and word.isupper()
    if not (capitals or whole):
        return word
    if lower in PARTICLES and not first and (whole or word.islower()):
        return lower
    if word.isupper() and _is_initials(word):
        return word
    return _titled(lower)


def _is_initials(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) == 1 or (len(letters) == 2 and ("." in word or not set("AEIOUÁÉÍÓÚ") & set(letters)))


def _titled(lower: str) -> str:
    parts = re.split(r"([-‑'’])", lower)  # noqa: RUF001 (the typographic apostrophe)
    raised = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"Mc{raised[2:3].upper()}{raised[3:]}" if raised.startswith("Mc") and len(raised) > 4 else raised
