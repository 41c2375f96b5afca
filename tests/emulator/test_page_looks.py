"""What the page draws of a cell beside its text: conditions, colour scales, bands, links, errors, invalid contents, merges."""

import pytest
from page_visitor import Visitor

RED = {"backgroundColorStyle": {"rgbColor": {"red": 1}}}
GREEN = {"backgroundColorStyle": {"rgbColor": {"green": 1}}}


@pytest.fixture
def visitor(server, sheet):
    return Visitor(server, sheet)


def area(top=0, bottom=100, left=0, right=1):
    return {
        "sheetId": 0,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def condition(kind, *values):
    return {
        "type": kind,
        "values": [value if isinstance(value, dict) else {"userEnteredValue": value} for value in values],
    }


def rule(raw, place, kind, *values, form=RED, index=0):
    body = {"ranges": [place], "booleanRule": {"condition": condition(kind, *values), "format": form}}
    raw.ok({"addConditionalFormatRule": {"rule": body, "index": index}})


def painted(visitor, name="over", **where):
    """The rows and columns that are painted, with the fill."""
    found = {}
    for row, line in enumerate(visitor.cells(**where)["rows"], where.get("top", 0)):
        for first, last, paint in line.get(name, ()):
            found |= {(row, column): paint.get("bg") for column in range(first, last)}
    return found


def rows_of(visitor):
    return sorted({row for row, _ in painted(visitor)})


VALUES = ["beta", "Beta max", 5, 10.5, "2026-05-04", "", True, "ana@example.com", "https://example.com/a", "10", 0]


@pytest.mark.parametrize(
    ("kind", "values", "rows"),
    [
        ("NUMBER_GREATER", ["5"], [3, 4, 9]),
        ("NUMBER_GREATER_THAN_EQ", ["5"], [2, 3, 4, 9]),
        ("NUMBER_LESS", ["=$C$1"], [10]),
        ("NUMBER_LESS", ["=C1"], []),
        ("NUMBER_LESS_THAN_EQ", ["5"], [2, 10]),
        ("NUMBER_EQ", ["10.5"], [3]),
        ("NUMBER_NOT_EQ", ["10.5"], [2, 4, 9, 10]),
        ("NUMBER_BETWEEN", ["11", "5"], [2, 3, 9]),
        ("NUMBER_NOT_BETWEEN", ["5", "11"], [4, 10]),
        ("TEXT_CONTAINS", ["ETA"], [0, 1]),
        ("TEXT_CONTAINS", ["5"], [2, 3, 4]),
        ("TEXT_NOT_CONTAINS", ["a"], [2, 3, 4, 5, 6, 9, 10]),
        ("TEXT_STARTS_WITH", ["beta"], [0, 1]),
        ("TEXT_ENDS_WITH", [".COM"], [7]),
        ("TEXT_EQ", ["BETA"], [0]),
        ("DATE_EQ", ["5/4/2026"], [4]),
        ("DATE_BEFORE", ["5/5/2026"], [2, 3, 4, 9, 10]),
        ("DATE_AFTER", ["5/3/2026"], [4]),
        ("BLANK", [], [5]),
        ("NOT_BLANK", [], [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]),
        ("CUSTOM_FORMULA", ["=ISTEXT(A1)"], [0, 1, 7, 8]),
        ("CUSTOM_FORMULA", ["=MOD(ROW(),4)=0"], [3, 7]),
        ("CUSTOM_FORMULA", ["=MOD(ROW(),4)"], [0, 1, 2, 4, 5, 6, 8, 9, 10]),
        ("CUSTOM_FORMULA", ["=AND(ISNUMBER($A1),$A1=MAX($A$1:$A$11))"], [4]),
        ("CUSTOM_FORMULA", ["=1/0"], []),
    ],
)
def test_a_condition_paints_the_cells_that_meet_it(visitor, raw, sheet, kind, values, rows):
    sheet.sheet1.update([[value] for value in VALUES], "A1", raw=False)
    sheet.sheet1.update([[1]], "C1")
    rule(raw, area(0, 11), kind, *values)
    assert rows_of(visitor) == rows


@pytest.mark.parametrize(
    ("kind", "values", "rows"),
    [
        ("TEXT_IS_EMAIL", [], [7]),
        ("TEXT_IS_URL", [], [8]),
        ("DATE_ON_OR_AFTER", ["5/4/2026"], [4]),
        ("DATE_ON_OR_BEFORE", ["5/3/2026"], [2, 3, 9, 10]),
        ("DATE_BETWEEN", ["5/1/2026", "5/31/2026"], [4]),
        ("DATE_NOT_BETWEEN", ["5/1/2026", "5/31/2026"], [2, 3, 9, 10]),
        ("ONE_OF_LIST", ["beta", "5", "true"], [0, 2, 6]),
    ],
)
def test_validation_marks_the_cells_that_do_not_meet_its_condition(visitor, raw, sheet, kind, values, rows):
    sheet.sheet1.update([[value] for value in VALUES], "A1", raw=False)
    raw.ok({"setDataValidation": {"range": area(0, 11), "rule": {"condition": condition(kind, *values)}}})
    marked = [row for row, line in enumerate(visitor.cells()["rows"]) if line.get("invalid")]
    blank = VALUES.index("")
    assert marked == [row for row in range(11) if row not in (*rows, blank)]


def test_formulas_of_rules_move_along_from_the_first_cell_of_their_ranges(visitor, raw, sheet):
    sheet.sheet1.update([[1, 2, 3], [3, 2, 1], [2, 2, 2]], "B2")
    rule(raw, area(1, 4, 1, 4), "CUSTOM_FORMULA", "=B2>A2")
    assert sorted(painted(visitor)) == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]
    assert sorted(painted(visitor, top=2, left=1, bottom=4, right=3)) == [(2, 1), (3, 1)]


