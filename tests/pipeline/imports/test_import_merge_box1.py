"""What Box 1 brings, and what becomes of an earlier version's result."""

import pytest
from import_samples import BOX1, LATER, NOW, SCHEMA, cells, counts, imported, reasons, sent, table, verified

from sheets_crm.pipeline.imports.row_updates import earlier_results
from sheets_crm.pipeline.leads import put, reopened

STATE = ("box1_sent", "box1_status", "box1_completed_at")


def waiting(*numbers):
    leads = put(verified(4), [1, 2, 3, 4], {"company_scrap_sent": True, "company_scrap_status": "completed"})
    return sent(leads, "box1", *numbers, batch="B-0001")


def result(number, word="HIT", version="v1", **more):
    copy = {"Subject": f"Hola {version}", **{f"Body {n}": f"Texto {n} {version}" for n in range(1, 5)}}
    return {"LeadNumber": str(number), "classification": word, "box1_version": version, **copy, **more}


@pytest.mark.parametrize(
    ("word", "kept", "stored"),
    [
        ("HIT", "HIT", False),
        (" hit ", "HIT", False),
        ("noHIT", "noHIT", True),
        ("No Hit", "noHIT", True),
        ("no_hit", "noHIT", True),
        ("FIT", "noHIT", True),
        ("DROP", "DROP", False),
        ("no fit", "DROP", False),
        ("No_Fit", "DROP", False),
    ],
)
def test_the_words(word, kept, stored):
    outcome = imported(waiting(1), table(BOX1, result(1, word)))
    assert cells(outcome, 1, "box1_result", "storage", *STATE) == (kept, stored, True, "completed", LATER)
    assert cells(outcome, 1, "subject", "body_1", "body_4") == ("Hola v1", "Texto 1 v1", "Texto 4 v1")


def test_other_words_and_blanks_are_rejected():
    outcome = imported(waiting(1, 2), table(BOX1, result(1, "MAYBE"), result(2, " "), result(1, "failed")))
    assert reasons(outcome) == ["unknown_result", "blank_result", "unknown_result"]
    assert outcome.touched == frozenset()


def test_the_same_drop_again_changes_nothing():
    grid = table(BOX1, result(1), result(2, "FIT"), result(3, "DROP"))
    once = imported(waiting(1, 2), grid)
    assert (counts(once), once.not_sent) == ({"updated": 3}, 1)
    again = imported(once.leads, grid, now=LATER + 1)
    assert (counts(again), again.touched, len(again.box1_earlier)) == ({"unchanged": 3}, frozenset(), 0)
    assert again.leads.equals(once.leads)


def test_the_siblings_headers_fill_prompt_one():
    header = [
        "lead_number",
        "status",
        "promptVersion",
        "userPrompt",
        "output",
        "body1",
        "instantly_body2",
        "prompt2_output",
    ]
    outcome = imported(waiting(1), [header, ["1", "hit", "v3", "Escribe", "Texto", "a", "b", "zwei"]])
    columns = ("prompt1_version", "prompt1_user_prompt", "prompt1_output", "prompt2_output", "body_1", "body_2")
    assert cells(outcome, 1, *columns) == ("v3", "Escribe", "Texto", "zwei", "a", "b")


@pytest.mark.parametrize(("file_says", "lead", "kept"), [("v9", 1, "v9"), ("", 1, "v1"), ("", 2, "v5")])
def test_the_version_is_the_files_else_the_one_it_was_sent_under_else_the_settings(file_says, lead, kept):
    outcome = imported(waiting(1), table(BOX1, result(lead, version=file_says)), box1_version="v5")
    assert cells(outcome, lead, "box1_version") == kept


