"""One person across everything that is kept: what they are known by, and which rows of a grid are about them.

A lead had other e-mail addresses before, and an answer may name it by nothing but its LeadNumber. So a row is a
person's when its LeadNumber says so; else when an address of theirs stands in it; else by name and company, as where
people without any address are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.drops.intake import with_names
from sheets_crm.pipeline.drops.keys import email_key, member_id, name_key, person_url, visible
from sheets_crm.pipeline.drops.matching import Row, lead_number
from sheets_crm.pipeline.drops.merge import read_rows
from sheets_crm.pipeline.drops.recognise import blocks
from sheets_crm.pipeline.drops.text import header_key, shown, unaccented
from sheets_crm.pipeline.steps import Schema

Key = tuple[str, str]
Grid = Sequence[Sequence[object]]

ADDRESSES: Final = ("member_id", "person_url", "email")
"""Kinds of keys that only one person has."""

_URLS: Final = ("personSalesUrl", "personLinkedinUrl", "@sales_url", "@person_url", "@linkedin_url")
_EMAILS: Final = ("email", "@email")
_NUMBER_HEADER: Final = header_key(LEAD_NUMBER)
_SHORT: Final = 200
"""A longer text may mention somebody without being about them."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one person is known by.

    Attributes:
        number: Their LeadNumber; 0 when it is not known any more.
        keys: Normalised keys by kind: ``member_id``, ``person_url``, ``email``, ``name`` (with company).
        names: Full names, as `unaccented` spells them.
    """

    number: int
    keys: frozenset[Key] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of_cells(cls, number: int, cells: Mapping[str, object]) -> Person:
        """Return what a lead's cells, by header of the Master, say of the person."""
        texts = {name: shown(cell) for name, cell in cells.items()}
        return cls(number).knowing({name: text for name, text in texts.items() if text})

    def knowing(self, row: Row) -> Person:
        """Return the person with what a row of theirs says, by target or header."""
        urls = [row[name] for name in _URLS if name in row]
        keys = {("member_id", member_id(url)) for url in urls} | {("person_url", person_url(url)) for url in urls}
        keys |= {("email", email_key(row[name])) for name in _EMAILS if name in row}
        keys.add(("member_id", visible(row.get("@vmid", "")).strip()))
        named = with_names(row)
        first, last = named.get("firstName", ""), named.get("lastName", "")
        keys.add(("name", name_key(first, last, named.get("companyName_fromP", ""))))
        full = unaccented(" ".join(f"{first} {last}".split()))
        names = {full} if first.strip() and last.strip() else set()
        return replace(self, keys=self.keys | {key for key in keys if key[1]}, names=self.names | names)

    def without(self, keys: Collection[Key]) -> Person:
        """Return the person without keys that are somebody else's too."""
        return replace(self, keys=self.keys - frozenset(keys))

    @property
    def addresses(self) -> frozenset[str]:
        """Keys that only this person has, whatever their kind."""
        return frozenset(key for kind, key in self.keys if kind in ADDRESSES)

    def mentioned(self, text: str) -> bool:
        """Say whether a text names the person: by an address, or by the whole name."""
        folded, plain = text.lower(), unaccented(text)
        return any(_stands_in(key.lower(), folded) for key in self.addresses) or any(
            _stands_in(name, plain) for name in self.names
        )


def _stands_in(word: str, text: str) -> bool:
    return word in text and re.search(rf"(?<![\w.+-]){re.escape(word)}(?![\w-])", text) is not None


@dataclass(slots=True)
class _Rows:
    """Which rows of a grid are about a person, and which are surely about somebody else."""

    theirs: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)


def rows_about(cells: Grid, person: Person, schema: Schema, step: str | None = None) -> set[int]:
    """Return the 0-based rows of a grid that are about a person.

    Args:
        cells: The grid, header rows included.
        person: The person.
        schema: The workbook's columns and steps.
        step: Whose output it was said to be, if anybody said so.
    """
    found = _Rows()
    _by_number(cells, person, found)
    for place, row in known_rows(cells, schema, step):
        _by_keys(place, row, person, found)
    addresses = person.addresses
    for place, line in enumerate(cells):
        if place not in found.others and any(holds_address(shown(cell), addresses) for cell in line):
            found.theirs.add(place)
    return found.theirs - found.others


def known_rows(cells: Grid, schema: Schema, step: str | None = None) -> Iterable[tuple[int, Row]]:
    """Yield the rows of the recognised blocks of a grid, by target, with their place."""
    for block in blocks(cells, schema, step):
        if block.layout is not None:
            yield from zip(map(int, block.rows.index), read_rows(block.rows, block.layout), strict=True)


def _by_number(cells: Grid, person: Person, found: _Rows) -> None:
    """Tell rows by the LeadNumber under a header of that name, recognised block or not."""
    columns: list[int] = []
    for place, line in enumerate(cells):
        headers = [
            n for n, cell in enumerate(line) if isinstance(cell, str) and header_key(cell) == _NUMBER_HEADER
        ]
        if headers:
            columns = headers
            continue
        numbers = {lead_number(shown(line[n])) for n in columns if n < len(line)} - {None}
        if person.number in numbers:
            found.theirs.add(place)
        elif numbers:
            found.others.add(place)


def _by_keys(place: int, row: Row, person: Person, found: _Rows) -> None:
    keys = Person(0).knowing(row)
    if keys.keys & person.keys:
        strong = {key for key in keys.keys if key[0] in ADDRESSES}
        # A namesake at the same company has other addresses.
        if strong & person.keys or not strong:
            found.theirs.add(place)
    elif not keys.keys and keys.names & person.names:
        found.theirs.add(place)


def holds_address(text: str, addresses: Collection[str]) -> bool:
    """Say whether a cell holds one of the addresses, alone or among others."""
    if not text or not addresses:
        return False
    if {member_id(text), person_url(text), email_key(text)} & set(addresses):
        return True
    if "@" not in text or len(text) > _SHORT:
        return False
    return any(email_key(word.strip("<>()")) in addresses for word in re.split(r"[,;\s]+", text))
