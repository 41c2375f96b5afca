"""How a store is opened: made, migrated after a backup, refused, set aside when it is damaged."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from sheets_crm.engine.journal_lines import entries_of
from sheets_crm.errors import Retryable, SettingsError
from sheets_crm.plan.plan import LeadChange
from sheets_crm.store import backups, changes, durability, identity, migrating, opening
from sheets_crm.store.access import Store
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.schema import HEAD, METADATA

ROOT = Path(__file__).resolve().parents[2]
WHEN = "2026-05-28T10:00:00+00:00"


def noted(store, *leads):
    StoredJournal(store, "book").note(WHEN, "run", 1, [LeadChange(n, "notes", "", "x", "r") for n in leads])


def leads(store):
    return [entry["lead"] for entry in StoredJournal(store, "book").entries()]


def set_version(place, version):
    place.store().write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version}))


# -- made


def test_a_file_is_its_owner_s_alone(file_place):
    noted(file_place.store(), 1)
    assert file_place.store().file.stat().st_mode & 0o777 == 0o600
    assert file_place.store().file.parent.stat().st_mode & 0o777 == 0o700


def test_a_commit_of_sqlite_is_on_the_disk(file_place, monkeypatch):
    monkeypatch.setattr(durability, "SYNCHRONOUS", "FULL")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    asked = file_place.store().read(lambda c: [c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas])
    assert asked == ["wal", 2, 1, 1, 30_000]


@pytest.mark.long
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_commit_of_postgresql_is_on_the_disk(place):
    assert place.store().read(lambda c: c.execute(text("SHOW synchronous_commit")).scalar()) == "on"


@pytest.mark.long
def test_the_migrations_lead_to_the_tables_of_this_version(empty):
    engine = opening.connected(empty.address)
    if empty.sqlite:
        opening.create_file(empty.store().file)
    with engine.execution_options(writes=True).begin() as connection:
        migrating.migrate(connection)
        assert opening.schema_version(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


@pytest.mark.long
@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004", "0005", "0006", "0007"])
def test_a_store_of_an_earlier_version_keeps_its_journal_and_gets_the_tables_that_it_lacks(empty, version):
    engine = opening.connected(empty.address)
    if empty.sqlite:
        opening.create_file(empty.store().file)
    with engine.execution_options(writes=True).begin() as connection:
        migrating.migrate(connection, version)
        changes.note(connection, entries_of(WHEN, "run", 1, [LeadChange(7, "notes", "", "x", "r")], "book"))
        if version > "0001":
            connection.execute(text("INSERT INTO mirrors (workbook, sequence) VALUES ('book', 5)"))
            connection.execute(
                text("INSERT INTO leads (workbook, lead_number, email, digest) VALUES ('book', 7, 'a@b.c', 1)")
            )
    engine.dispose()
    with pytest.raises(SettingsError, match=version):
        leads(empty.store())
    store = empty.store(migrates=True)
    assert leads(store) == [7]
    tables = ("leads", "messages", "intake", "activities", "feed_cursors")
    asked = text(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables))
    assert store.read(lambda c: c.execute(asked).scalars().all()) == [version > "0001", 0, 0, 0, 0]
    assert len(store.read(identity.store_id)) == 16
    assert len(backups.kept(empty.state_dir)) == empty.sqlite


def test_an_empty_database_gets_the_tables_without_alembic(empty):
    noted(empty.store(), 1)
    assert leads(empty.store()) == [1]


def test_what_fails_leaves_nothing_behind(place):
    store = place.store()
    noted(store, 1)

    def fails(connection):
        connection.execute(text("DELETE FROM changes"))
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fails)
    assert leads(store) == [1]


# -- another version


def test_a_newer_version_is_refused_with_what_to_do(place):
    set_version(place, "9999")
    with pytest.raises(SettingsError, match="9999") as refused:
        leads(place.store(migrates=True))
    assert "store restore" in refused.value.remedy


def test_an_older_version_is_refused_and_migrated_by_init_alone(place, monkeypatch):
    noted(place.store(), 1)
    set_version(place, "0000")
    with pytest.raises(SettingsError, match="0000") as refused:
        leads(place.store())
    assert "sheets-crm init" in refused.value.remedy

    made = []

    def migrate(connection):
        made.append(opening.schema_version(connection))
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": HEAD})

    monkeypatch.setattr(migrating, "migrate", migrate)
    assert leads(place.store(migrates=True)) == [1]
    assert made == ["0000"]
    (said,) = place.warned
    if place.sqlite:
        (backup,) = backups.kept(place.state_dir)
        assert str(backup) in said
        assert backups.version_in(backup, backup.parent) == "0000"
        assert backup.stat().st_mode & 0o777 == 0o600
    else:
        assert "pg_dump" in said


def test_a_migration_that_fails_leaves_the_version_before(place, monkeypatch):
    noted(place.store(), 1)
    set_version(place, "0000")

    def migrate(connection):
        connection.execute(text("CREATE TABLE half (n INTEGER)"))
        connection.execute(text("DROP TABLE changes"))
        raise KeyError

    monkeypatch.setattr(migrating, "migrate", migrate)
    with pytest.raises(KeyError):
        leads(place.store(migrates=True))
    set_version_back = place.store(migrates=True)
    monkeypatch.setattr(
        migrating, "migrate", lambda c: c.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": HEAD})
    )
    assert leads(set_version_back) == [1]


def test_another_program_s_database_is_left_alone(empty):
    engine = opening.connected(empty.address)
    if empty.sqlite:
        opening.create_file(empty.store().file)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    engine.dispose()
    with pytest.raises(SettingsError, match="another program"):
        leads(empty.store(migrates=True))


# -- damage


DAMAGES = {
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 64),
    "a text": lambda path: path.write_text("not a database, " * 100),
    "garbage inside": lambda path: path.write_bytes(
        path.read_bytes()[:100] + b"\xff" * (path.stat().st_size - 100)
    ),
    "a folder": lambda path: (path.unlink(), path.mkdir(), (path / "x").write_text("7")),
}


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("opened", [False, True])
def test_a_damaged_file_is_set_aside_and_an_empty_store_made(file_place, damage, opened):
    store = file_place.store()
    noted(store, 1)
    DAMAGES[damage](store.file)
    if not opened:
        store = file_place.store()
    noted(store, 2)
    assert leads(store) == [2]
    (aside,) = store.file.parent.glob("crm.db.damaged-*")
    assert aside.exists()
    if damage != "a folder":
        (said,) = file_place.warned
        assert aside.name in said


@pytest.mark.parametrize("opened", [False, True])
def test_a_file_that_is_gone_or_empty_is_made_again(file_place, opened):
    for spoil in (Path.unlink, lambda path: path.write_bytes(b"")):
        store = file_place.store()
        noted(store, 1)
        spoil(store.file)
        store = store if opened else file_place.store()
        noted(store, 2)
        assert leads(store) == [2]
    assert file_place.warned == []


# -- a disk that is full, a process that dies


@pytest.mark.long
def test_a_full_disk_leaves_the_store_as_it_was_and_says_so(file_place, monkeypatch):
    noted(file_place.store(), *range(100))
    configure = opening._configure_sqlite

    def small(connection, record):
        configure(connection, record)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}").close()

    monkeypatch.setattr(opening, "_configure_sqlite", small)
    full = file_place.store()
    with pytest.raises(OSError, match="No space left"):
        noted(full, *range(10_000))
    monkeypatch.undo()
    assert leads(file_place.store()) == list(range(100))


DIES = """
import os, signal, sys
from pathlib import Path
from sheets_crm.plan.plan import LeadChange
from sheets_crm.store import changes
from sheets_crm.store.access import Store
from sheets_crm.store.journal import StoredJournal
store = Store(sys.argv[1], Path(sys.argv[2]))
journal = StoredJournal(store, "book")
note = lambda *leads: journal.note("2026-05-28T10:00:00+00:00", "run", 1, [LeadChange(n, "notes", "", "x" * 500, "r") for n in leads])
note(1, 2, 3)
def dies(connection):
    changes.note(connection, changes_of(range(4, 5000)))
    os.kill(os.getpid(), signal.SIGKILL)
