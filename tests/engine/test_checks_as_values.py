"""Suspicious reads, hand edits, and what is read back of a write, as values."""

from dataclasses import replace

import pytest
from snapshots import NOW, workbook

from sheets_crm.engine import verify
from sheets_crm.engine.checks import refuse_suspicious
from sheets_crm.engine.control_rows import ControlWrite, PutBack, as_before, overwritten, put_back
from sheets_crm.engine.erased import hashes, known_hashes, refuser, without_refused
from sheets_crm.engine.hand_edits import Compared, compare, refuse_unexplained
from sheets_crm.engine.hand_edits import put_back as cells_put_back
from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.snapshot import Edit
from sheets_crm.engine.verify import Check, expectations
from sheets_crm.errors import RefusedPlan
from sheets_crm.pipeline.imports.answers import HeaderAnswers
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.plan.changes import AppendRows, DeleteRows, UpdateCells
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.info import Stamp
from sheets_crm.workbook.panel import ID
from sheets_crm.workbook.system import SystemState


def refusal(book, remembered=None, *, confirmed=False):
    with pytest.raises(RefusedPlan) as stopped:
        refuse_suspicious(book.snapshot(), remembered or {}, confirmed=confirmed)
    return stopped.value


def stamped(book, sequence):
    return book.info(stamps=(Stamp(1, sequence, 0, "t"),))


# -- suspicious reads


def test_a_workbook_in_order_is_not_refused():
    refuse_suspicious(stamped(workbook().leads(1, 2), 7).snapshot(), {"sequence": 7}, confirmed=False)
    refuse_suspicious(workbook().stored("workbook_id", "").stored("sequence", 0).snapshot(), {}, confirmed=False)


def test_a_copy_is_refused_whatever_is_confirmed():
    found = refusal(workbook().stored("workbook_id", "another"), confirmed=True)
    assert (found.cause, found.numbers) == ("copied", {"original": "another", "copy": "book"})


@pytest.mark.parametrize(("guard", "stored", "at"), [(6, 6, 6), (9, 6, 6), (6, 0, 6), (0, 6, 6)])
def test_a_workbook_at_an_earlier_write_than_was_seen_is_refused(guard, stored, at):
    book = stamped(workbook().stored("sequence", stored), guard)
    found = refusal(book, {"sequence": 7}, confirmed=True)
    assert (found.cause, found.numbers) == (f"set_back:{at}", {"seen": 7, "now": at})


def test_a_workbook_at_the_write_that_was_seen_or_a_later_one_is_not():
    for seen in (6, 7, 0):
        refuse_suspicious(stamped(workbook(), 7).snapshot(), {"sequence": seen}, confirmed=False)


def test_what_one_worker_found_set_back_every_worker_refuses():
    assert refusal(stamped(workbook().stored("refusal", "set_back:4"), 9)).cause == "set_back:4"


@pytest.mark.parametrize(
    "text", ["set_back:", "set_back:x", "set_back:²", "set_back:" + "9" * 16, "unexplained:4"]
)
def test_another_refusal_tells_no_set_back(text):
    refuse_suspicious(stamped(workbook().stored("refusal", text), 7).snapshot(), {}, confirmed=False)


def test_repeated_lead_numbers_are_refused_with_the_cell_of_the_second():
    book = workbook().leads(1, 2, 3).typed("master", 4, LeadNumber=2).typed("master", 5, LeadNumber=3)
    found = refusal(book, confirmed=True)
    assert (found.cause, found.numbers, found.where) == (
        "lead_numbers_repeated",
        {"repeated": 2, "first": 2},
        "Master!A5",
    )


def test_rows_without_a_lead_number_are_refused_with_the_first():
    book = workbook().lead(1).typed("master", 3, firstName="x").typed("master", 4, LeadNumber=0.5)
    found = refusal(book, confirmed=True)
    assert (found.cause, found.numbers, found.where) == ("lead_numbers_missing", {"rows": 2}, "Master!A4")


