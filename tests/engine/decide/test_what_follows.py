"""What follows from the leads and the decision: notes, input tabs, History, Log, the journal, Control, System."""

import math
from dataclasses import replace

import pytest
from snapshots import EARLIER, NOW, TODAY, Budget, decided, settings, to_the_end, workbook

from sheets_crm.engine.journal import LOG_KEPT
from sheets_crm.features.history import DAYS_AHEAD
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.plan.changes import ShowRow
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import Formula
from sheets_crm.workbook.panel import PROBLEMS, SAID, PanelState
from sheets_crm.workbook.tabs import INBOX

VERIFIED = ["LeadNumber", "email", "email_status"]


# -- notes


def test_a_note_follows_its_lead_and_says_where_it_was_typed():
    outcome = workbook().verified(1).note("company_scrap", 1, "ask Ana").decide()
    assert outcome.lead(1)["notes"] == "ask Ana"
    assert outcome.changed("master") == {(1, "notes"): "ask Ana"}
    assert outcome.causes()[1, "notes"] == "note in CompScrap Input"


def test_a_note_that_was_cleared_is_cleared():
    assert workbook().lead(1, notes="old").note("verification", 1, "").decide().lead(1)["notes"] == ""


def test_a_number_typed_as_a_note_becomes_its_text_once():
    outcome = workbook().lead(1).note("verification", 1, 5.0).decide()
    assert outcome.lead(1)["notes"] == "5"
    assert outcome.again().empty


def test_of_a_lead_that_stands_twice_the_first_row_is_meant():
    book = workbook().leads(1, 2).order("verification", 1, 2, 1).note("verification", 1, "first")
    book.typed("input.verification", 3, notes="second")
    assert book.decide().lead(1)["notes"] == "first"


def test_a_note_beside_a_lead_that_is_not_there_is_nobodys():
    book = workbook().leads(1).typed("input.verification", 2, LeadNumber=99, notes="whose")
    outcome = book.decide()
    assert outcome.lead(1)["notes"] == ""
    assert outcome.deleted("input.verification") == [99]


def test_two_notes_are_both_taken():
    outcome = workbook().leads(1, 2, 3).note("verification", 1, "a").note("verification", 3, "b").decide()
    assert [outcome.lead(n)["notes"] for n in (1, 2, 3)] == ["a", "", "b"]


# -- input tabs


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_an_input_tab_is_send_the_exact_columns_and_notes(step):
    book = {
        "verification": workbook().lead(1),
        "company_scrap": workbook().verified(1),
        "box1": workbook().scraped(1),
    }
    started = book.get(step.name) or workbook().boxed(1)
    started.lead(1, notes="n", TargetID="T").order(step.name)
    (row,) = started.decide().appended(f"input.{step.name}")
    assert sorted(row) == sorted(["send", *(header for header, _ in step.columns), "notes"])
    assert (row["send"], row["LeadNumber"], row["TargetID"], row["notes"]) == (False, 1, "T", "n")


def test_a_cell_of_an_input_tab_that_somebody_typed_over_is_put_back():
    outcome = workbook().lead(1, firstName="Ana").typed("input.verification", 1, firstName="Bob").decide()
    assert outcome.changed("input.verification") == {(1, "firstName"): "Ana"}
    assert outcome.lead(1)["firstName"] == "Ana"


def test_rows_stay_in_the_order_that_operators_gave_them():
    book = workbook().leads(1, 2, 3).order("verification", 3, 1, 2)
    assert book.decide().empty


# -- History


def test_history_gets_one_row_a_day():
    outcome = workbook().lead(1).stored("last_day", TODAY - 1).row("history", date=TODAY - 1).decide()
    assert outcome.keys("history") == [TODAY - 1, TODAY]
    row = outcome.row("history", TODAY)
    assert set(row) == {metric.id for metric in metrics(outcome.settings.schema)}
    assert (row["leads_total"], row["verification_available"], row["conservation_ok"]) == (1, 1, True)
    assert row["conservation_ok"] is True
    assert row["verification_ratio"] == ""
    assert outcome.stored("last_day") == TODAY
    assert outcome.again().empty


