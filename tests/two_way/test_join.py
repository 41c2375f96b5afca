"""The formulas of joins, worked out by the emulator over HTTP in a Spanish and an American workbook."""

import time

import pytest
from scratch import KEYED, NUMBERED, SCRATCH, cells_of, where
from workbench import Desk

from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import Formula, column_letters
from sheets_crm.workbook.two_way.columns import joined
from sheets_crm.workbook.two_way.join import LISTED, ROW_LIMIT, edited_rows, order_sum
from sheets_crm.workbook.two_way.rows import parse_spill
from sheets_crm.workbook.two_way.seen import Seen, plain_join, seen_text

LOCALES = ("es_ES", "en_US")


class Table:
    """A table of a workbook of its own, and System's formulas of it on another tab."""

    def __init__(self, directory, locale, spec=SCRATCH, rows=260, headers=None):
        self.desk, self.spec = Desk(directory, locale=locale), spec
        self.headers = list(headers or spec.headers)
        book = self.desk.book("owner")
        book.add_worksheet(spec.title, rows, len(self.headers))
        book.add_worksheet("Sys", 300, 4)
        self.ids = {tab.title: tab.id for tab in book.worksheets()}
        addresses = where(spec, headers={spec.key: self.headers})
        formulas = [[order_sum(spec, addresses), edited_rows(spec, addresses)]]
        self.write(0, self.headers)
        self.desk.structure(requests.write(self.ids["Sys"], 0, 0, formulas))

    def write(self, row, *rows):
        self.desk.structure(requests.write(self.ids[self.spec.title], row, 0, [list(cells) for cells in rows]))

    def fill(self, row, *rows):
        self.write(row, *([cells.get(name, "") for name in self.headers] for cells in rows))

    def cell(self, row, header, value):
        place = self.headers.index(header)
        self.desk.structure(requests.write(self.ids[self.spec.title], row, place, [[value]]))

    def sort(self, header, *, order="DESCENDING", first=None):
        block = {"sheetId": self.ids[self.spec.title], "startRowIndex": 1}
        if first is not None:
            block["startColumnIndex"] = self.headers.index(first)
        by = {"dimensionIndex": self.headers.index(header), "sortOrder": order}
        self.desk.structure({"sortRange": {"range": block, "sortSpecs": [by]}})

    def system(self):
        return self.desk.cells("Sys")

    def order(self):
        return self.system()[0][0]

    def spill(self):
        return parse_spill([row[1:] for row in self.system()])


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Table(tmp_path_factory.mktemp("join"), "es_ES")
    yield made
    made.desk.close(wait=False)


@pytest.fixture
def table(shared):
    """The table with nothing below its header."""
    shared.write(1, *[[""] * len(shared.headers)] * 259)
    return shared


def row(key="S-0001", **given):
    cells = cells_of(_key=key, **given)
    return {**cells, "_seen": plain_join(SCRATCH, key, cells)}


PLAIN = {"word": "Ácme", "count": 3, "ratio": 1234567.125, "active": True, "close": False, "stage": "nueva"}


def test_a_row_that_is_as_it_was_seen_does_not_differ(table):
    table.fill(1, row(**PLAIN), row("S-0002", due_on=46000, call_at=46000.5, value=0.5, notes="x"))
    assert table.spill().count == 0
    table.cell(1, "_seen", seen_text(Seen(row(**PLAIN)["_seen"], {"value": 3})))
    assert table.spill().count == 0, "notes are left out of the comparison"


PARTS = (
    (1234567.125, "1234567.125"),
    (-0.5, "-0.5"),
    (0, "0"),
    (46000.25, "46000.25"),
    ("1,5", "1,5"),
    ("VERDADERO", "VERDADERO"),
    (True, "1"),
    (False, ""),
    ("a␟b␞c", "a b c"),
    ("007", "007"),
    ("'x", "'x"),
    (Formula("=1/0"), "#ERROR"),
    (Formula("=NA()"), "#ERROR"),
    (Formula('="a"&"b"'), "ab"),
    (Formula("=3/2"), "1.5"),
    ("a\nb", "a\nb"),
    ("😀", "😀"),
)
"""Cells, and their parts of the join."""


