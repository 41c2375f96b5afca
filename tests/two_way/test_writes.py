"""What the worker writes into a two-way table besides the answers to edits."""

from scratch import SCRATCH, cells_of

from sheets_crm.messages import Problem
from sheets_crm.workbook.two_way.columns import header_ids, joined, table_columns
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind
from sheets_crm.workbook.two_way.rows import ReadRow
from sheets_crm.workbook.two_way.seen import Seen, parse_seen, plain_join, seen_text
from sheets_crm.workbook.two_way.writes import (
    CellWrite,
    adopted_problem,
    appended,
    control_problems,
    shared_writes,
    unstable_problem,
)


def test_a_row_that_the_worker_adds_is_seen_from_the_beginning():
    cells = appended(SCRATCH, "S-0007", {"word": "uno", "stage": "won", "shown": "x"}, "es")
    assert cells["stage"] == "ganada"
    assert (cells["count"], cells["active"]) == (1, True)
    assert parse_seen(cells["_seen"]).join == plain_join(SCRATCH, "S-0007", cells)
    assert set(cells) == set(SCRATCH.headers)
    assert appended(SCRATCH, "S-0007", {"stage": "won"}, "en")["stage"] == "won"


def test_what_the_worker_writes_into_a_shared_cell_is_no_edit():
    present = cells_of(_key="S-1", word="uno", stage="nueva", value="doce")
    present["_seen"] = seen_text(Seen(plain_join(SCRATCH, "S-1", present), {"value": 10}))
    writes = shared_writes(SCRATCH, 4, present, {"stage": "won", "shown": "x"}, "es")
    after = present | {write.header: write.value for write in writes}
    assert {write.row for write in writes} == {4}
    assert (after["stage"], after["shown"]) == ("ganada", "x")
    assert parse_seen(after["_seen"]) == Seen(plain_join(SCRATCH, "S-1", after), {"value": 10})


def test_a_worker_cell_comes_with_seen_as_it_is_and_equal_cells_are_not_written():
    present = cells_of(_key="S-1", _seen="S-1␟uno", word="uno", stage="ganada", shown="x")
    assert shared_writes(SCRATCH, 4, present, {"closed_at": 3, "shown": "x"}, "es") == (
        CellWrite(4, "closed_at", 3),
        CellWrite(4, "_seen", "S-1␟uno"),
    )
    assert shared_writes(SCRATCH, 4, present, {"closed_at": ""}, "es") == ()


def test_true_is_not_one_and_a_blank_checkbox_is_false():
    present = cells_of(_key="S-1", _seen="S-1", shown=1)
    assert shared_writes(SCRATCH, 4, present, {"shown": True}, "es")[0] == CellWrite(4, "shown", True)
    assert shared_writes(SCRATCH, 4, present | {"shown": ""}, {"shown": False}, "es") == ()


def test_a_shared_cell_that_the_worker_writes_has_no_good_value_left():
    present = cells_of(_key="S-1", word="uno", stage="wat")
    present["_seen"] = seen_text(Seen(plain_join(SCRATCH, "S-1", present), {"stage": "new"}))
    writes = {write.header: write.value for write in shared_writes(SCRATCH, 4, present, {"stage": "won"}, "es")}
    assert parse_seen(writes["_seen"]).good == {}


def test_control_says_the_first_eight_problems_and_how_many_more():
    problems = [("Borrador", n, Problem("two_way.missing", header="palabra")) for n in range(1, 12)]
    lines = control_problems(problems, "es")
    assert len(lines) == 9
    assert lines[0] == "Borrador, fila 2: falta palabra: complétalo."
    assert lines[-1].startswith("Y 3 problemas más")
    assert control_problems(problems[:9], "en")[-1].startswith("And 1 more problem in")
    assert len(control_problems(problems[:8], "es")) == 8
    assert control_problems([], "es") == ()


def test_problems_of_rows_say_what_to_do():
    assert "diez minutos" in unstable_problem()
    edit = RowEdit(3, "S-0001", RowKind.ADOPTED, (), {}, {}, {}, {}, (), ReadRow(3, "S-0001", "", "", {}))
    assert adopted_problem("Borrador", edit).startswith(
        "Borrador, fila 4: el sistema no tenía registro de la fila S-0001."
    )


def test_headers_are_understood_in_both_languages_and_people_keep_their_own():
    row = ["Palabra ", "mine", "RATIO", "proporcion", "_seen", "_key", "etapa", "", "Problem"]
    assert header_ids(SCRATCH, row) == ["word", "mine", "ratio", "ratio", "_seen", "_key", "stage", "", "problem"]


def test_a_later_column_at_the_end_changes_no_join():
    cells = cells_of(word="uno", notes="x")
    before = plain_join(SCRATCH, "S-1", cells)
    own = list(SCRATCH.columns[2:-1])
    later = type(SCRATCH)(
        **{name: getattr(SCRATCH, name) for name in SCRATCH.__slots__}
        | {"columns": table_columns(*own, type(own[0])("later", owner=own[0].owner))}
    )
    assert [column.header for column in joined(later)][-1] == "later"
    assert plain_join(later, "S-1", cells) == before
