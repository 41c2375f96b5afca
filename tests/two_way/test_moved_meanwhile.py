"""Operators move columns, delete rows or sort a part while the worker writes: nobody's cells are lost."""

from dataclasses import replace
from itertools import permutations

import pytest
from faults import Interrupted
from scratch import SCRATCH, cells_of
from test_over_http import TITLE, keyed, rows, typed
from test_two_workers import run, sort_rows

from sheets_crm.engine.table_reads import TOLD_BY_SEEN, Edited, edited_ranges
from sheets_crm.engine.table_repairs import TableWrite, repair
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import read_sheet
from sheets_crm.workbook.two_way.columns import header_ids, joined
from sheets_crm.workbook.two_way.disorder import still_sorted
from sheets_crm.workbook.two_way.rows import ReadRow
from sheets_crm.workbook.two_way.seen import plain_join


def dimension(desk, name, start):
    return {"sheetId": desk.tab_id(TITLE), "dimension": name, "startIndex": start, "endIndex": start + 1}


def move_notes(desk):
    """Move the column of the notes to the left, so that three others stand elsewhere."""
    place = header_ids(SCRATCH, desk.cells(TITLE)[0]).index("notes")
    source = dimension(desk, "COLUMNS", place)
    desk.structure({"moveDimension": {"source": source, "destinationIndex": place - 3}}, who="operator")


def interrupted(desk, act):
    """A run before whose write somebody acts."""
    run(desk, desk.worker(wrap=lambda gateway: Interrupted(gateway, only=("apply",), act=act)))
    run(desk)


@pytest.mark.long
def test_columns_moved_in_the_second_of_a_write_lose_nothing(table):
    typed(table, "alpha", "beta")
    table.put(TITLE, "O2", [["a note"]])
    table.put(TITLE, "J2", [[True]])
    interrupted(table, lambda: move_notes(table))
    row = keyed(table)["S-0001"]
    assert (row["notes"], row["stage"], row["shown"], row["close"]) == ("a note", "ganada", "ALPHA", False)
    assert isinstance(row["closed_at"], float)
    assert run(table).idle


@pytest.mark.long
@pytest.mark.parametrize("deleted", [1, 2, 3])
def test_a_row_deleted_in_the_second_of_a_write_leaves_the_others_their_keys(table, deleted):
    typed(table, "alpha", "beta", "gamma")
    table.put(TITLE, "C3", [["changed"]])
    table.put(TITLE, "C5", [["new"]])
    delete = {"deleteDimension": {"range": dimension(table, "ROWS", deleted)}}
    interrupted(table, lambda: table.structure(delete, who="operator"))
    run(table)
    words = {"S-0001": "alpha", "S-0002": "changed", "S-0003": "gamma", "S-0004": "new"}
    del words[f"S-000{deleted}"]
    assert {key: row["word"] for key, row in keyed(table).items()} == words
    assert {row["shown"] for row in rows(table)} == {word.upper() for word in words.values()}
    assert run(table).idle


@pytest.mark.long
@pytest.mark.parametrize("deleted", [1, 3])
def test_a_key_that_was_deleted_in_the_second_of_a_write_is_given_to_no_new_row(table, deleted):
    """Two new rows are alike, so that a row whose place moved up may hold what was meant for the other."""
    typed(table, "alpha", "beta", "gamma")
    first = {"sheetId": table.tab_id(TITLE), "startRowIndex": 2, "endRowIndex": 3}
    for place in (4, 6):
        there = {**first, "startRowIndex": place, "endRowIndex": place + 1}
        table.structure({"copyPaste": {"source": first, "destination": there}}, who="operator")
    table.put(TITLE, "C6", [["new"]])
    delete = {"deleteDimension": {"range": dimension(table, "ROWS", deleted)}}
    interrupted(table, lambda: table.structure(delete, who="operator"))
    run(table)
    run(table)
    kept = {"S-0001": "alpha", "S-0002": "beta", "S-0003": "gamma"}
    del kept[f"S-000{deleted}"]
    found = {key: row["word"] for key, row in keyed(table).items()}
    assert {key: found.get(key) for key in kept} == kept
    assert f"S-000{deleted}" not in found
    assert sorted(found.values()) == sorted([*kept.values(), "beta", "beta", "new"])
    assert run(table).idle


def test_a_part_that_was_put_right_is_so_whatever_else_was_edited():
    def row(n, word):
        return ReadRow(n, f"S-{n}", f"S-{n}␟w{n}", f"S-{n}␟{word}", {})

    assert still_sorted(SCRATCH, [row(1, "w2"), row(2, "w1")])
    assert not still_sorted(SCRATCH, [row(1, "other"), ReadRow(9, "", "", "␟typed", {})])


TAB = TabInfo(1, "Scratch", 0, hidden=False, rows=10, columns=len(SCRATCH.headers))


def row_of(key, word, **cells):
    """A row as the worker left it."""
    row = cells_of(word=word, active=True, **{"_key": key, **cells})
    return {**row, "_seen": cells.get("_seen", key and plain_join(SCRATCH, key, row))}


