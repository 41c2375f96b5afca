"""What people type, in es_ES and in en_US: numbers, money, dates, times, flags, formulas (USER_ENTERED)."""

from __future__ import annotations

from typing import Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, cell, enter, put, refused, tab, write
from sheets_crm.operations.probes.cells import at, looks, read_one, said

NUMBERS: Final = (
    "1.5", "1,5", "12.30", "1.234", "1.234,5", "1,234.5", "1.234.567", "1,234,567", "1.23.456", "1 234,5",
    "0,5", ",5", "1e3", "1,5e3", "1.5e3", "-5", "- 5", "+5", "(5)", "5-", "007", "'007", "+34600123456",
    "1/2", "0 1/2", "50 %", "50%", "12,5 %", "12.5%", "%50", "5 €", "€5", "5,00 €", "5.00 €", "€ 5", "-5 €",
    "$5", "5 $", "£5", "5 EUR", " 7 ",
)  # fmt: skip

DATES: Final = (
    "3/4", "03/04/2026", "4/13/2026", "13/4/2026", "3-4-26", "3.4.2026", "2026-04-03", "2026/04/03",
    "20260403", "3/2026", "abr-26", "3 abr 2026", "3-abr-2026", "3 de abril de 2026", "3 de abril",
    "abril 2026", "viernes", "Apr 3, 2026", "3 April 2026", "12:30", "12.30.15", "12:30:15", "25:30",
    "12:30 PM", "12.30 pm", "1:30 p. m.", "12h30", "03/04/2026 12:30", "2026-04-03 12:30:15",
    "2026-04-03T12:30:15Z", "31/02/2026", "29/02/2026",
)  # fmt: skip

WORDS: Final = (
    "VERDADERO", "verdadero", "FALSO", "TRUE", "true", "True", "sí", "N/A", "#N/A", "#¡VALOR!", "'=1+1", "'",
    "texto",
)  # fmt: skip

FORMULAS: Final = (
    "=1,5*2", "=1.5*2", "=SUM(1,2)", "=SUM(1;2)", "=SUMA(1;2)", "=SUMA(1,2)", "=VERDADERO", "=TRUE", "=50%*2",
    "=+5", "=SI(VERDADERO;1;2)", "=IF(TRUE;1;2)", "={1;2}", "={1\\2}", "=DATE(2026;4;3)", "= 1 + 1 ",
    "=sum(1;2)", "+1+1",
)  # fmt: skip

WITHOUT_A_YEAR: Final = frozenset({"1.5", "12.30", "3/4", "1/2", "3-4", "3 de abril", "viernes", "abr-26"})
"""These are of the year in which they are typed, if they are dates at all."""

INTO: Final = (
    ("text", "TEXT", ""),
    ("number", "NUMBER", "#,##0.00"),
    ("percent", "PERCENT", "0.00%"),
    ("currency", "CURRENCY", "#,##0.00 €"),
    ("date", "DATE", "dd/mm/yyyy"),
    ("time", "TIME", "hh:mm"),
)
INTO_TYPED: Final = (
    "1,5", "1.5", "5", "50 %", "03/04/2026", "12:30", "007", "5 €", "VERDADERO", "=1+1", "hola",
)  # fmt: skip
"""Each is typed into cells that have one of the formats already."""


def _in_a_column(client: RawClient, number: int, title: str) -> Outcome:
    """Type everything into a new tab, texts and formulas apart, and if need be formula by formula.

    One that is refused would take the others along.
    """
    texts = (*NUMBERS, *DATES, *WORDS)
    write(client, tab(number, title, len(texts) + len(FORMULAS), 1))
    enter(client, f"{title}!A1:A{len(texts)}", [[text] for text in texts])
    first = len(texts) + 1
    refusals = {}
    if enter(client, f"{title}!A{first}:A{first + len(FORMULAS) - 1}", [[text] for text in FORMULAS])[0] != 200:
        answers = {text: enter(client, f"{title}!A{first + n}", [[text]]) for n, text in enumerate(FORMULAS)}
        refusals = {text: refused(answer) for text, answer in answers.items() if answer[0] != 200}
    return looks(client, f"{title}!A:A", (*texts, *FORMULAS), WITHOUT_A_YEAR) | refusals


def spanish(client: RawClient) -> Outcome:
    """Type everything while the workbook is in es_ES."""
    return _in_a_column(client, 7101, "Typed")


def american(client: RawClient) -> Outcome:
    """Type the same while the workbook is in en_US."""
    return _in_a_column(client, 7102, "TypedUS")


def _into_formats(client: RawClient) -> Outcome:
    formatted = [[cell(None, pattern, kind) for _, kind, pattern in INTO] for _ in INTO_TYPED]
    write(client, tab(7103, "Into", len(INTO_TYPED), len(INTO)), put(7103, 0, 0, formatted))
    answer = enter(client, "Into!A1", [[text] * len(INTO) for text in INTO_TYPED])
    if answer[0] != 200:
        return refused(answer)
    rows = read_one(client, f"Into!A1:F{len(INTO_TYPED)}")
    return {
        f"{text} into {name}": said(at(rows, n, place), asked=text, dated=text in WITHOUT_A_YEAR)
        for n, text in enumerate(INTO_TYPED)
        for place, (name, _, _) in enumerate(INTO)
    }


PROBES: Final = (
    Probe(
        "numbers, dates, flags and formulas typed in es_ES",
        "operators type and paste into Inbox, Control and Vocabulary",
        spanish,
    ),
    Probe(
        "typed into cells that have a format, in es_ES",
        "operators type into columns that init has formatted",
        _into_formats,
    ),
)
