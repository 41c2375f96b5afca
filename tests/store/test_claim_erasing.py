"""A person is erased from the claims: nothing names them any more, and no id of theirs comes back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import EnrolmentState, Stop
from sheets_crm.claims.values import Answer, AnswerKind, StoreClaim
from sheets_crm.operations.erasures import is_about
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.store import keeping, migrating, opening
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.journal import StoredJournal
from tests.claims.world import enrolment
from tests.store.test_claims import confirmed, pending

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
PERSON = Person(1, frozenset({("email", "p1@cliente.cl")}), frozenset({"ana soto"}))
MAILBOX = "mailbox ana@nosotros.cl 2026-11-30"


def claimed(n, position=1, epoch=1):
    row = replace(enrolment(n), position=position, claim=ClaimState.CLAIMED, claimed_at=AT, epoch=epoch)
    caps = (MAILBOX, f"person {n} 2026-11-30", f"address p{n}@cliente.cl")
    return StoreClaim(row=replace(row, thread_key=f"<thread-of-p{n}>"), caps=caps)


@pytest.fixture
def store(place):
    return place.store()


@pytest.fixture
def claims(store):
    claims = StoredClaims(store, "book")
    confirmed(claims, 1, claimed(1), claimed(1, 2), claimed(2))
    claims.begin_hand_over("N-0001.1.1", 1, AT)
    claims.answer("N-0001.1.1", Answer(AnswerKind.REFUSED, "550 p1@cliente.cl: no such user"))
    return claims


def erase(store, workbook="book"):
    StoredJournal(store, workbook).erase(lambda entry: is_about(entry, PERSON))


def test_whom_a_message_was_for_is_not_known_any_more_and_its_id_stays_used(store, claims):
    others = claims.open_claims()["N-0002.1.1"]
    erase(store)
    first, second, other = (claims.open_claims()[f"N-000{key}"] for key in ("1.1.1", "1.2.1", "2.1.1"))
    assert other == others
    for claim in (first, second):
        row = claim.row
        assert (row.lead_number, row.address, row.thread_key, row.epoch) == ("", "", "", 1)
        assert (row.state, row.cause, row.next_at) == (EnrolmentState.STOPPED, Stop.DO_NOT_CONTACT, None)
        assert claim.caps == (MAILBOX,)
    assert (first.handing_at, first.answer) == (AT, Answer(AnswerKind.REFUSED, ""))
    assert not claims.raise_epoch(pending(2, claimed(1)))
    assert claims.latest()["N-0001"].message_id == "N-0001.2.1"
    assert claims.spent([MAILBOX]) == {MAILBOX: 3}


def test_what_was_not_handed_over_does_not_leave_any_more(store, claims):
    erase(store)
    assert not claims.begin_hand_over("N-0001.2.1", 1, AT)
    assert claims.begin_hand_over("N-0002.1.1", 1, AT)


def test_an_answer_that_comes_after_it_is_kept_without_its_words(store, claims):
    claims.begin_hand_over("N-0001.2.1", 1, AT)
    erase(store)
    claims.answer("N-0001.2.1", Answer(AnswerKind.REFUSED, "550 p1@cliente.cl"))
    claims.answer("N-0002.1.1", Answer(AnswerKind.REFUSED, "550 p2@cliente.cl"))
    known = claims.open_claims()
    assert known["N-0001.2.1"].answer == Answer(AnswerKind.REFUSED, "")
    assert known["N-0002.1.1"].answer == Answer(AnswerKind.REFUSED, "550 p2@cliente.cl")


def test_an_answer_to_another_that_names_the_person_goes_alone(store, claims):
    claims.answer("N-0002.1.1", Answer(AnswerKind.REFUSED, "550 forwarded to <p1@cliente.cl>, Ana Soto"))
    erase(store)
    other = claims.open_claims()["N-0002.1.1"]
    assert (other.answer, other.row.address) == (Answer(AnswerKind.REFUSED, ""), "p2@cliente.cl")


def test_a_pending_epoch_claims_nothing_for_the_person(store, claims):
    claims.raise_epoch(pending(2, claimed(1, 3, epoch=2), claimed(2, 2, epoch=2), adopted=(claimed(1, 4),)))
    erase(store)
    assert claims.confirm(2, 3)
    known = claims.open_claims()
    assert [known[f"N-0001.{n}.1"].row.address for n in (3, 4)] == ["", ""]
    assert not claims.begin_hand_over("N-0001.3.1", 2, AT)
    assert claims.begin_hand_over("N-0002.2.1", 2, AT)


def test_another_workbook_keeps_what_it_has(store, claims):
    erase(store, "another")
    assert claims.open_claims()["N-0001.1.1"].row.address == "p1@cliente.cl"


def test_it_may_be_repeated(store, claims):
    erase(store)
    before = claims.open_claims()
    erase(store)
    assert claims.open_claims() == before


@pytest.mark.long
def test_nothing_in_the_files_names_the_person(file_place):
    store = file_place.store()
    claims = StoredClaims(store, "book")
    confirmed(claims, 1, claimed(1), claimed(2))
    claims.raise_epoch(pending(2, claimed(1, 2, epoch=2)))
    claims.begin_hand_over("N-0001.1.1", 1, AT)
    claims.answer("N-0001.1.1", Answer(AnswerKind.REFUSED, "p1@cliente.cl"))
    backup = keeping.back_up(store)
    erase(store)
    for path in (*file_place.state_dir.rglob("*.db*"), backup):
        content = path.read_bytes()
        assert b"p1@cliente.cl" not in content, path
        assert b"thread-of-p1" not in content, path
        assert b"person 1 2026" not in content, path
    assert b"p2@cliente.cl" in backup.read_bytes()
    keeping.restore(store, backup)
    assert [claim.row.address for claim in StoredClaims(store, "book").latest().values()] == ["", "p2@cliente.cl"]


def test_a_backup_of_an_older_version_without_claims_is_erased_too(file_place):
    store = file_place.store()
    backup = keeping.back_up(store)
    backup.write_bytes(b"")
    with opening.connected_file(backup).execution_options(writes=True).begin() as connection:
        migrating.migrate(connection, "0002")
    erase(store)
    with opening.connected_file(backup).begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM changes")).scalar() == 0


def test_addressees_are_those_who_are_not_erased(store, claims):
    journal = StoredJournal(store, "book")
    assert set(journal.addressees()) == {("1", "p1@cliente.cl"), ("2", "p2@cliente.cl")}
    erase(store)
    assert journal.addressees() == [("2", "p2@cliente.cl")]
