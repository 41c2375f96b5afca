"""Values joined to text and read back from text (&, TEXTJOIN, VALUE), and the looks that formulas take over."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, cell, put, tab
from sheets_crm.operations.probes.cells import at, below_each_other, looks, read, said, write_formulas

CELLS: Final[tuple[Any, ...]] = (
    cell(46115, "dd/mm/yyyy", "DATE"),
    cell(0.5, "0%", "PERCENT"),
    cell(5.5, "#,##0.00 €", "CURRENCY"),
    cell(0.5, "hh:mm", "TIME"),
    cell(46115.5, "dd/mm/yyyy hh:mm:ss", "DATE_TIME"),
    1.5,
    True,
    "texto",
    None,
    cell(1234567.891, "#,##0.00", "NUMBER"),
    cell(1.5, "[h]:mm:ss", "TIME"),
    '=""',
)
"""A1 to A12, which the formulas refer to."""

JOINED: Final = (
    '=A1&""', '=A2&""', '=A3&""', '=A4&""', '=A5&""', '=A6&""', '=A7&""', '=A9&""', '=A10&""', '=A11&""',
    '=A12&""', '=(A1+1)&""', '=(A3*2)&""', '=1,5&""', '=TRUE&""', '=VERDADERO&""', '=(1=1)&""', '=50%&""',
    '=-0&""', '=1E20&""', '=1E21&""', '=1E-4&""', '=1E-7&""', '=(0,1+0,2)&""', '=(1/3)&""', '=(2/3)&""',
    '=(100/3)&""', '=12345678901234&""', '=123456789012345678&""', '=1234567,123456789&""',
    '=DATE(2026;4;3)&""', '=TIME(12;30;0)&""', '=CONCATENATE(A1;" ";A6)', "=CONCAT(A6;A7)",
    '=JOIN("|";A1:A7)', '=TEXTJOIN("|";TRUE;A1:A11)', "=LEN(A1)", "=LEFT(A1;3)", "=UPPER(TRUE)", "=T(A1)",
    "=TO_TEXT(A1)", "=TO_TEXT(A3)", "=TO_TEXT(A6)", '=EXACT(A6;"1,5")', '=A6="1,5"',
    '=SUBSTITUTE(A6;",";"x")', '=FIND(",";A6)', '=ARRAYFORMULA(TEXTJOIN("|";FALSE;A1:A7&""))',
)  # fmt: skip

READ: Final = (
    '="1,5"+1', '="1.5"+1', '="1.234,5"+0', '="1,234.5"+0', '="50%"+0', '="50 %"+0', '="5 €"+0', '="€5"+0',
    '="$5"+0', '="03/04/2026"+0', '="3 abr 2026"+0', '="2026-04-03"+0', '="12:30"+0', '="12.30"+0',
    '="TRUE"+0', '="VERDADERO"+0', '=" 5 "+0', '="1e3"+0', '="(5)"+0', '="a"+0', '=""+1', '=" "+1', '=""*2',
    '=-""', '=""^2', "=A12+1", "=A9+1", '=""=0', '=""=A9', "=A12=A9", "=0=A9", "=FALSE=A9", '=SUM("")',
    '=SUM("";1)', "=SUM(A12;1)", '=N("")', '=""&1+1', '=IF("";1;2)', "=IF(A12;1;2)", '=NOT("")',
    '=AND("";TRUE)', '=MAX("")', '=ABS("")', '=ROUND("";1)', '=""<1', '="a">1', '=TRUE>"a"',
    '=VALUE("1.234,5")', '=VALUE("1,234.5")', '=VALUE("5 €")', '=VALUE("")', "=VALUE(A12)",
    '=DATEVALUE("3/4/2026")', '=DATEVALUE("4/13/2026")', '=DATEVALUE("3 abr 2026")',
    '=DATEVALUE("3 de abril de 2026")', '=TIMEVALUE("12:30")', '=ISNUMBER("1,5"*1)', "=TRUE+1", "=TRUE&1+1",
    '="5"="5,0"', '=5="5"',
)  # fmt: skip

LOOKS: Final = (
    "=A1", "=A1+1", "=1+A1", "=A1-A1", "=A1*1", "=A1/2", "=-A1", "=A1+A4", "=A5-A1", "=A2", "=A2*2", "=A2+A6",
    "=A2*A3", "=A3", "=A3*2", "=A3+A3", "=A3/A3", "=A3/2", "=A3+A6", "=A6+A3", "=A4", "=A4*2", "=A4+A4",
    "=A7", "=A8", "=A9", "=A10", "=A10+1", "=A11", "=SUM(A3:A3)", "=SUM(A1;A3)", "=SUM(A3;A1)", "=SUM(A1:A3)",
    "=MAX(A1;A6)", "=MIN(A1:A2)", "=AVERAGE(A3;A3)", "=COUNT(A1:A5)", "=IF(TRUE;A1;A3)", "=IF(FALSE;A1;A3)",
    "=IF(TRUE;A1)", "=IFERROR(A1;0)", "=IFERROR(1/0;A1)", "=IFS(TRUE;A2)", "=CHOOSE(1;A3)", "=INDEX(A1:A5;1)",
    "=VLOOKUP(46115;A1:A5;1;FALSE)", "=XLOOKUP(46115;A1:A5;A1:A5)", "=LET(x;A1;x)", "=LET(x;A1;x+1)",
    "=MOD(A1;7)", "=INT(A5)", "=ROUND(A3;0)", "=ABS(A2)", "=DATE(2026;4;3)", "=DATE(2026;4;3)+1",
    "=DATE(2026;4;3)-DATE(2026;4;1)", "=TIME(12;30;0)", "=EDATE(A1;1)", "=EOMONTH(A1;0)", "=YEAR(A1)",
    "=WEEKDAY(A1)", '=DATEVALUE("3/4/2026")', '=VALUE("50%")', '=VALUE("5 €")', "=50%", "=50%*2", "=N(A1)",
    "=MEDIAN(A1;A1)", "=PRODUCT(A3;2)", "=SUMPRODUCT(A3:A3)", '=SUMIF(A3:A3;">0")',
    '=MAXIFS(A1:A1;A1:A1;">0")', "=OFFSET(A1;0;0)", '=INDIRECT("A1")', "=SORT(A1)", "=UNIQUE(A1)",
    "=FILTER(A1;A1>0)", "=ARRAYFORMULA(A1+1)", '=QUERY(A1:A1;"select A")', "=TRANSPOSE(A1)", "=A1=A1",
    "=ISBLANK(A9)", '=CONVERT(1;"m";"km")',
)  # fmt: skip

SPILLED: Final = (
    "=FILTER(A1:A5;A1:A5>0)", "=SORT(A1:A5)", "=ARRAYFORMULA(A1:A5+1)", "=ARRAYFORMULA(A1:A5*1)",
    "=ARRAYFORMULA(IF(A1:A5>1;A1:A5;0))",
)  # fmt: skip
_SPILL: Final = 5


def _beside_the_cells(client: RawClient, number: int, title: str, formulas: tuple[str, ...]) -> Outcome:
    count = max(len(formulas), len(CELLS))
    before = (tab(number, title, count, 4), put(number, 0, 0, [[item] for item in CELLS]))
    refusals = write_formulas(client, below_each_other(number, 2, formulas), *before)
    return looks(client, f"{title}!C1:C{len(formulas)}", formulas) | refusals


def _joined(client: RawClient) -> Outcome:
    return _beside_the_cells(client, 7121, "Joined", JOINED)


def _read(client: RawClient) -> Outcome:
    return _beside_the_cells(client, 7122, "Coerced", READ)


def _looks(client: RawClient) -> Outcome:
    """The look of single results in column C, and of each cell that formulas in row 1 of E to I spill into."""
    number, count = 7123, len(LOOKS)
    before = (
        tab(number, "Looks", count, 9),
        put(number, 0, 0, [[item] for item in CELLS]),
        put(number, 0, 4, [SPILLED]),
    )
    refusals = write_formulas(client, below_each_other(number, 2, LOOKS), *before)
    single, spilled = read(client, f"Looks!C1:C{count}", f"Looks!E1:I{_SPILL}")
    outcome = {formula: said(at(single, n), asked=formula) for n, formula in enumerate(LOOKS)}
    for place, formula in enumerate(SPILLED):
        cells = [at(spilled, n, place) for n in range(_SPILL)]
        outcome |= {f"{formula}, row {n + 1}": said(item, asked=formula) for n, item in enumerate(cells)}
    return outcome | refusals


PROBES: Final = (
    Probe(
        "numbers, dates and flags joined to text in es_ES", "search keys and messages made by formulas", _joined
    ),
    Probe("texts and blanks as numbers in es_ES", "formulas over what operators type", _read),
    Probe("the look that a formula takes from its cells", "dates and money that formulas show", _looks),
)
