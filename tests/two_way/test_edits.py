"""What operators did, from rows as read, and what is written back: no formula, no workbook."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model import Model
from scratch import SCRATCH

from sheets_crm.workbook.two_way.edits import WHOLE_ROW, CellChange, RowKind, table_edits
from sheets_crm.workbook.two_way.rows import KeyedRow, ReadRow, Spill, copies, parse_spill, read_rows
from sheets_crm.workbook.two_way.writes import Handled, edit_writes


@pytest.fixture
def table():
    """Three rows that the worker has acted on."""
    model = Model()
    for word in ("uno", "dos", "tres"):
        model.add(word=word, value=10, stage="nueva")
    model.run()
    assert model.differing() == []
    return model


def one(edits):
    assert len(edits.rows) == 1, edits.rows
    return edits.rows[0]


# -- what happened


def test_a_typed_row_gets_key_defaults_and_seen_in_place():
    model = Model()
    model.add(word="uno", stage="ganada")
    edit = one(model.run())
    assert (edit.kind, edit.key, edit.new, edit.complete) == (RowKind.TYPED, "", True, True)
    assert edit.values["stage"] == "won"
    assert edit.values["active"] is True, "the default counts already"
    assert set(edit.changes) == {CellChange("word", "", "uno"), CellChange("stage", "", "won")}
    assert model.rows[0] == {
        **dict.fromkeys(SCRATCH.headers, ""),
        "_key": "S-0001", "_seen": "S-0001␟uno␟1␟␟␟␟␟1␟␟␟ganada",
        "word": "uno", "count": 1, "active": True, "stage": "ganada",
    }  # fmt: skip
    assert model.run().rows == ()


def test_defaults_go_into_blank_cells_only_and_by_name():
    model = Model()
    model.add(word="uno", count=0, active=False)
    values = one(model.run()).values
    row = model.rows[0]
    assert (values["count"], values["active"], values["stage"]) == (0, False, "new")
    assert (row["count"], row["active"], row["stage"]) == (0, False, "nueva")


def test_a_changed_cell_is_a_change_with_its_old_text_and_its_value(table):
    table.rows[1]["value"] = "1.234,50"
    edit = one(table.run())
    assert (edit.kind, edit.key, edit.row) == (RowKind.EDITED, "S-0002", 2)
    assert edit.changes == (CellChange("value", "10", 1234.5),)
    assert edit.acts == {}
    assert table.rows[1]["value"] == "1.234,50", "operators' cells are never overwritten"


def test_a_cell_that_is_written_differently_and_means_the_same_is_no_change(table):
    table.rows[1]["value"] = "10,0"
    table.rows[1]["stage"] = "NEW"
    assert one(table.run()).changes == ()
    assert table.differing() == []


def test_an_act_is_obeyed_once_and_taken_back_in_the_same_write(table):
    table.rows[0]["close"] = True
    table.rows[0]["enrol"] = " Otoño "
    edit = one(table.run(lambda edit: {"stage": "won", "closed_at": 46_000}))
    assert edit.acts == {"close": True, "enrol": "Otoño"}
    assert "close" not in edit.values
    row = table.rows[0]
    assert (row["close"], row["enrol"], row["stage"], row["closed_at"]) == (False, "", "ganada", 46_000)
    assert table.differing() == [], "neither the act nor what the worker wrote is an edit"
    assert table.run().rows == ()


def test_an_emptied_cell_is_blank_and_gets_no_default(table):
    table.rows[0]["count"] = ""
    edit = one(table.run())
    assert edit.values["count"] == ""
    assert edit.changes == (CellChange("count", "1", ""),)
    assert table.rows[0]["count"] == ""


def test_an_act_that_seen_has_was_obeyed_already(table):
    table.rows[0] |= {"close": True, "word": "otra"}
    table.rows[0]["_seen"] = "S-0001␟uno␟1␟␟10␟␟␟1␟1␟␟nueva"
    assert one(table.run()).acts == {}
    assert table.rows[0]["close"] is False


def test_an_act_that_says_no_is_taken_for_none(table):
    table.rows[0]["close"] = "no"
    assert one(table.run()).acts == {}
    assert table.rows[0]["close"] is False


def test_a_state_stays_as_it_is_set(table):
    table.rows[0]["active"] = False
    edit = one(table.run())
    assert edit.changes == (CellChange("active", "1", False),)
    assert table.rows[0]["active"] is False


def test_a_copied_row_is_a_new_one_without_the_originals_acts_and_results(table):
    table.rows[0]["close"] = True
    table.rows[0]["closed_at"] = 45_000
    table.rows.append(dict(table.rows[0]))
    edits = table.run()
    original, copy = edits.rows
    assert (original.key, original.kind, original.acts) == ("S-0001", RowKind.EDITED, {"close": True})
    assert (copy.kind, copy.key, copy.acts) == (RowKind.COPIED, "", {})
    assert CellChange("word", "", "uno") in copy.changes, "every filled cell of a new row is one"
    assert [table.key(n) for n in range(4)] == ["S-0001", "S-0002", "S-0003", "S-0004"]
    assert table.rows[3]["close"] is False
    assert table.rows[3]["closed_at"] == "", "what the worker shows of the original is not true of the copy"
    assert table.run().rows == ()


@pytest.mark.parametrize("above", [True, False])
def test_of_two_equal_rows_the_edited_one_is_the_copy(table, above):
    copy = dict(table.rows[1], word="copia")
    table.rows.insert(1 if above else 2, copy)
    edits = table.run()
    assert [(edit.kind, edit.values["word"]) for edit in edits.rows] == [(RowKind.COPIED, "copia")]
    assert {row["word"]: row["_key"] for row in table.rows}["dos"] == "S-0002"


def test_an_unedited_copy_shows_by_its_key_alone(table):
    table.rows.append(dict(table.rows[1]))
    assert table.differing() == []
    assert one(table.run()).kind is RowKind.COPIED
    assert table.key(3) == "S-0004"


def test_a_row_with_a_key_and_no_seen_is_taken_as_it_stands_and_its_acts_are_not_obeyed(table):
    table.rows[0] |= {"_seen": "", "close": True, "word": "otra"}
    edit = one(table.run())
    assert (edit.kind, edit.key, edit.acts, edit.changes) == (RowKind.ADOPTED, "S-0001", {}, ())
    assert edit.values["word"] == "otra"
    assert table.rows[0]["close"] is False
    assert table.differing() == []


@pytest.mark.parametrize("typed", ["", "S-7777", "nonsense"])
def test_a_key_that_was_changed_by_hand_is_put_back(table, typed):
    table.rows[0]["_key"] = typed
    table.rows[0]["word"] = "otra"
    edit = one(table.run())
    assert (edit.kind, edit.key) == (RowKind.RESTORED, "S-0001")
    assert edit.changes == (CellChange("word", "uno", "otra"),)
    assert table.key(0) == "S-0001"
    assert table.differing() == []


def test_of_two_rows_that_lost_one_key_one_gets_it_back(table):
    table.rows.append(dict(table.rows[0]))
    for n in (0, 3):
        table.rows[n] |= {"_key": "", "word": f"otra {n}"}
    assert [edit.kind for edit in table.run().rows] == [RowKind.RESTORED, RowKind.TYPED]
    assert [table.key(n) for n in range(4)] == ["S-0001", "S-0002", "S-0003", "S-0004"]


def test_a_key_that_another_row_gets_back_is_not_gone(table):
    erased = {**dict.fromkeys(SCRATCH.headers, ""), "_seen": table.rows[0]["_seen"]}
    table.rows.insert(0, erased)
    table.rows[1] |= {"_key": "", "word": "otra"}
    gone, back = table.run().rows
    assert (gone.kind, gone.key, back.kind, back.key) == (RowKind.ERASED, "", RowKind.RESTORED, "S-0001")


def test_a_row_of_which_nothing_is_left_but_hidden_cells_is_gone(table):
    table.rows[0] |= {**dict.fromkeys(SCRATCH.headers, ""), "_seen": table.rows[0]["_seen"], "shown": "x"}
    edit = one(table.run())
    assert (edit.kind, edit.key, edit.problems) == (RowKind.ERASED, "S-0001", {})
    assert set(table.rows[0].values()) == {""}
    assert table.run().rows == ()


def test_a_seen_that_was_copied_to_a_row_without_a_key_is_no_key(table):
    table.add(word="cuatro", _seen=table.rows[0]["_seen"])
    assert one(table.run()).kind is RowKind.TYPED
    assert table.key(3) == "S-0004"


def test_sorted_whole_rows_and_deleted_rows_are_no_edit(table):
    table.rows.reverse()
    del table.rows[1]
    table.rows.insert(0, dict.fromkeys(SCRATCH.headers, ""))
    assert table.run().rows == ()


# -- cells that are not understood


def test_a_cell_that_is_not_understood_keeps_its_last_good_value(table):
    for cell in ("doce", "trece", "#N/A"):
        table.rows[0]["value"] = cell
        edit = one(table.run())
        assert edit.values["value"] == 10
        assert edit.good == {"value": 10}
        assert "valor" in table.rows[0]["problem"]
        assert table.rows[0]["value"] == cell
        assert table.run().rows == (), "a problem is no edit"
    table.rows[0]["notes"] = "y otra cosa"
    edit = one(table.run())
    assert (edit.values["value"], edit.values["notes"]) == (10, "y otra cosa")
    table.rows[0]["value"] = 11
    edit = one(table.run())
    assert (edit.values["value"], edit.good) == (11, {})
    assert table.rows[0]["problem"] == ""
    assert "␞" not in table.rows[0]["_seen"]


def test_a_cell_put_back_to_its_good_value_is_no_change(table):
    table.rows[0]["value"] = "doce"
    table.run()
    table.rows[0]["value"] = 10
    assert one(table.run()).changes == ()
    assert table.rows[0]["problem"] == ""


def test_a_new_row_without_a_required_cell_has_a_key_and_waits():
    model = Model()
    model.add(value=3)
    edit = one(model.run())
    assert (edit.complete, edit.missing) == (False, ("word",))
    assert model.rows[0]["problem"] == "falta palabra: complétalo."
    assert model.key(0) == "S-0001"
    model.rows[0]["word"] = "uno"
    edit = one(model.run())
    assert (edit.complete, edit.kind, edit.key) == (True, RowKind.EDITED, "S-0001")
    assert model.rows[0]["problem"] == ""


def test_an_error_that_only_the_join_shows_is_a_problem(table):
    """Google gives the text of an error cell in its own words; the join says #ERROR."""
    read = table.read_row(0)
    table.rows[0]["word"] = "#ERROR"
    join = table.join(0)
    odd = ReadRow(1, "S-0001", read.seen, join, dict(read.cells, word="#SOMETHING?"))
    edit = one(table_edits(SCRATCH, [odd], "es"))
    assert edit.values["word"] == "uno"
    assert "word" in edit.problems


