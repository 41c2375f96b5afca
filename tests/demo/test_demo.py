"""The demo: the story fills the dashboard, a second start goes on with it, and nothing configured is touched."""

import socket
import tarfile
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from jobs.stopper import Stopper
from sheets_crm import scheduling
from sheets_crm.bootstrap import local
from sheets_crm.config import load_alone
from sheets_crm.demo import Folder
from sheets_crm.errors import SettingsError
from sheets_crm.pipeline.metric_list import METRICS

OLDER = Path(__file__).resolve().parents[1] / "versions/0.3.0/contacted.tar.xz"
OLDER_ID = "1-idtzswCIAc7_DgO_ivyclO518DxtWnTzL9ji4VWcSp"


def play(directory, *, port=0):
    said, reports = [], []
    local.run_demo(directory=directory, port=port, work=None, progress=said.append, show=reports.append)
    return said, reports[0]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    directory = tmp_path_factory.mktemp("demo")
    return directory, *play(directory)


@pytest.mark.long
def test_the_dashboard_is_filled_from_leads_to_conversions(played):
    _, said, report = played
    metrics = report.json["metrics"]
    assert metrics["leads_total"] == 500
    assert metrics["conservation_ok"] is True
    assert metrics["instantly_conversion_ratio"] > 0
    assert {name: value for name, value in metrics.items() if value is None} == {}
    assert sum(line.startswith("[") for line in said) == 7
    shown = {row[0]: row[1] for row in report.tables[0].rows}
    assert shown["Total leads (de export)"] == "500"
    listed = [metric.label_es for metric in METRICS if metrics[metric.id] or not metric.if_any]
    assert set(listed) <= set(shown)
    assert all(shown[label] for label in listed)


@pytest.mark.long
def test_every_kind_of_thing_an_operator_does_was_done(played):
    _, said, _ = played
    text = "\n".join(said)
    for sign in (
        "V-0001",
        "V-0002",
        "Output ZeroBounce",
        "1 rechazada",
        "D-0004 Verification de Rejected",
        "V-0003: 20 leads disponibles",
        "C-0001: ",
        "reabierto",
        "B-0002",
        "I-0001",
        "descartadas",
    ):
        assert sign in text, sign


@pytest.mark.long
def test_a_second_start_goes_on_with_the_same_workbook(played):
    directory, _, first = played
    said, again = play(directory)
    assert again.json["spreadsheet_id"] == first.json["spreadsheet_id"]
    assert again.json["sequence"] == first.json["sequence"]
    assert not any(line.startswith("[") for line in said)


@pytest.mark.long
def test_a_demo_of_an_earlier_version_is_brought_up_to_date(tmp_path):
    with tarfile.open(OLDER) as packed:
        packed.extractall(tmp_path, filter="data")
    folder = Folder(tmp_path)
    folder.write_settings(OLDER_ID, "http://127.0.0.1:1")
    folder.mark_played()
    said, report = play(tmp_path)
    assert len(said) == 2
    assert report.json["spreadsheet_id"] == OLDER_ID
    assert len(play(tmp_path)[0]) == 1


@pytest.mark.long
def test_while_it_is_up_ticks_are_answered(played, monkeypatch):
    directory, _, _ = played
    folder, stopper, told = Folder(directory), Stopper(), threading.Event()
    monkeypatch.setattr(stopper, "listening", threading.Lock)  # signals are for the main thread only
    up = threading.Thread(
        target=local.run_demo,
        kwargs={
            "directory": directory,
            "port": 0,
            "work": partial(scheduling.run_worker, stopper=stopper),
            "progress": str,
            "show": lambda _report: told.set(),
        },
    )
    up.start()
    try:
        assert told.wait(20)
        operator = local.open_as_operator(folder, load_alone(folder.settings))
        before = operator.available("Verification Input")
        operator.tick("Verification Input", 5)
        deadline = time.monotonic() + 20
        while operator.available("Verification Input") != before - 5 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert operator.available("Verification Input") == before - 5
    finally:
        stopper.stop()
        up.join(20)


def test_what_is_set_for_another_workbook_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SHEETS_CRM_SPREADSHEET_ID", "1RealRealRealRealRealRealRealRealRealReal123")
    monkeypatch.setenv("SHEETS_CRM_ENDPOINT", "https://sheets.example")
    folder = Folder(tmp_path)
    folder.write_settings("demo-workbook", "http://127.0.0.1:1")
    settings = load_alone(folder.settings)
    assert (settings.spreadsheet_id, settings.endpoint) == ("demo-workbook", "http://127.0.0.1:1")
    assert settings.state_dir == tmp_path / "state"


def test_a_story_cut_short_is_begun_again(tmp_path):
    folder = Folder(tmp_path)
    assert (folder.played, folder.last_port()) == (False, 0)
    folder.write_settings("x", "http://127.0.0.1:4321")
    assert (folder.played, folder.last_port()) == (False, 4321)
    folder.mark_played()
    assert folder.played


def test_moving_keeps_what_people_wrote_into_the_settings(tmp_path):
    folder = Folder(tmp_path)
    folder.write_settings("x", "http://127.0.0.1:4321")
    folder.settings.write_text(folder.settings.read_text() + 'language = "en"\n')
    folder.move("http://127.0.0.1:77")
    settings = load_alone(folder.settings)
    assert (settings.endpoint, settings.language) == ("http://127.0.0.1:77", "en")


def test_a_port_in_use_is_told_with_a_remedy(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)) as caught:
            play(tmp_path, port=port)
    assert "--port" in caught.value.remedy
