"""Imports: merged slice by slice, counted, and listed in Imports; each slice leaves a correct workbook."""

from dataclasses import replace

import pytest
from snapshots import NOW, Budget, decided, to_the_end, workbook

from sheets_crm.engine.erased import hashes
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.tabs import REJECTED

EXPORT = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
VERIFIED = ["LeadNumber", "email", "email_status"]
BOX1 = ["LeadNumber", "box1_result", "subject", "body_1", "body_2", "body_3", "body_4"]
COMPANY = ["query", "companyName", "industry", "website", "employeesOnLinkedIn", "timestamp"]
REPLIES = ["email", "lt_interest_status", "timestamp_last_contact"]
URL = "https://www.linkedin.com/company/one"


def person(n, **cells):
    row = {"firstName": f"Name{n}", "lastName": "Last", "companyName": "One", "vmid": f"ACwAAA{n:05d}"}
    return [{**row, **cells}.get(name, "") for name in EXPORT]


def verdicts(*numbers, word="valid"):
    return [[str(n), f"a{n}@one.example", word] for n in numbers]


def counts(row):
    return tuple(row[name] for name in ("rows", "new", "updated", "unchanged", "duplicate", "rejected"))


# -- a whole import in one part


def test_an_export_becomes_leads_with_the_next_numbers():
    outcome = workbook().lead(6).pending(EXPORT, person(1), person(2)).decide()
    assert outcome.numbers() == [6, 7, 8]
    assert outcome.lead(7)["firstName"] == "Name1"
    assert (outcome.lead(7)["imported_at"], outcome.lead(7)["updated_at"]) == (NOW, NOW)
    assert outcome.listed("verification") == [6, 7, 8]
    assert outcome.stored("next_lead_number") == 9
    assert outcome.stored("leads_known") == 3
    assert outcome.causes()[7, "*"] == "D-0001"


def test_an_import_has_a_row_whose_counts_add_up():
    again, nobody = person(1), [""] * len(EXPORT)
    nobody[2] = "CEO"
    outcome = workbook().pending(EXPORT, person(1), person(2), again, nobody, label="Inbox").decide()
    (row,) = outcome.appended("imports")
    assert (row["drop"], row["source"], row["step"], row["when"]) == ("D-0001", "Inbox", "export", NOW)
    rows, *five = counts(row)
    assert (rows, five) == (4, [2, 0, 0, 1, 1])
    assert sum(five) == rows
    assert row["leads touched"] == 2
    assert outcome.stored("next_drop") == 2
    (shown,) = outcome.plan.summary.imported
    assert {name: shown[name] for name in ("drop", "rows", "new", "rejected")} == {
        "drop": "D-0001",
        "rows": 4,
        "new": 2,
        "rejected": 1,
    }


def test_the_claimed_tab_goes_with_its_last_row():
    outcome = workbook().pending(EXPORT, person(1)).decide()
    assert outcome.removed == [900]
    assert outcome.next.sources == ()
    assert 900 not in {tab.sheet_id for tab in outcome.next.info.tabs}
    assert outcome.record("open_drop")["finished"] is True


@pytest.mark.long
def test_a_label_of_control_goes_to_new_leads_and_one_of_the_command_before_it():
    book = workbook().control("target_id", "spring")
    assert book.pending(EXPORT, person(1)).decide().lead(1)["TargetID"] == "spring"
    book = workbook().control("target_id", "spring").pending(EXPORT, person(1), file="f", target_id="T9")
    assert book.decide().lead(1)["TargetID"] == "T9"


def test_an_empty_label_of_the_command_is_a_label():
    book = workbook().control("target_id", "spring").pending(EXPORT, person(1), file="f", target_id="")
    assert book.decide().lead(1)["TargetID"] == ""


@pytest.mark.long
def test_ignored_columns_and_doubtful_cells_are_told():
    header = [*VERIFIED, "whatever"]
    outcome = workbook().sent("verification", 1).pending(header, ["1", "a@one.example", "valid", "z"]).decide()
    (row,) = outcome.appended("imports")
    assert row["ignored columns"] == "whatever"
    assert row["doubtful cells"] == 0
    book = workbook().sent("verification", 1).pending(header, ["1", 5.0, "valid", 46_000.5])
    assert book.decide().appended("imports")[0]["doubtful cells"] > 0


