"""One emulator for a folder and a port, and what is said to those who start another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sheets_crm.emulator.folder_lock import FolderServedError
from sheets_crm.emulator.server import Server

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_a_folder_is_served_by_one_emulator_alone(tmp_path):
    """Two would write over each other's answers, and the account files name one port."""
    with Server(tmp_path) as first:
        account = (tmp_path / "service_account.json").read_bytes()
        with pytest.raises(FolderServedError, match=rf"served by process {os.getpid()} already"):
            Server(str(tmp_path))
        assert (tmp_path / "service_account.json").read_bytes() == account
        assert requests.get(first.url, timeout=5).status_code == 200
    with Server(tmp_path) as second:
        assert requests.get(second.url, timeout=5).status_code == 200


@pytest.mark.long
def test_a_port_in_use_leaves_the_folder_free(tmp_path):
    with Server(tmp_path / "one") as first:
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            Server(tmp_path / "two", port)
    Server(tmp_path / "two").stop()


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--dir", "D", "--port", "99999"], "99999 is no port"),
        (["--dir", "a-file"], "a-file is a file. Choose a folder with --dir."),
        (["--dir", "served"], "served is served by process"),
        (["--dir", "D", "--port", "PORT"], "is in use by another program. Choose another one with --port."),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said_without_a_traceback(tmp_path, options, text):
    (tmp_path / "a-file").write_text("")
    with Server(tmp_path / "served") as running:
        port = running.url.rsplit(":", 1)[1]
        ended = subprocess.run(
            [sys.executable, "-m", "sheets_crm.emulator", *[port if part == "PORT" else part for part in options]],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert (ended.returncode, text in ended.stderr, "Traceback" in ended.stderr) == (2, True, False), ended.stderr


@pytest.mark.long
def test_the_verb_says_who_serves_the_folder_and_what_to_do(tmp_path):
    with Server(tmp_path):
        ended = subprocess.run(
            [sys.executable, "-c", "from sheets_crm.cli import main; main()", "emulator", "--dir", str(tmp_path), "--port", "0"],
            cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert ended.returncode != 0
    assert f"{tmp_path} is served by process {os.getpid()} already.\n" in ended.stderr
    assert "Nothing was changed." in ended.stderr
    assert "Stop that one, or choose another folder with --dir." in ended.stderr
