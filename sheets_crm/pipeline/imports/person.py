"""One person across all stored data: their keys, and the rows of a grid that are about them.

A lead may have had other e-mail addresses, and an output may identify it by LeadNumber only. So a row is about a person
if it has their LeadNumber; else if it holds one of their addresses; else by name and company, as people without any
address are told apart. In a row with another lead's number only the cells with such an address are about them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, PERSON_PHONE
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.pipeline.imports.export_rows import with_names
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.keys import email_key, member_id, name_key, person_url, phone_key, vmid
from sheets_crm.pipeline.imports.matching import Row, lead_number
from sheets_crm.pipeline.imports.merge import read_rows
from sheets_crm.pipeline.imports.recognise import Block, tables
from sheets_crm.pipeline.imports.text import header_key, shown, unaccented
from sheets_crm.pipeline.schema import Schema

Key = tuple[str, str]
Grid = Sequence[Sequence[object]]

ADDRESSES: Final = ("member_id", "person_url", "email", "phone")
"""Kinds of keys that identify one person."""

_URLS: Final = ("personSalesUrl", "personLinkedinUrl", "@sales_url", "@person_url", "@linkedin_url")
_COMPANIES: Final = ("companyName_fromP", "companyName")
_EMAILS: Final = ("email", "@email")
_NUMBER_HEADER: Final = header_key(LEAD_NUMBER)
_DIGITS: Final = 7
"""Fewest digits of a phone number without its country."""
_SHORT: Final = 200
"""Most characters of a cell that is searched for addresses: a longer text may merely mention somebody."""


@dataclass(frozen=True, slots=True)
class Person:
    """The keys and names of one person.

    Attributes:
        number: Their LeadNumber; 0 if it is no longer known.
        keys: Normalised keys by kind: ``member_id``, ``person_url``, ``email``, ``phone``, ``name`` (with company).
        names: Full names, as `unaccented` spells them.
    """

    number: int
    keys: frozenset[Key] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of_cells(cls, number: int, cells: Mapping[str, object]) -> Person:
        """The person of a lead's cells, by header of the Master."""
        texts = {name: shown(cell) for name, cell in cells.items()}
        return cls(number).knowing({name: text for name, text in texts.items() if text})

    def knowing(self, row: Row) -> Person:
        """The person with the keys and names of a further row, by target or header."""
        urls = [row[name] for name in _URLS if name in row]
        keys = {("member_id", member_id(url)) for url in urls} | {("person_url", person_url(url)) for url in urls}
        keys |= {("email", email_key(row[name])) for name in _EMAILS if name in row}
        keys.add(("member_id", vmid(row.get("@vmid", ""))))
        keys.add(("phone", phone_key(row.get(PERSON_PHONE, ""))))
        named = with_names(row)
        first, last = named.get("firstName", ""), named.get("lastName", "")
        # Contact lists have the company under the name that company data has in the Master.
        keys |= {("name", name_key(first, last, named.get(company, ""))) for company in _COMPANIES}
        full = unaccented(" ".join(f"{first} {last}".split()))
        names = {full} if first.strip() and last.strip() else set()
        return replace(self, keys=self.keys | {key for key in keys if key[1]}, names=self.names | names)

    def without(self, keys: Collection[Key]) -> Person:
        """The person without some keys, such as those shared with somebody else."""
        return replace(self, keys=self.keys - frozenset(keys))

    @property
    def addresses(self) -> frozenset[str]:
        """The keys that identify the person, whatever their kind."""
        return frozenset(key for kind, key in self.keys if kind in ADDRESSES)

    def mentioned(self, text: str) -> bool:
        """Whether a text names the person: by an address, or by the whole name."""
        folded, plain = text.lower(), unaccented(text)
        return any(_stands_in(key.lower(), folded) for key in self.addresses) or any(
            _stands_in(name, plain) for name in self.names
        )


def _stands_in(word: str, text: str) -> bool:
    return word in text and re.search(rf"(?<![\w.+-]){re.escape(word)}(?![\w-])", text) is not None