def test_a_row_of_today_that_was_deleted_is_written_again():
    assert workbook().lead(1).row("history", date=TODAY - 1).decide().keys("history") == [TODAY - 1, TODAY]


def test_todays_row_is_written_anew_when_the_day_was_not_counted():
    outcome = (
        workbook().leads(1, 2).stored("last_day", TODAY - 1).row("history", date=TODAY, leads_total=1).decide()
    )
    assert outcome.keys("history") == [TODAY]
    assert outcome.row("history", TODAY)["leads_total"] == 2


def test_a_day_without_a_change_leaves_the_time_of_the_last_change():
    outcome = workbook().lead(1).stored("last_day", TODAY - 1).decide()
    assert outcome.row("history", TODAY)["last_run_at"] == EARLIER


def test_a_day_with_a_change_has_the_time_of_that_change():
    outcome = workbook().lead(1).tick("verification", 1).stored("last_day", TODAY - 1).decide()
    assert outcome.lead(1)["verification_sent"] is True
    assert outcome.row("history", TODAY)["last_run_at"] == NOW


@pytest.mark.long
def test_the_day_is_counted_with_the_last_part():
    book = workbook().leads(1, 2).tick("verification", 1, 2).stored("last_day", TODAY - 1)
    first, last = to_the_end(book.decide(budget=Budget(9, 1)))
    assert first.appended("history") == []
    assert last.row("history", TODAY)["verification_sent"] == 2


@pytest.mark.parametrize(("ahead", "kept"), [(1, False), (DAYS_AHEAD, False), (DAYS_AHEAD + 1, True)])
def test_a_few_days_to_come_go_and_many_mean_that_this_clock_is_behind(ahead, kept):
    book = workbook().lead(1).stored("last_day", TODAY - 1).row("history", date=TODAY - 1)
    for n in range(1, ahead + 1):
        book.row("history", date=TODAY + n)
    found = book.decide().keys("history")
    assert (TODAY - 1 in found, TODAY in found) == (True, True)
    assert (TODAY + 1 in found) is kept


def test_something_typed_under_date_counts_as_long_ago():
    outcome = workbook().lead(1).stored("last_day", TODAY - 1).row("history", date="sum").decide()
    assert outcome.keys("history") == ["sum", TODAY]


# -- Log


def test_a_run_that_changed_something_has_one_row_in_log():
    rows = [["1", "a@one.example", "valid"], ["99", "z@one.example", "valid"]]
    book = workbook().lead(2).sent("verification", 1).tick("verification", 2).pending(VERIFIED, *rows)
    (row,) = book.decide().appended("log")
    assert (row["when"], row["run"], row["result"]) == (NOW, "run-1", "ok")
    assert (row["sent"], row["merged"], row["rejected"]) == (1, 1, 1)
    assert row["what"].split(" · ")[0].startswith("log_sent")
    assert "log_drop" in row["what"]


def test_what_was_set_aside_is_told_in_log_as_refused():
    (row,) = workbook().decide(refused=["bad file"]).appended("log")
    assert (row["result"], row["what"]) == ("refused", "bad file")


def test_a_repair_without_words_has_no_row_in_log():
    outcome = workbook().lead(1, firstName="Ana").typed("input.verification", 1, firstName="Bob").decide()
    assert outcome.appended("log") == []
    assert not outcome.empty


def test_log_keeps_its_newest_rows():
    book = workbook().lead(1).tick("verification", 1)
    for n in reversed(range(LOG_KEPT + 2)):
        book.row("log", when=float(n), run="r", result="ok", what="x")
    outcome = book.decide()
    rows = outcome.rows("log")
    assert (len(rows), rows[0]["when"], rows[-1]["when"]) == (LOG_KEPT, NOW, 3.0)


def test_a_full_log_loses_one_row_for_each_that_comes():
    book = workbook().lead(1).tick("verification", 1)
    for n in reversed(range(LOG_KEPT)):
        book.row("log", when=float(n), run="r", result="ok", what="x")
    rows = book.decide().rows("log")
    assert (len(rows), rows[-1]["when"]) == (LOG_KEPT, 1.0)


# -- the change journal


