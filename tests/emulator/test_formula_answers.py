"""Formulas as a client reads them: results, errors with Google's words, and the formulas themselves."""

import logging

import pytest

ENTERED = [
    '=""+1',
    "=1/0",
    "=NA()",
    "=NotARealFunction()",
    "=QUERY(B1:B3)",
    "=SUM(",
    '=VLOOKUP("nope", b1:B1, 1, FALSE)',
    '=INDIRECT("ZZZ99999")',
    "=HSTACK(1,1/0)",
]


@pytest.fixture
def written(raw, sheet):
    """A column of formulas in A1:A9."""
    sheet.sheet1.update([[formula] for formula in ENTERED], "A1:A9", raw=False)
    return raw


def cells(raw):
    answer = raw.get(ranges="A1:B9", includeGridData="true")
    return [row.get("values", [{}]) for row in answer["sheets"][0]["data"][0]["rowData"]]


def test_errors_carry_googles_words(written):
    """In cells with all their fields, and in brackets behind the code where values are not formatted."""
    rows = [row[0]["effectiveValue"] for row in cells(written)[:7]]
    assert rows[0] == {"numberValue": 1}
    assert [row["errorValue"] for row in rows[1:]] == [
        {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."},
        {"type": "N_A"},
        {"type": "NAME", "message": "Unknown function: 'NotARealFunction'."},
        {"type": "NAME", "message": "QUERY is not implemented by the emulator."},
        {"type": "ERROR", "message": "Formula parse error."},
        {"type": "N_A", "message": "Did not find value 'nope' in VLOOKUP evaluation."},
    ]
    assert written.values("A2:A4", valueRenderOption="UNFORMATTED_VALUE") == [
        ["#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)"],
        ["#N/A ()"],
        ["#NAME? (Unknown function: 'NotARealFunction'.)"],
    ]
    assert written.values("A2:A4") == [["#DIV/0!"], ["#N/A"], ["#NAME?"]]


def test_subtotals_follow_what_is_hidden(raw, sheet):
    """Rows that a filter hides never count, those hidden by hand only below 101; other subtotals never do."""
    formulas = ["=SUBTOTAL(9,A1:A5)", "=SUBTOTAL(109,A1:A6)", "=SUBTOTAL(3,A1:A5)", "=SUBTOTAL(9,A1:A7,C1)"]
    raw.put("A1:C7", [["n", "", formulas[0]], [1, "", formulas[1]], [2, "", formulas[2]], [4, "", formulas[3]],
                      [8, "", "=SUBTOTAL(12,A1)"], ["=SUBTOTAL(9,A2:A5)"], ["=SUM(A2:A3)"]], "USER_ENTERED")  # fmt: skip
    assert raw.values("C1:C5") == [["15"], ["15"], ["5"], ["18"], ["#VALUE!"]]
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    hidden = {"range": rows, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    raw.ok({"updateDimensionProperties": hidden})
    assert raw.values("C1:C4") == [["15"], ["14"], ["5"], ["18"]]
    shown = {"condition": {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "8"}]}}
    covers = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 1}
    raw.ok({"setBasicFilter": {"filter": {"range": covers, "criteria": {"0": shown}}}})
    assert raw.values("C1:C4") == [["7"], ["6"], ["4"], ["10"]]


def test_a_refused_function_is_in_the_log(written, caplog):
    """Whoever runs the emulator reads which function is missing, and where."""
    with caplog.at_level(logging.WARNING):
        written.values("A1:A9")
    assert any("QUERY is not implemented by the emulator." in record.getMessage() for record in caplog.records)


def test_formulas_are_read_back_with_their_references_written_anew(written):
    """The rest of a formula stays as it was entered, an unknown function's case too."""
    kept = written.values("A1:A9", valueRenderOption="FORMULA")
    assert kept == [[formula.replace("b1:B1", "B1")] for formula in ENTERED]


def test_an_error_spills_into_its_own_cell_and_nothing_lies_past_the_grid(written):
    """HSTACK keeps the error where it is; a reference past the grid is blank."""
    assert written.values("A8:B9") == [[], ["1", "#DIV/0!"]]
