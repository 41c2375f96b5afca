"""Backups: whole, the owner's alone, kept N, and erased people go from them too."""

import pytest

from sheets_crm.plan.plan import LeadChange
from sheets_crm.store import backups, keeping
from sheets_crm.store.journal import StoredJournal

WHEN = "2026-05-28T10:00:00+00:00"


def noted(store, *leads):
    changes = [LeadChange(n, "email", "", f"person{n}@one.example", "r") for n in leads]
    StoredJournal(store, "book").note(WHEN, "run", 1, changes)


def leads(store):
    return [entry["lead"] for entry in StoredJournal(store, "book").entries()]


@pytest.mark.long
def test_as_many_are_kept_as_is_said_and_the_oldest_go(file_place):
    store = file_place.store()
    made = []
    for _ in range(backups.KEPT + 3):
        made.append(keeping.back_up(store))
        file_place.now += 60
    assert backups.kept(file_place.state_dir) == made[3:]
    assert {path.stat().st_mode & 0o777 for path in made[3:]} == {0o600}
    assert sorted(path.name for path in made[0].parent.iterdir()) == [path.name for path in made[3:]]


def test_two_of_one_second_are_two(file_place):
    store = file_place.store()
    assert keeping.back_up(store) != keeping.back_up(store)
    assert len(backups.kept(file_place.state_dir)) == 2


@pytest.mark.long
def test_a_restored_store_is_as_it_was_and_the_one_before_is_kept(file_place):
    store = file_place.store()
    noted(store, 1)
    backup = keeping.back_up(store)
    noted(store, 2)
    before = keeping.restore(store, backup)
    assert leads(store) == [1]
    keeping.restore(file_place.store(), before)
    assert leads(file_place.store()) == [1, 2]


@pytest.mark.long
def test_the_oldest_backup_can_be_restored_though_the_restore_makes_one_more(file_place):
    store = file_place.store()
    noted(store, 1)
    oldest = keeping.back_up(store)
    noted(store, 2)
    for _ in range(backups.KEPT - 1):
        file_place.now += 60
        keeping.back_up(store)
    file_place.now += 60
    keeping.restore(store, oldest)
    assert leads(store) == [1]


def test_an_erased_person_is_in_no_backup(file_place):
    store = file_place.store()
    noted(store, 1, 2)
    backup = keeping.back_up(store)
    StoredJournal(store, "book").erase(lambda entry: entry["lead"] == 1)
    for path in (*file_place.state_dir.rglob("*.db*"), backup):
        assert b"person1@one.example" not in path.read_bytes(), path
    assert b"person2@one.example" in backup.read_bytes()
