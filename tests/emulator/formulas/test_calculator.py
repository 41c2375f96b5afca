"""The calculator remembers, forgets in time, spills, and survives what it is given."""

import random
import time
from datetime import UTC, datetime, timedelta

import ironcalc
import pytest
from formula_workbook import NOW, Book, Tab, calculator, leads

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.calculator import Calculator
from sheets_crm.emulator.formulas.compiled import compile_formula
from sheets_crm.emulator.formulas.results import Read


def book_with(**formulas):
    tab = Tab("Sheet1", row_count=20, column_count=8)
    for a1, value in formulas.items():
        tab.put(a1, value)
    return Book([tab]), tab


def shown(results, title, *places):
    return [
        str(value) if isinstance(value := results.value(title, *place), ErrorValue) else value for place in places
    ]


def test_nothing_changed_gives_the_same_results():
    """A second look at an unchanged workbook reads no column and computes nothing."""
    book = leads()
    book.sheets.append(Tab("Probe").put("A1", "=COUNTA(Master!A2:A)"))
    calculating = calculator()
    first = calculating.evaluate(book)
    read = book["Master"].columns_read
    assert calculating.evaluate(book) is first
    assert book["Master"].columns_read == read


def test_formulas_of_a_tab_that_nobody_reads_are_not_worked_out():
    """Those of the tab that is read are, and those of tabs that these read, however far."""
    book = leads()
    book.sheets.append(Tab("Far").put("A1", "=COUNTA(Master!A2:A)"))
    book.sheets.append(Tab("Near").put("A1", "=Far!A1+1"))
    book.sheets.append(Tab("Beside").put("A1", 1.0).put("B1", "=A1*2"))
    calculating = calculator()
    assert calculating.evaluate(book, Read("Beside")).value("Beside", 0, 1) == 2.0
    assert book["Master"].columns_read == 0
    assert calculating.evaluate(book, Read("Near")).value("Near", 0, 0) == 6.0
    book["Master"].put("A7", "a sixth")
    read = book["Master"].columns_read
    assert calculating.evaluate(book, Read("Beside")).value("Beside", 0, 1) == 2.0
    assert book["Master"].columns_read == read
    assert calculating.evaluate(book, Read("Near")).value("Near", 0, 0) == 7.0


def test_of_a_tab_only_what_is_read_and_what_may_spill_is_worked_out():
    """A formula that is read needs others; one shown for itself needs none."""
    book = leads()
    tab = Tab("Wide").put("A1", "=A2+1").put("A2", "=A3+1").put("A3", 1.0).put("C1", "=COUNTA(Master!A2:A)")
    book.sheets.append(tab)
    calculating = calculator()
    assert calculating.evaluate(book, Read("Wide", (0, 1, 0, 1))).value("Wide", 0, 0) == 3.0
    assert calculating.evaluate(book, Read("Wide", formulas=True)).spilled("Wide") == {}
    assert book["Master"].columns_read == 0
    tab.put("D1", "=TRANSPOSE(A1:A3)")
    assert calculating.evaluate(book, Read("Wide", formulas=True)).spilled("Wide") == {(0, 4): 2.0, (0, 5): 1.0}
    assert book["Master"].columns_read == 0
    assert calculating.evaluate(book, Read("Wide")).value("Wide", 0, 2) == 5.0


def test_a_spill_that_grew_when_its_own_tab_was_read_reaches_the_tabs_that_read_it():
    """They were worked out before it came so far."""
    two = Tab("Two").put("A1", "=TRANSPOSE(FILTER(F1:F5;F1:F5>0))").put("F1", 1.0)
    book = Book([two, Tab("One").put("A1", "=COUNT(Two!B1:C1)")])
    calculating = calculator()
    assert calculating.evaluate(book, Read("One")).value("One", 0, 0) == 0.0
    two.put("F2", 2.0).put("F3", 3.0)
    assert calculating.evaluate(book, Read("Two")).value("Two", 0, 2) == 3.0
    assert calculating.evaluate(book, Read("One")).value("One", 0, 0) == 2.0