def test_a_row_that_is_too_long_says_so(table):
    table.rows[0] |= {"word": "a" * 19_999, "notes": "b" * 19_999}
    edit = one(table.run())
    assert edit.values["word"] == "a" * 19_999
    assert WHOLE_ROW in edit.problems
    assert "38000" in table.rows[0]["problem"]


def test_handlers_do_not_write_operators_cells(table):
    table.rows[0]["word"] = "otra"
    edit = one(table.edits())
    with pytest.raises(ValueError, match="notes"):
        edit_writes(SCRATCH, [Handled(edit, {"notes": "x"})], str, "es")


# -- partial sorts


def many(rows):
    model = Model()
    for n in range(rows):
        model.add(word=f"w{n}", value=n, stage="nueva")
    model.run()
    return model


def shuffle(model, headers, rows):
    order = random.Random(1).sample(range(rows), rows)
    source_of = dict(pairwise([*order, order[0]]))  # one cycle: no cell stays
    before = [dict(row) for row in model.rows]
    for n, source in source_of.items():
        for header in headers:
            model.rows[n][header] = before[source][header]


@pytest.mark.parametrize("headers", [["word", "value"], ["word"], ["_seen", "word", "value"], ["_seen"]])
def test_a_partial_sort_is_no_edit_and_seen_goes_back_to_its_key(headers):
    model = many(40)
    before = [dict(row) for row in model.rows]
    shuffle(model, headers, 40)
    edits = model.run()
    assert edits.rows == ()
    assert set(edits.disorder.headers) == set(headers)
    assert [row["_seen"] for row in model.rows] == [row["_seen"] for row in before], "back beside its key"
    text = edits.disorder.problem(SCRATCH, "Borrador", "es")
    assert "Borrador" in text
    assert headers == ["_seen"] or "palabra" in text
    for row, old in zip(model.rows, before, strict=True):
        row |= {header: old[header] for header in headers}
    assert model.run() == type(edits)(), "undone: nothing is left of it"


