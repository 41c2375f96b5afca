"""Limits: how large a write may be, how scattered, and how many cells a workbook may have."""

import orjson
import pytest

from sheets_crm import sample
from sheets_crm.engine import claim, decide
from sheets_crm.errors import RefusedPlan
from sheets_crm.google.client import SheetsHTTPClient
from sheets_crm.plan import plan as plans


@pytest.fixture
def writes(monkeypatch):
    """The bodies of the guarded writes, as they went over the wire."""
    found = []
    write = SheetsHTTPClient.write_guarded

    def noting(self, endpoint, params, body, seen):
        found.append(body)
        return write(self, endpoint, params, body, seen)

    monkeypatch.setattr(SheetsHTTPClient, "write_guarded", noting)
    return found


@pytest.mark.long
def test_a_write_over_the_payload_is_cut_and_the_parts_are_one_drop(open_desk, monkeypatch, writes):
    whole, desk = open_desk("initialised"), open_desk("initialised")
    writes.clear()
    whole.load(*sample.export_rows(40))
    largest = max(map(len, writes))
    writes.clear()
    monkeypatch.setattr(plans, "PAYLOAD", largest // 3)

    report = desk.load(*sample.export_rows(40))

    assert len(writes) > 3
    assert max(map(len, writes)) <= largest // 3 + 2_000, "the guard and the read-back come on top"
    assert [(drop["rows"], drop["new"]) for drop in report["drops"]] == [(42, 40)]
    assert desk.leads().keys() == whole.leads().keys()
    assert len(desk.rows("Imports")) == 1


@pytest.mark.long
def test_rows_that_stand_apart_are_deleted_in_several_writes_of_one_batch(open_desk, monkeypatch, writes):
    desk = open_desk("imported")
    writes.clear()
    monkeypatch.setattr(plans, "SCATTERED", 4)
    apart = [[n % 2 == 0] for n in range(40)]
    desk.put("Verification Input", "A2", apart)

    report = desk.sync()

    assert report["sent"] == {"V-0001": 20}
    assert report["writes"] > 3
    for body in writes:
        requests = orjson.loads(body)["requests"]
        assert sum("deleteDimension" in request for request in requests) <= 4
    assert (
        len({row["verification_batch"] for row in desk.leads().values() if row["verification_sent"] is True}) == 1
    )


@pytest.mark.long
def test_what_would_pass_ten_million_cells_is_refused_before_anything_is_written(open_desk):
    desk = open_desk("initialised")
    used = sum(sheet.row_count * sheet.column_count for sheet in desk.server._library._books[desk.sheet_id].sheets)
    rows = (10_000_000 - used) // 100
    size = {"rowCount": rows, "columnCount": 100}
    desk.structure({"addSheet": {"properties": {"title": "Mío", "gridProperties": size}}})
    before = desk.everything("Control", "Dashboard", "Log", "System", "Mío")

    for _ in range(2):
        with pytest.raises(RefusedPlan) as stopped:
            desk.load(*sample.export_rows(400))
        assert stopped.value.cause == "cells_full"
        assert stopped.value.numbers["cells"] > 10_000_000

    assert desk.everything("Control", "Dashboard", "Log", "System", "Mío") == before
    assert len([row for row in desk.rows("Log") if row["result"] == "refused"]) == 1


@pytest.mark.long
@pytest.mark.parametrize(("share", "told"), [(0.5, False), (0.65, True), (0.85, True)])
def test_a_workbook_that_fills_up_is_warned_of(open_desk, share, told):
    desk = open_desk("imported")
    size = {"rowCount": int(share * 100_000), "columnCount": 100}
    desk.structure({"addSheet": {"properties": {"title": "Mío", "gridProperties": size}}})
    desk.tick("Verification Input", 1)

    report = desk.sync()

    assert any("%" in text and "10" in text for text in report["problems"]) is told, report["problems"]


@pytest.mark.long
def test_a_large_paste_leaves_no_empty_rows_behind(open_desk, monkeypatch):
    """The browser makes the grid taller for a paste; empty cells count towards the ten million all the same."""
    monkeypatch.setattr(claim, "KEPT_ROWS", 12)
    desk = open_desk("sent")
    inbox = desk.tab("Inbox")
    inbox.resize(rows=15)
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    inbox.resize(rows=31)
    desk.paste(header, rows[:20])
    desk.paste(["color", "sabor"], [["rojo", "dulce"]], place="A23")
    desk.put("Inbox", "A30", [["una nota"]])

    report = desk.sync()

    assert [drop["rows"] for drop in report["drops"]] == [20]
    left = [[cell for cell in row if cell] for row in desk.cells("Inbox") if any(row)]
    assert left == [["color", "sabor"], ["rojo", "dulce"], ["una nota"]]
    assert desk.tab("Inbox").row_count == 31 - (21 - 12)
    desk.sync(force=True)
    used = dict(row[:2] for row in desk.cells("System"))["cells_used"]
    assert used == grid_cells(desk), "a full read takes the grids that people changed into account"


def grid_cells(desk):
    tabs = desk.client("owner").open_by_key(desk.sheet_id).worksheets()
    return sum(tab.row_count * tab.col_count for tab in tabs)


@pytest.mark.long
@pytest.mark.parametrize(("share", "code"), [(0.55, None), (0.65, "60"), (0.85, "80")])
def test_the_write_that_passes_60_or_80_percent_of_the_cells_says_so(open_desk, monkeypatch, share, code):
    whole, desk = open_desk("initialised"), open_desk("initialised")
    whole.load(*sample.export_rows(40))
    used = dict(row[:2] for row in whole.cells("System"))["cells_used"]
    monkeypatch.setattr(decide, "CELLS_LIMIT", used / share)

    desk.load(*sample.export_rows(40))

    problems = [text for text in desk.problems() if "10 millones" in text]
    assert len(problems) == (code is not None)
    if code is not None:
        assert f"{share:.0%}" in problems[0]
        assert desk.control("status")[1][1] == problems[0]
    before = desk.everything()
    assert desk.sync(force=True)["writes"] == 0
    assert desk.everything() == before