@dataclass(frozen=True, slots=True)
class Traces:
    """The places in a grid that are about a person.

    Attributes:
        rows: 0-based rows to erase whole.
        cells: (row, column) of cells with an address of theirs in rows of other leads.
    """

    rows: frozenset[int]
    cells: frozenset[tuple[int, int]]

    def cleansed(self, cells: Grid) -> list[list[Any]]:
        """The grid without the person; the other rows keep their places."""
        return [
            []
            if place in self.rows
            else ["" if (place, column) in self.cells else cell for column, cell in enumerate(line)]
            for place, line in enumerate(cells)
        ]


def traces_of(
    cells: Grid,
    person: Person,
    schema: Schema,
    step: str | None = None,
    answers: HeaderAnswers = NO_ANSWERS,
) -> Traces:
    """The traces of a person in a grid.

    Args:
        cells: The grid, header rows included.
        person: The person.
        schema: The workbook's columns and steps.
        step: The step that the grid was imported for, if one was named.
        answers: What operators said that headers become.
    """
    theirs: set[int] = set()
    others: set[int] = set()
    for block in tables(cells, schema, step, answers):
        _by_number(block, cells, person, theirs, others)
        if block.layout is not None:
            rows = zip(map(int, block.rows.index), read_rows(block.rows, block.layout), strict=True)
            theirs |= {place for place, row in rows if place not in others and _is_theirs(row, person)}
    addresses = person.addresses
    addressed = {
        (place, column)
        for place, line in enumerate(cells)
        for column, cell in enumerate(line)
        if place not in theirs and holds_address(shown(cell), addresses)
    }
    theirs |= {place for place, _ in addressed if place not in others}
    return Traces(frozenset(theirs), frozenset((place, column) for place, column in addressed if place in others))


def known_rows(
    cells: Grid, schema: Schema, step: str | None = None, answers: HeaderAnswers = NO_ANSWERS
) -> Iterable[tuple[int, Row]]:
    """Yield the rows of the recognised blocks of a grid, by target, with their row number."""
    for block in tables(cells, schema, step, answers):
        if block.layout is not None:
            yield from zip(map(int, block.rows.index), read_rows(block.rows, block.layout), strict=True)


def _by_number(block: Block, cells: Grid, person: Person, theirs: set[int], others: set[int]) -> None:
    """Sort the rows of a block by its LeadNumber column into theirs and others', whether it was recognised or not.

    An export's own numbers are not LeadNumbers. Without a number of the person no row counts as another's.
    """
    columns = [n for n, cell in enumerate(block.header) if header_key(cell) == _NUMBER_HEADER]
    if block.step in PEOPLE or not person.number:
        return
    for place in map(int, block.rows.index):
        line = cells[place]
        numbers = {lead_number(shown(line[n])) for n in columns if n < len(line)} - {None}
        if person.number in numbers:
            theirs.add(place)
        elif numbers:
            others.add(place)


def _is_theirs(row: Row, person: Person) -> bool:
    keys = Person(0).knowing(row).keys
    strong = {key for key in keys if key[0] in ADDRESSES}
    # A namesake at the same company has other addresses, so a name counts only in a row without any.
    return bool(strong & person.keys) or (not strong and bool(keys & person.keys))


def holds_address(text: str, addresses: Collection[str]) -> bool:
    """Whether a cell holds one of the addresses, alone or among others."""
    if not text or not addresses:
        return False
    if {member_id(text), person_url(text), email_key(text)} & set(addresses) or _is_phone_of(text, addresses):
        return True
    if "@" not in text or len(text) > _SHORT:
        return False
    return any(email_key(word.strip("<>()")) in addresses for word in re.split(r"[,;\s]+", text))


def _is_phone_of(text: str, addresses: Collection[str]) -> bool:
    """Whether a cell is one of the phone numbers, however it is written, with or without its country."""
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    if len(digits) < _DIGITS or any(map(str.isalpha, text)):
        return False
    return any(key.startswith("+") and key.endswith(digits) for key in addresses)