def test_a_rule_reads_results_of_formulas_and_paints_rows_that_are_blank(visitor, raw, sheet):
    sheet.sheet1.update([["=SEQUENCE(3)"], [""], [""], ["=A3*10"]], "A1", raw=False)
    rule(raw, area(0, 6, 0, 3), "CUSTOM_FORMULA", "=$A1>=3")
    assert painted(visitor) == {(row, column): "#ff0000" for row in (2, 3) for column in range(3)}
    raw.ok({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})
    rule(raw, area(8, 10, 0, 2), "BLANK")
    assert sorted(painted(visitor)) == [(8, 0), (8, 1), (9, 0), (9, 1)]


def test_the_first_rule_that_holds_paints_a_cell(visitor, raw, sheet):
    sheet.sheet1.update([[1, 1], [7, 7]], "A1")
    rule(raw, area(0, 2, 0, 2), "NUMBER_GREATER", "0", form=RED)
    rule(raw, area(0, 2, 1, 2), "NUMBER_GREATER", "5", form=GREEN)
    assert painted(visitor) == {(0, 0): "#ff0000", (0, 1): "#ff0000", (1, 0): "#ff0000", (1, 1): "#00ff00"}


def test_letters_are_painted_on_and_off(visitor, raw, sheet):
    sheet.sheet1.update([[1]], "A1")
    letters = {"bold": False, "strikethrough": True, "foregroundColorStyle": {"themeColor": "ACCENT2"}}
    rule(raw, area(0, 1), "NOT_BLANK", form={"textFormat": letters})
    paint = {"bold": False, "strikethrough": True, "color": "#ea4335"}
    assert visitor.cells()["rows"][0]["over"] == [[0, 1, paint]]


def test_rules_are_spelled_as_the_workbooks_locale_does(visitor, raw, sheet):
    sheet.update_locale("es_ES")
    sheet.sheet1.update([["1,5"], ["2,5"]], "A1", raw=False)
    rule(raw, area(0, 2), "CUSTOM_FORMULA", "=IF(A1>1,7;TRUE;FALSE)")
    rule(raw, area(0, 2), "NUMBER_LESS", "1,7", form=GREEN)
    assert painted(visitor) == {(0, 0): "#00ff00", (1, 0): "#ff0000"}


def test_days_are_counted_from_today(visitor, raw, sheet):
    sheet.sheet1.update([[f"=TODAY()+{days}"] for days in (-400, -20, -1, 0, 1)], "A1", raw=False)
    for name, kind, rows in (
        ("TODAY", "DATE_EQ", [3]),
        ("YESTERDAY", "DATE_AFTER", [3, 4]),
        ("TOMORROW", "DATE_BEFORE", [0, 1, 2, 3]),
        ("PAST_MONTH", "DATE_AFTER", [1, 2, 3, 4]),
        ("PAST_WEEK", "DATE_BEFORE", [0, 1]),
        ("PAST_YEAR", "DATE_BEFORE", [0]),
    ):
        rule(raw, area(0, 5), kind, {"relativeDate": name})
        assert rows_of(visitor) == rows, name
        raw.ok({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})


