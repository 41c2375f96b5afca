"""Repairs of writes that went to other rows, leads typed by hand, commands, and the order of it all."""

import pandas as pd
import pytest
from snapshots import NOW, Budget, decided, settings, to_the_end, workbook

from sheets_crm.features import batches
from sheets_crm.workbook import tab_list


@pytest.mark.long
def test_cells_of_the_master_are_put_right_and_the_journal_says_why():
    book = workbook().lead(1, firstName="Zoe").lead(2, firstName="Zoe", phone="1")
    outcome = book.put_right((1, "firstName", "Ana", "Zoe"), (2, "phone", "", "1")).decide()
    assert outcome.changed("master") == {(1, "firstName"): "Ana", (2, "phone"): ""}
    assert outcome.causes()[1, "firstName"] == "put right after rows had moved"
    assert outcome.next.put_right == ()
    assert outcome.row("input.verification", 1)["firstName"] == "Ana"
    assert outcome.again().empty


def test_a_repair_comes_before_the_send():
    book = (
        workbook().verified(1).lead(1, validation_success=False).order("company_scrap", 1).tick("company_scrap", 1)
    )
    outcome = book.put_right(
        (1, "validation_success", True, False), (1, "company_scrap_status", "ready", "")
    ).decide()
    assert outcome.lead(1)["company_scrap_batch"] == "C-0001"


def test_leads_whose_rows_were_deleted_by_mistake_are_brought_back_and_the_meant_ones_go():
    snapshot = workbook().leads(1, 2).snapshot()
    back = snapshot.leads.loc[[2]].rename(index={2: 3})
    leads = pd.concat([snapshot.leads.drop(index=[1]), back])
    outcome = decided(
        type(snapshot)(**{**vars(snapshot), "leads": leads, "lost": (3,), "undeleted": (1,)}), settings()
    )
    assert outcome.numbers() == [2, 3]
    assert outcome.deleted("master") == [1]
    assert outcome.log == "brought_back lead=3"
    assert (outcome.next.lost, outcome.next.undeleted) == ((), ())


def test_a_lead_that_left_the_master_is_not_deleted_without_a_reason():
    snapshot = workbook().leads(1, 2).snapshot()
    outcome = decided(type(snapshot)(**{**vars(snapshot), "leads": snapshot.leads.drop(index=[1])}), settings())
    assert outcome.deleted("master") == []


@pytest.mark.long
def test_a_lead_typed_by_hand_is_kept_told_and_its_number_never_given_again():
    outcome = workbook().leads(1, 5).stored("next_lead_number", 3).decide()
    assert outcome.problems == ("hand_added lead=5 row=3 tab=Master",)
    assert outcome.log == "hand_added lead=5 row=3 tab=Master"
    assert outcome.stored("next_lead_number") == 6
    assert outcome.again().problems == ()


@pytest.mark.long
def test_a_number_that_is_the_very_next_one_counts_as_typed_by_hand():
    assert workbook().leads(1, 2).stored("next_lead_number", 2).decide().codes() == ["hand_added"]
    assert workbook().leads(1, 2).stored("next_lead_number", 3).decide().empty


@pytest.mark.long
def test_an_import_beside_a_hand_added_lead_gets_higher_numbers():
    header = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
    row = ["Ana", "Ay", "", "One", "ACwAAA1", "", ""]
    outcome = workbook().leads(1, 9).stored("next_lead_number", 2).pending(header, row).decide()
    assert outcome.numbers() == [1, 9, 10]


# -- a command's own change


def test_a_command_comes_after_what_operators_asked_for():
    seen = []

    def act(working):
        seen.append(working.leads.loc[1, "verification_batch"])
        return True

    outcome = workbook().lead(1).tick("verification", 1).decide(command=act)
    assert seen == ["V-0001"]
    assert outcome.decision.waiting == ()


