"""The lines of docs/emulator-clients.md, taken from the page and run in new processes against the command line."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from other_programs import emulator, install, need_node

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "emulator-clients.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS, FOLDER = "http://127.0.0.1:8700", "D/service_account.json"


def sections():
    """Give the blocks of code below each heading, as (language, text)."""
    parts = HEADING.split(PAGE)
    return {"": BLOCK.findall(parts[0])} | {
        heading: BLOCK.findall(text) for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def code(heading, language):
    """Give the one block of a language below a heading."""
    (text,) = [text for kind, text in sections()[heading] if kind == language]
    return text


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """An emulator started as the page says, on any free port; gives its address and its folder."""
    words = code("", "bash").split()
    assert words == ["python", "-m", "sheets_crm.emulator", "--dir", "D", "--port", "8700"]
    folder = tmp_path_factory.mktemp("clients")
    with emulator(folder, "--api-key", "KEY") as url:
        yield url, folder


def run(started, folder, name, text, command):
    """Run a block in a new process, with the address and the folder put in, and give what it prints."""
    url, keys = started
    assert ADDRESS in text or FOLDER in text or "emulator.mjs" in text
    (folder / name).write_text(text.replace(ADDRESS, url).replace(FOLDER, f"{keys}/service_account.json"))
    done = subprocess.run([command, name], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.long
@pytest.mark.parametrize("client", ["gspread", "Google's client for Python"])
def test_python_clients_that_are_here(started, tmp_path, client):
    assert run(started, tmp_path, "example.py", code(client, "python"), sys.executable) == code("", "text")


@pytest.mark.long
@pytest.mark.parametrize("client", ["gspread", "Google's client for Python", "pygsheets"])
def test_python_clients_that_are_installed_as_the_page_says(started, tmp_path, client):
    venv.create(tmp_path / "venv", with_pip=True)
    program = tmp_path / "venv" / "bin" / "python"
    (line,) = code(client, "bash").splitlines()
    install(str(program), "-m", *line.split(), directory=tmp_path)
    assert run(started, tmp_path, "example.py", code(client, "python"), str(program)) == code("", "text")


@pytest.mark.long
def test_clients_for_node(started, tmp_path):
    need_node()
    (line,) = code("Node", "bash").splitlines()
    install(*line.split(), directory=tmp_path)
    url, keys = started
    shared = code("Node", "js").replace(ADDRESS, url).replace(FOLDER, f"{keys}/service_account.json")
    (tmp_path / "emulator.mjs").write_text(shared)
    for client in ("node-google-spreadsheet", "Google's client for Node"):
        assert run(started, tmp_path, "example.mjs", code(client, "js"), "node") == code("", "text"), client


def test_every_client_of_the_page_is_run():
    with_code = {
        heading for heading, blocks in sections().items() if any(kind in ("python", "js") for kind, _ in blocks)
    }
    assert with_code == {"gspread", "Google's client for Python", "pygsheets", "Node", "node-google-spreadsheet",
                         "Google's client for Node", "API keys"}  # fmt: skip


@pytest.mark.long
def test_the_line_with_a_key(started, tmp_path):
    text = code("gspread", "python")
    text += "sheet.spreadsheet.share(None, 'anyone', 'reader')\nprint(sheet.spreadsheet.id)\n"
    file_id = run(started, tmp_path, "made.py", text, sys.executable).split()[-1]
    asked = code("API keys", "python").replace("ID", file_id)
    assert "'values': [['Ada', '36']]" in run(started, tmp_path, "key.py", asked, sys.executable)
    other = asked.replace("KEY", "OTHER")
    assert "API key not valid" in run(started, tmp_path, "key.py", other, sys.executable)
