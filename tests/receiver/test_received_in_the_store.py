"""The receiver with a real store: nothing that was answered is lost, and what the store refuses is not answered."""

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from sheets_crm.engine.intake import Count
from sheets_crm.errors import SettingsError
from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.server import Receiver
from sheets_crm.store import opening
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake
from tests.receiver.conftest import PATH, SECRET, Client, event

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path}/state/crm.db", tmp_path / "state")


@pytest.fixture
def own(store):
    return StoredIntake(store, "book")


def waiting(own):
    return [orjson.loads(each.delivery.body) for each in own.page(rows=10**6, size=10**9)]


def test_what_was_answered_is_in_the_store_once(served, own):
    client = served(own.add)
    answers = [client.post(event(n)).status for n in (1, 2, 1, 3, 2)]
    assert answers == [200] * 5
    assert waiting(own) == [event(1), event(2), event(3)]
    assert client.metric("repeated_total") == 2
    assert client.metric("stored_total", source="instantly") == 5


@pytest.mark.long
def test_any_order_and_any_number_of_repetitions_end_in_the_same_intake(served, own):
    client = served(own.add)
    _, wait = client.in_background(*[event(n % 7) for n in range(60)])
    assert set(wait()) == {200}
    assert sorted(each["timestamp"] for each in waiting(own)) == sorted(event(n)["timestamp"] for n in range(7))


def test_whoever_cannot_prove_himself_leaves_nothing_in_the_store(served, own, store):
    client = served(own.add)
    before = store.file.read_bytes()
    for _ in range(5):
        assert client.post(event(1), "/webhooks/instantly/x").status == 401
    assert own.counts() == []
    assert store.file.read_bytes() == before


def test_a_store_of_another_version_stops_the_receiver_at_its_start(own, store):
    own.add(())
    store.write(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'"))
    store._engine = None
    with pytest.raises(SettingsError, match="0003"), Receiver(own.add, [instantly(SECRET)]):
        raise AssertionError("it serves")


@pytest.mark.long
def test_a_store_that_is_busy_is_said_with_when_to_come_again(served, own, store, monkeypatch):
    monkeypatch.setattr(opening, "WAITS_FOR_LOCK", 50)
    client = served(own.add)
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post(event(1))
        assert (answer.status, answer.getheader("Retry-After")) == (503, "10")
        assert client.ask("GET", "/health").status == 503
        other.execute("ROLLBACK")
    assert client.ask("GET", "/health").status == 200
    assert client.post(event(1)).status == 200
    assert waiting(own) == [event(1)]


def test_a_full_disk_is_no_answer_of_200(served, own, store, monkeypatch):
    client = served(own.add)
    configure = opening._configure_sqlite

    def tiny(connection, record):
        configure(connection, record)
        connection.execute("PRAGMA max_page_count=40").close()

    monkeypatch.setattr(opening, "_configure_sqlite", tiny)
    store._engine = None
    assert client.post(event(1)).status == 200
    assert client.post(event(2, reply_text="x" * 300_000)).status == 503
    assert client.post(event(3)).status == 200
    assert waiting(own) == [event(1), event(3)]


# -- processes

SERVES = """
import sys
from pathlib import Path
from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.server import Receiver
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake
own = StoredIntake(Store(f"sqlite:///{sys.argv[1]}/state/crm.db", Path(sys.argv[1]) / "state"), "book")
receiver = Receiver(own.add, [instantly(sys.argv[2].encode())])
receiver.run(lambda url: print(url, flush=True))
"""


class Process:
    """A receiver in a process of its own, and senders that post until it is gone."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVES, folder, SECRET.decode()], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
        )  # fmt: skip
        self.port = int(self.process.stdout.readline().rpartition(":")[2])
        self.answered = []

    def sends(self, sender):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            try:
                for n in range(sender * 100_000, (sender + 1) * 100_000):
                    connection.request("POST", PATH, orjson.dumps(event(n)))
                    if connection.getresponse().read() == b'{"stored":true}':
                        self.answered.append(event(n)["timestamp"])
            except (OSError, http.client.HTTPException):
                return

    def signalled_at(self, count, number):
        """Post from six connections, send a signal when so many are answered; return the process's end."""
        senders = [threading.Thread(target=self.sends, args=(sender,)) for sender in range(6)]
        for sender in senders:
            sender.start()
        while len(self.answered) < count:
            assert self.process.poll() is None
        self.process.send_signal(number)
        for sender in senders:
            sender.join(20)
        self.process.stdout.close()
        return self.process.wait(20)


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 40, 300])
def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(tmp_path, own, count):
    served = Process(tmp_path)
    assert served.signalled_at(count, signal.SIGKILL) == -signal.SIGKILL
    stored = [each["timestamp"] for each in waiting(own)]
    assert len(served.answered) >= count
    assert set(served.answered) <= set(stored)
    assert len(stored) == len(set(stored))
    assert len(stored) - len(served.answered) <= 6  # what was under way
    with closing(sqlite3.connect(tmp_path / "state" / "crm.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.long
def test_a_process_that_is_asked_to_stop_answers_all_that_it_stored(tmp_path, own):
    served = Process(tmp_path)
    served.signalled_at(60, signal.SIGTERM)
    assert sorted(each["timestamp"] for each in waiting(own)) == sorted(served.answered)


@pytest.mark.long
def test_a_burst_is_stored_whole_in_bounded_memory(tmp_path, own):
    served = Process(tmp_path)
    client = Client(served)
    posts = [[event(f"{post}-{n}", reply_text="x" * 500) for n in range(1_000)] for post in range(60)]
    for start in range(0, 60, 20):
        assert client.in_background(*posts[start : start + 20])[1]() == [200] * 20
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    served.process.kill()
    served.process.wait()
    served.process.stdout.close()
    assert sum(len(each) for each in waiting(own)) == 60_000
    assert own.counts() == [Count("instantly", "email_sent", "waiting", 60)]
    assert peak < 250_000  # kB: the interpreter and SQLAlchemy take 90 of them


@pytest.mark.long
def test_it_imports_nothing_of_google_nor_pandas_and_no_database_before_it_is_used():
    script = (
        "import sys, sheets_crm.receiver.server, sheets_crm.receiver.instantly, sheets_crm.store.stored_intake\n"
        "print(sorted({'gspread', 'google.auth', 'numpy', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
