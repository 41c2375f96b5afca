"""XLSX made to exhaust its reader: nothing it claims is believed, and what it really holds is counted."""

import datetime as dt
import struct
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest

from sheets_crm.errors import FileError
from sheets_crm.files import read_table, xlsx_in, xlsx_parts
from sheets_crm.files.xlsx_text import number_shown

MEGABYTE = 1_000_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(rows, before="", after=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def packed(tmp_path, *sheets, state=None, targets=None, packing=zipfile.ZIP_DEFLATED, parts=None, name="big.xlsx"):
    """Pack sheets, given as the XML of their rows or as a whole part, into a workbook; return where it stands."""
    state = state or {}
    targets = targets or [f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)]
    listed = "".join(
        f'<sheet name="Hoja{n}" sheetId="{n}" state="{state.get(n, "visible")}" r:id="rId{n}"/>'
        for n in range(1, len(targets) + 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="{target}"/>'
        for n, target in enumerate(targets, start=1)
    )
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kinds}.{kind}+xml"/>'
        for part, kind in [
            ("xl/workbook.xml", "sheet.main"),
            *((part, part[3:-4]) for part in ("xl/sharedStrings.xml", "xl/styles.xml") if part in (parts or {})),
            *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, len(sheets) + 1)),
        ]
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    content = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        **{
            f"xl/worksheets/sheet{n}.xml": sheet
            if isinstance(sheet, bytes) or "<sheetData" in sheet
            else sheet_of(sheet)
            for n, sheet in enumerate(sheets, start=1)
        },
        **(parts or {}),
    }
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", packing) as package:
        for part, body in content.items():
            package.writestr(part, body)
    return path


def refused(path):
    with pytest.raises(FileError) as caught:
        read_table(path)
    assert caught.value.remedy
    return str(caught.value)


def cells(path):
    return [table.cells for table in read_table(path)]


