"""Ticks and ``send N now``: who is sent, in which batch, and why a tick cannot be honoured."""

from dataclasses import replace

import pytest
from snapshots import NOW, Budget, decided, to_the_end, workbook

from sheets_crm.engine.working_state import RunClock
from sheets_crm.plan.changes import PutCells
from sheets_crm.workbook.control import SEND_NOW, TAKE
from sheets_crm.workbook.panel import SAID, PanelState

YES = [True, 1, 1.0, "TRUE", "true", "VERDADERO", "x", "X", "1", "sí", "si", "yes", " x "]
NO = [False, "", 0, "FALSE", "no", " "]
UNCLEAR = ["perhaps", 2, -1, 0.5, "tick"]


def of_each(cells):
    """A workbook of as many leads as there are cells, each with one of them under ``send``."""
    book = workbook().leads(*range(1, len(cells) + 1))
    for number, cell in enumerate(cells, start=1):
        book.tick("verification", number, value=cell)
    return book


def test_what_says_yes_is_a_tick():
    outcome = of_each(YES).decide()
    assert outcome.listed("verification") == []
    assert outcome.plan.summary.sent == {"V-0001": len(YES)}
    assert not outcome.problems


def test_what_says_no_is_no_tick_and_is_not_told():
    assert of_each(NO).decide().empty


def test_what_is_not_understood_is_told_with_its_cell_and_not_sent():
    outcome = of_each(UNCLEAR).decide()
    assert outcome.plan.summary.sent == {}
    assert outcome.changed("input.verification") == {}  # the operators' cells are theirs
    assert list(outcome.problems) == [
        f"tick_unclear cell=A{row} header=send tab=Verification Input value={cell}"
        for row, cell in enumerate(UNCLEAR, start=2)
    ]


def test_of_a_long_text_under_send_the_beginning_is_told():
    (problem,) = workbook().lead(1).tick("verification", 1, value="y" * 60).decide().problems
    assert problem.endswith("value=" + "y" * 40)


def test_a_send_sets_the_states_of_the_step():
    lead = workbook().leads(1).tick("verification", 1).decide().lead(1)
    assert lead["verification_sent"] is True
    assert lead["verification_sent_at"] == NOW
    assert lead["verification_status"] == "processing"
    assert lead["verification_completed_at"] == ""
    assert lead["updated_at"] == NOW


@pytest.mark.long
def test_ticks_of_one_run_are_one_batch_with_a_row_of_its_own():
    outcome = workbook().leads(1, 2, 3).tick("verification", 1, 3).decide()
    (row,) = outcome.appended("batches")
    assert (row["id"], row["step"], row["size"], row["when"]) == ("V-0001", "verification", 2, NOW)
    assert (row["returned"], row["outstanding"], row["closed"], row["undone"]) == (0, 2, 0, 0)
    assert (row["show"], row["close"], row["undo"], row["shown"]) == (False, False, False, "yes")
    assert outcome.listed("verification") == [2]
    assert outcome.keys("batch.verification.1") == [1, 3]
    assert outcome.plan.summary.sent == {"V-0001": 2}
    assert outcome.causes()[1, "verification_status"] == "V-0001"
    assert "batch=V-0001 count=2 step=Verification" in outcome.log
    assert outcome.on_control("step.verification", SAID) == "sent batch=V-0001 count=2"


@pytest.mark.long
def test_a_lead_that_was_sent_is_not_there_to_be_sent_again():
    sent = workbook().leads(1, 2).tick("verification", 1).decide()
    assert sent.again().empty
    assert sent.listed("verification") == [2]


