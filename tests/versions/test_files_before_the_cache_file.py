"""State folders of versions that kept facts, caches and records in files of their own, opened by this one."""

import zlib
from concurrent.futures import ThreadPoolExecutor

import orjson
import pandas as pd
import pytest
from cache_rows import rows_of
from earlier_state import as_0_6_0_left_it

from jobs.records import LocalRecords, Record
from sheets_crm.engine import caches, earlier_files, state, state_files, state_migrations
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.lead_cache import LeadCache
from sheets_crm.engine.state_files import sealed

RECORD = Record(9.0, "no answer", 5.0)
LEADS = pd.DataFrame({"LeadNumber": [1, 2], "email": ["a@x.es", "b@x.es"]}, dtype=object)
LEADS.index = pd.Index([1, 2], name="LeadNumber")
NOTE = {
    "sequence": 6,
    "token": "me",
    "repairing": [],
    "cells": {"email": [[2], ["c@x.es"]]},
    "rows": {},
    "gone": [],
}


@pytest.fixture
def folder(tmp_path):
    """A folder of 0.6.0 with a file of every kind, the log of its leads, and the note of a write that was cut off."""
    state.save_facts(tmp_path, "one", {"sequence": 5, "time_zone": "UTC"})
    state.save_facts(tmp_path, "two", {"sequence": 8})
    cache = LeadCache(tmp_path, "one")
    cache.save(3, LEADS)
    cache.append(4, [], LEADS)
    cache.append(5, [], LEADS)
    for name, body in ((caches.PENDING, NOTE), (caches.LAYOUT, {"x": 1}), (caches.TABLES, {"y": 1})):
        caches.save(tmp_path, "one", name, orjson.dumps(body))
    LocalRecords(tmp_path).save("sync one", RECORD)
    made = as_0_6_0_left_it(tmp_path)
    assert sorted(made) == [
        "cache/one.changes.jsonl",
        "cache/one.leads.json",
        "cache/one.pending.json",
        "cache/one.places.json",
        "cache/one.tables.json",
        "jobs/sync one.json",
        "workbook-one.json",
        "workbook-two.json",
    ]
    return tmp_path


def assert_taken_over(folder):
    assert state.load_facts(folder, "one") == {"sequence": 5, "time_zone": "UTC"}
    assert state.load_facts(folder, "two") == {"sequence": 8}
    cached = LeadCache(folder, "one").load()
    assert cached.sequence == 5
    pd.testing.assert_frame_equal(cached.leads, LEADS)
    assert caches.load(folder, "one", caches.PENDING, orjson.loads) == NOTE
    assert caches.load(folder, "one", caches.LAYOUT, orjson.loads) == {"x": 1}
    assert caches.load(folder, "one", caches.TABLES, orjson.loads) == {"y": 1}
    assert LocalRecords(folder).load("sync one") == RECORD
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert names <= {"cache.db", "version.json"}


@pytest.mark.parametrize("first", ["a command", "the list of jobs", "the worker"])
def test_whatever_opens_the_folder_first_takes_all_of_them_over(folder, first):
    if first == "a command":
        assert state_migrations.migrate(folder) == ("0.7.0-cache-file",)
    elif first == "the list of jobs":
        assert LocalRecords(folder).load("sync one") == RECORD
    else:
        assert state.load_facts(folder, "one")["time_zone"] == "UTC"
    assert_taken_over(folder)
    assert state_migrations.migrate(folder) == (() if first == "a command" else ("0.7.0-cache-file",))
    assert_taken_over(folder)


def test_the_note_of_a_write_that_was_cut_off_is_taken_up(folder):
    cache = LeadCache(folder, "one")
    assert cache.waiting()
    assert cache.resume({(6, "me")}) == {"email"}
    assert cache.load().sequence == 6
    assert cache.load().leads.loc[2, "email"] == "c@x.es"


def test_a_process_that_dies_before_the_files_are_deleted_leaves_them_to_the_next(folder, monkeypatch):
    class DiedError(BaseException):
        pass

    def dies(_path):
        raise DiedError

    with monkeypatch.context() as patch:
        patch.setattr(state_files, "delete", dies)
        with pytest.raises(DiedError):
            state_migrations.migrate(folder)
    assert (folder / "workbook-one.json").exists()
    state_migrations.migrate(folder)
    assert_taken_over(folder)


def test_a_process_that_dies_before_the_commit_leaves_them_too(folder, monkeypatch):
    def dies(_rows, _state_dir):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(earlier_files, "_take_cache", dies)
        with pytest.raises(KeyboardInterrupt):
            state.load_facts(folder, "one")
    assert rows_of(folder, "sqlite_master") == []
    assert_taken_over(folder)


def test_several_that_open_it_at_once_take_them_over_once(folder):
    def work(number):
        before = state.load_facts(folder, "one")
        state.save_facts(folder, "one", {"sequence": 10 + number})
        state_migrations.migrate(folder)
        return before["time_zone"]

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(work, range(4))) == {"UTC"}
    assert state.load_facts(folder, "one")["sequence"] >= 10, "what is newer than the files stays"
    assert not list(folder.glob("workbook-*"))


def test_who_looks_while_another_takes_them_over_finds_them(folder, monkeypatch):
    present, looked = earlier_files.present, []

    def another_is_quicker(state_dir):
        if not looked:
            looked.append(True)
            CacheFile(state_dir).take_over()
        return present(state_dir)

    monkeypatch.setattr(earlier_files, "present", another_is_quicker)
    assert state.load_facts(folder, "one")["time_zone"] == "UTC"


@pytest.mark.parametrize("damage", [b"", b"null", b"sheets_crm:00000000\n{}", b"\x00\xff"])
def test_what_cannot_be_read_is_set_aside_or_deleted_and_the_rest_is_taken_over(folder, damage):
    """Facts and records are set aside; caches hold people's data and are deleted."""
    for path in [path for path in folder.rglob("*one*") if path.is_file() and path.suffix == ".json"]:
        path.write_bytes(damage)
    assert state.load_facts(folder, "one") == {}
    assert state.load_facts(folder, "two") == {"sequence": 8}
    assert LeadCache(folder, "one").load() is None
    assert not LeadCache(folder, "one").waiting()
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert names == {"cache.db", "version.json", "workbook-one.json.damaged-1", "sync one.json.damaged-1"}


def test_cached_leads_without_a_line_of_their_log_are_of_no_use(folder):
    log = folder / "cache" / "one.changes.jsonl"
    first, second = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first[:-5] + b"\n" + second)
    assert LeadCache(folder, "one").load() is None


def test_lines_of_another_base_and_one_that_a_crash_cut_off_are_left_out(folder):
    log = folder / "cache" / "one.changes.jsonl"
    body = orjson.dumps(
        {"base": "another", "sequence": 4, "cells": {"email": [[1], ["wrong"]]}, "rows": {}, "gone": []}
    )
    log.write_bytes(log.read_bytes() + b"%08x %s\n" % (zlib.crc32(body), body) + b"0badc0de {half")
    assert_taken_over(folder)


def test_facts_of_the_first_version_have_no_checksum(folder):
    (folder / "workbook-one.json").write_bytes(b'{"sequence": 5, "time_zone": "UTC"}')
    assert_taken_over(folder)
    (folder / "workbook-three.json").write_bytes(sealed(b'{"sequence": 1}'))
    assert state.load_facts(folder, "three") == {}, "the folder was taken over already"
