"""The cache file: made, read and written whole; damaged, full, locked, read-only; threads, processes, deaths."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cache_rows import change, rows_of

from sheets_crm.engine import cache_file, caches, state, state_files
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import CACHES, FACTS
from sheets_crm.errors import Retryable

ROOT = Path(__file__).resolve().parents[2]
BODIES = {name: f"{name}: ".encode() + bytes(range(256)) * 40 for name in ("leads", "pending", "layout")}
FACTS_OF_ONE = {"sequence": 4, "time_zone": "UTC", "own_tabs": [[7, "x" * 500]]}


@pytest.fixture
def filled(tmp_path):
    """A state folder whose cache file has rows in several pages."""
    fill(tmp_path)
    return tmp_path


def fill(state_dir):
    state.save_facts(state_dir, "one", FACTS_OF_ONE)
    for name, body in BODIES.items():
        caches.save(state_dir, "one", name, body)


def content(state_dir):
    """All that can be read of it."""
    bodies = {name: caches.load(state_dir, "one", name, bytes) for name in BODIES}
    return state.load_facts(state_dir, "one"), {name: body for name, body in bodies.items() if body is not None}


# -- made


def test_it_is_its_owners_alone_on_the_disk_and_nothing_stands_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_file, "SYNCHRONOUS", "EXTRA")
    folder = tmp_path / "state"
    state.save_facts(folder, "one", {"sequence": 4})
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("cache.db", 0o600)]
    pragmas = ("synchronous", "secure_delete", "journal_mode", "busy_timeout")
    with closing(CacheFile(folder)._connected()) as connection:
        assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == [3, 1, "delete", 30_000]


def test_reading_makes_nothing(tmp_path):
    folder = tmp_path / "state"
    assert content(folder) == ({}, {})
    caches.delete(folder, "one", "leads")
    assert not folder.exists()


def test_what_fails_leaves_nothing_behind(filled):
    before = content(filled)

    def fails(rows):
        rows.delete(FACTS)
        raise KeyError

    with pytest.raises(KeyError):
        CacheFile(filled).write(fails)
    assert content(filled) == before


def test_tables_of_another_version_are_made_anew_and_the_file_stays(filled):
    change(filled, f"PRAGMA user_version={cache_file.LAYOUT + 1}")
    number = (filled / "cache.db").stat().st_ino
    assert content(filled) == ({}, {})
    fill(filled)
    assert content(filled) == (FACTS_OF_ONE, BODIES)
    assert (filled / "cache.db").stat().st_ino == number
    assert [path.name for path in filled.iterdir()] == ["cache.db"]


# -- damage


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE facts (n INTEGER)")


def cut(path, share=2):
    os.truncate(path, path.stat().st_size // share)


def folder_in_place(path):
    path.unlink()
    path.mkdir()
    (path / "x").write_text("7")


def pipe_in_place(path):
    path.unlink()
    os.mkfifo(path)


def without_a_table(path):
    with closing(sqlite3.connect(path)) as file:
        for table in ("facts", "caches"):
            file.execute(f"DROP TABLE {table}")


def garbage_inside(path):
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * (path.stat().st_size - 100))


DAMAGES = {
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 64),
    "a text": lambda path: path.write_text("not a database, " * 100),
    "garbage inside": garbage_inside,
    "half": cut,
    "of another program": of_another_program,
    "without its tables": without_a_table,
    "a folder": folder_in_place,
    "a pipe": pipe_in_place,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("first", ["read", "written"])
def test_a_damaged_file_is_set_aside_and_counts_as_none(filled, damage, first, caplog):
    DAMAGES[damage](filled / "cache.db")
    if first == "read":
        assert content(filled) == ({}, {})
    fill(filled)
    assert content(filled) == (FACTS_OF_ONE, BODIES)
    assert {path.name for path in filled.iterdir()} == {"cache.db", "cache.db.damaged-1"}
    assert "cache.db is damaged and was set aside as cache.db.damaged-1" in caplog.text


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["gone", "empty"])
def test_a_file_that_is_gone_or_empty_is_made_again(filled, spoil):
    spoil(filled / "cache.db")
    assert content(filled) == ({}, {})
    fill(filled)
    assert content(filled) == (FACTS_OF_ONE, BODIES)
    assert [path.name for path in filled.iterdir()] == ["cache.db"]


@pytest.mark.parametrize("name", ["cache.db-journal", "cache.db-wal"])
def test_a_folder_where_sqlite_keeps_its_journal_is_set_aside(filled, name):
    (filled / name).mkdir()
    (filled / name / "x").write_text("7")
    state.save_facts(filled, "one", {"sequence": 5})
    assert content(filled) == (FACTS_OF_ONE | {"sequence": 5}, BODIES)


def test_a_damaged_file_takes_along_what_stands_beside_it(filled):
    (filled / "cache.db-journal").write_bytes(b"half a journal")
    garbage_inside(filled / "cache.db")
    state.save_facts(filled, "one", {"sequence": 5})
    assert {path.name for path in filled.iterdir()} >= {"cache.db", "cache.db.damaged-1"}
    assert not (filled / "cache.db-journal").exists()


def flipped_bytes(state_dir, step):
    """Flip one byte after another: what is read was written, or is missing; what is written then, is read."""
    path = state_dir / "cache.db"
    whole, wrong = path.read_bytes(), []
    for place in range(0, len(whole), step):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        facts, bodies = content(state_dir)
        if not (facts.items() <= FACTS_OF_ONE.items() and bodies.items() <= BODIES.items()):
            wrong.append(place)
        for _ in range(2):  # where one write notices it, what was written before went with the damaged file
            fill(state_dir)
        if content(state_dir) != (FACTS_OF_ONE, BODIES):
            wrong.append(place)
        for aside in state_dir.glob("*.damaged-*"):
            aside.unlink()
    return wrong


def test_a_byte_that_a_disk_changed_is_noticed_wherever_it_is(filled):
    assert flipped_bytes(filled, 5003) == []


@pytest.mark.long
def test_a_byte_that_a_disk_changed_is_noticed_nearly_everywhere_in_turn(filled):
    assert flipped_bytes(filled, 37) == []


@pytest.mark.long
def test_a_file_that_is_cut_anywhere_is_noticed(filled):
    path = filled / "cache.db"
    whole = path.read_bytes()
    for length in range(1, len(whole), 997):
        path.write_bytes(whole[:length])
        facts, bodies = content(filled)
        assert facts.items() <= FACTS_OF_ONE.items(), length
        assert bodies.items() <= BODIES.items(), length
        fill(filled)
        assert content(filled) == (FACTS_OF_ONE, BODIES), length


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE caches SET body = substr(body, 1, length(body) - 1) WHERE name = 'leads' AND workbook = 'one'",
        "UPDATE caches SET body = 'a text' WHERE name = 'leads' AND workbook = 'one'",
        "UPDATE caches SET body = NULL, checksum = 0 WHERE name = 'leads' AND workbook = 'one'",
        "UPDATE caches SET name = 'leads' WHERE name = 'tables'",
        "UPDATE caches SET workbook = 'one' WHERE workbook = 'two'",
    ],
)
def test_a_row_with_another_checksum_counts_as_missing_and_is_deleted(filled, statement, caplog):
    """So does the row of another key: valid content is no proof that it is the one that was written."""
    if "tables" in statement or "two" in statement:
        caches.delete(filled, "one", "leads")
    caches.save(filled, "one", "tables", b"those")
    caches.save(filled, "two", "leads", b"another workbook's")
    if "NULL" in statement:
        statement = statement.replace("NULL", "x'00'")
    assert change(filled, statement) == 1
    assert caches.load(filled, "one", "leads", bytes) is None
    assert ("one", "leads") not in {row[:2] for row in rows_of(filled, "caches")}
    assert state.load_facts(filled, "one") == FACTS_OF_ONE
    assert "a row is damaged and is being rebuilt" in caplog.text
    assert not list(filled.glob("*.damaged-*"))


def test_a_damaged_file_that_cannot_be_set_aside_is_read_as_none_and_refuses_what_is_written(filled, monkeypatch):
    garbage_inside(filled / "cache.db")

    def refused(_self, _target):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "rename", refused)
    assert content(filled) == ({}, {})
    with pytest.raises(OSError, match="Input/output error") as raised:
        state.save_facts(filled, "one", {"sequence": 5})
    assert raised.value.errno == errno.EIO


# -- what the machine refuses


def test_a_full_disk_is_said_and_what_was_there_stays(filled, monkeypatch):
    connected = CacheFile._connected

    def small(self):
        connection = connected(self)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}").close()
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(CacheFile, "_connected", small)
        with pytest.raises(OSError, match="No space left") as raised:
            caches.save(filled, "one", "tables", b"x" * 1_000_000)
        assert raised.value.errno == errno.ENOSPC
        assert raised.value.filename == str(filled / "cache.db")
    assert content(filled) == (FACTS_OF_ONE, BODIES)
    assert caches.load(filled, "one", "tables", bytes) is None


def test_a_file_that_cannot_be_written_is_read_and_says_so_when_it_is_written(filled, monkeypatch):
    def read_only(self):
        return sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    monkeypatch.setattr(CacheFile, "_connected", read_only)
    assert content(filled) == (FACTS_OF_ONE, BODIES)
    with pytest.raises(OSError, match="Permission denied"):
        state.save_facts(filled, "one", {"sequence": 5})


@pytest.mark.parametrize(
    ("name", "number"),
    [("SQLITE_IOERR_WRITE", errno.EIO), ("SQLITE_CANTOPEN", errno.EIO), ("SQLITE_PERM", errno.EACCES)],
)
def test_what_the_disk_refuses_is_no_damage(filled, monkeypatch, name, number):
    def fails(_rows):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = name
        raise error

    with pytest.raises(OSError) as raised:
        CacheFile(filled).write(fails)
    assert raised.value.errno == number
    assert [path.name for path in filled.iterdir()] == ["cache.db"]


def test_a_disk_that_is_mounted_read_only_is_said_to_be(filled, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda _path: os.statvfs_result((0,) * 8 + (os.ST_RDONLY, 0)))
    monkeypatch.setattr(
        CacheFile, "_connected", lambda self: sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)
    )
    with pytest.raises(OSError, match="Read-only") as raised:
        caches.save(filled, "one", "leads", b"x")
    assert raised.value.errno == errno.EROFS


def test_a_file_that_another_program_has_locked_is_waited_for_and_then_said(filled, monkeypatch):
    monkeypatch.setattr(cache_file, "WAITS_FOR_LOCK", 0.02)
    with closing(sqlite3.connect(filled / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for use in (lambda: caches.save(filled, "one", "pending", b"x"), lambda: content(filled)):
            with pytest.raises(Retryable, match="locked") as refused:
                use()
            assert "Close" in refused.value.remedy
        other.execute("ROLLBACK")
    assert content(filled) == (FACTS_OF_ONE, BODIES)


def test_a_lock_that_is_given_up_in_time_delays_and_loses_nothing(filled):
    with (
        ThreadPoolExecutor(1) as threads,
        closing(sqlite3.connect(filled / "cache.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        writing = threads.submit(caches.save, filled, "one", "pending", b"noted")
        assert not writing.done()
        other.execute("COMMIT")
        writing.result()
    assert caches.load(filled, "one", "pending", bytes) == b"noted"


# -- threads and processes


@pytest.mark.long
def test_threads_that_make_it_at_once_lose_nothing(tmp_path):
    def work(number):
        for n in range(5):
            state.save_facts(tmp_path, f"w{number}", {f"fact{n}": n})
            caches.save(tmp_path, f"w{number}", "leads", b"%d" % n)
        return state.load_facts(tmp_path, f"w{number}")

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(work, range(8)))
    assert results == [{f"fact{n}": n for n in range(5)}] * 8
    assert [caches.load(tmp_path, f"w{number}", "leads", bytes) for number in range(8)] == [b"4"] * 8
    assert [path.name for path in tmp_path.iterdir()] == ["cache.db"]


def test_two_that_find_it_damaged_set_aside_one_file(filled):
    garbage_inside(filled / "cache.db")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: caches.save(filled, f"w{n}", "pending", b"%d" % n), range(8)))
    assert [caches.load(filled, f"w{n}", "pending", bytes) for n in range(8)] == [b"%d" % n for n in range(8)]
    assert [path.name for path in filled.glob("*.damaged-*")] == ["cache.db.damaged-1"]


def test_what_is_written_while_somebody_sets_the_file_aside_is_in_the_file_that_stays(filled):
    tries = []

    def write(rows):
        rows.put(CACHES, ("one", "pending", 0), b"noted")
        if not tries:
            (filled / "cache.db").rename(filled / "cache.db.damaged-1")
            caches.save(filled, "two", "pending", b"of another")
        tries.append(1)

    CacheFile(filled).write(write)
    assert len(tries) == 2
    assert caches.load(filled, "one", "pending", bytes) == b"noted"
    assert caches.load(filled, "two", "pending", bytes) == b"of another"


def test_what_is_written_in_the_moment_before_the_file_is_set_aside_too(filled, monkeypatch):
    in_transaction = CacheFile._in_transaction

    def then_moved(self, *given, **options):
        done = in_transaction(self, *given, **options)
        monkeypatch.undo()
        self.path.rename(filled / "cache.db.damaged-1")
        return done

    monkeypatch.setattr(CacheFile, "_in_transaction", then_moved)
    caches.save(filled, "one", "pending", b"noted")
    assert caches.load(filled, "one", "pending", bytes) == b"noted"


def test_who_comes_second_to_a_damaged_file_leaves_the_new_one_where_it_is(filled, monkeypatch):
    garbage_inside(filled / "cache.db")
    locked = state_files.locked

    @contextmanager
    def after_another(folder):
        monkeypatch.setattr(state_files, "locked", locked)
        caches.save(filled, "two", "pending", b"of another")
        with locked(folder):
            yield

    monkeypatch.setattr(state_files, "locked", after_another)
    caches.save(filled, "one", "pending", b"noted")
    assert caches.load(filled, "two", "pending", bytes) == b"of another"
    assert [path.name for path in filled.glob("*.damaged-*")] == ["cache.db.damaged-1"]


@pytest.mark.long
def test_who_reads_before_it_writes_does_not_fail_for_another_who_writes(filled):
    with ThreadPoolExecutor(1) as threads:

        def work(rows):
            before = rows.of(FACTS, "one")
            writing = threads.submit(state.save_facts, filled, "one", {"time_zone": "Europe/Madrid"})
            wait([writing], 0.1)  # it comes as far as it can
            rows.put(FACTS, ("one", "sequence"), b"%d" % len(before))
            return writing

        CacheFile(filled).write(work).result()
    assert state.load_facts(filled, "one") == FACTS_OF_ONE | {"sequence": 3, "time_zone": "Europe/Madrid"}


PROCESS = """
import sys
from pathlib import Path
from sheets_crm.engine import caches, state
folder, name = Path(sys.argv[1]), sys.argv[2]
sys.stdin.readline()
for n in range(20):
    state.save_facts(folder, "shared", {f"{name}{n}": n})
    caches.save(folder, name, "leads", b"%d" % n)
