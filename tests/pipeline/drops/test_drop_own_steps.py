"""Columns and steps that the settings add take part like the built-in ones."""

from drop_samples import BOX1, cells, counts, drop, people, table

from sheets_crm.pipeline.steps import STEPS, Need, Schema, Step

CALL = Step(
    "call",
    "Call",
    "L",
    (("LeadNumber", "LeadNumber"), ("phone", "phone")),
    needs=((Need("box1_status", "completed"),),),
)
SCHEMA = Schema(steps=(*STEPS, CALL), extra=("call_result", "linkedinNote"))


def test_a_step_of_the_settings_brings_their_columns():
    grid = [["Lead Number", "Call Result", "phone"], ["1", "=hello", "900"], ["9", "x", ""]]
    once = drop(people(2, SCHEMA), grid, schema=SCHEMA)
    assert (counts(once), once.not_sent) == ({"updated": 1, "rejected": 1}, 1)
    assert cells(once, 1, "call_sent", "call_status", "call_result", "phone") == (True, "completed", "=hello", "")
    assert counts(drop(once.leads, grid, schema=SCHEMA)) == {"unchanged": 1, "rejected": 1}


def test_its_status_column_alone_completes_it():
    outcome = drop(people(1, SCHEMA), [["LeadNumber", "call_status"], ["1", "done"]], schema=SCHEMA)
    assert cells(outcome, 1, "call_status", "call_sent") == ("completed", True)


def test_own_columns_are_taken_from_any_output():
    outcome = drop(
        people(1, SCHEMA),
        table([*BOX1, "linkedin note"], {"LeadNumber": "1", "classification": "HIT", "linkedin note": "hola"}),
        schema=SCHEMA,
    )
    assert (cells(outcome, 1, "linkedinNote"), outcome.ignored) == ("hola", ())