def test_columns_that_no_formula_reads_are_left_alone():
    """Only what formulas refer to is mirrored."""
    book = leads()
    book.sheets.append(Tab("Probe").put("A1", "=COUNTA('Key Metrics'!A1:A)"))
    calculator().evaluate(book)
    assert book["Master"].columns_read == 0


def test_a_change_reaches_formulas_through_others():
    """A1 to B1 to C1, in whatever order they stand."""
    book, tab = book_with(A1=2.0, C1="=B1*10", B1="=A1+1", D1="=SUM(A1:C1)")
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [30.0, 35.0]
    tab.put("A1", 4.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [50.0, 59.0]


def test_a_formula_replaced_by_a_value_is_forgotten():
    """What was computed does not shadow what was typed over it."""
    book, tab = book_with(A1="=1+1", B1="=A1*2")
    calculating = calculator()
    calculating.evaluate(book)
    tab.put("A1", 7.0)
    results = calculating.evaluate(book)
    assert results.value("Sheet1", 0, 1) == 14.0
    assert results.value("Sheet1", 0, 0) is None


@pytest.mark.long
def test_a_long_chain_needs_no_recursion():
    """Ten thousand cells, each reading the one above."""
    tab = Tab("Sheet1", row_count=10_001)
    tab.put("A1", 1.0)
    tab.texts.update({(row, 0): f"=A{row}+1" for row in range(1, 10_000)})
    assert calculator().evaluate(Book([tab])).value("Sheet1", 9_999, 0) == 10_000.0


def test_circular_formulas_are_ref_errors_and_recover():
    """A circle is an error in each of its cells, and in what reads them, until it is broken."""
    book, tab = book_with(A1="=B1", B1="=A1", C1="=A1+1", D1="=D1")
    calculating = calculator()
    places = [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert shown(calculating.evaluate(book), "Sheet1", *places) == ["#REF!"] * 4
    tab.put("B1", 3.0)
    assert shown(calculating.evaluate(book), "Sheet1", *places) == [3.0, None, 4.0, "#REF!"]


def test_a_spill_is_read_by_formulas_that_stand_before_it():
    """A sum over cells that a spill will fill counts them, though the spill stands further down."""
    book, _ = book_with(A1="=SUM(C3:C6)", B1="=COUNTA(C4:C)", C2="={1;2;3}")
    assert shown(calculator().evaluate(book), "Sheet1", (0, 0), (0, 1)) == [5.0, 1.0]


def test_a_long_range_sees_what_is_computed_in_it():
    """A range too long to read cell by cell still follows the formulas inside it."""
    book, tab = book_with(A1=1.0, B90="=A1*2", C1="=SUM(B1:B)", D1="=COUNTA(B1:B)")
    tab.row_count = 200
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [2.0, 1.0]
    tab.put("A1", 5.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [10.0, 1.0]
    tab.put("B150", 7.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [17.0, 2.0]


def test_a_way_over_a_spill_that_is_gone_is_no_circle():
    """B1 reads C1, C1 reads cells that B1 spilled into only as long as A1 was large."""
    book, tab = book_with(A1=3.0, B1="=IF(A1>2,SEQUENCE(A1),C1+1)", C1="=SUM(B3:B4)")
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 1), (0, 2)) == [1.0, 3.0]
    tab.put("A1", 1.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 1), (0, 2)) == [1.0, 0.0]


def test_a_spill_into_what_it_reads_is_circular():
    """A formula that would feed itself is an error, not a race."""
    book, _ = book_with(B2="=SEQUENCE(COUNT(B3:B9)+2)")
    results = calculator().evaluate(book)
    assert shown(results, "Sheet1", (1, 1)) == ["#REF!"]
    assert results.spilled("Sheet1") == {}


def test_spills_that_chase_each_other_end_as_errors():
    """Two spills, each of which goes when the other comes, settle nowhere."""
    book, tab = book_with(
        A2="=IF(COUNT(B3:B9)>0,1,{1;2;3})", B2="=IF(COUNT(A3:A9)>0,{1;2;3},1)", C1="=COUNT(A2:B9)", D1=1.0
    )
    calculating = calculator()
    found = shown(calculating.evaluate(book), "Sheet1", (1, 0), (1, 1))
    assert "#REF!" in found
    tab.put("B2", 5.0)
    assert shown(calculating.evaluate(book), "Sheet1", (1, 0), (0, 2)) == [1.0, 4.0]


def test_a_long_column_of_texts_takes_computed_cells():
    """Computed numbers and texts are laid over a long column of texts."""
    book, tab = book_with(C1='=COUNTA(A1:A100)&COUNTIF(A1:A100,"t*")&SUM(A1:A100)', A99="=1+1", A98='="tx"')
    tab.row_count = 100
    for row in range(1, 80):
        tab.put(f"A{row}", "t")
    assert calculator().evaluate(book).value("Sheet1", 0, 2) == "81802"


def test_a_shrinking_spill_clears_its_cells():
    """What a filter no longer gives is gone from the grid and from what counts it."""
    book, tab = book_with(A1=1.0, A2=2.0, A3=3.0, C1="=FILTER(A1:A,A1:A>1)", D1="=COUNT(C1:C)")
    calculating = calculator()
    assert calculating.evaluate(book).spilled("Sheet1") == {(1, 2): 3.0}
    tab.put("A3", 0.0)
    results = calculating.evaluate(book)
    assert results.spilled("Sheet1") == {}
    assert results.value("Sheet1", 0, 3) == 1.0


def test_a_value_in_the_way_blocks_a_spill_until_it_goes():
    """An array overwrites nothing; it is #REF! with the place named."""
    book, tab = book_with(A1="={1;2;3}", A3="x", B1="=COUNTA(A1:A)")
    calculating = calculator()
    results = calculating.evaluate(book)
    assert results.value("Sheet1", 0, 0) == ErrorValue(
        "#REF!", "Array result was not expanded because it would overwrite data in  A3."
    )
    assert results.spilled("Sheet1") == {}
    tab.put("A3", None)
    results = calculating.evaluate(book)
    assert results.spilled("Sheet1") == {(1, 0): 2.0, (2, 0): 3.0}
    assert results.value("Sheet1", 0, 1) == 3.0
    tab.put("A2", True)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (0, 1)) == ["#REF!", 2.0]