def test_a_master_that_shrank_is_refused_until_it_is_confirmed():
    book = workbook().leads(1, 2).stored("leads_known", 3)
    found = refusal(book)
    assert (found.cause, found.numbers) == ("master_shrank:3:2", {"before": 3, "now": 2})
    refuse_suspicious(book.snapshot(), {}, confirmed=True)


def test_a_master_that_grew_is_not():
    refuse_suspicious(workbook().leads(1, 2).stored("leads_known", 1).snapshot(), {}, confirmed=False)


# -- hand edits


def known_of(book):
    return CachedLeads(7, book.snapshot().leads)


def test_edits_of_the_master_are_told_by_lead_and_column():
    before = known_of(workbook().lead(1, firstName="Ana").lead(2))
    found = compare(workbook().lead(1, firstName="Bob").lead(2, phone="5").snapshot(), before)
    assert found == Compared((Edit(1, "firstName", "Ana", "Bob"), Edit(2, "phone", "", "5")), (), ())


def test_leads_that_went_and_came_are_told_and_the_others_compared_by_number():
    before = known_of(workbook().lead(1, firstName="Ana").lead(2, firstName="Eve").lead(3))
    found = compare(workbook().lead(4).lead(2, firstName="Eva").lead(1, firstName="Ana").snapshot(), before)
    assert (found.edits, found.deleted, found.added) == ((Edit(2, "firstName", "Eve", "Eva"),), (3,), (4,))


def test_a_sorted_master_is_no_edit():
    found = compare(
        workbook().lead(2, firstName="B").lead(1).snapshot(), known_of(workbook().lead(1).lead(2, firstName="B"))
    )
    assert found == Compared((), (), ())


def test_a_column_that_was_not_known_is_not_compared():
    found = compare(
        workbook(Schema(STEPS, extra=("region",))).lead(1, region="n").snapshot(), known_of(workbook().lead(1))
    )
    assert found.edits == ()


@pytest.mark.parametrize(
    ("share", "total", "changed", "refused"),
    [
        (0.2, 100, 20, False),
        (0.2, 100, 21, True),
        (0.2, 20, 10, False),
        (0.2, 20, 11, True),
        (0.5, 100, 50, False),
        (0.01, 9, 10, False),
    ],
)
def test_a_share_changed_by_nobody_is_refused(share, total, changed, refused):
    book = workbook().leads(*range(1, total + 1))
    edits = tuple(Edit(n, "phone", "", "x") for n in range(1, changed - 1))
    compared = Compared((*edits, *edits[:1]), (901,), (902,))
    if not refused:
        refuse_unexplained(compared, book.snapshot(), share)
        return
    with pytest.raises(RefusedPlan) as stopped:
        refuse_unexplained(compared, book.snapshot(), share)
    assert stopped.value.numbers == {"leads": changed, "total": total, "cells": len(edits) + 1} | {
        "lead": 1,
        "column": "phone",
    }
    assert "phone" in stopped.value.message


def test_cells_are_put_back_column_by_column_and_the_frame_given_is_left_alone():
    leads = workbook().leads(1, 2).snapshot().leads
    fresh = cells_put_back(
        leads, [Edit(1, "phone", "1", ""), Edit(2, "phone", "2", ""), Edit(2, "email", "e", "")]
    )
    assert fresh.loc[[1, 2], "phone"].tolist() == ["1", "2"]
    assert fresh.loc[[1, 2], "email"].tolist() == ["", "e"]
    assert leads["phone"].tolist() == ["", ""]


# -- what is read back


def checks_of(outcome):
    return {check.range: check.expected for check in expectations(outcome.plan, outcome.next)}