def gradient(raw, **points):
    raw.ok({"addConditionalFormatRule": {"rule": {"ranges": [area(0, 5)], "gradientRule": points}, "index": 0}})


def test_a_colour_scale_lies_between_its_points(visitor, raw, sheet):
    sheet.sheet1.update([[0], [50], ["x"], [100], [1000]], "A1")
    black, white = {"color": {}}, {"color": {"red": 1, "green": 1, "blue": 1}}
    gradient(raw, minpoint={**black, "type": "MIN"}, maxpoint={**white, "type": "NUMBER", "value": "100"})
    assert painted(visitor) == {(0, 0): "#000000", (1, 0): "#7f7f7f", (3, 0): "#ffffff", (4, 0): "#ffffff"}
    raw.ok({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})
    red = {"color": {"red": 1}}
    gradient(
        raw,
        minpoint={**black, "type": "PERCENT", "value": "0"},
        midpoint={**red, "type": "PERCENTILE", "value": "50"},
        maxpoint={**white, "type": "MAX"},
    )
    assert painted(visitor) == {(0, 0): "#000000", (1, 0): "#aa0000", (3, 0): "#ff0707", (4, 0): "#ffffff"}
    assert painted(visitor, top=3, bottom=5) == {(3, 0): "#ff0707", (4, 0): "#ffffff"}


def test_bands_lie_under_cells(visitor, raw):
    def color(**parts):
        return {"rgbColor": parts}

    colors = {
        "headerColorStyle": color(red=1),
        "firstBandColorStyle": color(green=1),
        "secondBandColorStyle": color(blue=1),
        "footerColorStyle": color(red=1, blue=1),
    }
    raw.ok({"addBanding": {"bandedRange": {"range": area(1, 6, 1, 3), "rowProperties": colors}}})
    found = painted(visitor, "under")
    assert [found[row, 2] for row in range(1, 6)] == ["#ff0000", "#00ff00", "#0000ff", "#00ff00", "#ff00ff"]
    assert {column for _, column in found} == {1, 2}
    del colors["headerColorStyle"], colors["footerColorStyle"]
    raw.ok({"addBanding": {"bandedRange": {"range": area(7, 8, 0, 3), "columnProperties": colors}}})
    found = painted(visitor, "under")
    assert [found[7, column] for column in range(3)] == ["#00ff00", "#0000ff", "#00ff00"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ('=HYPERLINK("https://example.com/a?b=1","label")', "https://example.com/a?b=1"),
        ('=hyperlink("example.com")', "https://example.com"),
        ('=HYPERLINK("https://example.com/"&B1)', "https://example.com/7"),
        ('=HYPERLINK("mailto:a@example.com")', "mailto:a@example.com"),
        ("https://example.org/x", "https://example.org/x"),
        ("www.example.org", "http://www.example.org"),
        (
            '=IF(B1>1,HYPERLINK("https://example.com/many","x"),HYPERLINK("javascript:alert(1)","x"))',
            "https://example.com/many",
        ),
        ('=HYPERLINK("#gid=7","Log")', "#gid=7"),
        ('=HYPERLINK("#gid=7;javascript:alert(1)","x")', None),
        ("ftp://example.org/x", None),
        ("see https://example.org", None),
        ('=HYPERLINK("javascript:alert(1)","x")', None),
        ('=HYPERLINK("JaVaScRiPt:alert(1)","x")', None),
        ('=HYPERLINK("javascript://example.com/%0aalert(1)","x")', None),
        ('=HYPERLINK("data:text/html,x","x")', None),
        ('=HYPERLINK("file:///etc/passwd","x")', None),
        ('=HYPERLINK("java"&CHAR(10)&"script:alert(1)","x")', None),
        ('=HYPERLINK("https://","x")', None),
        ('=HYPERLINK(1/0,"x")', None),
        ('=HYPERLINK("","x")', None),
        ("javascript:alert(1)", None),
    ],
)
def test_only_addresses_that_a_browser_may_open_are_links(visitor, sheet, typed, address):
    sheet.sheet1.update([[typed, 7]], "A1", raw=False)
    assert visitor.cells()["rows"][0].get("links", {}).get("0") == address


