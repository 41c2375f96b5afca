"""Bodies beside Google's schema: what fills a field, and what is said of the rest."""

import pytest

from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.json_reader import read_json
from sheets_crm.emulator.schema import check_body, check_query

V4 = "type.googleapis.com/google.apps.sheets.v4"
MISNAMED = "Invalid JSON payload received. Unknown name"
SINGLE = "Proto field is not repeating, cannot start list."
TAKEN = "oneof field '{}' is already set. Cannot set '{}'"
MESSAGE = "Cannot bind query parameter. 'data' is a message type. Parameters can only be bound to primitive types."
NO_NUMBER = "Field 'fields', Invalid data type for field mask, value is 5"
ADD, HIDE = {"addSheet": {}}, {"deleteSheet": {"sheetId": 1}}


def refusal(body, method="batchUpdate"):
    """Give (field, description) of everything that is wrong with a body."""
    with pytest.raises(ApiError) as refused:
        check_body(method, body)
    listed = refused.value.details[0]["fieldViolations"]
    assert refused.value.message == "\n".join(one["description"] for one in listed)
    return [(one.get("field"), one["description"]) for one in listed]


@pytest.mark.parametrize(
    "given", [ADD, [ADD], [[ADD]], [[[]], [None, ADD], None]], ids=["one", "list", "nested", "nulls"]
)
def test_a_repeated_message_takes_one_and_lists_of_any_depth(given):
    assert check_body("batchUpdate", {"requests": given}) == {"requests": [ADD]}


def test_every_repeated_field_is_read_alike():
    rows = {"values": {"userEnteredValue": {"numberValue": 1}}}
    update = {"rows": rows, "fields": "*", "start": {"sheetId": 0}}
    checked = check_body("batchUpdate", {"requests": {"updateCells": update}, "responseRanges": "A1"})
    assert checked["responseRanges"] == ["A1"]
    assert checked["requests"][0]["updateCells"]["rows"] == [
        {"values": [{"userEnteredValue": {"numberValue": 1}}]}
    ]
    assert check_body("values.batchClear", {"ranges": [["A1", None], "B1"]}) == {"ranges": ["A1", "B1"]}
    only = {"dataFilters": {"a1Range": "A1"}}
    assert check_body("getByDataFilter", only) == {"dataFilters": [{"a1Range": "A1"}]}


def test_rows_of_values_are_lists_of_their_own():
    taken = {"values": [["a"], None, {"values": ["b", 1]}, {"values": "c"}]}
    assert check_body("values.update", taken) == {"values": [["a"], ["b", 1], ["c"]]}
    row = "type.googleapis.com/google.protobuf.ListValue"
    assert refusal({"values": "X"}, "values.update") == [
        ("data.values", f"Invalid value at 'data.values' ({row}), \"X\"")
    ]
    assert refusal({"values": ["a", None, ["b"], 5]}, "values.update") == [
        ("data.values[0]", f"Invalid value at 'data.values[0]' ({row}), \"a\""),
        ("data.values[2]", f"Invalid value at 'data.values[2]' ({row}), 5"),
    ]
    with pytest.raises(
        ApiError, match=r"Invalid values\[1\]\[0\]: list_value {\n  values {\n    string_value: \"b\""
    ):
        check_body("values.update", {"values": [["a"], [["b"]]]})


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ([[HIDE], {"x": 1}], "requests[0]", f"{MISNAMED} \"x\" at 'requests[0]': Cannot find field."),
        ([HIDE, [{"x": 1}]], "requests[0][0]", f"{MISNAMED} \"x\" at 'requests[0][0]': Cannot find field."),
        ([[{"x": 1}]], "requests[0]", f"{MISNAMED} \"x\" at 'requests[0]': Cannot find field."),
        ({"x": 1}, "requests", f"{MISNAMED} \"x\" at 'requests': Cannot find field."),
        ("x", "requests", f"Invalid value at 'requests' ({V4}.Request), \"x\""),
        ([None, 5], "requests[0]", f"Invalid value at 'requests[0]' ({V4}.Request), 5"),
        (
            {"addSheet": [{}]},
            "requests",
            f"{MISNAMED} \"addSheet\" at 'requests': {SINGLE}",
        ),
        (
            [{"delete_sheet": {"sheet_id": [1]}}],
            "requests[0].delete_sheet",
            f"{MISNAMED} \"sheet_id\" at 'requests[0].delete_sheet': {SINGLE}",
        ),
        (
            [{"deleteSheet": {"sheetId": {}}}],
            "requests[0].delete_sheet",
            "Invalid value at 'requests[0].delete_sheet' (sheet_id), Starting an object on a scalar field",
        ),
        (
            [ADD | HIDE],
            "requests[0]",
            f"Invalid value at 'requests[0]' (oneof), {TAKEN.format('kind', 'deleteSheet')}",
        ),
    ],
)
def test_places_are_named_as_googles_writer_counts(body, field, said):
    assert refusal({"requests": body}) == [(field, said)]