def test_a_partial_sort_that_somebody_confirms_is_an_edit():
    model = many(40)
    shuffle(model, ["_seen", "word"], 40)
    edits = model.run(confirmed=True)
    changed = {edit.key: edit.changes for edit in edits.rows}
    assert len(changed) >= 35
    for change in changed.values():
        assert [one.header for one in change] == ["word"]
    assert model.differing() == []
    assert [model.key(n) for n in range(40)] == [f"S-{n:04}" for n in range(1, 41)]


def test_twenty_cells_may_change_places():
    model = many(40)
    shuffle(model, ["word"], 20)
    edits = model.run()
    assert edits.disorder is None
    assert len(edits.rows) == 20
    shuffle(model, ["word"], 21)
    assert model.run().disorder


def test_another_edit_in_the_same_seconds_hides_no_partial_sort():
    model = many(60)
    shuffle(model, ["word"], 60)
    model.rows[5]["word"] = "typed by somebody else"
    edits = model.run()
    assert edits.disorder
    assert edits.rows == ()


def test_rows_that_are_edited_and_a_few_that_change_places_are_edits():
    model = many(60)
    shuffle(model, ["word"], 30)
    for row in model.rows[30:]:
        row["word"] += " edited"
    edits = model.run()
    assert edits.disorder is None
    assert len(edits.rows) == 60


