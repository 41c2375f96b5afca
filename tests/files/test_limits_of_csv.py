"""CSV and any other file that claims, holds or gives too much: refused early, in bounded memory."""

import io
import os
import re
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from sheets_crm.errors import FileError
from sheets_crm.files import csv_in, read_table, tables

MEGABYTE = 1_000_000
ZERO = Path("/dev/zero")


def saved(tmp_path, content, name="export.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refused(path):
    with pytest.raises(FileError) as caught:
        read_table(path)
    assert caught.value.remedy
    return str(caught.value)


def peak_of(action):
    """Run an action and return what it gave and the most memory it held."""
    tracemalloc.start()
    try:
        return action(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.long
def test_ten_million_cells_are_read_and_one_more_is_not(tmp_path):
    line = b"," * 9_998 + b"x\n"  # 9,999 cells
    full = line * 1_000 + b",".join([b"x"] * 1_000) + b"\n"
    (table,) = read_table(saved(tmp_path, full))
    assert sum(map(len, table.cells)) == 10_000_000
    assert refused(saved(tmp_path, full + b"y\n" + line * 1_000)) == (
        "export.csv, line 1,002: the file has more than 10,000,000 cells, the most that a spreadsheet can have."
    )


def test_reading_stops_where_the_cells_are_too_many(tmp_path, monkeypatch):
    read = []
    records = csv_in._records

    def watched(*given, **named):
        for record in records(*given, **named):
            read.append(record)
            yield record

    monkeypatch.setattr(csv_in, "_records", watched)
    monkeypatch.setattr(csv_in, "CELLS", 1_000)
    assert "line 101:" in refused(saved(tmp_path, b"1,2,3,4,5,6,7,8,9,0\n" * 5_000))
    assert len(read) == 101


def test_blank_lines_count_and_are_one_and_the_same(tmp_path, monkeypatch):
    (table,) = read_table(saved(tmp_path, b"a" + b"\n" * 5_000 + b"b"))
    assert len({id(row) for row in table.cells}) == 3
    monkeypatch.setattr(csv_in, "CELLS", 1_000)
    assert "line 1,001:" in refused(saved(tmp_path, b"a" + b"\n" * 5_000 + b"b"))


def test_a_record_has_no_more_columns_than_a_sheet(tmp_path):
    widest = b"," * 18_277 + b"x\n"
    assert len(read_table(saved(tmp_path, b"a,b\n" + widest))[0].cells[1]) == 18_278
    assert refused(saved(tmp_path, b"a,b\n," + widest)) == (
        "export.csv, line 2: more than 18,278 columns (A to ZZZ), the most that a sheet can have."
    )


@pytest.mark.long
@pytest.mark.parametrize(
    "delimiter", [b";", *(pytest.param(one, marks=pytest.mark.long) for one in (b",", b"\t", b"x"))]
)
def test_one_line_without_end_is_refused_before_it_becomes_a_list(tmp_path, delimiter):
    path = saved(tmp_path, b"a,b\n" + delimiter * 40 * MEGABYTE)
    message, peak = peak_of(lambda: refused(path))
    assert message == "export.csv: the record that begins at line 2 has more than 10,000,000 characters."
    assert peak < 110 * MEGABYTE


@pytest.mark.long
@pytest.mark.parametrize(
    "line", [b"one,two;three\tfour\n", pytest.param(b"a text alone\n", marks=pytest.mark.long)]
)
def test_an_open_quote_swallows_no_more_than_a_record_can_have(tmp_path, line):
    path = saved(tmp_path, b'a,b\n1,2\n"open,' + line * (15 * MEGABYTE // len(line)))
    message, peak = peak_of(lambda: refused(path))
    assert message == "export.csv: the record that begins at line 3 has more than 10,000,000 characters."
    assert peak < 180 * MEGABYTE


def test_the_delimiter_is_sought_at_the_beginning_alone(tmp_path, monkeypatch):
    samples = []
    fit = csv_in._fit
    monkeypatch.setattr(csv_in, "_fit", lambda sample, delimiter: samples.append(sample) or fit(sample, delimiter))
    rows = [["a", "b"], *[["x" * 300_000, "y,,,,,,"]] * 10]
    content = "\n".join(";".join(row) for row in rows).encode()
    assert read_table(saved(tmp_path, content))[0].cells == rows
    assert {len(sample) for sample in samples} == {1_000_000}


def test_lines_are_counted_with_the_one_that_names_the_delimiter(tmp_path):
    assert "at line 3 is never closed" in refused(saved(tmp_path, b'sep=;\na;b\n1;"2\n3;4\n'))


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("content", "gives"),
    [
        ("a,ñ\n1,€😀\n".encode(), [["a", "ñ"], ["1", "€😀"]]),
        ("a,ñ\n1,€😀\n".encode("utf-8-sig"), [["a", "ñ"], ["1", "€😀"]]),
        ("a,ñ\n1,€😀\n".encode("utf-16"), [["a", "ñ"], ["1", "€😀"]]),
        ("a,ñ\n1,€😀\n".encode("utf-32"), [["a", "ñ"], ["1", "€😀"]]),
        ("a,ñ\n1,€\n".encode("cp1252"), [["a", "ñ"], ["1", "€"]]),
        ("a,ñ\n1,€😀ñ\n".encode() + b"2,\xc3(\n", "line 3: damaged"),
        ("a,ñ\n1,€😀ñ\n".encode("utf-8-sig") + b"2,\xc3(\n", "line 3: damaged"),
        ("a,ñ\n1,€\n".encode() + b"2,\xc3", "line 3: damaged"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "line 2: damaged"),
        (b"a,b\n1,caf\xe9\n2,\x81\n", "line 3: characters"),
        (b"a,b\n1,2\n\x00", "binary"),
    ],
    ids=range(11),
)
def test_text_is_the_same_whatever_the_pieces_it_is_read_in(tmp_path, monkeypatch, piece, content, gives):
    monkeypatch.setattr(csv_in, "_PIECE", piece)
    path = saved(tmp_path, content)
    if isinstance(gives, list):
        assert read_table(path)[0].cells == gives
    else:
        assert re.search(gives, refused(path))


def test_text_is_never_held_whole_in_its_widest_form():
    """One character beyond the basic plane makes every other take four bytes where it stands in the same text."""
    content = "😀".encode() + b"a,b\n" * 2 * MEGABYTE
    wrong, peak = peak_of(lambda: csv_in._undecodable(content, "utf-8"))
    assert wrong is None
    assert peak < 8 * MEGABYTE
    with csv_in._text(content, "utf-8") as text:
        assert peak_of(text.readline)[1] < MEGABYTE


@pytest.mark.skipif(not ZERO.exists(), reason="there is no such device here")
def test_a_device_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "FILE_BYTES", 3 * MEGABYTE)
    assert refused(ZERO) == "zero is too large: more than 600 MB."


def test_a_file_is_read_up_to_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "FILE_BYTES", 100)
    path = saved(tmp_path, b"x" * 100)
    assert read_table(path)[0].cells == [["x" * 100]]
    assert "too large" in refused(saved(tmp_path, b"x" * 101))


def fed(descriptor, pieces):
    """Write into a pipe from beside, until it is closed on either side."""

    def write():
        with suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as pipe:
            for piece in pieces:
                pipe.write(piece)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    return writer


def endless():
    while True:
        yield b"a,b\n" * 10_000


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="descriptors have no path here")
def test_a_pipe_is_read_and_one_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "FILE_BYTES", 3 * MEGABYTE)
    for pieces, says in ((iter([b"a,b\n", b"1,2\n"]), None), (endless(), "too large")):
        reading, writing = os.pipe()
        writer = fed(writing, pieces)
        path = Path(f"/dev/fd/{reading}")
        if says is None:
            assert read_table(path)[0].cells == [["a", "b"], ["1", "2"]]
        else:
            assert says in refused(path)
        os.close(reading)
        writer.join(timeout=60)
        assert not writer.is_alive()


def test_a_named_pipe_is_read(tmp_path):
    path = tmp_path / "drop.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"a;b\n1;2\n"), daemon=True)
    writer.start()
    assert read_table(path)[0].cells == [["a", "b"], ["1", "2"]]
    writer.join(timeout=60)


def test_what_is_read_in_pieces_is_held_once():
    content = b"x" * 20 * MEGABYTE
    read, peak = peak_of(lambda: tables._read(io.BytesIO(content), "export.csv"))
    assert read == content
    assert peak < 30 * MEGABYTE
