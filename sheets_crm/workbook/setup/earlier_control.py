"""What versions up to 0.4.0 wrote into rows of Control without an id: lines of the guide, headings, examples.

A row is theirs when it holds one of these texts whole and nothing else, where those versions put it. Whatever else
stands on Control without an id is the owner's own, and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import panel
from sheets_crm.workbook.cells import Cell

Rows = Sequence[Sequence[Cell]]
Example = tuple[str, str]

GUIDE: Final = frozenset({
    "1 · Marca la casilla send en la pestaña Input de un paso (o escribe take N aquí abajo y marca send N now).",
    "2 · Espera unos segundos: los leads pasan a la pestaña Batch del paso. Archivo › Descargar › CSV desde ahí.",
    "3 · Pega el resultado, con su fila de cabeceras, en Inbox (o Archivo › Importar en una pestaña «Output …»).",
    "4 · Lo que no se pudo unir aparece en Rejected con el motivo: corrige la celda y marca retry, o discard.",
    "5 · Mira el Dashboard. Nunca hace falta tocar la Master: está oculta y la mantiene el sistema.",
    "Formatos que se reconocen solos: export de PhantomBuster, verificadores, scrapers de empresa, Box 1, Instantly.",
    "1 · Tick send in a step's Input tab (or enter take N below and tick send N now).",
    "1 · Tick send in a step's Input tab (or write take N below and tick send N now).",
    "2 · Wait a few seconds: the leads move to the step's Batch tab. Download them there with File › Download › CSV.",
    "2 · Wait a few seconds: the leads move to the step's Batch tab. File › Download › CSV from there.",
    "3 · Paste the output, including its header row, into Inbox (or use File › Import into a tab named “Output …”).",
    "3 · Paste the output, with its header row, into Inbox (or File › Import into a tab named “Output …”).",
    "4 · Rows that could not be merged appear in Rejected with the reason: correct the cell and tick retry, or tick discard.",  # noqa: E501
    "4 · What could not be merged stands in Rejected with the reason: mend the cell and tick retry, or discard.",
    "5 · Check the Dashboard. There is never any need to touch the Master: it is hidden, and the system maintains it.",
    "5 · Read the Dashboard. Nobody needs to touch the Master: it is hidden and the system keeps it.",
    "Formats recognised automatically: PhantomBuster export, verifiers, company scrapers, Box 1, Instantly.",
    "Formats recognised by themselves: PhantomBuster export, verifiers, company scrapers, Box 1, Instantly.",
})  # fmt: skip
"""Lines of the guide, which stood among Control's rows."""
HEADINGS: Final = {
    **dict.fromkeys(("Estado", "Status"), ("status",)),
    **dict.fromkeys(("Problemas (vacío: ninguno)", "Problems (blank if none)"), ("problem.1",)),
    "Problems (blank: none)": ("problem.1",),
    **dict.fromkeys(("Ajustes", "Settings"), ("box1_version", "target_id")),
}
"""Headings, each with the ids of which one is the first row below it: a word alone may be the owner's own."""
EXAMPLES_HEADINGS: Final = frozenset({
    "Ejemplos de cabeceras que se reconocen en Inbox (las de cada herramienta también valen)",
    "Example headers recognised in Inbox (each tool's own headers work too)",
    "Examples of headers that are recognised in Inbox (each tool's own do as well)",
})  # fmt: skip
"""Headings of the examples, which stood below Control's last row with an id."""
EXAMPLES: Final = (
    ("export", "firstName, lastName, title, companyName, vmid, linkedInProfileUrl, timestamp"),
    ("verification", "LeadNumber, email, email_status"),
    ("company_scrap", "query, companyName, industry, website, employeesOnLinkedIn, timestamp"),
    ("box1", "LeadNumber, box1_result, subject, body_1, body_2, body_3, body_4"),
    ("instantly", "email, lt_interest_status, timestamp_last_contact"),
)
"""Examples of the header rows of each step's output."""


def examples(schema: Schema) -> frozenset[Example]:
    """The examples that a workbook may hold: of the built-in steps, and of the custom ones declared."""
    custom = (step for step in (*schema.steps, *schema.left_out) if step.custom)
    return frozenset({
        *EXAMPLES,
        *((step.name, ", ".join(("LeadNumber", step.status, *step.brings))) for step in custom),
    })  # fmt: skip


def texts_left_over(cells: Rows, known: Collection[Example]) -> Iterator[int]:
    """Yield the 0-based rows without an id that hold what an earlier version wrote.

    Args:
        cells: Control's cells from A1.
        known: The examples that it may have written.
    """
    with_id = [n for n, row in enumerate(cells) if _id(row)]
    for n in range(with_id[0] + 1, with_id[-1]) if with_id else ():
        if _alone(cells[n]) in GUIDE or _is_heading(cells, n):
            yield n
    starts = [n for n, row in enumerate(cells) if _alone(row) in EXAMPLES_HEADINGS and not _id(row)]
    for n in range(starts[0], len(cells)) if starts else ():
        if n in starts or _filled(cells[n]) in known:
            yield n


def _is_heading(cells: Rows, n: int) -> bool:
    """Whether a row is the heading nearest to the rows that it stood above."""
    text, heads = _alone(cells[n]), HEADINGS.get(_alone(cells[n]), ())
    for row in cells[n + 1 :] if heads else ():
        if _id(row) or _alone(row) == text:
            return _id(row) in heads
    return False


def _alone(row: Sequence[Cell]) -> str:
    """The text of a row's first cell, when no other is filled."""
    filled = _filled(row)
    return filled[0] if len(filled) == 1 else ""


def _filled(row: Sequence[Cell]) -> tuple[str, ...]:
    """The cells of a row up to its last that is filled, as texts."""
    last = max((n for n, cell in enumerate(row) if cell != ""), default=-1)
    return tuple(map(str, row[: last + 1]))


def _id(row: Sequence[Cell]) -> str:
    return str(row[panel.ID]) if len(row) > panel.ID else ""
