"""Batches: show, close and undo, and what has come back of each."""

import pytest
from snapshots import EARLIER, NOW, Budget, to_the_end, workbook

from sheets_crm.engine.commands import Origin
from sheets_crm.features.batches import ActOnBatch
from sheets_crm.messages import in_language
from sheets_crm.pipeline.schema import Need, Schema, Step
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.cells import RowFormula
from sheets_crm.workbook.panel import SAID

CALL = Step(
    "call",
    "Call",
    "L",
    (("LeadNumber", "LeadNumber"), ("phone", "phone")),
    ((Need("validation_success", True),),),
    custom=True,
)


def two():
    """Two batches of verification; of the first one lead has come back."""
    book = (
        workbook()
        .sent("verification", 1, completed=True, batch="V-0001", shown="")
        .sent("verification", 2, 3, batch="V-0001")
    )
    return book.sent("verification", 4, 5, batch="V-0002")


def ticked(header, batch="V-0001", value=True):
    return two().batch(batch, **{header: value})


# -- undo


@pytest.mark.long
@pytest.mark.parametrize("value", [True, "x", 1, "VERDADERO"], ids=repr)
def test_undo_makes_only_what_has_not_come_back_available_again(value):
    outcome = ticked("undo", value=value).decide()
    assert outcome.listed("verification") == [2, 3]
    assert outcome.lead(1)["verification_status"] == "completed"
    for name in ("verification_batch", "verification_sent_at", "verification_completed_at"):
        assert outcome.lead(2)[name] == ""
    assert outcome.lead(2)["verification_sent"] is False
    row = outcome.row("batches", "V-0001")
    assert (row["outstanding"], row["returned"], row["undone"], row["undo"]) == (0, 1, 2, False)
    assert outcome.lead(4)["verification_batch"] == "V-0002"
    assert outcome.plan.summary.undone == {"V-0001": 2}
    assert outcome.log == "log_undone batch=V-0001 count=2"
    assert outcome.causes()[2, "verification_status"] == "undo V-0001"
    assert outcome.again().empty


@pytest.mark.long
def test_leads_that_were_undone_can_be_sent_again_and_get_another_batch():
    undone = ticked("undo").decide()
    frame = undone.next.sheets["input.verification"].frame
    frame.loc[2, "send"] = True
    sent = undone.again()
    assert sent.lead(2)["verification_batch"] == "V-0003"
    assert sent.listed("verification") == [3]


def test_when_nothing_is_left_of_the_batch_shown_the_newest_that_is_still_out_is_shown():
    book = workbook().sent("verification", 1, batch="V-0001", shown="")
    book.sent("verification", 2, batch="V-0002", shown="").sent(
        "verification", 3, batch="V-0003", shown="", completed=True
    )
    book.sent("verification", 4, 5, batch="V-0004").batch("V-0004", undo=True)
    outcome = book.decide()
    shown = [name for name in outcome.keys("batches") if outcome.row("batches", name)["shown"]]
    assert shown == ["V-0002"]
    assert outcome.keys("batch.verification.1") == [2]
    assert outcome.again().empty


def test_a_batch_of_which_some_came_back_stays_shown_after_undo():
    book = workbook().sent("verification", 1, batch="V-0001", shown="")
    book.sent("verification", 2, batch="V-0002").sent("verification", 3, batch="V-0002", completed=True)
    outcome = book.batch("V-0002", undo=True).decide()
    assert outcome.row("batches", "V-0002")["shown"] == "yes"


@pytest.mark.parametrize(("header", "code"), [("undo", "undo_nothing"), ("close", "close_nothing")])
def test_nothing_outstanding_is_told_and_the_tick_taken_back(header, code):
    book = workbook().sent("verification", 1, completed=True, batch="V-0001", **{header: True})
    outcome = book.decide()
    assert outcome.on_control("step.verification", SAID) == f"{code} batch=V-0001"
    assert outcome.changed("batches") == {("V-0001", header): False, ("V-0001", "_seen"): "V-0001"}
    assert outcome.log == ""
    assert outcome.again().empty