def peak_of(action):
    """Run an action and return what it gave and the most memory it held."""
    tracemalloc.start()
    try:
        return action(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def row(number, *placed):
    inside = "".join(f'<c r="{column}{number}"><v>{value}</v></c>' for column, value in placed)
    return f'<row r="{number}">{inside}</row>'


def strings(*texts):
    return {
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'
    }


# Rows and columns that are only claimed


@pytest.mark.parametrize("number", [1_048_577, 2_000_000_000, 10**3_000], ids=["next", "far", "absurd"])
def test_a_row_past_the_last_is_refused_and_nothing_made_for_it(tmp_path, number):
    path = packed(tmp_path, row(1, ("A", 1)) + row(number, ("A", 1)))
    message, peak = peak_of(lambda: refused(path))
    shown = f"{number:,}"
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    assert (
        message == f"big.xlsx, sheet Hoja1: row {shown} is beyond the last row that a sheet can have (1,048,576)."
    )
    assert peak < 3 * MEGABYTE


def test_rows_with_one_cell_far_to_the_right_count_by_their_width(tmp_path):
    path = packed(tmp_path, "".join(row(n, ("XFD", 1)) for n in range(1, 20_001)))
    assert refused(path) == (
        "big.xlsx, sheet Hoja1, row 611: the file has more than 10,000,000 cells, the most that a spreadsheet can have."
    )


def test_cells_count_over_all_visible_sheets(tmp_path):
    half = "".join(row(n, ("XFD", 1)) for n in range(1, 401))  # 6,553,600 cells
    assert "sheet Hoja3, row 211:" in refused(packed(tmp_path, half, half, half, state={2: "hidden"}))
    assert len(cells(packed(tmp_path, half, half, half, state={2: "hidden", 3: "veryHidden"}))) == 1


def test_a_part_that_many_sheets_name_counts_for_each(tmp_path, monkeypatch):
    path = packed(tmp_path, row(1, ("XFD", 1)), targets=["worksheets/sheet1.xml"] * 700)
    assert "sheet Hoja611," in refused(path)
    empty = packed(tmp_path, f"<row>{'<a/>' * 1_000}</row>", targets=["worksheets/sheet1.xml"] * 100)
    monkeypatch.setattr(xlsx_parts, "ELEMENTS", 50_000)
    assert "too large when decompressed: more than 50,000 elements" in refused(empty)


def test_a_stray_cell_is_read_at_its_cost(tmp_path):
    far_down = packed(tmp_path, row(1, ("A", 1)) + row(900_000, ("B", 2)))
    ((first, *_, last),) = cells(far_down)
    assert (first, last) == (["1"], ["", "2"])
    assert len(cells(far_down)[0]) == 900_000
    far_right = packed(tmp_path, row(1, ("A", 1), ("XFD", 2)) + row(2, ("A", 3)))
    (((*wide,), narrow),) = cells(far_right)
    assert (len(wide), wide[0], wide[-1], narrow) == (16_384, "1", "2", ["3"])


def test_blank_rows_above_a_cell_are_one_and_the_same_and_count(tmp_path):
    lone = row(1_048_576, ("A", 1))
    read, peak = peak_of(lambda: cells(packed(tmp_path, lone)))
    assert len(read[0]) == 1_048_576
    assert peak < 20 * MEGABYTE
    assert "sheet Hoja10, row 1,048,576:" in refused(packed(tmp_path, *[lone] * 12))


@pytest.mark.long
def test_formats_without_values_cost_nothing(tmp_path):
    """Excel keeps formats of empty cells, LibreOffice the last row of a sheet."""
    styled = "".join(f'<c r="{letters}1" s="0"/>' for letters in ("A", "B", "XFD"))
    wide = f'<row r="1">{"<c/>" * 16_384}</row>'
    rows = wide + "".join(row(n, ("A", n)) for n in range(2, 1_001)) + f'<row r="1048576" s="0">{styled}</row>'
    read, peak = peak_of(lambda: cells(packed(tmp_path, *[rows] * 20)))
    assert [len(sheet) for sheet in read] == [1_000] * 20
    assert read[0][:2] == [[], ["2"]]
    assert peak < 10 * MEGABYTE


@pytest.mark.parametrize(
    "inside",
    ['<c r="ZZZZ99"><v>1</v></c>', f'<c r="{"A" * 100_000}1"/>', "<c/>" * 18_279, '<c r="ZZZ1"/><c><v>1</v></c>'],
    ids=["letters", "many letters", "cells", "next"],
)
def test_a_row_is_no_wider_than_a_sheet(tmp_path, inside):
    assert refused(packed(tmp_path, f'<row r="1">{inside}</row>')) == (
        "big.xlsx, sheet Hoja1, row 1: more than 18,278 columns (A to ZZZ), the most that a sheet can have."
    )


def test_the_last_column_of_a_sheet_is_read(tmp_path):
    assert len(cells(packed(tmp_path, row(1, ("ZZZ", 1))))[0][0]) == 18_278


# Order and references


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (row(1, ("A", 1)) + row(1, ("A", 2)), "row 1 after row 1: rows and cells must be in order"),
        (row(7, ("A", 1)) + row(3, ("A", 2)), "row 3 after row 7: rows and cells must be in order"),
        (row(1, ("B", 1), ("B", 2)), "row 1 has B1 after column B: rows and cells must be in order"),
        (row(1, ("C", 1), ("A", 2)), "row 1 has A1 after column C: rows and cells must be in order"),
        (row(1, ("!!", 1)), "row 1: !!1 is not a cell reference"),
        ('<row r="1"><c r="99"><v>1</v></c></row>', "row 1: 99 is not a cell reference"),
        ('<row r="1"><c r="Ñ1"><v>1</v></c></row>', "row 1: Ñ1 is not a cell reference"),
        ('<row r="1"><c r=""><v>1</v></c></row>', "row 1:  is not a cell reference"),
        ('<row r="0"><c><v>1</v></c></row>', "damaged"),
        ('<row r="-5"><c><v>1</v></c></row>', "damaged"),
        ('<row r="x"><c><v>1</v></c></row>', "damaged"),
        (f'<row r="{"9" * 10_000}"><c><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c><v>1</v><v>2</v></c></row>', "damaged"),
        ('<row r="1"><c t="s"><v>-1</v></c></row>', "damaged"),
        ('<row r="1"><c t="s"><v>5</v></c></row>', "damaged"),
        ('<row r="1"><c s="-1"><v>5</v></c></row>', "damaged"),
    ],
    ids=range(16),
)
def test_rows_and_cells_that_contradict_each_other_are_refused(tmp_path, rows, says):
    assert says in refused(packed(tmp_path, rows, parts=strings("text")))


