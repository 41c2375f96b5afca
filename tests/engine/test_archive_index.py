"""The index of the archive spares unzipping the files of other workbooks, and is never trusted beyond that."""

import pytest
from cache_rows import change, rows_of

from sheets_crm.engine import archive, state_files
from sheets_crm.engine.cache_file import CacheFile

FACTS = {"source": "people.csv", "step": "verification"}


@pytest.fixture
def state_dir(tmp_path):
    archive.archive(tmp_path, "drop-1", [["Ada"]], {**FACTS, "workbook": "one"})
    archive.archive(tmp_path, "file-2", [["Bea"]], {**FACTS, "workbook": "two"})
    archive.archive(tmp_path, "drop-3", [["Eva"]], FACTS)  # version 0.1.0 did not note the workbook
    return tmp_path


@pytest.fixture
def unzipped(monkeypatch):
    """How many files are unzipped."""
    counted, real = [], state_files.unzipped

    def counting(content):
        counted.append(1)
        return real(content)

    monkeypatch.setattr(state_files, "unzipped", counting)
    return counted


def cells_of(state_dir, workbook=""):
    return [body["cells"] for _, body in archive.archived(state_dir, workbook)]


def test_it_has_the_names_and_moments_of_files_and_nothing_of_what_is_in_them(state_dir):
    rows = rows_of(state_dir, "archives")
    files = {path.name: path.stat().st_mtime for path in (state_dir / "archive").iterdir()}
    assert {file: (workbook, name) for file, workbook, name, *_ in rows} == {
        file: ({"drop-1": "one", "file-2": "two", "drop-3": ""}[file.rpartition("-")[0]], file.rpartition("-")[0])
        for file in files
    }
    assert {file: moment for file, _, _, moment, _ in rows} == files
    whole = (state_dir / "cache.db").read_bytes()
    assert not any(word in whole for word in (b"Ada", b"Bea", b"people.csv", b"verification"))


def test_only_files_of_the_workbook_are_opened(state_dir, unzipped):
    assert cells_of(state_dir, "one") == [[["Ada"]], [["Eva"]]]
    assert len(unzipped) == 2
    assert cells_of(state_dir, "two") == [[["Eva"]], [["Bea"]]]
    assert len(cells_of(state_dir)) == 3


@pytest.mark.parametrize(
    "lose",
    [
        lambda folder: (folder / "cache.db").unlink(),
        lambda folder: change(folder, "DELETE FROM archives"),
        lambda folder: change(folder, "UPDATE archives SET workbook = 'three'"),
    ],
    ids=["file", "rows", "damaged rows"],
)
def test_what_it_lacks_is_made_anew_from_the_folder(state_dir, unzipped, lose):
    whole = {row[:2] for row in rows_of(state_dir, "archives")}
    lose(state_dir)
    assert cells_of(state_dir, "one") == [[["Ada"]], [["Eva"]]]
    assert len(unzipped) == 3
    assert {row[:2] for row in rows_of(state_dir, "archives")} == whole
    assert cells_of(state_dir, "one") == [[["Ada"]], [["Eva"]]]
    assert len(unzipped) == 5


def test_a_file_that_is_gone_or_damaged_goes_from_it(state_dir):
    gone, damaged, _ = sorted((state_dir / "archive").iterdir())
    gone.unlink()
    damaged.write_bytes(b"cut")
    assert cells_of(state_dir) == [[["Bea"]]]
    assert [workbook for _, workbook, *_ in rows_of(state_dir, "archives")] == ["two"]


def test_where_it_cannot_be_used_every_file_is_read(state_dir, monkeypatch):
    def full(_self, _work, _missing=None):
        raise OSError(28, "No space left on device")

    for name in ("read", "write"):
        monkeypatch.setattr(CacheFile, name, full)
    assert cells_of(state_dir, "one") == [[["Ada"]], [["Eva"]]]
    archive.archive(state_dir, "drop-4", [["Luz"]], {**FACTS, "workbook": "one"})
    assert len(cells_of(state_dir, "one")) == 3
