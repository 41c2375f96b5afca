"""``sheets-crm webhooks``: refused while no module receives; else the receiver of the settings, on the store of the settings."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_crm.bootstrap import store_of, webhooks
from sheets_crm.cli.run import exit_status
from sheets_crm.config import load_settings
from sheets_crm.engine.intake import Count
from sheets_crm.errors import NotInstalled, SettingsError
from sheets_crm.features.modules import MODULES, Entry
from sheets_crm.receiver.server import Receiver
from sheets_crm.receiver.token_file import read_secret
from sheets_crm.receiver.tokens import token
from sheets_crm.store.stored_intake import StoredIntake
from tests.receiver.conftest import Client, event

ROOT = Path(__file__).resolve().parents[2]
SECRET = b"0123456789abcdef" * 4
ADDRESS = f"/webhooks/instantly/{token(SECRET, 'instantly')}"


@pytest.fixture
def module(monkeypatch):
    """A module that receives, by the name of one that there is not yet."""
    monkeypatch.setitem(MODULES, "instantly", Entry("tests.receiver.receiving_module:MODULE"))


@pytest.fixture
def written(tmp_path):
    """Writes settings, with a token file beside them."""
    secret = tmp_path / "token"
    secret.write_bytes(SECRET + b"\n")
    secret.chmod(0o600)

    def write(lines="", modules_on='["instantly"]'):
        path = tmp_path / "sheets_crm.toml"
        text = f'language = "en"\nspreadsheet_id = "book"\nmodules = {modules_on}\n[webhooks]\ntoken_file = "token"\n{lines}'
        path.write_text(text, encoding="utf-8")
        return path

    write.secret = secret
    return write


@pytest.fixture
def started(monkeypatch):
    """The receivers that would serve until a signal comes."""
    taken = []
    monkeypatch.setattr(Receiver, "run", lambda self, announce: (taken.append(self), announce(self.url)))
    yield taken
    for receiver in taken:
        receiver.stop()


def problems_of(path):
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    return [problem.removeprefix(f"{path}: ") for problem in raised.value.problems]


# -- the settings


def test_the_settings_are_checked_all_at_once(written):
    lines = 'host = ""\nport = 70000\npublic_url = "crm.example.com"\ntoken_fil = "x"\n'
    problems = problems_of(written(lines, "[]"))
    assert len(problems) == 4
    assert {problem.split(":")[0].split(" ")[-1] for problem in problems} >= {
        "webhooks.host",
        "webhooks.port",
        "webhooks.public_url",
    }
    (unknown,) = (problem for problem in problems if "webhooks.token_fil" in problem)
    assert "token_file" in unknown


def test_paths_start_from_the_settings_file(written, tmp_path):
    webhooks_ = load_settings(written('api_token_file = "/etc/api"\n', "[]")).webhooks
    assert (webhooks_.token_file, webhooks_.api_token_file) == (tmp_path / "token", Path("/etc/api"))
    assert (webhooks_.host, webhooks_.port, webhooks_.public_url) == ("127.0.0.1", None, "")


def test_without_the_table_there_are_no_settings_of_it(tmp_path):
    path = tmp_path / "sheets_crm.toml"
    path.write_text('spreadsheet_id = "book"\n', encoding="utf-8")
    assert load_settings(path).webhooks is None


# -- refused


@pytest.mark.parametrize("verb", [["webhooks", "--port", "8701"], ["webhooks", "urls"]])
def test_without_a_module_that_receives_it_says_so(written, capsys, started, verb):
    path = written("port = 8700\n", "[]")
    assert exit_status(["--config", str(path), *verb]) == 2
    shown = " ".join(capsys.readouterr().err.split())
    assert "No module that is on receives anything" in shown
    assert "Nothing was done" in shown
    assert started == []


def test_without_a_port_it_asks_for_one(written, module, started):
    with pytest.raises(SettingsError) as raised:
        webhooks.serve(load_settings(written()), host=None, port=None, announce=print)
    assert "--port" in raised.value.remedy


def test_without_a_token_file_it_says_how_to_make_one(written, module):
    path = written("port = 8700\n")
    path.write_text(path.read_text().replace('token_file = "token"\n', ""))
    with pytest.raises(SettingsError, match="token_file") as raised:
        webhooks.urls(load_settings(path), host=None, port=None)
    assert "openssl rand" in raised.value.remedy


def test_without_its_packages_it_names_the_command_that_installs_them(written, module, monkeypatch):
    monkeypatch.setattr(webhooks, "PACKAGES", ("no_such_package",))
    with pytest.raises(NotInstalled, match="no_such_package") as raised:
        webhooks.urls(load_settings(written()), host=None, port=1)
    assert ".[webhooks]" in raised.value.remedy


def test_a_port_that_is_taken_is_said(written, module, capsys, client):
    path = written(f"port = {client.receiver.port}\n")
    assert exit_status(["--config", str(path), "webhooks"]) == 2
    assert "--port" in capsys.readouterr().err


def test_an_address_of_another_machine_is_said(written, module):
    with pytest.raises(OSError) as raised:
        webhooks.serve(load_settings(written("port = 8700\n")), host="192.0.2.1", port=None, announce=print)
    assert raised.value.errno == errno.EADDRNOTAVAIL


# -- the token file


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: path.write_bytes(b" 0123456789abcde\n"), "fewer than 16 bytes"),
        (lambda path: path.write_bytes(b""), "fewer than 16 bytes"),
        (lambda path: path.chmod(0o604), "0604"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    ],
)
def test_a_token_file_that_is_no_secret_is_refused_and_not_quoted(written, module, change, found):
    change(written.secret)
    with pytest.raises(SettingsError) as raised:
        read_secret(written.secret)
    assert found in raised.value.message
    assert "0123456789abcde" not in f"{raised.value!r} {raised.value.remedy}"


def test_a_token_file_that_the_group_can_read_is_warned_of(written):
    assert read_secret(written.secret).warnings == ()
    written.secret.chmod(0o640)
    (warning,) = read_secret(written.secret).warnings
    assert "0640" in warning
    assert SECRET.decode() not in repr(read_secret(written.secret))


# -- on


def test_what_is_posted_to_the_address_shown_is_in_the_store_of_the_settings(written, module, started, capsys):
    path = written("port = 8700\n")
    assert exit_status(["--config", str(path), "webhooks", "urls", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["rows"]
    assert shown == [{"source": "instantly", "address": f"http://127.0.0.1:8700{ADDRESS}"}]
    assert exit_status(["--config", str(path), "webhooks", "--port", "0"]) == 0
    (receiver,) = started
    assert capsys.readouterr().out == f"{receiver.url}\n"
    client = Client(receiver.start())
    assert client.post(event(1), shown[0]["address"].partition(":8700")[2]).status == 200
    intake = StoredIntake(store_of(load_settings(path)), "book")
    assert intake.counts() == [Count("instantly", "email_sent", "waiting", 1)]


def test_the_addresses_are_those_from_outside(written, module, capsys):
    path = written('public_url = "https://crm.example.com/in/"\n')
    assert exit_status(["--config", str(path), "webhooks", "urls"]) == 0
    assert f"https://crm.example.com/in{ADDRESS}" in "".join(capsys.readouterr().out.split())


def test_host_and_port_of_the_command_line_come_before_the_settings(written, module):
    path = written('host = "::1"\nport = 8700\n')
    asked = load_settings(path)
    assert webhooks.urls(asked, host=None, port=None).json["rows"][0]["address"].startswith("http://[::1]:8700/")
    assert (
        webhooks.urls(asked, host="localhost", port=9).json["rows"][0]["address"].startswith("http://localhost:9/")
    )


@pytest.mark.long
def test_while_nothing_receives_nothing_of_it_is_imported():
    script = (
        "import sys, sheets_crm.cli, sheets_crm.bootstrap, sheets_crm.scheduling, jobs.worker\n"
        "print(sorted(name for name in sys.modules if name.startswith(('sheets_crm.receiver', 'starlette', 'uvicorn'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
