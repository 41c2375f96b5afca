"""The plays of the kernel's passes on real SQLite files: each commit is one of a file that others open too."""

import contextlib
import os

import pytest

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.message import message_id
from sheets_crm.store import backups, keeping
from tests.claims.plays import (
    OTHER,
    PLAYS,
    SUBJECTS,
    Play,
    adopting_a_lost_store,
    driven,
    first_pass,
    killed_at,
    play_at,
)
from tests.claims.world import Killed, World
from tests.store.file_store import FileClaims, Files


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    files = Files(tmp_path)
    monkeypatch.setattr(World, "make_store", staticmethod(files))
    return files


def restored_by_the_verb(course):
    """The store's disk is gone; what is there is its last backup between two passes, and a store that it is put into."""
    kept = course.backup.store
    backup = backups.back_up(kept.file, kept.state_dir, 1_780_000_000)
    store = course.store.files.empty()
    keeping.restore(store, backup)
    course.store = FileClaims(store, course.store.files)
    course.world.stores = {"restored": course.store}
    raise Killed


def damaged(course):
    """The file is damaged: it is set aside at the next use, in the middle of the pass."""
    course.store.store.file.write_bytes(b"no database" * 1_000)


def damaged_and_kill(course):
    damaged(course)
    raise Killed


def deleted(course):
    course.store.store.file.unlink()


OF_FILES = [
    Play("restored by the verb", restored_by_the_verb, 2, OTHER),
    Play("damaged", damaged, 2, OTHER),
    Play("damaged and kill", damaged_and_kill, 2, OTHER),
    Play("deleted", deleted, 2, OTHER),
]


# A pass on files takes a hundred times as long as one on models, which are played at every boundary (`tests/claims`).
# Here each play has its share of the boundaries, and all plays together have all of them; this one plays every play at
# every boundary:  CLAIMS_PLAYS=all pytest -m long tests/store/test_claims_plays.py
SHARES = 1 if os.environ.get("CLAIMS_PLAYS") == "all" else 6


def play_its_share(subject, play, number):
    """A play at every sixth boundary after a call, the first of which differs from play to play; how many there are."""
    boundary, played = 1 + 2 * (number % SHARES), 0
    while play_at(subject, play, boundary):
        boundary, played = boundary + 2 * SHARES, played + 1
    return played


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "play"), list(enumerate([*OF_FILES, *PLAYS])), ids=lambda each: getattr(each, "name", "")
)
def test_at_boundaries_of_a_first_pass(number, play):
    assert play_its_share(first_pass, play, number) > 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "subject"), list(enumerate(SUBJECTS[1:])), ids=lambda each: getattr(each, "__name__", "")
)
def test_kills_at_boundaries_of_other_passes(number, subject):
    kill = next(play for play in PLAYS if play.name == "kill")
    assert play_its_share(subject, kill, number) > 1


@pytest.mark.long
def test_a_restored_store_is_another_one_and_its_open_claims_become_unknown():
    """What the backup has of claims under way: nobody says what became of them, so none is sent again."""
    course, steps = first_pass(None)
    killed_at(course, steps(), "hand_over")
    course.keep()
    claimed = set(course.store.open_claims())
    with contextlib.suppress(Killed):
        restored_by_the_verb(course)
    course.world.clock.sleep(minutes=11)  # the lease of the pass was in the copy
    assert course.world.drip(course.store).judgement is Judgement.OTHER_STORE
    report = course.world.adopt(course.store)
    assert report.done
    shown = {message_id(row) for row in course.workbook.rows.values() if row.claim is ClaimState.UNKNOWN}
    assert set(report.unknown) == shown == claimed
    assert course.world.drip(course.store).judgement is Judgement.IN_ORDER
    assert len(course.world.provider.log) == 1


@pytest.mark.long
def test_an_image_of_the_disk_is_an_earlier_state_of_the_same_store():
    course, steps = first_pass(None)
    driven(steps(), -1, lambda: None)
    course.world.clock.sleep(days=2)
    image = course.backup
    assert image.store_id == course.store.store_id
    assert course.world.drip(image).judgement is Judgement.RESTORED
    assert course.world.adopt(image).done
    assert image.store_id != course.store.store_id
    assert course.world.drip(image).judgement is Judgement.IN_ORDER
    assert course.world.drip(course.store).judgement is Judgement.OTHER_STORE


@pytest.mark.long
def test_a_damaged_store_claims_nothing_as_another_one():
    course, steps = first_pass(None)
    driven(steps(), -1, lambda: None)
    sent = len(course.world.provider.log)
    damaged(course)
    course.world.clock.sleep(days=2)
    assert course.world.drip(course.store).judgement is Judgement.OTHER_STORE
    assert len(course.world.provider.log) == sent
    assert list(course.store.store.file.parent.glob("*.damaged-*"))


@pytest.mark.long
@pytest.mark.parametrize("subject", [first_pass, pytest.param(adopting_a_lost_store, marks=pytest.mark.long)])
def test_the_lease_is_given_back(subject):
    course, steps = subject(None)
    driven(steps(), -1, lambda: None)
    assert course.store.leases == []
