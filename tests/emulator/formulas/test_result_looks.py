"""How formulas' results look in cells of automatic format.

Recorded answers of Google's are the source of what DATE, NOW, TIME, EDATE, EOMONTH, WORKDAY, EPOCHTODATE and a reference
to them show, and of DATEVALUE and TIMEVALUE showing plain numbers; its guide "Reading & writing values" of the sum of
$20.50, $15 and $100. The rest is inferred.
"""

import pytest

from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.look_walk import LookWalk
from tests.emulator.formulas.formula_workbook import Book, Tab, calculator

DATE, TIME, MOMENT = {"type": "DATE"}, {"type": "TIME"}, {"type": "DATE_TIME"}
DAY = {"type": "DATE", "pattern": "d/m/yyyy"}
CENTS, DOLLARS = {"type": "CURRENCY", "pattern": '"$"#,##0.00'}, {"type": "CURRENCY", "pattern": '"$"#,##0'}
PART = {"type": "PERCENT", "pattern": "0%"}
DURATION = {"type": "TIME", "pattern": "[h]:mm:ss"}


def look(formula, at="H1", cell=None):
    """The number format that a formula implies; of another cell of its spill, if asked."""
    tab = Tab("Data")
    tab.fill("A1", [["day", "cost", "part", "plain", "when"]])
    tab.fill("A2", [[46000.0, 20.5, 0.5, 7.0, 46000.25], [46001.0, 15.0, 0.25, 8.0, 46000.5]])
    for row in (2, 3):
        tab.style(f"A{row}", "DATE", "d/m/yyyy").style(f"C{row}", "PERCENT", "0%").style(f"E{row}", "DATE_TIME")
    tab.style("B2", "CURRENCY", '"$"#,##0.00').style("B3", "CURRENCY", '"$"#,##0')
    book = Book([tab.put(at, formula)], {"Costs": ("Data", 1, 3, 1, 2)})
    worker = calculator()
    results = worker.evaluate(book)
    row, column = cell or (0, ord(at[0]) - 65)
    return worker.looks().number_format(("Data", row, column), results.value("Data", row, column))


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=TODAY()", DATE),
        ("=NOW()", MOMENT),
        ("=DATE(2023,3,19)", DATE),
        ('=EDATE("2025-03-15",1)', DATE),
        ('=EOMONTH("2025-03-15",-1)', DATE),
        ('=WORKDAY("2025-03-03",5)', DATE),
        ("=TIME(9,30,0)", TIME),
        ("=TO_DATE(1)", DATE),
        ("=TO_PERCENT(1)", {"type": "PERCENT", "pattern": "0%"}),
        ("=TO_DOLLARS(1)", CENTS),
        ("=PMT(0.05/12,360,-200000)", CENTS),
        ("=PMT(0.05/12,360,-200000)+NPV(0.1,100)", CENTS),
        ("=EFFECT(0.05,4)", None),
        ('=TO_DATE("x")', DATE),
        ("=TO_PERCENT(TRUE)", {"type": "PERCENT", "pattern": "0%"}),
        ('=DATEVALUE("2025-03-15")', None),
        ('=TIMEVALUE("13:30")', None),
        ("=YEAR(A2)", None),
        ("=DAYS(A3,A2)", None),
        ("=COUNT(A2:A3)", None),
        ("=ROW(A2)", None),
        ("=MATCH(A2,A:A,0)", None),
    ],
)
def test_functions_imply_a_format_or_none(formula, shown):
    assert look(formula) == shown


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=A2", DAY),
        ("=+A2", DAY),
        ("=-B2", CENTS),
        ("=B2", CENTS),
        ("=C2", PART),
        ("=D2", None),
        ("=D2*2", None),
        ("=MAX(A2:A3)", DAY),
        ("=MAX(A:A)", DAY),
        ("=AVERAGE(B2)", CENTS),
        ("=SUM(C2:C3)", PART),
        ("=SUM(D2,B2)", None),
        ("=SUM(B2,D2)", CENTS),
        ("=MAX(D2:D3)", None),
        ("=SUM(Costs)", {"type": "CURRENCY", "pattern": '"$"#,##0.0'}),
        ("=SUM(B2:B3)", {"type": "CURRENCY", "pattern": '"$"#,##0.0'}),
        ("=B2+B3", {"type": "CURRENCY", "pattern": '"$"#,##0.0'}),
        ("=SUM(B3,B3)", DOLLARS),
        ("=SUMIF(D2:D3,7,B2:B3)", {"type": "CURRENCY", "pattern": '"$"#,##0.0'}),
        ("=MAXIFS(A2:A3,D2:D3,7)", DAY),
        ("=ROUND(B2,0)", CENTS),
        ("=LARGE(A2:A3,1)", DAY),
    ],
)
def test_results_show_as_the_cells_that_they_come_from(formula, shown):
    assert look(formula) == shown


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=A2+7", DAY),
        ("=7+A2", DAY),
        ("=A2-7", DAY),
        ("=A3-A2", None),
        ("=E3-E2", DURATION),
        ("=E3-A2", DURATION),
        ("=7-A2", None),
        ("=A2*2", None),
        ("=B2*2", CENTS),
        ("=2*B2", CENTS),
        ("=B2/D2", CENTS),
        ("=C2*B2", CENTS),
        ("=B2*C2", CENTS),
        ("=C2*D2", PART),
        ("=MULTIPLY(B2,2)", CENTS),
        ("=B2^2", None),
        ("=B2>1", None),
        ('=B2&""', None),
        ("=C2%", None),
        ("=INT(TODAY()-A2)", None),
    ],
)
def test_operators_carry_the_format_of_a_side(formula, shown):
    """A date and days are a date, a date less a date is a number."""
    assert look(formula) == shown


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=IF(D2=7,A2,B2)", DAY),
        ("=IF(D2=8,A2,B2)", CENTS),
        ('=IF(D2="","",TODAY()-D2)', DATE),
        ("=IFERROR(1/0,B2)", CENTS),
        ("=IFERROR(A2,B2)", DAY),
        ("=IFNA(NA(),C2)", PART),
        ("=IFS(FALSE,A2,TRUE,B2)", CENTS),
        ("=SWITCH(D2,7,A2,B2)", DAY),
        ("=SWITCH(D2,9,A2,B2)", CENTS),
        ("=CHOOSE(2,A2,B2)", CENTS),
        ("=INDEX(A2:C3,1,2)", CENTS),
        ("=INDEX(A2:A3,2)", DAY),
        ("=VLOOKUP(46000,A2:C3,3,FALSE)", PART),
        ("=XLOOKUP(8,D2:D3,A2:A3)", DAY),
        ('=INDIRECT("B2")', CENTS),
        ("=OFFSET(A2,0,1)", CENTS),
        ("=LET(x,A2,x+1)", DAY),
        ("=LET(x,B2,y,x*2,y)", CENTS),
        ("=LET(x,1,IF(x=1,A2,B2))", DAY),
        ("=ARRAYFORMULA(A2:A3+1)", DAY),
        ("=TRANSPOSE(A2:A3)", DAY),
    ],
)
def test_what_a_formula_takes_decides(formula, shown):
    assert look(formula) == shown


