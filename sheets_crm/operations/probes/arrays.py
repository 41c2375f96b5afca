"""Errors and edges in arrays: LET, HSTACK, FILTER, ARRAY_CONSTRAIN, EXACT; and how long a result may be."""

from __future__ import annotations

from typing import Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, enter, put, refused, tab, write
from sheets_crm.operations.probes.cells import (
    VALUES,
    at,
    below_each_other,
    grid_words,
    plain,
    read_one,
    write_formulas,
)

LONG_TAB: Final = 7132
APART: Final = 6
"""Rows between two formulas: each has room to spill."""

CELLS: Final = (
    (1, True, True, 1, "Ab", "x"),
    ("=1/0", True, True, 0, "AB", "x"),
    ("a", "=NA()", False, 2, "ab", None),
    (None, False, False, -1, "Ab", "x"),
)
"""A1:F4: a column with an error and a blank, a condition with an error, one without, numbers, texts, a gap."""

ARRAYS: Final = (
    "=LET(x;1/0;5)", '=LET(x;1/0;IFERROR(x;"caught"))', "=LET(x;A2;x)", '=LET(x;A1:A4;IFERROR(x;"e"))',
    "=LET(x;1;y;x+1;y)", "=LET(x;A4;ISBLANK(x))", "=HSTACK(1;1/0)", '=HSTACK(1;A2;"x")',
    "=HSTACK(A1:A4;D1:D2)", "=VSTACK(1;NA())", "=VSTACK(A1:B1;1)", '=IFERROR(HSTACK(1;1/0);"e")',
    '=IFERROR(HSTACK(A1:A4;D1:D2);"e")', "=COLUMNS(HSTACK(1;1/0))", "=IF(C1:C4;1;0)",
    "=ARRAYFORMULA(IF(C1:C4;A1:A4;0))", "=FILTER(A1:A4;C1:C4)", "=FILTER(A1:A4;B1:B4)",
    "=FILTER(A1:A4;A1:A4=1)", '=FILTER(A1:A4;C1:C4="nothing")', "=FILTER(A1:A4;D1:D4)",
    "=FILTER(D1:D4;D1:D4>0;C1:C4)", "=FILTER(A1:A4;F1:F4)", '=FILTER(A1:A4;E1:E4="ab")',
    "=FILTER(A1:A4;C1:C3)", "=FILTER(A4;TRUE)", "=FILTER(A1:C1;A1:C1=TRUE)",
    '=IFERROR(FILTER(D1:D4;D1:D4>9);"none")', '=IFNA(FILTER(D1:D4;D1:D4>9);"none")',
    "=ROWS(FILTER(D1:D4;D1:D4>9))", "=COUNTA(FILTER(D1:D4;D1:D4>9))", "=SUM(FILTER(D1:D4;B1:B4))",
    "=ARRAY_CONSTRAIN(A1:F4;2;2)", "=ARRAY_CONSTRAIN(A1:F4;9;2)", "=ARRAY_CONSTRAIN(A1:F4;0;1)",
    "=ARRAY_CONSTRAIN(A1:F4;-1;1)", "=ARRAY_CONSTRAIN(A1:F4;1,9;1)", "=ARRAY_CONSTRAIN(5;2;2)",
    '=EXACT(E1:E4;"Ab")', '=ARRAYFORMULA(EXACT(E1:E4;"Ab"))', "=ARRAYFORMULA(EXACT(E1:E4;E1:E2))",
    "=ARRAYFORMULA(EXACT(A1:A4;A1:A4))", '=FILTER(D1:D4;EXACT(E1:E4;"Ab"))',
    '=SUMPRODUCT(EXACT(E1:E4;"Ab")*1)', "=SUMPRODUCT(D1:D4*(B1:B4))", '=ARRAYFORMULA(A1:A4&"")',
    "=ARRAYFORMULA(A1:A4+D1:D2)", "=SORT(A1:A4)", "=SORT(D1:D4;1;FALSE)", "=UNIQUE(E1:E4)", "=UNIQUE(F1:F4)",
    "=FLATTEN(A1:B2)", "=TOCOL(F1:F4;1)", "=CHOOSECOLS(A1:F4;-1)", "=TRANSPOSE(F1:F4)", "=SEQUENCE(2;2)",
    "=BYROW(D1:E4;LAMBDA(r;INDEX(r;1)))", "=MAP(D1:D4;LAMBDA(x;x*2))", "=REDUCE(0;D1:D4;LAMBDA(a;x;a+x))",
    '=XLOOKUP("ab";E1:E4;D1:D4)', '=MATCH("Ab";E1:E4;0)', "=VLOOKUP(1;A1:D4;4;FALSE)", "=SUM(A1:A4)",
    "=COUNT(A1:A4)", "=COUNTA(A1:A4)", "=COUNTBLANK(F1:F4)", "=MAX(B1:B4)", '=SPLIT("a,,b";",")',
    '=REGEXEXTRACT("a1b2";"([a-z])(\\d)")', "=1/0+NA()", "=NA()+1/0", '=("a"+1)+NOSUCHFUNCTION()',
)  # fmt: skip