@pytest.mark.parametrize("state", ["processing", "completed"])
def test_a_stale_row_whose_lead_was_sent_already_is_not_sent_again(state):
    """The owner pasted the row back into the input tab: once per step holds."""
    book = workbook().sent("verification", 1, completed=state == "completed")
    outcome = book.order("verification", 1).tick("verification", 1).decide()
    assert outcome.problems == ("tick_not_ready lead=1 step=verification",)
    assert outcome.lead(1)["verification_batch"] == "V-0001"
    assert outcome.lead(1)["verification_status"] == state
    assert outcome.deleted("input.verification") == [1]
    assert outcome.appended("batches") == []


def test_a_lead_that_is_not_ready_says_so_and_the_others_are_sent():
    book = workbook().verified(1).lead(2).order("company_scrap", 1, 2).tick("company_scrap", 1, 2)
    outcome = book.decide()
    assert "tick_not_ready lead=2 step=company_scrap" in outcome.problems
    assert outcome.lead(1)["company_scrap_batch"] == "C-0001"
    assert outcome.lead(2)["company_scrap_sent"] == ""


def test_a_lead_listed_twice_is_sent_once():
    outcome = workbook().leads(1, 2).order("verification", 1, 2, 1).tick("verification", 1).decide()
    assert outcome.plan.summary.sent == {"V-0001": 1}
    assert outcome.listed("verification") == [2]


def test_a_row_whose_lead_does_not_exist_is_told_and_goes():
    book = workbook().leads(1)
    book.typed("input.verification", 2, LeadNumber=99, send=True)
    outcome = book.decide()
    assert outcome.problems == ("tick_not_ready lead=99 step=verification",)
    assert outcome.deleted("input.verification") == [99]


def test_two_steps_are_sent_in_a_batch_each():
    outcome = workbook().lead(1).verified(2).tick("verification", 1).tick("company_scrap", 2).decide()
    assert outcome.plan.summary.sent == {"V-0002": 1, "C-0001": 1}
    assert outcome.lead(2)["company_scrap_batch"] == "C-0001"


@pytest.mark.long
def test_box1_is_sent_under_the_version_of_control():
    outcome = workbook().scraped(1).tick("box1", 1).control("box1_version", "v7").decide()
    assert outcome.lead(1)["box1_version"] == "v7"
    assert outcome.row("batches", "B-0001")["version"] == "v7"


@pytest.mark.long
@pytest.mark.parametrize("step", ["verification", "company_scrap", "instantly"])
def test_other_steps_have_no_version(step):
    ready = {"verification": workbook().lead(1), "company_scrap": workbook().verified(1)}
    book = ready.get(step) or workbook().boxed(1)
    book.tick(step, 1).control("box1_version", "v7")
    outcome = book.decide()
    (row,) = outcome.appended("batches")
    assert row["version"] == ""
    assert outcome.lead(1)["box1_version"] == ("v1" if step == "instantly" else "")


def test_a_send_to_instantly_says_sent():
    lead = workbook().boxed(1).tick("instantly", 1).decide().lead(1)
    assert (lead["instantly_status"], lead["instantly_status_at"]) == ("sent", NOW)
    assert lead["instantly_step_status"] == "processing"


def test_the_sent_batch_is_the_shown_one():
    book = workbook().sent("verification", 1, batch="V-0001").sent("company_scrap", 9, batch="C-0001")
    outcome = book.lead(2).tick("verification", 2).decide()
    assert outcome.row("batches", "V-0001")["shown"] == ""
    assert outcome.row("batches", "V-0002")["shown"] == "yes"
    assert outcome.row("batches", "C-0001")["shown"] == "yes"
    assert outcome.keys("batch.verification.1") == [2]


# -- numbers of batches


def test_the_number_of_a_batch_comes_from_the_counter():
    outcome = workbook().lead(1).stored("next_batch.verification", 41).tick("verification", 1).decide()
    assert outcome.keys("batches") == ["V-0041"]
    assert outcome.stored("next_batch.verification") == 42


def test_a_number_that_batches_has_already_is_passed_over():
    book = workbook().sent("verification", 1, batch="V-0001").sent("verification", 2, batch="V-0002")
    outcome = book.lead(3).tick("verification", 3).decide()
    assert outcome.lead(3)["verification_batch"] == "V-0003"
    assert outcome.stored("next_batch.verification") == 4


