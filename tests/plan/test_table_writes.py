"""A table's difference, written through the emulator, gives exactly the desired table; ``after`` foretells it."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_crm.pipeline.columns import Kind
from sheets_crm.plan.changes import AppendRows, DeleteRows, UpdateCells
from sheets_crm.plan.compiler import compiled
from sheets_crm.plan.diff import after, diff, different
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.declaration import Owner, TabColumn, TabSpec, Tick
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import read_sheet

SPEC = TabSpec(
    "table",
    "Table",
    (
        TabColumn("send", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT),
        TabColumn("Number", Kind.WHOLE),
        TabColumn("name"),
        TabColumn("when", Kind.WHEN),
        TabColumn("flag", Kind.FLAG),
        TabColumn("notes", owner=Owner.OPERATOR),
    ),
    "Number",
)
OWN = ["own left", "own right"]
TEXTS = ["", "a", "=1+1", "TRUE", "007", "'x", " ", "ñ\n;", "5.10", "+34600", "1-2"]

texts = st.sampled_from(TEXTS)
moments = st.sampled_from(["", 46000, 46000.25, 46001.5])
flags = st.sampled_from(["", True, False])
cells = {"send": flags, "name": texts, "when": moments, "flag": flags, "notes": texts}
one_row = st.fixed_dictionaries(cells)
own_cells = st.fixed_dictionaries(dict.fromkeys(OWN, texts))


@st.composite
def tables(draw):
    """(header, rows as dicts, rows of the grid): blank rows between, keys that stand twice, columns that moved."""
    header = draw(st.permutations([*SPEC.headers, *OWN]))
    keys = draw(st.lists(st.integers(1, 12), max_size=9))
    rows = []
    for key in keys:
        if draw(st.integers(0, 5)) == 0:
            rows.append({})
        rows.append({"Number": key, **draw(one_row), **draw(own_cells)})
    return header, rows, len(rows) + 1 + draw(st.sampled_from([1, 1, 4]))


@st.composite
def desired_tables(draw):
    keys = draw(st.lists(st.integers(1, 12), max_size=9, unique=True))
    rows = [draw(one_row) for _ in keys]
    index = pd.Index(keys, dtype="int64", name="Number")
    names = [name for name in SPEC.headers if name != "Number"]
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], index=index, dtype=object) for name in names}, index=index
    )


@pytest.fixture(scope="module")
def workbook(stages):
    """A gateway to an empty workbook, and ids for tabs."""
    desk = stages.desk("initialised")
    yield desk.app.context.gateway, itertools.count(5_000)
    desk.close()


def lay_out(gateway, sheet_id, header, rows, height):
    info = gateway.info()
    grid = {"rowCount": height, "columnCount": len(header), "frozenRowCount": 1}
    title = f"Table {sheet_id}"
    body = [[row.get(name, "") for name in header] for row in rows]
    wanted = [
        requests.add_tab(sheet_id, title, 0, grid, tint=0, hidden=False),
        requests.write(sheet_id, 0, 0, [list(header), *body]),
    ]
    gateway.apply(wanted, sequence=info.sequence, token="test")
    return title


def read(gateway, title):
    info = gateway.info()
    (rows,) = gateway.values([quoted(title)])
    tab = next(tab for tab in info.tabs if tab.title == title)
    return info, rows, read_sheet(SPEC, tab, rows)


def remove(gateway, sheet_id):
    gateway.apply([requests.remove_tab(sheet_id)], sequence=gateway.info().sequence, token="test")


def by_key(sheet, rows):
    """Every cell of each keyed row by header, own columns included; the first row of a key."""
    header = rows[0]
    found = {}
    for place, key in zip(sheet.rows, sheet.frame.index, strict=True):
        row = [*rows[place], *[""] * (len(header) - len(rows[place]))]
        found.setdefault(int(key), dict(zip(header, row, strict=True)))
    return found


OWNED = ("send", "notes", *OWN)


@pytest.mark.long
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(table=tables(), desired=desired_tables())
def test_the_written_difference_is_the_desired_table(workbook, table, desired):
    check(workbook, table, desired)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=tables(), desired=desired_tables())
def test_the_written_difference_is_the_desired_table_long(workbook, table, desired):
    check(workbook, table, desired)


def check(workbook, table, desired):
    gateway, ids = workbook
    sheet_id = next(ids)
    title = lay_out(gateway, sheet_id, *table)
    info, cells_before, sheet = read(gateway, title)
    before = by_key(sheet, cells_before)
    strange = [cells_before[row] for row in sheet.unkeyed]

    changes = diff(sheet, desired)
    expected = after(sheet, changes)
    wanted = compiled(changes)
    if wanted:
        gateway.apply(wanted, sequence=info.sequence, token="test")
    _, cells_after, found = read(gateway, title)
    got = by_key(found, cells_after)

    assert sorted(found.frame.index) == sorted(desired.index)
    for key, row in desired.to_dict("index").items():
        for name, value in row.items():
            kept = key in before and name in OWNED
            assert got[key][name] == (before[key][name] if kept else value), (key, name)
        if key in before:
            assert {name: got[key][name] for name in OWNED} == {name: before[key][name] for name in OWNED}
    assert [cells_after[row] for row in found.unkeyed] == strange
    # what was foretold is what is there
    assert expected.tab.rows == found.tab.rows
    assert list(expected.rows) == list(found.rows)
    assert list(expected.frame.index) == list(found.frame.index)
    for name in expected.frame.columns:
        one, other = expected.frame[name].to_numpy(dtype=object), found.frame[name].to_numpy(dtype=object)
        assert not different(one, other).any(), name
    assert diff(found, desired) == []
    remove(gateway, sheet_id)


# -- the difference as a value


def sheet_of(rows, height=20):
    tab = TabInfo(1, "Table", 0, hidden=False, rows=height, columns=6)
    return read_sheet(SPEC, tab, [list(SPEC.headers), *rows])


def wanted_of(rows):
    names = [name for name in SPEC.headers if name != "Number"]
    index = pd.Index([row[1] for row in rows], dtype="int64", name="Number")
    columns = {name: [row[SPEC.headers.index(name)] for row in rows] for name in names}
    return pd.DataFrame(
        {name: pd.Series(values, index=index, dtype=object) for name, values in columns.items()}, index=index
    )


def test_no_difference_is_no_change():
    rows = [[False, 1, "a", 46000, True, "n"], [True, 2, "", "", "", ""]]
    assert diff(sheet_of(rows), wanted_of(rows)) == []


def test_cells_of_operators_are_written_with_a_new_row_and_never_again():
    sheet = sheet_of([[True, 1, "a", "", "", "mine"]])
    desired = wanted_of([[False, 1, "b", "", "", "other"], [False, 2, "c", "", "", "note"]])

    update, append = diff(sheet, desired)

    assert list(update.cells) == ["name"]
    assert append.frame.to_dict("records") == [
        {"send": False, "Number": 2, "name": "c", "when": "", "flag": "", "notes": "note"}
    ]


def test_a_key_that_stands_twice_keeps_its_first_row():
    sheet = sheet_of([[False, 1, "a", "", "", ""], [False, 1, "b", "", "", ""]])
    changes = diff(sheet, wanted_of([[False, 1, "a", "", "", ""]]))
    (gone,) = [change for change in changes if isinstance(change, DeleteRows)]
    assert list(gone.positions) == [1]


def test_rows_that_stay_are_asked_for():
    sheet = sheet_of([[False, 1, "a", "", "", ""]])
    assert diff(sheet, wanted_of([]), delete=False) == []


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (True, 1, True),
        (1, True, True),
        (0, False, True),
        (False, "", True),
        ("1", 1, True),
        (1.0, 1, False),
        ("", "", False),
    ],
)
def test_true_is_not_one_and_text_is_not_a_number(one, other, differs):
    assert bool(different(np.array([one], object), np.array([other], object))[0]) is differs


def test_neighbouring_cells_share_a_request():
    rows = [[False, n, "a", "", True, ""] for n in range(1, 5)]
    desired = wanted_of([[False, n, "b", 46000, False, ""] for n in range(1, 5)])
    (one,) = compiled(diff(sheet_of(rows), desired))
    assert len(one["updateCells"]["rows"]) == 4
    assert one["updateCells"]["start"] == {"sheetId": 1, "rowIndex": 1, "columnIndex": 2}


def test_deletions_come_last_and_from_the_bottom():
    rows = [[False, n, "a", "", "", ""] for n in range(1, 7)]
    desired = wanted_of([[False, n, "z", "", "", ""] for n in (2, 5, 9)])
    changes = diff(sheet_of(rows), desired)
    assert {type(change) for change in changes} == {UpdateCells, AppendRows, DeleteRows}
    found = compiled(changes)
    kinds = [next(iter(request)) for request in found]
    starts = [r["deleteDimension"]["range"]["startIndex"] for r in found if "deleteDimension" in r]
    assert kinds == sorted(kinds, key=lambda kind: kind == "deleteDimension")
    assert starts == sorted(starts, reverse=True)


def test_the_last_row_of_a_table_is_not_deleted_without_another():
    rows = [[False, 1, "a", "", "", ""]]
    found = compiled(diff(sheet_of(rows, height=2), wanted_of([])))
    assert [next(iter(request)) for request in found] == ["appendDimension", "deleteDimension"]
