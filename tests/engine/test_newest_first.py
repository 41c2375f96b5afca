"""Batches, Imports and Log: the newest row on top, and all that looks at their rows goes on."""

import pytest
from snapshots import Budget, workbook

from sheets_crm.engine import journal
from sheets_crm.engine.verify import expectations


def two_batches():
    """A lead that is out with V-0001, and one that is ticked."""
    return workbook().sent("verification", 1, 2, batch="V-0001").lead(3).order("verification", 3)


def test_a_new_batch_stands_right_below_the_header_and_is_the_one_shown():
    outcome = two_batches().tick("verification", 3).decide()
    batches = outcome.next.sheets["batches"]
    assert (list(batches.frame.index), batches.rows.tolist()) == (["V-0002", "V-0001"], [1, 2])
    assert batches.frame["shown"].tolist()[1] == ""
    assert batches.tab.rows == two_batches().snapshot().sheets["batches"].tab.rows + 1
    assert outcome.again().empty


def test_a_row_on_top_moves_no_range_that_begins_below_the_header():
    book = two_batches().tick("verification", 3)
    number = book.snapshot().tabs["batches"].sheet_id
    (inserted,) = (
        one["insertDimension"]["range"]
        for one in book.decide().plan.requests()
        if one.get("insertDimension", {}).get("range", {}).get("sheetId") == number
    )
    assert (inserted["startIndex"], inserted["endIndex"]) == (2, 3)


def test_what_is_ticked_beside_a_batch_is_checked_and_taken_back_where_a_new_one_pushes_it_to():
    outcome = two_batches().batch("V-0001", undo=True).tick("verification", 3).decide()
    (check,) = (one for one in expectations(outcome.plan, outcome.next) if "Batches" in one.range)
    assert (check.range.split("!")[1], check.expected) == ("A3:A3", ("V-0001",))
    assert outcome.row("batches", "V-0001")["undo"] is False


@pytest.mark.long
def test_an_undo_in_parts_goes_on_in_its_row_below_a_new_batch():
    book = two_batches().batch("V-0001", undo=True).tick("verification", 3)
    first = book.decide(budget=Budget(9, 1))
    assert first.plan.more
    (read,) = first.next.edits.values()
    assert ([one.row for one in read.rows], list(read.acts)) == ([2], [2])
    second = first.again()
    assert [second.lead(n)["verification_status"] for n in (1, 2, 3)] == ["ready", "ready", "processing"]
    assert second.row("batches", "V-0001")["undo"] is False
    assert second.row("batches", "V-0001")["undone"] == 2


def test_log_deletes_its_oldest_rows_at_the_bottom(monkeypatch):
    monkeypatch.setattr(journal, "LOG_KEPT", 3)
    book = two_batches().tick("verification", 3)
    for n in (9, 8, 7):
        book.row("log", when=float(n), run=f"r{n}", result="ok", what=f"old {n}")
    outcome = book.decide()
    log = outcome.next.sheets["log"]
    assert [str(text)[:5] for text in log.frame["what"]][1:] == ["old 9", "old 8"]
    assert log.rows.tolist() == [1, 2, 3]
    (deleted,) = (
        one["deleteDimension"]["range"]
        for one in outcome.plan.requests()
        if one.get("deleteDimension", {}).get("range", {}).get("sheetId") == log.tab.sheet_id
    )
    assert (deleted["startIndex"], deleted["endIndex"]) == (4, 5)


@pytest.mark.parametrize("locale", ["es_ES"])
@pytest.mark.long
def test_formulas_protections_and_own_cells_stay_with_their_rows(open_desk, locale):
    desk = open_desk("imported", locale)
    desk.tick("Verification Input", 2)
    desk.sync()
    columns = len(desk.cells("Batches")[0])
    desk.structure({"appendDimension": {"sheetId": desk.tab_id("Batches"), "dimension": "COLUMNS", "length": 2}})
    own = chr(65 + columns)
    desk.put("Batches", f"{own}1", [["mía"], ["de V-0001"]], who="owner")
    desk.structure({"addSheet": {"properties": {"title": "Suyo"}}})
    desk.put("Suyo", "A1", [["=COUNTA(Batches!$A$2:$A)"]], who="owner")
    for count in (2, 3):
        desk.tick("Verification Input", 2)
        desk.sync()
        assert desk.cells("Suyo")[0][0] == count
    rows = desk.rows("Batches")
    assert [row["id"] for row in rows] == ["V-0003", "V-0002", "V-0001"]
    assert [row["mía"] for row in rows] == ["", "", "de V-0001"]
    assert [row["age"] for row in rows] == [0, 0, 0]
    undo = chr(65 + desk.cells("Batches")[0].index("undo"))
    desk.put("Batches", f"{undo}2", [[True], [""], [True]])
    assert set(desk.sync()["undone"]) == {"V-0003", "V-0001"}
    assert [row["id"] for row in desk.rows("Batches") if row["outstanding"]] == ["V-0002"]
    assert [str(row["what"])[:4] != "" for row in desk.rows("Log")]
    moments = [row["when"] for row in desk.rows("Log")]
    assert moments == sorted(moments, reverse=True)