@pytest.mark.long
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("careful", [False, True])
def test_a_part_is_the_same_in_every_locale_and_never_an_error(tmp_path, locale, careful):
    """Also where no text has a separator, and where the columns hold nothing else than their kinds."""
    table = Table(tmp_path, locale)
    cells = [(cell, part) for cell, part in PARTS if careful or cell != "a␟b␞c"]
    rows = [(header, *one) for header in ("word", "ratio", "active") for one in cells]
    table.fill(1, *({"_key": "S-1", "notes": "end", header: cell} for header, cell, _ in rows))
    names = [column.header for column in joined(SCRATCH)]
    want = [dict.fromkeys(names, "") | {header: part, "notes": "end"} for header, _, part in rows]
    assert list(table.spill().joins.values()) == ["␟".join(["S-1", *parts.values()]) for parts in want]

    table.write(1, *[[""] * len(table.headers)] * len(rows))
    table.fill(1, {"_key": "S-1", "word": "w", "ratio": 0.5, "due_on": 46000, "active": False, "notes": "1,5"})
    assert table.spill().joins == {1: "S-1␟w␟␟0.5␟␟46000␟␟␟␟␟␟1,5"}
    table.desk.close(wait=False)


@pytest.mark.long
@pytest.mark.parametrize("header", ["word", "ratio"])
def test_one_odd_cell_in_a_column_changes_no_part(table, header):
    for cell, part in PARTS:
        table.fill(1, {"_key": "S-1", "notes": "end", header: cell})
        assert part in table.spill().joins[1].split("␟")[1:4], (cell, part)


@pytest.mark.long
def test_case_counts_and_so_does_every_column_of_the_operators(table):
    columns = joined(SCRATCH)
    rows = [row(f"S-{n}", **PLAIN) for n, _ in enumerate(columns)]
    table.fill(1, *rows)
    assert table.spill().count == 0
    for header in ("closed_at", "shown", "problem"):
        table.cell(1, header, 7)
    assert table.spill().count == 0, "the worker's cells are no edit"
    table.fill(
        1,
        *(cells | {c.header: "ÁCME" if c.header == "word" else 7} for cells, c in zip(rows, columns, strict=True)),
    )
    assert len(table.spill().joins) == len(columns)


def test_blank_rows_differ_from_nothing(table):
    table.fill(1, {}, {"active": False, "close": False}, row())
    assert table.spill().count == 0
    table.fill(2, {"word": "x"})
    assert table.spill().joins == {2: "␟x"}, "a typed row has no key yet"


def test_separators_at_the_end_are_cut(table):
    """So an operators' column that a later version puts at the end of the join changes no row's join."""
    table.fill(1, {"_key": "S-0001", "word": "x"})
    assert table.spill().joins == {1: "S-0001␟x"}


def test_a_broken_seen_is_an_edit_and_a_missing_key_too(table):
    table.fill(1, {**row(**PLAIN), "_seen": Formula("=1/0")}, {**row("S-0002"), "_key": ""})
    assert table.spill().joins[2] == ""
    assert table.spill().count == 2
    table.fill(1, {"_seen": Formula("=1/0")}, {})
    assert table.spill().joins == {1: ""}


@pytest.mark.long
def test_long_rows_are_cut_to_less_than_a_cell_holds(table):
    long = {"word": "a" * 20_000, "notes": "b" * 20_000, "close": True}
    table.fill(
        1, {"_key": "S-0001", **long}, {"_key": "S-0002", "word": "c" * (ROW_LIMIT - 30)}, {"_key": "S-0003"}
    )
    joins = table.spill().joins
    assert 6_000 < len(joins[1]) < 40_000
    assert joins[1].count("␟") == len(joined(SCRATCH))
    assert "…20000␟" in joins[1]
    assert "␟1␟" in joins[1]
    assert joins[2] == "S-0002␟" + "c" * (ROW_LIMIT - 30), "other rows stay whole"
    table.cell(1, "_seen", joins[1])
    table.cell(1, "notes", "b" * 19_999)
    assert 1 in table.spill().joins, "what is cut leaves its length"


def test_two_hundred_rows_are_listed_and_all_are_counted(table):
    table.fill(1, *({"_key": f"S-{n:04}", "word": "x"} for n in range(1, 256)))
    spill = table.spill()
    assert (spill.count, len(spill.joins), spill.complete) == (255, LISTED, False)