def test_every_changed_cell_of_a_lead_is_in_the_journal_with_its_cause():
    outcome = workbook().leads(1, 2).tick("verification", 1).decide()
    journal = {(one.lead, one.column): (one.old, one.new) for one in outcome.plan.journal}
    assert journal == {
        (1, "verification_sent"): ("", True),
        (1, "verification_sent_at"): ("", NOW),
        (1, "verification_batch"): ("", "V-0001"),
        (1, "verification_status"): ("ready", "processing"),
    }
    assert set(outcome.causes().values()) == {"V-0001"}


def test_a_change_without_a_cause_bears_the_name_of_the_run():
    def act(working):
        working.leads = working.leads.assign(firstName="Zoe")
        return True

    assert workbook().lead(1).decide(command=act).causes() == {(1, "firstName"): "run-1"}


def test_a_new_lead_is_one_line_with_all_it_holds():
    header = ["firstName", "lastName", "companyName", "vmid"]
    outcome = workbook().lead(1).pending(header, ["Ana", "Ay", "One", "ACwAAA1"]).decide()
    (line,) = [one for one in outcome.plan.journal if one.lead == 2]
    assert (line.column, line.old, line.cause) == ("*", "", "D-0001")
    assert line.new["firstName"] == "Ana"
    assert line.new["verification_status"] == "ready"
    assert "" not in line.new.values()


# -- Control


def test_problems_stand_on_control_and_the_first_is_the_status():
    book = workbook().leads(1, 2)
    outcome = book.decide(problems=["one", "two"])
    assert outcome.on_control("problem.1") == "one"
    assert outcome.on_control("problem.2") == "two"
    assert outcome.on_control("problem.3") is None
    assert outcome.on_control("status") == "one"
    assert outcome.again(problems=["one", "two"]).empty


def test_problems_that_are_gone_leave_control():
    outcome = workbook().control("problem.1", "old").control("status", "old").decide()
    assert (outcome.on_control("problem.1"), outcome.on_control("status")) == ("", "ok")
    assert outcome.again().empty


def test_more_problems_than_rows_show_the_first():
    outcome = workbook().decide(problems=[f"p{n}" for n in range(PROBLEMS + 3)])
    assert outcome.on_control(f"problem.{PROBLEMS}") == f"p{PROBLEMS - 1}"
    assert len(outcome.problems) == PROBLEMS + 3
    assert outcome.again(problems=outcome.problems).empty


def test_the_same_problem_is_told_once():
    book = workbook().lead(1).sent("verification", 2).order("verification", 2, 2).tick("verification", 2)
    assert book.decide().problems == ("tick_not_ready lead=2 step=verification",)


def test_what_was_said_of_a_step_already_is_not_written_again():
    text = "take_not_whole available=0 fit=0 only= step=box1 value=0"
    outcome = workbook().take("box1", 0).control("step.box1", text, SAID).decide()
    assert outcome.on_control("step.box1", SAID) is None
    assert workbook().take("box1", 0).decide().on_control("step.box1", SAID) == text


def test_sync_now_is_answered():
    outcome = workbook().control("sync_now", True).decide()
    assert outcome.on_control("sync_now") is False
    assert outcome.again().empty


@pytest.mark.long
def test_confirm_is_taken_back_with_the_last_part():
    assert workbook().control("confirm", True).decide().on_control("confirm") is False
    book = workbook().leads(1, 2).tick("verification", 1, 2).control("confirm", True)
    first, last = to_the_end(book.decide(budget=Budget(9, 1)))
    assert (first.on_control("confirm"), last.on_control("confirm")) == (None, False)
    assert last.again().empty


def test_control_of_the_next_part_holds_what_was_written_and_nothing_else():
    outcome = workbook().leads(1, 2).tick("verification", 1).decide()
    before, now = outcome.before.panel.cells, outcome.next.panel.cells
    changed = {(row[7], n) for old, row in zip(before, now, strict=True) for n in range(8) if old[n] != row[n]}
    assert changed == {("step.verification", SAID), ("last_run_at", 1), ("heartbeat", 1)}


def test_control_names_the_time_of_a_change():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    assert (outcome.on_control("last_run_at"), outcome.on_control("heartbeat")) == (NOW, NOW)


