"""The columns of a block that nobody understands: what operators are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.answers import HeaderAnswers, title_of
from sheets_crm.pipeline.imports.formats import PASSED_OVER
from sheets_crm.pipeline.imports.layout import known_headers, weakly
from sheets_crm.pipeline.imports.recognise import Block, could_be_header
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS

MOST: Final = 100
"""Columns of one block that are asked about: a table wider than that is no list of people."""
_LONGEST_EXAMPLE: Final = 80
_VAGUE: Final = "two_steps"


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that is not understood.

    Attributes:
        kind: The kind of import that it stands in; "" when that is not known either.
        header: Its header, as it was written.
        example: A cell of it; "" when it has none.
    """

    kind: str
    header: str
    example: str


def unknown_columns(block: Block, schema: Schema, answers: HeaderAnswers) -> list[UnknownColumn]:
    """The columns of a block that nobody has said anything about, each header once.

    Args:
        block: A block, recognised or not.
        schema: The workbook's columns and steps.
        answers: What operators said that headers become.
    """
    kind = kind_of(block, schema)
    asked: dict[str, UnknownColumn] = {}
    for place in _places(block, schema):
        header = title_of(block.header[place])
        if header_key(header) and not answers.get(kind, header):
            asked.setdefault(header_key(header), UnknownColumn(kind, header, _example(block, place)))
    return list(asked.values())[:MOST]


def kind_of(block: Block, schema: Schema) -> str:
    """The kind of a block: recognised, named, or the one that it comes closest to; "" if it could be any."""
    if block.step is not None:
        return block.step
    if block.problem is None:
        return ""
    if block.problem.code in {"contacts_minimum", "contacts_cells"}:
        return CONTACTS
    step = str(block.problem.params.get("step", ""))
    return step if step in {"export", CONTACTS, *(each.name for each in schema.steps)} else ""


def _places(block: Block, schema: Schema) -> Iterator[int]:
    if block.layout is not None:
        yield from block.layout.unknown
    elif _is_table(block):
        yield from _of_refused(block, schema)


def _is_table(block: Block) -> bool:
    """Whether a block that is not understood is a table at all, and not a note that somebody wrote."""
    filled = [cell for cell in block.header if cell.strip()]
    return len(filled) > 1 and len(block.rows) > 0 and could_be_header(block.header)


def _of_refused(block: Block, schema: Schema) -> Iterator[int]:
    header = block.header
    keys = [header_key(cell) for cell in header]
    if block.problem is not None and block.problem.code == _VAGUE:
        rivals = weakly(header, schema)
        weak = {header_key(name) for each in rivals for field in each.format.fields for name in field.weak}
        yield from (place for place, key in enumerate(keys) if key in weak)
        return
    known = known_headers(schema) | PASSED_OVER
    if header_key(LEAD_NUMBER) in keys or kind_of(block, schema) not in {"", CONTACTS}:
        yield from (place for place, key in enumerate(keys) if key not in known)
        return
    from sheets_crm.pipeline.imports.contacts.decide import contact_columns  # noqa: PLC0415 - a poll needs no words

    cells = block.rows.to_numpy(dtype=object).tolist()
    yield from (place for place in contact_columns(header, cells).unknown if keys[place] not in schema.names)


def _example(block: Block, place: int) -> str:
    cells = (str(cell).strip() for cell in block.rows[place])
    return " ".join(next(filter(None, cells), "").split())[:_LONGEST_EXAMPLE]
