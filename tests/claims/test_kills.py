"""Every play at every boundary of a pass: each commit of the store, guarded write, hand-over and answer."""

import pytest

from tests.claims.plays import PLAYS, SUBJECTS, play_everywhere


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name)
def test_at_every_boundary(play, subject):
    assert play_everywhere(subject, play) > 10
