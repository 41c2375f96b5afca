"""Who is put on Do not contact by what happened, decided on values: once, bounded, and not behind a lift."""

import itertools
from dataclasses import replace

import pytest
from snapshots import NOW, Budget, workbook

from sheets_crm.engine.erased import hashed
from sheets_crm.engine.erased_cells import EraseMentions
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.features import modules
from sheets_crm.features.do_not_contact_rows import DO_NOT_CONTACT, SPEC
from sheets_crm.features.registry import FEATURES
from sheets_crm.features.suppressing import Suppress, Suppression
from sheets_crm.instantly.module import MODULE
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.leads import put, with_states
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import IS_BLOCKED
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.two_way.seen import plain_join

WITH = replace(Schema(STEPS), sending_states=(IS_BLOCKED,))


def book(*, on=True):
    """A workbook with two leads that are ready for Instantly, of one company."""
    made = workbook(WITH, features=FEATURES.with_modules(MODULE.features)) if on else workbook()
    made = made.grid(DO_NOT_CONTACT, rows=200)
    return made.boxed(1, email="ana@acme.es").boxed(2, email="eva@otra.es")


def listed(made, key, entry, *, lifted_at="", form=""):
    """Put a row on the list, as seen."""
    cells = {"entry": entry, "reason": "manual", "_entry": form or entry, "since": NOW - 9, "source": "operator"}
    if lifted_at:
        cells |= {"lifted": True, "lift_reason": "asked", "_lifted_at": lifted_at}
    return made.row(DO_NOT_CONTACT, **{"_key": key, "_seen": plain_join(SPEC, key, cells), **cells})


def happened(entry, at=NOW - 1, what="unsubscribed"):
    return Suppression(entry, what, f"instantly: {what}", at)


def suppressed(made, *wanted, **options):
    return made.decide(commands=[Suppress(tuple(wanted))], **options)


def states(outcome):
    return {number: outcome.lead(number)["instantly_step_status"] for number in outcome.numbers()}


@pytest.mark.long
def test_who_unsubscribed_is_on_the_list_with_what_brought_it_and_is_blocked_at_once():
    outcome = suppressed(book(), happened("Ana <ANA@acme.es>"))
    (row,) = outcome.rows(DO_NOT_CONTACT)
    assert (row["entry"], row["reason"], row["source"]) == (
        "ana@acme.es",
        "unsubscribed",
        "instantly: unsubscribed",
    )
    assert (row["since"], row["lifted"], row["problem"]) == (NOW - 1, "", "")
    assert states(outcome) == {1: "blocked", 2: "ready"}
    assert outcome.listed("instantly") == [2]
    assert outcome.causes()[1, "instantly_step_status"] == "do not contact"
    assert "do_not_contact.blocked count=1 step=instantly" in outcome.log
    assert outcome.again().empty


@pytest.mark.long
def test_the_same_a_second_time_changes_nothing():
    outcome = suppressed(book(), happened("ana@acme.es"), happened("ANA@acme.es", NOW), happened("acme.es"))
    assert [row["entry"] for row in outcome.rows(DO_NOT_CONTACT)] == ["ana@acme.es", "acme.es"]
    assert outcome.again(commands=[Suppress((happened("ana@acme.es"), happened("acme.es", NOW + 5)))]).empty


@pytest.mark.parametrize(("at", "revived"), [(NOW - 6, False), (NOW - 5, False), (NOW - 4, True)])
def test_what_is_older_than_the_lift_revives_nothing_and_what_is_younger_makes_a_new_row(at, revived):
    made = listed(book(), "X-0001", "ana@acme.es", lifted_at=NOW - 5)
    outcome = suppressed(made, happened("ana@acme.es", at))
    rows = outcome.rows(DO_NOT_CONTACT)
    assert len(rows) == 1 + revived
    assert (rows[0]["lifted"], rows[0]["lift_reason"]) == (True, "asked"), "operators' cells stay"
    assert states(outcome)[1] == ("blocked" if revived else "ready")
    assert [row["problem"] for row in rows] == [""] * len(rows)


@pytest.mark.long
def test_events_in_any_order_leave_the_same_entries():
    events = [happened("ana@acme.es", NOW - 6), happened("ana@acme.es", NOW - 4), happened("eva@otra.es", NOW - 7)]
    ends = set()
    for order in itertools.permutations(events):
        outcome = suppressed(listed(book(), "X-0001", "ana@acme.es", lifted_at=NOW - 5), *order[:1])
        for one in order[1:]:
            outcome = outcome.again(commands=[Suppress((one,))])
        counting = [row["_entry"] for row in outcome.rows(DO_NOT_CONTACT) if row["_lifted_at"] == ""]
        ends.add((tuple(sorted(counting)), *sorted(states(outcome).items())))
    assert ends == {(("ana@acme.es", "eva@otra.es"), (1, "blocked"), (2, "blocked"))}


