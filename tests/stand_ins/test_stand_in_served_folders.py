"""A folder: what it keeps through a restart and a kill, and the files that a client reads."""

import os
import signal
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import requests
from stand_in_client import NOON, Client

from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import FolderServedError, StandIns


def served(folder, port=0):
    return StandIns(folder, port, clock=Clock(lambda: NOON))


def test_the_settings_stand_there_before_it_listens(tmp_path):
    stand_ins = served(tmp_path)
    try:
        told = tomllib.loads((tmp_path / "stand_ins.toml").read_text(encoding="utf-8"))
        key, hook = Path(told["instantly"]["api_key_file"]), Path(told["alerts"]["slack_webhook_file"])
        assert told["instantly"]["endpoint"] == stand_ins.url
        assert key.read_text(encoding="utf-8").strip() == stand_ins.api_key
        assert hook.read_text(encoding="utf-8").strip() == stand_ins.slack_webhook
        assert {stat.S_IMODE(path.stat().st_mode) for path in (key, hook, tmp_path / "stand_ins.toml")} == {0o600}
    finally:
        stand_ins.stop()


@pytest.mark.long
def test_a_restart_keeps_everything_and_the_keys_on_another_port(tmp_path):
    with served(tmp_path) as stand_ins:
        api = Client(stand_ins)
        api.settings(visible_after=0)
        campaign = api.campaign()
        api.add(campaign, "ana@x.example")
        key, path = stand_ins.api_key, stand_ins.slack_webhook.removeprefix(stand_ins.url)
        before = (api.listed(), api.sent(), api.control("GET", "settings"))
    with served(tmp_path) as stand_ins:
        api = Client(stand_ins)
        assert (api.listed(), api.sent(), api.control("GET", "settings")) == before
        assert (stand_ins.api_key, stand_ins.slack_webhook) == (key, stand_ins.url + path)
        assert api.add(campaign, "leo@x.example")["created_leads"][0]["id"] > before[0][0]["id"]


@pytest.mark.long
def test_what_was_due_is_done_after_a_restart(tmp_path, receiver):
    with served(tmp_path) as stand_ins:
        api = Client(stand_ins)
        api.settings(visible_after=0, applied_after=60)
        api.add(api.campaign(), "ana@x.example")
        api.webhook(receiver)
        receiver.statuses = [500]
        api.happens("interest", "ana@x.example", value=2)
        api.due()
        api.ask("POST", "leads/update-interest-status", {"lead_email": "ana@x.example", "interest_value": 1})
    with served(tmp_path) as stand_ins:
        Client(stand_ins).forward(60)
    assert receiver.types() == ["lead_meeting_booked"] * 2 + ["lead_interested"]


@pytest.mark.long
def test_only_one_serves_a_folder(tmp_path):
    with served(tmp_path) as stand_ins:
        settings = (tmp_path / "stand_ins.toml").read_text(encoding="utf-8")
        with pytest.raises(FolderServedError, match="Nothing was changed"):
            served(tmp_path)
        assert (tmp_path / "stand_ins.toml").read_text(encoding="utf-8") == settings
        port = int(stand_ins.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            served(tmp_path / "other", port)
    served(tmp_path / "other", 0).stop()


@pytest.mark.long
def test_the_clock_begins_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("SHEETS_CRM_NOW", "2031-03-04T12:00:00+01:00")
    with StandIns() as stand_ins:
        api = Client(stand_ins)
        assert api.control("GET", "clock")["now"].startswith("2031-03-04T11:00:")
        assert api.campaign()["timestamp_created"].startswith("2031-03-04T11:00:")


class Process:
    """Stand-ins as a process of their own."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "sheets_crm.stand_ins", "--dir", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.api_key = (folder / "instantly_api_key").read_text(encoding="utf-8").strip()

    def end(self, number):
        os.kill(self.process.pid, number)
        status = self.process.wait(timeout=10)
        self.process.stdout.close()
        return status


@pytest.mark.long
def test_a_killed_process_has_every_request_that_it_answered(tmp_path):
    process = Process(tmp_path)
    api = Client(process)
    api.settings(visible_after=0, limits=False)
    campaign = api.campaign()
    for number in range(50):
        api.add(campaign, *(f"p{number}-{each}@x.example" for each in range(3)))
    process.end(signal.SIGKILL)
    again = Process(tmp_path)
    try:
        api = Client(again)
        assert len(api.sent()) == 50
        first = api.ok("POST", "leads/list", {"limit": 100})
        rest = api.ok("POST", "leads/list", {"limit": 100, "starting_after": first["next_starting_after"]})
        assert len(first["items"]) + len(rest["items"]) == 150
    finally:
        assert again.end(signal.SIGTERM) == 0
    with pytest.raises(requests.ConnectionError):
        api.control("GET", "sent")
