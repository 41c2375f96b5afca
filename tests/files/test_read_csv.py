"""Tables read from CSV: any of the usual encodings and delimiters, no cell altered, clear refusals."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.errors import FileError
from sheets_crm.files import read_table

NASTY = [
    "007",
    "=1+1",
    "+34600123456",
    "1-2",
    "TRUE",
    "5.10",
    "12345678901234567",
    " ",
    'dijo "sí"',
    "a;b,c\td",
    "'x",
]


def saved(tmp_path, content, name="export.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def as_csv(rows, delimiter=",", end="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().replace("\r\n", end)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_no_cell_is_altered(tmp_path, encoding, delimiter, end):
    rows = [
        ["LeadNumber", "firstName", "Body 1"],
        ["1", "Íñigo", "Hola, ¿qué tal?; bien"],
        ["2", "Zoë", "dos\nlíneas"],
    ]
    rows += [[str(n), text, text] for n, text in enumerate(NASTY, start=3)]
    text = as_csv(rows, delimiter, end)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    (table,) = read_table(saved(tmp_path, content))
    assert table.name == "export"
    assert table.cells == rows


cell = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff", exclude_categories=["Cs", "Cc"]), max_size=8
)
messy = st.one_of(cell, st.sampled_from([*NASTY, "a\nb", "a\r\nb", '"', '""', ";;;", ",,,", "\t\t\t"]))


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    width=st.integers(2, 6),
    body=st.data(),
)
def test_whatever_the_cells_hold_the_delimiter_is_found(tmp_path_factory, delimiter, encoding, width, body):
    header = [f"column{n}" for n in range(width)]
    rows = body.draw(st.lists(st.lists(messy, min_size=width, max_size=width), max_size=6))
    rows = [header, *rows, ["end"] * width]
    path = tmp_path_factory.mktemp("csv") / "drop.csv"
    path.write_bytes(as_csv(rows, delimiter).encode(encoding))
    assert read_table(path)[0].cells == rows


def test_the_delimiter_is_the_headers_not_the_texts(tmp_path):
    """A two-column file whose bodies hold more commas than the file has semicolons."""
    content = "LeadNumber;Body 1\n" + "\n".join(f"{n};Hola Ana, uno, dos, tres, cuatro" for n in range(30))
    (table,) = read_table(saved(tmp_path, content.encode()))
    assert {len(row) for row in table.cells} == {2}


def test_a_delimiter_in_the_headers_words_is_not_it(tmp_path):
    content = b"Sales; total; net,Company\n" + b"uno; dos,Acme\n" * 5
    assert read_table(saved(tmp_path, content))[0].cells == [
        ["Sales; total; net", "Company"],
        *[["uno; dos", "Acme"]] * 5,
    ]


def test_a_single_column_is_left_whole(tmp_path):
    (table,) = read_table(saved(tmp_path, b"name\nGarcia, Ana\nRuiz; Luis, X\nPaz, Eva; Y\n"))
    assert table.cells == [["name"], ["Garcia, Ana"], ["Ruiz; Luis, X"], ["Paz, Eva; Y"]]


def test_a_comma_in_the_only_header_is_no_delimiter(tmp_path):
    assert read_table(saved(tmp_path, b"name, first\nAna\nLuis\n"))[0].cells == [
        ["name, first"],
        ["Ana"],
        ["Luis"],
    ]


def test_excels_line_that_names_the_delimiter_is_followed(tmp_path):
    assert read_table(saved(tmp_path, b"sep=;\r\na;b\r\n1;2\r\n"))[0].cells == [["a", "b"], ["1", "2"]]


def test_blank_lines_part_blocks_and_those_at_the_end_go(tmp_path):
    content = b"a,b\n1,2\n\nc,d,e\n3,4,5\n,,\n\n\n"
    assert read_table(saved(tmp_path, content))[0].cells == [
        ["a", "b"],
        ["1", "2"],
        [],
        ["c", "d", "e"],
        ["3", "4", "5"],
    ]


def test_a_very_long_cell_is_read(tmp_path):
    content = f"a,b\n1,{'x' * 300_000}\n".encode()
    before = csv.field_size_limit()
    assert len(read_table(saved(tmp_path, content))[0].cells[1][1]) == 300_000
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b" \n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"%PDF-1.7\n\x00\x01", "binary"),
        (b"\x1f\x8b\x08\x00abc", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 no zip at all", "damaged"),
        ("a,b\n1,é\n2,ñü\n3,".encode() + b"\xc3(\n", "line 4: damaged"),
        (b"a,b\n1,caf\xe9\n2,\x81\n", "line 3: characters"),
        (b'a,b\n1,2\n3,"never closed\n4,5\n', "line 3 is never closed"),
        (b'a,b\n1,2\n3,"never closed', "line 3 is never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path, content, says):
    with pytest.raises(FileError, match=says) as caught:
        read_table(saved(tmp_path, content))
    assert "export" in str(caught.value)
    assert caught.value.remedy


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(FileError, match="file not found"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(FileError, match="folder"):
        read_table(tmp_path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(_self, _mode):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path, b"a,b\n")
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(FileError, match="Permission denied"):
        read_table(path)