def test_the_keys_of_written_rows_and_of_the_cells_of_control_are_read_back():
    outcome = workbook().leads(1, 2, 3).tick("verification", 3).decide()
    checks = checks_of(outcome)
    assert checks["'Master'!A4:A4"] == (3,)
    assert checks["'Verification Input'!B2:B3"] == (1, 2)
    ids = [expected for range_, expected in checks.items() if range_.startswith("'Control'")]
    assert {name for expected in ids for name in expected} == {"step.verification", "last_run_at", "heartbeat"}
    assert all(f"!{chr(ord('A') + ID)}" in range_ for range_ in checks if "Control" in range_)


def test_rows_that_moved_up_are_expected_where_they_stand_after_the_write():
    outcome = workbook().leads(1, 2, 3).tick("verification", 1).note("verification", 3, "n").decide()
    checks = checks_of(outcome)
    assert checks["'Verification Input'!B2:B3"] == (2, 3)
    assert checks["'Master'!A2:A2"] == (1,)
    assert checks["'Master'!A4:A4"] == (3,)


def test_copied_rows_are_read_back_and_others_are_not():
    outcome = workbook().leads(1, 2).tick("verification", 1, 2).decide()
    assert checks_of(outcome)["'Verification Batch'!A2:A3"] == (1, 2)
    assert not [range_ for range_ in checks_of(outcome) if "Batches" in range_ or "Log" in range_]


def test_of_tables_whose_rows_are_no_leads_the_rows_are_read_back_that_operators_edited():
    outcome = workbook().sent("verification", 1, undo=True).sent("box1", 2, batch="B-0001").decide()
    assert outcome.changed("batches")
    batches = {range_: keys for range_, keys in checks_of(outcome).items() if "Batches" in range_}
    assert batches == {"'Batches'!A2:A2": ("V-0001",)}


def test_a_plan_without_cells_of_control_checks_none():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    tables = [c for c in outcome.plan.changes if isinstance(c, UpdateCells | AppendRows | DeleteRows)]
    assert not [c for c in expectations(Plan(tuple(tables)), outcome.next) if "Control" in c.range]


def test_many_scattered_rows_are_read_back_as_one_block(monkeypatch):
    book = workbook().leads(*range(1, 12))
    for number in (2, 4, 6, 9):
        book.note("verification", number, "n")
    outcome = book.decide()
    assert [r for r in checks_of(outcome) if "Master" in r] == [
        "'Master'!A3:A3",
        "'Master'!A5:A5",
        "'Master'!A7:A7",
        "'Master'!A10:A10",
    ]
    monkeypatch.setattr(verify, "RANGES", 4)
    assert len([r for r in checks_of(outcome) if "Master" in r]) == 4
    monkeypatch.setattr(verify, "RANGES", 3)
    assert [r for r in checks_of(outcome) if "Master" in r] == ["'Master'!A3:A10"]
    assert checks_of(outcome)["'Master'!A3:A10"] == (2, 3, 4, 5, 6, 7, 8, 9)


def test_of_a_large_table_only_the_rows_beside_a_gap_are_read_back(monkeypatch):
    monkeypatch.setattr(verify, "WHOLE", 6)
    book = workbook().leads(*range(1, 11))
    outcome = book.tick("verification", 3, 4, 8).decide()
    ranges = {r: e for r, e in checks_of(outcome).items() if "Verification Input" in r}
    assert ranges == {"'Verification Input'!B3:B4": (2, 5), "'Verification Input'!B6:B7": (7, 9)}
    monkeypatch.setattr(verify, "WHOLE", 7)
    assert [r for r in checks_of(outcome) if "Verification Input" in r] == ["'Verification Input'!B2:B8"]


def test_a_table_that_is_emptied_has_nothing_to_read_back():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    assert not [r for r in checks_of(outcome) if "Verification Input" in r]


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        ([[[1], [2]], [["s"]]], 0),
        ([[[1], [3]], [["s"]]], 1),
        ([[[1]], [["s"]]], 1),
        ([[[1], [2]]], 1),
        ([], 2),
        ([[[2], [1]], [[]]], 3),
    ],
)
def test_keys_elsewhere_are_counted(read, wrong):
    assert verify.misplaced([Check("a", (1, 2)), Check("b", ("s",))], read) == wrong