@pytest.mark.parametrize(
    ("formula", "cell", "shown"),
    [
        ("=FILTER(A2:C3,D2:D3=8)", (0, 8), DOLLARS),
        ("=FILTER(A2:C3,D2:D3>0)", (1, 7), DAY),
        ("=SORT(A2:C3,1,FALSE)", (1, 9), PART),
        ("=UNIQUE(A2:A3)", (1, 7), DAY),
        ("={A2:A3,D2:D3}", (1, 7), DAY),
        ("={A2:A3,D2:D3}", (1, 8), None),
        ("={D2;A2}", (1, 7), DAY),
        ("=HSTACK(D2:D3,C2:C3)", (1, 8), PART),
        ("=VSTACK(D2,A2)", (1, 7), DAY),
        ("=ARRAYFORMULA(IF(D2:D3=8,A2:A3,D2:D3))", (0, 7), None),
        ("=ARRAYFORMULA(IF(D2:D3=8,A2:A3,D2:D3))", (1, 7), DAY),
    ],
)
def test_spilled_cells_show_as_their_sources(formula, cell, shown):
    assert look(formula, cell=cell) == shown


def test_a_chain_of_references_and_a_circle():
    """A look is handed on from formula to formula; formulas that need each other imply none."""
    tab = Tab("Data").put("A1", "=DATE(2026,1,1)").put("A2", "=A1+1").put("A3", "=MAX(A1:A2)")
    tab.put("B1", "=B2").put("B2", "=B1")
    worker = calculator()
    results = worker.evaluate(Book([tab]))
    shown = worker.looks()
    assert shown.number_format(("Data", 2, 0), results.value("Data", 2, 0)) == DATE
    assert shown.number_format(("Data", 0, 1), 1.0) is None


@pytest.mark.parametrize("first", ["last", "first"])
def test_a_long_chain_shows_as_its_first_cell(first):
    """Chains are longer than Python's stack: a running date, a running balance."""
    tab = Tab("Data").put("A1", "=DATE(2026,1,1)")
    tab.fill("A2", [[f"=A{row}+1"] for row in range(1, 1000)])
    worker = calculator()
    results = worker.evaluate(Book([tab]))
    shown, rows = worker.looks(), range(1000)
    formats = [
        shown.number_format(("Data", row, 0), results.value("Data", row, 0))
        for row in (reversed(rows) if first == "last" else rows)
    ]
    assert formats == [DATE] * 1000


@pytest.mark.parametrize("formula", ["=IF(RAND()>0.5,DATE(2026,1,1),5)", "=CHOOSE(RANDBETWEEN(1,2),A2,B2)"])
def test_what_chance_decides_shows_plain(formula):
    """Working the condition out again would give another answer than the one that is shown."""
    assert {str(look(formula)) for _ in range(20)} == {"None"}


