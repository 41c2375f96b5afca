"""Hand edits of worker's cells, as values: what counts as one, what is remembered, what a write makes of it."""

import numpy as np
import pandas as pd
import pytest
from cache_rows import change, rows_of
from scratch import SCRATCH, cells_of

from sheets_crm.engine import table_memory
from sheets_crm.engine.table_memory import TableMemory, compared, same
from sheets_crm.engine.table_reads import TableRead
from sheets_crm.pipeline.columns import Kind
from sheets_crm.plan.changes import AppendRows, DeleteRows, RowCells
from sheets_crm.workbook.declaration import Owner, TabColumn, TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import read_sheet
from sheets_crm.workbook.two_way.columns import put_back_columns
from sheets_crm.workbook.two_way.rows import ReadRow
from sheets_crm.workbook.two_way.writes import CellWrite

TAB = TabInfo(1, "Scratch", 0, hidden=False, rows=10, columns=len(SCRATCH.headers))
INDEX = {header: n for n, header in enumerate(SCRATCH.headers)}


def table(*rows):
    """A table with rows of these cells, read whole."""
    cells = [list(SCRATCH.headers), *([row[header] for header in SCRATCH.headers] for row in rows)]
    keys = tuple(row["_key"] for row in rows if row["_key"])
    edited = tuple(ReadRow(n, r["_key"], r["_seen"], "", r) for n, r in enumerate(rows, start=1))
    return TableRead(SCRATCH, TAB, INDEX, edited, keys), read_sheet(SCRATCH, TAB, cells)


def row(key, **cells):
    return cells_of(_key=key, **{"_seen": f"{key}␟word", "word": "word", **cells})


LEFT = {
    "S-1": {"shown": "A", "closed_at": "", "problem": ""},
    "S-2": {"shown": "B", "closed_at": 46000.5, "problem": ""},
}


def test_a_cell_that_differs_is_put_back_beside_its_key_and_stands_so_in_what_is_read():
    both = table(row("S-2", shown="B", closed_at=46000.5), row("S-1", shown="mine", problem="mine too"))
    found = compared(*both, LEFT)
    assert found.put_back == {"S-1": {"shown": "A", "problem": ""}}
    assert found.sheet.frame.loc["S-1", "shown"] == "A"
    assert [one.cells["shown"] for one in found.read.rows] == ["B", "A"]
    assert found.present == LEFT


def test_a_table_as_it_was_left_stays_the_very_value():
    read, sheet = table(row("S-1", shown="A"), row("S-2", shown="B", closed_at=46000.5))
    found = compared(read, sheet, LEFT)
    assert (found.put_back, found.read, found.sheet) == ({}, read, sheet)


@pytest.mark.parametrize(
    "rows",
    [
        (row("S-1", shown="mine", _seen=""),),
        (row("S-1", shown="mine", _seen="S-2␟word"),),
        (row("S-1", shown="mine"), row("S-1", shown="mine")),
        (row("", shown="mine", _seen=""),),
        (row("", shown="mine", _seen="S-1␟word"),),
    ],
    ids=["adopted", "another's _seen", "twice", "typed", "key gone"],
)
def test_a_row_that_is_not_surely_the_one_remembered_is_taken_as_it_stands(rows):
    found = compared(*table(*rows), LEFT)
    assert found.put_back == {}
    assert found.present == {}


def test_a_row_that_nobody_remembers_is_remembered_as_it_stands():
    found = compared(*table(row("S-9", shown="Z")), LEFT)
    assert (found.put_back, found.present["S-9"]["shown"]) == ({}, "Z")


def test_edited_rows_alone_are_compared_too():
    read, _ = table(row("S-1", shown="mine"))
    found = compared(read, None, LEFT)
    assert (found.sheet, found.put_back) == (None, {"S-1": {"shown": "A"}})


def test_operators_and_shared_cells_keys_and_formulas_are_never_among_them():
    live = TabColumn("total", live=True)
    spec = TabSpec("live", "Live", (*SCRATCH.columns, live), "_key", policy=SCRATCH.policy, two_way=True)
    names = [column.header for column in put_back_columns(spec)]
    assert names == ["closed_at", "shown", "problem"]
    assert all(spec.column(name).owner is Owner.WORKER for name in names)


@pytest.mark.parametrize(
    ("kind", "left", "right", "alike"),
    [
        (Kind.WHEN, 46000.123456789, 46000.12345678901, True),
        (Kind.WHEN, 46000.5, 46000.5007, False),
        (Kind.NUMBER, 0.1 + 0.2, 0.3, True),
        (Kind.WHOLE, 5, 5.0, True),
        (Kind.WHOLE, 1, True, False),
        (Kind.FLAG, False, "", True),
        (Kind.FLAG, True, "", False),
        (Kind.FLAG, True, 1, False),
        (Kind.FLAG, False, 0, False),
        (Kind.TEXT, "5", 5, False),
        (Kind.TEXT, "", False, False),
        (Kind.TEXT, "a", "A", False),
    ],
)
def test_what_counts_as_the_same(kind, left, right, alike):
    column = TabColumn("shown", kind)
    assert same(column, left, right) is alike
    assert same(column, right, left) is alike