def test_an_import_without_a_sent_lead_counts_it_and_marks_both():
    outcome = workbook().leads(1, 2).sent("verification", 2).pending(VERIFIED, *verdicts(1, 2)).decide()
    (row,) = outcome.appended("imports")
    assert row["not sent before"] == 1
    lead = outcome.lead(1)
    assert (lead["verification_sent"], lead["verification_status"]) == (True, "completed")
    assert lead["validation_success"] is True
    assert outcome.listed("company_scrap") == [1, 2]


@pytest.mark.long
def test_a_tick_and_the_output_of_the_same_lead_in_one_run_end_as_sent_and_returned():
    outcome = workbook().leads(1, 2).tick("verification", 1).pending(VERIFIED, *verdicts(1)).decide()
    lead = outcome.lead(1)
    assert (lead["verification_batch"], lead["verification_status"]) == ("V-0001", "completed")
    row = outcome.row("batches", "V-0001")
    assert (row["size"], row["returned"], row["outstanding"]) == (1, 1, 0)
    assert outcome.appended("imports")[0]["not sent before"] == 0
    assert outcome.listed("company_scrap") == [1]
    assert not outcome.problems


def test_notes_come_before_the_send_that_takes_the_row_away():
    outcome = workbook().leads(1).note("verification", 1, "call later").tick("verification", 1).decide()
    assert outcome.lead(1)["notes"] == "call later"
    assert outcome.listed("verification") == []


# -- what merging promises


def test_a_blank_never_overwrites_a_value():
    book = workbook().sent("verification", 1).lead(1, email="old@one.example", email_validation="valid")
    outcome = book.pending(VERIFIED, ["1", "", "invalid"]).decide()
    assert outcome.lead(1)["email"] == "old@one.example"


@pytest.mark.parametrize(
    ("word", "success"), [("valid", True), ("invalid", False), ("catch_all", False), ("risky", False)]
)
def test_the_vendors_word_stays_beside_what_it_means(word, success):
    lead = workbook().sent("verification", 1).pending(VERIFIED, *verdicts(1, word=word)).decide().lead(1)
    assert (lead["email_validation"], lead["validation_success"]) == (word, success)
    assert lead["verification_status"] == "completed"


def test_a_pending_row_stays_processing():
    lead = workbook().sent("verification", 1).pending(VERIFIED, *verdicts(1, word="pending")).decide().lead(1)
    assert lead["verification_status"] == "processing"


def test_operators_words_of_vocabulary_hold():
    book = workbook().sent("verification", 1).vocabulary(["splendid", "valid", ""], ["valid", "invalid", ""])
    outcome = book.pending(VERIFIED, *verdicts(1, word="splendid")).decide()
    assert outcome.lead(1)["validation_success"] is True
    assert not outcome.problems


def test_a_row_of_vocabulary_that_cannot_be_read_is_left_out_and_the_others_count():
    book = workbook().sent("verification", 1).vocabulary(["good", "valid", ""], ["odd", "nonsense", ""])
    outcome = book.pending(VERIFIED, *verdicts(1, word="good")).decide()
    assert outcome.lead(1)["validation_success"] is True


@pytest.mark.long
def test_a_word_of_vocabulary_in_two_rows_that_disagree_has_a_problem_and_the_first_counts():
    rows = ["good", "valid", ""], ["Good", "invalid", ""], ["good", "valid", True]
    outcome = (
        workbook().sent("verification", 1).vocabulary(*rows).pending(VERIFIED, *verdicts(1, word="good")).decide()
    )
    assert outcome.lead(1)["validation_success"] is True
    assert [bool(row["problem"]) for row in outcome.rows("vocabulary")] == [False, True, False]
    assert "Good" in outcome.problems[0]
    assert outcome.problems[0].startswith("Vocabulary, row 3: ")
    again = outcome.again()
    assert again.problems == outcome.problems
    sheet, (header, _, *cells) = outcome.next.sheets["vocabulary"], outcome.next.cells["vocabulary"]
    left = {"vocabulary": replace(sheet, frame=sheet.frame.iloc[1:], rows=sheet.rows[1:])}
    without = replace(
        outcome.next,
        sheets={**outcome.next.sheets, **left},
        cells={**outcome.next.cells, "vocabulary": [header, *cells]},
    )
    cleared = decided(without, outcome.settings)
    assert [bool(row["problem"]) for row in cleared.rows("vocabulary")] == [False, True]
    assert "W-0003" in str(cleared.changed("vocabulary"))