# -- only what stood unchanged


def test_a_tick_that_was_not_seen_standing_still_waits():
    book = workbook().leads(1, 2).tick("verification", 1, 2).read(ticked={"verification": frozenset({2})})
    outcome = book.decide()
    assert outcome.plan.summary.sent == {"V-0001": 1}
    assert outcome.listed("verification") == [1]


def test_a_step_whose_ticks_were_not_listed_sends_all_of_them():
    book = workbook().leads(1, 2).tick("verification", 1, 2).read(ticked={"box1": frozenset()})
    assert book.decide().plan.summary.sent == {"V-0001": 2}


# -- a tick beside no lead


@pytest.mark.parametrize("ticked", [True, "VERDADERO", "x"])
def test_a_tick_on_an_empty_row_of_an_empty_tab_is_taken_back_and_said(ticked):
    outcome = workbook().typed("input.verification", 1, send=ticked).decide()
    (put,) = [
        change for change in outcome.plan.changes if getattr(change, "row", None) == 1 and change.column == 0
    ]
    assert (put.tab.mark, put.rows) == ("input.verification", ((False,),))
    assert list(outcome.problems) == ["tick_without_lead row=2 tab=Verification Input"]


def put_beside_no_lead(outcome):
    changes = [change for change in outcome.plan.changes if isinstance(change, PutCells)]
    return [change for change in changes if change.tab.mark == "input.verification"]


@pytest.mark.parametrize("cells", [{"send": "Total"}, {"send": "Total", "notes": "mine"}, {"send": "perhaps"}])
def test_a_label_of_the_owners_own_in_the_tick_column_is_left_alone(cells):
    outcome = workbook().lead(1).typed("input.verification", 4, **cells).typed("input.verification", 6, send="Σ")
    outcome = outcome.stored("signal.ticks.verification", 2).decide()
    assert put_beside_no_lead(outcome) == []
    assert not outcome.problems


@pytest.mark.parametrize(
    "book",
    [
        lambda: workbook().lead(1).typed("input.verification", 4, send=True),
        lambda: workbook().typed("input.verification", 4, send=True, notes="mine"),
        lambda: workbook().typed("input.verification", 4, send=True).typed("input.verification", 5, send="Total"),
    ],
    ids=["a lead may be moved there", "beside a note", "above a label"],
)
def test_a_tick_in_whose_place_something_else_may_come_to_stand_is_only_said(book):
    outcome = book().stored("signal.ticks.verification", 1).decide()
    assert put_beside_no_lead(outcome) == []
    assert list(outcome.problems) == ["tick_left_without_lead row=5 tab=Verification Input"]


def test_a_row_of_the_owners_own_without_a_tick_is_left_alone():
    book = workbook().lead(1).tick("verification", 1).typed("input.verification", 3, notes="mine")
    outcome = book.stored("signal.ticks.verification", 1).decide()
    assert outcome.plan.summary.sent == {"V-0001": 1}
    assert not outcome.problems


# -- take N


@pytest.mark.long
def test_take_n_sends_the_first_n_in_the_order_of_the_rows_and_takes_its_tick_back():
    book = workbook().leads(1, 2, 3, 4).order("verification", 3, 1, 4, 2).take("verification", 2)
    outcome = book.decide()
    assert outcome.plan.summary.sent == {"V-0001": 2}
    assert outcome.listed("verification") == [4, 2]
    assert outcome.on_control("step.verification", SEND_NOW) is False
    assert not outcome.problems
    assert outcome.again().empty


def test_take_n_counts_the_ticked_ones_among_the_first_n_and_sends_the_others_besides():
    book = workbook().leads(1, 2, 3, 4).tick("verification", 1, 4).take("verification", 2)
    outcome = book.decide()
    assert outcome.plan.summary.sent == {"V-0001": 3}
    assert outcome.listed("verification") == [3]


