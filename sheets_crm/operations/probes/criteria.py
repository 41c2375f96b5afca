"""What criteria and queries select: COUNTIF(S), SUMIF, QUERY, over texts, numbers, dates, flags, blanks and errors."""

from __future__ import annotations

from typing import Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, cell, put, tab
from sheets_crm.operations.probes.cells import (
    VALUES,
    below_each_other,
    grid_words,
    looks,
    read_one,
    write_formulas,
)

CELLS: Final = (
    ("nombre", "cuenta", "fecha", "activo", "mezcla"),
    ("Ana", 1.5, cell(46115, "dd/mm/yyyy", "DATE"), True, 1),
    ("ana", 2, cell(46116, "dd/mm/yyyy", "DATE"), False, "1"),
    ("a*a", "1,5", "03/04/2026", "VERDADERO", "uno"),
    (None, None, None, None, '=""'),
    ("", 10, cell(46145.5, "dd/mm/yyyy hh:mm", "DATE_TIME"), True, "=1/0"),
    ("Ángel", -1, cell(45000, "dd/mm/yyyy", "DATE"), "TRUE", 3),
)

CRITERIA: Final = (
    '=COUNTIF(A2:A7;"ana")', '=COUNTIF(A2:A7;"a*")', '=COUNTIF(A2:A7;"a~*a")', '=COUNTIF(A2:A7;"???")',
    '=COUNTIF(A2:A7;"angel")', '=COUNTIF(A2:A7;"")', '=COUNTIF(A2:A7;"=")', '=COUNTIF(A2:A7;"<>")',
    '=COUNTIF(A2:A7;"<>ana")', '=COUNTIF(A2:A7;"*")', '=COUNTIF(A2:A7;">a")', "=COUNTIF(A2:A7;A5)",
    "=COUNTIF(B2:B7;1,5)", '=COUNTIF(B2:B7;"1,5")', '=COUNTIF(B2:B7;"1.5")', '=COUNTIF(B2:B7;">1,5")',
    '=COUNTIF(B2:B7;">1.5")', '=COUNTIF(B2:B7;">=1,5")', '=COUNTIF(B2:B7;"<0")', '=COUNTIF(B2:B7;"<>2")',
    '=COUNTIF(C2:C7;"03/04/2026")', '=COUNTIF(C2:C7;">03/04/2026")', "=COUNTIF(C2:C7;DATE(2026;4;3))",
    '=COUNTIF(C2:C7;">"&DATE(2026;4;3))', '=COUNTIF(C2:C7;"2026-04-03")', "=COUNTIF(D2:D7;TRUE)",
    '=COUNTIF(D2:D7;"TRUE")', '=COUNTIF(D2:D7;"VERDADERO")', '=COUNTIF(D2:D7;"<>TRUE")', "=COUNTIF(E2:E7;1)",
    '=COUNTIF(E2:E7;"1")', '=COUNTIF(E2:E7;"")', '=COUNTIF(E2:E7;"<>")', '=COUNTIF(E2:E7;"#DIV/0!")',
    '=COUNTIFS(A2:A7;"a*";B2:B7;">1")', '=COUNTIFS(A2:A7;"<>";D2:D7;TRUE)', '=COUNTIFS(A2:A7;"*";E2:E6;1)',
    '=SUMIF(A2:A7;"ana";B2:B7)', '=SUMIF(A2:A7;"a*";B2)', '=SUMIFS(B2:B7;A2:A7;"a*";B2:B7;"<2")',
    '=AVERAGEIF(A2:A7;"zz";B2:B7)', '=MAXIFS(C2:C7;A2:A7;"a*")', "=COUNTUNIQUE(A2:A7)", "=COUNTBLANK(E2:E7)",
    "=COUNTA(E2:E7)", '=MATCH("a~*a";A2:A7;0)', '=VLOOKUP("A*";A2:B7;2;FALSE)',
    '=XLOOKUP("a?a";A2:A7;B2:B7;"no";2)',
)  # fmt: skip

QUERIES: Final = (
    '"select A, B"', '"select A where B > 1,5"', '"select A where B > 1.5"',
    "\"select A where A contains 'a'\"", '"select A where A is null"', "\"select A where A = ''\"",
    '"select B where B is not null order by B desc"', '"select D, count(A) group by D"',
    "\"select D, sum(B) group by D label sum(B) 'total'\"", '"select E"',
    "\"select C where C >= date '2026-04-03'\"", '"select D where D = true"',
    "\"select A where lower(A) = 'ana'\"", "\"select A where A matches 'a.*'\"",
    '"select A limit 1 offset 1"', '"select sum(B)"', '"select A where B > 99"', '"select Col1"',
    "\"select A, B format B '0,00'\"", '"select avg(B) pivot D"', '"nonsense"', '""',
)  # fmt: skip

APART: Final = 9


def _criteria(client: RawClient) -> Outcome:
    before = (tab(7141, "Criteria", len(CRITERIA), 8), put(7141, 0, 0, CELLS))
    refusals = write_formulas(client, below_each_other(7141, 6, CRITERIA), *before)
    return looks(client, f"Criteria!G1:G{len(CRITERIA)}", CRITERIA) | refusals


def _queries(client: RawClient) -> Outcome:
    formulas = [f"=QUERY(A1:E7;{query};1)" for query in QUERIES] + ['=QUERY(A2:E7;"select A, B")']
    before = (tab(7142, "Queries", APART * len(formulas), 16), put(7142, 0, 0, CELLS))
    refusals = write_formulas(client, below_each_other(7142, 8, formulas, APART), *before)
    rows = read_one(client, "Queries!I:P", VALUES)
    return {
        formula: grid_words(rows[APART * n : APART * (n + 1)]) for n, formula in enumerate(formulas)
    } | refusals


PROBES: Final = (
    Probe("criteria of COUNTIF and its relatives in es_ES", "the figures of the Dashboard", _criteria),
    Probe("QUERY over mixed columns in es_ES", "operators' own tabs", _queries),
)