def test_a_weaker_reply_never_overwrites_a_stronger_one():
    book = workbook().boxed(1).sent("instantly", 1).lead(1, instantly_status="positive reply")
    assert (
        book.pending(REPLIES, ["a@one.example", "0", ""]).decide().lead(1)["instantly_status"] == "positive reply"
    )


def test_a_stronger_reply_completes_the_lead():
    book = workbook().boxed(1).sent("instantly", 1).lead(1, instantly_status="sent")
    lead = book.pending(REPLIES, ["a@one.example", "1", ""]).decide().lead(1)
    assert lead["instantly_status"] == "positive reply"
    assert lead["instantly_step_status"] == "completed"


def test_a_company_row_answers_every_lead_of_that_company_that_was_sent():
    urls = {"companyLinkedinUrl_fromP": URL}
    book = workbook().verified(1, 2, 3, **urls).sent("company_scrap", 1, 2)
    outcome = book.pending(COMPANY, [URL, "One", "Tools", "one.example", "5", ""]).decide()
    assert [outcome.lead(n)["company_scrap_status"] for n in (1, 2, 3)] == ["completed", "completed", "ready"]
    assert outcome.lead(2)["industry"] == "Tools"
    assert outcome.listed("box1") == [1, 2]


@pytest.mark.parametrize(
    ("word", "result", "tab"),
    [("HIT", "HIT", "input.instantly"), ("FIT", "noHIT", "storage"), ("DROP", "DROP", None)],
)
def test_box1_sorts_leads_into_sending_storage_and_out(word, result, tab):
    outcome = workbook().scraped(1).sent("box1", 1).pending(BOX1, ["1", word, "s", "b", "", "", ""]).decide()
    assert outcome.lead(1)["box1_result"] == result
    for key in ("input.instantly", "storage"):
        assert outcome.keys(key) == ([1] if key == tab else [])


@pytest.mark.long
def test_a_result_that_another_replaces_goes_to_box1_history_and_never_twice():
    fresh = ["1", "HIT", "second", "b", "", "", ""]
    replaced = workbook().boxed(1, subject="first").pending([*BOX1, "box1_version"], [*fresh, "v2"]).decide()
    assert replaced.lead(1)["subject"] == "second"
    (earlier,) = replaced.appended("box1_history")
    assert (earlier["LeadNumber"], earlier["subject"], earlier["box1_batch"]) == (1, "first", "B-0001")
    # Whoever opened a further attempt has put it there already.
    book = workbook().boxed(1, subject="first").lead(1, box1_sent=False, box1_batch="", box1_status="")
    again = book.pending(BOX1, fresh).decide()
    assert again.lead(1)["subject"] == "second"
    assert again.appended("box1_history") == []


@pytest.mark.long
def test_the_same_import_again_changes_no_lead_and_lists_its_rejected_rows_once():
    rows = [*verdicts(1), ["99", "z@one.example", "valid"]]
    first = workbook().sent("verification", 1).pending(VERIFIED, *rows).decide()
    assert first.row("imports", "D-0001")["rejected"] == 1
    assert len(first.grid.append) == 2
    source = workbook().sent("verification", 1).pending(VERIFIED, *rows).snapshot().sources
    second = decided(first.next.with_pending([replace(source[0], tab=None, ref="file:x")]), first.settings)
    assert second.changed("master") == {}
    assert counts(second.row("imports", "D-0002")) == (2, 0, 0, 1, 0, 1)
    assert second.grid is None


def test_somebody_who_was_erased_does_not_come_back():
    gone = hashes(
        "salt", Person.of_cells(9, {"personSalesUrl": "https://www.linkedin.com/sales/lead/ACwAAA00001,x,y"})
    )
    outcome = workbook().erased(*gone).pending(EXPORT, person(1), person(2)).decide()
    assert [outcome.lead(n)["firstName"] for n in outcome.numbers()] == ["Name2"]
    assert outcome.row("imports", "D-0001")["rejected"] == 1
    assert "Name1" not in str(outcome.rejected)


