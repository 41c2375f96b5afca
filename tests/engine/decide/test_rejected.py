"""Rejected: blocks under their own header, retry and discard, and what goes of erased people."""

import re

import pytest
from snapshots import Budget, to_the_end, workbook

from sheets_crm.engine.erased import hashes
from sheets_crm.features.rejected import place_of_fault, unknown_word
from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.text import word_key
from sheets_crm.workbook.tabs import REJECTED, REJECTED_COLUMNS

VERIFIED = ["LeadNumber", "email", "email_status"]
GOOD = ["1", "a@one.example", "valid"]
BAD = ["99", "z@one.example", "valid"]
FIXED = list(REJECTED_COLUMNS)


def book(*numbers):
    return workbook().sent("verification", *(numbers or (1,)))


def cells(outcome):
    """The filled rows below the title."""
    return [row for row in outcome.rejected[1:] if any(row)]


# -- rows that come in


def test_a_row_that_cannot_be_merged_stands_there_with_its_reason_and_cells():
    outcome = book().pending(VERIFIED, GOOD, BAD).decide()
    header, row = cells(outcome)
    assert header == [*FIXED, *VERIFIED]
    assert row[:2] == [False, False]
    assert all(row[2:4])
    assert row[4:] == ["verification · Inbox · D-0001", "3", *BAD]
    assert outcome.grid.start == 1
    assert outcome.grid.boxes == ((1, 0), (1, 1))


def test_a_second_block_stands_below_the_first_after_a_blank_row():
    outcome = book().rejected(["firstName", "x"], ["A", "b"]).pending(VERIFIED, BAD).decide()
    assert outcome.grid.start == 3
    assert outcome.grid.append[0] == ("",)
    assert outcome.grid.append[1] == (*FIXED, *VERIFIED)
    assert outcome.grid.boxes == ((2, 0), (2, 1))


def test_the_same_header_is_not_repeated():
    outcome = book().rejected(VERIFIED, BAD).pending(VERIFIED, ["98", "y@one.example", "valid"]).decide()
    (row,) = outcome.grid.append
    assert row[6] == "98"


def test_the_same_header_with_blank_columns_behind_it_is_the_same():
    outcome = book().rejected([*VERIFIED, ""], BAD).pending(VERIFIED, ["98", "y@one.example", "valid"]).decide()
    assert len(outcome.grid.append) == 1


def test_under_another_block_the_header_is_repeated():
    block = book().rejected(VERIFIED, BAD).rejected(["firstName", "x"], ["A", "b"])
    outcome = block.pending(VERIFIED, ["98", "y@one.example", "valid"]).decide()
    assert [row[:1] for row in outcome.grid.append] == [("",), ("retry",), (False,)]


def test_rows_go_below_whatever_stands_there():
    outcome = (
        book()
        .rejected(VERIFIED, BAD)
        .rejected_grid([], [False, False], ["note to self"])
        .pending(VERIFIED, ["98", "y@one.example", "valid"])
    )
    found = outcome.decide()
    assert found.grid.start == 6
    assert found.next.cells[REJECTED][5] == ["note to self"]


def test_rows_with_nothing_but_unticked_boxes_are_blank():
    outcome = (
        book()
        .rejected(VERIFIED, BAD)
        .rejected_grid([False, False])
        .pending(VERIFIED, ["98", "y@y.example", "valid"])
    )
    assert outcome.decide().grid.start == 3


def test_a_last_header_whose_rows_are_gone_is_used_again():
    outcome = book().rejected(["firstName", "x"], ["A", "b"]).rejected(VERIFIED).pending(VERIFIED, BAD).decide()
    assert [row[:1] for row in outcome.grid.append] == [(False,)]


def test_two_imports_of_one_run_with_one_header_share_it():
    outcome = (
        book().pending(VERIFIED, BAD).pending(VERIFIED, ["98", "y@one.example", "valid"], label="Inbox 2").decide()
    )
    assert [row[0] for row in outcome.grid.append] == ["retry", False, False]
    assert outcome.grid.boxes == ((1, 0), (1, 1), (2, 0), (2, 1))


def test_the_grid_of_the_next_part_is_as_high_and_wide_as_this_one_leaves_it():
    narrow = book().grid("rejected", rows=1, columns=3)
    outcome = narrow.pending(VERIFIED, BAD).decide()
    tab = outcome.next.tabs["rejected"]
    assert (tab.rows, tab.columns) == (3, 9)


# -- retry


@pytest.mark.long
@pytest.mark.parametrize("tick", [True, "x", "sí", 1], ids=repr)
def test_a_row_put_right_is_merged_and_goes_with_its_block(tick):
    outcome = book().rejected(VERIFIED, GOOD, retry=tick).decide()
    assert outcome.lead(1)["verification_status"] == "completed"
    assert outcome.grid.delete == (1, 2)
    assert cells(outcome) == []
    (row,) = outcome.appended("imports")
    assert (row["source"], row["step"], row["rows"], row["updated"]) == ("Rejected", "verification", 1, 1)