def test_a_linked_text_is_one(visitor, raw, sheet):
    sheet.sheet1.update([["label"], ["bad"]], "A1")
    for row, address in enumerate(("https://example.com", "javascript:alert(1)")):
        cell = {"userEnteredFormat": {"textFormat": {"link": {"uri": address}}}}
        raw.ok(
            {
                "repeatCell": {
                    "range": area(row, row + 1),
                    "cell": cell,
                    "fields": "userEnteredFormat.textFormat.link",
                }
            }
        )
    assert [row.get("links") for row in visitor.cells()["rows"]] == [{"0": "https://example.com"}, None]


def test_a_text_with_one_linked_part_is_one_and_with_two_is_none(visitor, raw):
    for row, addresses in enumerate((["https://example.com"], ["https://example.com", "https://example.org"])):
        runs = [{"startIndex": 4 * n, "format": {"link": {"uri": uri}}} for n, uri in enumerate(addresses)]
        cell = {"userEnteredValue": {"stringValue": "see here now"}, "textFormatRuns": runs}
        start = {"sheetId": 0, "rowIndex": row, "columnIndex": 0}
        wish = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue,textFormatRuns"}
        raw.ok({"updateCells": wish})
    assert [row.get("links") for row in visitor.cells()["rows"]] == [{"0": "https://example.com"}, None]


@pytest.mark.parametrize(
    ("pattern", "colors"),
    [
        ("0;[Red]-0", {"1": "#ff0000"}),
        ("[Green]0;[Red]-0;[Blue]0", {"0": "#00ff00", "1": "#ff0000", "2": "#0000ff"}),
        ("[red]0.0", {"0": "#ff0000", "1": "#ff0000", "2": "#ff0000"}),
        ('0;"[Red]"0', None),
        ("[>5][Red]0;0", {"0": "#ff0000"}),
        ("[h]:mm", None),
    ],
)
def test_number_formats_give_their_colours(visitor, raw, sheet, pattern, colors):
    sheet.sheet1.update([[7, -7, 0, "text"]], "A1", raw=True)
    form = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": pattern}}}
    raw.ok({"repeatCell": {"range": area(0, 1, 0, 4), "cell": form, "fields": "userEnteredFormat.numberFormat"}})
    assert visitor.cells()["rows"][0].get("colors") == colors


def test_errors_come_with_their_reasons(visitor, sheet):
    sheet.sheet1.update([["=1/0", "=IFERROR(1/0,2)", "=NOSUCH(1)"]], "A1", raw=False)
    errors = visitor.cells()["rows"][0]["errors"]
    assert set(errors) == {"0", "2"}
    assert all(errors.values())


def test_contents_against_their_validation_are_marked(visitor, raw, sheet):
    sheet.sheet1.update([["x"], ["y"], [""], ["X"], [7]], "A1", raw=True)
    sheet.sheet1.update([["x", 1], ["z", 20]], "C1", raw=True)

    def validate(place, *wanted, **more):
        raw.ok({"setDataValidation": {"range": place, "rule": {"condition": condition(*wanted), **more}}})

    validate(area(0, 5), "ONE_OF_LIST", "x", "7", inputMessage="x or 7")
    validate(area(0, 2, 2, 3), "ONE_OF_RANGE", "=$A$1:$A$5")
    validate(area(0, 2, 3, 4), "NUMBER_BETWEEN", "1", "=D$1+9")
    rows = visitor.cells()["rows"]
    assert [row.get("invalid") for row in rows] == [None, {"0": "x or 7", "2": "", "3": ""}, None, None, None]


def test_the_outline_tells_of_merged_cells_and_filters(visitor, raw, sheet):
    sheet.sheet1.update([["kind"], ["a"], ["b"], ["a"]], "A1")
    raw.ok({"mergeCells": {"range": area(5, 7, 0, 3), "mergeType": "MERGE_ALL"}})
    found = {"range": area(0, 4), "criteria": {"0": {"hiddenValues": ["a"]}}}
    raw.ok({"setBasicFilter": {"filter": found}})
    tab = visitor.get("outline").json()["sheets"][0]
    merge = {"startRowIndex": 5, "endRowIndex": 7, "startColumnIndex": 0, "endColumnIndex": 3}
    assert tab["merges"] == [merge]
    assert tab["basicFilter"]["range"]["endRowIndex"] == 4
    assert tab["filtered"] == 2


def test_borders_are_drawn_as_thick_as_they_are(visitor, raw):
    raw.ok({"updateBorders": {"range": area(0, 1), "top": {"style": "SOLID_THICK"}, "left": {"style": "DASHED"}}})
    looks = list(visitor.cells()["looks"].values())
    assert looks == [{"border_top": "3px solid #000000", "border_left": "1px dashed #000000"}]