def test_violations_are_told_all_at_once_and_in_order():
    told = refusal({"requests": [{"x": 1, "deleteSheet": {"sheetId": "1.0", "y": {}}}, 7], "z": 1})
    assert [field for field, _ in told] == ["requests[0]", "requests[0].delete_sheet.sheet_id",
                                           "requests[0].delete_sheet", "requests[1]", None]  # fmt: skip


@pytest.mark.parametrize("body", [None, [], [{}], 5, "x"])
def test_a_body_must_be_a_message(body):
    assert refusal(body) == [(None, f'{MISNAMED} "": Root element must be a message.')]


def test_a_body_that_is_a_field_of_the_request():
    assert check_body("values.update", None) == {}
    assert refusal([], "values.update") == [(None, f'{MISNAMED} "data": {SINGLE}')]
    assert refusal(5, "values.append") == [("data", f"Invalid value at 'data' ({V4}.ValueRange), 5")]


def dimension(**fields):
    """Fill fields of an appendDimension and give what they become."""
    return check_body("batchUpdate", {"requests": {"appendDimension": fields}})["requests"][0]["appendDimension"]


@pytest.mark.parametrize("given", [5, 5.0, "5", "+5", "05", "\t5\n"])
def test_whole_numbers(given):
    assert dimension(length=given) == {"length": 5}


@pytest.mark.parametrize(
    ("given", "quoted"),
    [(5.5, "5.5"), ("5.0", '"5.0"'), (" 5", '" 5"'), (True, "true"), (2**31, "2147483648"), (1e20, "1e+20"),
     ('say "5"', '"say "5""'), ("", '""')],
)  # fmt: skip
def test_what_is_no_whole_number(given, quoted):
    where = "requests.append_dimension.length"
    assert refusal({"requests": {"appendDimension": {"length": given}}}) == [
        (where, f"Invalid value at '{where}' (TYPE_INT32), {quoted}")
    ]


@pytest.mark.parametrize("level", [1e308, -1e39, "1e200"])
def test_a_level_of_a_colour_is_a_float_of_32_bits(level):
    body = {"requests": {"addSheet": {"properties": {"tabColor": {"red": level, "green": 3e38}}}}}
    where = "requests.add_sheet.properties.tab_color.red"
    shown = {1e308: "1e+308", -1e39: "-1e+39"}.get(level, f'"{level}"')
    assert refusal(body) == [(where, f"Invalid value at '{where}' (TYPE_FLOAT), {shown}")]


@pytest.mark.parametrize("given", ["ROWS", "rows", "Rows", 1, 1.0, "1"])
def test_words_of_an_enumeration(given):
    assert dimension(dimension=given) == {"dimension": "ROWS"}
    assert dimension(dimension="dimension-unspecified") == {"dimension": "DIMENSION_UNSPECIFIED"}


