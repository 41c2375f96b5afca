"""How numbers are shown: formats without a pattern, patterns, and TEXT(), in es_ES and after the change to en_US."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, cell, put, tab, write
from sheets_crm.operations.probes.cells import below_each_other, looks, write_formulas

KINDS: Final = (
    "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC", "TEXT",
)  # fmt: skip
NUMBERS: Final = (46115.520833333336, -1234.5, 0.25, 1234567)

PATTERNS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("NUMBER", "#,##0.00", 1234567.891),
    ("NUMBER", "0.###", 2),
    ("NUMBER", '#,##0.00;[Red](#,##0.00);"nada";@', -5),
    ("NUMBER", '#,##0.00;[Red](#,##0.00);"nada";@', 0),
    ("NUMBER", "_(@_)", "texto"),
    ("NUMBER", '0,,"M"', 1234567),
    ("NUMBER", "# ?/?", 1.5),
    ("CURRENCY", "#,##0.00 €", -1234.5),
    ("CURRENCY", "[$€-C0A]#,##0.00", 1234.5),
    ("CURRENCY", '_("$"* #,##0.00_)', 23),
    ("PERCENT", "0.0%", 0.1255),
    ("SCIENTIFIC", "0.00E+00", 12345.678),
    ("DATE", "dd/mm/yyyy", 46115),
    ("DATE", "d mmm yyyy", 46115),
    ("DATE", 'd "de" mmmm "de" yyyy', 46115),
    ("DATE", "dddd, ddd, mmmm, mmm, mmmmm", 46115),
    ("DATE", "yy-m-d", 46115),
    ("DATE", "dd/mm/aaaa", 46115),
    ("DATE", "dd/mm/yyyy", -1),
    ("TIME", "h:mm AM/PM", 0.75),
    ("TIME", "hh:mm:ss.000", 0.123456),
    ("TIME", "[h]:mm:ss", 1.5),
    ("TIME", "[mm]:ss", 0.05),
    ("DATE_TIME", 'yyyy-mm-dd"T"hh:mm:ss', 46115.520833333336),
    ("DATE_TIME", "dd/mm/yyyy h:mm", 46115.999999),
)

TEXTS: Final = (
    '=TEXT(1234,5;"0,00")', '=TEXT(1234,5;"0.00")', '=TEXT(1234,5;"#.##0,00")', '=TEXT(1234,5;"#,##0.00")',
    '=TEXT(0,125;"0%")', '=TEXT(0,125;"0,0%")', '=TEXT(0,125;"0.0%")', '=TEXT(46115;"dd/mm/yyyy")',
    '=TEXT(46115;"dd/mm/aaaa")', '=TEXT(46115;"d ""de"" mmmm ""de"" yyyy")', '=TEXT(46115;"dddd")',
    '=TEXT(46115;"ddd")', '=TEXT(46115;"mmm")', '=TEXT(46115;"mmmm-yy")', '=TEXT(46115;"yyyy-mm-dd")',
    '=TEXT(0,75;"hh:mm")', '=TEXT(0,75;"h:mm AM/PM")', '=TEXT(1,5;"[h]:mm")', '=TEXT(-5;"0;(0)")',
    '=TEXT("a";"0")', '=TEXT("";"0")', '=TEXT(TRUE;"0")', '=TEXT(5;"")', '=TEXT(5;"@")',
    '=TEXT(1234567;"0,00E+00")', '=TEXT(1234,5;"#.##0,00 €")', "=DOLLAR(1234,5)", "=FIXED(1234,567;1)",
    "=TO_DATE(46115)", "=TO_PERCENT(0,5)", "=TO_DOLLARS(5)", '=TEXT(46115,5;"dd/mm/yyyy hh:mm:ss")',
)  # fmt: skip


def _kinds(client: RawClient) -> Outcome:
    cases = {f"{number:.15g} as {kind}": cell(number, kind=kind) for kind in KINDS for number in NUMBERS}
    write(client, tab(7111, "Kinds", len(cases), 1), put(7111, 0, 0, [[item] for item in cases.values()]))
    return looks(client, f"Kinds!A1:A{len(cases)}", list(cases))


def _patterns(client: RawClient) -> Outcome:
    cases = {f"{number} by {pattern}": cell(number, pattern, kind) for kind, pattern, number in PATTERNS}
    write(client, tab(7112, "Patterns", len(cases), 1), put(7112, 0, 0, [[item] for item in cases.values()]))
    return looks(client, f"Patterns!A1:A{len(cases)}", list(cases))


def _texts(client: RawClient) -> Outcome:
    refusals = write_formulas(client, below_each_other(7113, 0, TEXTS), tab(7113, "Texts", len(TEXTS), 1))
    return looks(client, f"Texts!A1:A{len(TEXTS)}", TEXTS) | refusals


PROBES: Final = (
    Probe("formats without a pattern in es_ES", "cells whose format has a type alone", _kinds),
    Probe("patterns in es_ES", "dates, money and shares on the Dashboard and in the drafts", _patterns),
    Probe("TEXT() in es_ES", "formulas that write dates and numbers into texts", _texts),
)