# -- Control's rows


def rows_of(**values):
    return [[name, value, "", "", "", "", "", name] for name, value in values.items()]


def test_a_plan_s_cells_of_control_are_noted_without_formulas():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    before = [list(row) for row in outcome.before.panel.cells]
    write = ControlWrite.of_changes(outcome.plan.changes, before, [("status", 1, "earlier")])
    assert ("last_run_at", 1, NOW) in write.cells
    assert {name for name, _, _ in write.cells} == {"step.verification", "last_run_at", "heartbeat"}
    assert (write.earlier, write.before, write.laid_out) == ((("status", 1, "earlier"),), before, False)


@pytest.mark.parametrize("applied", [True, False])
def test_what_was_prepared_comes_back_from_its_file(applied):
    write = ControlWrite((("a", 1, "x"),), (("b", 2, True),), [["l", 1]], laid_out=True)
    found = ControlWrite.from_json(write.as_json(), applied=applied)
    assert found == replace(write, cells=write.cells if applied else (), laid_out=applied)
    assert not ControlWrite.from_json(replace(write, laid_out=False).as_json(), applied=applied).laid_out


def test_a_write_of_nothing_overwrote_nothing():
    assert overwritten(rows_of(a="x", b="x"), ControlWrite((), (), rows_of(a="", b=""))) == ()


def test_a_value_that_stood_in_both_rows_before_is_no_sign():
    write = ControlWrite((("a", 1, "x"),), (), rows_of(a="", b="x"))
    assert overwritten(rows_of(a="x", b="x"), write) == ()


def test_two_rows_that_were_both_meant_are_no_sign():
    write = ControlWrite((("a", 1, "x"), ("b", 1, "x")), (), rows_of(a="", b=""))
    assert overwritten(rows_of(a="x", b="x"), write) == ()


def test_an_unticked_box_alone_counts_only_when_the_meant_row_lacks_it_and_nobody_wrote_since():
    write = ControlWrite((("a", 1, False),), (), rows_of(a=True, b=True))
    elsewhere, arrived = rows_of(a=True, b=False), rows_of(a=False, b=False)
    assert PutBack(1, 1, True, "b") in overwritten(elsewhere, write)
    assert PutBack(0, 1, False, "a") in overwritten(elsewhere, write)
    assert overwritten(elsewhere, write, latest=False) == ()
    assert overwritten(arrived, write) == ()


def test_a_number_is_no_tick():
    write = ControlWrite((("a", 1, 1.0),), (), rows_of(a="", b=""))
    assert overwritten(rows_of(a=1.0, b=True), write) == ()


def test_a_row_that_is_gone_lacks_nothing():
    write = ControlWrite((("a", 1, "x"),), (), rows_of(a="", b="old"))
    assert overwritten(rows_of(b="x"), write) == (PutBack(0, 1, "old", "b"),)


def test_cells_are_put_back_in_short_rows_too_and_the_given_rows_are_left_alone():
    now = [["l"], ["m", "x"]]
    assert put_back(now, [PutBack(0, 2, "v", ""), PutBack(1, 1, "y", "")]) == [["l", "", "v"], ["m", "y"]]
    assert now == [["l"], ["m", "x"]]


def test_what_was_typed_since_is_kept_and_what_the_write_put_there_is_not():
    write = ControlWrite(
        (("a", 1, "x"),),
        (),
        [["a", "", "", "", "", "", "", "a"], ["b", "old", "", "", "", "", "", "b"], ["", "deco"]],
    )
    now = [["b", "typed", "", "", "", "", "", "b"], ["a", "x", "", "", "", "", "", "a"], ["", "other"]]
    found = as_before(now, write)
    assert (found[0][1], found[1][1], found[2]) == ("", "typed", ["", "deco"])


# -- erased people


ANA = {"email": "Ana@One.example", "firstName": "Ana", "lastName": "Ay", "companyName_fromP": "One"}


