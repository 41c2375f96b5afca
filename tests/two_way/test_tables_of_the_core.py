"""Vocabulary, Batches and Storage: two-way tables that look and are protected as before there were any, over HTTP."""

import pytest
from faults import Died, Interrupted
from gspread.exceptions import APIError

from sheets_crm.engine import working_state
from sheets_crm.errors import SheetError

OWN = {"_key", "_seen", "problem"}


def column(desk, title, header):
    """The 0-based column of a header."""
    return desk.cells(title)[0].index(header)


def in_row(desk, title, first):
    """The row that begins with a cell, by header; and its number."""
    header, *rows = desk.cells(title)
    ((number, row),) = [(n, row) for n, row in enumerate(rows, start=2) if row[0] == first]
    return number, dict(zip(header, row, strict=True))


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
def test_rows_that_the_worker_adds_and_nobody_edits_need_no_seen(open_desk):
    desk = open_desk("boxed")
    for title in ("Batches", "Storage"):
        place = column(desk, title, "_seen")
        assert not any(row[place] for row in desk.cells(title)[1:])
        assert len(desk.cells(title)) > 1
    assert sum(desk.spent(desk.sync).values()) == 1


@pytest.mark.long
def test_a_lead_is_reopened_once_a_reason_stands_beside_the_step(open_desk):
    desk = open_desk("boxed")
    number = desk.cells("Storage")[1][2]
    problem = column(desk, "Storage", "problem")
    desk.put("Storage", "A2", [["Instantly"]])
    desk.sync()
    said = desk.cells("Storage")[1][problem]
    assert "columna motivo" in said
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


@pytest.mark.long
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


@pytest.mark.long
def test_many_ticks_at_once_are_all_obeyed(open_desk):
    desk = open_desk("boxed")
    stored = len(desk.cells("Storage")) - 1
    desk.put("Storage", f"A2:B{stored + 1}", [["box1", f"reason {n}"] for n in range(stored)])
    desk.sync()
    assert desk.cells("Storage")[1:] == []
    assert desk.sync()["idle"]


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
def test_a_sorted_vocabulary_is_no_edit(open_desk):
    desk = open_desk("sent")
    block = {"sheetId": desk.tab_id("Vocabulary"), "startRowIndex": 1}
    sort = {"range": block, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}
    desk.structure({"sortRange": sort}, who="operator")
    before = desk.cells("Vocabulary")
    assert desk.sync()["writes"] == 0
    assert desk.cells("Vocabulary") == before


@pytest.mark.long
def test_a_number_that_is_no_id_keeps_its_tick_and_a_message_says_what_ids_look_like(open_desk):
    desk = open_desk("sent")
    place = len(desk.cells("Batches")) + 1
    desk.structure({"appendDimension": {"sheetId": desk.tab_id("Batches"), "dimension": "ROWS", "length": 1}})
    desk.put("Batches", f"A{place}", [[77]], who="owner")
    desk.put("Batches", f"J{place}", [[True]], who="owner")
    desk.sync()
    assert any("77" in text and "V-0001" in text for text in desk.problems())
    assert desk.cells("Batches")[place - 1][9] is True


@pytest.mark.long
def test_a_hand_edit_of_a_workers_cell_of_batches_is_put_back_while_its_counts_move_on(open_desk):
    desk = open_desk("sent")
    size = desk.cells("Batches")[1][2]
    desk.put("Batches", "B2:E2", [["box1", 7777, 1, 99]], who="owner")
    desk.put("Batches", "O2", [[5]], who="owner")
    header, out = desk.batch("Verification")
    assert (header[0], size) == ("LeadNumber", len(out))
    answers = [[lead[0], f"a{n}@acme.example", "valid"] for n, lead in enumerate(out[:3])]
    desk.paste(["LeadNumber", "email", "email_validation"], answers)
    desk.sync(force=True)
    _, row = in_row(desk, "Batches", desk.cells("Batches")[1][0])
    assert (row["step"], row["size"], row["undone"]) == ("verification", size, 0)
    assert (row["returned"], row["outstanding"]) == (3, size - 3)
    assert any("Batches" in str(line) and "a mano" in str(line) for line in desk.cells("Log"))
    desk.sync(force=True)
    assert desk.sync(force=True)["writes"] == 0


@pytest.mark.long
def test_a_run_that_reads_little_keeps_what_the_worker_remembers_of_its_cells(open_desk):
    desk = open_desk("sent")
    desk.tick("Verification Input" if desk.rows("Verification Input") else "CompScrap Input", 1)
    desk.sync()
    desk.put("Batches", "C2", [[7777]], who="owner")
    desk.sync(force=True)
    assert desk.cells("Batches")[1][2] != 7777


def insert(desk, title, dimension, place):
    at = {"sheetId": desk.tab_id(title), "dimension": dimension, "startIndex": place, "endIndex": place + 1}
    desk.structure({"insertDimension": {"range": at, "inheritFromBefore": place > 1}})


