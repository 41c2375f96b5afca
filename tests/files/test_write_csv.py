"""CSV written for the outside tools: verbatim, atomic, and never outside its folder."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.errors import FileError
from sheets_crm.files import read_table, safe_name, write_csv

CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff", exclude_categories=["Cs", "Cc"]), max_size=8
)


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(*[CELLS | st.sampled_from(["a\r\nb", '"', "=1", "007", "; ,\t"])] * 3), max_size=5))
def test_what_is_written_reads_back_verbatim(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("out") / "V-0001.csv"
    rows = [*rows, ("end", "", "x")]
    write_csv(path, ["a", "b", "c"], rows)
    assert read_table(path)[0].cells == [["a", "b", "c"], *map(list, rows)]


def test_values_are_written_as_the_sheet_shows_them(tmp_path):
    path = write_csv(
        tmp_path / "new" / "x.csv", ["n", "f", "b", "none"], [(7, 7.0, True, None), (1.5, -0.0, False, "")]
    )
    assert path.read_bytes() == b"n,f,b,none\r\n7,7,TRUE,\r\n1.5,0,FALSE,\r\n"


def test_excel_safe_marks_utf8_and_stops_formulas(tmp_path):
    starts = ["=1+1", "+34600", "-5", "@x", "\tx", "\rx", "007", "a=b", "'q"]
    rows = [[text, "."] for text in starts]
    path = write_csv(tmp_path / "x.csv", ["a", "b"], rows, excel_safe=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    read = [row[0] for row in read_table(path)[0].cells[1:]]
    assert read == ["'=1+1", "'+34600", "'-5", "'@x", "'\tx", "'\rx", "007", "a=b", "'q"]


def test_nothing_leaves_the_folder(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "link.csv").symlink_to(tmp_path / "outside.csv")
    for path in (home / ".." / "outside.csv", home / "link.csv", tmp_path / "outside.csv", home):
        with pytest.raises(FileError, match="is outside the folder"):
            write_csv(path, ["a"], [], inside=home)
    for path in (home / "link.csv", home / ".." / "outside.csv"):
        with pytest.raises(FileError, match="is outside the folder"):
            write_csv(path, ["a"], [])
    assert not (tmp_path / "outside.csv").exists()


def test_a_folder_that_cannot_be_made_is_an_error_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="cannot be written") as caught:
        write_csv(tmp_path / "file" / "x.csv", ["a"], [])
    assert caught.value.state


def test_a_failing_write_leaves_the_older_file(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "x.csv", ["a"], [])

    def full(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(FileError, match="No space"):
        write_csv(path, ["b"], [])
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"a\r\n"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("V-0007", "V-0007"),
        ("Verificación 2", "Verificación 2"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/passwd", "_etc_passwd"),
        ("a\\b:c\x00d\n", "a_b_c_d_"),
        ("...", "table"),
        ("", "table"),
        ("con", "_con"),
        ("NUL.csv", "_NUL.csv"),
        ("x" * 300, "x" * 100),
    ],
)
def test_any_text_makes_a_plain_file_name(text, name):
    assert safe_name(text) == name
