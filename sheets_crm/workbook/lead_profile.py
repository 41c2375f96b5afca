"""The Lead Profile: one lead's whole story by live formulas, for sales.

Source: the owner's document, "una especie de Leads Profile para tener acceso fácil en ventas".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import COMPANY, COPY, EMAIL, LEAD_NUMBER, NOTES, PERSON, prompt_columns
from sheets_crm.pipeline.steps import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.tabs import BOX1_HISTORY, MASTER, input_key

ASK_ROW: Final = 1
ROW_CELL: Final = "$B$3"


def rows(schema: Schema, language: str, where: Addresses) -> tuple[tuple[CellIn, ...], ...]:
    """Return the rows of the Lead Profile, two cells each; the operator writes in B2."""
    return tuple(_rows(schema, language, where))


def _rows(schema: Schema, language: str, where: Addresses) -> Iterator[tuple[CellIn, ...]]:
    def of_master(header: str) -> Formula:
        return Formula(f'=IF({ROW_CELL}="";"";IFERROR(INDEX({where.column(MASTER, header)};{ROW_CELL});""))')

    number, email = where.column(MASTER, LEAD_NUMBER), where.column(MASTER, "email")
    found = f"IFERROR(MATCH($B$2;{number};0);IFERROR(MATCH(VALUE($B$2);{number};0);MATCH($B$2;{email};0)))"
    yield ("Lead Profile", localize("profile.hint", language))
    yield (localize("profile.ask", language), "")
    yield (localize("profile.row", language), Formula(f'=IF($B$2="";"";IFERROR({found};""))'))
    missing = localize("profile.not_found", language)
    yield ("", Formula(f'=IF(AND($B$2<>"";{ROW_CELL}="");"{missing}";"")'))
    states = tuple(column.name for column in schema.columns if _is_state(schema, column.name))
    sections = (
        ("person", PERSON),
        ("email", EMAIL),
        ("company", COMPANY),
        ("copy", ("box1_version", "box1_result", *COPY, *prompt_columns(schema.prompts))),
        ("states", (*states, "storage", "instantly_status", "instantly_status_at")),
    )
    for title, names in sections:
        yield (localize(f"profile.{title}", language), "")
        for name in names:
            yield (name, of_master(name))
    for name in (*schema.added, NOTES, "imported_at", "updated_at"):
        yield (name, _notes(schema, where) if name == NOTES else of_master(name))
    yield (localize("profile.history", language), "")
    yield from _earlier(where)


def _notes(schema: Schema, where: Addresses) -> Formula:
    """Return the lead's notes as they stand in the input tab that holds it by now, else as the Master has them."""
    lead = f"INDEX({where.column(MASTER, LEAD_NUMBER)};{ROW_CELL})"
    found = f'IFERROR(INDEX({where.column(MASTER, NOTES)};{ROW_CELL});"")'
    for key in map(input_key, schema.steps):
        place = f"MATCH({lead};{where.column(key, LEAD_NUMBER)};0)"
        found = f'IFERROR(INDEX({where.column(key, NOTES)};{place})&"";{found})'
    return Formula(f'=IF({ROW_CELL}="";"";{found})')


def _earlier(where: Addresses) -> Iterator[tuple[CellIn, ...]]:
    """Yield the lead's first earlier Box 1 result and how many there are."""
    lead = f"INDEX({where.column(MASTER, LEAD_NUMBER)};{ROW_CELL})"
    column = where.column(BOX1_HISTORY, LEAD_NUMBER)
    yield ("n", Formula(f'=IF({ROW_CELL}="";"";COUNTIF({column};{lead}))'))
    for name in ("box1_version", "box1_result", "subject", "box1_completed_at"):
        cell = f"INDEX({where.column(BOX1_HISTORY, name)};MATCH({lead};{column};0))"
        yield (name, Formula(f'=IF({ROW_CELL}="";"";IFERROR({cell};""))'))


def _is_state(schema: Schema, name: str) -> bool:
    return any(
        name in {step.sent, step.sent_at, step.batch, step.status, step.completed_at} for step in schema.steps
    )
