"""A block that is not understood is marked where it stands, and the mark goes with it."""

import json

import pytest
from workbench import Desk

from sheets_crm import sample
from sheets_crm.engine import claim
from sheets_crm.google.files import create_spreadsheet

STRANGE = ["LeadNumber", "Zeta"], [["1", "x"]]


def marks(desk, title="Inbox"):
    """Row, note and whether the row is coloured, of each row of a tab that has either."""
    fields = "sheets(properties(title),data(rowData(values(note,userEnteredFormat(backgroundColor)))))"
    sheets = desk.book("owner").fetch_sheet_metadata({"fields": fields, "includeGridData": "true"})["sheets"]
    (sheet,) = (sheet for sheet in sheets if sheet["properties"]["title"] == title)
    rows = [row.get("values", []) for part in sheet.get("data", []) for row in part.get("rowData", [])]
    found = {}
    for n, cells in enumerate(rows, start=1):
        note = next((cell["note"] for cell in cells if cell.get("note")), "")
        coloured = sum("backgroundColor" in cell.get("userEnteredFormat", {}) for cell in cells)
        if note.startswith("sheets_crm: ") or coloured:
            found[n] = (note, coloured)
    return found


@pytest.mark.long
def test_the_reason_and_the_remedy_stand_beside_the_block_and_cost_nothing_afterwards(open_desk):
    desk = open_desk("sent")
    before = desk.cells("Inbox")
    desk.paste(*STRANGE, place="A3")
    desk.sync()
    ((row, (note, coloured)),) = marks(desk).items()
    assert (row, coloured) == (3, 2)
    assert "Cabeceras" in note
    assert desk.cells("Inbox")[2:] == [["LeadNumber", "Zeta"], ["1", "x"]]
    assert [row for row in before if any(row)] == []
    assert desk.sync()["writes"] == 0
    desk.app.sync(plan=False, now=False, force=False)
    assert list(desk.spent(lambda: desk.app.sync(plan=False, now=False, force=False)).values()) == [1]


@pytest.mark.long
def test_the_mark_goes_when_the_block_is_taken_and_is_in_no_copy(open_desk):
    desk = open_desk("sent")
    desk.paste(*STRANGE, place="A3")
    desk.sync()
    desk.paste(["LeadNumber", "email_status"], [["1", "valid"]], place="A8")
    desk.sync()
    assert list(marks(desk)) == [3]
    desk.put("Inbox", "B3", [["email_status"]])
    desk.sync()
    assert marks(desk) == {}
    assert not any(map(any, desk.cells("Inbox")))
    assert desk.sync()["idle"]


def hint(desk):
    return desk.book("owner").worksheet("Inbox").get_note("A1")


@pytest.mark.long
def test_the_hint_of_inbox_comes_back_when_the_block_below_it_is_taken(open_desk):
    desk = open_desk("sent")
    before = hint(desk)
    desk.paste(*STRANGE)
    desk.sync()
    assert hint(desk) == marks(desk)[1][0] != before
    desk.put("Inbox", "B1", [["email_status"]])
    desk.sync()
    assert (hint(desk), marks(desk)) == (before, {})


@pytest.mark.long
def test_the_mark_goes_when_the_block_is_removed_or_stands_elsewhere(open_desk):
    desk = open_desk("initialised")
    desk.paste(*STRANGE, place="A3")
    desk.sync()
    desk.structure(
        {
            "insertDimension": {
                "range": {"sheetId": desk.tab_id("Inbox"), "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
            }
        }
    )
    desk.sync()
    assert list(marks(desk)) == [4]
    desk.tab("Inbox").batch_clear(["A1:Z20"])
    desk.sync(now=False)
    assert marks(desk) == {}
    assert desk.sync(now=False)["idle"]


def of_a_person(tmp_path):
    """A workbook that belongs to a person, shared with the worker, with imported leads."""
    before = Desk(tmp_path)
    accounts = [
        json.loads((tmp_path / "emulator" / f"{who}_account.json").read_text())["client_email"]
        for who in ("owner", "service")
    ]
    creating = before.client("owner", creating=True)
    made = create_spreadsheet(creating, "CRM", locale="es_ES", time_zone="Europe/Madrid")
    before.client("owner").open_by_key(made).share(accounts[1], perm_type="user", role="writer", notify=False)
    now = before.now
    before.close()
    desk = Desk(tmp_path, sheet_id=made)
    desk.now = now
    desk.init()
    return desk, accounts[0]


def protect(desk, title, owner):
    place = {"range": {"sheetId": desk.tab_id(title)}, "editors": {"users": [owner]}}
    desk.structure({"addProtectedRange": {"protectedRange": place}})


@pytest.mark.long
def test_a_tab_that_is_protected_from_the_worker_gets_no_marks_and_stops_nothing(tmp_path):
    desk, owner = of_a_person(tmp_path)
    desk.structure({"addSheet": {"properties": {"title": "Inbox Ana"}}})
    desk.put("Inbox Ana", "A1", [STRANGE[0], *STRANGE[1]], who="owner")
    desk.sync(now=False)
    assert list(marks(desk, "Inbox Ana")) == [1]
    protect(desk, "Inbox Ana", owner)
    desk.put("Inbox Ana", "B1", [["Eta"]], who="owner")
    desk.put("Inbox", "A1", [STRANGE[0], *STRANGE[1]], who="owner")
    desk.load(*sample.export_rows(3))
    desk.sync(now=False)
    assert len(desk.leads()) == 3
    assert list(marks(desk)) == [1]
    assert len([text for text in desk.problems() if "Inbox Ana" in text]) == 1
    assert desk.sync(now=False)["writes"] == 0
    desk.close()


@pytest.mark.long
def test_a_note_that_an_operator_wrote_there_stays_and_the_colour_alone_is_the_mark(open_desk):
    desk = open_desk("sent")
    desk.paste(*STRANGE, place="A3")
    inbox = desk.book("owner").worksheet("Inbox")
    inbox.insert_note("A3", "ask Ana")
    desk.sync()
    assert marks(desk) == {3: ("ask Ana", 2)}
    assert desk.sync()["writes"] == 0
    desk.put("Inbox", "A8", [["Zeta", "Eta"], ["1", "x"]])
    desk.sync()
    inbox.insert_note("A8", "mine")
    inbox.batch_clear(["A1:Z20"])
    desk.sync()
    assert marks(desk) == {}
    assert [inbox.get_note(place) for place in ("A3", "A8")] == ["ask Ana", "mine"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_the_blocks_of_a_tab_are_recognised_once_a_run(open_desk, monkeypatch):
    desk = open_desk("initialised")
    desk.paste(*STRANGE)
    judged, recognised = [], claim.recognised
    monkeypatch.setattr(
        claim, "recognised", lambda tab, *said: judged.append(tab.source) or recognised(tab, *said)
    )
    desk.sync()
    assert judged == ["Inbox"]