def test_name_and_company_count_only_without_an_address():
    with_address = refuser(SystemState({"salt": "s"}, tuple(hashes("s", Person.of_cells(0, ANA)))))
    assert with_address({"email": "ana@one.example"})
    key = next(key for kind, key in Person.of_cells(0, ANA).keys if kind == "name")
    assert not with_address({"name": key})
    nameless = {name: cell for name, cell in ANA.items() if name != "email"}
    assert refuser(SystemState({"salt": "s"}, tuple(hashes("s", Person.of_cells(0, nameless)))))({"name": key})
    assert len(hashes("s", Person.of_cells(0, ANA))) == 1
    assert len(hashes("s", Person.of_cells(3, ANA))) == 2


def test_both_spellings_of_a_key_are_looked_for_and_a_blank_one_never():
    refused = refuser(
        SystemState(
            {"salt": "s"}, tuple(hashes("s", Person(0, frozenset({("email", "ana@one.example"), ("email", "")}))))
        )
    )
    assert refused({"email": "ANA@one.example"})
    assert not refused({"email": ""})
    assert not refused({})


def test_a_person_is_known_to_be_erased_by_an_address_and_not_by_the_number():
    person = Person.of_cells(4, ANA)
    assert known_hashes(SystemState({"salt": "s"}, tuple(hashes("s", person))), person)
    assert not known_hashes(SystemState({"salt": "s"}, tuple(hashes("s", Person(4)))), person)


def test_rows_of_erased_people_are_blank_in_what_is_archived():
    refused = refuser(SystemState({"salt": "s"}, tuple(hashes("s", Person.of_cells(0, ANA)))))
    cells = [
        ["LeadNumber", "email", "email_status"],
        ["4", "ana@one.example", "valid"],
        ["5", "b@one.example", "valid"],
    ]
    assert without_refused(cells, refused, Schema(STEPS)) == [cells[0], [], cells[2]]
    assert without_refused(cells, None, Schema(STEPS)) == cells


def test_rows_are_recognised_by_the_kind_that_was_named_and_by_answered_headers():
    refused = refuser(SystemState({"salt": "s"}, tuple(hashes("s", Person.of_cells(0, ANA)))))
    answers = HeaderAnswers.of([("", "Zeta", "email")])
    cells = [
        ["Nombre", "Empresa", "Zeta", "Eta"],
        ["Ana", "Acme", "ana@one.example", "x@one.example"],
        ["Bea", "Beta", "b@one.example", "y@one.example"],
    ]
    assert without_refused(cells, refused, Schema(STEPS), "contacts", answers) == [cells[0], [], cells[2]]


@pytest.mark.parametrize(
    "cell",
    [
        "Ana <ana@one.example>",
        "en ana@one.example",
        "otra@acme.example; ANA@one.example",
        "(ana@one.example)",
        "'ana@one.example'",
        "*ana@one.example*",
        "b@b.es/ana@one.example.",
    ],
)
def test_an_erased_person_is_found_by_an_address_among_other_words(cell):
    """As the import finds it there."""
    system = SystemState({"salt": "s"}, tuple(hashes("s", Person.of_cells(0, ANA))))
    cells = [["Nombre", "Empresa", "Email"], ["Ana", "Acme", cell], ["Bea", "Acme", "bea@acme.example"]]
    assert without_refused(cells, refuser(system), Schema(STEPS)) == [cells[0], [], cells[2]]


def test_a_row_of_a_contact_list_without_an_address_is_known_by_name_and_company():
    """Such a list has the company in `companyName`, the lead's cells in `companyName_fromP`."""
    lead = {"firstName": "Ana", "lastName": "Ruiz", "companyName_fromP": "Acme"}
    listed = {"@full_name": "Ana Ruiz", "companyName": "ACME"}
    assert Person(0).knowing(listed).keys == Person.of_cells(7, lead).keys == {("name", "ana ruiz|acme")}