@pytest.mark.long
def test_a_write_takes_on_so_many_and_the_next_ones_go_on():
    wanted = [happened(f"nadie.{n}@otra-empresa.example") for n in range(25)]
    part = suppressed(book(), *wanted, budget=Budget(rows=10))
    added = [len(part.appended(DO_NOT_CONTACT))]
    while part.decision.waiting:
        assert part.plan.more
        part = part.again(commands=part.decision.waiting)
        added.append(len(part.appended(DO_NOT_CONTACT)))
    assert added == [10, 10, 5]


def test_what_is_no_entry_and_who_was_erased_is_not_put_on_the_list():
    made = book().erased(hashed("salt", "email", "ana@acme.es"), hashed("salt", "lead_number", "7"))
    outcome = suppressed(made, happened("ana@acme.es"), happened("nobody"), happened(""), happened("7"))
    assert outcome.empty


def test_who_is_processing_stays_so():
    made = book().sent("instantly", 1)
    outcome = suppressed(made, happened("ana@acme.es"))
    assert states(outcome)[1] == "processing"


def test_the_whole_list_is_read_first_when_it_was_not():
    made = book().unread(DO_NOT_CONTACT)
    with pytest.raises(ReadTable):
        suppressed(made, happened("ana@acme.es"))
    assert made.decide(commands=[Suppress(())]).empty


@pytest.mark.long
def test_a_lead_that_becomes_ready_takes_the_whole_list_and_one_that_stays_so_does_not():
    still = book().unread(DO_NOT_CONTACT).read(orders={DO_NOT_CONTACT: 17})
    assert still.decide().empty
    undone = book().sent("instantly", 1).batch("I-0001", undo=True)
    undone.unread(DO_NOT_CONTACT).read(orders={DO_NOT_CONTACT: 17})
    with pytest.raises(ReadTable):
        undone.decide()
    assert states(undone.read(orders={DO_NOT_CONTACT: 0}).decide())[1] == "ready", "no list, nothing to read"


def test_a_lead_on_the_list_is_not_sent_though_its_row_still_stands_there():
    made = listed(book(), "X-0001", "otra.es", form="@otra.es").tick("instantly", 1, 2)
    outcome = made.decide()
    assert states(outcome) == {1: "processing", 2: "blocked"}
    assert "tick_blocked lead=2 step=instantly" in outcome.problems


def test_without_the_module_there_is_no_list_and_nobody_is_blocked():
    outcome = book(on=False).decide()
    assert outcome.empty
    assert DO_NOT_CONTACT not in outcome.next.tabs


@pytest.mark.long
def test_of_an_erased_person_the_row_keeps_neither_phone_nor_address_however_they_are_written():
    made = book().lead(1, person_phone="+34612345678").lead(2, email="leo@müller.de")
    listed(made, "X-0001", "612 34 56 78", form="+34612345678")
    listed(made, "X-0002", "Leo <LEO@Müller.DE>", form="leo@xn--mller-kva.de")
    listed(made, "X-0003", "612 34 56 79", form="+34612345679")
    people = [Person.of_cells(1, {"person_phone": "+34612345678"}), Person.of_cells(2, {"email": "leo@müller.de"})]
    for key, person in zip(("X-0001", "X-0002"), people, strict=True):
        outcome = made.decide(commands=[EraseMentions(person)])
        written = outcome.changed(DO_NOT_CONTACT)
        assert {name: written[key, name] for name in ("entry", "_entry", "_seen")} == dict.fromkeys(
            ("entry", "_entry", "_seen"), ""
        )
        assert {name for name, _ in written} == {key}


def test_the_state_is_of_the_steps_that_contact_leads_and_of_leads_that_would_be_ready():
    leads = book().snapshot().leads
    blocked = put(leads, [1], {"instantly_step_status": "blocked", "verification_status": "blocked"})
    assert with_states(blocked, WITH).loc[1, "instantly_step_status"] == "blocked"
    assert with_states(blocked, WITH).loc[1, "verification_status"] != "blocked"
    assert with_states(blocked, Schema(STEPS)).loc[1, "instantly_step_status"] == "ready", "without the module"
    unfit = put(blocked, [1], {"box1_result": "DROP"})
    assert with_states(unfit, WITH).loc[1, "instantly_step_status"] == ""
    sent = put(blocked, [1], {"instantly_sent": True})
    assert with_states(sent, WITH).loc[1, "instantly_step_status"] == "processing"


def test_two_modules_with_the_list_have_one_list(monkeypatch):
    monkeypatch.setitem(modules.MODULES, "email", modules.MODULES["instantly"])
    loaded = modules.load(["instantly", "email"])
    assert modules.sending_states(loaded) == (IS_BLOCKED,)
    names = [feature.name for module in loaded.values() for feature in module.features]
    assert names.count("do_not_contact") == 1
