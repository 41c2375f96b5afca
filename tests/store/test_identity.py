"""Which store this is: a backup, a restored store and a new file are others; backups are taken between two passes."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.values import Answer, AnswerKind
from sheets_crm.errors import Retryable
from sheets_crm.store import backups, identity, keeping, stillness
from sheets_crm.store.access import Store
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.schema import METADATA
from tests.store.conftest import NOW
from tests.store.test_claims import claimed, confirmed, pending

OF_0002 = {"alembic_version", "changes", "taken_over", "job_runs", "leases", "mirrors", "leads"}

AT = datetime.fromtimestamp(NOW, tz=UTC)


def id_of(store):
    return store.read(identity.store_id)


def id_in(path):
    with closing(sqlite3.connect(path)) as file:
        return file.execute("SELECT store_id, is_backup FROM store_identity").fetchone()


def test_a_store_keeps_its_id_and_has_one(place):
    first = id_of(place.store())
    assert (len(first), id_of(place.store())) == (16, first)


def test_no_two_stores_have_the_same(tmp_path):
    made = [Store(f"sqlite:///{tmp_path / name}" + "/crm.db", tmp_path) for name in ("one", "other")]
    assert len({id_of(store) for store in made}) == 2


def test_a_store_has_one_id_and_no_second(place):
    with pytest.raises(Retryable):
        place.store().write(identity.make)
    with pytest.raises(Retryable):
        place.store().write(lambda c: c.execute(text("INSERT INTO store_identity VALUES (2, 'second', false)")))


def test_a_store_is_renamed(place):
    StoredClaims(place.store(), "book").rename("another")
    assert id_of(place.store()) == "another"


def test_a_backup_opened_as_a_store_gets_another_id_once(file_place, tmp_path):
    store = file_place.store()
    own = id_of(store)
    backup = keeping.back_up(store)
    assert (id_in(backup), id_in(store.file)) == ((own, 1), (own, 0))
    assert id_of(store) == own
    opened = [id_of(Store(f"sqlite:///{backup}", tmp_path / "elsewhere")) for _ in range(2)]
    assert opened[0] == opened[1] != own


@pytest.mark.long
@pytest.mark.parametrize("by_other_means", [False, True])
def test_a_restored_store_has_another_id(file_place, tmp_path, by_other_means):
    store = file_place.store()
    own, backup = id_of(store), keeping.back_up(store)
    if by_other_means:
        backup = shutil.copy(store.file, tmp_path / "copied.db")
    keeping.restore(store, tmp_path / backup)
    restored = id_of(store)
    assert restored != own
    assert id_in(backup) == (own, not by_other_means)
    assert id_of(file_place.store()) == restored
    assert not list(file_place.state_dir.glob(".*"))


def test_a_restore_that_dies_before_the_store_is_opened_again_has_another_id(file_place):
    store = file_place.store()
    own, backup = id_of(store), keeping.back_up(store)
    backups.put_back(backup, store.file, file_place.state_dir)
    assert id_in(store.file) == (own, 1)
    assert id_of(file_place.store()) != own


@pytest.mark.long
def test_a_restored_backup_without_an_identity_gets_one(file_place, tmp_path):
    store = file_place.store()
    own, older = id_of(store), tmp_path / "older.db"
    with closing(sqlite3.connect(older)) as file:
        store.read(lambda c: c.connection.driver_connection.backup(file))
        for table in reversed(METADATA.sorted_tables):
            if table.name not in OF_0002:
                file.execute(f"DROP TABLE {table.name}")
        file.execute("UPDATE alembic_version SET version_num = '0002'")
        file.commit()
    keeping.restore(store, older)
    assert id_of(store) not in {own, None}


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b"x" * 9_999), lambda file: file.unlink()])
def test_a_store_that_was_lost_comes_back_as_another_one(file_place, spoil):
    store = file_place.store()
    own = id_of(store)
    spoil(store.file)
    assert id_of(store) != own


# -- between two passes


def in_pass(place, *, seconds=600):
    claims = StoredClaims(place.store(), "book")
    assert claims.lease("worker", AT, AT + timedelta(seconds=seconds))
    return claims


def test_a_backup_waits_for_the_end_of_a_pass(file_place):
    claims, slept, made = in_pass(file_place), [], []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            claims.end_lease("worker")

    stillness.when_still(file_place.store(), lambda: made.append(len(slept)), sleep)
    assert made == [3]


def test_a_backup_does_not_wait_for_ever(file_place, monkeypatch):
    in_pass(file_place)
    monkeypatch.setattr(stillness, "WAITS", 0)
    made = []
    with pytest.raises(Retryable, match=f"{AT + timedelta(minutes=10):%H:%M}"):
        stillness.when_still(file_place.store(), lambda: made.append(1), lambda _seconds: None)
    assert not made


def test_a_pass_that_was_killed_holds_up_no_backup_once_its_lease_has_run_out(file_place):
    in_pass(file_place)
    file_place.now += 600
    assert keeping.back_up(file_place.store())


def test_the_leases_of_jobs_hold_up_nothing(file_place):
    file_place.store().write(
        lambda c: c.execute(text("INSERT INTO leases VALUES ('report book', 'a', '2999-01-01 00:00:00')"))
    )
    assert keeping.back_up(file_place.store())


def test_no_pass_begins_while_the_copy_is_made(file_place):
    store = file_place.store()
    store.prepare()
    other = sqlite3.connect(store.file, timeout=0)

    def copy():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    with closing(other):
        stillness.when_still(store, copy)


def test_a_store_is_not_migrated_in_a_pass(place):
    in_pass(place)
    place.store().write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0002'")))
    with pytest.raises(Retryable, match="UTC"):
        place.store(migrates=True).prepare()
    assert not backups.kept(place.state_dir)


# -- claims that a backup had open


@pytest.mark.long
def test_open_claims_of_a_restored_store_are_in_doubt_and_all_others_as_they_were(file_place):
    store = file_place.store()
    claims = StoredClaims(store, "book")
    confirmed(claims, 1, *(claimed(n=n) for n in (1, 2, 3, 4)))
    claims.release(["N-0002.1.1"])
    claims.begin_hand_over("N-0003.1.1", 1, AT)
    claims.answer("N-0003.1.1", Answer(AnswerKind.ACCEPTED))
    claims.close({"N-0004.1.1": ClaimState.CANCELLED})
    claims.raise_epoch(pending(2, claimed((2, 1), epoch=2)))
    before = claims.latest()
    keeping.restore(store, keeping.back_up(store))
    restored = claims.latest()
    assert {key: restored[key] for key in ("N-0002", "N-0003", "N-0004")} == {
        key: before[key] for key in ("N-0002", "N-0003", "N-0004")
    }
    assert restored["N-0001"].handing_at == before["N-0001"].row.claimed_at
    assert not claims.begin_hand_over("N-0001.1.1", 1, AT)
    assert claims.release(["N-0001.1.1"]) == frozenset()
    assert claims.confirm(2, 3)
    assert claims.latest()["N-0001"].message_id == "N-0001.2.1"
    assert not claims.begin_hand_over("N-0001.2.1", 2, AT)
