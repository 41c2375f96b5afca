"""Every play at every boundary of a pass: each commit of the store, guarded write, hand-over and answer."""

import pytest

from sheets_crm.claims.enrolling import enrol
from sheets_crm.claims.values import AnswerKind
from tests.claims.plays import (
    PLAYS,
    SUBJECTS,
    adopting_a_lost_store,
    driven,
    first_pass,
    play_everywhere,
    port_raises,
)
from tests.claims.world import PortError, newcomer

SHORT = {"kill", "lost disk", "second worker later", "set back", "write late"}
ANSWERS = {
    "a passing refusal": (AnswerKind.NOT_SENT, False),
    "refused for good": (AnswerKind.REFUSED, False),
    "no answer, and it left": (AnswerKind.NO_ANSWER, True),
    "no answer, and it did not leave": (AnswerKind.NO_ANSWER, False),
}


@pytest.mark.long
@pytest.mark.parametrize("play", [play for play in PLAYS if play.name in SHORT], ids=lambda play: play.name)
def test_at_every_boundary(play):
    assert play_everywhere(first_pass, play) > 30


def enrolling_somebody(play_):
    course, _ = first_pass(play_)
    return course, lambda: enrol(course.world.ports(course.store), [newcomer(9)])


@pytest.mark.parametrize("subject", [first_pass, adopting_a_lost_store, enrolling_somebody])
def test_whatever_port_raises_the_lease_is_given_back(subject):
    """But where giving it back is what failed, the last call of all."""
    kept, boundary, reached = [], 0, True
    while reached:
        course, steps = subject(None)
        course.store.holder = ("", None)
        try:
            reached, _ = driven(steps(), boundary, lambda course=course: port_raises(course))
        except PortError:
            kept += [boundary] if course.store.holder[0] else []
        boundary += 1
    assert kept == [boundary - 3]


@pytest.mark.long
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name)
def test_at_every_boundary_of_every_pass(play, subject):
    assert play_everywhere(subject, play) > 10


@pytest.mark.long
@pytest.mark.parametrize("answer", ANSWERS, ids=str)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name)
def test_whatever_the_provider_says(play, answer):
    answers = {"N-0001.1.1": ANSWERS[answer], "N-0002.2.1": ANSWERS[answer]}
    assert play_everywhere(first_pass, play, answers) > 30
