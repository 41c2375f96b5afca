"""Cells as `spreadsheets.get` describes them: what Google shows, aligns and links, beyond what was written."""

import pytest

CELLS = "sheets.data.rowData.values"
LINK_BLUE = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}


def described(raw, range_, fields=""):
    """The cells of a range, row by row."""
    answer = raw.get(ranges=range_, fields=CELLS + fields)
    rows = answer["sheets"][0]["data"][0].get("rowData", [])
    return [row.get("values", []) for row in rows]


def test_the_guides_sample_sums_and_compares_as_the_guide_shows_it(raw):
    """Source: the guide "Reading & writing values", whose fourth date cannot be read and stays text."""
    raw.put(
        "Sheet1!A1:D5",
        [
            ["Item", "Cost", "Stocked", "Ship Date"],
            ["Wheel", "$20.50", "4", "3/1/2016"],
            ["Door", "$15", "2", "3/15/2016"],
            ["Engine", "$100", "1", "3/20/2016"],
            ["Totals", "=SUM(B2:B4)", "=SUM(C2:C4)", "=MAX(D2:D4)"],
        ],
        option="USER_ENTERED",
    )
    assert raw.values("Sheet1!A5:D5") == [["Totals", "$135.5", "7", "3/20/2016"]]
    assert raw.values("Sheet1!B5:D5", valueRenderOption="UNFORMATTED_VALUE") == [[135.5, 7, 42449]]
    strings = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "FORMATTED_STRING"}
    assert raw.values("Sheet1!B5:D5", **strings) == [[135.5, 7, "3/20/2016"]]


def test_a_date_of_a_formula_has_its_type_and_no_pattern(raw):
    """Recorded: `numberFormat {type: DATE}` for DATE and for a reference to it, nothing entered by the user."""
    raw.put("Sheet1!A1:A3", [["=DATE(2023,3,19)"], ["=A1"], ["123"]], option="USER_ENTERED")
    (day,), (reference,), (number,) = described(raw, "Sheet1!A1:A3")
    for cell in (day, reference):
        assert cell["formattedValue"] == "3/19/2023"
        assert cell["effectiveFormat"]["numberFormat"] == {"type": "DATE"}
        assert "userEnteredFormat" not in cell
    assert "numberFormat" not in number["effectiveFormat"]


def test_an_own_number_format_counts_before_the_implied_one(raw):
    raw.put("Sheet1!A1:A2", [["=DATE(2023,3,19)"], ["=A1"]], option="USER_ENTERED")
    form = {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}
    cell = {"range": {"sheetId": 0, "endRowIndex": 1}, "cell": {"userEnteredFormat": form}}
    raw.ok({"repeatCell": {**cell, "fields": "userEnteredFormat.numberFormat"}})
    assert raw.values("Sheet1!A1:A2") == [["45004.0"], ["45004.0"]]


@pytest.mark.parametrize(
    ("entry", "alignment"),
    [
        ("text", "LEFT"),
        ("5", "RIGHT"),
        ("3/1/2016", "RIGHT"),
        ("TRUE", "CENTER"),
        ("=1/0", "CENTER"),
        ("=A1", "LEFT"),
    ],
)
def test_alignment_follows_the_kind_of_value(raw, entry, alignment):
    raw.put("Sheet1!A1:B1", [["x", entry]], option="USER_ENTERED")
    ((_, cell),) = described(raw, "Sheet1!A1:B1", ".effectiveFormat")
    shown = cell["effectiveFormat"]
    assert shown["horizontalAlignment"] == alignment
    assert shown["hyperlinkDisplayType"] == "PLAIN_TEXT"
    assert shown["textFormat"]["fontFamily"] == "Arial"


def test_an_own_format_lies_over_what_the_value_implies(raw):
    raw.put("Sheet1!A1", [["5"]], option="USER_ENTERED")
    form = {"horizontalAlignment": "LEFT", "textFormat": {"bold": True, "fontFamily": "Roboto"}}
    raw.ok({"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 2},
                           "cell": {"userEnteredFormat": form}, "fields": "userEnteredFormat"}})  # fmt: skip
    ((cell, blank),) = described(raw, "Sheet1!A1:B1", "(effectiveFormat,userEnteredFormat)")
    for shown in (cell["effectiveFormat"], blank["effectiveFormat"]):
        assert shown["horizontalAlignment"] == "LEFT"
        assert (shown["textFormat"]["bold"], shown["textFormat"]["fontFamily"]) == (True, "Roboto")
    assert "hyperlinkDisplayType" not in blank["effectiveFormat"]