# -- close


def test_close_completes_what_never_came_back_blank():
    outcome = ticked("close").decide()
    for number in (2, 3):
        lead = outcome.lead(number)
        assert (lead["verification_status"], lead["verification_completed_at"]) == ("completed", NOW)
        assert (lead["validation_success"], lead["email"], lead["updated_at"]) == (False, "", NOW)
    assert outcome.lead(1)["validation_success"] == ""
    assert outcome.lead(1)["verification_completed_at"] == EARLIER
    row = outcome.row("batches", "V-0001")
    assert (row["returned"], row["outstanding"], row["closed"], row["close"]) == (3, 0, 2, False)
    assert outcome.plan.summary.closed == {"V-0001": 2}
    assert outcome.log == "log_closed batch=V-0001 count=2"
    assert outcome.causes()[3, "verification_status"] == "close V-0001"
    assert outcome.listed("company_scrap") == []
    assert outcome.again().empty


def test_close_keeps_a_verdict_that_is_there():
    outcome = ticked("close").lead(2, validation_success=True).decide()
    assert outcome.lead(2)["validation_success"] is True
    assert outcome.listed("company_scrap") == [2]


def test_close_of_another_step_judges_nobody():
    outcome = (
        workbook().verified(1).lead(2, validation_success="").sent("company_scrap", 1, 2, close=True).decide()
    )
    assert outcome.lead(2)["validation_success"] == ""
    assert outcome.lead(1)["company_scrap_status"] == "completed"
    assert outcome.listed("box1") == [1]


def test_close_and_undo_together_close():
    outcome = two().batch("V-0001", close=True, undo=True).decide()
    assert outcome.lead(2)["verification_status"] == "completed"
    assert (outcome.row("batches", "V-0001")["close"], outcome.row("batches", "V-0001")["undo"]) == (False, False)


@pytest.mark.long
@pytest.mark.parametrize(("header", "count"), [("undo", "undone"), ("close", "closed")])
def test_over_the_budget_it_goes_in_parts_and_the_tick_stays_until_the_last(header, count):
    first = ticked(header).decide(budget=Budget(9, 1))
    assert first.plan.more
    assert first.row("batches", "V-0001")[header] is True
    assert first.row("batches", "V-0001")[count] == 1
    last = to_the_end(first)[-1]
    row = last.row("batches", "V-0001")
    assert (row[count], row["outstanding"], row[header]) == (2, 0, False)
    assert last.plan.summary.sentences
    assert last.again().empty


@pytest.mark.long
def test_a_batch_is_shown_once_while_it_is_closed_part_by_part():
    book = ticked("close").batch("V-0001", show=True)
    parts = to_the_end(book.decide(budget=Budget(9, 1)))
    assert len(parts) > 1
    assert [outcome.log.count("log_shown") for outcome in parts] == [1, *[0] * (len(parts) - 1)]
    assert [outcome.row("batches", "V-0001")["show"] for outcome in parts] == [True] * (len(parts) - 1) + [False]
    assert parts[-1].row("batches", "V-0001")["_seen"] == "V-0001"
    assert parts[-1].again().empty


@pytest.mark.parametrize("header", ["undo", "close"])
def test_exactly_the_budget_is_one_part(header):
    outcome = ticked(header).decide(budget=Budget(9, 2))
    assert not outcome.plan.more
    assert outcome.row("batches", "V-0001")[header] is False


@pytest.mark.parametrize(("header", "count"), [("undo", "undone"), ("close", "closed")])
def test_counts_go_on_from_what_stands_there(header, count):
    book = ticked(header).batch("V-0001", **{count: 5})
    assert book.decide().row("batches", "V-0001")[count] == 7


def test_a_count_that_holds_no_number_begins_at_none():
    book = ticked("close").batch("V-0001", closed="?")
    assert book.decide().row("batches", "V-0001")["closed"] == 2


