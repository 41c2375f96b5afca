"""The change journal of earlier versions, in files, is the store's once it was opened."""

import orjson
import pytest

from sheets_crm.store import take_over
from sheets_crm.store.journal import StoredJournal

LINE = {
    "workbook": "book",
    "when": "2026-05-28T10:00:00+00:00",
    "run": "run-1",
    "sequence": 3,
    "cause": "D-0001",
    "lead": 5,
    "column": "email",
    "old": "",
    "new": "a@b.example",
}
OF_0_1_0 = {name: LINE[name] for name in ("when", "sequence", "cause", "lead", "column", "old", "new")}
OF_TABLE = {**LINE, "lead": 0, "table": "vocabulary", "key": "W-0001", "column": "word", "new": "sí"}


@pytest.fixture
def folder(place):
    made = place.state_dir / "journal"
    made.mkdir(parents=True)
    return made


def write(path, *lines, end=b""):
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines) + end)


def entries(place, workbook="book"):
    return list(StoredJournal(place.store(), workbook).entries())


def test_all_lines_are_taken_over_in_order_and_the_files_go(place, folder):
    write(folder / "2026-04.jsonl", OF_0_1_0)
    write(folder / "2026-05.jsonl", LINE, OF_TABLE)
    assert entries(place) == [{**OF_0_1_0, "run": ""}, LINE, OF_TABLE]
    assert list(folder.iterdir()) == []
    assert entries(place, "another") == [{**OF_0_1_0, "run": ""}]
    assert ["3" in said for said in place.warned] == [True]


def test_lines_that_a_crash_cut_off_are_set_aside_with_their_file(place, folder):
    write(folder / "2026-05.jsonl", LINE, end=b'{"when": "2026')
    assert entries(place) == [LINE]
    assert [path.name for path in folder.iterdir()] == ["2026-05.jsonl.damaged-1"]


def test_a_process_that_dies_before_a_file_goes_takes_nothing_over_twice(place, folder, monkeypatch):
    write(folder / "2026-05.jsonl", LINE)

    def dies(_path):
        raise KeyboardInterrupt

    monkeypatch.setattr(take_over.state_files, "delete", dies)
    with pytest.raises(KeyboardInterrupt):
        entries(place)
    assert list(folder.iterdir())
    monkeypatch.undo()
    assert entries(place) == [LINE]
    assert list(folder.iterdir()) == []