@pytest.mark.parametrize("count", [3, 3.0, "3", " 3 "], ids=repr)
def test_take_n_may_be_all_there_are(count):
    assert workbook().leads(1, 2, 3).take("verification", count).decide().plan.summary.sent == {"V-0001": 3}


@pytest.mark.long
@pytest.mark.parametrize("count", ["", 0, -1, 2.5, "two", True, "0", "-1", "²", "٣", "9" * 16, "1.0"], ids=repr)
def test_a_count_that_cannot_be_meant_sends_nothing_says_why_and_takes_the_tick_back(count):
    outcome = workbook().leads(1, 2, 3).take("verification", count).decide()
    assert outcome.plan.summary.sent == {}
    said = outcome.on_control("step.verification", SAID)
    assert said == f"take_not_whole available=3 fit=3 only= step=verification value={count}"
    assert outcome.on_control("step.verification", SEND_NOW) is False
    assert outcome.on_control("step.verification", TAKE) is None
    assert outcome.again().empty


@pytest.mark.parametrize("count", [4, "4", "9" * 15], ids=repr)
def test_more_than_are_available_are_refused_with_the_number(count):
    outcome = workbook().leads(1, 2, 3).take("verification", count).decide()
    assert outcome.plan.summary.sent == {}
    said = outcome.on_control("step.verification", SAID)
    assert said == f"take_too_many available=3 fit=3 only= step=verification value={count}"
    assert outcome.on_control("step.verification", SEND_NOW) is False


def test_a_count_without_its_tick_sends_nothing():
    assert workbook().leads(1, 2).take("verification", 1, ticked=False).decide().empty


def test_take_n_of_a_step_with_nobody_ready_is_refused():
    outcome = workbook().lead(1).take("box1", 1).decide()
    assert "available=0" in outcome.on_control("step.box1", SAID)


def test_ticks_are_sent_although_take_n_is_refused():
    outcome = workbook().leads(1, 2).tick("verification", 1).take("verification", 5).decide()
    assert outcome.plan.summary.sent == {"V-0001": 1}
    assert outcome.on_control("step.verification", SEND_NOW) is False
    assert outcome.on_control("step.verification", TAKE) is None
    said = outcome.on_control("step.verification", SAID)
    assert said.startswith("sent batch=V-0001 count=1. take_too_many available=2")


@pytest.mark.long
@pytest.mark.parametrize("count", [2, "2", "todo", "all"])
def test_the_number_goes_with_its_tick_so_that_the_next_tick_sends_nobody(count):
    first = workbook().leads(1, 2, 3).take("verification", count).decide()
    assert first.on_control("step.verification", TAKE) == ""
    assert first.again().empty
    once_more = workbook().leads(1, 2, 3).take("verification", "").decide()
    assert once_more.on_control("step.verification", SAID).startswith("take_not_whole")


@pytest.mark.parametrize("word", ["todo", "Todos", " TODO ", "todas", "all", "ALL"])
def test_a_word_takes_all_there_are(word):
    outcome = workbook().leads(1, 2, 3).take("verification", word).decide()
    assert outcome.plan.summary.sent == {"V-0001": 3}
    assert outcome.on_control("step.verification", SEND_NOW) is False


def test_all_of_nobody_is_nobody_and_is_said():
    outcome = workbook().take("verification", "todo").decide()
    assert outcome.on_control("step.verification", SAID).startswith("take_nobody")
    assert outcome.on_control("step.verification", SEND_NOW) is False


# -- criteria


def people():
    book = workbook()
    cells = [
        ("T1", "CTO", "Madrid, España"),
        ("T1", "Director General", "Lyon, France"),
        ("T2", "Chief Técnico (CTO)", "Valencia, Spain"),
        ("t1", "Directora técnica", "Madrid, Spain"),
    ]
    for number, (target, title, place) in enumerate(cells, start=1):
        book.lead(number, TargetID=target, personTitle=title, personLocation=place)
    return book