from sheets_crm.engine.journal_lines import entries_of
changes_of = lambda leads: entries_of("2026-05-28T10:00:00+00:00", "run", 2, [LeadChange(n, "notes", "", "x" * 500, "r") for n in leads], "book")
store.write(dies)
"""


@pytest.mark.long
def test_a_process_killed_in_a_commit_leaves_what_was_there_before(file_place):
    store = file_place.store()
    done = subprocess.run(
        [sys.executable, "-c", DIES, store.address, file_place.state_dir], cwd=ROOT, check=False, env=os.environ
    )
    assert done.returncode == -9
    assert leads(store) == [1, 2, 3]
    with closing(sqlite3.connect(store.file)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


RACES = """
import sys
from pathlib import Path
from sheets_crm.plan.plan import LeadChange
from sheets_crm.store.access import Store
from sheets_crm.store.journal import StoredJournal
journal = StoredJournal(Store(sys.argv[1], Path(sys.argv[2])), "book")
for n in range(20):
    journal.note("2026-05-28T10:00:00+00:00", "run", n, [LeadChange(int(sys.argv[3]), "notes", "", n, "r")])
"""


@pytest.mark.long
def test_two_processes_that_make_and_use_one_store_lose_nothing(file_place):
    store = file_place.store()
    command = [sys.executable, "-c", RACES, store.address, file_place.state_dir]
    both = [subprocess.Popen([*command, str(n)], cwd=ROOT) for n in (1, 2)]
    assert [process.wait() for process in both] == [0, 0]
    assert sorted(leads(store)) == [1] * 20 + [2] * 20


# -- PostgreSQL that cannot be reached


@pytest.mark.long
def test_a_server_that_is_away_is_said_without_the_password(tmp_path):
    address = f"postgresql+psycopg://crm:S3cret@/crm?host={tmp_path}"
    with pytest.raises(Retryable) as refused:
        Store(address, tmp_path).prepare()
    assert "S3cret" not in f"{refused.value} {refused.value.remedy} {refused.value.__cause__}"
    assert refused.value.remedy