LONG: Final = (
    '=REPT("x";49999)', '=REPT("x";50000)', '=REPT("x";50001)', '=A2&"x"', '=A1&"x"',
    '=TEXTJOIN("";TRUE;REPT("x";25000);REPT("x";25000))',
    '=TEXTJOIN("";TRUE;REPT("x";25000);REPT("x";25001))', '=CONCATENATE(A2;"x")', '=JOIN("";A2;"x")',
    '=SUBSTITUTE(REPT("x";25001);"x";"xx")', '=LEN(REPT("x";50001))', '=LEN(A2&"x")',
    '=LEN(REPT("x";25001)&REPT("x";25001))', '=LEFT(A2&"x";5)', '=IFERROR(A2&"x";"too long")', "=A2",
    '=REPT("é";25001)', '=REPT("é";50000)',
)  # fmt: skip


def _arrays(client: RawClient) -> Outcome:
    requests = [tab(7131, "Arrays", APART * len(ARRAYS) + 4, 16), put(7131, 0, 0, CELLS)]
    refusals = write_formulas(client, below_each_other(7131, 8, ARRAYS, APART), *requests)
    rows = read_one(client, "Arrays!I:P", VALUES)
    return {formula: grid_words(rows[APART * n : APART * (n + 1)]) for n, formula in enumerate(ARRAYS)} | refusals


def _long(client: RawClient) -> Outcome:
    """Results of 50,000 characters and more: their lengths are read, which another formula counts, not the texts."""
    count = len(LONG)
    lengths = put(LONG_TAB, 0, 1, [[f"=LEN(A{n})"] for n in range(1, count + 1)])
    refusals = write_formulas(client, below_each_other(LONG_TAB, 0, LONG), tab(LONG_TAB, "Long", count, 2))
    write(client, lengths)
    rows = read_one(client, f"Long!A1:B{count}", "effectiveValue(errorValue(type),numberValue)")
    results = [[plain(at(rows, n, place).get("effectiveValue", {})) for place in (0, 1)] for n in range(count)]
    # A text is not asked for, so its cell reads as blank, and the length beside it tells it.
    told = [f"a text of {length}" if result == "blank" else result for result, length in results]
    return dict(zip(LONG, told, strict=True)) | refusals


def _long_typed(client: RawClient) -> Outcome:
    return {
        "values": refused(enter(client, "Long!A1", [["x" * 50_001]], "RAW")),
        "updateCells": refused(write(client, put(LONG_TAB, 0, 0, [["x" * 50_001]]))),
    }


PROBES: Final = (
    Probe("arrays with errors, blanks and conditions", "the ticked LeadNumbers, and what a poll reads", _arrays),
    Probe("results of formulas at 50,000 characters", "the ticked LeadNumbers are one text", _long),
    Probe("texts of 50,001 characters", "the limit at which the worker cuts texts", _long_typed),
)
