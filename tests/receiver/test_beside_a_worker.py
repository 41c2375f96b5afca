"""The receiver inside ``run``: where the settings have a port and a module receives, beside the worker's tasks."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from jobs.ports import WorkerPorts
from jobs.stopper import Stopper
from jobs.task import Task
from jobs.triggers import Every
from jobs.worker import Worker
from sheets_crm import scheduling
from sheets_crm.bootstrap import store_of, webhooks
from sheets_crm.config import Settings
from sheets_crm.engine.intake import Count
from sheets_crm.errors import NotInstalled, SettingsError
from sheets_crm.store.stored_intake import StoredIntake
from tests.receiver.conftest import PATH, SECRET, Client, event, until
from tests.receiver.test_webhooks_verb import ROOT


@pytest.fixture
def port():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def settings(tmp_path, port):
    """Makes settings, with a token file."""
    secret = tmp_path / "token"
    secret.write_bytes(SECRET)
    secret.chmod(0o600)

    def make(modules=("instantly",), **changes):
        where = {"port": port, "token_file": secret} | changes
        return Settings(spreadsheet_id="book", state_dir=tmp_path / "state", modules=list(modules), webhooks=where)

    return make


def beside(asked):
    return webhooks.served_beside(asked, store_of(asked), time.time)


@pytest.mark.parametrize("asked", [{"modules": ()}, {"port": None}])
def test_without_a_port_or_a_module_that_receives_a_worker_has_none(settings, asked):
    assert beside(settings(**asked)) is None
    assert beside(Settings(spreadsheet_id="book", modules=["instantly"])) is None


def test_a_port_that_is_taken_is_said_at_the_start(settings, port):
    with (
        closing(socket.create_server(("127.0.0.1", port))),
        pytest.raises(SettingsError, match=str(port)) as raised,
    ):
        beside(settings())
    assert "[webhooks]" in raised.value.remedy


def test_two_workers_do_not_take_the_same_port(settings, port):
    first = beside(settings())
    with pytest.raises(SettingsError, match=str(port)):
        beside(settings())
    first.stop()
    beside(settings()).stop()


def test_an_address_of_another_machine_is_said_at_the_start(settings):
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        beside(settings(host="192.0.2.1"))


def test_a_token_file_that_is_missing_is_said_at_the_start(settings):
    with pytest.raises(SettingsError, match="token_file"):
        beside(settings(token_file=None))


def test_packages_that_are_missing_are_said_at_the_start(settings, monkeypatch):
    monkeypatch.setattr(webhooks, "PACKAGES", ("no_such_package",))
    with pytest.raises(NotInstalled, match="no_such_package"):
        beside(settings())


def test_what_is_posted_while_the_worker_runs_is_in_its_store(settings):
    """Who connects before the first turn has ended is answered after it."""
    asked = settings()
    stopper, first_turn, posted = Stopper(lambda _: time.sleep(0.005)), threading.Event(), []
    receiver = beside(asked)
    worker = Worker(WorkerPorts(stopper))
    worker.add(Task("sync", Every(15), lambda: first_turn.wait(20), at_start=True))
    worker.add_service("receiver", receiver)
    running = threading.Thread(target=worker.run)
    running.start()
    client = Client(receiver)
    early = threading.Thread(target=lambda: posted.append(client.post(event(1)).status))
    early.start()
    first_turn.set()
    early.join(20)
    assert posted == [200]
    assert client.post(event(2)).status == 200
    stopper.stop()
    running.join(20)
    assert not running.is_alive()
    with pytest.raises(OSError):
        client.post(event(3))
    assert StoredIntake(store_of(asked), "book").counts() == [Count("instantly", "email_sent", "waiting", 2)]


@pytest.mark.long
def test_run_adds_it(open_desk, settings, monkeypatch, port):
    """Over HTTP, with a workbook: what is posted to `sheets-crm run` is answered, and stored."""
    desk = open_desk()
    own = settings()
    asked = desk.settings.model_copy(update={"modules": own.modules, "webhooks": own.webhooks})
    services = []
    monkeypatch.setattr(Worker, "run", lambda worker: services.extend(worker._services.items()))
    scheduling.run_worker(asked)
    [(name, receiver)] = services
    assert (name, receiver.port) == ("receiver", port)
    receiver.start()
    client = Client(receiver)
    assert client.post(event(1), PATH).status == 200
    assert client.ask("GET", "/health").status == 200
    receiver.stop()
    store = StoredIntake(store_of(asked), desk.sheet_id)
    until(lambda: [count.number for count in store.counts()] == [1])


@pytest.mark.long
def test_nothing_of_it_is_imported_before_the_first_turn(settings, port):
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from sheets_crm import scheduling\n"
        "from sheets_crm.bootstrap import store_of, webhooks\n"
        "from sheets_crm.config import Settings\n"
        f"asked = Settings(spreadsheet_id='b', modules=['instantly'], webhooks={{'port': {port}, 'token_file': sys.argv[1]}})\n"
        "webhooks.served_beside(asked, store_of(asked), time.time)\n"
        "late = ('starlette', 'uvicorn', 'sqlalchemy', 'sheets_crm.instantly.service', 'sheets_crm.instantly.fetching')\n"
        "print([name for name in late if name in sys.modules])"
    )
    token = settings().webhooks.token_file
    done = subprocess.run(
        [sys.executable, "-c", script, str(token)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout == "[]\n", done.stderr