def test_a_formula_in_the_way_blocks_a_spill_until_it_goes():
    """Formulas are not overwritten either."""
    book, tab = book_with(A1="={1;2;3}", A3="=5")
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (2, 0)) == ["#REF!", 5.0]
    tab.put("A3", None)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (2, 0)) == [1.0, 3.0]


def test_two_spills_do_not_overlap():
    """The second of two arrays that want the same cell is the error."""
    book, _ = book_with(A2="={1,2,3}", B1="={7;8}")
    assert sorted(map(str, shown(calculator().evaluate(book), "Sheet1", (1, 0), (0, 1)))) in (
        ["#REF!", "1.0"],
        ["#REF!", "7.0"],
    )


def test_a_spill_off_the_grid_is_an_error():
    """Google asks for more rows; adding them is enough."""
    book, tab = book_with(A18="={1;2;3;4}")
    calculating = calculator()
    assert calculating.evaluate(book).value("Sheet1", 17, 0) == ErrorValue(
        "#REF!", "Result was not automatically expanded, please insert more rows (1)."
    )
    tab.row_count = 21
    assert calculating.evaluate(book).value("Sheet1", 17, 0) == 1.0


def test_open_ranges_follow_the_grid():
    """A2:A ends where the tab ends, also after it grew."""
    book, tab = book_with(B1="=ROWS(A2:A)")
    calculating = calculator()
    assert calculating.evaluate(book).value("Sheet1", 0, 1) == 19.0
    tab.row_count = 30
    assert calculating.evaluate(book).value("Sheet1", 0, 1) == 29.0


