"""Rules of the kernel as values: ids, keys, states, folds, choices, enrolling, caps, take-overs."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from sheets_crm.claims.answers import PAUSES, answered, cancelled
from sheets_crm.claims.balance import counted
from sheets_crm.claims.choices import Choice, choose, offered
from sheets_crm.claims.claim_states import TRANSITIONS, ClaimState, is_settled
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.claims.enrolling import EnrolReport, Refusal
from sheets_crm.claims.enrolment import EnrolmentState, Pause, Stop, paused, resumed, stopped, stopped_by
from sheets_crm.claims.events import Event, Fact, MessageRecord, Rank, folded
from sheets_crm.claims.judgement import Judgement, judge
from sheets_crm.claims.message import message_id, message_of_key, next_message, parsed_id, travelling_key
from sheets_crm.claims.persons import holders
from sheets_crm.claims.values import AnswerKind, Pending, StoreClaim, StoreFacts
from tests.claims.plays import asleep_before, driven
from tests.claims.world import START, ModelStore, ModelWorkbook, Policy, World, enrolment, newcomer

POLICY = Policy()
CLAIMED = enrolment(1, claim=ClaimState.CLAIMED, claimed_at=START, epoch=1)


def test_the_id_of_a_message_and_back():
    row = replace(enrolment(42), position=2, attempt=3)
    assert message_id(row) == "N-0042.2.3"
    assert parsed_id("N-0042.2.3") == ("N-0042", 2, 3)
    with pytest.raises(ValueError, match=r"invalid message id: N-0042\.2 "):
        parsed_id("N-0042.2")


def test_a_key_is_of_one_workbook_and_cannot_be_guessed():
    key = travelling_key("N-0042.2.1", salt="s", workbook="S-1")
    assert key.startswith("N-0042.2.1-")
    assert len(key) == len("N-0042.2.1-") + 16
    assert message_of_key(key, salt="s", workbook="S-1") == "N-0042.2.1"
    for other in (key[:-1] + "x", key.replace("42", "43"), "N-0042.2.1", "", "ñ"):
        assert message_of_key(other, salt="s", workbook="S-1") is None
    assert message_of_key(key, salt="s", workbook="S-2") is None


def test_positions_go_in_order_and_no_id_comes_again():
    ids = [message_id(next_message(replace(enrolment(1), claim=claim))) for claim in ClaimState]
    blank, accepted = "N-0001.1.1", "N-0001.2.1"
    again = "N-0001.1.2"
    assert ids == [blank, again, accepted, again, again, again, again]


def test_what_is_settled_stays_so():
    assert all(not TRANSITIONS[claim] for claim in ClaimState if is_settled(claim))
    row = replace(CLAIMED, claim=ClaimState.ACCEPTED)
    assert all(answered(row, kind, POLICY, START) == row for kind in AnswerKind)


@pytest.mark.parametrize(
    ("kind", "claim", "state"),
    [
        (AnswerKind.ACCEPTED, ClaimState.ACCEPTED, EnrolmentState.ACTIVE),
        (AnswerKind.REFUSED, ClaimState.REFUSED, EnrolmentState.FINISHED),
        (AnswerKind.NOT_SENT, ClaimState.FAILED, EnrolmentState.ACTIVE),
        (AnswerKind.NO_ANSWER, ClaimState.UNKNOWN, EnrolmentState.PAUSED),
    ],
)
def test_what_an_answer_makes_of_an_enrolment(kind, claim, state):
    row = answered(CLAIMED, kind, POLICY, START)
    assert (row.claim, row.state) == (claim, state)
    assert answered(stopped(CLAIMED, Stop.REPLIED), kind, POLICY, START).state is EnrolmentState.STOPPED


def test_what_did_not_leave_is_tried_after_growing_pauses_and_then_has_failed():
    row, pauses = CLAIMED, []
    while row.state is EnrolmentState.ACTIVE and len(pauses) < 10:
        row = answered(replace(row, claim=ClaimState.CLAIMED), AnswerKind.NOT_SENT, POLICY, START)
        pauses.append(row.next_at and row.next_at - START)
        row = next_message(row) if row.open else row
    assert pauses == [*PAUSES, None]
    assert list(PAUSES) == sorted(PAUSES)
    assert (row.state, row.claim) == (EnrolmentState.FINISHED, ClaimState.FAILED)


def test_the_strongest_cause_of_a_stop_stands_whatever_the_order():
    causes = [Stop.MANUAL, Stop.UNSUBSCRIBED, Stop.REPLIED]
    ends = {stopped_by(enrolment(1), order).cause for order in itertools.permutations(causes)}
    assert ends == {Stop.UNSUBSCRIBED}


def test_a_pause_ends_by_its_own_time_only():
    until = START + timedelta(days=3)
    away = paused(enrolment(1), Pause.OUT_OF_OFFICE, until)
    assert resumed(away, until - timedelta(seconds=1)) == away
    assert resumed(away, until).state is EnrolmentState.ACTIVE
    by_hand = paused(enrolment(1), Pause.MANUAL)
    assert resumed(by_hand, until).state is EnrolmentState.PAUSED
    assert (
        answered(replace(by_hand, claim=ClaimState.CLAIMED), AnswerKind.NO_ANSWER, POLICY, START).cause
        is Pause.MANUAL
    )


def test_events_fold_to_the_same_record_in_any_order_and_however_often():
    events = [
        Event("1", Rank.ACCEPTED, START),
        Event("2", Rank.DELIVERED, START + timedelta(minutes=1)),
        Event("3", Rank.DELIVERED, START + timedelta(minutes=9)),
        Event("4", Fact.BOUNCED_HARD, START + timedelta(hours=1)),
        Event("5", Fact.UNSUBSCRIBED, START + timedelta(hours=2)),
    ]
    records = {str(sort(folded([*order, *order]))) for order in itertools.permutations(events)}
    assert len(records) == 1
    record = folded(events)
    assert record == folded(events[3:], folded(events[:3]))
    assert (record.rank, record.reads_as) == (Rank.DELIVERED, Fact.UNSUBSCRIBED)
    assert record.ranks[Rank.DELIVERED] == START + timedelta(minutes=1)
    assert stopped_by(enrolment(1), record.stops).cause is Stop.UNSUBSCRIBED


def sort(record):
    return MessageRecord(dict(sorted(record.ranks.items())), dict(sorted(record.facts.items())))


@pytest.mark.parametrize(
    ("heard", "reads_as", "left"),
    [
        ([], Rank.PLANNED, False),
        ([Rank.CLAIMED, Rank.UNKNOWN], Rank.UNKNOWN, False),
        ([Fact.REFUSED], Rank.PLANNED, False),
        ([Rank.REPLIED, Rank.OPENED], Rank.REPLIED, True),
        ([Rank.REPLIED, Fact.BOUNCED_HARD], Fact.BOUNCED_HARD, True),
        ([Fact.UNSUBSCRIBED, Fact.COMPLAINED, Rank.REPLIED], Fact.COMPLAINED, True),
        ([Rank.ACCEPTED, Fact.AUTO_REPLIED, Fact.BOUNCED_SOFT], Rank.ACCEPTED, True),
    ],
)
def test_how_a_message_reads_and_whether_it_left(heard, reads_as, left):
    record = folded(Event(str(what), what, START) for what in heard)
    assert (record.reads_as, record.left) == (reads_as, left)


def test_unknown_may_be_sent_again_after_a_day_and_was_sent_at_once():
    unknown = paused(replace(CLAIMED, claim=ClaimState.UNKNOWN), Pause.UNKNOWN)
    day = timedelta(hours=24)
    assert offered(unknown, START + day - timedelta(seconds=1)) == {Choice.WAS_SENT}
    assert offered(unknown, START + day) == {Choice.WAS_SENT, Choice.SEND_AGAIN}
    assert offered(stopped(unknown, Stop.REPLIED), START + day) == {Choice.WAS_SENT}
    failed = replace(CLAIMED, claim=ClaimState.FAILED, state=EnrolmentState.FINISHED)
    assert offered(failed, START) == {Choice.SEND_AGAIN}
    assert not offered(CLAIMED, START + day)


def test_evidence_settles_an_unknown_message():
    world = World(people=1)
    world.provider.answers["N-0001.1.1"] = (AnswerKind.NO_ANSWER, True)
    world.drip()
    assert world.workbook.rows["N-0001"].claim is ClaimState.UNKNOWN
    assert not play(choose(world.ports(), "N-0001.1.1", Choice.SEND_AGAIN))
    world.evidence.open = True
    world.drip()
    row = world.workbook.rows["N-0001"]
    assert (row.claim, row.state, row.cause) == (ClaimState.ACCEPTED, EnrolmentState.ACTIVE, None)


def test_one_active_enrolment_a_person_by_lead_and_by_address():
    world = World(people=2)
    ended = replace(enrolment(3), state=EnrolmentState.STOPPED, cause=Stop.COMPLAINED)
    world.workbook.rows["N-0003"] = ended
    world.workbook.do_not_contact = frozenset({"@prohibido.cl"})
    people = [
        replace(enrolment(1), address="other@cliente.cl"),
        replace(enrolment(8), address="p2@cliente.cl"),
        enrolment(3),
        replace(enrolment(9), address="x@prohibido.cl"),
        enrolment(10),
        enrolment(10),
        enrolment(11),
    ]
    world.suppressions.added = frozenset({"11"})  # the store knows, and the workbook not yet
    made = world.enrol(*(replace(person, enrolment="") for person in people))
    assert (made.enrolled, made.done) == (("N-0004",), True)
    row = world.workbook.rows["N-0004"]
    assert (row.lead_number, row.enrolled_at) == ("10", START)
    assert world.workbook.system.counters == {"N": 4}
    assert made.refused == {
        "11": Refusal.DO_NOT_CONTACT,
        "1": Refusal.ENROLLED,
        "8": Refusal.ENROLLED,
        "3": Refusal.STOPPED,
        "9": Refusal.DO_NOT_CONTACT,
        "10": Refusal.ENROLLED,
    }


def test_nobody_is_enrolled_in_a_workbook_that_is_not_in_order():
    world = World(people=1)
    version = world.workbook.version()
    assert world.enrol(newcomer(7)).enrolled == ("N-0002",)
    assert world.drip().handed == ("N-0001.1.1", "N-0002.1.1")
    world.workbook.set_back(version)
    report = world.enrol(newcomer(8))
    assert (report.judgement, report.enrolled, report.done) == (Judgement.SET_BACK, (), False)
    assert world.enrol(newcomer(8), store=ModelStore("store-2")).judgement is Judgement.OTHER_STORE
    assert world.adopt().done
    assert world.enrol(newcomer(8)).enrolled == ("N-0003",)
    assert world.workbook.rows["N-0002"].lead_number == "7"


def test_nobody_is_enrolled_while_another_worker_has_the_lease():
    world = World(people=1)
    sleeper = asleep_before(drip(world.ports()), "Provider.hand_over")
    assert world.enrol(newcomer(7)) == EnrolReport(None)
    driven(sleeper, -1, lambda: None)
    assert world.enrol(newcomer(7)).enrolled == ("N-0002",)
    assert world.stores["store-1"].holder == ("", None)


def test_an_id_that_only_the_store_knows_is_given_to_nobody_else():
    world = World(people=1)
    world.enrol(newcomer(7))
    world.drip()
    del world.workbook.rows["N-0002"]
    world.workbook.system = replace(world.workbook.system, counters={})
    assert world.enrol(newcomer(8)).enrolled == ("N-0003",)


@pytest.mark.parametrize("fault", ["landed", "lost", "late"])
def test_people_whose_write_had_no_answer_are_enrolled_once(fault):
    world = World(people=1)
    world.workbook.faults = [fault]
    first = world.enrol(newcomer(7))
    assert (first.enrolled, first.done) == ((("N-0002",), True) if fault == "landed" else ((), False))
    world.workbook.arrive()
    second = world.enrol(newcomer(7))
    assert second.done
    assert (second.enrolled, second.refused) == (
        (("N-0002",), {}) if fault == "lost" else ((), {"7": Refusal.ENROLLED})
    )
    assert set(world.workbook.rows) == {"N-0001", "N-0002"}


def test_a_workbook_that_was_set_back_to_before_an_enrolment_is_known_by_it_alone():
    world = World(people=1)
    version = world.workbook.version()
    world.enrol(newcomer(7))
    world.workbook.set_back(version)
    assert world.enrol(newcomer(8)).judgement is Judgement.SET_BACK


@pytest.mark.parametrize("late", ["claims", "enrolment"])
@pytest.mark.parametrize("before", range(6))
def test_a_write_that_arrives_in_an_earlier_version_gives_nobody_the_id_of_another(late, before):
    """Its number comes back by what others write, before or after the taking over and the next enrolment."""
    world = World(people=1)
    workbook, version = world.workbook, world.workbook.version()
    for _ in range(4):
        workbook.touch()
    lost = {"claims": world.drip, "enrolment": lambda: world.enrol(newcomer(7))}
    if late == "claims":
        world.enrol(newcomer(7))
    workbook.faults = ["late"]
    lost[late]()
    workbook.set_back(version)
    enrols = lambda: world.enrol(newcomer(8))  # noqa: E731
    for act in [
        *[workbook.touch] * before,
        enrols,
        world.drip,
        world.adopt,
        enrols,
        world.drip,
        *[workbook.touch] * 6,
    ]:
        act()
        workbook.campaigns = frozenset({"K-01"})
        if workbook.on_its_way and workbook.on_its_way.sequence == workbook.system.sequence:
            workbook.arrive()
    for sent in world.provider.log:
        assert workbook.rows[sent.row.enrolment].lead_number == sent.row.lead_number
    assert "8" in {row.lead_number for row in workbook.rows.values()}


def test_how_a_workbook_is_judged_by_epochs_and_sequence():
    pending = Pending(epoch=5, token="", sequence=9, becomes=10)
    facts = StoreFacts(store_id="store-1", confirmed=3, raised=5, sequence=9, pending=(pending,))
    view = World().workbook.read()

    def judged(epoch, sequence=9):
        return judge(facts, replace(view, system=replace(view.system, store_epoch=epoch, sequence=sequence)))

    epochs = {epoch: judged(epoch) for epoch in range(2, 7)}
    assert epochs == {
        2: Judgement.SET_BACK,
        3: Judgement.IN_ORDER,
        4: Judgement.SET_BACK,  # withdrawn
        5: Judgement.IN_ORDER,  # pending
        6: Judgement.RESTORED,
    }
    assert judged(3, sequence=8) is Judgement.SET_BACK


def test_somebody_whom_only_the_store_knows_not_to_be_contacted_is_stopped_by_the_first_pass():
    world = World(people=2)
    world.suppressions.added = frozenset({"1"})
    for _ in range(12):
        world.drip()
    row = world.workbook.rows["N-0001"]
    assert (row.state, row.cause, row.attempt) == (EnrolmentState.STOPPED, Stop.DO_NOT_CONTACT, 1)
    assert world.workbook.system.sequence == 2
    assert [sent.message_id for sent in world.provider.log] == ["N-0002.1.1"]


def test_what_was_released_for_somebody_blocked_meanwhile_was_not_handed_over():
    world = World(people=2)
    steps = asleep_before(drip(world.ports()), "ModelWorkbook.write")
    world.suppressions.added = frozenset({"1"})
    _, report = driven(steps, -1, lambda: None)
    assert report.claimed == ("N-0001.1.1", "N-0002.1.1")
    assert (report.released, report.handed) == (("N-0001.1.1",), ("N-0002.1.1",))
    assert [sent.message_id for sent in world.provider.log] == ["N-0002.1.1"]


def test_what_was_released_ends_cancelled_in_the_same_pass():
    world = World(people=1)
    steps = asleep_before(drip(world.ports()), "ModelWorkbook.write")
    world.suppressions.added = frozenset({"1"})
    driven(steps, -1, lambda: None)
    assert world.workbook.rows["N-0001"].claim is ClaimState.CANCELLED


def test_what_a_port_raises_ends_the_pass_and_its_lease_and_is_raised_to_the_caller(monkeypatch):
    world = World(people=1)
    with monkeypatch.context() as patch:
        patch.setattr(world.provider, "hand_over", lambda message: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.drip()
    assert world.drip().judgement is Judgement.IN_ORDER
    assert world.workbook.rows["N-0001"].claim is ClaimState.UNKNOWN  # nobody knows whether it left


def test_attempts_that_were_cancelled_count_as_attempts_and_a_person_may_send_again():
    """A row has the number of its attempt and not how the earlier ones ended."""
    row = CLAIMED
    for _ in PAUSES:
        row = replace(next_message(cancelled(row)), claim=ClaimState.CLAIMED)
    row = answered(row, AnswerKind.NOT_SENT, POLICY, START)
    assert (row.attempt, row.state, row.next_at) == (6, EnrolmentState.FINISHED, None)
    assert offered(row, START) == {Choice.SEND_AGAIN}


def test_a_take_over_counts_every_attempt_and_gives_no_id_of_one_out_again():
    world = World(people=1)
    row = replace(CLAIMED, attempt=2, claim=ClaimState.FAILED, next_at=START + timedelta(minutes=30))
    world.workbook.rows = {"N-0001": row, "N-0002": replace(enrolment(2), next_at=START)}
    store = ModelStore("store-2")
    assert world.adopt(store).done
    assert set(store.claims) == {"N-0001.1.1", "N-0001.1.2"}
    world.workbook.campaigns = frozenset({"K-01"})
    assert not world.drip(store).claimed  # the mailbox has sent its two
    world.clock.sleep(hours=24)
    assert world.drip(store).handed == ("N-0002.1.1", "N-0001.1.3")


def test_of_two_enrolments_of_a_person_one_in_doubt_comes_first_then_the_earliest():
    same = {"lead_number": "1", "address": "p1@cliente.cl"}
    early, late = enrolment(9999), enrolment(10000)
    early, late = replace(early, **same), replace(late, **same)
    assert set(holders([late, early]).values()) == {"N-9999"}
    for doubt in (ClaimState.CLAIMED, ClaimState.UNKNOWN):
        assert set(holders([early, replace(late, claim=doubt)]).values()) == {"N-10000"}


def test_a_cancelled_claim_gives_its_cap_back_and_nothing_else_does():
    world = World(people=3)
    world.provider.answers["N-0002.1.1"] = (AnswerKind.REFUSED, False)
    steps = asleep_before(drip(world.ports()), "ModelWorkbook.write")
    world.suppressions.added = frozenset({"1"})  # heard of since it was decided
    driven(steps, -1, lambda: None)
    assert [world.workbook.rows[f"N-000{n}"].claim for n in (1, 2, 3)] == ["cancelled", "refused", ""]
    world.workbook.do_not_contact = frozenset({"1"})
    world.drip()
    assert world.workbook.rows["N-0003"].claim is ClaimState.ACCEPTED
    world.workbook.rows["N-0004"] = enrolment(4)
    assert not world.drip().claimed


def test_a_take_over_asks_for_evidence_first_and_writes_nothing_where_all_is_in_order():
    world = World(people=2)
    world.provider.answers["N-0002.1.1"] = (AnswerKind.NO_ANSWER, False)
    world.drip()
    assert world.adopt().done
    assert world.workbook.system.sequence == 2
    for enrolment_id, row in world.workbook.rows.items():  # as a kill would have left them
        world.workbook.rows[enrolment_id] = replace(row, claim=ClaimState.CLAIMED, state=EnrolmentState.ACTIVE)
    world.evidence.open = True
    report = world.adopt(ModelStore("store-2"))
    assert (report.judgement, report.done, report.unknown) == (Judgement.OTHER_STORE, True, ("N-0002.1.1",))
    assert world.workbook.rows["N-0001"].claim is ClaimState.ACCEPTED


def test_a_take_over_waits_for_a_write_in_doubt():
    world = World(people=1)
    world.workbook.faults = ["lost"]
    world.drip()
    world.workbook.faults = ["lost"] * 3
    assert not world.adopt().done
    assert world.adopt().done


def test_a_take_over_of_a_version_set_back_pauses_campaigns_and_raises_counters():
    world = World(people=1)
    version = world.workbook.version()
    world.enrol(newcomer(7))
    world.drip()
    world.workbook.set_back(version)
    world.suppressions.added = frozenset({"somebody@else.cl"})
    assert world.drip().judgement is Judgement.SET_BACK
    assert world.adopt().done
    assert set(world.workbook.rows) == {"N-0001", "N-0002"}
    assert world.workbook.system.counters == {"N": 2}
    assert world.workbook.campaigns == frozenset()
    assert world.workbook.do_not_contact == {"somebody@else.cl"}
    assert world.drip().judgement is Judgement.IN_ORDER


def test_a_copy_stops_every_open_enrolment_and_sends_nothing():
    world = World(people=2)
    other = ModelWorkbook("S-2", "store-1", [])
    other.rows, other.system, other.stamps, other.do_not_contact, other.campaigns = world.workbook.version()
    store = ModelStore("store-1")
    assert world.drip(store, other).judgement is Judgement.COPIED
    assert world.adopt(store, other).done
    assert {(row.state, row.cause) for row in other.rows.values()} == {(EnrolmentState.STOPPED, Stop.MANUAL)}
    assert not world.provider.log


def test_a_stamp_that_is_older_than_those_kept_is_told_by_the_epoch():
    world = World(people=1)
    world.workbook.faults = ["landed"]
    world.workbook.has_stamp, has_stamp = (lambda token: False), world.workbook.has_stamp
    world.drip()
    world.workbook.has_stamp = has_stamp
    for _ in range(201):
        world.workbook.touch()
    world.workbook.stamps = world.workbook.stamps[-200:]
    world.clock.sleep(minutes=11)
    assert world.drip().handed == ("N-0001.1.1",)
    assert len(world.provider.log) == 1


def test_counts_that_do_not_add_up_are_seen():
    rows = {"N-0001": CLAIMED, "N-0002": enrolment(2)}
    claim = StoreClaim(row=CLAIMED)
    counts = counted(rows, [claim])["K-01"]
    assert (counts.planned, counts.waiting, counts.claimed, counts.in_hand, counts.balanced) == (2, 1, 1, 1, True)
    assert not counted(rows, [])["K-01"].balanced


def test_what_holds_a_message_back_is_asked_of_that_message(monkeypatch):
    world = World(people=1)
    asked = []
    monkeypatch.setattr(Policy, "held_back_by", lambda policy, row, at: asked.append(message_id(row)) or "")
    world.drip()
    world.clock.sleep(hours=25)
    assert world.drip().handed == ("N-0001.2.1",)
    assert asked == ["N-0001.1.1", "N-0001.2.1"]


def test_a_paused_campaign_a_closed_window_and_a_date_to_come_hold_a_message_back():
    world = World(people=1)
    world.workbook.campaigns = frozenset()
    assert not world.drip().claimed
    world.workbook.campaigns = frozenset({"K-01"})
    world.clock.sleep(hours=12)  # 21:00
    assert not world.drip().claimed
    world.clock.sleep(hours=12)
    later = replace(world.workbook.rows["N-0001"], next_at=world.clock.now() + timedelta(seconds=1))
    world.workbook.rows["N-0001"] = later
    assert not world.drip().claimed
    world.clock.sleep(seconds=1)
    assert world.drip().handed == ("N-0001.1.1",)


def test_at_most_so_many_are_claimed_in_a_pass_the_earliest_first():
    world = World(people=3)
    assert play(drip(world.ports(), most=1)).claimed == ("N-0001.1.1",)


def test_another_worker_with_the_lease_is_let_be():
    world = World(people=1)
    until = world.clock.now() + timedelta(minutes=10)
    world.stores["store-1"].lease("somebody", world.clock.now(), until)
    assert world.drip().judgement is None
    assert not world.adopt().done
    world.clock.sleep(minutes=10)
    assert world.drip().handed


def test_idle_a_pass_reads_and_writes_nothing():
    world = World(people=1)
    world.workbook.rows["N-0001"] = replace(enrolment(1), next_at=None, state=EnrolmentState.FINISHED)
    world.drip()
    assert world.workbook.system.sequence == 0


def test_a_push_is_known_by_lead_batch_and_attempt():
    row = replace(enrolment(1), enrolment="push-42", position=7, attempt=2)
    assert message_id(row) == "push-42.7.2"
    assert parsed_id("push-42.7.2") == ("push-42", 7, 2)


def test_the_counter_of_enrolments_does_not_count_pushes():
    """Their ids are of leads, and much higher."""
    world = World(people=1)
    world.workbook.rows["push-900"] = replace(enrolment(2), enrolment="push-900", lead_number="900")
    assert world.enrol(newcomer(8)).enrolled == ("N-0002",)