def test_an_empty_text_has_no_value_and_a_blank_result_says_nothing_of_links(raw):
    """Recorded for ``=""``, T of a blank, a spilled empty text, IF(,,), and a lookup of a blank cell."""
    raw.put(
        "Sheet1!A1:A5",
        [['=""'], ["=T(Z1)"], ["=IF(,,)"], ["=VLOOKUP(2,{2,3},2,FALSE)"], ['={"a";"";IF(,,)}']],
        option="USER_ENTERED",
    )
    rows = [row[0] for row in described(raw, "Sheet1!A1:A7")]
    empty, blank = [rows[0], rows[1], rows[5]], [rows[2], rows[6]]
    for cell in [*empty, *blank]:
        assert not cell.keys() & {"effectiveValue", "formattedValue"}
    assert [cell["effectiveFormat"].get("hyperlinkDisplayType") for cell in empty] == ["PLAIN_TEXT"] * 3
    assert [cell["effectiveFormat"].get("hyperlinkDisplayType") for cell in blank] == [None] * 2
    assert rows[3]["effectiveValue"] == {"numberValue": 3}


def test_an_untouched_cell_between_others_is_empty(raw):
    raw.put("Sheet1!A1:C1", [["a", None, "c"]])
    assert described(raw, "Sheet1!A1:C1")[0][1] == {}


@pytest.mark.parametrize(
    ("entry", "link"),
    [
        ('=HYPERLINK("https://example.com","click")', "https://example.com"),
        ("https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("www.example.com", "http://www.example.com"),
    ],
)
def test_links_are_blue_underlined_and_named(raw, entry, link):
    raw.put("Sheet1!A1", [[entry]], option="USER_ENTERED")
    ((cell,),) = described(raw, "Sheet1!A1")
    assert cell["hyperlink"] == link
    shown = cell["effectiveFormat"]
    assert shown["hyperlinkDisplayType"] == "LINKED"
    letters = shown["textFormat"]
    assert (letters["link"], letters["underline"]) == ({"uri": link}, True)
    assert letters["foregroundColor"] == letters["foregroundColorStyle"]["rgbColor"] == LINK_BLUE


@pytest.mark.parametrize(
    "entry", ["see https://example.com", "https://", "a.b", "http", "x@example.com", "https://a b"]
)
def test_other_texts_are_no_links(raw, entry):
    raw.put("Sheet1!A1", [[entry]], option="USER_ENTERED")
    ((cell,),) = described(raw, "Sheet1!A1")
    assert "hyperlink" not in cell
    assert cell["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"


def test_a_link_of_the_text_format_comes_back_as_a_link(raw):
    """Recorded: `hyperlinkDisplayType`, colour and underline are in the entered format too."""
    cell = {
        "userEnteredValue": {"stringValue": "docs"},
        "userEnteredFormat": {"textFormat": {"link": {"uri": "https://d.example"}}},
    }
    raw.ok({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [cell]}], "fields": "*"}})
    ((shown,),) = described(raw, "Sheet1!A1")
    assert shown["hyperlink"] == "https://d.example"
    assert shown["userEnteredFormat"]["hyperlinkDisplayType"] == "LINKED"
    assert shown["userEnteredFormat"]["textFormat"]["underline"] is True
    assert shown["effectiveFormat"]["textFormat"]["link"] == {"uri": "https://d.example"}


def test_texts_are_shown_by_their_patterns_text_section(raw):
    form = {"numberFormat": {"type": "NUMBER", "pattern": '_("$"* #,##0.00_);_(@_)'}}
    raw.put("Sheet1!A1:A3", [["Accounting"], [23], ["=A1"]], option="USER_ENTERED")
    raw.ok({"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 3}, "cell": {"userEnteredFormat": form},
                           "fields": "userEnteredFormat.numberFormat"}})  # fmt: skip
    assert raw.values("Sheet1!A1:A3") == [[" Accounting "], [" $ 23.00 "], [" Accounting "]]
    assert raw.values("Sheet1!A1", valueRenderOption="UNFORMATTED_VALUE") == [["Accounting"]]
    ((cell,),) = described(raw, "Sheet1!A1")
    assert cell["formattedValue"] == " Accounting "