"""


@pytest.mark.long
def test_processes_that_make_it_at_once_lose_nothing(tmp_path):
    folder = tmp_path / "state"
    start = [sys.executable, "-c", PROCESS, str(folder)]
    processes = [subprocess.Popen([*start, name], stdin=subprocess.PIPE, cwd=ROOT) for name in "abc"]
    for process in processes:
        process.stdin.write(b"\n")
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert state.load_facts(folder, "shared") == {f"{name}{n}": n for name in "abc" for n in range(20)}
    assert [caches.load(folder, name, "leads", bytes) for name in "abc"] == [b"19"] * 3
    assert not list(folder.glob("*.damaged-*"))


# -- a process that dies


DIES = """
import os, signal, sys
from pathlib import Path
from sheets_crm.engine import cached_rows
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import CACHES, FACTS, CachedRows
folder, statement = Path(sys.argv[1]), int(sys.argv[2])
count = [0]
class Dying:
    def __init__(self, connection):
        self.connection = connection
    def execute(self, *statement_):
        if count[0] == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        count[0] += 1
        return self.connection.execute(*statement_)
    def close(self):
        self.connection.close()
connected = CacheFile._connected
def dying(self):
    connection = connected(self)
    connection.execute("PRAGMA cache_size=2")  # pages go to the disk before the commit, so that a journal is needed
    return Dying(connection)