def test_numbers_and_imports_go_on_from_their_counters():
    outcome = workbook().stored("next_lead_number", 70).stored("next_drop", 12).pending(EXPORT, person(1)).decide()
    assert outcome.numbers() == [70]
    assert outcome.keys("imports") == ["D-0012"]
    assert outcome.stored("next_drop") == 13


def test_an_id_that_imports_has_already_is_passed_over():
    book = workbook().row("imports", drop="D-0002", rows=1).row("imports", drop="D-0001", rows=1)
    assert book.pending(EXPORT, person(1)).decide().keys("imports") == ["D-0003", "D-0002", "D-0001"]


def test_two_blocks_of_one_tab_are_two_imports():
    more = [[], EXPORT, person(1)]
    outcome = workbook().sent("verification", 1).pending(VERIFIED, *verdicts(1), more=more).decide()
    assert [row["step"] for row in outcome.appended("imports")] == ["export", "verification"]
    assert outcome.numbers() == [1, 2]
    assert outcome.removed == [900]


def test_two_tabs_are_merged_in_order_in_one_run():
    outcome = workbook().pending(EXPORT, person(1)).pending(EXPORT, person(2), label="Output 2").decide()
    assert [row["source"] for row in outcome.appended("imports")] == ["Output 2", "Inbox"]
    assert outcome.removed == [900, 901]
    assert not outcome.plan.more


@pytest.mark.long
def test_one_file_a_part_because_the_record_names_one():
    first = workbook().pending(EXPORT, person(1), file="a").pending(EXPORT, person(2), file="b").decide()
    assert first.plan.more
    assert first.numbers() == [1]
    assert first.record("open_drop") == {"ref": "file:a", "block": 1, "finished": True, "at": NOW}
    assert [source.ref for source in first.next.sources] == ["file:b"]
    second = first.again()
    assert second.numbers() == [1, 2]
    assert not second.plan.more
    assert second.next.sources == ()


@pytest.mark.long
def test_a_file_after_a_tab_is_merged_in_the_same_part():
    outcome = workbook().pending(EXPORT, person(1)).pending(EXPORT, person(2), file="b").decide()
    assert outcome.numbers() == [1, 2]
    assert not outcome.plan.more


def test_rows_are_never_merged_into_a_rejected_that_was_not_read():
    book = workbook().pending(EXPORT, person(1)).unread(REJECTED)
    with pytest.raises(ReadAgain):
        book.decide()


# -- the label of the next import


def labelled():
    return workbook().control("target_id", "spring")


@pytest.mark.long
def test_the_label_is_used_once_and_imports_shows_who_got_it():
    first = labelled().pending(EXPORT, person(1)).decide()
    assert first.on_control("target_id") == ""
    assert first.row("imports", "D-0001")["TargetID"] == "spring"
    assert first.lead(1)["TargetID"] == "spring"
    assert first.again().empty


@pytest.mark.long
def test_pastes_of_one_run_all_get_it():
    outcome = labelled().pending(EXPORT, person(1)).pending(EXPORT, person(2), label="Output 2").decide()
    assert [outcome.lead(n)["TargetID"] for n in (1, 2)] == ["spring", "spring"]
    assert [row["TargetID"] for row in outcome.appended("imports")] == ["spring", "spring"]


@pytest.mark.long
def test_outputs_and_files_with_a_label_of_their_own_leave_it_for_the_next_import():
    book = labelled().sent("verification", 1).pending(VERIFIED, *verdicts(1))
    outcome = book.pending(EXPORT, person(5), file="f", target_id="T9").decide()
    parts = to_the_end(outcome)
    assert all(part.on_control("target_id") is None for part in parts)
    assert [row["TargetID"] for row in parts[-1].rows("imports")] == ["T9", ""]


