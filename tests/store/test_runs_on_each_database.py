"""Whole runs over HTTP on a store in SQLite and in PostgreSQL: journal, mirror, history, restore, forget."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from sheets_crm import bootstrap
from sheets_crm.bootstrap import Application
from sheets_crm.errors import Retryable
from sheets_crm.store.journal import StoredJournal

pytestmark = pytest.mark.long


@pytest.fixture
def desk(open_desk, place):
    """A workbook with leads, whose worker comes to this store for the first time."""
    opened = open_desk("imported")
    settings = opened.settings.model_copy(update={"database": place.address, "state_dir": place.state_dir})
    app = bootstrap.application(settings, sleep=opened._sleep)
    opened.app = Application(
        replace(app.context, clock=lambda: opened.now, sleep=opened._sleep), app._account, app.store
    )
    opened.settings = settings
    place.stores.append(app.store)
    opened.sync(force=True)
    return opened


def asked(desk, sql):
    return [tuple(row) for row in desk.app.store.read(lambda c: c.execute(text(sql)).all())]


def mirrored(desk):
    rows = asked(desk, "SELECT lead_number, email, verification_sent, verification_batch FROM leads")
    return {number: (email or "", bool(sent), batch or "") for number, email, sent, batch in rows}


def master(desk):
    names = ("email", "verification_sent", "verification_batch")
    return {number: (row[names[0]], bool(row[names[1]]), row[names[2]]) for number, row in desk.leads().items()}


def test_what_a_send_changes_is_in_journal_mirror_and_history(desk):
    assert mirrored(desk) == master(desk)
    desk.tick("Verification Input", 3)
    desk.sync()
    assert mirrored(desk) == master(desk)
    (sent,) = asked(desk, "SELECT count(*) FROM changes WHERE column_name = 'verification_batch'")
    assert sent == (3,)
    number = next(number for number, row in mirrored(desk).items() if row[1])
    columns = {entry["column"] for entry in desk.app.history(str(number)).json["changes"]}
    assert "verification_batch" in columns


def test_who_is_forgotten_is_in_no_table(desk):
    desk.load(
        ["firstName", "lastName", "title", "companyName", "vmid", "defaultProfileUrl"],
        [["Zoë", "Quill", "CEO", "Quill S.A.", "V900", "https://www.linkedin.com/in/zoe-quill"]],
    )
    number = next(n for n, row in desk.leads().items() if row["lastName"] == "Quill")
    assert asked(desk, f"SELECT count(*) FROM leads WHERE lead_number = {number}") == [(1,)]
    assert asked(desk, f"SELECT count(*) FROM changes WHERE lead_number = {number}") != [(0,)]
    desk.app.forget(str(number))
    assert asked(desk, f"SELECT count(*) FROM leads WHERE lead_number = {number}") == [(0,)]
    assert asked(desk, f"SELECT count(*) FROM changes WHERE lead_number = {number}") == [(0,)]
    assert mirrored(desk) == master(desk)


def test_a_lead_that_was_deleted_comes_back_from_the_journal(desk):
    desk.load(
        ["firstName", "lastName", "title", "companyName", "vmid", "defaultProfileUrl"],
        [["Zoë", "Quill", "CEO", "Quill S.A.", "V900", "https://www.linkedin.com/in/zoe-quill"]],
    )
    numbers = list(desk.leads())
    row = numbers.index(next(n for n, lead in desk.leads().items() if lead["lastName"] == "Quill")) + 1
    where = {"sheetId": desk.tab_id("Master"), "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    desk.structure({"deleteDimension": {"range": where}})
    desk.sync(force=True)
    assert "Quill" not in str(mirrored(desk))
    desk.app.restore([str(numbers[row - 1])], everything=False, plan=False)
    assert asked(desk, f"SELECT last_name FROM leads WHERE lead_number = {numbers[row - 1]}") == [("Quill",)]
    assert mirrored(desk) == master(desk)


def test_the_mirror_is_rebuilt(desk):
    desk.app.store.write(lambda c: c.execute(text("UPDATE leads SET email = 'written by SQL'")))
    assert desk.app.store_rebuild().json == {"leads": 40}
    assert mirrored(desk) == master(desk)


def test_a_store_that_cannot_be_reached_stops_a_write_before_the_workbook_is_changed(desk, monkeypatch):
    def away(_self):
        raise Retryable("the store is away")

    monkeypatch.setattr(StoredJournal, "prepare", away)
    before = desk.everything("Control", "System")
    desk.tick("Verification Input", 1)
    with pytest.raises(Retryable, match="away"):
        desk.sync()
    desk.put("Verification Input", "A2", [[False]])
    assert desk.everything("Control", "System") == before