def test_an_inserted_row_below_the_header_is_part_of_the_table(table):
    table.fill(1, row(**PLAIN))
    block = {"sheetId": table.ids["Scratch"], "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    table.desk.structure({"insertDimension": {"range": block, "inheritFromBefore": False}})
    table.fill(1, {"word": "typed"})
    assert table.spill().joins == {1: "␟typed"}
    table.desk.structure({"deleteDimension": {"range": block}})


@pytest.mark.long
def test_the_order_sum_changes_when_rows_are_sorted_copied_or_deleted(table):
    table.fill(1, *(row(f"S-{n:04}", word=f"w{n}") for n in range(1, 6)))
    sums = [table.order()]
    table.cell(1, "word", "edited")
    table.write(20, [""] * len(table.headers))
    assert table.order() == sums[0], "neither edits nor blank rows change it"
    table.sort("word")
    sums.append(table.order())
    table.fill(6, row("S-0003"))
    sums.append(table.order())
    table.write(2, [""] * len(table.headers))
    sums.append(table.order())
    assert len(set(sums)) == 4
    assert table.spill().count == 1, "sorted whole rows are no edit, the edited one is"


@pytest.mark.long
@pytest.mark.parametrize("spec", [KEYED, NUMBERED])
def test_the_order_sum_is_there_for_every_kind_of_key(tmp_path, spec):
    table = Table(tmp_path, "es_ES", spec, rows=40, headers=["mine", *reversed(spec.headers)])
    keys = [3, 1, 2, 7] if spec is NUMBERED else ["K-0001", "K-0010", "K-0002", "K-0100"]
    table.fill(1, *({spec.key_column: key, "word": f"w{n}"} for n, key in enumerate(keys)))
    sums = [table.order()]
    assert table.spill().joins[1] == f"{keys[0]}␟w0", "columns are known by their headers"
    table.sort("word")
    sums.append(table.order())
    table.cell(3, spec.key_column, "")
    sums.append(table.order())
    assert len(set(sums)) == 3
    assert all(isinstance(number, int | float) and number for number in sums)
    table.desk.close(wait=False)


@pytest.mark.long
def test_a_key_of_any_text_counts_by_its_letters(tmp_path):
    spec = type(KEYED)(**{name: getattr(KEYED, name) for name in KEYED.__slots__} | {"letter": ""})
    table = Table(tmp_path, "en_US", spec, rows=20)
    table.fill(1, *({"KeyedID": key} for key in ("ana@a.example", "eva@a.example", "V-0012", "V-0021")))
    sums = {table.order()}
    table.desk.structure(requests.append_rows(table.ids["Keyed"], 50))
    assert {table.order()} == sums, "blank rows count nothing"
    for first, second in ((1, 2), (3, 4)):
        one, other = (table.desk.cells("Keyed")[n][0] for n in (first, second))
        table.cell(first, "KeyedID", other)
        table.cell(second, "KeyedID", one)
        sums.add(table.order())
    assert len(sums) == 3
    table.desk.close(wait=False)


@pytest.mark.long
def test_an_error_reaches_the_count(tmp_path):
    """Nothing catches an error at the outside: it means that the table has to be read whole."""
    table = Table(tmp_path, "en_US", rows=20)
    table.fill(1, {"_key": "S-0001", "word": "x"})
    place = f"{column_letters(1)}2"
    table.desk.put("Sys", place, [["in the way"]], raw=True)
    assert table.spill().count == -1
    assert not table.spill().complete
    table.desk.close(wait=False)


@pytest.mark.long
@pytest.mark.parametrize("locale", LOCALES)
def test_ten_thousand_rows(tmp_path, locale, capsys):
    """An edit is worked out in seconds, and a poll that finds nothing changed works nothing out."""
    table = Table(tmp_path, locale, rows=10_060)
    rows = [
        row(f"S-{n:04}", word=f"Palabra {n}", count=n, ratio=n / 8, value=n * 10, due_on=46_000 + n % 90,
            active=n % 2 == 0, stage="nueva", notes="seguimiento", call_at=46_000 + n % 900 / 4)
        for n in range(1, 10_001)
    ]  # fmt: skip
    table.fill(1, *rows)
    assert table.spill().count == 0
    seconds = {}
    for what in ("edit", "idle"):
        if what == "edit":
            table.cell(5_000, "word", "edited")
        started = time.perf_counter()
        assert list(table.spill().joins) == [5_000]
        seconds[what] = time.perf_counter() - started
    with capsys.disabled():
        print(f"\n{locale}: 10,000 rows, {len(joined(SCRATCH))} cells joined: {seconds}")
    assert seconds["idle"] < seconds["edit"] / 10
    assert seconds["idle"] < 0.2
    table.desk.close(wait=False)