@pytest.mark.long
@pytest.mark.parametrize("typed", ["", "autumn"])
def test_all_parts_get_it_though_the_first_takes_it_off_control_and_another_label_is_typed_meanwhile(typed):
    book = labelled().pending(EXPORT, *map(person, range(1, 5))).pending(EXPORT, person(7), label="Output 2")
    part = book.decide(budget=Budget(2, 9))
    assert part.on_control("target_id") == ""
    found = [part]
    while found[-1].plan.more:
        left = found[-1].next
        cells = [list(row) for row in left.panel.cells]
        cells[left.panel.rows["target_id"]][1] = typed
        left = replace(left, panel=PanelState.of(cells))
        found.append(decided(left, part.settings, budget=Budget(2, 9)))
    assert len(found) == 3
    assert all(one.on_control("target_id") is None for one in found[1:])
    last = found[-1]
    assert {last.lead(n)["TargetID"] for n in last.numbers()} == {"spring"}
    assert [row["TargetID"] for row in last.rows("imports")] == ["spring", "spring"]
    assert "labels" not in last.record("open_drop")


@pytest.mark.long
def test_an_import_that_comes_in_between_gets_the_label_of_then():
    first = labelled().pending(EXPORT, *map(person, range(1, 4))).decide(budget=Budget(2, 9))
    other = workbook().pending(EXPORT, person(8), label="Output 2").snapshot().sources[0]
    cells = [list(row) for row in first.next.panel.cells]
    cells[first.next.panel.rows["target_id"]][1] = "autumn"
    later = replace(other, ref="file:b", tab=None)
    snapshot = replace(first.next, panel=PanelState.of(cells), sources=(*first.next.sources, later))
    (*_, last) = to_the_end(decided(snapshot, first.settings, budget=Budget(9, 9)))
    assert [last.lead(n)["TargetID"] for n in last.numbers()] == ["spring"] * 3 + ["autumn"]


def test_rows_that_are_retried_get_the_label_of_the_import_that_brought_them():
    zero = dict.fromkeys(("rows", "new", "updated", "unchanged", "duplicate", "rejected", "leads touched"), 0)
    zero |= {"not sent before": 0, "doubtful cells": 0, "content hash": "h", "TargetID": "winter"}
    book = labelled().row("imports", drop="D-0001", source="Inbox", step="export", **zero)
    book.rejected(EXPORT, person(1), retry=True, source="export · Inbox · D-0001")
    outcome = book.decide()
    assert outcome.lead(1)["TargetID"] == "winter"
    assert outcome.on_control("target_id") is None


# -- an import in several parts


@pytest.mark.long
def test_an_import_over_the_budget_is_cut_and_each_part_says_how_far_it_came():
    rows = [person(n) for n in range(1, 6)]
    first = workbook().pending(EXPORT, *rows).decide(budget=Budget(2, 99))
    assert first.plan.more
    assert first.removed == []
    assert first.record("open_drop") == {
        "ref": "tab:900",
        "block": 0,
        "row": 3,
        "drop": "D-0001",
        "finished": False,
    }
    assert counts(first.row("imports", "D-0001")) == (2, 2, 0, 0, 0, 0)
    assert [tab.sheet_id for tab in first.next.info.tabs if tab.sheet_id >= 900] == [900]
    one, two, three = to_the_end(first)
    assert [part.numbers()[-1] for part in (one, two, three)] == [2, 4, 5]
    assert three.keys("imports") == ["D-0001"]
    assert counts(three.row("imports", "D-0001")) == (5, 5, 0, 0, 0, 0)
    assert three.row("imports", "D-0001")["leads touched"] == 5
    assert three.removed == [900]
    assert three.plan.summary.imported[0]["rows"] == 5


@pytest.mark.long
def test_the_parts_of_an_import_hash_it_whole():
    rows = [person(n) for n in range(1, 4)]
    whole = workbook().pending(EXPORT, *rows).decide().row("imports", "D-0001")["content hash"]
    last = to_the_end(workbook().pending(EXPORT, *rows).decide(budget=Budget(1, 99)))[-1]
    assert last.row("imports", "D-0001")["content hash"] == whole


@pytest.mark.long
def test_what_comes_after_the_import_waits_for_its_last_part():
    """A file behind a cut tab is another part."""
    book = workbook().pending(EXPORT, person(1), person(2)).pending(EXPORT, person(3), label="Output")
    first = book.decide(budget=Budget(1, 9))
    assert first.keys("imports") == ["D-0001"]
    last = to_the_end(first)[-1]
    assert last.numbers() == [1, 2, 3]
    assert last.keys("imports") == ["D-0002", "D-0001"]