@pytest.mark.long
@pytest.mark.parametrize("row", [0, 1, 2, 30])
def test_a_row_inserted_in_system_is_seen_wherever_it_is(open_desk, row):
    """A range that began in row 2 would begin in row 3 then, and every value would count as its neighbour's."""
    desk = open_desk("imported")
    names = ("version", "workbook_id", "next_lead_number", "salt", "migrations")
    before = {line[0]: line[1] for line in desk.cells("System")}
    insert(desk, "System", "ROWS", row)
    desk.tick("Verification Input", 1)
    for now in (False, True):
        with pytest.raises(SheetError, match="System"):
            desk.sync(now=now)
    desk.init()
    after = {line[0]: line[1] for line in desk.cells("System")}
    assert [name for name in names if before[name] != after[name]] == []
    desk.sync()
    assert desk.leads()[1]["verification_sent"] is True


@pytest.mark.long
@pytest.mark.parametrize("act", ["show", "close", "undo"])
def test_a_worker_that_dies_after_its_write_does_not_take_that_back(open_desk, act):
    desk = open_desk("imported")
    for _ in range(2):
        desk.tick("Verification Input", 3)
        desk.sync()
    letters = {"show": "I", "close": "J", "undo": "K"}
    desk.put("Batches", f"{letters[act]}3", [[True]])  # V-0001 stands below V-0002
    desk.app = desk.worker(wrap=lambda gateway: Interrupted(gateway, at=0, only=("apply",), dies="after"))
    with pytest.raises(Died):
        desk.sync()
    desk.app = desk.worker()
    desk.sync()
    desk.sync(force=True)
    _, row = in_row(desk, "Batches", "V-0001")
    expected = {"show": ("sí", 0, 0), "close": ("", 3, 0), "undo": ("", 0, 3)}[act]
    assert (row["shown"], row["closed"], row["undone"]) == expected
    assert not any("a mano" in str(line) for line in desk.cells("Log"))


@pytest.mark.long
def test_the_owner_sorts_the_master_in_the_second_of_an_act_and_its_counts_stand(open_desk):
    desk = open_desk("imported")
    desk.tick("Verification Input", 3)
    desk.sync()
    desk.put("Batches", "K2", [[True]])
    block = {"sheetId": desk.tab_id("Master"), "startRowIndex": 1}
    sort = {"sortRange": {"range": block, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]}}
    desk.app = desk.worker(
        wrap=lambda gateway: Interrupted(gateway, at=0, only=("apply",), act=lambda: desk.structure(sort))
    )
    desk.sync()
    desk.app = desk.worker()
    desk.sync(force=True)
    _, row = in_row(desk, "Batches", "V-0001")
    assert (row["undone"], row["outstanding"]) == (3, 0)
    assert not any("a mano" in str(line) for line in desk.cells("Log"))


@pytest.mark.long
@pytest.mark.parametrize("title", ["Storage", "Batches", "Vocabulary"])
def test_columns_of_operators_own_are_never_written_to(open_desk, title):
    """Inserted between two runs, left of the hidden columns: what was cached is no proof of where they stand."""
    desk = open_desk("boxed")
    place = min(n for n, name in enumerate(desk.cells(title)[0]) if name in OWN)
    insert(desk, title, "COLUMNS", place)
    own = [["mine"], *[[f"precious {n}"] for n in range(len(desk.cells(title)) - 1)]]
    letter = chr(ord("A") + place)
    desk.put(title, f"{letter}1", own, who="owner")
    desk.put(
        title,
        {"Storage": "A2", "Batches": "I2", "Vocabulary": "C2"}[title],
        [[{"Storage": "box1"}.get(title, True)]],
    )
    desk.sync()
    desk.sync()
    assert [[row[place]] for row in desk.cells(title)] == own
    assert desk.sync()["idle"]


@pytest.mark.long
def test_close_and_undo_together_close_all_of_a_batch_part_by_part(open_desk, monkeypatch):
    desk = open_desk("sent")
    monkeypatch.setattr(working_state.Budget.__init__, "__defaults__", (2000, 7))
    desk.put("Batches", "J2:K2", [[True, True]])
    desk.sync()
    size = len([lead for lead in desk.leads().values() if lead["verification_batch"] == "V-0001"])
    _, row = in_row(desk, "Batches", "V-0001")
    assert (row["closed"], row["undone"], row["outstanding"]) == (size, 0, 0)
    assert (row["close"], row["undo"]) == (False, False)


def part_sorted(desk):
    rows = {"startRowIndex": 1, "endRowIndex": len(desk.cells("Vocabulary"))}
    block = {"sheetId": desk.tab_id("Vocabulary"), **rows, "startColumnIndex": 0, "endColumnIndex": 1}
    order = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    desk.structure({"sortRange": {"range": block, "sortSpecs": order}}, who="operator")


def verdict(desk, word):
    """What an output with a word makes of a lead."""
    number = desk.batch("Verification")[1][0][0]
    desk.paste(["LeadNumber", "email", "email_validation"], [[number, "a@acme.example", word]])
    desk.sync()
    lead = desk.leads()[int(number)]
    return lead["validation_success"] if lead["verification_status"] == "completed" else "not taken"


