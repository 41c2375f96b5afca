"""Read one header: what it names, whose that is, and which of several it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from sheets_crm.pipeline.imports.contacts.header_words import SIDES, THINGS
from sheets_crm.pipeline.imports.contacts.passing_words import (
    ASIDE,
    COMPANY_SIGNS,
    FILLERS,
    NUMBERS,
    PERSON_SIGNS,
    PRIMARY,
    WHOLE,
)
from sheets_crm.pipeline.imports.keys import visible
from sheets_crm.pipeline.imports.text import header_key, unaccented

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_LOST: Final = re.compile(r"(?<=[^\W\d_])[?\ufffd](?=[^\W\d_])")
"""A letter that a wrong encoding has lost, within a word."""
_WILD: Final = "\u02bc"
"""Stands for a lost letter: a letter itself, so that it does not part the word, and in no word of the tables."""
_GARBLED: Final = re.compile("[√ÃÂ≥±¬âÐÑØÙ]")
_ENCODINGS: Final = ("mac_roman", "cp1252", "latin-1", "cp850")
_LONGEST_PHRASE: Final = 5
_SHORTEST_PART: Final = 3
_SHORTEST_TYPO: Final = 4
_LONG_FILLER: Final = 6
_NOISE: Final = 2
"""Unknown words of so few letters say nothing: ``CP``, ``IA``, ``ES``."""
_LONGEST_WORD: Final = 40
_LONGEST_HEADER: Final = 300
_MARKS: Final = "@#+-!"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a header says.

    Attributes:
        things: What it names, of `THINGS`; ``company`` alone is its name.
        sides: Whose, of `SIDES`.
        number: Which of several (``Email 2``); 0 without a number.
        primary: Whether it calls itself the best one.
        aside: Whether it is about something that is brought nowhere.
        counts: Whether it names a number of something.
        strange: Words that are not understood.
        guessed: Whether a word was only understood as a misspelling.
        signs: ``company`` or ``person`` if such a column stands in lists of those.
    """

    things: frozenset[str]
    sides: frozenset[str]
    number: int
    primary: bool
    aside: bool
    counts: bool
    strange: int
    guessed: bool
    signs: frozenset[str] = frozenset()

    @property
    def blank(self) -> bool:
        """Whether nothing of it is understood."""
        return not (self.things or self.sides or self.aside or self.counts)


@cache
def _lexicon() -> Mapping[str, tuple[str, ...]]:
    """The meanings of each word: things bare, sides with ``@``, and signs for the other tables."""
    meanings: dict[str, list[str]] = {}
    tables = (
        *((thing, words) for thing, words in THINGS.items()),
        *((f"@{side}", words) for side, words in SIDES.items()),
        ("#", " ".join(sorted(NUMBERS))),
        ("+", " ".join(sorted(PRIMARY))),
        ("-", " ".join(sorted(ASIDE))),
        ("!company", " ".join(sorted(COMPANY_SIGNS))),
        ("!person", " ".join(sorted(PERSON_SIGNS))),
    )
    for meaning, words in tables:
        for word in words.split():
            if meaning not in (listed := meanings.setdefault(word, [])):
                listed.append(meaning)
    return {
        # A word that is only a sign of the list stands for nothing that is brought.
        word: tuple(listed) if any(each[0] != "!" for each in listed) else (*listed, "-")
        for word, listed in meanings.items()
    }


@cache
def _by_length() -> Mapping[int, tuple[str, ...]]:
    words: dict[int, list[str]] = {}
    for word in sorted(_lexicon()):
        words.setdefault(len(word), []).append(word)
    return {length: tuple(listed) for length, listed in words.items()}


@lru_cache(maxsize=4096)
def read_header(header: str) -> Reading:
    """Read a header: its words, without case, accents, signs and little words."""
    words = _words(header)
    numbers = [int(word[:9]) for word in words if word.isdecimal()]
    named = [word for word in words if not word.isdecimal()]
    whole = WHOLE.get("".join(named))
    if whole is not None:
        return _whole(whole, numbers)
    meanings: list[tuple[str, ...]] = []
    strange, guessed = 0, False
    for part in _phrases([word for word in named if word not in FILLERS]):
        known, typo = _meaning(part)
        strange += not known and len(part) > _NOISE
        guessed |= typo
        meanings.extend(known)
    return _reading(meanings, numbers, strange, guessed=guessed)