def test_a_tab_that_comes_heals_its_references():
    """A reference to no tab is #REF! until there is one; names match without regard to case."""
    book, _ = book_with(A1="=other!A1", B1="=SHEETS()")
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (0, 1)) == ["#REF!", 1.0]
    book.sheets.append(Tab("Other").put("A1", "here"))
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (0, 1)) == ["here", 2.0]


def test_now_follows_the_clock_in_the_spreadsheets_zone():
    """NOW is taken anew each minute, in the spreadsheet's time zone."""
    moments = [datetime(2026, 11, 20, 23, 30, tzinfo=UTC)]
    book, _ = book_with(A1="=NOW()", B1="=TODAY()")
    calculating = Calculator("Europe/Madrid", "es_ES", lambda: moments[-1])
    first = calculating.evaluate(book)
    assert first.value("Sheet1", 0, 1) == 46347.0
    moments.append(moments[-1] + timedelta(seconds=20))
    assert calculating.evaluate(book) is first
    moments.append(moments[-1] + timedelta(minutes=1))
    assert calculating.evaluate(book).value("Sheet1", 0, 0) > first.value("Sheet1", 0, 0)


def test_indirect_sees_changes_of_what_it_points_at():
    """References that are known only while computing are read anew each time."""
    book, tab = book_with(A1="B2", B2=5.0, C1="=INDIRECT(A1)", D1="=C1+1")
    calculating = calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [5.0, 6.0]
    tab.put("B2", 8.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 2), (0, 3)) == [8.0, 9.0]


def test_indirect_makes_a_read_of_its_tab_work_out_all_tabs():
    """What it points at is known too late to choose the tabs."""
    three = Tab("Three").put("B1", 5.0).put("B2", "=B1+1")
    book = Book([Tab("One").put("A1", '=INDIRECT("Three!B2")'), three])
    calculating = calculator()
    assert calculating.evaluate(book, Read("One")).value("One", 0, 0) == 6.0
    three.put("B1", 8.0)
    assert calculating.evaluate(book, Read("One")).value("One", 0, 0) == 9.0


class _Broken:
    """An engine that panics."""

    def refusal(self, name):
        return None

    def function(self, name):
        raise RuntimeError("engine down")


def test_a_broken_engine_leaves_an_error_cell_only_where_it_was_asked(caplog):
    """One formula's failure does not take the others down."""
    book, _ = book_with(A1="=BITAND(1,2)", B1="=1+1")
    results = calculator(engine=_Broken()).evaluate(book)
    assert shown(results, "Sheet1", (0, 0), (0, 1)) == ["#ERROR!", 2.0]
    assert "engine down" in caplog.text


class PanicException(BaseException):
    """What a panic of the engine looks like."""


@pytest.mark.parametrize(("panics", "expected"), [(1, 2.0), (2, "#NAME?")])
def test_a_panic_of_the_engine_costs_its_sheet_not_the_workbook(monkeypatch, panics, expected):
    """After a panic the function is called once more in a fresh sheet; then its cell is an error."""
    create, left = ironcalc.create, [panics]

    def fragile(*args):
        if left[0]:
            left[0] -= 1
            raise PanicException("index out of bounds")
        return create(*args)

    monkeypatch.setattr("ironcalc.create", fragile)
    book, _ = book_with(A1="=IFERROR(BITAND(6,3),9)")
    assert shown(calculator().evaluate(book), "Sheet1", (0, 0)) == [expected]


class _Torn(Book):
    """A workbook that fails at its first reading."""

    failures = 1

    def tabs(self):
        if self.failures:
            self.failures -= 1
            raise KeyError("torn")
        return super().tabs()


def test_the_memory_is_rebuilt_after_a_failure(caplog):
    """What the calculator remembers is a cache; it can be thrown away at any time."""
    tab = Tab("Sheet1").put("A1", "=1+1")
    assert calculator().evaluate(_Torn([tab])).value("Sheet1", 0, 0) == 2.0
    assert "rebuilt" in caplog.text