def test_rows_of_control_that_are_gone_are_not_written_to():
    book = workbook().leads(1).tick("verification", 1).snapshot()
    cells = [row for row in book.panel.cells if row[7] not in {"heartbeat", "step.verification"}]
    outcome = decided(replace(book, panel=PanelState.of(cells)), settings())
    assert outcome.on_control("heartbeat") is None
    assert outcome.on_control("step.verification", SAID) is None
    assert outcome.on_control("last_run_at") == NOW


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [("schedule.2", 1, "schedule"), ("step.box1", 5, "parts")],
    ids=["schedule", "parts"],
)
@pytest.mark.parametrize("value", ["many", -1, True])
def test_a_setting_of_control_that_cannot_be_meant_is_named(row, column, name, value):
    outcome = workbook().control(row, value, column).decide()
    assert outcome.codes() == ["setting_unclear"]
    said = outcome.problems[0]
    assert ("used=1" if name == "parts" else "used=0") in said
    assert f"value={value}" in said or "value=TRUE" in said
    assert f"allowed=setting_allowed.{name}" in said
    assert f"cell={'BF'[name == 'parts']}" in said


def test_a_time_zone_that_this_machine_does_not_know_is_told():
    assert workbook().info(time_zone="Mars/Olympus").decide().problems == ("zone_unknown zone=Mars/Olympus",)


def test_cells_of_control_that_a_write_overwrote_get_back_what_they_held():
    book = workbook()
    rows = book.snapshot().panel.rows
    outcome = book.control_put_back((rows["target_id"], 1, "spring", "target_id"), (0, 3, "note", "")).decide()
    assert outcome.on_control("target_id") == "spring"
    assert outcome.on_control("", 3) == "note"
    assert outcome.next.control_put_back == ()


def test_a_formula_of_control_comes_back_as_a_formula():
    book = workbook()
    place = book.snapshot().panel.rows["step.verification"]
    outcome = book.control_put_back((place, 1, 12, "step.verification")).decide()
    value = outcome.on_control("step.verification", 1)
    assert isinstance(value, Formula)
    assert "'Verification Input'!$B$2:$B" in value.text


def test_what_control_is_told_now_wins_over_what_stood_there():
    book = workbook().lead(1).tick("verification", 1)
    place = book.snapshot().panel.rows["step.verification"]
    outcome = book.control_put_back((place, SAID, "old words", "step.verification")).decide()
    assert outcome.on_control("step.verification", SAID) == "sent batch=V-0001 count=1"


# -- System


@pytest.mark.long
def test_fewer_leads_that_somebody_confirmed_are_stored_once_though_nothing_else_is_written():
    outcome = workbook().leads(1, 2).stored("leads_known", 3).decide()
    assert outcome.stored("leads_known") == 2
    assert outcome.next.system.number("leads_known") == 2
    assert outcome.again().empty
    assert workbook().leads(1, 2).stored("leads_known", 2).decide().empty


def test_every_plan_leaves_the_guards_number_and_the_counters_in_system():
    outcome = workbook().leads(1, 2).tick("verification", 1).decide()
    written = outcome.written_to_system()
    assert written["sequence"] == 8
    assert (written["last_run_at"], written["heartbeat"]) == (NOW, NOW)
    assert (written["leads_known"], written["next_lead_number"], written["next_batch.verification"]) == (2, 3, 2)
    assert (written["workbook_id"], written["salt"], written["refusal"]) == ("book", "salt", "")
    assert not [key for key in written if key.startswith(("signal.", "feed."))]
    assert outcome.next.sequence == 8


def test_a_refusal_that_stood_there_goes_with_the_next_change():
    outcome = workbook().lead(1).tick("verification", 1).stored("refusal", "copied").decide()
    assert outcome.stored("refusal") == ""


def test_the_median_time_to_box1_is_kept_once_there_is_a_sample():
    outcome = (
        workbook(lead_days=9)
        .boxed(1, imported_at=NOW - 6, box1_completed_at=NOW - 2)
        .tick("instantly", 1)
        .decide()
    )
    assert outcome.stored("lead_days") == pytest.approx(4)