def _reading(meanings: list[tuple[str, ...]], numbers: list[int], strange: int, *, guessed: bool) -> Reading:
    said = {meaning for each in meanings for meaning in each}
    things = {meaning for meaning in said if meaning[0] not in _MARKS}
    sides = {meaning[1:] for meaning in said if meaning[0] == "@"}
    if "contact" in things and (things - {"contact"} or sides - {"contact"} or "-" in said):
        things.discard("contact")  # "Contact Email": whose e-mail, not somebody's name
    return Reading(
        frozenset(things),
        frozenset(sides),
        min(numbers, default=0),
        "+" in said,
        "-" in said,
        "#" in said,
        strange,
        guessed,
        frozenset(meaning[1:] for meaning in said if meaning[0] == "!"),
    )


def _whole(meaning: str, numbers: list[int]) -> Reading:
    things = frozenset({meaning}) - {"aside", "company", "other"}
    sides = frozenset({meaning}) & {"company", "other"}
    return Reading(things, sides, min(numbers, default=0), False, meaning == "aside", False, 0, False)


def _words(header: str) -> list[str]:
    """The words and numbers of a header, in lower case and without accents."""
    text = _LOST.sub(_WILD, _mended(visible(header[:_LONGEST_HEADER])))
    return _WORD.findall(unaccented(text))


def _mended(text: str) -> str:
    """A text that was read in a wrong encoding (``Econ√≥mica``), as it was written."""
    if not _GARBLED.search(text):
        return text
    for encoding in _ENCODINGS:
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _phrases(words: list[str]) -> Iterator[str]:
    """The words of a header, the longest known runs of them as one."""
    start = 0
    lexicon = _lexicon()
    while start < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - start), 1, -1):
            phrase = "".join(words[start : start + length])
            if phrase in lexicon or phrase in FILLERS:
                if phrase in lexicon:
                    yield phrase
                start += length
                break
        else:
            yield words[start]
            start += 1


def _meaning(word: str) -> tuple[list[tuple[str, ...]], bool]:
    """The meanings of a word, of the words that it is made of, or of the one that it misspells."""
    lexicon = _lexicon()
    if word in lexicon:
        return [lexicon[word]], False
    if len(word) > _LONGEST_WORD:
        return [], False
    if parts := _parts(word):
        return [lexicon[part] for part in parts if part in lexicon], False
    meant = _misspelt(word)
    return ([lexicon[meant]] if meant else []), meant is not None


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    """The fewest known words that a word is made of: ``companyphone``; () if it is not."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    lexicon = _lexicon()
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, part = best[start], word[start:end]
            if before is None or not (
                (len(part) >= _SHORTEST_PART and part in lexicon) or _links(part, start, end, word)
            ):
                continue
            found = (*before, part)
            current = best[end]
            if current is None or len(found) < len(current):
                best[end] = found
    made = best[len(word)] or ()
    return made if len(made) > 1 else ()


def _links(part: str, start: int, end: int, word: str) -> bool:
    """Whether a part is a little word between others (``nombredelaempresa``), a long one, or a last ``id``."""
    between = len(part) > 1 and start > 0 and end < len(word)
    if part == "id":
        return start > 0 and end == len(word)
    return part in FILLERS and (between or len(part) >= _LONG_FILLER)


@lru_cache(maxsize=4096)
def _misspelt(word: str) -> str | None:
    """The one thing that a word names with one letter wrong, missing, too many or two letters exchanged."""
    if len(word) < _SHORTEST_TYPO:
        return None
    lexicon = _lexicon()
    near = [
        other
        for length in (len(word) - 1, len(word), len(word) + 1)
        for other in _by_length().get(length, ())
        if length >= _SHORTEST_TYPO and _one_letter_off(word, other)
    ]
    if len({lexicon[other] for other in near}) != 1:
        return None
    return near[0] if any(meaning[0] not in "#+-!" for meaning in lexicon[near[0]]) else None


def _one_letter_off(word: str, other: str) -> bool:
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, meant = word[start:], other[start:]
    if len(word) == len(other):
        if rest[:2] == meant[1::-1] and rest[2:] == meant[2:]:
            return True
        # In short words another letter makes another word.
        return rest[1:] == meant[1:] and (len(word) > _SHORTEST_TYPO or rest[:1] == _WILD)
    if len(word) < len(other):
        return rest == meant[1:]
    return rest[1:] == meant and len(word) > _SHORTEST_TYPO


def same_key(header: str) -> str:
    """The form in which headers that say the same are equal: of repeats, the order of the columns decides."""
    return header_key(_mended(visible(header[:_LONGEST_HEADER])))