def test_rows_and_cells_without_a_number_follow_each_other(tmp_path):
    rows = '<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="3.0"><c r="b3"><v>3</v></c><c><v>4</v></c></row><row/>'
    assert cells(packed(tmp_path, rows + "<row><c><v>5</v></c></row>")) == [
        [["1", "", "2"], [], ["", "3", "4"], [], ["5"]]
    ]


@pytest.mark.parametrize("said", ["A1:XFD1048576", "B7:A1", "A1", "nothing", "", "ZZZZZZZ99999999999:A1"])
def test_the_size_a_sheet_says_it_has_is_not_read(tmp_path, said):
    sheet = sheet_of(row(2, ("B", 1)), before=f'<dimension ref="{said}"/>')
    assert cells(packed(tmp_path, sheet)) == [[[], ["", "1"]]]


# What is unpacked


def claiming(path, part, size):
    """Rewrite a package so that a part says it unpacks to less than it does, with the checksum of that much."""
    with zipfile.ZipFile(path) as package:
        checksum = zlib.crc32(package.read(part)[:size])
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(part.encode()))
    struct.pack_into("<L", content, entry + 16, checksum)
    struct.pack_into("<L", content, entry + 24, size)
    path.write_bytes(content)


@pytest.mark.long
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
def test_a_part_that_lies_about_its_size_unpacks_no_further(tmp_path, part):
    path = packed(tmp_path, row(1, ("A", 1)), parts={part: b"<x>" + b" " * 30 * MEGABYTE + b"</x>"})
    claiming(path, part, 100)
    message, peak = peak_of(lambda: refused(path))
    assert message == "big.xlsx is a damaged Excel workbook."
    assert peak < 3 * MEGABYTE


@pytest.mark.long
@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_unpacks_all_at_once_is_refused(tmp_path, packing):
    path = packed(tmp_path, sheet_of(row(1, ("A", 1)), after=" " * 30 * MEGABYTE), packing=packing)
    message, peak = peak_of(lambda: refused(path))
    assert message == "big.xlsx is a damaged Excel workbook."
    assert peak < 3 * MEGABYTE


