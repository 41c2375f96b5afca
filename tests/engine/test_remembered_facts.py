"""Caches are compared with what is read: a row by its LeadNumber, a cell of Control by its id, a time by sense."""

import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from cache_rows import put, rows_of

from sheets_crm import sample
from sheets_crm.engine import caches, layout_cache, state, state_files
from sheets_crm.engine.cached_rows import CACHES, FACTS
from sheets_crm.engine.clocks import seconds_since
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import RefusedPlan

pytestmark = pytest.mark.long

MINUTE = 60


@pytest.fixture
def desk(open_desk):
    found = open_desk("imported")
    found.app.context.run(RunRequest(now=True, whole=True))
    return found


# -- leads and places


def test_cached_leads_that_are_not_those_of_the_remembered_places_are_not_used(desk):
    """As an erasure left them that was cut off: one lead too many, at the right number."""
    cache = desk.app.context.cache
    known = cache.load()
    desk.app.forget("13")
    desk.app.context.run(RunRequest(now=True, whole=True))
    now = cache.load()
    stale = known.leads
    cache.save(now.sequence, stale)
    desk.app = desk.worker()

    rows = desk.rows("Verification Input")
    wanted = [14, 15]
    cells = [[row["LeadNumber"] in wanted] for row in rows]
    desk.put("Verification Input", "A2", cells)
    desk.sync()

    assert [number for number, row in desk.leads().items() if row["verification_sent"] is True] == wanted
    assert desk.sync()["writes"] == 0


def test_the_cache_knows_deleted_leads_after_a_restart(desk):
    desk.app.context.cache.load()
    desk.app.forget("7")
    desk.app.context.run(RunRequest(now=True, whole=True))
    desk.app = desk.worker()
    known = desk.app.context.cache.load()
    assert 7 not in known.leads.index
    assert len(known.leads) == len(desk.leads())


def test_a_log_of_another_base_is_not_applied(desk, tmp_path):
    cache = desk.app.context.cache
    desk.tick("Verification Input", 3)
    desk.sync()
    state_dir, known = desk.settings.state_dir, cache.load()
    part = next(row for row in rows_of(state_dir, "caches") if row[1] == "leads" and row[2] == known.sequence)
    cache.save(known.sequence - 1, known.leads)
    put(state_dir, CACHES, part[:3], part[3])
    assert desk.worker().context.cache.load().sequence == known.sequence - 1


