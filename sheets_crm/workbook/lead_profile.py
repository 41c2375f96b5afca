"""The Lead Profile: everything of one lead by live formulas, for sales.

Source: the owner's document, "una especie de Leads Profile para tener acceso fácil en ventas".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import COMPANY, COPY, EMAIL, LEAD_NUMBER, NOTES, PERSON, prompt_columns
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.tabs import BOX1_HISTORY, MASTER, input_key

ASK_ROW: Final = 1
ROW_CELL: Final = "$B$3"


def rows(schema: Schema, language: str, where: Addresses) -> tuple[tuple[CellIn, ...], ...]:
    """The rows of the Lead Profile, two cells each; the operator writes in B2."""
    return tuple(_rows(schema, language, where))


def _rows(schema: Schema, language: str, where: Addresses) -> Iterator[tuple[CellIn, ...]]:
    def of_master(header: str) -> Formula:
        return Formula(f'=IF({ROW_CELL}="";"";IFERROR(INDEX({where.column(MASTER, header)};{ROW_CELL});""))')

    number, email = where.column(MASTER, LEAD_NUMBER), where.column(MASTER, "email")
    # The lead may be given as a number, as a number typed as text, or as an e-mail.
    match = f"IFERROR(MATCH($B$2;{number};0);IFERROR(MATCH(VALUE($B$2);{number};0);MATCH($B$2;{email};0)))"
    yield ("Lead Profile", localize("profile.hint", language))
    yield (localize("profile.ask", language), "")
    yield (localize("profile.row", language), Formula(f'=IF($B$2="";"";IFERROR({match};""))'))
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
        shown = [name for name in names if schema.has(name)]
        if shown:
            yield (localize(f"profile.{title}", language), "")
        for name in shown:
            yield (name, of_master(name))
    for name in (*schema.added, NOTES, "imported_at", "updated_at"):
        yield (name, _notes(schema, where) if name == NOTES else of_master(name))
    if schema.has("box1_result"):
        yield (localize("profile.history", language), "")
        yield from _earlier(where)


def _notes(schema: Schema, where: Addresses) -> Formula:
    """The lead's notes, from the input tab that lists it, where operators edit them, else from the Master."""
    lead = f"INDEX({where.column(MASTER, LEAD_NUMBER)};{ROW_CELL})"
    notes = f'IFERROR(INDEX({where.column(MASTER, NOTES)};{ROW_CELL});"")'
    for key in map(input_key, schema.steps):
        row = f"MATCH({lead};{where.column(key, LEAD_NUMBER)};0)"
        notes = f'IFERROR(INDEX({where.column(key, NOTES)};{row})&"";{notes})'
    return Formula(f'=IF({ROW_CELL}="";"";{notes})')


def _earlier(where: Addresses) -> Iterator[tuple[CellIn, ...]]:
    """The number of the lead's earlier Box 1 results, and the first of them."""
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