def only(book, target="", title="", country=""):
    for n, text in enumerate((target, title, country), start=1):
        book.control("only.verification", text, n)
    return book


@pytest.mark.long
@pytest.mark.parametrize(
    ("criteria", "fit"),
    [
        (("T1",), [1, 2, 4]),
        (("t2; T9",), [3]),
        (("", "cto"), [1, 3]),
        (("", "directora"), [4]),
        (("", "TECNIC"), [3, 4]),
        (("", "cto, general"), [1, 2, 3]),
        (("", "", "españa"), [1, 3, 4]),
        (("", "", "Spain;France"), [1, 2, 3, 4]),
        (("", "", "madrid"), [1, 4]),
        (("T1", "cto", "Spain"), [1]),
        (("  ",), [1, 2, 3, 4]),
    ],
)
def test_all_takes_those_who_meet_every_criterion_and_says_how_many_fitted(criteria, fit):
    outcome = only(people(), *criteria).take("verification", "todo").decide()
    assert [n for n in range(1, 5) if outcome.lead(n)["verification_batch"]] == fit
    said = outcome.on_control("step.verification", SAID)
    if len(fit) < 4:
        assert said.startswith(f"sent_fitting batch=V-0001 count={len(fit)} fit={len(fit)} only=")
    assert outcome.on_control("only.verification", 1) is None, "criteria stay"
    assert outcome.again().empty


def test_take_n_takes_the_first_that_fit_in_the_order_of_the_rows():
    book = only(people(), "T1").order("verification", 4, 3, 2, 1).take("verification", 2)
    outcome = book.decide()
    assert outcome.listed("verification") == [3, 1]
    said = outcome.on_control("step.verification", SAID)
    assert said == "sent_fitting batch=V-0001 count=2 fit=3 only=T1 taken=2"


@pytest.mark.parametrize(
    ("count", "criteria", "code"),
    [
        ("todo", ("T9",), "take_none_fits"),
        (1, ("", "cfo"), "take_none_fits"),
        (4, ("T1",), "take_too_many_fit available=4 fit=3"),
        ("two", ("T1",), "take_not_whole"),
        ("todo", ("🔥",), "take_none_fits"),
        ("todo", (" ; ",), "take_means_nothing"),
        (2, ("", "★"), "take_means_nothing available=4 fit=0 only=★"),
        (2, ("T1", "", "¿?"), "take_means_nothing available=4 fit=0 only=¿?"),
    ],
)
def test_when_too_few_fit_nothing_is_sent_and_it_is_said(count, criteria, code):
    outcome = only(people(), *criteria).take("verification", count).decide()
    assert outcome.plan.summary.sent == {}
    assert outcome.on_control("step.verification", SAID).startswith(code)
    assert outcome.on_control("step.verification", SEND_NOW) is False
    assert outcome.again().empty


@pytest.mark.long
def test_a_target_id_is_chosen_whole_while_a_lead_has_it_even_when_its_last_ready_one_is_sent():
    book = workbook()
    for number, target in enumerate(("Madrid, CEOs", "Madrid", "CEOs", "madrid, ceos"), start=1):
        book.lead(number, TargetID=target)
    first = only(book, "Madrid, CEOs").take("verification", "todo").decide(budget=Budget(9, 1))
    parts = to_the_end(first)
    assert parts[-1].listed("verification") == [2, 3]
    book = only(workbook().lead(1, TargetID="Madrid").lead(2, TargetID="CEOs").lead(3), "Madrid, CEOs")
    assert book.take("verification", "todo").decide().listed("verification") == [3]


def test_ticks_are_sent_whatever_the_criteria():
    outcome = only(people(), "T2").tick("verification", 1).take("verification", "all").decide()
    assert outcome.listed("verification") == [2, 4]


