"""Columns and steps that the settings add take part like the built-in ones."""

from import_samples import BOX1, cells, counts, imported, people, table

from sheets_crm.pipeline.schema import Need, Schema, Step
from sheets_crm.pipeline.steps import STEPS

CALL = Step(
    "call",
    "Call",
    "L",
    (("LeadNumber", "LeadNumber"), ("phone", "phone")),
    needs=((Need("box1_status", "completed"),),),
    brings=("call_result",),
    custom=True,
)
VISIT = Step(
    "visit", "Visit", "S", (("LeadNumber", "LeadNumber"),), needs=((),), brings=("visit_note",), custom=True
)
SCHEMA = Schema(steps=(*STEPS, CALL, VISIT), extra=("linkedinNote",))


def test_a_step_of_the_settings_brings_their_columns():
    grid = [["Lead Number", "Call Result", "phone"], ["1", "=hello", "900"], ["9", "x", ""]]
    once = imported(people(2, SCHEMA), grid, schema=SCHEMA)
    assert (counts(once), once.not_sent) == ({"updated": 1, "rejected": 1}, 1)
    assert cells(once, 1, "call_sent", "call_status", "call_result", "phone") == (True, "completed", "=hello", "")
    assert counts(imported(once.leads, grid, schema=SCHEMA)) == {"unchanged": 1, "rejected": 1}


def test_its_status_column_alone_completes_it():
    outcome = imported(people(1, SCHEMA), [["LeadNumber", "call_status"], ["1", "done"]], schema=SCHEMA)
    assert cells(outcome, 1, "call_status", "call_sent") == ("completed", True)


def test_own_columns_are_taken_from_any_output():
    outcome = imported(
        people(1, SCHEMA),
        table([*BOX1, "linkedin note"], {"LeadNumber": "1", "classification": "HIT", "linkedin note": "hola"}),
        schema=SCHEMA,
    )
    assert (cells(outcome, 1, "linkedinNote"), outcome.ignored) == ("hola", ())


def test_each_step_is_told_by_what_it_brings_itself():
    grid = [["LeadNumber", "visit_note", "linkedinNote"], ["1", "at ten", "hola"]]
    outcome = imported(people(1, SCHEMA), grid, schema=SCHEMA)
    assert cells(outcome, 1, "visit_status", "call_status", "visit_note", "linkedinNote") == (
        "completed",
        "",
        "at ten",
        "hola",
    )


def test_a_row_that_says_it_is_not_done_completes_nothing():
    grid = [["LeadNumber", "call_status", "call_result"], ["1", "Processing", "no answer yet"]]
    outcome = imported(people(1, SCHEMA), grid, schema=SCHEMA)
    assert cells(outcome, 1, "call_status", "call_result") == ("processing", "no answer yet")
    assert outcome.pending == 1
