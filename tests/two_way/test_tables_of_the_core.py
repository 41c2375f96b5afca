"""Vocabulary, Batches and Storage: two-way tables that look and are protected as before there were any, over HTTP."""

import pytest
from gspread.exceptions import APIError

OWN = {"_key", "_seen", "problem"}


def column(desk, title, header):
    """The 0-based column of a header."""
    return desk.cells(title)[0].index(header)


def in_row(desk, title, first):
    """The row that begins with a cell, by header; and its number."""
    header, *rows = desk.cells(title)
    ((number, row),) = [(n, row) for n, row in enumerate(rows, start=2) if row[0] == first]
    return number, dict(zip(header, row, strict=True))


@pytest.mark.parametrize("title", ["Vocabulary", "Batches", "Storage"])
def test_what_the_worker_needs_stands_hidden_at_the_right_end(open_desk, title):
    desk = open_desk("sent")
    header, hidden = desk.cells(title)[0], desk.hidden_columns(title)
    own = [name for name in header if name in OWN]
    assert own == header[-len(own) :]
    assert [name for name, hides in zip(header, hidden, strict=False) if hides] == own


@pytest.mark.parametrize(("title", "cell"), [("Batches", "P2"), ("Batches", "C2"), ("Storage", "D2")])
def test_operators_cannot_write_into_the_workers_cells(open_desk, title, cell):
    desk = open_desk("sent")
    with pytest.raises(APIError, match="protected"):
        desk.put(title, cell, [["x"]], who="operator")


def test_an_act_of_a_batch_costs_two_reads_and_one_write_and_is_obeyed_once(open_desk):
    desk = open_desk("sent")
    batch = desk.cells("Batches")[1][0]
    size = len(desk.batch("Verification")[1])
    desk.tick("Batches", 1, column="K")
    spent = desk.spent(desk.sync)
    assert sum(spent.values()) == 3, spent
    _, row = in_row(desk, "Batches", batch)
    assert (row["undo"], row["undone"], row["outstanding"]) == (False, size, 0)
    assert row["_seen"] == batch
    assert sum(desk.spent(desk.sync).values()) == 1


def test_rows_that_the_worker_adds_and_nobody_edits_need_no_seen(open_desk):
    desk = open_desk("boxed")
    for title in ("Batches", "Storage"):
        place = column(desk, title, "_seen")
        assert not any(row[place] for row in desk.cells(title)[1:])
        assert len(desk.cells(title)) > 1
    assert sum(desk.spent(desk.sync).values()) == 1


def test_a_lead_is_reopened_once_a_reason_stands_beside_the_step(open_desk):
    desk = open_desk("boxed")
    number = desk.cells("Storage")[1][2]
    problem = column(desk, "Storage", "problem")
    desk.put("Storage", "A2", [["Instantly"]])
    desk.sync()
    said = desk.cells("Storage")[1][problem]
    assert "reason" in said
    assert desk.problems() == [f"Storage, fila 2: {said}"]
    assert not desk.hidden_columns("Storage")[problem]
    assert desk.sync(now=False)["writes"] == 0
    assert desk.problems() == [f"Storage, fila 2: {said}"]

    desk.now += 60
    desk.put("Storage", "B2", [["they asked"]])
    spent = desk.spent(desk.sync)
    assert sum(spent.values()) == 3, spent
    assert number not in {row[2] for row in desk.cells("Storage")[1:]}
    assert desk.leads()[number]["storage"] is False
    assert desk.problems() == []
    assert desk.hidden_columns("Storage")[problem]


def test_a_word_that_is_no_step_is_named_in_its_row_with_what_is_allowed(open_desk):
    desk = open_desk("boxed")
    desk.put("Storage", "A2:B3", [["verification", "why not"], ["box1", "new offer"]])
    number = desk.cells("Storage")[2][2]
    desk.sync()
    (text,) = desk.problems()
    assert text.startswith("Storage, fila 2: ")
    assert "instantly, box1" in text
    assert number not in {row[2] for row in desk.cells("Storage")[1:]}, "the other row goes on"
    row = desk.cells("Storage")[1]
    assert row[column(desk, "Storage", "problem")] in text
    assert row[:2] == ["verification", "why not"], "an operator's cell is never overwritten"


def test_many_ticks_at_once_are_all_obeyed(open_desk):
    desk = open_desk("boxed")
    stored = len(desk.cells("Storage")) - 1
    desk.put("Storage", f"A2:B{stored + 1}", [["box1", f"reason {n}"] for n in range(stored)])
    desk.sync()
    assert desk.cells("Storage")[1:] == []
    assert desk.sync()["idle"]