def test_exactly_the_budget_is_the_whole_import():
    outcome = workbook().pending(EXPORT, person(1), person(2)).decide(budget=Budget(2, 9))
    assert not outcome.plan.more
    assert outcome.removed == [900]


@pytest.mark.long
def test_a_second_block_waits_when_the_budget_is_used_up():
    more = [[], EXPORT, person(1)]
    book = workbook().sent("verification", 1, 2).pending(VERIFIED, *verdicts(1, 2), more=more)
    first = book.decide(budget=Budget(2, 9))
    assert first.plan.more
    assert first.record("open_drop") == {"ref": "tab:900", "block": 1, "row": 0, "drop": "", "finished": False}
    second = first.again()
    assert not second.plan.more
    assert second.numbers() == [1, 2, 3]


@pytest.mark.parametrize(
    ("progress", "merged"),
    [
        ('{"ref":"tab:900","block":0,"row":2,"drop":"D-0003","finished":false}', [2, 3]),
        ('{"ref":"tab:900","block":0,"done":2,"drop":"D-0003","finished":false}', [3]),
        ('{"ref":"tab:555","block":0,"row":2,"drop":"D-0003","finished":false}', [1, 2, 3]),
        ('{"ref":"tab:900","block":1,"row":0,"drop":"","finished":false}', []),
    ],
    ids=["by row", "by count, as 0.1.0 wrote it", "of another import", "already through"],
)
def test_an_import_that_was_cut_is_continued_where_the_record_says(progress, merged):
    book = workbook().stored("open_drop", progress).stored("next_drop", 9)
    zero = dict.fromkeys(
        ("rows", "new", "updated", "unchanged", "duplicate", "rejected", "leads touched", "not sent before"), 0
    )
    book.row("imports", drop="D-0003", source="Inbox", step="export", **{"content hash": "h"}, **zero)
    outcome = book.pending(EXPORT, *[person(n) for n in (1, 2, 3)]).decide()
    assert [outcome.lead(n)["firstName"] for n in outcome.numbers()] == [f"Name{n}" for n in merged]
    assert outcome.removed == [900]


def test_an_import_that_was_set_aside_goes_on_from_its_own_progress():
    progress = {"block": 0, "row": 2, "drop": "D-0001"}
    outcome = workbook().pending(EXPORT, person(1), person(2), progress=progress).decide()
    assert [outcome.lead(n)["firstName"] for n in outcome.numbers()] == ["Name2"]
    assert outcome.keys("imports") == ["D-0001"]


@pytest.mark.long
def test_rows_rejected_in_a_later_part_stand_under_the_same_header():
    rows = [["98", "y@one.example", "valid"], *verdicts(1), ["99", "z@one.example", "valid"]]
    last = to_the_end(workbook().sent("verification", 1).pending(VERIFIED, *rows).decide(budget=Budget(1, 9)))[-1]
    filled = [row for row in last.rejected[1:] if any(row)]
    assert [row[5] for row in filled] == ["row", "2", "4"]
    assert last.row("imports", "D-0001")["rejected"] == 2


@pytest.mark.long
def test_a_new_lead_that_comes_twice_in_two_parts_is_a_duplicate():
    last = to_the_end(workbook().pending(EXPORT, person(1), person(2), person(1)).decide(budget=Budget(1, 9)))[-1]
    assert last.numbers() == [1, 2]
    assert counts(last.row("imports", "D-0001")) == (3, 2, 0, 0, 1, 0)


def test_the_keys_of_leads_go_from_part_to_part():
    """Given the index of the part before, the next part finds the same people without reading every lead again."""
    first = workbook().pending(EXPORT, person(1), person(2), person(1)).decide(budget=Budget(2, 9))
    assert first.decision.index is not None
    second = first.again(index=first.decision.index)
    assert second.numbers() == [1, 2]


@pytest.mark.long
def test_an_index_from_before_a_repair_is_not_used():
    book = workbook().pending(EXPORT, person(1)).lead(1, firstName="wrong", vmid="")
    book = book.put_right((1, "firstName", "Name9", "wrong"))
    stale = workbook().pending(EXPORT, person(1)).decide().decision.index
    outcome = book.decide(index=stale)
    assert outcome.numbers() == [1, 2]
