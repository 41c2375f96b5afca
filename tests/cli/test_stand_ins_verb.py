"""``sheets-crm emulator --stand-ins``: the emulator and, beside it, the stand-ins, with settings for them."""

import os
import signal
import socket
import subprocess
import sys
import tomllib

import pytest
import requests

from sheets_crm.cli.run import exit_status
from sheets_crm.stand_ins.server import StandIns

COMMAND_LINE = "from sheets_crm.cli import main; main()"


@pytest.mark.long
def test_both_are_served_and_their_addresses_printed(tmp_path):
    command = [
        sys.executable,
        "-c",
        COMMAND_LINE,
        "emulator",
        "--dir",
        str(tmp_path),
        "--port",
        "0",
        "--stand-ins",
    ]
    own = os.environ | {"SHEETS_CRM_LANGUAGE": "en", "SHEETS_CRM_NOW": "2031-03-04T12:00Z"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own)
    try:
        emulator, told = process.stdout.readline().strip(), process.stdout.readline()
        settings = tomllib.loads((tmp_path / "stand_ins.toml").read_text(encoding="utf-8"))
        endpoint = settings["instantly"]["endpoint"]
        assert told == (
            f"Stand-ins of Instantly and Slack: {endpoint}; settings for them are in {tmp_path / 'stand_ins.toml'}\n"
        )
        assert requests.get(f"{emulator}/_emulator/stats", timeout=5).ok
        assert requests.get(f"{endpoint}/_standin/clock", timeout=5).json()["now"].startswith("2031-03-04T12:0")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(endpoint, timeout=5)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Choose another one with --stand-ins-port."), ("es", "Elige otro con --stand-ins-port.")],
)
def test_a_port_of_theirs_that_is_taken_is_told_with_their_option(tmp_path, monkeypatch, capsys, language, words):
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", language)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status = exit_status(
            ["emulator", "--dir", str(tmp_path), "--port", "0", "--stand-ins", "--stand-ins-port", port]
        )
    told = capsys.readouterr().err
    assert (status, port in told, words in told) == (2, True, True)


def test_a_folder_that_other_stand_ins_serve_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", "en")
    stand_ins = StandIns(tmp_path)
    try:
        status = exit_status(["emulator", "--dir", str(tmp_path), "--port", "0", "--stand-ins"])
    finally:
        stand_ins.stop()
    assert (status, f"{tmp_path} is served" in capsys.readouterr().err) == (2, True)


def test_a_time_that_is_none_is_told_as_everywhere(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", "en")
    monkeypatch.setenv("SHEETS_CRM_NOW", "soon")
    assert exit_status(["emulator", "--dir", str(tmp_path), "--port", "0", "--stand-ins"]) == 2
    assert "SHEETS_CRM_NOW" in capsys.readouterr().err