@pytest.mark.parametrize(("given", "quoted"), [("dimensionUnspecified", '"dimensionUnspecified"'), (True, "true")])
def test_what_is_no_word_of_it(given, quoted):
    where = "requests.append_dimension.dimension"
    assert refusal({"requests": {"appendDimension": {"dimension": given}}}) == [
        (where, f"Invalid value at '{where}' ({V4}.Dimension), {quoted}")
    ]


@pytest.mark.parametrize(
    ("given", "value"),
    [("true", True), ("Yes", True), ("t", True), (1, True), (1.0, True), ("NO", False), ("0", False), (0, False)],
)
def test_booleans(given, value):
    assert check_body("batchUpdate", {"includeSpreadsheetInResponse": given}) == {
        "includeSpreadsheetInResponse": value
    }


@pytest.mark.parametrize(("given", "quoted"), [(2, "2"), ("on", '"on"'), ("", '""')])
def test_what_is_no_boolean(given, quoted):
    assert refusal({"includeSpreadsheetInResponse": given}) == [
        ("include_spreadsheet_in_response",
         f"Invalid value at 'include_spreadsheet_in_response' (TYPE_BOOL), {quoted}")
    ]  # fmt: skip


def filters(**fields):
    """Fill a data filter and give it back."""
    return check_body("getByDataFilter", {"dataFilters": fields})["dataFilters"][0]


def test_an_index_of_a_range_lies_in_a_wrapper():
    assert filters(gridRange={"start_row_index": {"value": "3"}, "endRowIndex": {}}) == {
        "gridRange": {"startRowIndex": 3, "endRowIndex": 0}
    }
    where = "data_filters.grid_range.start_row_index.value"
    assert refusal({"dataFilters": {"gridRange": {"startRowIndex": "abc"}}}, "getByDataFilter") == [
        (where, f"Invalid value at '{where}' (TYPE_INT32), \"abc\"")
    ]


def test_fields_that_exclude_each_other():
    assert filters(a1Range=None, gridRange={"sheetId": 1}) == {"gridRange": {"sheetId": 1}}
    assert refusal({"dataFilters": [{"a1Range": "A1", "grid_range": {}}]}, "getByDataFilter") == [
        ("data_filters[0]", f"Invalid value at 'data_filters[0]' (oneof), {TAKEN.format('filter', 'grid_range')}")
    ]  # fmt: skip


def test_a_field_given_twice_is_joined_as_protocol_buffers_are():
    body = b'{"requests": {"addSheet": {"properties": {"title": "a", "index": 1}, "properties": {"title": "b"}}}}'
    properties = check_body("batchUpdate", read_json(body))["requests"][0]["addSheet"]["properties"]
    assert properties == {"title": "b", "index": 1}
    ranges = read_json(b'{"ranges": ["A1"], "ranges": "B1"}')
    assert check_body("values.batchClear", ranges) == {"ranges": ["A1", "B1"]}
    assert refusal(read_json(b'{"requests": [{"addSheet": {}, "addSheet": {}}]}')) == [
        ("requests[0]", f"Invalid value at 'requests[0]' (oneof), {TAKEN.format('kind', 'addSheet')}")
    ]  # fmt: skip


def test_names_have_two_spellings_and_no_third():
    assert dimension(sheet_id=1) == dimension(sheetId=1) == {"sheetId": 1}
    for name in ("sheet_Id", "SheetId", "sheetid"):
        said = f"{MISNAMED} \"{name}\" at 'requests.append_dimension': Cannot find field."
        assert refusal({"requests": {"appendDimension": {name: 1}}}) == [("requests.append_dimension", said)]


def test_a_mask_may_be_the_message_that_it_is_but_no_number():
    cell = {"cell": {}, "range": {}, "fields": {"paths": ["note", "user_entered_value"]}}
    checked = check_body("batchUpdate", {"requests": {"repeatCell": cell}})
    assert checked["requests"][0]["repeatCell"]["fields"] == "note,user_entered_value"
    where = "requests.repeat_cell.fields"
    assert refusal({"requests": {"repeatCell": cell | {"fields": 5}}}) == [
        (where, f"Invalid value at '{where}' (type.googleapis.com/google.protobuf.FieldMask), {NO_NUMBER}")
    ]  # fmt: skip


