"""A store on SQLite, and on PostgreSQL where one can be started; each test has a database of its own."""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from sheets_crm.config_database import anchored_database
from sheets_crm.store import opening
from sheets_crm.store.access import Store

NOW = 1_780_000_000.0
NUMBERS = itertools.count(1)


def _run(command, user):
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        user=user,
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
    )


def _binaries():
    """The folder of the machine's own PostgreSQL: on the PATH, or the newest where Debian keeps them; None for none."""
    if all(map(shutil.which, ("initdb", "pg_ctl", "postgres"))):
        return Path(shutil.which("initdb")).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else None


def _free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextlib.contextmanager
def _of_binaries(binaries):
    """The machine's own PostgreSQL, over TCP, as a user who is not root: it refuses root."""
    user = None
    if os.getuid() == 0:
        user = next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name == "postgres"), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    folder, port = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp")), _free_port()
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    made = ["-A", "trust", "--no-sync", "-U", "crm", "-E", "UTF8", "-D", f"{folder}/data"]
    control = [binaries / "pg_ctl", "-w", "-D", f"{folder}/data"]
    try:
        _run([binaries / "initdb", *made], user)
        _run([*control, "-l", f"{folder}/log", "-o", options, "start"], user)
        try:
            yield f"postgresql+psycopg://crm@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server():
    """A server: the one that is named, else the machine's own; without either the tests of PostgreSQL are skipped."""
    given = os.environ.get("SHEETS_CRM_TEST_DATABASE")
    if given:
        return contextlib.nullcontext(given)
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: neither SHEETS_CRM_TEST_DATABASE nor its programs on this machine")
    return _of_binaries(binaries)


def _database(address, name):
    head, _, query = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def postgresql():
    """The address of a server, and a template database with the tables of this version."""
    pytest.importorskip("psycopg", reason="no psycopg")
    with _server() as address:
        template = f"crm_template_{os.getpid()}"
        admin = create_engine(address, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {template}"))
        engine = opening.connected(_database(address, template))
        with engine.begin() as connection:
            opening.prepare(connection, address, migrates=False, before=lambda _version: None)
        engine.dispose()
        yield address, template, admin
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {template} WITH (FORCE)"))
        admin.dispose()


@dataclass
class Place:
    """A database, and what stands around it."""

    address: str
    state_dir: Path
    now: float = NOW
    warned: list = field(default_factory=list)
    stores: list = field(default_factory=list)

    @property
    def sqlite(self):
        return self.address.startswith("sqlite")

    def store(self, **options):
        """The store as another process of the machine opens it."""
        made = Store(self.address, self.state_dir, clock=lambda: self.now, warn=self.warned.append, **options)
        self.stores.append(made)
        return made

    def close(self):
        for store in self.stores:
            if store._engine is not None:
                store._engine.dispose()


def _postgresql_place(request, tmp_path, template=""):
    address, prepared, admin = request.getfixturevalue("postgresql")
    name = f"crm_{os.getpid()}_{next(NUMBERS)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template or prepared}"))
    return Place(_database(address, name), tmp_path / "state"), name, admin


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]


@pytest.fixture(params=BOTH)
def place(request, tmp_path):
    """A store that was made, on each database."""
    if request.param == "sqlite":
        made, name, admin = (
            Place(anchored_database("sqlite:///state/crm.db", tmp_path), tmp_path / "state"),
            "",
            None,
        )
    else:
        made, name, admin = _postgresql_place(request, tmp_path)
    yield made
    made.close()
    if admin is not None:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=BOTH)
def empty(request, tmp_path):
    """A database without tables, on each."""
    if request.param == "sqlite":
        made, name, admin = (
            Place(anchored_database("sqlite:///state/crm.db", tmp_path), tmp_path / "state"),
            "",
            None,
        )
    else:
        made, name, admin = _postgresql_place(request, tmp_path, "template0")
    yield made
    made.close()
    if admin is not None:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def file_place(tmp_path):
    """A store in a SQLite file."""
    return Place(anchored_database("sqlite:///state/crm.db", tmp_path), tmp_path / "state")