def test_a_write_brings_what_is_remembered_up_to_date():
    _, sheet = table(row("S-1", shown="A"), row("S-2", shown="B"))
    cells = (CellWrite(1, "shown", "new"), CellWrite(1, "stage", "won"), CellWrite(5, "shown", "of nobody"))
    added = pd.DataFrame([row("S-3", shown="C")], index=pd.Index(["S-3"], name="_key"), dtype=object)
    changes = [
        RowCells(TAB, SCRATCH, INDEX, cells, {1: "S-1", 5: ""}),
        AppendRows(sheet, added),
        DeleteRows(sheet, np.array([1])),
    ]
    after = TableMemory({"scratch": LEFT}).after(changes, (), 10)
    assert after.remembered["scratch"] == {
        "S-1": {"shown": "new", "closed_at": "", "problem": ""},
        "S-3": {"shown": "C", "closed_at": "", "problem": ""},
    }


def test_what_is_read_beside_a_written_cell_is_remembered_where_nobody_knows_it():
    line = [row("S-9", shown="Z", problem="p")[header] for header in SCRATCH.headers]
    known = {"S-1": {"shown": "A"}}
    cells = (CellWrite(1, "_seen", "S-1␟word"), CellWrite(2, "problem", ""))
    grid = {1: [*line[:1], "S-1␟word", *line[2:]], 2: line}
    change = RowCells(TAB, SCRATCH, INDEX, cells, {1: "S-1", 2: "S-7"}, grid=grid)
    memory = TableMemory({"scratch": known})
    assert memory.after([change], (), 9).remembered["scratch"] == {
        "S-1": {"shown": "A", "closed_at": "", "problem": "p"},
        "S-7": {"shown": "Z", "closed_at": "", "problem": ""},
    }
    adopted = RowCells(TAB, SCRATCH, INDEX, cells[:1], {1: "S-1"}, grid={1: line})
    assert memory.after([adopted], (), 9).remembered["scratch"]["S-1"]["shown"] == "Z"
    waiting = memory.after([change], ("scratch",), 9).remembered["scratch"]
    assert waiting == {"S-1": {"shown": "A"}, "S-7": {"problem": ""}}


def test_of_a_table_that_waits_what_was_remembered_stays():
    memory = TableMemory({"scratch": LEFT}, {"scratch": {}}, {"scratch": {"S-1": {"shown": "A"}}})
    after = memory.after([], ("scratch",), 10)
    assert (after.remembered, after.put_back) == ({"scratch": LEFT}, {})
    assert memory.after([], (), 10).remembered == {"scratch": {}}


def test_more_rows_than_a_write_takes_are_left_for_the_next():
    back = {f"S-{n}": {"shown": "A"} for n in range(5)}
    memory = TableMemory({}, {}, {"scratch": back})
    assert list(memory.due("scratch", 2)) == ["S-0", "S-1"]
    after = memory.after([], (), 2)
    assert list(after.put_back["scratch"]) == ["S-2", "S-3", "S-4"]
    assert after.after([], (), 3).put_back == {}


def test_the_cache_holds_declared_tables_of_no_later_number(tmp_path):
    table_memory.save(tmp_path, "book", 7, TableMemory({"scratch": LEFT, "other": {}}))
    assert table_memory.load(tmp_path, "book", 7, [SCRATCH]) == {"scratch": LEFT}
    assert table_memory.load(tmp_path, "book", 6, [SCRATCH]) == {}
    assert table_memory.load(tmp_path, "another", 9, [SCRATCH]) == {}


def test_a_damaged_cache_is_as_good_as_none(tmp_path):
    table_memory.save(tmp_path, "book", 7, TableMemory({"scratch": LEFT}))
    assert change(tmp_path, "UPDATE caches SET body = substr(body, 1, length(body) - 3)") == 1
    assert table_memory.load(tmp_path, "book", 7, [SCRATCH]) == {}
    table_memory.save(tmp_path, "book", 7, TableMemory({"scratch": {"S-1": {"shown": ["A"]}}}))
    assert table_memory.load(tmp_path, "book", 7, [SCRATCH]) == {}
    table_memory.save(tmp_path, "book", 7, TableMemory({"scratch": LEFT}))
    table_memory.forget(tmp_path, "book")
    assert rows_of(tmp_path, "caches") == []


def test_true_in_place_of_1_is_a_change_of_the_cache():
    one, true = (TableMemory({"scratch": {"S-1": {"shown": cell}}}) for cell in (1, True))
    assert not table_memory.unchanged(one, true)
    assert table_memory.unchanged(one, one)