@pytest.mark.parametrize(
    "formula",
    [
        "=HSTACK(SORT(A1:A900,1,TRUE),A1:A900)",
        "=ARRAYFORMULA(IF(A1:A900>46100,A1:A900,7))",
        "=SORT(FILTER(A1:A900,A1:A900>0),1,TRUE)",
        "=VSTACK(FILTER(A1:A900,A1:A900>0),A1)",
    ],
)
def test_a_formula_is_worked_out_once_for_the_looks_of_all_its_cells(formula, monkeypatch):
    tab = Tab("Data").fill("A1", [[46000.0 + row] for row in range(900)])
    for row in range(1, 901):
        tab.style(f"A{row}", "DATE", "d/m/yyyy")
    worker = calculator()
    results = worker.evaluate(Book([tab.put("D1", formula)]))
    counted = []
    evaluate = Evaluation.evaluate
    monkeypatch.setattr(Evaluation, "evaluate", lambda self, node: (counted.append(node), evaluate(self, node))[1])
    shown = worker.looks()
    formats = [shown.number_format(("Data", row, 3), results.value("Data", row, 3)) for row in range(900)]
    assert formats[-1] == DAY
    assert len(counted) < 50


def test_a_cell_of_text_format_hands_nothing_on():
    tab = Tab("Data").put("A1", 5.0).style("A1", "TEXT").put("A2", "=A1")
    worker = calculator()
    worker.evaluate(Book([tab]))
    assert worker.looks().number_format(("Data", 1, 0), 5.0) is None


@pytest.mark.parametrize(
    ("formula", "link"),
    [
        ('=HYPERLINK("https://example.com","click")', "https://example.com"),
        ('=HYPERLINK("https://example.com/"&A1)', "https://example.com/x"),
        ('=IF(A1="x",HYPERLINK("https://example.com"),"")', "https://example.com"),
        ('=IF(A1="y",HYPERLINK("https://example.com"),"")', None),
        ("=A1", None),
    ],
)
def test_links_of_formulas(formula, link):
    worker = calculator()
    worker.evaluate(Book([Tab("Data").put("A1", "x").put("B1", formula)]))
    assert worker.looks().link(("Data", 0, 1)) == link


def test_a_look_that_fails_keeps_nobody_from_the_value(monkeypatch, caplog):
    monkeypatch.setattr(LookWalk, "look", lambda *_: 1 / 0)
    assert look("=A2") is None
    assert "no look for the formula at Data!R1C8" in caplog.text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("=TO_TEXT(A1)", "3/4/2026"),
        ("=TO_TEXT(A2)", "50%"),
        ("=TO_TEXT(A3)", "1.5"),
        ("=TO_TEXT(A1+1)", "4/4/2026"),
        ("=TO_TEXT(TRUE)", "TRUE"),
        ('=TO_TEXT("x")', "x"),
        ("=TO_TEXT(Z9)", ""),
        ('=ARRAYFORMULA(JOIN("|",TO_TEXT(A1:A3)))', "3/4/2026|50%|1.5"),
        ('=A1&""', "46115"),
        ("=IFERROR(TO_TEXT(1/0),2)", 2.0),
    ],
)
def test_to_text_is_what_a_cell_shows(formula, text):
    """Joining a date to a text gives its number, TO_TEXT what is shown (reported, B)."""
    tab = (
        Tab("Data")
        .fill("A1", [[46115.0], [0.5], [1.5]])
        .style("A1", "DATE", "d/m/yyyy")
        .style("A2", "PERCENT", "0%")
    )
    assert calculator().evaluate(Book([tab.put("B1", formula)])).value("Data", 0, 1) == text


def test_to_text_follows_a_format_that_changes():
    tab = Tab("Data").put("A1", 0.5).put("B1", "=TO_TEXT(A1)").put("C1", '=B1&"!"')
    worker, book = calculator(), Book([tab])
    assert worker.evaluate(book).value("Data", 0, 2) == "0.5!"
    tab.style("A1", "PERCENT", "0%")
    assert worker.evaluate(book).value("Data", 0, 2) == "50%!"


def test_a_sparkline_is_blank_and_says_what_it_draws():
    """In every locale, since its options are stacked and no array in braces."""
    options = 'VSTACK(HSTACK("charttype";"bar");HSTACK("Max";10))'
    tab = Tab("S").fill("A1", [[3, "", 5]]).put("A3", f'=IF(COUNT(A1:C1)>1;SPARKLINE(A1:C1;{options});"")')
    calculating = calculator(locale="es_ES")
    assert calculating.evaluate(Book([tab])).value("S", 2, 0) is None
    assert calculating.looks().drawing(("S", 2, 0)) == {
        "points": [3.0, None, 5.0],
        "charttype": "bar",
        "max": 10.0,
    }