def test_rows_moved_between_the_look_and_the_read_are_read_whole(desk, monkeypatch):
    """The signals are read once more with the rows: a sort in that second is seen before anything is planned."""
    gateway = desk.app.context.gateway
    values, sorted_ = type(gateway).values, []

    def sorting(self, ranges):
        if len(ranges) > 5 and not sorted_:
            sorted_.append(True)
            desk.structure({"sortRange": {"range": {"sheetId": desk.tab_id("Master"), "startRowIndex": 1},
                                          "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}})  # fmt: skip
        return values(self, ranges)

    desk.tick("Verification Input", 2)
    monkeypatch.setattr(type(gateway), "values", sorting)
    ticked = [row["LeadNumber"] for row in desk.rows("Verification Input")][:2]
    desk.sync()
    assert sorted_
    assert [n for n, row in desk.leads().items() if row["verification_sent"] is True] == sorted(
        ticked, reverse=True
    )
    assert not any("hand" in text or "mano" in text for text in desk.problems())


def test_places_of_another_version_are_read_anew(desk):
    caches.save(desk.settings.state_dir, desk.sheet_id, caches.LAYOUT, b'{"sequence": 3}')
    assert layout_cache.load_layout(desk.settings.state_dir, desk.sheet_id) is None
    desk.tick("Verification Input", 1)
    assert sum(desk.sync()["sent"].values()) == 1


# -- a lead typed by hand


def test_a_lead_typed_into_the_master_keeps_its_number_and_the_next_one_gets_another(desk):
    highest = max(desk.leads())
    end = len(desk.cells("Master")) + 1
    desk.tab("Master", "owner").add_rows(2)
    desk.put("Master", f"A{end}", [[highest + 1, "", "Ada", "Mano"]], who="owner")
    desk.tick("Verification Input", 1)

    desk.app.context.run(RunRequest(now=True, whole=True))

    assert any(f"fila {end}" in text and str(highest + 1) in text for text in desk.problems())
    desk.load(["firstName", "lastName", "companyName", "vmid"], [["Nadia", "Sol", "Acme", "ACwAAZZ1"]], "new.csv")
    names = {number: row["lastName"] for number, row in desk.leads().items() if number > highest}
    assert names == {highest + 1: "Mano", highest + 2: "Sol"}
    assert sum(row["verification_sent"] is True for row in desk.leads().values()) == 1
    assert "typed by hand" in str(desk.app.history(str(highest + 1)).json)


@pytest.mark.parametrize(
    "number", [1e300, *(pytest.param(one, marks=pytest.mark.long) for one in (2**60, -3, 0.5))]
)
def test_a_number_that_no_lead_can_have_is_told(desk, number):
    end = len(desk.cells("Master")) + 1
    desk.tab("Master", "owner").add_rows(2)
    desk.put("Master", f"A{end}", [[number, "", "Ada", "Mano"]], who="owner")
    found = desk.app.doctor(probe=False).json["findings"]
    assert any("LeadNumber" in one["found"] and not one["ok"] for one in found)


# -- the heartbeat


def beat(desk):
    return desk.control("heartbeat")[1][1]


def eleven_minutes_later(desk):
    """The heartbeat as the next polls leave it; the hourly full read takes one poll to itself."""
    desk.now += 11 * MINUTE
    for _ in range(2):
        desk.sync(now=False)
        desk.now += 15
    return beat(desk)


def test_the_heartbeat_follows_its_row(desk):
    """The owner moves rows of Control; the time lands beside its own label and nowhere else."""
    desk.sync()
    desk.set_control("box1_version", "B", "v9", raw=True)
    desk.set_control("target_id", "B", "T7", raw=True)
    desk.sync()
    number = desk.tab_id("Control")
    row = desk.control("heartbeat")[0] - 1
    target = desk.control("box1_version")[0]
    desk.structure({"moveDimension": {"source": {"sheetId": number, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1},
                                      "destinationIndex": target}})  # fmt: skip
    desk.structure(
        {"insertDimension": {"range": {"sheetId": number, "dimension": "ROWS", "startIndex": 2, "endIndex": 4}}}
    )
    before, cells = beat(desk), len(desk.cells("Control"))
    for _ in range(3):
        desk.now += 11 * MINUTE
        desk.sync(now=False)
    assert beat(desk) > before
    assert desk.control("box1_version")[1][1] == "v9"
    assert desk.control("target_id")[1][1] == "T7"
    assert len(desk.cells("Control")) == cells
    assert desk.control("last_run_at")[1][1] < beat(desk)


def test_an_idle_look_and_a_heartbeat_cost_one_read(desk):
    for _ in range(3):
        desk.sync(now=False)
    reads = list(desk.spent(lambda: desk.sync(now=False)))
    assert len(reads) == 1
    desk.now += 11 * MINUTE
    spent = desk.spent(lambda: desk.sync(now=False))
    assert sum(spent.values()) == 2, spent


def test_the_night_that_has_an_hour_twice_keeps_its_signs_of_life(desk):
    desk.now = 1_792_889_700.0  # 2026-10-25 02:15 in Madrid, 45 minutes before the clocks go back
    desk.sync()
    seen = [eleven_minutes_later(desk) for _ in range(15)]
    assert all(one != other for one, other in itertools.pairwise(seen)), seen


@pytest.mark.long
def test_the_night_that_lacks_an_hour_too(desk):
    desk.now = 1_774_744_200.0  # 2026-03-29 01:30 in Madrid
    desk.sync()
    seen = [eleven_minutes_later(desk) for _ in range(8)]
    assert seen == sorted(set(seen))


# -- a clock that was ahead


def test_a_moment_in_the_future_counts_as_long_ago():
    assert seconds_since(100, 40) == 60
    assert seconds_since(100, 130) == 0  # two machines' clocks
    assert seconds_since(100, 100_000) == float("inf")
    assert seconds_since(100, None) == seconds_since(100, "x") == seconds_since(100, True) == float("inf")


def test_after_a_clock_was_ahead_for_a_run_everything_is_compared_within_the_hour_again(desk):
    right = desk.now
    desk.now += 30 * 86_400
    desk.app.context.run(RunRequest(now=True, whole=True))
    desk.now = right + 10
    desk.sync()
    lead = desk.rows("Verification Input")[0]["LeadNumber"]
    desk.put("Verification Input", "D2", [["cambiado a mano"]], who="owner")
    desk.now += 61 * MINUTE
    desk.sync(now=False)
    assert desk.rows("Verification Input")[0]["firstName"] == desk.leads()[lead]["firstName"]


@pytest.mark.long
def test_a_day_to_come_does_not_stay_in_history_and_has_its_row_on_its_day(desk):
    right = desk.now
    desk.now += 30 * 86_400
    desk.sync()
    ahead = max(row["date"] for row in desk.rows("History"))
    desk.now = right + 60
    desk.sync()
    assert max(row["date"] for row in desk.rows("History")) == ahead - 30
    desk.tick("Verification Input", 5)
    desk.sync()
    desk.now = right + 30 * 86_400
    desk.sync()
    rows = {row["date"]: row for row in desk.rows("History")}
    assert rows[ahead]["verification_sent"] == 5


@pytest.mark.long
def test_many_days_to_come_mean_that_this_clock_is_behind(desk):
    for _ in range(6):
        desk.now += 86_400
        desk.sync()
    before = [row["date"] for row in desk.rows("History")]
    desk.now -= 5.5 * 86_400
    desk.sync()
    assert set(before) <= {row["date"] for row in desk.rows("History")}


# -- files


def test_what_killed_processes_left_is_swept_at_start_and_files_are_closed_to_others(desk):
    state_dir = desk.settings.state_dir
    left = [state_dir / "cache" / f".x.json.{number}.part" for number in (0, 999_999_999, os.getpid())]
    left += [state_dir / folder / ".x.jsonl.999999999.part" for folder in ("cache", "journal")]
    for folder in ("cache", "journal"):
        (state_dir / folder).mkdir()
    for path in left:
        path.write_text("ACwAASECRET")
    databases = [state_dir / name for name in ("crm.db", "cache.db")]
    for path in databases:
        path.chmod(0o644)
    desk.worker()
    assert not any(path.exists() for path in left)
    assert [path.stat().st_mode & 0o777 for path in databases] == [0o600, 0o600]
    assert {path.stat().st_mode & 0o777 for path in state_dir.rglob("*") if path.is_file()} == {0o600}


def test_a_part_that_another_process_is_writing_is_left_alone(tmp_path):
    part = tmp_path / "cache" / f".x.json.{os.getppid()}.part"
    part.parent.mkdir()
    part.write_text("half")
    assert state_files.sweep(tmp_path) == 0
    os.utime(part, (1, 1))
    assert state_files.sweep(tmp_path) == 1


def test_two_threads_that_write_one_file_write_two_parts_and_a_sweep_leaves_those_alone(tmp_path, monkeypatch):
    path, fsync, met, swept = tmp_path / "cache" / "x.json", os.fsync, threading.Barrier(3), threading.Event()

    def slowly(number):
        fsync(number)
        if not swept.is_set():
            met.wait(5)
            swept.wait(5)

    monkeypatch.setattr(os, "fsync", slowly)
    with ThreadPoolExecutor(2) as threads:
        writes = [threads.submit(state_files.write_whole, path, body) for body in (b"1", b"2")]
        met.wait(5)
        assert len(list(path.parent.iterdir())) == 2
        assert state_files.sweep(tmp_path) == 0
        swept.set()
        for write in writes:
            write.result()
    assert path.read_bytes() in {b"1", b"2"}
    assert list(path.parent.iterdir()) == [path]


def test_the_folder_of_jobs_is_swept_closed_and_asked_for_damage_too(tmp_path):
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "sync 1a.json").write_bytes(b"{}")
    (folder / "sync 1a.lock").touch(0o644)
    (folder / ".sync 1a.json.999999999-7.part").touch()
    assert state_files.sweep(tmp_path) == 1
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "sync 1a.json": 0o600,
        "sync 1a.lock": 0o600,
    }


def test_what_is_not_its_own_is_not_touched(tmp_path):
    """A link out of the folder, a project as state folder, another program's part: nothing of it is closed or deleted."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "tool").write_text("x")
    (outside / ".foreign.0.part").write_text("x")
    state_dir = tmp_path / "project"
    state_dir.mkdir()
    (state_dir / "run.sh").write_text("x")
    (state_dir / "cache").symlink_to(outside)
    (state_dir / "worker.json").symlink_to(outside / "tool")
    (state_dir / "src").mkdir()
    (state_dir / "src" / "a.json.gz").write_text("x")
    for path in (outside / "tool", state_dir / "run.sh", state_dir / "src" / "a.json.gz"):
        path.chmod(0o755)
    state_files.sweep(state_dir)
    assert (outside / ".foreign.0.part").exists()
    for path in (outside / "tool", state_dir / "run.sh", state_dir / "src" / "a.json.gz"):
        assert path.stat().st_mode & 0o777 == 0o755


def test_a_restored_version_is_seen_though_its_signals_are_quiet(desk):
    """Between two runs that had nothing to do the owner restores an earlier version: its number alone tells."""
    library = desk.server._library
    desk.sync()
    earlier = library._books[desk.sheet_id]
    desk.tick("Verification Input", 1)
    desk.sync()
    library.evaluator.forget(desk.sheet_id)
    library._books[desk.sheet_id] = earlier
    with pytest.raises(RefusedPlan) as stopped:
        desk.sync(now=False)
    assert stopped.value.cause.startswith("set_back")


def test_a_full_disk_leaves_no_part_behind(tmp_path, monkeypatch):
    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        state_files.write_whole(tmp_path / "x.json", b"x")
    assert list(tmp_path.iterdir()) == []


def test_facts_of_another_type_are_left_out_and_the_others_count(tmp_path):
    facts = {"sequence": "4", "time_zone": "UTC", "whole_at": None, "own_tabs": [1], "refused": {}}
    for name, value in facts.items():
        put(tmp_path, FACTS, ("one", name), orjson.dumps(value))
    for name, content in (("beat_at", b""), ("quiet_at", b"{"), ("titles_at", b"\x00\xff"), ("quiet", "7")):
        put(tmp_path, FACTS, ("one", name), content)
    assert state.load_facts(tmp_path, "one") == {"time_zone": "UTC"}


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"7", b"{", b"\x00\xff", b"sheets_crm:00000000\n{}"])
def test_facts_of_an_earlier_version_that_cannot_be_read_are_set_aside_by_name(tmp_path, content):
    path = tmp_path / "workbook-one.json"
    path.write_bytes(content)
    assert state.load_facts(tmp_path, "one") == {}
    assert {each.name for each in tmp_path.iterdir()} == {"cache.db", "workbook-one.json.damaged-1"}
    state.save_facts(tmp_path, "one", {"sequence": 4})
    assert state.load_facts(tmp_path, "one") == {"sequence": 4}


def test_a_damaged_waiting_import_is_told_and_the_rest_goes_on(open_desk):
    desk = open_desk("sent")
    spool = desk.settings.state_dir / "spool"
    spool.mkdir(exist_ok=True)
    (spool / "0123456789abcdef.json.gz").write_bytes(b"\x1f\x8b\x08\x00cut")
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()
    assert any("0123456789abcdef" in text for text in desk.problems())
    assert next(row["step"] for row in desk.rows("Imports")) == "verification"
    found = desk.app.doctor(probe=False).json["findings"]
    assert any("0123456789abcdef" in one["found"] for one in found)


def test_what_waits_to_be_put_right_outlasts_this_workers_own_small_writes(desk):
    """A refusal, a heartbeat or `init` between a write that went to other rows and its repair."""
    cache = desk.app.context.cache
    sequence = cache.load().sequence
    body = {"sequence": sequence + 1, "token": "me", "repairing": [], "cells": {"email": [[3], ["x@y.es"]]}}
    pending = orjson.dumps({**body, "rows": {}, "gone": []})
    caches.save(desk.settings.state_dir, desk.sheet_id, caches.PENDING, pending)
    cache.passed(sequence + 3)  # somebody else's write came between: not ours to vouch for
    cache.advance(sequence + 2)
    stamps = {(sequence + 1, "me"), (sequence + 2, "me")}
    assert cache.resume(stamps) == {"email"}
    assert cache.load().sequence == sequence + 2
    assert cache.load().leads.loc[3, "email"] == "x@y.es"
    assert cache.resume(stamps) == {"email"}
