"""Storage: leads that are FIT but no HIT, and the further attempts that operators ask for there."""

import pytest
from snapshots import NOW, workbook

from sheets_crm.features.reopening import reopen_many
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.plan.changes import ShowColumn


def stored(*numbers):
    return workbook().boxed(*(numbers or (1,)), result="noHIT")


@pytest.mark.long
def test_storage_holds_the_stored_leads_and_no_others():
    book = workbook().boxed(1, result="noHIT").boxed(2)
    assert book.decide().keys("storage") == [1]
    book = workbook().boxed(1, 2, result="noHIT").lead(1, storage=False)
    book.typed("storage", 1, LeadNumber=1)
    outcome = book.decide()
    assert outcome.keys("storage") == [2]


def test_a_text_true_is_no_flag():
    assert workbook().boxed(1).lead(1, storage="TRUE").decide().keys("storage") == []


@pytest.mark.parametrize("word", ["instantly", "Instantly", " INSTANTLY "])
def test_a_lead_reopened_to_instantly_leaves_storage_and_is_ready_without_new_copy(word):
    outcome = stored(1, 2).reopen(1, word, " they asked ").decide()
    assert outcome.keys("storage") == [2]
    assert outcome.listed("instantly") == [1]
    lead = outcome.lead(1)
    assert (lead["storage"], lead["box1_result"], lead["updated_at"]) == (False, "noHIT", NOW)
    assert outcome.log == "log_reopened lead=1 reason=they asked step=Instantly"
    assert outcome.plan.summary.reopened == 1
    assert outcome.causes()[1, "storage"] == "reopen instantly: they asked"
    assert outcome.appended("box1_history") == []


@pytest.mark.parametrize("word", ["box1", "Box 1", "BOX1"])
def test_a_lead_reopened_to_box1_keeps_its_earlier_result_in_history(word):
    outcome = stored().reopen(1, word, "new offer").decide()
    assert outcome.listed("box1") == [1]
    assert outcome.keys("storage") == []
    (row,) = outcome.appended("box1_history")
    assert (row["LeadNumber"], row["box1_result"], row["subject"], row["box1_batch"]) == (
        1,
        "noHIT",
        "s",
        "B-0001",
    )
    lead = outcome.lead(1)
    assert (lead["box1_sent"], lead["box1_batch"], lead["box1_completed_at"]) == (False, "", "")


@pytest.mark.long
@pytest.mark.parametrize("word", ["verification", "company_scrap", "everything", 1.0, True], ids=repr)
def test_a_word_that_is_no_step_to_reopen_is_told(word):
    outcome = stored().reopen(1, word, "because").decide()
    (text,) = outcome.problems
    assert text.startswith("Storage, row 2: reopen is ")
    assert text.endswith("allowed values: instantly, box1.")
    assert outcome.row("storage", 1)["problem"] in text
    assert outcome.keys("storage") == [1]
    assert outcome.again().empty, "it is asked for once"
    assert outcome.again().problems == outcome.problems


def test_a_long_word_is_told_in_short():
    (text,) = stored().reopen(1, "y" * 70, "r").decide().problems
    assert f"“{'y' * 60}…”" in text


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(reason):
    outcome = stored().reopen(1, "instantly", reason).decide()
    assert outcome.problems == ("Storage, row 2: reopen_reason value=instantly",)
    assert outcome.row("storage", 1)["problem"] == "reopen_reason value=instantly"
    assert outcome.keys("storage") == [1]
    (shown,) = [change for change in outcome.plan.changes if isinstance(change, ShowColumn)]
    assert shown.shown


def test_a_reason_that_is_a_number_is_one():
    assert stored().reopen(1, "instantly", 5.0).decide().log.endswith("reason=5 step=Instantly")


def test_a_reason_without_a_word_asks_for_nothing():
    outcome = stored().reopen(1, " ", "because").decide()
    assert (outcome.problems, outcome.keys("storage"), outcome.plan.summary.reopened) == ((), [1], 0)


def test_a_row_of_somebody_who_is_not_there_asks_for_nothing():
    book = stored().typed("storage", 2, LeadNumber=77, reopen="box1", reason="r")
    outcome = book.decide()
    assert outcome.deleted("storage") == [77]
    assert outcome.problems == ()


def test_a_step_that_the_settings_lack_is_no_step_to_reopen():
    schema = Schema(tuple(step for step in STEPS if step.name != "instantly"))
    outcome = workbook(schema).boxed(1, result="noHIT").reopen(1, "instantly", "r").decide()
    assert "allowed values: box1." in outcome.problems[0]


def test_every_lead_that_is_asked_for_is_reopened():
    outcome = stored(1, 2, 3).reopen(1, "instantly", "a").reopen(3, "box1", "b").decide()
    assert (outcome.listed("instantly"), outcome.listed("box1"), outcome.keys("storage")) == ([1], [3], [2])
    assert outcome.plan.summary.reopened == 2


def test_a_reopened_lead_can_be_sent_again_to_instantly():
    book = workbook().boxed(1, result="noHIT").sent("instantly", 1).lead(1, instantly_status="sent")
    lead = book.reopen(1, "instantly", "r").decide().lead(1)
    assert (lead["instantly_status"], lead["instantly_status_at"], lead["instantly_sent"]) == ("", "", False)
    assert lead["instantly_step_status"] == "ready"


def test_a_whole_version_is_reopened_with_every_earlier_result_kept():
    def act(working):
        reopen_many(working, [1, 2], "v1", "new prompt")
        return True

    outcome = workbook().boxed(1, 2).boxed(3).decide(command=act)
    assert outcome.listed("box1") == [1, 2]
    assert [row["LeadNumber"] for row in outcome.appended("box1_history")] == [1, 2]
    assert outcome.plan.summary.reopened == 2
    assert outcome.log == "log_version_reopened count=2 reason=new prompt version=v1"
    assert outcome.causes()[1, "box1_status"] == "reopen box1 v1: new prompt"


def test_leads_that_box1_never_answered_leave_no_earlier_result():
    def act(working):
        reopen_many(working, [1], "v1", "r")
        return True

    outcome = workbook().scraped(1).sent("box1", 1).decide(command=act)
    assert outcome.appended("box1_history") == []
    assert outcome.listed("box1") == [1]
