"""What operators said that headers of imports become: a column of the Master, a column of its own, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sheets_crm.pipeline.columns import (
    BODIES,
    COMPANY,
    EMAIL,
    LEAD_NUMBER,
    NOTES,
    PERSON,
    PERSON_PHONE,
    TARGET_ID,
    prompt_columns,
)
from sheets_crm.pipeline.imports.text import header_key, length
from sheets_crm.pipeline.schema import Schema

KEEP: Final = "keep"
IGNORE: Final = "ignore"
FULL_NAME: Final = "fullName"
"""First and last name in one cell: no column of the Master, and what a header may become all the same."""
LONGEST_TITLE: Final = 100
"""Characters (UTF-16 units) of a header that may become a column's title."""
MOST_KEPT: Final = 200
"""Columns that a workbook may keep: each costs a cell for every lead."""

_FACTS: Final = (TARGET_ID, *PERSON[2:], *COMPANY, NOTES, PERSON_PHONE)
_RESULTS: Final = (*EMAIL, "box1_result", "box1_version", "subject", *BODIES, "instantly_status")


@dataclass(frozen=True, slots=True)
class HeaderAnswers:
    """The answers of a workbook.

    Attributes:
        becomes: What a header becomes (a column, `FULL_NAME`, `KEEP`, `IGNORE`), by kind of import and header key; the
            kind "" stands for all.
    """

    becomes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str]]) -> HeaderAnswers:
        """The answers in rows of kind, header and what it becomes; of two about one header the upper counts."""
        made: dict[tuple[str, str], str] = {}
        for kind, header, becomes in rows:
            if becomes and header_key(header):
                made.setdefault((kind, header_key(header)), becomes)
        return cls(made)

    def get(self, kind: str, header: str) -> str:
        """What a header becomes in an import of a kind; "" if nobody has said."""
        if not self.becomes:
            return ""
        key = header_key(header)
        return self.becomes.get((kind, key)) or self.becomes.get(("", key), "")

    def headers(self) -> frozenset[str]:
        """The keys of the headers that became something."""
        return frozenset(key for (_, key), becomes in self.becomes.items() if becomes != IGNORE)

    def translated(self, kind: str, header: Sequence[str]) -> Sequence[str]:
        """A header row of an import of a kind as its formats know it; a header that is ignored is blank."""
        if not self.becomes:
            return header
        return [self._translated(kind, cell) for cell in header]

    def _translated(self, kind: str, cell: str) -> str:
        becomes = self.get(kind, cell)
        if becomes == IGNORE:
            return ""
        return cell if becomes in {"", KEEP} else becomes


NO_ANSWERS: Final = HeaderAnswers()


@lru_cache(maxsize=8)
def fillable(schema: Schema) -> frozenset[str]:
    """The columns that any import may fill: facts about people and companies, and the workbook's own columns."""
    return frozenset(name for name in (*_FACTS, *schema.added) if schema.has(name))


@lru_cache(maxsize=8)
def possible(schema: Schema) -> tuple[str, ...]:
    """The columns of the Master that a header may become, in the Master's order, and the full name."""
    results = {LEAD_NUMBER, *_RESULTS, *prompt_columns(schema.prompts)}
    allowed = {name for name in results if schema.has(name)} | fillable(schema)
    return (FULL_NAME, *(name for name in schema.names if name in allowed))


def column_of(header: str, schema: Schema) -> str:
    """The column that a header which is kept goes to: one of that name, or a new one with the header as its title."""
    key = header_key(header)
    same = next((name for name in schema.names if header_key(name) == key), "")
    return same or title_of(header)


def title_of(header: str) -> str:
    """A header as the title of a column: as it was written, in one line."""
    return " ".join(header.split())


def too_long_a_title(header: str) -> bool:
    """Whether a header is too long for a title."""
    return length(title_of(header)) > LONGEST_TITLE