def test_formulas_that_go_from_several_tabs_at_once_cost_no_memory(caplog):
    """A chain across two tabs: the first tab's text asks for the second's formula, which has gone by then."""
    one, two = Tab("One").put("A1", 5).put("B1", "=A1*2"), Tab("Two").put("A1", "=One!B1+1")
    book, remembering = Book([one, two]), calculator()
    assert remembering.evaluate(book).value("Two", 0, 0) == 11
    one.put("B1", None)
    two.put("A1", None)
    remembering.evaluate(book)
    assert "rebuilt" not in caplog.text


@pytest.mark.parametrize("reads_all", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 24])
def test_a_remembering_calculator_agrees_with_a_fresh_one(seed, reads_all):
    """After any edits, what is remembered of all tabs or of one gives what computing everything anew gives."""
    chance = random.Random(seed)
    book = Book([Tab(title, row_count=12, column_count=6) for title in ("Sheet1", "Two", "Three")])
    calculating = calculator()
    texts = [
        "=SUM(A1:B6)", "=FILTER(A1:A8;A1:A8>1)", "=COUNTIF(Two!A1:A;TRUE)", "=IFERROR(Two!B2/A1;0)", "={1;2}",
        "=COUNTA(Two!A1:C)", "=C3+1", "=SORT(Two!A1:A4)", "=IF(A2>1;B3;C4)", "=ROW()", "=UNIQUE(A1:A6)", "=A1&D2",
        "=SUM(Three!A1:F)", "=IFERROR(Sheet1!B2/A1;0)", "=COUNTA(Sheet1!A1:C)",
    ]  # fmt: skip
    values = [None, 1.0, 2.0, True, False, "x", 0.0]
    for _ in range(60):
        for _ in range(1 if reads_all else chance.randint(1, 3)):
            sheet = chance.choice(book.sheets)
            cell = f"{chance.choice('ABCDEF')}{chance.randint(1, 12)}"
            sheet.put(cell, chance.choice(texts) if chance.random() < 0.3 else chance.choice(values))
        if not reads_all and chance.random() < 0.1:
            sheet.row_count += 1
        part = chance.choice(book.sheets)
        top, left = chance.randint(0, 11), chance.randint(0, 5)
        bounds = (top, chance.randint(top, 12) + 1, left, chance.randint(left, 5) + 1)
        read = None if reads_all else Read(part.title, chance.choice([None, bounds]), chance.random() < 0.1)
        remembered, fresh = calculating.evaluate(book, read), calculator().evaluate(book)
        everywhere = {
            (tab.title, *place): fresh.value(tab.title, *place) for tab in book.sheets for place in tab.texts
        }
        if any(str(value) == "#REF!" for value in everywhere.values()):
            continue  # two spills in each other's way: which of them is the error depends on which came first
        owed = {cell: value for cell, value in everywhere.items() if read is None or read.wants(cell)}
        assert {cell: remembered.value(*cell) for cell in owed} == owed
        for title in {cell[0] for cell in everywhere} if read is None else [read.title]:
            assert remembered.spilled(title) == fresh.spilled(title)


@pytest.mark.long
@pytest.mark.parametrize(("rows", "first", "tick"), [(20_000, 1.0, 0.3), (75_000, 1.5, 0.3)])
def test_a_large_workbook_is_quick(rows, first, tick):
    """A dashboard of 120 formulas over ten columns of a large Master, and the signals of an input tab."""
    words = ["ready", "processing", "completed"]
    master, ticks = Tab("Master", rows + 1), Tab("Verification Input", rows + 1)
    for column in range(10):
        kinds = [float, lambda r: words[r % 3], lambda r: r % 4 == 0]
        master.cells[column] = {row: kinds[column % 3](row) for row in range(1, rows + 1)}
    ticks.cells = {0: dict.fromkeys(range(1, rows + 1), False), 1: {row: float(row) for row in range(1, rows + 1)}}
    board = Tab("Dashboard", 1200)
    for row in range(1, 121):
        board.put(f"A{row}", f'=COUNTIFS(Master!C2:C;TRUE;Master!B2:B;"{words[row % 3]}";Master!A2:A;">={row}")')
    board.put("B1", "=IFERROR(FILTER('Verification Input'!B2:B;('Verification Input'!A2:A<>FALSE)*('Verification Input'!A2:A<>\"\"));\"\")")  # fmt: skip
    book, calculating = Book([master, ticks, board]), calculator(now=NOW)
    began = time.perf_counter()
    calculating.evaluate(book)
    after_first = time.perf_counter()
    ticks.put("A9", True)
    results = calculating.evaluate(book)
    after_tick = time.perf_counter()
    assert results.value("Dashboard", 0, 1) == 8.0
    assert after_first - began < first
    assert after_tick - after_first < tick