@pytest.mark.long
def test_a_row_that_is_still_wrong_stays_with_its_new_reason_and_without_its_tick():
    outcome = book().rejected(VERIFIED, GOOD, BAD, retry=True).decide()
    header, row = cells(outcome)
    assert header == [*FIXED, *VERIFIED]
    assert row[0] is False
    assert row[2:4] != ["why", "what"]
    assert row[6:] == BAD
    assert outcome.grid.delete == (2,)
    assert outcome.row("imports", "D-0001")["rejected"] == 1
    assert outcome.again().empty


@pytest.mark.long
def test_rows_without_a_tick_stay():
    outcome = book(1, 2).rejected(VERIFIED, GOOD, retry=True).more_rejected(["2", "b@one.example", "odd"]).decide()
    assert outcome.grid.delete == (2,)
    assert cells(outcome)[1][6] == "2"


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "steps"), [("instantly", ["instantly"]), ("verification", ["verification"]), ("", [])]
)
def test_a_retry_is_of_the_step_that_the_row_came_for(step, steps):
    """These headers alone fit several steps."""
    lead = workbook().boxed(1).sent("instantly", 1)
    outcome = lead.rejected(
        ["email", "status"], ["a@one.example", "1"], retry=True, source=f"{step} · f.csv"
    ).decide()
    assert [row["step"] for row in outcome.appended("imports")] == steps
    assert outcome.codes() == ([] if steps else ["retry_not_understood"])


@pytest.mark.long
def test_rows_of_two_blocks_are_tried_again_block_by_block():
    both = book(1, 2).rejected(VERIFIED, GOOD, retry=True)
    both.rejected(["LeadNumber", "email", "result"], ["2", "b@one.example", "valid"], retry=True)
    outcome = both.decide()
    assert outcome.lead(1)["email"] == "a@one.example"
    assert outcome.lead(2)["email"] == "b@one.example"
    assert outcome.keys("imports") == ["D-0002", "D-0001"]
    assert cells(outcome) == []


def test_a_retry_of_a_block_that_is_no_longer_recognised_is_told_and_stays():
    outcome = book().rejected(["who", "what"], ["1", "a"], retry=True).decide()
    assert outcome.codes() == ["retry_not_understood"]
    assert "row=3" in outcome.problems[0]
    assert outcome.grid is None


def test_a_retry_whose_header_was_cleared_is_told_and_not_read_under_another():
    outcome = (
        book()
        .rejected(VERIFIED, BAD)
        .rejected_grid([], [], [True, False, "why", "what", "verification · x · D", "2", *GOOD])
    )
    found = outcome.decide()
    assert found.problems == ("retry_without_header row=6",)
    assert found.lead(1)["verification_status"] == "processing"


@pytest.mark.long
def test_one_blank_row_within_a_block_does_not_end_it():
    rows = (
        book()
        .rejected(VERIFIED, BAD)
        .rejected_grid([], [True, False, "why", "what", "verification · x · D", "2", *GOOD])
    )
    assert rows.decide().lead(1)["verification_status"] == "completed"


def test_retry_and_discard_together_are_told_and_neither_is_done():
    outcome = book().rejected(VERIFIED, GOOD, retry=True, discard=True).decide()
    assert outcome.problems == ("both_ticked row=3",)
    assert outcome.grid is None
    assert outcome.lead(1)["verification_status"] == "processing"


def test_a_run_that_leaves_retries_out_leaves_them_alone():
    assert book().rejected(VERIFIED, GOOD, retry=True).read(retries=False).decide().empty


@pytest.mark.long
def test_a_retry_over_the_budget_goes_in_parts():
    good = [[str(n), f"a{n}@one.example", "valid"] for n in (1, 2, 3)]
    first = book(1, 2, 3).rejected(VERIFIED, *good, retry=True).decide(budget=Budget(2, 9))
    assert first.plan.more
    assert first.grid.delete == (2, 3)
    assert len(cells(first)) == 2
    last = to_the_end(first)[-1]
    assert cells(last) == []
    assert all(last.lead(n)["verification_status"] == "completed" for n in (1, 2, 3))


@pytest.mark.long
def test_a_retry_in_one_part_asks_for_no_other():
    assert not book().rejected(VERIFIED, GOOD, retry=True).decide(budget=Budget(1, 9)).plan.more


# -- discard


@pytest.mark.parametrize("tick", [True, "x", "1"], ids=repr)
def test_a_discarded_row_goes_and_log_counts_it(tick):
    outcome = book().rejected(VERIFIED, GOOD, discard=tick).more_rejected(BAD).decide()
    assert outcome.grid.delete == (2,)
    assert outcome.log == "log_discarded count=1"
    assert outcome.lead(1)["verification_status"] == "processing"