# -- show


def test_the_newest_batch_is_shown_when_none_is_chosen():
    outcome = (
        workbook()
        .sent("verification", 1, batch="V-0001", shown="")
        .sent("verification", 2, batch="V-0002", shown="")
    )
    assert outcome.decide().empty
    assert outcome.snapshot().sheets["batch.verification.1"].frame.index.tolist() == [2]


@pytest.mark.long
def test_show_puts_an_older_batch_into_the_batch_tab():
    outcome = ticked("show").decide()
    assert outcome.keys("batch.verification.1") == [1, 2, 3]
    assert outcome.row("batches", "V-0001")["shown"] == "yes"
    assert outcome.row("batches", "V-0002")["shown"] == ""
    assert outcome.row("batches", "V-0001")["show"] is False
    assert outcome.log == "log_shown batch=V-0001"
    assert outcome.again().empty


def test_a_batch_tab_is_the_exact_columns_of_its_step():
    outcome = workbook().lead(1, firstName="Ana").tick("verification", 1).decide()
    (row,) = outcome.appended("batch.verification.1")
    assert list(row) == [name for name, _ in STEPS[0].columns]
    assert row["firstName"] == "Ana"


@pytest.mark.parametrize(
    ("parts", "pieces"), [(1, [[1, 2, 3, 4, 5]]), (2, [[1, 2, 3], [4, 5]]), (3, [[1, 2], [3, 4], [5]])]
)
def test_the_shown_batch_stands_in_k_equal_tabs(parts, pieces):
    outcome = (
        workbook().leads(*range(1, 6)).tick("verification", *range(1, 6)).parts("verification", parts).decide()
    )
    assert [outcome.keys(f"batch.verification.{n}") for n in range(1, parts + 1)] == pieces


def test_fewer_parts_empty_the_tabs_that_are_too_many():
    book = workbook().sent("verification", 1, 2, 3).parts("verification", 1, tabs=3)
    book.typed("batch.verification.2", 1, LeadNumber=2)
    outcome = book.decide()
    assert outcome.keys("batch.verification.1") == [1, 2, 3]
    assert outcome.keys("batch.verification.2") == []


# -- verbs


def asked(book, act, *, origin=Origin.VERB, **options):
    """What a command on the batch V-0001 brings about."""
    return book.decide(commands=[ActOnBatch("V-0001", act, origin=origin)], **options)


def back():
    """A batch of which every lead has come back, under the newest one."""
    first = workbook().sent("verification", 1, completed=True, batch="V-0001", shown="")
    return first.sent("verification", 4, batch="V-0002")


@pytest.mark.parametrize("book", [two, back])
def test_a_verb_that_shows_a_batch_shows_it_and_never_answers_that_nothing_was_done(book):
    outcome = asked(book(), "show")
    assert outcome.decision.answers == ()
    assert outcome.row("batches", "V-0001")["shown"] == "yes"
    assert outcome.log == "log_shown batch=V-0001"
    assert 1 in outcome.keys("batch.verification.1")


@pytest.mark.parametrize(("act", "status"), [("close", "completed"), ("undo", "ready")])
def test_a_verb_that_closes_or_undoes_does_so_with_what_is_out_and_answers_nothing_else(act, status):
    outcome = asked(two(), act)
    assert outcome.decision.answers == ()
    assert [outcome.lead(n)["verification_status"] for n in (1, 2, 3)] == ["completed", status, status]
    assert outcome.lead(4)["verification_batch"] == "V-0002"
    row = outcome.row("batches", "V-0001")
    assert (row["outstanding"], row["closed"] or row["undone"]) == (0, 2)