def test_criteria_of_a_step_are_its_own():
    book = only(people(), "T9").verified(5, 6).take("company_scrap", 2)
    assert book.decide().plan.summary.sent == {"C-0001": 2}


@pytest.mark.long
def test_parts_of_a_send_follow_the_criteria_of_the_first_whatever_stands_there_later():
    first = only(people(), "T1").take("verification", "todo").decide(budget=Budget(9, 1))
    first = decided(with_criterion(first.next, "T2"), first.settings, budget=Budget(9, 1))
    parts = to_the_end(first)
    assert parts[-1].listed("verification") == [3]
    said = parts[-1].on_control("step.verification", SAID)
    assert said == "sent_fitting batch=V-0001 count=3 fit=3 only=T1 taken=3"
    assert parts[-1].on_control("step.verification", TAKE) == ""
    assert parts[-1].again().empty


@pytest.mark.long
def test_a_number_typed_while_a_send_goes_on_is_not_taken_away_with_it():
    first = workbook().leads(1, 2, 3).take("verification", 2).decide(budget=Budget(9, 1))
    typed = with_cell(first.next, "step.verification", TAKE, 1)
    assert decided(typed, first.settings).on_control("step.verification", TAKE) is None


def with_cell(snapshot, row, column, value):
    cells = [list(row) for row in snapshot.panel.cells]
    cells[snapshot.panel.rows[row]][column] = value
    return replace(snapshot, panel=PanelState.of(cells))


def with_criterion(snapshot, target):
    return with_cell(snapshot, "only.verification", 1, target)


# -- a send in several parts


@pytest.mark.long
def test_a_send_over_the_budget_is_one_batch_of_several_parts():
    first = workbook().leads(*range(1, 6)).tick("verification", *range(1, 6)).decide(budget=Budget(9, 2))
    assert first.plan.more
    assert first.record("open_batch.verification") == {"id": "V-0001", "at": NOW, "take": 0}
    assert (first.row("batches", "V-0001")["size"], first.listed("verification")) == (2, [3, 4, 5])
    one, two, three = to_the_end(first)
    assert [part.row("batches", "V-0001")["size"] for part in (one, two, three)] == [2, 4, 5]
    assert three.row("batches", "V-0001")["outstanding"] == 5
    assert three.keys("batches") == ["V-0001"]
    assert three.stored("open_batch.verification") == ""
    assert three.stored("next_batch.verification") == 2
    assert three.again().empty
    assert three.on_control("step.verification", SAID) == "sent batch=V-0001 count=5"


@pytest.mark.long
def test_the_last_part_still_says_why_take_n_was_refused():
    first = (
        workbook()
        .leads(1, 2, 3)
        .tick("verification", 1, 2, 3)
        .take("verification", "two")
        .decide(budget=Budget(9, 2))
    )
    last = to_the_end(first)[-1]
    said = last.on_control("step.verification", SAID)
    assert said.startswith("sent batch=V-0001 count=3. take_not_whole")
    assert last.again().empty


def test_exactly_the_budget_is_one_part():
    outcome = workbook().leads(1, 2).tick("verification", 1, 2).decide(budget=Budget(9, 2))
    assert not outcome.plan.more
    assert outcome.stored("open_batch.verification") == ""


@pytest.mark.long
def test_every_part_of_a_batch_bears_the_time_of_the_first():
    first = workbook().leads(1, 2).tick("verification", 1, 2).decide(budget=Budget(9, 1))
    second = first.again(now=NOW + 0.1)
    assert second.lead(2)["verification_sent_at"] == NOW
    assert second.lead(2)["verification_batch"] == "V-0001"


