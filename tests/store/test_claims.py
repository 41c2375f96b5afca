"""The claims in the store: whatever is done, it answers as the model of the kernel's contract does."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Pause, Stop
from sheets_crm.claims.values import Answer, AnswerKind, Pending, StoreClaim
from sheets_crm.store import identity
from sheets_crm.store.claim_values import claim_json, claim_of, dumped
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.epochs import claims_in, claims_text
from tests.claims.world import ModelStore, enrolment

AT = datetime(2026, 11, 30, 9, 0, 0, 123_456, tzinfo=UTC)
BOOKS = itertools.count(1)
CAPS = ("mailbox ana@nosotros.cl 2026-11-30", "person 1 2026-11-30", "person 2 2026-11-30")


def claimed(place=(1, 1), n=1, epoch=1, caps=CAPS[:2], **columns):
    """A claim of the message at a place of an enrolment."""
    row = replace(enrolment(n), position=place[0], attempt=place[1], claim=ClaimState.CLAIMED, claimed_at=AT)
    return StoreClaim(row=replace(row, epoch=epoch), caps=caps, **columns)


def pending(epoch, *claims, adopted=(), sequence=1):
    return Pending(
        epoch=epoch,
        token=f"worker/{epoch}",
        sequence=sequence,
        becomes=sequence + 1,
        claims=claims,
        adopted=adopted,
    )


def confirmed(claims, epoch, *of_it, **given):
    assert claims.raise_epoch(pending(epoch, *of_it, **given))
    assert claims.confirm(epoch, epoch + 1)


@pytest.fixture
def claims(place):
    return StoredClaims(place.store(), "book")


# -- as values


moments = st.none() | st.integers(0, 10**15).map(lambda n: AT + timedelta(microseconds=n))
texts = st.text(max_size=8)
rows = st.builds(
    Enrolment,
    enrolment=texts,
    lead_number=texts,
    address=texts,
    campaign_id=texts,
    version=texts,
    state=st.sampled_from(EnrolmentState),
    cause=st.none() | st.sampled_from(Pause) | st.sampled_from(Stop),
    until=moments,
    mailbox=texts,
    position=st.integers(1, 2**31 - 1),
    attempt=st.integers(1, 2**31 - 1),
    claim=st.sampled_from(ClaimState),
    claimed_at=moments,
    epoch=st.integers(0, 2**62),
    thread_key=texts,
    next_at=moments,
    last_in_at=moments,
    enrolled_at=moments,
)
every_claim = st.builds(
    StoreClaim,
    row=rows,
    caps=st.lists(texts, max_size=3).map(tuple),
    handing_at=moments,
    answer=st.none() | st.builds(Answer, st.sampled_from(AnswerKind), texts),
    released=st.booleans(),
    closed=st.none() | st.sampled_from(ClaimState),
)


@pytest.mark.long
@given(claim=every_claim)
def test_a_claim_comes_back_from_json_with_every_field(claim):
    back = claim_of(claim_json(claim))
    assert back == claim
    assert type(back.row.cause) is type(claim.row.cause)
    assert claims_in(claims_text((claim,), (claim, claim))) == ((claim,), (claim, claim))
    assert isinstance(dumped(claim_json(claim)), str)


@pytest.mark.parametrize("cause", [Pause.MANUAL, Stop.MANUAL, Pause.UNKNOWN, None])
def test_a_claim_comes_back_from_the_tables_with_every_field(claims, cause):
    row = replace(
        enrolment(1),
        version="v3",
        state=EnrolmentState.PAUSED,
        cause=cause,
        until=AT + timedelta(microseconds=1),
        position=3,
        attempt=2,
        claim=ClaimState.CLAIMED,
        claimed_at=AT,
        epoch=1,
        thread_key="<t@nosotros.cl>",
        last_in_at=AT - timedelta(days=40),
        enrolled_at=AT - timedelta(days=50, microseconds=999_999),
    )
    confirmed(claims, 1, StoreClaim(row=row, caps=CAPS))
    claims.begin_hand_over("N-0001.3.2", 1, AT)
    claims.answer("N-0001.3.2", Answer(AnswerKind.REFUSED, "550 ñandú"))
    (claim,) = claims.open_claims().values()
    assert claim == StoreClaim(row=row, caps=CAPS, handing_at=AT, answer=Answer(AnswerKind.REFUSED, "550 ñandú"))
    assert type(claim.row.cause) is type(cause)


def test_a_provider_s_words_are_kept_whatever_they_are(claims):
    confirmed(claims, 1, claimed())
    claims.answer("N-0001.1.1", Answer(AnswerKind.REFUSED, "550 \0 \ud800"))
    assert claims.open_claims()["N-0001.1.1"].answer.reason == "550 � ?"


# -- examples


def test_the_latest_message_is_the_highest_in_numbers_not_in_texts(claims):
    confirmed(claims, 1, claimed((9, 9)), claimed((10, 2)), claimed((10, 10)), claimed((2, 11), n=2))
    assert {key: claim.message_id for key, claim in claims.latest().items()} == {
        "N-0001": "N-0001.10.10",
        "N-0002": "N-0002.2.11",
    }


@pytest.mark.long
def test_only_an_open_unreleased_claim_of_the_epoch_is_handed_over(claims):
    confirmed(claims, 1, *(claimed(n=n) for n in (1, 2, 3)))
    claims.release(["N-0002.1.1"])
    claims.close({"N-0003.1.1": ClaimState.CANCELLED})
    assert not claims.begin_hand_over("N-0001.1.1", 2, AT)
    assert not claims.begin_hand_over("N-0002.1.1", 1, AT)
    assert not claims.begin_hand_over("N-0003.1.1", 1, AT)
    assert not claims.begin_hand_over("N-0009.1.1", 1, AT)
    assert claims.begin_hand_over("N-0001.1.1", 1, AT)
    assert not claims.begin_hand_over("N-0001.1.1", 1, AT)
    assert claims.release(["N-0001.1.1"]) == frozenset()


def test_an_epoch_is_raised_once_and_an_id_claimed_anew_only_when_it_was_released(claims):
    confirmed(claims, 2, claimed(), claimed(n=2))
    claims.release(["N-0002.1.1"])
    assert not claims.raise_epoch(pending(2))
    assert not claims.raise_epoch(pending(1))
    assert not claims.raise_epoch(pending(3, claimed(epoch=3)))
    confirmed(claims, 3, claimed(n=2, epoch=3))
    assert claims.begin_hand_over("N-0002.1.1", 3, AT)
    assert not claims.confirm(4, 1)
    claims.withdraw(3)
    assert claims.confirm(3, 1)


def test_the_first_answer_stands_and_a_cancelled_claim_gives_its_cap_back(claims):
    confirmed(claims, 1, claimed(), claimed(n=2))
    claims.answer("N-0001.1.1", Answer(AnswerKind.ACCEPTED))
    claims.answer("N-0001.1.1", Answer(AnswerKind.REFUSED))
    assert claims.open_claims()["N-0001.1.1"].answer == Answer(AnswerKind.ACCEPTED)
    assert claims.spent(CAPS) == dict(zip(CAPS, (2, 2, 0), strict=True))
    claims.close({"N-0001.1.1": ClaimState.CANCELLED, "N-0002.1.1": ClaimState.FAILED})
    assert claims.spent(CAPS) == dict(zip(CAPS, (1, 1, 0), strict=True))


def test_workbooks_of_one_store_have_claims_and_leases_of_their_own(place):
    store = place.store()
    one, other = StoredClaims(store, "one"), StoredClaims(store, "other")
    confirmed(one, 1, claimed())
    assert (other.facts().raised, dict(other.open_claims()), dict(other.latest())) == (0, {}, {})
    assert other.spent(CAPS) == dict.fromkeys(CAPS, 0)
    assert not other.begin_hand_over("N-0001.1.1", 1, AT)
    assert one.lease("a", AT, AT + timedelta(minutes=10))
    assert other.lease("b", AT, AT + timedelta(minutes=10))
    assert not one.lease("b", AT, AT + timedelta(minutes=10))
    assert one.facts().store_id == other.facts().store_id


def test_a_hand_over_begins_once_though_an_epoch_in_doubt_claims_the_id_anew(claims):
    """Two epochs were raised with one id before either was confirmed."""
    assert claims.raise_epoch(pending(1, claimed()))
    assert claims.raise_epoch(pending(2, claimed(epoch=2)))
    assert claims.confirm(1, 2)
    assert claims.begin_hand_over("N-0001.1.1", 1, AT)
    assert claims.confirm(2, 3)
    assert not claims.begin_hand_over("N-0001.1.1", 2, AT)
    assert claims.open_claims()["N-0001.1.1"].row.epoch == 1


def test_a_store_that_became_another_one_raises_nothing_for_who_read_the_one_before(claims, place):
    claims.facts()
    place.store().write(lambda c: identity.rename(c, "another"))
    assert not claims.raise_epoch(pending(1))
    assert claims.facts().store_id == "another"
    assert claims.raise_epoch(pending(1))


# -- indexes


@pytest.mark.long
def test_every_query_uses_an_index(file_place):
    """No table is read through, whatever is asked."""
    store = file_place.store()
    claims = StoredClaims(store, "book")
    confirmed(claims, 1, claimed())
    asked = []
    execute = store.engine

    def explained():

        engine = execute()
        event.listen(
            engine, "before_cursor_execute", lambda _c, cursor, sql, given, *_: asked.append((sql, given))
        )
        return engine

    store.engine = explained
    claims.open_claims(), claims.latest(), claims.spent(CAPS), claims.facts()
    claims.begin_hand_over("N-0001.1.1", 1, AT), claims.release(["N-0001.1.1"])
    claims.answer("N-0001.1.1", Answer(AnswerKind.ACCEPTED)), claims.close({"N-0001.1.1": ClaimState.ACCEPTED})
    claims.raise_epoch(pending(2, claimed((1, 2)))), claims.confirm(2, 3)
    plans = []
    for sql, parameters in asked:
        if sql.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT"}:
            given = parameters[0] if isinstance(parameters, list) else parameters
            plans += store.read(
                lambda c, sql=sql, given=given: [
                    (sql, row[3]) for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
                ]
            )
    read_through = {(sql, step) for sql, step in plans if step.startswith("SCAN") and "store_identity" not in step}
    assert len(plans) > 20
    assert not read_through


def test_several_hand_overs_begin_in_one_commit_each_once(claims):
    confirmed(claims, 1, claimed(n=1), claimed(n=2), claimed(n=3))
    claims.begin_hand_over("N-0002.1.1", 1, AT)
    asked = ["N-0001.1.1", "N-0001.1.1", "N-0002.1.1", "N-0003.1.1", "N-0004.1.1"]
    assert claims.begin_hand_overs(asked, 1, AT) == {"N-0001.1.1", "N-0003.1.1"}
    assert claims.begin_hand_overs(asked, 1, AT) == frozenset()
    said = {
        "N-0001.1.1": Answer(AnswerKind.ACCEPTED, "added"),
        "N-0003.1.1": Answer(AnswerKind.REFUSED, "blocked"),
    }
    claims.answer_all(said)
    claims.answer_all({"N-0001.1.1": Answer(AnswerKind.REFUSED, "later")})
    answers = {message: claim.answer for message, claim in claims.open_claims().items()}
    assert answers == {**said, "N-0002.1.1": None}


# -- whatever is done, as the model


PLACES = st.sampled_from([(1, 1), (1, 2), (2, 1), (9, 1), (10, 1)])
IDS = st.builds(lambda n, place: f"N-{n:04d}.{place[0]}.{place[1]}", st.integers(1, 2), PLACES)
EPOCHS = st.integers(1, 6)
MOMENTS = st.integers(0, 3).map(lambda minutes: AT + timedelta(minutes=minutes))
WORKERS = st.sampled_from(["a", "b"])
CLAIMS = st.lists(
    st.builds(
        claimed,
        PLACES,
        st.integers(1, 2),
        EPOCHS,
        st.lists(st.sampled_from(CAPS), max_size=2).map(tuple),
    ),
    max_size=3,
    unique_by=lambda claim: claim.message_id,
)
ADOPTED = st.lists(
    st.builds(
        claimed,
        PLACES,
        st.integers(1, 2),
        EPOCHS,
        st.lists(st.sampled_from(CAPS), max_size=2).map(tuple),
        handing_at=st.none() | MOMENTS,
        closed=st.none() | st.sampled_from([ClaimState.FAILED, ClaimState.ACCEPTED]),
    ),
    max_size=2,
    unique_by=lambda claim: claim.message_id,
)
ENDS = st.sampled_from([ClaimState.ACCEPTED, ClaimState.CANCELLED, ClaimState.UNKNOWN])


class Stores(RuleBasedStateMachine):
    """The same is done to the model and to the tables."""

    make_claims = None

    @initialize()
    def begin(self):
        self.tables = type(self).make_claims()
        self.model = ModelStore(self.tables.facts().store_id)

    def both(self, method, *given):
        of_tables, of_model = getattr(self.tables, method)(*given), getattr(self.model, method)(*given)
        assert of_tables == of_model, f"{method}: {of_tables} in the tables, {of_model} in the model"

    @rule(epoch=EPOCHS, claims=CLAIMS, adopted=ADOPTED, sequence=EPOCHS)
    def raises(self, epoch, claims, adopted, sequence):
        self.both("raise_epoch", pending(epoch, *claims, adopted=tuple(adopted), sequence=sequence))

    @rule(claims=CLAIMS, adopted=ADOPTED)
    def claims_by_the_next_epoch(self, claims, adopted):
        epoch = self.model.highest + 1
        own = [replace(claim, row=replace(claim.row, epoch=epoch)) for claim in claims]
        self.both("raise_epoch", pending(epoch, *own, adopted=tuple(adopted)))
        self.both("confirm", epoch, epoch)

    @rule(epoch=EPOCHS, sequence=EPOCHS)
    def confirms(self, epoch, sequence):
        self.both("confirm", epoch, sequence)

    @rule(epoch=EPOCHS)
    def withdraws(self, epoch):
        self.both("withdraw", epoch)

    @rule(message=IDS, epoch=EPOCHS, at=MOMENTS)
    def begins(self, message, epoch, at):
        self.both("begin_hand_over", message, epoch, at)

    @rule(message=IDS, at=MOMENTS)
    def begins_of_its_epoch(self, message, at):
        claim = self.model.claims.get(message)
        self.both("begin_hand_over", message, claim.row.epoch if claim else 1, at)

    @rule(ids=st.lists(IDS, max_size=4), epoch=EPOCHS, at=MOMENTS)
    def begins_together(self, ids, epoch, at):
        self.both("begin_hand_overs", ids, epoch, at)

    @rule(kinds=st.dictionaries(IDS, st.sampled_from(AnswerKind), max_size=3))
    def answers_together(self, kinds):
        self.both("answer_all", {message: Answer(kind, "said") for message, kind in kinds.items()})

    @rule(message=IDS, kind=st.sampled_from(AnswerKind))
    def answers(self, message, kind):
        self.both("answer", message, Answer(kind, "said"))

    @rule(ids=st.lists(IDS, max_size=3))
    def releases(self, ids):
        self.both("release", ids)

    @rule(states=st.dictionaries(IDS, ENDS, max_size=2))
    def closes(self, states):
        self.both("close", states)

    @rule(worker=WORKERS, now=MOMENTS, until=MOMENTS)
    def leases(self, worker, now, until):
        self.both("lease", worker, now, until)

    @rule(worker=WORKERS)
    def ends_lease(self, worker):
        self.both("end_lease", worker)

    @rule(name=st.sampled_from(["x", "y"]))
    def renames(self, name):
        self.both("rename", name)

    @invariant()
    def the_same_is_known(self):
        if hasattr(self, "model"):
            for method in ("facts", "open_claims", "latest"):
                self.both(method)
            self.both("spent", CAPS)


def played(make_claims, number, examples, steps):
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=quiet,
        database=None,
    )
    machine = type("Stores", (Stores,), {"make_claims": staticmethod(make_claims)})
    run_state_machine_as_test(seed(number)(machine), settings=limits)


def of_new_workbooks(place):
    """Makes claims that nobody has used yet, all in one store."""
    store = place.store()
    return lambda: StoredClaims(store, f"book-{next(BOOKS)}")


@pytest.mark.long
def test_the_tables_answer_as_the_model(file_place):
    played(of_new_workbooks(file_place), 1, 4, 12)


@pytest.mark.long
def test_the_tables_answer_as_the_model_for_long(place):
    played(of_new_workbooks(place), 2, 40, 30)