def test_a_few_rows_with_their_seen_are_a_partial_sort_too(table):
    shuffle(table, ["_seen", "word"], 3)
    assert table.run().disorder.headers == ("_seen", "word")


def test_the_seen_of_a_deleted_row_is_not_taken_for_a_changed_key(table):
    table.rows[0]["_seen"] = table.rows.pop(1)["_seen"]
    assert table.run().disorder.lost == {1}
    assert one(table.run()).kind is RowKind.ADOPTED
    assert table.key(0) == "S-0001"


def test_cells_filled_down_are_no_partial_sort():
    model = many(60)
    for row in model.rows:
        row["stage"] = "ganada"
    edits = model.run()
    assert edits.disorder is None
    assert len(edits.rows) == 60


def test_a_row_whose_seen_is_lost_under_anothers_is_adopted(table):
    table.rows[0]["_seen"] = table.rows[1]["_seen"]
    edits = table.run()
    assert edits.disorder.lost == {1}
    table.rows[0]["_seen"] = table.rows[1]["_seen"]
    assert one(table.edits(confirmed=True)).kind is RowKind.ADOPTED
    table.rows[0]["_seen"] = ""
    assert one(table.run()).kind is RowKind.ADOPTED
    assert [table.key(n) for n in range(3)] == ["S-0001", "S-0002", "S-0003"]


# -- reading


def test_a_spill_gives_the_count_and_the_rows():
    assert parse_spill([[2, ""], [5, "S-1␟a"], [9, "␟b"]]) == Spill(2, {4: "S-1␟a", 8: "␟b"})
    assert parse_spill([[0]]) == Spill()
    assert parse_spill([[1], [3]]) == Spill(1, {2: ""}), "a row whose key and cells were all erased has no join"
    for broken in ([], [[]], [[""]], [["#REF!"]], [[True]]):
        assert parse_spill(broken).count == -1
        assert not parse_spill(broken).complete
    assert not parse_spill([[201.0], *([n, "x"] for n in range(2, 202))]).complete