@pytest.mark.long
@pytest.mark.parametrize("act", ["close", "undo"])
def test_a_verb_that_finds_nothing_out_answers_so_in_either_language_and_changes_no_lead(act):
    outcome = asked(back(), act)
    (answer,) = outcome.decision.answers
    assert answer == f"V-0001: no leads are still out, so there is nothing to {act}."
    doing = {"close": "cerrar", "undo": "deshacer"}[act]
    assert in_language(answer, "es") == f"V-0001: no queda ningún lead fuera, no hay nada que {doing}."
    assert outcome.changed("master") == outcome.changed("batches") == {}
    assert asked(back(), act, origin=Origin.TICK).decision.answers == ()  # Control has it


@pytest.mark.long
@pytest.mark.parametrize("act", ["close", "undo"])
def test_a_verb_over_the_budget_has_more_to_do_and_never_answers_that_it_was_nothing(act):
    first = asked(two(), act, budget=Budget(9, 1))
    assert first.plan.more
    last = first.again(commands=[ActOnBatch("V-0001", act)])
    assert first.decision.answers == last.decision.answers == ()
    assert last.row("batches", "V-0001")["outstanding"] == 0


# -- batches that the settings or a rollback took away


@pytest.mark.long
def test_a_batch_of_a_step_that_the_settings_no_longer_declare_is_left_alone():
    for header in ("show", "close", "undo"):
        outcome = workbook().batch("L-0001", "call", size=3, outstanding=3, returned=0, **{header: True}).decide()
        assert outcome.problems == ("batch_of_gone_step batch=L-0001 step=call",)
        assert outcome.changed("batches") == {}


def test_a_number_that_somebody_wrote_for_an_id_stops_no_run():
    outcome = workbook().batch(5, "verification", size=3, outstanding=0, returned=0, close=True).decide()
    assert outcome.problems == ("batch_id_number batch=5",)
    assert outcome.changed("batches") == {}


@pytest.mark.long
def test_a_step_of_the_settings_is_sent_and_undone_like_the_others():
    schema = Schema((*STEPS, CALL))
    sent = workbook(schema).verified(1).tick("call", 1).decide()
    assert sent.lead(1)["call_batch"] == "L-0001"
    assert sent.keys("batch.call.1") == [1]
    outcome = workbook(schema).verified(1).sent("call", 1, undo=True).decide()
    assert outcome.listed("call") == [1]
    assert outcome.lead(1)["call_sent"] is False


def test_a_batch_whose_row_was_lost_gets_it_again():
    book = workbook().scraped(1, 2).sent("box1", 1, 2, batch="B-0004").leads(1, 2, box1_version="v3")
    outcome = book.without_batch("B-0004").decide()
    row = outcome.row("batches", "B-0004")
    assert (row["step"], row["size"], row["outstanding"], row["version"]) == ("box1", 2, 2, "v3")
    assert row["when"] == EARLIER


def test_a_lost_row_of_another_step_has_no_version():
    book = workbook().sent("verification", 1, batch="V-0004").lead(1, box1_version="v3")
    assert book.without_batch("V-0004").decide().row("batches", "V-0004")["version"] == ""


def test_counts_that_somebody_typed_over_are_put_right():
    outcome = two().batch("V-0001", returned=7, outstanding=0)
    assert outcome.decide().changed("batches") == {("V-0001", "returned"): 1, ("V-0001", "outstanding"): 2}


def test_a_row_that_repeats_a_batch_is_left_alone_and_named():
    outcome = two().row("batches", id="V-0001").row("batches", id="V-0002", step="verification").decide()
    assert outcome.problems == ("row_repeated count=2 row=4 tab=Batches",)
    assert outcome.changed("batches") == {}


@pytest.mark.long
def test_the_age_and_the_mark_of_a_batch_are_formulas_over_its_own_row():
    (row,) = workbook().lead(1).tick("verification", 1).decide().appended("batches")
    assert isinstance(row["age"], RowFormula)
    assert "$D{row}" in row["age"].text
    assert "$F{row}>0" in row["stale"].text
    assert ">=7)" in row["stale"].text
    assert "stale" in row["stale"].text
