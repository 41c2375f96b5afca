"""A port of this machine that refuses connections: told at once; a program that is just starting is waited for."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
import requests
from fake_google import FakeGoogle, Time, handler
from google.auth.exceptions import TransportError

from sheets_crm.cli.run import exit_status
from sheets_crm.errors import Retryable, UnknownOutcome
from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import ServiceAccount, load_service_account
from sheets_crm.google.failures import BadAnswer, judge, unanswered_address
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.google.retry import GUARDED_WRITE, PLAIN_WRITE, READ, Retrier


@pytest.fixture
def port() -> Iterator[int]:
    """One that is taken, so that nobody else gets it, and refuses connections, because nothing listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def account(account_file: Path) -> ServiceAccount:
    """One whose tokens come from the stand-in for Google, which is running."""
    return load_service_account(account_file)


def refused(url: str) -> requests.ConnectionError:
    """What `requests` raises over a port that refuses."""
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get(url, timeout=5, proxies={"http": ""})
    return caught.value


def with_tokens_from(account_file: Path, url: str) -> ServiceAccount:
    account_file.write_text(json.dumps(json.loads(account_file.read_text()) | {"token_uri": f"{url}/token"}))
    return load_service_account(account_file)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_read_fails_after_one_short_repeat_and_says_what_to_start(account, wire: Wire, time: Time, port, host):
    url = f"http://{host}:{port}"
    gateway = SheetsGateway(connect(account, endpoint=url, wire=wire), "S")
    with pytest.raises(Retryable) as caught:
        gateway.values(["A1"])
    assert type(caught.value) is Retryable
    assert time.slept == [0.75]
    assert caught.value.message == f"Nothing answers at {url}: no program on this machine listens there."
    assert caught.value.state == "Nothing in this request was applied."
    assert f"`sheets-crm emulator --dir FOLDER --port {port}`, or `sheets-crm demo" in caught.value.remedy
    assert "correct `endpoint` in the settings" in caught.value.remedy


def test_a_write_that_was_never_sent_is_not_of_unknown_outcome(account, wire: Wire, time: Time, port):
    gateway = SheetsGateway(connect(account, endpoint=f"http://127.0.0.1:{port}", wire=wire), "S")
    with pytest.raises(Retryable, match="Nothing answers") as caught:
        gateway.apply([{"echo": {}}], sequence=0, token="t")
    assert type(caught.value) is Retryable
    assert time.slept == [0.75]


def test_an_emulator_that_is_down_is_told_though_its_token_server_is_asked_first(
    account_file: Path, wire: Wire, time: Time, port
):
    url = f"http://127.0.0.1:{port}"
    account = with_tokens_from(account_file, url)
    with pytest.raises(Retryable, match=rf"^Nothing answers at {url}:") as caught:
        connect(account, endpoint=url, wire=wire).open_by_key("S")
    assert isinstance(caught.value.__cause__, TransportError)
    assert time.slept == [0.75]


def test_one_that_is_just_starting_is_waited_for(account_file: Path, wire: Wire, time: Time):
    fake = FakeGoogle(values={"A1": [["x"]]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(fake), bind_and_activate=False)
    server.server_bind()
    url = f"http://127.0.0.1:{server.server_port}"

    def start(seconds: float) -> None:
        time.sleep(seconds)
        server.server_activate()
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    starting = replace(wire, retrier=Retrier(clock=time, sleep=start, jitter=lambda: 0.5))
    client = connect(with_tokens_from(account_file, url), endpoint=url, wire=starting)
    assert SheetsGateway(client, "S").values(["A1"]) == [[["x"]]]
    client.http_client.session.close()
    server.shutdown()
    server.server_close()


def test_another_host_that_refuses_is_retried_as_long_as_ever(time: Time, port):
    error = refused(f"http://127.0.0.1:{port}/v4/spreadsheets/S")
    assert judge(error).nobody_there
    error.request.url = "https://sheets.googleapis.com/v4/spreadsheets/S"
    assert unanswered_address(error) == ""
    made = []

    def attempt() -> str:
        made.append(time.now)
        raise error

    with pytest.raises(Retryable, match="Google Sheets did not respond properly") as caught:
        Retrier(clock=time, sleep=time.sleep, jitter=lambda: 0.0).call(PLAIN_WRITE, attempt)
    assert len(made) == 8
    assert caught.value.remedy == "Run again in a few minutes."


def test_what_fails_in_another_way_on_this_machine_is_retried_as_long_as_ever(google: FakeGoogle, port):
    no_address = refused(f"http://127.0.0.1:{port}")
    no_address.args[0].reason.__cause__ = OSError(99, "Cannot assign requested address")
    assert unanswered_address(no_address) == ""
    cut = requests.ConnectionError("reset", request=requests.Request("GET", google.url).prepare())
    assert unanswered_address(cut) == ""
    assert unanswered_address(requests.ConnectionError("without a request")) == ""
    assert unanswered_address(TransportError("the token server responded with 503")) == ""


def test_what_stops_while_it_is_asked_leaves_the_wait_short_and_a_write_of_unknown_outcome(time: Time, port):
    error = refused(f"http://127.0.0.1:{port}")
    failures = [BadAnswer("x")] * 4 + [error] * 9

    def attempt() -> str:
        raise failures.pop(0)

    with pytest.raises(UnknownOutcome, match=r"^Nothing answers") as caught:
        Retrier(clock=time, sleep=time.sleep, jitter=lambda: 0.0).call(GUARDED_WRITE, attempt)
    assert time.slept == [0.5, 1.0, 2.0, 4.0, 0.5]
    assert "may or may not have been applied" in caught.value.state
    assert f"--port {port}" in caught.value.remedy
    assert caught.value.remedy.endswith("nothing is done twice.")


def test_each_call_may_be_repeated_once(time: Time, port):
    error = refused(f"http://127.0.0.1:{port}")
    retrier = Retrier(clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    for _ in range(3):
        outcomes = iter([error, None])

        def attempt(outcomes=outcomes) -> str:
            if failure := next(outcomes):
                raise failure
            return "done"

        assert retrier.call(READ, attempt) == "done"
    assert time.slept == [0.5] * 3


@pytest.mark.long
def test_a_command_ends_with_what_is_wrong_and_what_to_do(account_file: Path, capsys, tmp_path: Path, port):
    with_tokens_from(account_file, f"http://127.0.0.1:{port}")
    settings = tmp_path / "sheets_crm.toml"
    settings.write_text(
        f'spreadsheet_id = "S"\ncredentials = "{account_file}"\nendpoint = "http://127.0.0.1:{port}"\n'
        'language = "en"\n'
    )
    began = monotonic()
    assert exit_status(["--config", str(settings), "status"]) == 1
    assert monotonic() - began < 10  # about one second, on an idle machine
    told = capsys.readouterr().err
    for words in (
        f"Error: Nothing answers at http://127.0.0.1:{port}:",
        "State: Nothing in this request was applied.",
        "Next: Start what has to listen there: `sheets-crm emulator",
    ):
        assert words in told
