"""Pushes killed and disturbed at the boundaries of a pass: each commit of the store, run, call and answer.

A play takes most of a second at each boundary, with real files and the stand-in. So each play has its share of the
boundaries, and all plays together have all of them; this one plays every play at every boundary:
PUSH_PLAYS=all pytest -m long tests/push/test_push_kills.py
"""

import os

import pytest

from tests.push.plays import PLAYS, play_at
from tests.push.world import World
from tests.store.file_store import Files

SHARES = 1 if os.environ.get("PUSH_PLAYS") == "all" else 6


@pytest.fixture
def make_world(api, stand_ins, tmp_path):
    files = Files(tmp_path)
    return lambda **given: World(api, stand_ins, files, **given)


@pytest.mark.long
@pytest.mark.parametrize(("number", "play"), list(enumerate(PLAYS)), ids=lambda each: getattr(each, "name", ""))
def test_at_boundaries_of_a_pass(make_world, number, play):
    boundary, played = 1 + 2 * (number % SHARES), 0
    while play_at(make_world, play, boundary):
        boundary, played = boundary + 2 * SHARES, played + 1
    assert played > 2
