"""What runs leave in the mirror: what the Master shows, whoever changed it, and after the store was lost."""

import itertools
import sqlite3
from contextlib import closing

import pytest

from sheets_crm.errors import Retryable
from sheets_crm.store.mirror import StoredMirror
from sheets_crm.workbook.cells import column_letters


def mirror_of(desk):
    with closing(sqlite3.connect(desk.app.store.file)) as file:
        file.row_factory = sqlite3.Row
        return {row["lead_number"]: dict(row) for row in file.execute("SELECT * FROM leads")}


def shown(rows, *names):
    return {number: tuple(row[name] or None for name in names) for number, row in rows.items()}


def both(desk):
    """E-mail, batch and industry of all leads, in the mirror and in the Master."""
    names = ("email", "verification_batch", "industry")
    return shown(mirror_of(desk), *names), shown(desk.leads(), *names)


@pytest.fixture
def desk(open_desk):
    return open_desk("imported")


@pytest.mark.long
def test_an_import_and_a_send_are_in_the_mirror(desk):
    assert len(mirror_of(desk)) == 40
    desk.tick("Verification Input", 3)
    desk.sync()
    mirrored, master = both(desk)
    assert mirrored == master
    assert sum(row[1] is not None for row in mirrored.values()) == 3


@pytest.mark.long
def test_edits_rows_and_deletions_by_hand_are_in_it_after_the_next_full_read(desk):
    header, *rows = desk.stored("Master")
    desk.put("Master", f"{column_letters(header.index('industry'))}2", [["by hand"]], who="owner")
    desk.structure(
        {
            "deleteDimension": {
                "range": {"sheetId": desk.tab_id("Master"), "dimension": "ROWS", "startIndex": 5, "endIndex": 6}
            }
        }
    )
    desk.sync(force=True)
    mirrored, master = both(desk)
    assert mirrored == master
    assert (len(mirrored), mirrored[rows[0][0]][2]) == (39, "by hand")


@pytest.mark.long
@pytest.mark.parametrize("loss", ["deleted", "damaged"])
def test_a_store_that_was_lost_has_all_leads_again_after_the_next_write(desk, loss):
    file = desk.app.store.file
    file.unlink() if loss == "deleted" else file.write_bytes(b"\xff" * 9_000)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    desk.tick("Verification Input", 1)
    desk.sync()
    mirrored, master = both(desk)
    assert mirrored == master
    assert len(mirrored) == 40


@pytest.mark.long
def test_who_is_forgotten_is_not_in_it(desk):
    lead = next(iter(desk.leads().values()))
    desk.app.forget(str(lead["LeadNumber"]))
    mirrored, master = both(desk)
    assert mirrored == master
    assert len(mirrored) == 39
    for path in desk.settings.state_dir.rglob("crm.db*"):
        assert lead["personSalesUrl"].encode() not in path.read_bytes(), path


@pytest.mark.long
def test_a_mirror_that_fails_stops_no_run_and_is_put_right_by_the_next_full_read(desk, monkeypatch, caplog):
    failures = itertools.cycle((Retryable("locked"), OSError(28, "No space left on device")))

    def fails(*_arguments):
        raise next(failures)

    monkeypatch.setattr(StoredMirror, "update", fails)
    monkeypatch.setattr(StoredMirror, "reconcile", fails)
    desk.tick("Verification Input", 2)
    assert desk.sync()["sent"]
    desk.sync(force=True)
    assert "locked" in caplog.text
    assert "No space left on device" in caplog.text
    monkeypatch.undo()
    desk.now += 7_200  # an hour after the last one a full read is due
    desk.sync()
    mirrored, master = both(desk)
    assert mirrored == master


@pytest.mark.long
def test_a_plan_writes_none(desk):
    before = mirror_of(desk)
    desk.tick("Verification Input", 2)
    desk.sync(plan=True)
    assert mirror_of(desk) == before
