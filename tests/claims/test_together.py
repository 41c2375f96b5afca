"""Messages that leave together: the plays of every pass, with a provider that takes all of a call at once."""

from dataclasses import replace

import pytest

from sheets_crm.claims import together
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.claims.values import AnswerKind
from tests.claims.plays import PLAYS, SUBJECTS, first_pass, play_everywhere
from tests.claims.world import MAILBOX_CAP, ProviderOfMany, World, enrolment

SHORT = {"kill", "lost disk", "second worker later", "set back", "do not contact, in the store alone"}


@pytest.fixture(autouse=True)
def provider_of_many(monkeypatch):
    """The caps of these worlds let two messages leave a day: so many are in hand at once."""
    monkeypatch.setattr(World, "make_provider", ProviderOfMany)
    monkeypatch.setattr(World, "in_hand", MAILBOX_CAP)


@pytest.mark.long
@pytest.mark.parametrize("play", [play for play in PLAYS if play.name in SHORT], ids=lambda play: play.name)
def test_at_every_boundary(play):
    assert play_everywhere(first_pass, play) > 20


@pytest.mark.long
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name)
def test_at_every_boundary_of_every_pass(play, subject):
    assert play_everywhere(subject, play) > 10


@pytest.mark.long
@pytest.mark.parametrize("kind", AnswerKind)
@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("play", [play for play in PLAYS if play.name in SHORT], ids=lambda play: play.name)
def test_whatever_the_provider_says_of_one_of_them(play, kind, left):
    answers = {"N-0001.1.1": (kind, left if kind is AnswerKind.NO_ANSWER else kind is AnswerKind.ACCEPTED)}
    assert play_everywhere(first_pass, play, answers) > 20


def world_of(people):
    """Nobody's mailbox has a cap that they reach."""
    world = World()
    rows = [replace(enrolment(n), mailbox=f"box-{n}") for n in people]
    world.workbook.rows = {row.enrolment: row for row in rows}
    return world


def test_a_call_is_of_one_campaign_and_takes_so_many(monkeypatch):
    monkeypatch.setattr(together, "AT_ONCE", 2)
    world = world_of(range(1, 6))
    world.workbook.campaigns = frozenset({"K-01", "K-02"})
    world.workbook.rows["N-0002"] = replace(world.workbook.rows["N-0002"], campaign_id="K-02")
    report = play(drip(world.ports()))
    numbers = [tuple(int(message[5]) for message in call) for call in world.provider.calls]
    assert sorted(map(len, numbers)) == [1, 2, 2]
    assert (2,) in numbers
    assert len(report.handed) == 5


def test_a_message_that_the_answer_does_not_name_is_unknown(monkeypatch):
    world = world_of((1, 2))
    hand_over = world.provider.hand_over_together
    monkeypatch.setattr(
        world.provider,
        "hand_over_together",
        lambda messages: {k: v for k, v in hand_over(messages).items() if k == "N-0001.1.1"},
    )
    play(drip(world.ports()))
    claims = {row.enrolment: row.claim for row in world.workbook.rows.values()}
    assert claims == {"N-0001": ClaimState.ACCEPTED, "N-0002": ClaimState.UNKNOWN}


def before(steps, name):
    """A pass that is stopped just before its first call of a name, and that call."""
    call = next(steps)
    while not call.name.endswith(name):
        call = steps.send(call.make())
    return call


def to_the_end(steps, call):
    """The report of a pass that goes on with a call."""
    try:
        while True:
            call = steps.send(call.make())
    except StopIteration as end:
        return end.value


def test_whoever_is_stopped_meanwhile_does_not_leave_with_the_others():
    """Only the store hears of it, after the claim."""
    world = world_of((1, 2))
    call = before(steps := drip(world.ports()), "confirm")
    world.suppressions.added = frozenset({"p1@cliente.cl"})
    assert to_the_end(steps, call).released == ("N-0001.1.1",)
    assert world.provider.calls == [("N-0002.1.1",)]
    assert world.workbook.rows["N-0001"].claim is ClaimState.CANCELLED


def test_what_another_worker_began_does_not_leave_again():
    world = world_of((1, 2))
    call = before(steps := drip(world.ports()), "begin_hand_overs")
    assert world.stores["store-1"].begin_hand_over("N-0001.1.1", 1, world.clock.now())
    to_the_end(steps, call)
    assert world.provider.calls == [("N-0002.1.1",)]


def test_nothing_leaves_after_its_deadline():
    world = world_of((1, 2))
    call = before(steps := drip(world.ports()), "confirm")
    world.clock.sleep(minutes=11)
    assert to_the_end(steps, call).handed == ()
    assert not world.provider.calls