def test_a_tab_more_is_noted_so_that_it_asks_for_no_run():
    outcome = workbook().stored("tabs_known", 3).decide()
    assert outcome.stored("tabs_known") == len(outcome.before.info.tabs)
    assert outcome.again().empty


def test_a_tab_that_goes_is_not_counted():
    outcome = workbook().sent("verification", 1).pending(VERIFIED, ["1", "a@one.example", "valid"]).decide()
    assert outcome.stored("tabs_known") == len(outcome.before.info.tabs) - 1
    assert outcome.again().empty


def test_the_signal_counts_the_tabs_that_outputs_are_put_in():
    outcome = workbook().stored("drops_watched", "1 2 3").decide()
    (put,) = [change for change in outcome.plan.changes if getattr(change, "what", "") == "signal.inbox"]
    assert put.row == outcome.settings.system.row("signal.inbox")
    assert put.rows[0][0].text == "=COUNTA('Inbox'!$A$1:$EZ)"
    assert outcome.stored("drops_watched") == str(outcome.before.tabs[INBOX].sheet_id)
    assert outcome.again().empty


def test_claimed_tabs_are_not_watched_and_those_of_operators_are():
    snapshot = workbook().pending(VERIFIED, ["1", "a@one.example", "valid"]).snapshot()
    other = replace(snapshot.info.tabs[0], sheet_id=501, title="Output July", mark=None)
    plain = replace(other, sheet_id=502, title="Notes")
    snapshot = replace(snapshot, sources=(), info=replace(snapshot.info, tabs=(*snapshot.info.tabs, other, plain)))
    outcome = decided(snapshot, settings())
    assert outcome.stored("drops_watched") == f"{snapshot.tabs[INBOX].sheet_id} 501"


def test_cells_used_are_those_after_the_write():
    book = workbook().leads(1, 2).tick("verification", 1)
    outcome = book.decide()
    assert outcome.stored("cells_used") == outcome.next.info.cells


@pytest.mark.parametrize("height", [2, 3])
def test_cells_used_count_rows_that_make_a_grid_higher(height):
    book = (
        workbook()
        .leads(1, 2)
        .sent("verification", 1)
        .grid("rejected", rows=2, columns=4)
        .grid("imports", rows=height)
    )
    book.pending(VERIFIED, ["99", "z@one.example", "valid"], ["1", "a@one.example", "valid"])
    outcome = book.decide()
    assert outcome.stored("cells_used") == outcome.next.info.cells
    assert outcome.next.tabs["rejected"].columns == 9


def test_cells_used_count_rows_that_go():
    outcome = workbook().rejected(VERIFIED, ["9"], ["8"], discard=True).grid("rejected", rows=4).decide()
    assert outcome.stored("cells_used") == outcome.next.info.cells
    assert outcome.next.tabs["rejected"].rows == 2


@pytest.mark.parametrize(
    ("share", "code"), [(0.59, None), (0.6, "cells_60"), (0.79, "cells_60"), (0.8, "cells_80"), (1.0, "cells_80")]
)
def test_a_workbook_that_fills_up_is_warned_of(share, code):
    book = workbook()
    own = book.snapshot()
    rest = sum(tab.cells for tab in own.info.tabs if tab.mark != "lead_profile")
    book.grid("lead_profile", rows=math.ceil(share * 10_000_000) - rest, columns=1)
    outcome = book.decide()
    assert outcome.codes() == ([code] if code else [])


@pytest.mark.long
def test_the_write_that_passes_the_mark_says_so():
    book = workbook().lead(1).grid("imports", rows=1)
    rest = sum(tab.cells for tab in book.snapshot().info.tabs if tab.mark != "lead_profile")
    book.grid("lead_profile", rows=6_000_000 - rest - 1, columns=1)
    assert book.decide().codes() == []
    header = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
    book.pending(header, ["Ana", "Ay", "", "One", "ACwAAA1", "", ""], file="f")
    assert book.decide().codes() == ["cells_60"]


# -- erased people