@pytest.mark.long
def test_take_n_in_parts_sends_the_first_n_and_its_tick_goes_with_the_last():
    first = workbook().leads(1, 2, 3, 4).take("verification", 3).decide(budget=Budget(9, 2))
    assert first.record("open_batch.verification")["take"] == 1
    assert first.on_control("step.verification", SEND_NOW) is None
    second = first.again()
    assert second.on_control("step.verification", SEND_NOW) is False
    assert not second.plan.more
    assert second.listed("verification") == [4]
    assert second.again().empty


def test_a_send_that_was_cut_is_continued_by_whoever_comes_next():
    """The first worker died: its record says which batch is open and how many of take N are left."""
    record = '{"id":"V-0007","at":46000.5,"take":1}'
    book = workbook().leads(1, 2, 3).sent("verification", 4, 5, batch="V-0007").take("verification", 3)
    outcome = book.stored("open_batch.verification", record).decide()
    assert outcome.lead(1)["verification_batch"] == "V-0007"
    assert outcome.lead(1)["verification_sent_at"] == 46000.5
    assert outcome.listed("verification") == [2, 3]
    assert outcome.row("batches", "V-0007")["size"] == 3
    assert outcome.stored("open_batch.verification") == ""


@pytest.mark.long
def test_send_n_now_ticked_while_a_send_is_open_waits_for_its_end():
    book = workbook().leads(1, 2, 3).sent("verification", 4, batch="V-0007").tick("verification", 2)
    book.stored("open_batch.verification", '{"id":"V-0007","at":46000.5,"take":0}').take("verification", 1)
    first = book.decide()
    assert first.listed("verification") == [1, 3]
    assert first.on_control("step.verification", SEND_NOW) is None
    second = first.again()
    assert second.listed("verification") == [3]
    assert second.lead(1)["verification_batch"] != "V-0007"
    assert second.on_control("step.verification", SEND_NOW) is False


def test_an_open_record_without_anything_left_is_closed():
    outcome = workbook().lead(1).stored("open_batch.verification", '{"id":"V-0007","take":0}').decide()
    assert outcome.stored("open_batch.verification") == ""
    assert outcome.plan.summary.sent == {}
    assert outcome.again().empty


def test_a_record_that_somebody_overwrote_counts_as_none():
    outcome = workbook().lead(1).stored("open_batch.verification", "hello").tick("verification", 1).decide()
    assert outcome.lead(1)["verification_batch"] == "V-0001"


@pytest.mark.long
def test_the_budget_is_each_steps_own():
    book = workbook().leads(1, 2).verified(3, 4).tick("verification", 1, 2).tick("company_scrap", 3, 4)
    first, second = to_the_end(book.decide(budget=Budget(9, 1)))
    assert first.plan.summary.sent == {"V-0002": 1, "C-0001": 1}
    assert second.plan.summary.sent == {"V-0002": 1, "C-0001": 1}


def test_a_budget_never_shrinks_below_one_row_and_one_lead():
    assert Budget(10, 100).times(0.55) == Budget(5, 55)
    assert Budget(1, 1).times(0.1) == Budget(1, 1)
    assert Budget(10, 10).times(0.19) == Budget(1, 1)
    assert Budget(10, 10).times(0.2) == Budget(2, 2)


def test_a_moment_is_a_time_and_a_name():
    assert (RunClock(NOW, "r").serial, RunClock(NOW, "r").run) == (NOW, "r")


# -- a tick whose lead an import made unfit meanwhile


def test_a_tick_is_lost_to_an_import_that_made_the_lead_unfit_and_it_says_so():
    book = workbook().verified(1, 2).tick("company_scrap", 1).read(ticked={"company_scrap": frozenset()})
    book.pending(["LeadNumber", "email", "email_status"], ["1", "a@one.example", "invalid"])
    outcome = book.decide()
    assert outcome.lead(1)["validation_success"] is False
    assert "tick_not_ready lead=1 step=company_scrap" in outcome.problems
    assert "tick_not_ready lead=1 step=company_scrap" in outcome.log
    assert outcome.listed("company_scrap") == [2]
