"""What a script sees of a refused run: exit status 1, and what happened, where, what state is left, what to do."""

import json

import pytest

from sheets_crm.cli.run import exit_status
from sheets_crm.errors import AccessError


@pytest.fixture
def shell(open_desk, monkeypatch, tmp_path):
    """A workbook, and an environment in which the command line works on it."""
    desk = open_desk("imported")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", "en")
    for name in ("spreadsheet_id", "credentials", "endpoint", "state_dir"):
        monkeypatch.setenv(f"SHEETS_CRM_{name.upper()}", str(getattr(desk.settings, name)))
    return desk


@pytest.mark.long
def test_a_refused_run_exits_1_and_says_everything(shell, capsys):
    shell.put("Master", "E1", [["puesto"]], who="owner")

    assert exit_status(["sync", "--force", "--json"]) == 1

    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert error["type"] == "RefusedPlan"
    assert error["where"] == "Master!1:1"
    assert error["state"]
    assert "init" in error["remedy"]
    for text in (error["message"], error["state"], error["remedy"]):
        assert text in err


def test_a_setting_that_is_not_known_exits_2(shell, capsys, monkeypatch):
    monkeypatch.setenv("SHEETS_CRM_SETTLE_SECOND", "3")

    assert exit_status(["sync"]) == 2

    assert "SETTLE_SECOND" in capsys.readouterr().err


def test_a_workbook_that_is_not_shared_names_the_account_to_share_it_with(shell):
    shell.fault(match="/v4/spreadsheets", status=403, times=50)

    with pytest.raises(AccessError) as caught:
        shell.sync()

    assert caught.value.status == 403
    assert "worker@" in caught.value.message + caught.value.remedy
