"""Tables read from XLSX: what each visible sheet shows, as text."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest

from sheets_crm.errors import FileError
from sheets_crm.files import Table, read_table


def saved(tmp_path, book, name="book.xlsx"):
    path = tmp_path / name
    book.save(path)
    return path


def edited(path, part, change):
    """Rewrite one part of the packed file, as another program would have written it."""
    packed = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, change(content.decode()).encode() if entry.filename == part else content)


def test_each_visible_sheet_is_a_table_of_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Output"
    for row in [
        ("LeadNumber", "phone", "flag"),
        (7, "+34600123456", True),
        (8.0, "007", False),
        (),
        (9, "=no", None),
    ]:
        book.active.append(row)
    book.active["B5"].data_type = "s"
    hidden = book.create_sheet("Hidden")
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Blank")
    book.create_sheet("Second").append(["x", "a\nb"])
    first = [
        ["LeadNumber", "phone", "flag"],
        ["7", "+34600123456", "TRUE"],
        ["8", "007", "FALSE"],
        [],
        ["9", "=no"],
    ]
    assert read_table(saved(tmp_path, book)) == [Table("Output", first), Table("Second", [["x", "a\nb"]])]


@pytest.mark.parametrize(
    ("value", "shape", "shown"),
    [
        (1234567, "General", "1234567"),
        (0.04, "General", "0.04"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "1e+20"),
        (2.0, "@", "2"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00:00"),
        (123456789012345, "General", "123456789012345"),
        (8001, "00000", "08001"),
        (5.1, "0.00", "5.10"),
        (1234.5, "#,##0", "1234"),
        (1234.5, "#,##0.00", "1234.50"),
        (0.04, "0%", "4%"),
        (-0.034, "0.0%", "-3.4%"),
        (3.0, "0.00E+00", "3"),
        (-7, "000", "-007"),
        (dt.datetime.fromisoformat("2024-07-11 18:03:01"), "dd/mm/yyyy hh:mm", "2024-07-11 18:03:01"),
        (dt.date(2024, 2, 1), "d-mmm", "2024-02-01"),
        (dt.time(9, 30), "hh:mm", "09:30:00"),
    ],
)
def test_numbers_and_dates_become_the_text_they_show(tmp_path, value, shape, shown):
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = shape
    assert read_table(saved(tmp_path, book))[0].cells == [[shown]]


def test_a_merged_cell_holds_its_value_once(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["title", None, None])
    book.active.append(["a", "b", "c"])
    book.active.merge_cells("A1:C1")
    assert read_table(saved(tmp_path, book))[0].cells == [["title"], ["a", "b", "c"]]


def test_a_formula_counts_as_its_stored_result(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["=1+1", '=""', "x"])
    path = saved(tmp_path, book)
    stored = {"1+1": "<v>2</v>", '""': "<v></v>"}

    def work_out(xml):
        xml = re.sub(r"<f>(.*?)</f><v ?/?>(</v>)?", lambda m: f"<f>{m[1]}</f>{stored[m[1]]}", xml)
        return re.sub(r'(r="B1")( t="\w+")?', r'\1 t="str"', xml)

    edited(path, "xl/worksheets/sheet1.xml", work_out)
    assert read_table(path)[0].cells == [["2", "", "x"]]


def test_a_formula_never_worked_out_is_refused_rather_than_lost(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "=1+1"])
    with pytest.raises(FileError, match="sheet Sheet, cell B1") as caught:
        read_table(saved(tmp_path, book))
    assert "save it" in caught.value.remedy


def test_excels_escapes_in_text_are_undone(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a_x000D_\nb", "_x005F_x000D_"])
    assert read_table(saved(tmp_path, book))[0].cells == [["a\r\nb", "_x000D_"]]


def test_a_workbook_with_nothing_in_it_is_refused(tmp_path):
    with pytest.raises(FileError, match="is empty"):
        read_table(saved(tmp_path, openpyxl.Workbook()))


def test_another_packed_file_is_refused(tmp_path):
    path = tmp_path / "table.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("content.xml", "<x/>")
    with pytest.raises(FileError, match="not an Excel workbook"):
        read_table(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused(tmp_path, part):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    path = saved(tmp_path, book)
    edited(path, part, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(FileError, match="damaged"):
        read_table(path)


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    monkeypatch.setattr("sheets_crm.files.xlsx_in._UNPACKED_LIMIT", 100)
    with pytest.raises(FileError, match="too large"):
        read_table(saved(tmp_path, book))
