"""Operators move columns, delete rows or sort a part while the worker writes: nobody's cells are lost."""

import pytest
from faults import Interrupted
from scratch import SCRATCH
from test_over_http import TITLE, keyed, rows, typed
from test_two_workers import run

from sheets_crm.workbook.two_way.columns import header_ids
from sheets_crm.workbook.two_way.disorder import still_sorted
from sheets_crm.workbook.two_way.rows import ReadRow


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