def test_the_last_row_of_a_block_takes_its_header_and_the_blank_row_above_along():
    two = book().rejected(["firstName", "x"], ["A", "b"]).rejected(VERIFIED, BAD, discard=True)
    outcome = two.decide()
    assert outcome.grid.delete == (3, 4, 5)
    assert cells(outcome)[0][6:] == ["firstName", "x"]


def test_a_first_block_without_a_blank_row_above_goes_alone():
    outcome = book().rejected(VERIFIED, BAD, discard=True).rejected(["firstName", "x"], ["A", "b"]).decide()
    assert outcome.grid.delete == (1, 2)


def test_a_block_that_stands_right_below_another_takes_no_row_of_it():
    grid = book().rejected(VERIFIED, BAD)
    grid.rejected_grid([*FIXED, "firstName", "x"], [False, True, "why", "what", "export · x · D", "2", "A", "b"])
    assert grid.decide().grid.delete == (3, 4)


def test_a_header_without_rows_stays():
    outcome = book().rejected(VERIFIED).rejected(["firstName", "x"], ["A", "b"], discard=True).decide()
    assert [*FIXED, *VERIFIED] in outcome.rejected


def test_a_header_under_which_rows_are_appended_stays_although_its_last_row_goes():
    block = book().rejected(VERIFIED, BAD, discard=True).pending(VERIFIED, ["98", "y@one.example", "valid"])
    outcome = block.decide()
    header, row = cells(outcome)
    assert header == [*FIXED, *VERIFIED]
    assert row[6] == "98"


def test_nothing_ticked_changes_nothing():
    assert book().rejected(VERIFIED, BAD).decide().grid is None


# -- erased people


def erasing(number, **known):
    person = Person.of_cells(number, known)

    def act(working):
        working.erase(person, ["h1", "h2"])
        return True

    return act


def test_an_erased_person_leaves_rejected_by_number_and_by_address():
    rows = [["1", "a@one.example", "odd"], ["2", "b@one.example", "odd"], ["3", "a@one.example", "odd"]]
    outcome = book(1, 2, 3).rejected(VERIFIED, *rows).decide(command=erasing(1, email="a@one.example"))
    left = cells(outcome)[1:]
    assert [row[6:8] for row in left] == [["2", "b@one.example"], ["3", ""]]


def test_a_retry_of_somebody_who_was_erased_leaves_no_cell():
    gone = hashes("salt", Person.of_cells(1, {"email": "a@one.example"}))
    outcome = workbook().erased(*gone).rejected(VERIFIED, GOOD, retry=True).decide()
    assert "a@one.example" not in str(outcome.rejected)
    assert outcome.rejected[2][0] is False


# -- what is wrong, and when it was tried


@pytest.mark.parametrize(
    ("cells", "params", "place"),
    [
        (["99", "z@one.example", "valid"], {"value": "LeadNumber 99"}, 0),
        (["1", "z@one.example", "who knows"], {"value": "who knows"}, 2),
        (["x", "z@one.example", "valid"], {"value": "x"}, 0),
        (["1", "z@one.example", "1"], {"value": "1", "column": "email_status"}, 2),
        (["1", "", "valid"], {"lead": "2, 3", "column": "email"}, 1),
        (["1", "", "valid"], {"value": "name:nobody-knows"}, None),
        (["1", "", "valid"], {}, None),
    ],
)
def test_the_cell_that_a_reason_is_about_is_known(cells, params, place):
    assert place_of_fault(VERIFIED, cells, params) == place


@pytest.mark.long
def test_the_cell_at_fault_is_coloured():
    outcome = book().pending(VERIFIED, GOOD, BAD).decide()
    assert outcome.grid.marked == ((2, 6),)
    (styled,) = (
        one["repeatCell"]["range"]
        for one in outcome.plan.requests()
        if "backgroundColorStyle" in str(one.get("repeatCell", {}).get("fields"))
    )
    corners = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    assert [styled[name] for name in corners] == [2, 3, 6, 7]


def test_a_retry_that_fails_says_when_and_moves_the_colour():
    waiting = book().rejected(VERIFIED, ["1", "a@one.example", "no such word"], retry=True)
    outcome = waiting.decide(words=True)
    row = outcome.rejected[2]
    assert row[0] is False
    assert re.fullmatch(r"Unknown verification word: no such word · tried \d\d:\d\d", row[2])
    assert (outcome.grid.unmarked, outcome.grid.marked) == ((2,), ((2, 8),))


# -- words that somebody explains


@pytest.mark.parametrize("reason", ["unknown_verdict", "rejected.tried"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_word_that_a_reason_names_is_read_back(reason, language):
    text = localize("unknown_verdict", language, value="No Such_Word")
    if reason != "unknown_verdict":
        text = localize(reason, language, reason=text, time="17:02")
    assert unknown_word(text) == word_key("no such word")
    assert unknown_word(localize("no_key", language)) is None
