"""Developer metadata: the guard of concurrent writers, and marks that follow what they are on."""

import pytest

SPREADSHEET = {"spreadsheet": True}


def create(number, location=None, key="crm.sync", value=None):
    given = {
        "metadataId": number,
        "metadataKey": key,
        "visibility": "DOCUMENT",
        "location": location or SPREADSHEET,
    }
    return {
        "createDeveloperMetadata": {"developerMetadata": {**given, **({"metadataValue": value} if value else {})}}
    }


def search(raw, **lookup):
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = raw.session.post(f"{raw.url}/developerMetadata:search", json=body).json()
    return [match["developerMetadata"]["metadataId"] for match in found.get("matchedDeveloperMetadata", [])]


def test_an_id_lands_only_once_and_takes_its_batch_along(raw):
    values = [{"userEnteredValue": {"stringValue": "lost"}}]
    write = {"updateCells": {"start": {"sheetId": 0}, "fields": "*", "rows": [{"values": values}]}}
    raw.ok(create(12, value="first"))
    assert raw.refused(create(12, value="second"), write) == (
        "Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [12] "
        "because developer metadata with that ID already exists."
    )
    assert raw.values("A1") == []
    found = raw.get(fields="developerMetadata(metadataId,metadataValue)")
    assert found == {"developerMetadata": [{"metadataId": 12, "metadataValue": "first"}]}


def test_get_search_update_and_delete(raw):
    raw.ok(
        {"addSheet": {"properties": {"sheetId": 5, "title": "T"}}},
        create(1),
        create(2, {"sheetId": 5}, "tab", "5"),
    )
    row = {"dimensionRange": {"sheetId": 5, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}}
    raw.ok(create(3, row, "row"))
    assert raw.session.get(f"{raw.url}/developerMetadata/2").json()["location"] == {
        "locationType": "SHEET", "sheetId": 5,
    }  # fmt: skip
    assert search(raw, metadataKey="tab") == [2]
    assert search(raw, locationType="ROW") == [3]
    assert search(raw, metadataLocation={"sheetId": 5}) == [2, 3]
    assert search(raw, metadataLocation={"sheetId": 5}, locationMatchingStrategy="EXACT_LOCATION") == [2]
    assert search(raw, metadataLocation={"sheetId": 5}, locationMatchingStrategy="INTERSECTING_LOCATION") == [2, 3]
    change = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 2}}],
              "developerMetadata": {"metadataValue": "6"}, "fields": "metadataValue"}  # fmt: skip
    reply = raw.ok({"updateDeveloperMetadata": change})["replies"][0]
    assert reply["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"] == "6"
    gone = raw.ok({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": "row"}}}})
    assert [
        m["metadataId"] for m in gone["replies"][0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    ] == [3]
    assert raw.session.get(f"{raw.url}/developerMetadata/3").status_code == 404


def test_ranges_find_only_what_is_on_their_own_tab(raw):
    raw.ok({"addSheet": {"properties": {"sheetId": 5}}})
    for number, sheet_id in ((1, 0), (2, 5)):
        span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
        raw.ok(create(number, {"dimensionRange": span}))
    body = {"dataFilters": [{"gridRange": {"sheetId": 5, "startRowIndex": 2, "endRowIndex": 6}}]}
    found = raw.session.post(f"{raw.url}/developerMetadata:search", json=body).json()
    assert [match["developerMetadata"]["metadataId"] for match in found["matchedDeveloperMetadata"]] == [2]


def test_it_shows_on_what_it_is_on(raw):
    column = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
    raw.ok(create(1, {"sheetId": 0}), create(2, column))
    found = raw.get(fields="sheets(developerMetadata.metadataId,data.columnMetadata.developerMetadata.metadataId)")
    tab = found["sheets"][0]
    assert tab["developerMetadata"] == [{"metadataId": 1}]
    assert tab["data"][0]["columnMetadata"][:3] == [{}, {"developerMetadata": [{"metadataId": 2}]}, {}]


def test_it_goes_with_its_tab_and_stays_behind_when_the_tab_is_duplicated(raw):
    raw.ok({"addSheet": {"properties": {"sheetId": 5}}}, create(1, {"sheetId": 5}))
    raw.ok({"duplicateSheet": {"sourceSheetId": 5, "newSheetId": 6}})
    assert search(raw, metadataKey="crm.sync") == [1]
    raw.ok({"deleteSheet": {"sheetId": 5}})
    assert search(raw, metadataKey="crm.sync") == []


def test_values_by_data_filter(raw):
    raw.put("A1:B2", [["a", "b"], ["c", "d"]])
    row = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
    raw.ok(create(9, row, "second"))
    lookup = {"developerMetadataLookup": {"metadataKey": "second"}}
    answer = raw.session.post(f"{raw.url}/values:batchGetByDataFilter", json={"dataFilters": [lookup]}).json()
    assert answer["valueRanges"][0]["valueRange"]["values"] == [["c", "d"]]
    assert answer["valueRanges"][0]["dataFilters"] == [lookup]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"metadataKey": None}, "Developer metadata must always have a key specified."),
        ({"visibility": None}, "Developer metadata must always have visibility specified."),
        ({"location": None}, "Developer metadata must always have a location specified."),
        ({"location": {"sheetId": 77}}, "No grid with id: 77"),
    ],
)
def test_what_must_be_there(raw, broken, message):
    ask = create(4)
    ask["createDeveloperMetadata"]["developerMetadata"].update(broken)
    assert raw.refused(ask) == f"Invalid requests[0].createDeveloperMetadata: {message}"