def test_what_is_really_unpacked_is_limited_over_all_that_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_in, "_UNPACKED_LIMIT", MEGABYTE)
    part = sheet_of(row(1, ("A", 1)), after=" " * (MEGABYTE // 2))
    assert cells(packed(tmp_path, part)) == [[["1"]]]
    assert "too large when decompressed: more than 1 MB" in refused(packed(tmp_path, part, part))
    assert cells(packed(tmp_path, part, part, state={1: "hidden"})) == [[["1"]]]
    assert cells(packed(tmp_path, part, parts={"xl/media/image1.png": b"\0" * 5 * MEGABYTE})) == [[["1"]]]


@pytest.mark.long
def test_a_package_of_very_many_parts_is_refused(tmp_path):
    path = packed(tmp_path, row(1, ("A", 1)), parts={f"x{n}": b"" for n in range(10_000)})
    assert "damaged" in refused(path)


@pytest.mark.long
def test_no_part_is_held_whole_not_even_to_look_for_formulas(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(1, 60_001))
    part = sheet_of(rows + row(60_001, ("A", 1)), after=" " * 10 * MEGABYTE)
    path = packed(tmp_path, part)
    read, peak = peak_of(lambda: cells(path))
    assert len(read[0]) == 60_001
    assert peak < 3 * MEGABYTE


def test_a_formula_without_its_result_is_found_wherever_it_stands(tmp_path):
    for padding in range(xlsx_parts.PIECE - 300, xlsx_parts.PIECE, 7):
        rows = f'<row r="1">{" " * padding}<c r="A1"><v>1</v></c><c r="B1"><f>1+1</f></c></row>'
        assert "sheet Hoja1, cell B1: a formula without a saved result" in refused(packed(tmp_path, rows))


def test_the_formulas_of_hidden_sheets_do_not_matter(tmp_path):
    rows = '<row r="1"><c r="B1"><f>1+1</f></c></row>'
    assert cells(packed(tmp_path, row(1, ("A", 1)), rows, state={2: "hidden"})) == [[["1"]]]


# Elements


@pytest.mark.long
@pytest.mark.parametrize(
    "junk",
    ["<a/>", "<row/>", "<c/>", "<sheetData/>", '<row r="1048576"><c><v/><f/><is/></c></row>', "<!---->", "<?a?>"],
)
def test_elements_are_counted_and_not_kept(tmp_path, monkeypatch, junk):
    monkeypatch.setattr(xlsx_parts, "ELEMENTS", 100_000)
    path = packed(tmp_path, sheet_of("", after=f"<x>{junk * 110_000}</x>"))
    message, peak = peak_of(lambda: refused(path))
    assert message == "big.xlsx is too large when decompressed: more than 100,000 elements."
    assert peak < 3 * MEGABYTE


@pytest.mark.long
@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"])
@pytest.mark.parametrize(
    "body",
    [
        "<a>" * 200_000,
        "".join(f"<a{n}/>" for n in range(200_000)),
        f'<a b="{"x" * 3 * MEGABYTE}"/>',
        f"<!--{'x' * 3 * MEGABYTE}-->",
    ],
    ids=["deep", "names", "attribute", "comment"],
)
def test_what_the_parser_would_keep_is_bounded(tmp_path, part, body):
    path = packed(tmp_path, row(1, ("A", 1)), parts={part: f"<x>{body}</x>"})
    message, peak = peak_of(lambda: refused(path))
    assert message == "big.xlsx is a damaged Excel workbook."
    assert peak < 12 * MEGABYTE


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        "<!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(tmp_path, declared, encoding):
    part = (declared + sheet_of('<row><c t="str"><v>text</v></c></row>')).encode(encoding)
    assert refused(packed(tmp_path, part)) == "big.xlsx is a damaged Excel workbook."


def test_more_sheets_than_any_workbook_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_parts, "GATHERED", 50)
    assert "damaged" in refused(packed(tmp_path, row(1, ("A", 1)), targets=["worksheets/sheet1.xml"] * 51))


# Texts


@pytest.mark.long
@pytest.mark.parametrize("text", ["one word after another ", "a_x000D_b"], ids=["plain", "escaped"])
def test_a_shared_text_is_the_same_object_in_every_cell(tmp_path, text):
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1_001))
    path = packed(tmp_path, rows, parts=strings(text * 100_000))
    read, peak = peak_of(lambda: cells(path))
    assert len({id(line[0]) for line in read[0]}) == 1
    assert len(read[0]) == 1_000
    assert peak < 12 * MEGABYTE + 8 * len(text) * 100_000


def many(runs):
    return f"<r><t>{'x' * MEGABYTE}</t></r>" * runs


@pytest.mark.long
def test_a_text_longer_than_any_is_refused(tmp_path):
    inline = "<row><c t='inlineStr'><is>{}</is></c></row>".format
    assert len(cells(packed(tmp_path, inline(many(10))))[0][0][0]) == 10 * MEGABYTE
    says = "a text of more than 10,000,000 characters; a cell holds at most 50,000."
    assert refused(packed(tmp_path, inline(many(11)))) == f"big.xlsx, sheet Hoja1, row 1: {says}"
    stored = f"<row><c t='str'><v>{'x' * 11 * MEGABYTE}</v></c></row>"
    assert refused(packed(tmp_path, stored)) == f"big.xlsx, sheet Hoja1, row 1: {says}"
    shared = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si>{many(11)}</si></sst>'}
    assert refused(packed(tmp_path, row(1, ("A", 1)), parts=shared)) == f"big.xlsx: {says}"