def test_a_word_of_vocabulary_keeps_its_last_good_meaning_while_its_cell_is_not_understood(open_desk):
    desk = open_desk("sent")
    place, row = in_row(desk, "Vocabulary", "risky")
    desk.put("Vocabulary", f"C{place}", [[True]])
    desk.sync()
    desk.put("Vocabulary", f"C{place}", [["perhaps"]])
    desk.sync()
    (text,) = desk.problems()
    assert text.startswith(f"Vocabulary, fila {place}: ")
    number = desk.batch("Verification")[1][0][0]
    desk.paste(["LeadNumber", "email", "email_validation"], [[number, "a@acme.example", "risky"]])
    desk.sync()
    assert desk.leads()[int(number)]["validation_success"] is True
    assert desk.problems() == [text]
    assert row["_key"].startswith("W-")


def test_a_typed_word_gets_its_key_and_a_deleted_one_stays_deleted(open_desk):
    desk = open_desk("sent")
    place, row = in_row(desk, "Vocabulary", "risky")
    rows = {"sheetId": desk.tab_id("Vocabulary"), "dimension": "ROWS", "startIndex": place - 1, "endIndex": place}
    desk.structure({"deleteDimension": {"range": rows}}, who="operator")
    free = len(desk.cells("Vocabulary")) + 1
    desk.put("Vocabulary", f"A{free}", [["espléndido", "valid", True]])
    desk.sync()
    words = {row[0]: row[column(desk, "Vocabulary", "_key")] for row in desk.cells("Vocabulary")[1:]}
    assert "risky" not in words
    keys = list(words.values())
    assert len(set(keys)) == len(keys)
    assert words["espléndido"] == max(keys)
    assert row["_key"] not in keys


@pytest.mark.parametrize("emptied", ["copy", "original"])
def test_a_copied_row_of_which_one_is_emptied_at_once_leaves_one_row_and_no_problem(open_desk, emptied):
    desk = open_desk("sent")
    place, row = in_row(desk, "Vocabulary", "risky")
    free, tab = len(desk.cells("Vocabulary")), {"sheetId": desk.tab_id("Vocabulary")}
    source = {**tab, "startRowIndex": place - 1, "endRowIndex": place}
    target = {**tab, "startRowIndex": free, "endRowIndex": free + 1}
    desk.structure({"copyPaste": {"source": source, "destination": target}}, who="operator")
    gone = free + 1 if emptied == "copy" else place
    desk.put("Vocabulary", f"A{gone}:C{gone}", [["", "", ""]])
    desk.sync()
    assert in_row(desk, "Vocabulary", "risky")[1] == row
    left = [row for row in desk.cells("Vocabulary") if any(cell != "" for cell in row)]
    assert len(left) == free, "nothing of the worker's stands in the row that was emptied"
    assert desk.problems() == []
    assert desk.sync()["idle"]


def test_a_sorted_vocabulary_is_no_edit(open_desk):
    desk = open_desk("sent")
    block = {"sheetId": desk.tab_id("Vocabulary"), "startRowIndex": 1}
    sort = {"range": block, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}
    desk.structure({"sortRange": sort}, who="operator")
    before = desk.cells("Vocabulary")
    assert desk.sync()["writes"] == 0
    assert desk.cells("Vocabulary") == before


def test_a_number_that_is_no_id_keeps_its_tick_and_a_message_says_what_ids_look_like(open_desk):
    desk = open_desk("sent")
    place = len(desk.cells("Batches")) + 1
    desk.structure({"appendDimension": {"sheetId": desk.tab_id("Batches"), "dimension": "ROWS", "length": 1}})
    desk.put("Batches", f"A{place}", [[77]], who="owner")
    desk.put("Batches", f"J{place}", [[True]], who="owner")
    desk.sync()
    assert any("77" in text and "V-0001" in text for text in desk.problems())
    assert desk.cells("Batches")[place - 1][9] is True


def test_a_hand_edit_of_a_workers_cell_of_batches_is_put_back_while_its_counts_move_on(open_desk):
    desk = open_desk("sent")
    size = desk.cells("Batches")[1][2]
    desk.put("Batches", "B2:E2", [["box1", 7777, 1, 99]], who="owner")
    desk.put("Batches", "O2", [[5]], who="owner")
    header, out = desk.batch("Verification")
    assert size == len(out)
    answers = [[lead[0], f"a{n}@acme.example", "valid"] for n, lead in enumerate(out[:3])]
    desk.paste(["LeadNumber", "email", "email_validation"], answers)
    desk.sync(force=True)
    _, row = in_row(desk, "Batches", desk.cells("Batches")[1][0])
    assert (row["step"], row["size"], row["undone"]) == ("verification", size, 0)
    assert (row["returned"], row["outstanding"]) == (3, size - 3)
    assert any("Batches" in str(line) and "a mano" in str(line) for line in desk.cells("Log"))
    desk.sync(force=True)
    assert desk.sync(force=True)["writes"] == 0
    assert header


def test_a_run_that_reads_little_keeps_what_the_worker_remembers_of_its_cells(open_desk):
    desk = open_desk("sent")
    desk.tick("Verification Input" if desk.rows("Verification Input") else "CompScrap Input", 1)
    desk.sync()
    desk.put("Batches", "C2", [[7777]], who="owner")
    desk.sync(force=True)
    assert desk.cells("Batches")[1][2] != 7777
