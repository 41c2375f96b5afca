"""What the answer to a write of values counts and names: nulls, ragged rows, columns, and the values in the answer."""

import pytest


def change(raw, asked, values, how="update", **params):
    """Write by `values.update`, or `values.append`, and give the `UpdateValuesResponse`."""
    query = {"valueInputOption": "USER_ENTERED", **params}
    body = {"values": values} if isinstance(values, list) else values
    if how == "update":
        answer = raw.session.put(f"{raw.url}/values/{asked}", params=query, json=body)
    else:
        answer = raw.session.post(f"{raw.url}/values/{asked}:append", params=query, json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return found if how == "update" else found["updates"]


def counted(found):
    return tuple(found.get(name) for name in ("updatedRange", "updatedRows", "updatedColumns", "updatedCells"))


@pytest.mark.parametrize(
    ("asked", "values", "expected"),
    [
        ("A2:F2", [["1", "John", "", None, None, None]], ("Sheet1!A2:C2", 1, 3, 3)),
        ("A2:F2", [["1", None, "", "x", "y", "z"]], ("Sheet1!A2:F2", 1, 5, 5)),
        ("A1:C4", [[1], [], [None, 2], [None]], ("Sheet1!A1:B3", 2, 2, 2)),
        ("A1:C4", [[None, None], [None, 2, 3]], ("Sheet1!A1:C2", 1, 2, 2)),
        ("B2", [[1, 2, 3], [4]], ("Sheet1!B2:D3", 2, 3, 4)),
        ("B2", [["", ""]], ("Sheet1!B2:C2", 1, 2, 2)),
        ("B2:C3", [[None, None], [None]], ("Sheet1!B2:C3", None, None, None)),
        ("B2:C3", [], ("Sheet1!B2:C3", None, None, None)),
        # Google's guide writes selected cells of columns like this one.
        (
            "B1",
            {"majorDimension": "COLUMNS", "values": [[None, "$1", "$2", ""], [], [None, "4/1/16", "4/15/16", ""]]},
            ("Sheet1!B1:D4", 3, 2, 6),
        ),
        ("A:B", [[1], [2]], ("Sheet1!A1:A2", 2, 1, 2)),
        ("Sheet1", [[1, 2]], ("Sheet1!A1:B1", 1, 2, 2)),
    ],
)
def test_rows_columns_and_range_are_those_in_which_something_is_written(raw, asked, values, expected):
    assert counted(change(raw, asked, values)) == expected


def test_an_append_counts_alike_and_the_grid_grows_only_for_what_is_written(raw):
    raw.ok({"addSheet": {"properties": {"title": "T", "gridProperties": {"rowCount": 1, "columnCount": 2}}}})
    found = change(raw, "T", [["a", "b", None, None], [None]], "append")
    assert counted(found) == ("T!A1:B1", 1, 2, 2)
    found = change(raw, "T", [[None, "c", None], ["", None, None]], "append")
    assert counted(found) == ("T!A2:B3", 2, 2, 2)
    grid = raw.get(fields="sheets.properties.gridProperties")["sheets"][1]["properties"]["gridProperties"]
    assert grid == {"rowCount": 3, "columnCount": 2}


def test_the_values_in_the_answer_are_those_of_the_range_that_was_asked(raw):
    raw.put("A2:F2", [["o", "o", "o", "o", "old", ""]])
    found = change(raw, "A2:F3", [["1", None, "3", None]], includeValuesInResponse="true")
    assert found["updatedRange"] == "Sheet1!A2:C2"
    assert found["updatedData"] == {
        "range": "Sheet1!A2:F3", "majorDimension": "ROWS", "values": [["1", "o", "3", "o", "old"]],
    }  # fmt: skip
    found = change(raw, "B2", [["7"], ["=B2*2"]], includeValuesInResponse="true")
    assert found["updatedData"] == {
        "range": "Sheet1!B2:B3", "majorDimension": "ROWS", "values": [["7"], ["14"]],
    }  # fmt: skip
    shown = {"includeValuesInResponse": "true", "responseValueRenderOption": "FORMULA"}
    found = change(raw, "B2:B", [["8"], ["=B2*3"]], **shown)
    assert found["updatedData"]["range"] == "Sheet1!B2:B1000"
    assert found["updatedData"]["values"] == [[8], ["=B2*3"]]
    shown = {"includeValuesInResponse": "true", "responseValueRenderOption": "UNFORMATTED_VALUE"}
    found = change(raw, "A9:C9", [[None, "x"]], "append", **shown)
    assert found["updatedData"]["range"] == found["updatedRange"] == "Sheet1!A9:B9"


def batch(raw, data, method="batchUpdate"):
    body = {"valueInputOption": "RAW", "data": data}
    answer = raw.session.post(f"{raw.url}/values:{method}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def totals(found):
    return tuple(found.get(f"totalUpdated{name}", 0) for name in ("Rows", "Columns", "Cells", "Sheets"))


def test_totals_count_each_row_and_column_of_a_tab_once(raw):
    raw.ok({"addSheet": {"properties": {"title": "T"}}})
    data = [
        {"range": "A1:A4", "majorDimension": "COLUMNS", "values": [["a", "b", "c", "d"]]},
        {"range": "B1:D2", "values": [["e", "f", "g"], ["h", None, "i"]]},
    ]
    assert totals(batch(raw, data)) == (4, 4, 9, 1)
    assert totals(batch(raw, [*data, {"range": "B2:B5", "values": [["x"], ["y"]]}])) == (4, 4, 11, 1)
    assert totals(batch(raw, [*data, {"range": "T!A2:A9", "values": [[None], ["x"]]}])) == (5, 5, 10, 2)
    assert totals(batch(raw, [{"range": "A1", "values": [[None]]}])) == (0, 0, 0, 1)


def test_by_data_filter_each_response_has_its_filter_and_no_zeros_in_it(raw):
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 3}
    data = [
        {"dataFilter": {"a1Range": "A2:B2"}, "values": [["x", None]]},
        {"dataFilter": {"gridRange": grid}, "values": [["y", "z"]]},
    ]
    found = batch(raw, data, "batchUpdateByDataFilter")
    shown = {"gridRange": {"endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 3}}
    assert found["responses"] == [
        {"updatedRange": "Sheet1!A2", "updatedRows": 1, "updatedColumns": 1, "updatedCells": 1,
         "dataFilter": {"a1Range": "A2:B2"}},
        {"updatedRange": "Sheet1!B1:C1", "updatedRows": 1, "updatedColumns": 2, "updatedCells": 2,
         "dataFilter": shown},
    ]  # fmt: skip
    assert totals(found) == (2, 3, 3, 1)
    answer = raw.session.post(
        f"{raw.url}/values:batchGetByDataFilter", json={"dataFilters": [{"gridRange": grid}]}
    )
    assert answer.json()["valueRanges"][0]["dataFilters"] == [shown]


@pytest.mark.parametrize(
    ("asked", "values", "message"),
    [
        (
            "A1:B1",
            [["a", "b", "c"]],
            "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]",
        ),
        ("A1:B1", [["a"], ["b"]], "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"),
        ("Z1000", [[1, 2]], "Requested writing within range [Sheet1!Z1000], but tried writing to column [AA]"),
        ("Z1000", [[1], [2]], "Requested writing within range [Sheet1!Z1000], but tried writing to row [1001]"),
        (
            "A999:B1005",
            [[1]] * 5,
            "Range (Sheet1!A999:B1005) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ("A1001", [[1]], "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_data_that_do_not_fit(raw, asked, values, message):
    params = {"valueInputOption": "RAW"}
    answer = raw.session.put(f"{raw.url}/values/{asked}", params=params, json={"values": values})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)
    assert raw.values("A1:Z1000") == []