def repeated(fields):
    return {"requests": {"repeatCell": {"cell": {}, "range": {}, "fields": fields}}}


@pytest.mark.parametrize(
    ("paths", "mask"),
    [("note", "note"), ("note,user_entered_value", "note,user_entered_value"), (None, ""), ([], ""),
     (["note", None, [["user_entered_format"]]], "note,user_entered_format")],
    ids=str,
)  # fmt: skip
def test_the_paths_of_a_mask_are_read_as_every_list(paths, mask):
    checked = check_body("batchUpdate", repeated({"paths": paths}))["requests"][0]["repeatCell"]
    assert checked["fields"] == mask
    body = b'{"requests": {"repeatCell": {"fields": {"paths": "note", "paths": ["cell"]}}}}'
    assert check_body("batchUpdate", read_json(body))["requests"][0]["repeatCell"]["fields"] == "note,cell"


@pytest.mark.parametrize(
    ("paths", "place", "shown"), [(5, "", "5"), (["note", 5], "[1]", "5"), (True, "", "true")]
)
def test_a_path_of_a_mask_is_a_text(paths, place, shown):
    where = f"requests.repeat_cell.fields.paths{place}"
    assert refusal(repeated({"paths": paths})) == [(where, f"Invalid value at '{where}' (TYPE_STRING), {shown}")]
    assert "Starting an object on a scalar field" in refusal(repeated({"paths": {"a": 1}}))[0][1]


def test_the_keys_of_a_map_are_numbers_of_columns():
    criteria = {"0": {"hiddenValues": "x"}, "1": None}
    body = {"requests": {"setBasicFilter": {"filter": {"criteria": criteria}}}}
    checked = check_body("batchUpdate", body)["requests"][0]["setBasicFilter"]["filter"]["criteria"]
    assert checked == {"0": {"hiddenValues": ["x"]}}
    criteria["A"] = {}
    where = "requests.set_basic_filter.filter.criteria[2].key"
    assert refusal(body) == [(where, f"Invalid value at '{where}' (TYPE_INT32), \"A\"")]


# -- queries --------------------------------------------------------------------------------------------------------


def test_the_query_is_read_as_the_body_is():
    asked = {"major_dimension": ["columns"], "valueRenderOption": ["FORMULA", "unformatted-value"]}
    assert check_query("values.get", asked) == (
        {"majorDimension": "COLUMNS", "valueRenderOption": "UNFORMATTED_VALUE"},
        {},
    )
    assert check_query("get", {"includeGridData": ["T"], "ranges": ["A1", "B1"]}) == (
        {"includeGridData": True, "ranges": ["A1", "B1"]},
        {},
    )


def test_the_query_fills_plain_fields_of_a_body_too():
    assert check_query("values.batchUpdate", {"valueInputOption": ["RAW"]}) == ({}, {"valueInputOption": "RAW"})
    assert check_query("batchUpdate", {"responseRanges": ["A1"]}) == ({}, {"responseRanges": ["A1"]})


@pytest.mark.parametrize(
    ("method", "query", "said"),
    [
        ("values.batchUpdate", {"data": ["[]"]},
         f'{MISNAMED} "data": {MESSAGE}'),
        ("values.update", {"data": ["x"]},
         f'{MISNAMED} "data": {MESSAGE}'),
        ("get", {"frob": ["x"]},
         f"{MISNAMED} \"frob\": Cannot bind query parameter. Field 'frob' could not be found in request message."),
        ("get", {"includeGridData": ["", "true"]}, "Invalid value at 'include_grid_data' (TYPE_BOOL), \"\""),
        ("values.get", {"majorDimension": ["NOPE", "ROWS"]},
         f"Invalid value at 'major_dimension' ({V4}.Dimension), \"NOPE\""),
    ],
)  # fmt: skip
def test_what_a_query_cannot_say(method, query, said):
    with pytest.raises(ApiError) as refused:
        check_query(method, query)
    assert refused.value.message == said