def test_a_result_of_another_version_replaces_the_earlier_one_whole():
    once = imported(waiting(1, 2), table(BOX1, result(1, "FIT"), result(2)))
    second = table(BOX1, result(1, "HIT", "v2", **{"Body 4": ""}))
    outcome = imported(once.leads, second, now=LATER + 1)
    assert cells(outcome, 1, "box1_result", "box1_version", "storage") == ("HIT", "v2", False)
    assert cells(outcome, 1, "subject", "body_3", "body_4") == ("Hola v2", "Texto 3 v2", "")
    (earlier,) = outcome.box1_earlier.to_dict("records")
    assert {name: earlier[name] for name in ("LeadNumber", "box1_version", "box1_result", "body_4")} == {
        "LeadNumber": 1,
        "box1_version": "v1",
        "box1_result": "noHIT",
        "body_4": "Texto 4 v1",
    }
    assert (earlier["box1_sent_at"], earlier["box1_completed_at"], earlier["box1_batch"]) == (NOW, LATER, "B-0001")
    assert list(outcome.box1_earlier.columns[:3]) == ["LeadNumber", "box1_version", "box1_result"]


def test_a_correction_of_the_same_version_takes_nothing_back():
    once = imported(waiting(1), table(BOX1, result(1)))
    outcome = imported(once.leads, table(BOX1, {"LeadNumber": "1", "classification": "HIT", "Body 1": "Mejor"}))
    assert cells(outcome, 1, "subject", "body_1", "body_2", "box1_version") == (
        "Hola v1",
        "Mejor",
        "Texto 2 v1",
        "v1",
    )
    assert len(outcome.box1_earlier) == 0


def test_a_further_attempt_hands_out_the_result_that_it_replaces():
    once = imported(waiting(1), table(BOX1, result(1, "FIT")))
    leads = sent(reopened(once.leads, SCHEMA.step("box1"), [1], now=LATER), "box1", 1, version="v2")
    outcome = imported(leads, table(BOX1, result(1, "HIT", "v2")), now=LATER + 1)
    assert outcome.box1_earlier["box1_result"].tolist() == ["noHIT"]
    assert cells(outcome, 1, "box1_status", "box1_completed_at") == ("completed", LATER + 1)


def test_reopening_can_keep_the_result_with_its_version_and_times():
    once = imported(waiting(1, 2), table(BOX1, result(1, "FIT")))
    kept = earlier_results(once.leads, [1, 2], SCHEMA)
    columns = ["LeadNumber", "box1_version", "box1_result", "box1_sent_at", "box1_completed_at", "box1_batch"]
    assert kept[columns].to_numpy().tolist() == [[1, "v1", "noHIT", NOW, LATER, "B-0001"]]
    leads = sent(reopened(once.leads, SCHEMA.step("box1"), [1], now=LATER), "box1", 1, version="v2")
    outcome = imported(leads, table(BOX1, result(1, "HIT", "v2")), reopening_keeps=True)
    assert (len(outcome.box1_earlier), cells(outcome, 1, "box1_version")) == (0, "v2")
    assert list(outcome.box1_earlier.columns) == list(kept.columns)
    again = imported(outcome.leads, table(BOX1, result(1, "DROP", "v3")), reopening_keeps=True)
    assert again.box1_earlier["box1_version"].tolist() == ["v2"]


def test_a_stored_lead_that_was_reopened_for_sending_is_not_stored_again_by_the_same_drop():
    grid = table(BOX1, result(1, "FIT"))
    once = imported(waiting(1), grid)
    leads = reopened(once.leads, SCHEMA.step("instantly"), [1], now=LATER)
    assert counts(imported(leads, grid)) == {"unchanged": 1}


def test_two_versions_in_one_drop():
    grid = table(BOX1, result(1, "FIT"), result(1, "HIT", "v2"))
    once = imported(waiting(1), grid)
    assert cells(once, 1, "box1_result", "box1_version") == ("HIT", "v2")
    assert once.box1_earlier["box1_version"].tolist() == ["v1"]
    again = imported(once.leads, grid)
    assert (counts(again), again.touched, len(again.box1_earlier)) == ({"unchanged": 2}, frozenset(), 0)
