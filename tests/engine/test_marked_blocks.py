"""A block that is not understood is marked where it stands, and the mark goes with it."""

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


def test_the_hint_of_inbox_comes_back_when_the_block_below_it_is_taken(open_desk):
    desk = open_desk("sent")
    before = hint(desk)
    desk.paste(*STRANGE)
    desk.sync()
    assert hint(desk) == marks(desk)[1][0] != before
    desk.put("Inbox", "B1", [["email_status"]])
    desk.sync()
    assert (hint(desk), marks(desk)) == (before, {})


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