def test_what_a_batch_writes_is_echoed_in_its_look(raw):
    """The answer of the same request knows the look, of cells that were styled in it too."""
    answer = raw.session.put(
        f"{raw.url}/values/Sheet1!A1:A2",
        params={"valueInputOption": "USER_ENTERED", "includeValuesInResponse": "true"},
        json={"values": [["3/1/2016"], ["=A1+1"]]},
    ).json()
    assert answer["updatedData"]["values"] == [["3/1/2016"], ["3/2/2016"]]


def rich(text, *runs):
    return {"userEnteredValue": {"stringValue": text}, "textFormatRuns": list(runs)}


def write_cells(raw, *cells, fields="userEnteredValue,textFormatRuns"):
    raw.ok({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": list(cells)}], "fields": fields}})


def test_rich_text_comes_back_as_runs(raw):
    """Recorded: two links in one text; the cell as a whole is plain and has no `hyperlink`."""
    first, last = "https://example.com/alpha", "https://example.com/charlie"
    write_cells(
        raw,
        rich(
            "alpha bravo charlie",
            {"startIndex": 0, "format": {"link": {"uri": first}}},
            {"startIndex": 5, "format": {}},
            {"startIndex": 12, "format": {"link": {"uri": last}}},
        ),
    )
    ((cell,),) = described(raw, "Sheet1!A1")
    blue = {"foregroundColor": LINK_BLUE, "foregroundColorStyle": {"rgbColor": LINK_BLUE}, "underline": True}
    assert cell["textFormatRuns"] == [
        {"format": {**blue, "link": {"uri": first}}},
        {"startIndex": 5, "format": {}},
        {"startIndex": 12, "format": {**blue, "link": {"uri": last}}},
    ]
    assert "hyperlink" not in cell
    assert cell["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"
    assert cell["effectiveFormat"]["textFormat"]["underline"] is False


def test_runs_go_with_their_text(raw, sheet):
    """A new value erases them (reference of CellData); sorting, inserting and copying take them along."""
    bold = {"format": {"bold": True}}
    write_cells(raw, rich("b", bold), rich("kept", bold))
    raw.put("Sheet1!A2", [["a"]])
    raw.ok(
        {
            "sortRange": {
                "range": {"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 1},
                "sortSpecs": [{"sortOrder": "ASCENDING"}],
            }
        }
    )
    assert [[cell.get("textFormatRuns") for cell in row] for row in described(raw, "Sheet1!A1:A2")] == [
        [None],
        [[bold]],
    ]
    raw.ok({"insertDimension": {"range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}})
    assert described(raw, "Sheet1!B2")[0][0]["textFormatRuns"] == [bold]
    box = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    to = {"sheetId": 0, "startRowIndex": 5, "endRowIndex": 6, "startColumnIndex": 1, "endColumnIndex": 2}
    raw.ok({"copyPaste": {"source": box, "destination": to, "pasteType": "PASTE_NORMAL"}})
    assert described(raw, "Sheet1!B6")[0][0]["textFormatRuns"] == [bold]
    raw.put("Sheet1!B2", [["other"]])
    assert "textFormatRuns" not in described(raw, "Sheet1!B2")[0][0]
    assert described(raw, "Sheet1!B6")[0][0]["textFormatRuns"] == [bold]


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        (
            {"userEnteredValue": {"numberValue": 5}, "textFormatRuns": [{"format": {}}]},
            "only valid on a cell with a text",
        ),
        (
            {"userEnteredValue": {"formulaValue": '="x"'}, "textFormatRuns": [{"format": {}}]},
            "only valid on a cell",
        ),
        (rich("abc", {"startIndex": 3, "format": {}}), "startIndex 3 is not in the text"),
    ],
)
def test_runs_belong_to_texts(raw, cell, complaint):
    rows = [{"values": [cell]}]
    message = raw.refused({"updateCells": {"start": {"sheetId": 0}, "rows": rows, "fields": "*"}})
    assert complaint in message


def test_one_link_in_a_text_is_the_cells_hyperlink(raw):
    write_cells(
        raw, rich("see docs", {"format": {}}, {"startIndex": 4, "format": {"link": {"uri": "https://d.example"}}})
    )
    ((cell,),) = described(raw, "Sheet1!A1")
    assert cell["hyperlink"] == "https://d.example"


def test_runs_are_repeated_over_a_range(raw):
    raw.put("Sheet1!A1:A2", [["one"], ["two"]])
    runs = {"textFormatRuns": [{"format": {"bold": True}}]}
    area = {"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 1}
    raw.ok({"repeatCell": {"range": area, "cell": runs, "fields": "textFormatRuns"}})
    assert [row[0]["textFormatRuns"] for row in described(raw, "Sheet1!A1:A2")] == [runs["textFormatRuns"]] * 2
    raw.ok({"repeatCell": {"range": area, "cell": {}, "fields": "textFormatRuns"}})
    assert [row[0].get("textFormatRuns") for row in described(raw, "Sheet1!A1:A2")] == [None] * 2


RED, GREEN = {"red": 1}, {"green": 1}


def rule(condition, fill, *, ranges=None, **letters):
    form = {"backgroundColor": fill, **({"textFormat": letters} if letters else {})}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    body = {"ranges": ranges or [area], "booleanRule": {"condition": condition, "format": form}}
    return {"addConditionalFormatRule": {"rule": body, "index": 0}}


def effective(raw, range_):
    return [[cell.get("effectiveFormat") for cell in row] for row in described(raw, range_, ".effectiveFormat")]


def test_conditional_formats_are_part_of_the_effective_format(raw):
    """Reference of CellData: `effectiveFormat` includes the results of conditional formatting; nothing is entered."""
    raw.put("Sheet1!A1:B3", [[1, "x"], [5, "y"], ["=A1+9", "x"]], option="USER_ENTERED")
    more = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "4"}]}
    x_rows = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=$B1="x"'}]}
    raw.ok(rule(more, RED), rule(x_rows, GREEN, bold=True))
    shown = effective(raw, "Sheet1!A1:B3")
    fills = [[cell["backgroundColor"] for cell in row] for row in shown]
    white = {"red": 1, "green": 1, "blue": 1}
    assert fills == [[GREEN, GREEN], [RED, white], [GREEN, GREEN]]  # the rule that stands first counts
    assert [row[0]["textFormat"]["bold"] for row in shown] == [True, False, True]
    assert shown[0][0]["backgroundColorStyle"] == {"rgbColor": GREEN}
    assert "userEnteredFormat" not in described(raw, "Sheet1!A1")[0][0]
    raw.put("Sheet1!B1", [["z"]])
    assert effective(raw, "Sheet1!A1")[0][0]["backgroundColor"] == white


def test_a_conditional_format_lies_over_the_entered_one(raw):
    raw.put("Sheet1!A1", [[5]])
    form = {"backgroundColor": {"blue": 1}, "textFormat": {"italic": True, "foregroundColor": GREEN}}
    area = {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1}
    raw.ok(
        {"repeatCell": {"range": area, "cell": {"userEnteredFormat": form}, "fields": "userEnteredFormat"}},
        rule({"type": "NOT_BLANK"}, RED, bold=True),
    )
    ((shown,),) = effective(raw, "Sheet1!A1")
    assert (shown["backgroundColor"], shown["textFormat"]["bold"], shown["textFormat"]["italic"]) == (
        RED,
        True,
        True,
    )
    assert shown["textFormat"]["foregroundColor"] == GREEN


def test_colour_scales_mix_the_colours_of_their_points(raw):
    raw.put("Sheet1!A1:A4", [[0], [50], [100], ["text"]])
    points = {"minpoint": {"color": RED, "type": "MIN"}, "maxpoint": {"color": GREEN, "type": "MAX"}}
    area = {"sheetId": 0, "endRowIndex": 4, "endColumnIndex": 1}
    raw.ok({"addConditionalFormatRule": {"rule": {"ranges": [area], "gradientRule": points}, "index": 0}})
    fills = [row[0]["backgroundColor"] for row in effective(raw, "Sheet1!A1:A4")]
    assert fills[0] == RED
    assert fills[2] == GREEN
    assert fills[1].keys() == {"red", "green"}
    assert abs(fills[1]["red"] - 0.5) < 0.01
    assert fills[3] == {"red": 1, "green": 1, "blue": 1}