def test_a_row_that_moved_between_poll_and_read_is_left_out(table):
    table.rows[0]["word"] = "otra"
    cells = {1: dict(table.rows[0]), 2: dict(table.rows[1]), 3: dict(table.rows[2])}
    spill = Spill(2, {1: table.join(0), 3: "S-0002␟dos"})
    assert [row.row for row in read_rows(SCRATCH, spill, cells)] == [1]


def test_rows_that_stand_twice():
    seen = "S-1␟a"
    rows = [KeyedRow(1, "S-1", seen, True), KeyedRow(2, "S-1", seen), KeyedRow(3, "S-1", seen), KeyedRow(4, "", ""),
            KeyedRow(5, "", ""), KeyedRow(6, "S-2", "S-2")]  # fmt: skip
    assert copies(rows) == {1, 3}
    assert copies([KeyedRow(1, "S-1", ""), KeyedRow(2, "S-1", seen, True)]) == {1}, (
        "the original has its own _seen"
    )


# -- any work of operators and worker

CELLS = {
    "word": ["uno", "dos", "x␟y", "007", ""],
    "count": [1, 2, "3", "tres", ""],
    "value": [10, 0.5, "1,5", "#N/A", ""],
    "active": [True, False, "", "sí", "quizá"],
    "close": [True, "", False],
    "enrol": ["Otoño", ""],
    "stage": ["nueva", "won", "wat", ""],
    "closed_at": [3],
}
ACTION = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(CELLS["word"])),
    st.tuples(
        st.just("edit"), st.integers(0, 9), st.sampled_from([(h, c) for h, cs in CELLS.items() for c in cs])
    ),
    st.tuples(st.just("copy"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("sort"), st.booleans()),
    st.tuples(st.just("erase key"), st.integers(0, 9)),
    st.tuples(st.just("erase seen"), st.integers(0, 9)),
    st.tuples(st.just("run")),
)


def act(model, action):
    name, *given = action
    if name == "type":
        model.add(word=given[0])
    elif name == "sort":
        model.rows.sort(key=lambda row: str(row["word"]), reverse=given[0])
    elif name == "run":
        check_run(model)
    elif given[0] < len(model.rows):
        row = model.rows[given[0]]
        if name == "edit":
            row[given[1][0]] = given[1][1]
        elif name == "copy":
            model.rows.insert(min(given[1], len(model.rows)), dict(row))
        elif name == "delete":
            model.rows.remove(row)
        else:
            row["_key" if name == "erase key" else "_seen"] = ""


def check_run(model):
    """A run leaves every operators' cell but acts, a key of its own in every filled row, and nothing to do."""
    theirs = [name for name in CELLS if name not in {"close", "enrol", "closed_at"}]
    before = [{name: row[name] for name in theirs} for row in model.rows]
    edits = model.run()
    assert len({edit.row for edit in edits.rows}) == len(edits.rows)
    for n, row in enumerate(model.rows):
        for name in theirs:
            assert before[n][name] == row[name] or before[n][name] == "", (name, before[n], row)
        assert row["close"] in {"", False}
        assert row["enrol"] == ""
    assert not edits.disorder
    assert model.differing() == []
    assert model.run().rows == (), "a run that follows finds nothing to do"
    # A row in which nothing but a worker's cell was typed is no row.
    own = [column.header for column in SCRATCH.columns if column.operator or column.header == "_key"]
    keys = [row["_key"] for row in model.rows if any(row[name] not in {"", False} for name in own)]
    assert "" not in keys
    assert len(set(keys)) == len(keys)


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(st.lists(ACTION, max_size=25))
def test_whatever_operators_do_a_run_ends_in_order_and_takes_nothing_from_them(actions):
    model = Model()
    for action in actions:
        act(model, action)
    check_run(model)
