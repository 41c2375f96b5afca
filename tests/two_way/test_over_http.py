"""Two-way tables over HTTP: what operators type comes to count, once, in few requests."""

import pytest
from notebook import Work
from scratch import SCRATCH

from sheets_crm.config import Settings
from sheets_crm.engine import state
from sheets_crm.engine.session import RunRequest
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.two_way.columns import header_ids

TITLE = "Borrador"


def rows(desk, title=TITLE):
    """The filled rows of the table by header ids."""
    header, *body = desk.cells(title)
    ids = header_ids(SCRATCH, header)
    return [dict(zip(ids, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)]


def keyed(desk, title=TITLE):
    """The rows of the table by key."""
    return {row["_key"]: row for row in rows(desk, title)}


@pytest.mark.long
def test_a_typed_row_gets_its_key_and_defaults(table):
    table.put(TITLE, "C2", [["alpha"]])
    table.sync()
    (row,) = rows(table)
    assert row["_key"] == "S-0001"
    shown = (row["word"], row["count"], row["active"], row["stage"], row["shown"])
    assert shown == ("alpha", 1, True, "nueva", "ALPHA")
    assert sum(table.spent(table.sync).values()) == 1, "the order of the rows is as the worker expected it"


def typed(desk, *words):
    """Rows that were typed and have their keys."""
    desk.put(TITLE, "C2", [[word] for word in words])
    desk.sync()


@pytest.mark.long
def test_an_edit_costs_two_reads_and_one_write_and_an_idle_poll_one_read(table):
    typed(table, "alpha", "beta")
    table.now += 60
    table.put(TITLE, "C3", [["gamma"]])
    spent = table.spent(table.sync)
    assert spent == {"values:batchGet": 2, "batchUpdate": 1} or sum(spent.values()) == 3, spent
    assert keyed(table)["S-0002"]["shown"] == "GAMMA"
    spent = table.spent(table.sync)
    assert sum(spent.values()) == 1


@pytest.mark.long
def test_a_typed_row_costs_no_more_and_the_poll_after_it_one_read(table):
    typed(table, "alpha")
    table.now += 60
    table.put(TITLE, "C3", [["beta"]])
    assert sum(table.spent(table.sync).values()) == 3
    assert sum(table.spent(table.sync).values()) == 1
    assert sorted(keyed(table)) == ["S-0001", "S-0002"]


@pytest.mark.long
def test_an_act_is_obeyed_once_and_taken_back_in_the_same_write(table):
    typed(table, "alpha")
    table.put(TITLE, "J2", [[True, "Winter"]])
    table.sync()
    row = keyed(table)["S-0001"]
    assert (row["close"], row["enrol"], row["stage"]) == (False, "", "ganada")
    assert table.leads()[1]["enrolled"] == "S-0001:Winter;"
    assert table.sync()["idle"]


@pytest.mark.long
def test_a_copied_row_is_a_new_row_and_a_deleted_one_stays_deleted(table):
    typed(table, "alpha", "beta")
    number = table.tab_id(TITLE)
    block = {"sheetId": number, "startRowIndex": 1, "endRowIndex": 2}
    target = {"sheetId": number, "startRowIndex": 3, "endRowIndex": 4}
    table.structure({"copyPaste": {"source": block, "destination": target}}, who="operator")
    table.sync()
    assert [row["_key"] for row in rows(table)] == ["S-0001", "S-0002", "S-0003"]
    delete = {"sheetId": number, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    table.structure({"deleteDimension": {"range": delete}}, who="operator")
    table.sync()
    assert [row["_key"] for row in rows(table)] == ["S-0002", "S-0003"]
    table.put(TITLE, "C4", [["delta"]])
    table.sync()
    assert [row["_key"] for row in rows(table)] == ["S-0002", "S-0003", "S-0004"]


@pytest.mark.long
def test_a_value_that_is_not_understood_is_named_in_its_row_and_on_control(table):
    typed(table, "alpha")
    table.put(TITLE, "D2", [["many"]])
    table.sync()
    assert "cantidad" in keyed(table)["S-0001"]["problem"]
    assert any(f"{TITLE}, fila 2" in problem for problem in table.problems())
    table.put(TITLE, "C3", [["beta"]])
    table.sync()
    assert any(f"{TITLE}, fila 2" in problem for problem in table.problems()), "it stands until it is corrected"
    table.put(TITLE, "D2", [[4]])
    table.sync()
    assert keyed(table)["S-0001"]["problem"] == ""
    assert table.problems() == []


@pytest.mark.long
def test_a_row_that_its_feature_fails_on_does_not_stop_the_others(table):
    table.put(TITLE, "C2", [["explode"], ["beta"]])
    table.sync()
    first, second = rows(table)
    assert (first["_key"], second["_key"]) == ("", "S-0001")
    assert first["problem"]
    assert table.leads()[1]["enrolled"] == "", "what it had done by then is taken back"
    table.put(TITLE, "C2", [["calm"]])
    table.sync()
    assert [row["_key"] for row in rows(table)] == ["S-0002", "S-0001"]


@pytest.mark.long
def test_a_row_that_waits_goes_on_with_the_acts_that_are_left_in_the_next_write_of_the_run(table):
    typed(table, "alpha")
    columns = {name: column_letters(n) for n, name in enumerate(header_ids(SCRATCH, table.cells(TITLE)[0]))}
    table.put(TITLE, "C2", [["in two writes"]])
    table.put(TITLE, f"{columns['close']}2", [[True]])
    table.put(TITLE, f"{columns['enrol']}2", [["autumn"]])
    assert table.sync()["writes"] == 2
    (row,) = rows(table)
    assert (row["close"], row["enrol"]) in {(False, ""), ("", "")}
    assert table.leads()[1]["enrolled"] == "S-0001:closed;S-0001:autumn;"
    assert table.sync()["idle"]


@pytest.mark.long
def test_a_shared_cell_that_the_worker_puts_right_has_no_problem_any_more(table):
    typed(table, "alpha")
    header = table.cells(TITLE)[0]
    stage, close = (column_letters(header.index(SCRATCH.column(name).name("es"))) for name in ("stage", "close"))
    table.put(TITLE, f"{stage}2", [["something else"]])
    table.sync()
    assert keyed(table)["S-0001"]["problem"]
    table.put(TITLE, f"{close}2", [[True]])
    table.sync()
    row = keyed(table)["S-0001"]
    assert (row["stage"], row["problem"], table.problems()) == ("ganada", "", [])
    assert "good" not in row["_seen"], "there is no last good value of a cell that is understood"
    assert table.sync()["idle"]


@pytest.mark.long
def test_a_row_without_its_record_is_named_in_log_when_control_shows_it_no_more(table):
    typed(table, "alpha", "beta")
    seen = column_letters(table.cells(TITLE)[0].index("_seen"))
    table.put(TITLE, f"{seen}3", [[""]], who="owner")
    table.sync()
    assert any("S-0002" in text for text in table.problems())
    table.put(TITLE, "C4", [["gamma"]])
    table.sync()
    assert table.problems() == []
    assert any("S-0002" in str(row) and "S-0001" not in str(row) for row in table.cells("Log"))


@pytest.mark.long
def test_what_a_row_asked_for_stays_when_the_next_one_fails(table):
    table.put(TITLE, "C2", [["ask for 1"], ["explode"]])
    table.sync()
    ticked = {row["LeadNumber"] for row in table.rows("Verification Input") if row["send"] is True}
    assert ticked == {1}


@pytest.mark.long
def test_the_worker_inserts_sets_and_deletes_rows(table):
    typed(table, "alpha", "beta")
    run(table, Work(append=({"word": "worker's", "stage": "won"},), set=(("S-0001", {"stage": "lost_deal"}),)))
    assert [(row["word"], row["stage"]) for row in rows(table)] == [
        ("alpha", "perdida"),
        ("beta", "nueva"),
        ("worker's", "ganada"),
    ]
    assert table.sync()["idle"]
    run(table, Work(delete=("S-0002",)))
    assert list(keyed(table)) == ["S-0001", "S-0003"]
    assert sum(table.spent(table.sync).values()) == 1


@pytest.mark.long
def test_a_partial_sort_is_no_edit(table):
    typed(table, *[f"word {n:02}" for n in range(30)])
    words = table.cells(TITLE)[1:31]
    table.put(TITLE, "C2", [[row[2]] for row in reversed(words)])
    table.sync()
    assert [row["shown"] for row in rows(table)][:2] == ["WORD 00", "WORD 01"]
    assert any("solo una parte" in problem for problem in table.problems())
    table.sync()
    assert any("solo una parte" in problem for problem in table.problems())
    table.put(TITLE, "C2", [[row[2]] for row in words])
    table.sync()
    assert table.problems() == []
    table.put(TITLE, "C2", [[row[2]] for row in reversed(words)])
    table.sync()
    table.set_control("confirm", "B", True)
    table.sync()
    assert [row["shown"] for row in rows(table)][:2] == ["WORD 29", "WORD 28"]
    assert table.problems() == []


@pytest.mark.long
def test_many_edits_at_once(table):
    number = table.tab_id(TITLE)
    table.structure({"appendDimension": {"sheetId": number, "dimension": "ROWS", "length": 250}}, who="operator")
    typed(table, *[f"word {n}" for n in range(250)])
    assert [row["_key"] for row in rows(table)] == [f"S-{n:04}" for n in range(1, 251)]
    assert [row["shown"] for row in rows(table)] == [f"WORD {n}" for n in range(250)]
    assert table.sync()["idle"]


def run(desk, *commands):
    """Have commands obeyed as a verb does."""
    desk.app.context.run(RunRequest(now=True, commands=commands))


@pytest.mark.parametrize("fact", ["rows_moving", "table_orders", "row_problems", "key_columns"])
def test_facts_of_another_type_are_left_out(tmp_path, fact):
    for damaged in (["scratch"], {"scratch": [{}]}, {"scratch": None}):
        state.save_facts(tmp_path, fact, {fact: damaged, "sequence": 4})
        assert state.load_facts(tmp_path, fact) == {"sequence": 4}


@pytest.mark.long
def test_a_poll_about_which_nothing_can_be_done_is_remembered_without_what_it_says(table):
    table.put(TITLE, "C2", [["explode"]])
    table.sync(now=False)
    table.sync(now=False)
    folder = table.settings.state_dir
    facts = state.load_facts(folder, table.sheet_id)
    assert facts["quiet"]
    assert not any(b"explode" in path.read_bytes() for path in folder.glob("cache.db*"))
    assert sum(table.spent(lambda: table.sync(now=False)).values()) == 1


@pytest.mark.long
def test_a_key_is_not_given_again_after_the_module_was_switched_off_and_on(table):
    typed(table, "alpha", "beta", "gamma")
    third = {"sheetId": table.tab_id(TITLE), "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    table.structure({"deleteDimension": {"range": third}}, who="operator")
    table.sync()
    for names in ([], [], ["notebook"]):
        table.settings = Settings(**{**table.settings.model_dump(), "modules": names})
        table.app = table.worker()
        table.init()
        table.sync()
    table.put(TITLE, "C4", [["delta"]])
    table.sync()
    assert sorted(keyed(table)) == ["S-0001", "S-0002", "S-0004"]
    assert [row[0] for row in table.cells("System") if str(row[0]).startswith("kept.")] == []
