"""Every play at every boundary of a pass: each commit of the store, guarded write, hand-over and answer."""

import pytest

from sheets_crm.claims.values import AnswerKind
from tests.claims.plays import PLAYS, SUBJECTS, first_pass, play_everywhere

SHORT = {"kill", "lost disk", "second worker later", "set back", "write late"}
ANSWERS = {
    "a passing refusal": (AnswerKind.NOT_SENT, False),
    "refused for good": (AnswerKind.REFUSED, False),
    "no answer, and it left": (AnswerKind.NO_ANSWER, True),
    "no answer, and it did not leave": (AnswerKind.NO_ANSWER, False),
}


@pytest.mark.parametrize("play", [play for play in PLAYS if play.name in SHORT], ids=lambda play: play.name)
def test_at_every_boundary(play):
    assert play_everywhere(first_pass, play) > 30


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