def put_right(before, order, acted=None, **since):
    """The word beside each key once a write that gives two new rows their keys met rows in another order.

    Args:
        before: The rows as read; those without a key are typed.
        order: The places of these rows, from the top down, as somebody sorted them before the write.
        acted: What the same write notes of edited rows, by key.
        since: Cells of words that were edited after the read.
    """
    typed_rows = [n for n, row in enumerate(before) if not row["_key"]]
    given = {n: f"S-000{8 + at}" for at, n in enumerate(typed_rows)}
    cells = {
        key: {"_key": key, "_seen": f"{key}␟{before[n]['word']}", "shown": "", "problem": ""}
        | ({"count": 1} if before[n]["count"] == "" else {})
        for n, key in given.items()
    }
    names = [column.header for column in joined(SCRATCH)]
    new = {key: {name: before[n][name] for name in names} for n, key in given.items()}
    keyed_rows = [row for row in before if row["_key"]]
    keys, seen = tuple(row["_key"] for row in keyed_rows), tuple(row["_seen"] for row in keyed_rows)
    grid = {1 + n: {**before[at], **since.get(before[at]["word"], {})} for n, at in enumerate(order)}
    for n, key in given.items():
        grid[1 + n] |= cells[key]
    lines = [[row[header] for header in SCRATCH.headers] for row in grid.values()]
    sheet = read_sheet(SCRATCH, TAB, [list(SCRATCH.headers), *lines])
    found = repair(sheet, grid, TableWrite("scratch", cells | (acted or {}), new, keys, seen=seen))
    for cell in found.cells if found else ():
        grid[cell.row][cell.header] = cell.value
    return {row["word"]: row["_key"] for row in grid.values()}


OLD = [row_of("S-0001", "alpha"), row_of("S-0002", "beta", count=1), row_of("S-0003", "gamma", notes="a note")]
NEW = [row_of("", "zeta", count=5), row_of("", "epsilon")]
KEYS = {"alpha": "S-0001", "beta": "S-0002", "gamma": "S-0003", "zeta": "S-0008", "epsilon": "S-0009"}


@pytest.mark.long
def test_rows_sorted_before_two_new_ones_get_their_keys_keep_theirs():
    wrong = [order for order in permutations(range(5)) if put_right([*OLD, *NEW], order) != KEYS]
    assert wrong == []


def test_a_row_that_was_edited_after_the_sort_is_told_by_the_others():
    assert put_right([*OLD, *NEW], (3, 4, 2, 1, 0), beta={"notes": "changed"}) == KEYS


def test_a_row_that_the_write_knew_as_edited_is_told_by_what_it_was_about_to_note():
    """Its own `_seen`, were it there still, would be of before the edit."""
    changed = [OLD[0] | {"word": "changed"}, OLD[1] | {"word": "other"}, OLD[2]]
    acted = {row["_key"]: {"_seen": plain_join(SCRATCH, row["_key"], row)} for row in changed}
    found = put_right([*changed, *NEW], (3, 4, 2, 1, 0), acted=acted)
    assert found == {
        "changed": "S-0001",
        "other": "S-0002",
        "gamma": "S-0003",
        "zeta": "S-0008",
        "epsilon": "S-0009",
    }


def test_rows_that_are_alike_get_new_keys_rather_than_one_another_s():
    alike = [row_of("S-0001", "alpha"), *(row_of(key, "same") for key in ("S-0002", "S-0003"))]
    found = put_right([*alike, *NEW], (3, 4, 0, 1, 2))
    assert found == {"alpha": "S-0001", "same": "", "zeta": "S-0008", "epsilon": "S-0009"}


@pytest.mark.parametrize(("rows_", "columns"), [(TOLD_BY_SEEN, "A1:B"), (TOLD_BY_SEEN + 1, "A1:A")])
def test_seen_is_read_beside_the_keys_of_a_table_that_is_not_too_long(rows_, columns):
    edited = Edited({"scratch": {4: "␟zeta"}}, key_columns={"scratch": 0})
    ranges = dict(edited_ranges("scratch", replace(TAB, rows=rows_), edited))
    assert ranges == {"1": "'Scratch'!1:1", "keys": f"'Scratch'!{columns}", "5": "'Scratch'!5:5"}


@pytest.mark.long
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_two_rows_typed_while_somebody_sorts_leave_the_others_their_keys(table, whole):
    """Whether the new rows alone are read, or, because rows were sorted before too, the whole table."""
    words = ("alpha", "beta", "gamma", "delta")
    typed(table, *words)
    kept = {key: row["word"] for key, row in keyed(table).items()}
    if whole:
        sort_rows(table, down=False)
    table.put(TITLE, "C6", [["zeta"], ["epsilon"]])
    interrupted(table, lambda: sort_rows(table))
    run(table)
    found = {key: row["word"] for key, row in keyed(table).items()}
    assert found == {**kept, "S-0005": "zeta", "S-0006": "epsilon"}
    assert run(table).idle
