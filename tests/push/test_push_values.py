"""Pushes as values: cells, enrolments, answers; and what runs make of them, without HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sheets_crm.claims.answers import PAUSES
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import EnrolmentState, Pause, Stop
from sheets_crm.claims.message import message_id
from sheets_crm.claims.values import Change
from sheets_crm.features.push_cells import LONG_AGO, PushCell, cell_of, enrolment_of, parsed, row_of
from sheets_crm.features.push_rows import push_rows, pushed_leads
from sheets_crm.features.pushes import ReadPushes, WritePushes
from sheets_crm.pipeline.push_words import Word
from sheets_crm.workbook.control import CAMPAIGN
from sheets_crm.workbook.panel import VALUE
from tests.push.world import NUMBERS, Book

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def claimed(word, **more):
    return PushCell(word=word, batch=7, attempt=2, epoch=12, at=AT, campaign="c-1", **more)


CELLS = [
    PushCell(word=Word.DUE, batch=7),
    *(claimed(word) for word in Word if word not in {Word.DUE, Word.STOPPED}),
    claimed(Word.CLAIMED, blocked=True),
    claimed(Word.UNKNOWN, blocked=True),
    PushCell(word=Word.STOPPED, batch=7),
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.text)
def test_a_cell_is_read_as_it_was_written(cell):
    assert parsed(cell.text) == cell


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.text)
def test_a_row_comes_back_to_its_cell(cell):
    assert cell_of(row_of(42, "a@x.cl", cell, in_batch=True), cell.word) == cell


def test_a_cell_as_it_stands_in_the_master():
    assert claimed(Word.CLAIMED).text == "claimed 7.2 @12 2026-11-30T09:00:00Z c-1"
    assert PushCell(word=Word.DUE, batch=7).text == "due 7"


@pytest.mark.parametrize("text", ["yes", "due", "due seven", "added 7.x", 12, "claimed 7.1 @1", True])
def test_what_nobody_can_read_is_unknown(text):
    assert parsed(text).word is Word.UNKNOWN


def test_a_blank_cell_is_of_a_lead_that_nobody_pushes():
    assert parsed("") is parsed("  ") is None


def test_the_message_of_a_lead_names_lead_batch_and_attempt():
    assert message_id(row_of(42, "a@x.cl", claimed(Word.CLAIMED), in_batch=True)) == "push-42.7.2"


def row(word, *, in_batch=True, **more):
    return row_of(42, "a@x.cl", replace(claimed(word), **more), in_batch=in_batch)


def test_what_is_due_may_be_claimed_at_once():
    due = row_of(42, "a@x.cl", PushCell(word=Word.DUE, batch=7), in_batch=True)
    assert (due.state, due.claim, due.next_at) == (EnrolmentState.ACTIVE, ClaimState.BLANK, LONG_AGO)


@pytest.mark.parametrize("word", [Word.ADDED, Word.DUPLICATE, Word.BLOCKED, Word.INVALID, Word.SKIPPED])
def test_what_has_an_end_is_finished(word):
    assert row(word).state is EnrolmentState.FINISHED


def test_what_did_not_leave_is_due_again_after_a_pause_and_not_for_ever():
    assert row(Word.FAILED).next_at == AT + PAUSES[1]
    assert row(Word.FAILED, attempt=len(PAUSES) + 1).state is EnrolmentState.FINISHED


def test_an_unknown_push_holds_its_lead():
    held = row(Word.UNKNOWN)
    assert (held.state, held.cause) == (EnrolmentState.PAUSED, Pause.UNKNOWN)
    assert held.holds_person


def test_a_lead_that_left_its_batch_is_not_pushed_any_more():
    assert row(Word.FAILED, in_batch=False).state is EnrolmentState.FINISHED
    assert row(Word.CLAIMED, in_batch=False).claim is ClaimState.CLAIMED


def test_who_may_not_be_contacted_is_stopped():
    stopped = row_of(42, "a@x.cl", PushCell(word=Word.STOPPED, batch=7), in_batch=True)
    assert (stopped.state, stopped.cause) == (EnrolmentState.STOPPED, Stop.DO_NOT_CONTACT)
    assert row(Word.CLAIMED, blocked=True).state is EnrolmentState.STOPPED


# -- the workbook


def seen(book, **more):
    """The view that a run shows."""
    views = []
    book.run(ReadPushes(told=views.append, **more))
    return views[-1]


def written(book, change, **more):
    views = []
    book.run(WritePushes(change=change, told=views.append, **more))
    return views[-1]


def claim_of(view, number, epoch=1):
    row = view.rows[enrolment_of(number)]
    return replace(row, claim=ClaimState.CLAIMED, claimed_at=AT, epoch=epoch, campaign_id="c-1")


def claim(book, *numbers, sequence=0, token="w/1"):
    view = seen(book)
    rows = tuple(claim_of(view, number) for number in numbers)
    change = Change(sequence=sequence, token=token, rows=rows, epoch=1, store_id="s-1")
    return written(book, change)


@pytest.mark.long
def test_a_send_makes_its_leads_due():
    book = Book()
    assert book.words() == dict.fromkeys(NUMBERS, "due")
    view = seen(book)
    assert set(view.rows) == {enrolment_of(number) for number in NUMBERS}
    assert (view.campaign, view.system.spreadsheet_id) == ("campaign a", "book")


@pytest.mark.long
def test_a_run_that_does_not_push_makes_nobody_due():
    book = Book(sent=False)
    book.settings = replace(book.settings, pushes=False)
    book.send()
    assert set(book.words().values()) == {""}


@pytest.mark.long
def test_what_was_sent_before_pushes_were_switched_on_is_not_pushed():
    book = Book(sent=False)
    on, book.settings = book.settings, replace(book.settings, pushes=False)
    book.send(1, 2)
    book.settings = on
    book.send(3, 4)
    assert book.words() == {1: "", 2: "", 3: "due", 4: "due"}
    assert set(seen(book).rows) == {"push-3", "push-4"}


def test_a_claim_is_written_with_store_and_epoch():
    book = Book()
    view = claim(book, 1, 2)
    assert book.words() == {1: "claimed", 2: "claimed", 3: "due", 4: "due"}
    assert (view.system.store_id, view.system.store_epoch, view.system.sequence) == ("s-1", 1, 1)
    assert view.stamps == ("w/1",)


@pytest.mark.long
def test_a_write_on_other_writes_is_refused():
    book = Book()
    assert claim(book, 1) is not None
    assert claim(book, 2, sequence=0, token="w/2") is None
    assert book.words()[2] == "due"


@pytest.mark.long
def test_a_write_that_comes_twice_is_made_once():
    book = Book()
    claim(book, 1)
    view = claim(book, 1)
    assert view.system.sequence == 1


def test_a_lead_that_came_back_meanwhile_is_not_claimed():
    book = Book()
    view = seen(book)
    book.come_back(1)
    rows = tuple(claim_of(view, number) for number in (1, 2))
    after = written(book, Change(token="w/1", rows=rows, epoch=1, store_id="s-1"))
    assert book.words()[1] == "due"
    assert set(after.rows) == {"push-2", "push-3", "push-4"}


@pytest.mark.long
def test_a_lead_that_was_taken_out_of_its_batch_meanwhile_is_not_claimed():
    book = Book()
    view = seen(book)
    book.undo("I-0001")
    written(book, Change(token="w/1", rows=(claim_of(view, 1),), epoch=1, store_id="s-1"))
    assert book.words()[1] == ""


def answered(book, number, claim_state, word):
    (row,) = (row for row in seen(book).rows.values() if row.lead_number == str(number))
    row = replace(row, claim=claim_state, state=EnrolmentState.FINISHED, next_at=None)
    writes = seen(book).system.sequence
    return written(
        book, Change(sequence=writes, token=f"w/{writes + 1}", rows=(row,)), words={message_id(row): word}
    )


@pytest.mark.long
@pytest.mark.parametrize("word", ["blocked", "invalid", "skipped"])
def test_whom_the_service_leaves_out_is_completed_as_not_contacted(word):
    book = Book()
    claim(book, 1)
    answered(book, 1, ClaimState.REFUSED, word)
    assert book.words()[1] == word
    assert book.column("instantly_step_status")[1] == "completed"
    assert book.column("instantly_status")[1] == "not contacted"


@pytest.mark.long
@pytest.mark.parametrize("word", ["added", "duplicate"])
def test_who_stands_in_the_campaign_stays_processing(word):
    book = Book()
    claim(book, 1)
    answered(book, 1, ClaimState.ACCEPTED, word)
    assert book.words()[1] == word
    assert book.column("instantly_step_status")[1] == "processing"
    assert book.column("instantly_status")[1] == "sent"


@pytest.mark.long
def test_what_a_paste_said_first_stands():
    book = Book()
    claim(book, 1)
    book.come_back(1)
    answered(book, 1, ClaimState.REFUSED, "blocked")
    assert book.column("instantly_status")[1] == "contacted"
    assert book.words()[1] == "blocked"


@pytest.mark.long
def test_control_tells_what_became_of_a_batch():
    book = Book()
    claim(book, 1, 2)
    answered(book, 1, ClaimState.ACCEPTED, "added")
    said = book.snapshot.panel.said("instantly")
    assert said == "push.counts added=1 batch=I-0001 failed=0 refused=0 there=0 unknown=0"
    answered(book, 2, ClaimState.UNKNOWN, "")
    assert book.snapshot.panel.said("instantly").startswith("push.counts.unknown added=1")


@pytest.mark.long
def test_undo_takes_back_who_is_not_at_the_service_and_not_on_the_way():
    book = Book()
    claim(book, 1, 2, 3)
    answered(book, 1, ClaimState.ACCEPTED, "added")
    answered(book, 2, ClaimState.UNKNOWN, "")
    book.undo("I-0001")
    assert book.words() == {1: "added", 2: "", 3: "claimed", 4: ""}
    assert "push.kept batch=I-0001 count=2" in book.snapshot.panel.said("instantly")
    assert book.column("instantly_step_status") == {1: "processing", 2: "ready", 3: "processing", 4: "ready"}


@pytest.mark.long
def test_another_attempt_is_another_message():
    book = Book()
    claim(book, 1)
    answered(book, 1, ClaimState.UNKNOWN, "")
    book.undo("I-0001")
    book.send(1)
    assert message_id(seen(book).rows["push-1"]) == "push-1.2.1"


def test_who_stands_in_the_campaign_is_not_due_again_though_an_earlier_version_shows_them_as_ready():
    book = Book(sent=False)
    row = row_of(1, "p1@cliente.cl", PushCell(word=Word.ADDED, batch=1, at=AT, epoch=1), in_batch=False)
    written(book, Change(token="w/1", rows=(row,), epoch=1, store_id="s-1"))
    book.send(1, 2)
    assert book.words() == {1: "added", 2: "due", 3: "", 4: ""}


def test_adopting_an_earlier_version_takes_the_campaign_off_control():
    book = Book()
    written(book, Change(token="w/1", pause_campaigns=True))
    assert book.snapshot.panel.value(CAMPAIGN, VALUE) == ""


def test_what_the_service_is_told_of_a_lead():
    book = Book()
    told = pushed_leads(book.snapshot.leads, [1, 2])[1]
    assert (told.email, told.first_name) == ("p1@cliente.cl", "P1")
    assert told.variables == {
        "LeadNumber": 1, "TargetID": "", "companyName": "", "subject": "s",
        "body_1": "b", "body_2": "", "body_3": "", "body_4": "",
    }  # fmt: skip


@pytest.mark.long
def test_rows_asked_for_are_shown_though_they_have_an_end():
    book = Book()
    claim(book, 1)
    answered(book, 1, ClaimState.REFUSED, "blocked")
    step = book.settings.schema.step("instantly")
    assert "push-1" not in push_rows(book.snapshot.leads, step)
    assert "push-1" in push_rows(book.snapshot.leads, step, {1})


def test_a_pause_after_a_failure_is_counted_from_the_claim():
    assert row(Word.FAILED, attempt=1).next_at - AT == timedelta(minutes=10)


def test_a_batch_that_goes_by_itself_is_never_late():
    pushed, by_hand = Book(), Book(sent=False)
    by_hand.settings = replace(by_hand.settings, pushes=False)
    by_hand.send()
    late = [str(book.snapshot.sheets["batches"].frame.loc["I-0001", "stale"]) for book in (pushed, by_hand)]
    assert late[0] == ""
    assert late[1] != ""


@pytest.mark.parametrize(
    ("entries", "stopped"),
    [
        ({"p1@cliente.cl"}, {"1"}),
        ({"@cliente.cl"}, set("1234")),
        ({"2"}, {"2"}),
        ({"@cl"}, set("1234")),
        (set(), set()),
    ],
)
def test_who_is_on_do_not_contact_is_shown_as_such(entries, stopped):
    assert seen(Book(), suppressed=frozenset(entries)).stopped == stopped