CacheFile._connected = dying
def work(rows):
    rows.put(FACTS, ("one", "sequence"), b"5")
    rows.delete(CACHES, "one", "layout")
    for n in range(6):
        rows.put(CACHES, ("one", "leads", n), b"new" * 20_000)
    rows.delete(CACHES, "one", "pending")
CacheFile(folder).write(work)
print(count[0])
"""


def killed_at(state_dir, statement):
    start = [sys.executable, "-c", DIES, str(state_dir), str(statement)]
    return subprocess.run(start, cwd=ROOT, check=False, capture_output=True)


def with_new(state_dir):
    facts, bodies = content(state_dir)
    return facts.get("sequence") == 5, bodies.get("leads", b"").startswith(b"new"), "pending" not in bodies


@pytest.mark.long
def test_a_process_killed_between_any_two_statements_leaves_all_of_a_transaction_or_nothing(filled):
    whole = (filled / "cache.db").read_bytes()
    statements = int(killed_at(filled, 10_000).stdout)
    assert statements > 10
    journals = 0
    for statement in range(statements):
        for path in filled.iterdir():
            path.unlink()
        (filled / "cache.db").write_bytes(whole)
        assert killed_at(filled, statement).returncode == -signal.SIGKILL
        journals += (filled / "cache.db-journal").exists()
        assert content(filled) == (FACTS_OF_ONE, BODIES), statement
        state.save_facts(filled, "two", {"sequence": 1})
        assert [path.name for path in filled.iterdir()] == ["cache.db"]
    assert journals > 3, "several deaths left a journal that had to be rolled back"
    killed_at(filled, statements)
    assert with_new(filled) == (True, True, True)


@pytest.mark.long
def test_a_process_killed_while_it_makes_the_file_leaves_one_that_the_next_makes(tmp_path):
    for statement in range(12):
        folder = tmp_path / str(statement)
        assert killed_at(folder, statement).returncode == -signal.SIGKILL
        assert content(folder) == ({}, {}), statement
        fill(folder)
        assert content(folder) == (FACTS_OF_ONE, BODIES)
        assert not list(folder.glob("*.damaged-*"))


# -- erased


@pytest.mark.long
def test_of_what_is_deleted_no_byte_stays(tmp_path):
    """In rows of many pages and of few bytes, beside others that stay."""
    name = b"Ada Lovelace-Byron"
    for n in range(30):
        state.save_facts(tmp_path, "one", {f"kept{n}": "x" * 90, "row_problems": {"t": {"k": [n, name.decode()]}}})
        caches.save(tmp_path, "one", "leads", (b"%d " % n + name + b", ") * (1 + 3_000 * (n % 3)))
        caches.save(tmp_path, f"w{n}", "leads", b"others" * 50)
    caches.save(tmp_path, "one", "pending", name)
    with_name = [path for path in tmp_path.iterdir() if name in path.read_bytes()]
    assert [path.name for path in with_name] == ["cache.db"]
    caches.delete(tmp_path, "one", "leads", "pending")
    state.save_facts(tmp_path, "one", {"row_problems": {}})
    assert [path.name for path in tmp_path.iterdir()] == ["cache.db"]
    assert b"Lovelace" not in (tmp_path / "cache.db").read_bytes()
    assert caches.load(tmp_path, "w3", "leads", bytes) == b"others" * 50