def test_an_erased_person_leaves_every_tab_and_the_journal_and_stays_as_hashes():
    def act(working):
        working.erase(Person.of_cells(1, {"email": "a@one.example"}), ["h1", "h2"])
        return True

    book = workbook().boxed(1, 2, result="noHIT")
    book.row("box1_history", LeadNumber=1, subject="old").row("box1_history", LeadNumber=2, subject="old")
    outcome = book.decide(command=act)
    assert outcome.numbers() == [2]
    assert outcome.deleted("master") == [1]
    assert outcome.keys("storage") == [2]
    assert [row["LeadNumber"] for row in outcome.rows("box1_history")] == [2]
    assert not [one for one in outcome.plan.journal if one.lead == 1]
    assert outcome.next.system.erased == ("h1", "h2")
    assert outcome.next.system.erased_end == 2
    (put,) = [change for change in outcome.plan.changes if getattr(change, "what", "") == "erased"]
    assert (put.row, put.column, put.rows) == (1, 2, (("h1 h2",),))
    assert outcome.log == "log_erased lead=1"
    assert outcome.stored("leads_known") == 1
    assert outcome.decision.index is None
    assert outcome.again().empty


def test_hashes_that_stand_there_are_not_added_again():
    def act(working):
        working.erase(Person.of_cells(1, {}), ["h1", "h2"])
        working.erase(Person.of_cells(1, {}), ["h2", "h3"])
        return True

    outcome = workbook().leads(1, 2).erased("h1").decide(command=act)
    (put,) = [change for change in outcome.plan.changes if getattr(change, "what", "") == "erased"]
    assert (put.row, put.rows) == (2, (("h2 h3",),))


def test_erasing_somebody_who_is_no_lead_keeps_the_hashes_and_tells_no_lead():
    def act(working):
        working.erase(Person.of_cells(5, {}), ["h1"])
        return True

    outcome = workbook().lead(1).decide(command=act)
    assert outcome.numbers() == [1]
    assert outcome.log == ""
    assert outcome.next.system.erased == ("h1",)


@pytest.mark.long
def test_a_full_column_of_hashes_is_packed():
    def act(working):
        working.erase(Person.of_cells(1, {}), ["new"])
        return True

    def put_in(end):
        snapshot = workbook().leads(1, 2).snapshot()
        old = tuple(f"h{n}" for n in range(system.HASHES_IN_A_CELL))
        full = replace(snapshot.system, erased=old, erased_end=end)
        outcome = decided(replace(snapshot, system=full), settings(), command=act)
        (put,) = [change for change in outcome.plan.changes if getattr(change, "what", "") == "erased"]
        return put, old

    put, _ = put_in(system.GRID_ROWS - 1)
    assert (put.row, put.rows) == (system.GRID_ROWS - 1, (("new",),))
    put, old = put_in(system.GRID_ROWS)
    assert (put.row, put.column, len(put.rows)) == (1, 2, system.GRID_ROWS - 1)
    assert [row[0] for row in put.rows[:3]] == [" ".join(old), "new", ""]


def test_a_time_that_went_astray_into_the_row_of_the_next_run_gives_way_to_its_text():
    outcome = workbook(interval_seconds=15).control("next_run", NOW).decide()
    assert outcome.on_control("next_run") == "control.next_run.value seconds=15"
    assert workbook().control("next_run", "every 15 s").decide().empty


def test_after_rows_of_control_went_astray_all_of_them_show_again_but_blank_problems():
    """The write that went to other rows may have hidden one of them."""
    rows = workbook().snapshot().panel.rows
    book = workbook().control("problem.1", "something")
    outcome = book.control_put_back((rows["target_id"], 1, "spring", "target_id")).decide()
    shown = {one.row: one.shown for one in outcome.plan.changes if isinstance(one, ShowRow)}
    hidden = {name for name, row in rows.items() if shown.get(row) is False}
    assert hidden == {"problems", *(f"problem.{n}" for n in range(1, 9))}
    assert set(shown) == set(rows.values())


def test_the_rows_of_problems_show_and_go_with_them_and_nothing_else_does():
    outcome = workbook().lead(1).tick("verification", 1, value="perhaps").decide()
    rows = outcome.before.panel.rows
    assert [one for one in outcome.plan.changes if isinstance(one, ShowRow)] == [
        ShowRow(outcome.before.tabs["control"], rows[name], shown=True) for name in ("problems", "problem.1")
    ]