def test_what_counts_as_empty():
    """Empty text that a formula gives is text to COUNTA, and blank to COUNTBLANK; a formula that gives nothing is blank.

    A: fields of such cells in public recordings of the API.
    """
    book, tab = book_with(A1='=""', A2="=IF(,,)", A3="x", A5="=T(A4)", A6='=VLOOKUP("k",C1:D1,2,FALSE)', C1="k")
    expected = {
        "=COUNTA(A1)": 1.0,
        "=COUNTA(A2)": 0.0,
        "=COUNTA(A6)": 0.0,
        "=COUNTBLANK(A1:A6)": 5.0,
        "=ISBLANK(A1)": False,
        "=ISTEXT(A5)": True,
        "=ISBLANK(A2)": True,
        '=COUNTIF(A1:A6,"")': 5.0,
        '=COUNTIF(A1:A6,"<>")': 3.0,
        '=ROWS(FILTER(A1:A6,A1:A6<>""))': 1.0,
        "=A1+1": 1.0,
        "=SUMPRODUCT(A1:A2+1)": 2.0,
        "=SUM(A1:A6)": 0.0,
        "=COUNT(A1:A6)": 0.0,
        "=A1=A2": True,
        '=CELL("type",A2)': "b",
        '=CELL("type",A1)': "l",
    }
    for row, formula in enumerate(expected):
        tab.put(f"F{row + 1}", formula)
    results = calculator().evaluate(book)
    assert [results.value("Sheet1", row, 5) for row in range(len(expected))] == list(expected.values())


def test_past_the_grid_cells_are_blank_until_the_grid_grows():
    """A reference past the last row reads blank; when the tab grows, it reads what is there."""
    tab = Tab("Sheet1", 10, 4).put("A1", "=C15").put("A2", "=COUNTBLANK(C12:C14)").put("A3", "=Z3&1")
    book, calculating = Book([tab]), calculator()
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0), (1, 0), (2, 0)) == [None, 3.0, "1"]
    tab.row_count = 20
    tab.put("C15", 7.0)
    assert shown(calculating.evaluate(book), "Sheet1", (0, 0)) == [7.0]


@pytest.mark.parametrize(
    ("formula", "spills"),
    [
        ("=INDEX(A:A;MATCH(1;B:B;0))", False),
        ("=INDEX(A:A;C1)", True),
        ("=INDEX(A:B;2)", True),
        ("=INDEX(A:B;2;1)", False),
        ("=INDEX(A:A;0)", True),
        ("=XLOOKUP(1;A:A;B:B;0;-1)", False),
        ("=XLOOKUP(1;A:A;B:C)", True),
        ("=XLOOKUP(D1:D2;A:A;B:B)", True),
        ("=LET(n;FILTER(A:A;A:A>1);IF(ROWS(n)<2;0;SUM(n)))", False),
        ("=LET(n;FILTER(A:A;A:A>1);IF(ROWS(n)<2;0;n))", True),
        ("=LET(n;1;LET(n;A1:A3;n))", True),
        ("=COUNTIFS(A:A;1;B:B;C1)", False),
        ("=COUNTIFS(A:A;1;B:B;C1:C2)", True),
        ("=A1:A3", True),
        ("=SPLIT(A1;1)", True),
        ("=IF(A1;{1;2};0)", True),
    ],
)
def test_a_formula_says_by_its_text_whether_it_may_spill(formula, spills):
    """What is not sure may."""
    assert compile_formula(formula, "en_US").spills is spills