def test_more_shared_texts_than_cells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_in, "CELLS", 100)
    assert "shared texts" in refused(packed(tmp_path, row(1, ("A", 1)), parts=strings(*"x" * 101)))


def test_the_reading_of_a_japanese_word_is_not_its_text(tmp_path):
    inside = "<r><t>日</t></r><r><rPr><b/></rPr><t>本</t></r><rPh sb='0' eb='1'><t>ニホン</t></rPh>"
    rows = f"<row><c t='s'><v>0</v></c><c t='inlineStr'><is>{inside}</is></c></row>"
    shared = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si>{inside}</si></sst>'}
    assert cells(packed(tmp_path, rows, parts=shared)) == [[["日本", "日本"]]]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("_x005F_x000D_", "_x000D_"), ("a_x0041_", "aA"), ("_xD83D_", "_xD83D_"), ("_xdfff_", "_xdfff_")],
)
def test_escapes_of_shared_texts_are_undone_once_and_give_no_half_characters(tmp_path, stored, shown):
    rows = "<row><c t='s'><v>0</v></c></row>"
    assert cells(packed(tmp_path, rows, parts=strings(stored))) == [[[shown]]]


EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("5", "[" * 1_000_000, "5"),
        ("5", '"' * 1_000_001, "5"),
        ("5", "0." + "0" * 200, "5"),
        ("5", "0" * 200, "5"),
        ("5", "0." + "0" * 30, "5." + "0" * 30),
        ("1e308", "0", "1e+308"),
        ("1e20", "0", "100000000000000000000"),
        ("1e999", "0", "inf"),
        ("1e999", "yyyy", "#VALUE!"),
        ("1e300", "[h]", "#VALUE!"),
        ("9" * 400, "0.00", "9" * 400),
    ],
    ids=range(11),
)
def test_a_number_takes_no_more_room_than_a_person_would_give_it(stored, code, shown):
    assert number_shown(stored, code, EPOCH) == shown


# What other programs write


def test_the_names_of_a_workbook_may_have_a_prefix(tmp_path):
    """As the Open XML SDK of .NET writes them."""
    body = sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row>')
    prefixed = body.replace("xmlns=", "xmlns:x=").replace("</", "<!").replace("<", "<x:").replace("<x:!", "</x:")
    shared = strings("text")["xl/sharedStrings.xml"].replace("xmlns=", "xmlns:y=")
    shared = shared.replace("</", "<!").replace("<", "<y:").replace("<y:!", "</y:")
    assert cells(packed(tmp_path, prefixed.encode(), parts={"xl/sharedStrings.xml": shared})) == [[["text", "2"]]]


def test_what_belongs_to_another_namespace_is_passed_over(tmp_path):
    other = '<z:row xmlns:z="urn:z" r="2000000000"/><z:c xmlns:z="urn:z" r="A1"/>'
    assert cells(packed(tmp_path, other + row(1, ("A", 1)))) == [[["1"]]]


def test_a_part_may_be_utf_16(tmp_path):
    part = sheet_of('<row r="1"><c r="A1" t="str"><v>ñ€😀</v></c></row>').encode("utf-16")
    assert cells(packed(tmp_path, part)) == [[["ñ€😀"]]]


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    book.active["A1"] = dt.date(2024, 2, 29)
    book.save(tmp_path / "mac.xlsx")
    assert cells(tmp_path / "mac.xlsx") == [[["2024-02-29"]]]


def test_a_sheet_whose_part_is_missing_is_refused_rather_than_lost(tmp_path):
    path = packed(tmp_path, row(1, ("A", 1)), targets=["worksheets/sheet1.xml", "worksheets/sheet2.xml"])
    assert refused(path) == "big.xlsx is a damaged Excel workbook."


def test_targets_are_found_from_the_root_and_from_above(tmp_path):
    targets = ["/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml"]
    assert cells(packed(tmp_path, row(1, ("A", 1)), targets=targets)) == [[["1"]], [["1"]]]
