"""`init --new`: from a settings file without a workbook to one that is set up, once, whatever interrupts it."""

import json
import tomllib

import pytest

from sheets_crm.cli.run import exit_status
from sheets_crm.cli.settings_file import with_id, write_id
from sheets_crm.emulator.server import Server
from sheets_crm.errors import AccessError, FileError
from sheets_crm.google import new_workbook
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.messages import said

TEXT = """# ours
credentials = "emulator/service_account.json"
endpoint = "{url}"
language = "es"
reads_per_minute = 10000
writes_per_minute = 10000

[parts]
box1 = 2
"""


@pytest.fixture
def server(tmp_path, monkeypatch):
    for name in ("SPREADSHEET_ID", "LANGUAGE"):
        monkeypatch.delenv(f"SHEETS_CRM_{name}", raising=False)
    with Server(tmp_path / "emulator") as running:
        (tmp_path / "sheets_crm.toml").write_text(TEXT.format(url=running.url))
        yield running


def files(server, folder):
    account = load_service_account(folder / "emulator" / "service_account.json")
    return connect(account, endpoint=server.url, creating=True).list_spreadsheet_files()


def new(folder, *words):
    return exit_status(["--config", str(folder / "sheets_crm.toml"), "init", "--new", "Mi CRM", *words])


@pytest.mark.long
def test_the_workbook_is_created_named_in_the_settings_and_set_up(server, tmp_path, capsys):
    assert new(tmp_path, "--share", "ana@example.com") == 0
    captured = capsys.readouterr()
    text = (tmp_path / "sheets_crm.toml").read_text()
    (file,) = files(server, tmp_path)
    assert file["name"] == "Mi CRM"
    assert text == f'spreadsheet_id = "{file["id"]}"\n' + TEXT.format(url=server.url)
    assert file["id"] in captured.err
    assert "Mi CRM:" in captured.out
    assert "pestañas creadas" in captured.out
    assert not (tmp_path / "state" / new_workbook.FILE).exists()

    assert new(tmp_path) == 2
    assert "ya nombran un libro" in capsys.readouterr().err
    assert len(files(server, tmp_path)) == 1


@pytest.mark.long
def test_a_call_that_was_cut_off_is_finished_by_the_next_with_the_same_workbook(
    server, tmp_path, monkeypatch, capsys
):
    class KilledError(BaseException):
        pass

    def die(*_args):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("sheets_crm.cli.new_workbook.write_id", die)
        with pytest.raises(KilledError):
            new(tmp_path)
    (file,) = files(server, tmp_path)
    assert file["id"] in capsys.readouterr().err
    assert new(tmp_path, "--json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["spreadsheet_id"] == file["id"]
    assert "intento anterior" in captured.err
    assert len(files(server, tmp_path)) == 1


def test_an_account_that_may_create_nothing_is_told_to_make_one_by_hand(server, tmp_path, capsys, monkeypatch):
    def refuse(*_args):
        raise AccessError(said("google.no_creating", words="storage quota"), status=403)

    monkeypatch.setattr(new_workbook, "create_file", refuse)
    assert new(tmp_path) == 1
    err = capsys.readouterr().err
    assert "sheets.new" in err
    assert "gserviceaccount.com" in err
    assert (tmp_path / "sheets_crm.toml").read_text() == TEXT.format(url=server.url)


@pytest.mark.parametrize("words", [["--new", "X", "--adopt"], ["--new="], ["--share", "a@b.c"]])
def test_wrong_use_is_refused(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert exit_status(["init", *words]) == 2


def test_on_google_somebody_has_to_be_able_to_open_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheets_crm.toml").write_text('credentials = "x.json"\n')
    assert exit_status(["init", "--new", "X"]) == 2
    assert "--share" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'spreadsheet_id = "S"\n'),
        ("[parts]\nbox1 = 2\n", 'spreadsheet_id = "S"\n[parts]\nbox1 = 2\n'),
        ("prompts = 2\nspreadsheet_id = ''  # later\n", 'prompts = 2\nspreadsheet_id = "S"  # later\n'),
    ],
)
def test_the_other_lines_of_the_settings_stay(before, after):
    assert with_id(before, "S") == after
    assert tomllib.loads(after)["spreadsheet_id"] == "S"


def test_a_file_that_cannot_be_written_gives_the_line(tmp_path):
    path = tmp_path / "missing" / "a.toml"
    with pytest.raises(FileError) as refused:
        write_id(path, "S")
    assert 'spreadsheet_id = "S"' in refused.value.remedy
