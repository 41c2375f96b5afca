"""What follows from a table's declaration: its part of System, its set-up, its lines of the journal."""

import pytest
from notebook import NOTEBOOK
from test_over_http import TITLE, typed

from sheets_crm.engine.replay import replayed
from sheets_crm.features.registry import FEATURES
from sheets_crm.operations import erasures
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.steps import schema_in_use

SCHEMA = schema_in_use({"verification"})


def test_its_part_of_system_follows_from_the_declaration_and_stands_right_of_all_others():
    core, own = FEATURES.system(SCHEMA), FEATURES.with_modules([NOTEBOOK]).system(SCHEMA)
    assert set(own.keys) - set(core.keys) == {
        "next_key.scratch",
        "hold.scratch",
        "signal.edits.scratch",
        "signal.order.scratch",
    }
    assert own.polled_keys[-2:] == ("signal.edits.scratch", "signal.order.scratch")
    assert (own.width, own.first_edits) == (core.width + 2, core.first_edits)
    assert own.edits_range("System", "scratch").endswith("202")


@pytest.mark.long
def test_init_finds_nothing_to_repair_and_restores_a_lost_header_in_the_workbooks_language(table):
    typed(table, "alpha")
    report = table.init()
    assert (report["created"], report["repaired"]) == ([], [])
    before = table.cells(TITLE)
    table.put(TITLE, "D1", [[""]], who="owner")
    report = table.init()
    assert report["repaired"] == ["Borrador"]
    assert table.cells(TITLE) == before


@pytest.mark.long
def test_the_doctor_does_not_miss_a_protection_of_a_table_that_has_none(table):
    report = str(table.app.doctor(probe=False).as_json())
    assert "not protected" not in report


def entry(**fields):
    common = {"when": "2026-01-01T00:00:00+00:00", "sequence": 9, "cause": "run", "lead": 0, "old": ""}
    return common | {"table": "scratch", "key": "S-0001", "column": "notes"} | fields


def test_replay_leaves_the_lines_of_tables_alone():
    assert replayed([entry(new="text")], 1).cells == {}


@pytest.mark.parametrize(
    ("new", "about"), [("call Ann Lee today", True), ("ann@example.com", True), ("call Bob", False)]
)
def test_forget_reaches_what_operators_wrote_about_a_person(new, about):
    person = Person.of_cells(5, {"firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"})
    assert erasures.is_about(entry(new=new), person) is about