@pytest.mark.long
def test_a_command_that_is_not_done_asks_for_another_part():
    def undo(working):
        return batches.undo(working, working.schema.step("verification"), "V-0001")

    first = workbook().sent("verification", 1, 2).decide(budget=Budget(9, 1), command=undo)
    assert (len(first.decision.waiting), first.plan.more) == (1, True)
    second = first.again(command=undo)
    assert (len(second.decision.waiting), second.plan.more) == (0, False)
    assert second.listed("verification") == [1, 2]


def test_without_a_command_nothing_waits():
    assert workbook().decide().decision.waiting == ()


# -- the order


@pytest.mark.long
def test_a_tick_its_answer_and_a_reopening_of_the_same_run_end_in_this_order():
    book = workbook().boxed(1, result="noHIT").reopen(1, "instantly", "r").tick("instantly", 1)
    outcome = book.decide()
    assert outcome.listed("instantly") == [1]
    assert outcome.keys("batches") == ["V-0001", "C-0001", "B-0001"]


@pytest.mark.long
def test_an_import_comes_before_the_close_of_its_batch():
    book = workbook().sent("verification", 1, 2, close=True)
    outcome = book.pending(["LeadNumber", "email", "email_status"], ["1", "a@one.example", "valid"]).decide()
    row = outcome.row("batches", "V-0001")
    assert (row["closed"], row["returned"], row["outstanding"]) == (1, 2, 0)
    assert outcome.lead(1)["validation_success"] is True
    assert outcome.lead(2)["validation_success"] is False


@pytest.mark.long
def test_an_import_comes_before_the_undo_of_its_batch():
    book = workbook().sent("verification", 1, 2, undo=True)
    outcome = book.pending(["LeadNumber", "email", "email_status"], ["1", "a@one.example", "valid"]).decide()
    assert (outcome.listed("verification"), outcome.listed("company_scrap")) == ([2], [1])


def test_states_follow_from_what_came_in_during_the_run():
    outcome = workbook().lead(1).verified(2).lead(2, validation_success=False).decide()
    assert outcome.lead(2)["company_scrap_status"] == ""
    assert outcome.listed("company_scrap") == []


@pytest.mark.long
@pytest.mark.parametrize("leads", [1, 2, 3, 4])
def test_whatever_the_budget_the_end_is_the_same(leads):
    header = ["LeadNumber", "email", "email_status"]
    book = workbook().leads(1, 2, 3).sent("verification", 4, 5, undo=True).tick("verification", 1, 2, 3)
    book.pending(
        header, ["4", "d@one.example", "valid"], ["1", "a@one.example", "invalid"], ["99", "z@z.example", "valid"]
    )
    whole = to_the_end(book.decide())[-1]
    parts = to_the_end(book.decide(budget=Budget(leads, leads)))
    assert parts[-1].again().empty
    pd.testing.assert_frame_equal(parts[-1].next.leads, whole.next.leads)
    for part in parts:
        assert part.stored("cells_used") == part.next.info.cells
    for tab in ("input.verification", "input.company_scrap", "batch.verification.1"):
        assert sorted(parts[-1].keys(tab)) == sorted(whole.keys(tab))
    assert parts[-1].rows("imports") == whole.rows("imports")


def test_no_other_time_than_the_given_one_is_written():
    outcome = workbook().lead(1).tick("verification", 1).decide(now=NOW + 0.25)
    assert outcome.lead(1)["verification_sent_at"] == NOW + 0.25


def test_a_link_to_a_tab_is_put_back_as_a_formula_and_not_as_its_text():
    outcome = workbook().control_put_back((40, 0, "Log", "tab.log"), (41, 2, "visible", "tab.log")).decide()
    log = outcome.before.tabs["log"]
    put = {
        (one.row, one.column): one.rows[0][0]
        for one in outcome.plan.changes
        if getattr(one, "what", "") == "tab.log"
    }
    assert put == {(40, 0): tab_list.link(log.sheet_id, log.title), (41, 2): "visible"}


def test_the_title_of_a_tab_that_is_gone_is_put_back_as_it_was_read():
    outcome = workbook().control_put_back((40, 0, "Deals", "tab.deals")).decide()
    (put,) = [one for one in outcome.plan.changes if getattr(one, "what", "") == "tab.deals"]
    assert put.rows == (("Deals",),)
