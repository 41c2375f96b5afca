"""The parts put together: several workbooks under one worker, and settings that do not suffice."""

import dataclasses
import json
import subprocess
import sys
import threading
import time

import pytest

from jobs.stopper import Stopper
from sheets_crm import bootstrap, sample, scheduling
from sheets_crm.bootstrap import local
from sheets_crm.config import Settings, Workbook
from sheets_crm.demo import Operator
from sheets_crm.emulator.server import Server
from sheets_crm.engine.settings import RunSettings
from sheets_crm.errors import SettingsError
from sheets_crm.features.registry import FEATURES
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

GIVEN = {
    "language": "en",
    "settle_seconds": 3.5,
    "interval_seconds": 20.5,
    "heartbeat_minutes": 7,
    "stale_days": 9,
    "lead_days": 11.5,
    "max_change_share": 0.3,
    "parts": {"box1": 3},
    "full_reconcile_minutes": 33,
}


def test_a_run_gets_each_setting_as_it_is_and_defaults_stand_in_the_settings_only(tmp_path):
    names = {field.name for field in dataclasses.fields(RunSettings)}
    assert names == {*GIVEN, "schema", "account", "workbook", "state_dir", "features", "modules", "pushes"}
    given = Settings(spreadsheet_id="abc", state_dir=tmp_path, **GIVEN)
    found = bootstrap.run_settings(given, "robot@example")
    assert {name: getattr(found, name) for name in GIVEN} == GIVEN
    assert all(getattr(Settings(), name) != value for name, value in GIVEN.items())
    assert (found.workbook, found.account, found.state_dir) == ("abc", "robot@example", tmp_path)
    assert found.schema == given.schema_of_workbook
    assert found.features == FEATURES
    for field in dataclasses.fields(RunSettings):
        assert field.default is dataclasses.MISSING
        assert field.default_factory is dataclasses.MISSING


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path / "emulator") as running:
        yield running


def settings(server, tmp_path, **more):
    return Settings(
        credentials=tmp_path / "emulator" / "service_account.json",
        endpoint=server.url,
        state_dir=tmp_path / "state",
        interval_seconds=1,
        settle_seconds=0,
        reads_per_minute=6000,
        writes_per_minute=6000,
        **more,
    )


def workbook(server, tmp_path, title):
    """Make a workbook with twenty leads and give its id."""
    account = load_service_account(tmp_path / "emulator" / "service_account.json")
    client = connect(account, endpoint=server.url, creating=True)
    made = create_spreadsheet(client, title, locale="es_ES", time_zone="Europe/Madrid")
    app = bootstrap.application(settings(server, tmp_path, spreadsheet_id=made))
    app.init(adopt=False)
    export = write_csv(tmp_path / f"{title}.csv", *sample.export_rows(20))
    app.import_tables([str(export)], step=None, target_id=None, plan=False)
    return made


def operator(server, tmp_path, spreadsheet_id):
    account = load_service_account(tmp_path / "emulator" / "operator_account.json")
    return Operator(connect(account, endpoint=server.url).open_by_key(spreadsheet_id))


@pytest.mark.long
def test_one_worker_answers_in_several_workbooks(server, tmp_path):
    ids = {name: workbook(server, tmp_path, name) for name in ("norte", "sur")}
    listed = [Workbook(name=name, spreadsheet_id=one) for name, one in ids.items()]
    people = [operator(server, tmp_path, one) for one in ids.values()]
    stopper = Stopper()
    stopper.listening = threading.Lock  # signals reach the main thread only
    worker = threading.Thread(
        target=scheduling.run_worker,
        args=(settings(server, tmp_path, workbooks=listed),),
        kwargs={"stopper": stopper},
    )
    worker.start()
    try:
        for count, person in enumerate(people, start=3):
            person.tick("Verification Input", count)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            left = [person.available("Verification Input") for person in people]
            if left == [17, 16] and (tmp_path / "state" / "worker.json").exists():
                break
            time.sleep(0.3)
        assert left == [17, 16]
    finally:
        stopper.stop()
        worker.join(20)
    assert not worker.is_alive()
    health = json.loads((tmp_path / "state" / "worker.json").read_text())["tasks"]
    assert {"norte", "sur"} <= set(health)
    assert [health[name]["failures"] for name in ids] == [0, 0]


@pytest.mark.long
def test_a_workbook_that_hangs_holds_up_no_other(server, tmp_path):
    ids = {name: workbook(server, tmp_path, name) for name in ("norte", "sur")}
    listed = [Workbook(name=name, spreadsheet_id=one) for name, one in ids.items()]
    north, south = (operator(server, tmp_path, one) for one in ids.values())
    north.tick("Verification Input", 3)
    south.tick("Verification Input", 4)
    stopper = Stopper()
    stopper.listening = threading.Lock  # signals reach the main thread only
    server.application.faults.arm({"match": ids["norte"], "mode": "delay", "seconds": 12})
    worker = threading.Thread(
        target=scheduling.run_worker,
        args=(settings(server, tmp_path, workbooks=listed),),
        kwargs={"stopper": stopper},
    )
    started = time.monotonic()
    worker.start()
    try:
        while south.available("Verification Input") != 16 and time.monotonic() < started + 12:
            time.sleep(0.5)
        left = north.available("Verification Input"), south.available("Verification Input")
        assert time.monotonic() < started + 12
        assert left == (20, 16)
        while north.available("Verification Input") != 17 and time.monotonic() < started + 40:
            time.sleep(1)
        assert north.available("Verification Input") == 17
    finally:
        stopper.stop()
        worker.join(20)
    assert not worker.is_alive()


def test_a_verb_on_one_workbook_asks_for_it_when_only_a_list_is_set(server, tmp_path):
    listed = [Workbook(name="norte", spreadsheet_id="1x")]
    with pytest.raises(SettingsError, match="spreadsheet_id"):
        bootstrap.application(settings(server, tmp_path, workbooks=listed))


def test_without_credentials_nothing_is_tried(server, tmp_path):
    with pytest.raises(SettingsError, match="credentials"):
        bootstrap.application(Settings(spreadsheet_id="1x"))


@pytest.mark.long
def test_garbage_is_collected_again_after_the_start():
    code = "import gc, sheets_crm.bootstrap; raise SystemExit(not gc.isenabled())"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.long
def test_a_second_demo_in_a_folder_is_refused_before_it_writes_anything(tmp_path):
    settings_file = tmp_path / "sheets_crm.toml"
    settings_file.write_text("endpoint = 'http://127.0.0.1:1'\n")
    with (
        Server(tmp_path / "emulator"),
        pytest.raises(SettingsError, match=f"A demo runs in {tmp_path} already") as refused,
    ):
        local.run_demo(directory=tmp_path, port=0, work=scheduling.run_worker, progress=print, show=print)
    assert "another --dir" in refused.value.remedy
    assert settings_file.read_text() == "endpoint = 'http://127.0.0.1:1'\n"
