"""Workbooks and state folders as earlier versions left them: this version opens them and goes on.

``0.1.0/contacted.tar.xz``: forty sample leads through all five steps, an older e-mail of lead 3 in an archive, one row in
Rejected, a choice on Lead Profile; the emulator's database and the worker's state folder, without any account's key.
"""

import gzip
import tarfile
from pathlib import Path

import pytest
from workbench import Desk

from sheets_crm import sample

HERE = Path(__file__).resolve().parent
VERSIONS = {"0.1.0": ("1udjebsQlD85LcHfXp9mQayiNaIcVttP4VodzcbH4i_y", 1_780_004_200.0)}


@pytest.fixture(params=VERSIONS)
def desk(request, tmp_path):
    sheet_id, now = VERSIONS[request.param]
    with tarfile.open(HERE / request.param / "contacted.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    found = Desk(tmp_path, sheet_id=sheet_id)
    found.now = now + 600
    yield found
    found.close()


def held(desk, words):
    """Where any of these words stands: tabs of the workbook and files of the state folder."""
    found = {title for title, cells in desk.everything().items() if any(word in str(cells) for word in words)}
    for path in filter(Path.is_file, desk.settings.state_dir.rglob("*")):
        body = path.read_bytes()
        text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8", "replace")
        found |= {path.name} if any(word in text for word in words) else set()
    return found


def test_a_run_finds_nothing_to_do_and_sets_no_file_aside(desk):
    assert desk.sync()["writes"] == 0
    assert desk.problems() == []
    assert not list(desk.settings.state_dir.rglob("*damaged*"))
    found = desk.app.doctor(probe=False).json["findings"]
    assert [one for one in found if not one["ok"] and one["check"] != "clock"] == []


def test_init_changes_no_lead_and_nothing_that_operators_own(desk):
    before = {title: desk.cells(title) for title in ("Master", "Inbox", "Rejected", "Batches", "Storage")}
    settings = desk.control("box1_version")[1][1]
    desk.init()
    assert {title: desk.cells(title) for title in before} == before
    assert desk.control("box1_version")[1][1] == settings == "v2"


def test_ticks_and_outputs_go_on(desk):
    desk.tick("Verification Input")
    desk.paste(*sample.instantly_output(*desk.batch("Instantly")))
    desk.sync()
    assert desk.rows("Imports")[-1]["step"] == "instantly"
    assert desk.sync()["idle"]


def test_a_person_is_erased_from_what_the_earlier_version_kept(desk):
    lead = next(row for row in desk.leads().values() if row["instantly_sent"] is True)
    member = lead["personSalesUrl"].split("/")[-1].split(",")[0]
    words = [member, lead["email"], "older@before.example"]
    assert len(held(desk, words)) > 5
    desk.app.forget(str(lead["LeadNumber"]))
    assert held(desk, words) == set()
