"""What is on disk is what was published, whatever was done to the grid; and the grid does what a list of lists does."""

import sqlite3

import pytest
from emulator_client import Raw, session, start
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.emulator.accounts import OWNER, SERVICE
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.masks import parse_mask
from sheets_crm.emulator.protection import Guard
from sheets_crm.emulator.requests import run_requests
from sheets_crm.emulator.resources import describe
from sheets_crm.emulator.store import Store

ROWS, COLUMNS = 6, 4
CELLS = "sheets(properties.gridProperties,data.rowData.values(userEnteredValue,userEnteredFormat,note))"

index = st.integers(0, ROWS + 2)
cells = st.sampled_from([None, "", "x", "007", 1, 2.5, True])
operations = st.one_of(
    st.tuples(st.just("write"), index, st.integers(0, COLUMNS - 1), cells),
    st.tuples(st.just("insert"), st.sampled_from(["ROWS", "COLUMNS"]), index, st.integers(1, 3)),
    st.tuples(st.just("delete"), st.sampled_from(["ROWS", "COLUMNS"]), index, st.integers(1, 2)),
    st.tuples(st.just("move"), st.sampled_from(["ROWS", "COLUMNS"]), index, st.integers(1, 2), index),
    st.tuples(st.just("clear"), index, st.integers(1, 3)),
    st.tuples(st.just("bold"), index, st.integers(1, 3)),
    st.tuples(st.just("fail")),
)


class Model:
    """The grid as a list of lists."""

    def __init__(self):
        self.grid = [[None] * COLUMNS for _ in range(ROWS)]

    def lines(self, dimension):
        return self.grid if dimension == "ROWS" else [list(column) for column in zip(*self.grid, strict=True)]

    def set_lines(self, dimension, lines):
        self.grid = lines if dimension == "ROWS" else [list(row) for row in zip(*lines, strict=True)]


def request_for(operation, model):
    """Give the request and change the model; None where Google would refuse."""
    kind, *args = operation
    grid = model.grid
    if kind == "write":
        row, column, value = args
        if row >= len(grid) or column >= len(grid[0]):
            return None
        grid[row][column] = value if value != "" else None
        name = {str: "stringValue", bool: "boolValue"}.get(type(value), "numberValue")
        entered = {} if value is None else {"userEnteredValue": {name: value}}
        start = {"sheetId": 0, "rowIndex": row, "columnIndex": column}
        return {"updateCells": {"start": start, "fields": "userEnteredValue", "rows": [{"values": [entered]}]}}
    if kind in ("clear", "bold"):
        first, length = args
        if first + length > len(grid):
            return None
        area = {"sheetId": 0, "startRowIndex": first, "endRowIndex": first + length}
        if kind == "bold":
            form = {"userEnteredFormat": {"textFormat": {"bold": True}}}
            return {"repeatCell": {"range": area, "cell": form, "fields": "userEnteredFormat.textFormat.bold"}}
        grid[first : first + length] = [[None] * len(grid[0]) for _ in range(length)]
        return {"repeatCell": {"range": area, "cell": {}, "fields": "userEnteredValue"}}
    return structural_request(kind, args, model)


def structural_request(kind, args, model):
    dimension, first, length = args[:3]
    lines = model.lines(dimension)
    span = {"sheetId": 0, "dimension": dimension, "startIndex": first, "endIndex": first + length}
    if kind == "insert":
        if first >= len(lines):
            return None
        lines[first:first] = [[None] * len(lines[0]) for _ in range(length)]
        found = {"insertDimension": {"range": span, "inheritFromBefore": False}}
    elif kind == "delete":
        if first + length > len(lines) or length >= len(lines):
            return None
        del lines[first : first + length]
        found = {"deleteDimension": {"range": span}}
    else:
        to = args[3]
        if first + length > len(lines) or to > len(lines) or first <= to <= first + length:
            return None
        taken = lines[first : first + length]
        rest = lines[:first] + lines[first + length :]
        at = to if to < first else to - length
        lines = rest[:at] + taken + rest[at:]
        found = {"moveDimension": {"source": span, "destinationIndex": to}}
    model.set_lines(dimension, lines)
    return found