@pytest.mark.long
@pytest.mark.parametrize("first", [True, False], ids=["told before", "in the same run"])
def test_a_vocabulary_of_which_a_part_was_sorted_counts_as_it_was(open_desk, first):
    desk = open_desk("sent")
    part_sorted(desk)
    if first:
        desk.sync()
        assert any("Vocabulary" in text for text in desk.problems())
    assert verdict(desk, "bad") is False


@pytest.mark.long
def test_a_flag_that_is_not_understood_counts_as_blank_and_its_correction_at_once(open_desk):
    desk = open_desk("sent")
    place, _ = in_row(desk, "Vocabulary", "risky")
    desk.put("Vocabulary", f"C{place}", [["perhaps"]])
    assert verdict(desk, "risky") is False, "in the very run of the edit"
    desk.put("Vocabulary", f"C{place}", [[True]])
    desk.sync()
    desk.put("Vocabulary", f"C{place}", [["perhaps"]])
    desk.sync()
    desk.put("Vocabulary", f"C{place}", [[False]])
    assert verdict(desk, "risky") is False, "in the very run of the correction"


@pytest.mark.long
@pytest.mark.parametrize("typed", ["catchall", "Catch All", "CATCH_ALL"])
def test_a_meaning_counts_however_it_is_written(open_desk, typed):
    desk = open_desk("sent")
    free = len(desk.cells("Vocabulary")) + 1
    desk.put("Vocabulary", f"A{free}", [["atrapalotodo", typed, True]])
    desk.sync()
    assert desk.problems() == []
    assert verdict(desk, "atrapalotodo") is True


@pytest.mark.long
def test_the_word_false_is_a_word(open_desk):
    desk = open_desk("sent")
    place, _ = in_row(desk, "Vocabulary", "false")
    desk.put("Vocabulary", f"A{place}", [["false"]])
    assert desk.cells("Vocabulary")[place - 1][0] is False, "as Sheets takes it"
    desk.sync()
    assert desk.problems() == []


@pytest.mark.long
def test_a_problem_leaves_with_its_row_and_the_column_hides_again(open_desk):
    desk = open_desk("boxed")
    number, place = desk.cells("Storage")[1][2], column(desk, "Storage", "problem")
    desk.put("Storage", "A2", [["box1"]])
    desk.sync()
    assert not desk.hidden_columns("Storage")[place]
    desk.app.reopen(str(number), step="box1", reason="asked")
    desk.sync(force=True)
    assert desk.problems() == []
    assert desk.hidden_columns("Storage")[place]
    assert desk.sync(force=True)["writes"] == 0


HIDDEN = [
    ("Vocabulary", "_key"),
    *((t, h) for t in ("Vocabulary", "Batches", "Storage") for h in ("_seen", "problem")),
]


@pytest.mark.long
@pytest.mark.parametrize(("title", "header"), HIDDEN)
def test_a_hidden_column_that_somebody_deleted_comes_back_by_init(open_desk, title, header):
    desk = open_desk("boxed")
    place = column(desk, title, header)
    at = {"sheetId": desk.tab_id(title), "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    desk.structure({"deleteDimension": {"range": at}})
    with pytest.raises(SheetError, match=header):
        desk.sync(force=True)
    desk.init()
    desk.sync()
    assert column(desk, title, header) == max(n for n, name in enumerate(desk.cells(title)[0]) if name)
    assert desk.hidden_columns(title)[column(desk, title, header)]
    assert desk.problems() == []
    desk.sync()
    assert desk.sync()["idle"]


@pytest.mark.long
def test_what_is_no_tick_in_a_batch_stays_and_is_named_until_it_is_corrected(open_desk):
    desk = open_desk("sent")
    desk.put("Batches", "K2", [["quizás"]])
    desk.sync()
    assert desk.cells("Batches")[1][10] == "quizás"
    assert any("quizás" in text for text in desk.problems())
    desk.put("Batches", "K2", [[False]])
    desk.sync()
    assert desk.problems() == []


@pytest.mark.long
def test_a_column_inserted_left_of_the_key_in_the_second_of_a_write_costs_no_row_its_key(open_desk):
    desk = open_desk("sent")
    desk.put("Vocabulary", "C2", [[False]])
    desk.app = desk.worker(
        wrap=lambda gateway: Interrupted(
            gateway, at=0, only=("apply",), act=lambda: insert(desk, "Vocabulary", "COLUMNS", 3)
        )
    )
    desk.sync()
    desk.app = desk.worker()
    desk.sync()
    _, row = in_row(desk, "Vocabulary", "valid")
    assert (row["_key"], row["_seen"], row["problem"]) == ("W-0001", "W-0001␟valid␟valid", "")
    desk.put("Vocabulary", "C2", [[True]])
    desk.sync()
    assert in_row(desk, "Vocabulary", "valid")[1]["_seen"] == "W-0001␟valid␟valid␟1"
    assert desk.sync()["idle"]