def shown(book, evaluator):
    return describe(book, Guard(book, SERVICE, OWNER), evaluator, parse_mask(CELLS))["sheets"][0]


def grid_of(book):
    sheet = book.sheets[0]
    return [
        [sheet.row(row).value(column) if sheet.row(row) else None for column in range(sheet.column_count)]
        for row in range(sheet.row_count)
    ]


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(batches=st.lists(st.lists(operations, max_size=4), max_size=5))
def test_grid_and_disk_agree_with_a_list_of_lists(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("store") / "db.sqlite3"
    library = Library(Store(path), lambda: 0.0)
    made = library.create("x", SERVICE)
    small = {"gridProperties": {"rowCount": ROWS, "columnCount": COLUMNS}}
    with library.change(made.id, SERVICE) as batch:
        run_requests(batch, [{"updateSheetProperties": {"properties": small, "fields": "gridProperties"}}])
    model = Model()
    for operations_ in batches:
        before = [row.copy() for row in model.grid]
        fails = any(operation[0] == "fail" for operation in operations_)
        requests = [found for op in operations_ if op[0] != "fail" and (found := request_for(op, model))]
        if fails:
            model.grid = before
            with pytest.raises(Exception, match="No sheet with id"), library.change(made.id, SERVICE) as batch:
                run_requests(batch, [*requests, {"deleteSheet": {"sheetId": 9}}])
        elif requests:
            with library.change(made.id, SERVICE) as batch:
                run_requests(batch, requests)
        assert grid_of(library.open(made.id)) == model.grid
    evaluator = Evaluator(library.now)
    published = shown(library.open(made.id), evaluator)
    library.close()
    again = Library(Store(path), lambda: 0.0)
    assert shown(again.open(made.id), evaluator) == published
    again.close()


@pytest.mark.long
def test_a_restart_shows_the_same_spreadsheet(tmp_path):
    first = start(tmp_path)
    made = session(first).post(f"{first.url}/drive/v3/files", json={"name": "kept"}).json()["id"]
    raw = Raw(first, made)
    box = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    raw.put("A1:B2", [["=1+1", "2020-01-01"], [True, "text"]], "USER_ENTERED")
    raw.ok(
        {"addProtectedRange": {"protectedRange": {"range": box}}},
        {"addNamedRange": {"namedRange": {"name": "N", "range": box}}},
        {"updateDimensionProperties": {
            "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
            "properties": {"pixelSize": 55}, "fields": "pixelSize"}},
        {"repeatCell": {"range": box, "cell": {"note": "n"}, "fields": "note"}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataId": 4, "metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 0}}}},
        {"addSheet": {"properties": {"title": "Second", "index": 0}}},
    )  # fmt: skip
    before, token = raw.get(includeGridData="true"), raw.session.credentials.token
    first.stop()
    second = start(tmp_path)
    again = Raw(second, made)
    again.session.credentials.token = token
    assert again.get(includeGridData="true") == before
    assert again.values("Sheet1!A1:B2") == [["2", "2020-01-01"], ["TRUE", "text"]]
    second.stop()


def test_only_what_changed_is_written(tmp_path):
    store = Store(tmp_path / "db.sqlite3")
    library = Library(store, lambda: 0.0)
    made = library.create("x", SERVICE)

    def put(row, text):
        values = [{"userEnteredValue": {"stringValue": text}}]
        start_ = {"sheetId": 0, "rowIndex": row, "columnIndex": 0}
        with library.change(made.id, SERVICE) as batch:
            run_requests(
                batch,
                [{"updateCells": {"start": start_, "fields": "*", "rows": [{"values": values}] * (500 - row)}}],
            )

    put(0, "all")
    reader = sqlite3.connect(tmp_path / "db.sqlite3")
    before = dict(reader.execute("SELECT key, body FROM line"))
    put(499, "one")
    after = dict(reader.execute("SELECT key, body FROM line"))
    reader.close()
    library.close()
    assert len(before) == len(after) == 500
    assert sum(before[key] != after[key] for key in before) == 1
