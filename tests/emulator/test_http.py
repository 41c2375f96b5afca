"""The HTTP face: tokens, refusals, schema, gzip, faults, statistics and quotas."""

import gzip
import json
import stat
import time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from emulator_client import Raw, arm, session, start

from sheets_crm.emulator import accounts


def post_batch(raw, body):
    return raw.session.post(f"{raw.url}:batchUpdate", json=body)


def test_without_a_valid_token_nothing_is_answered(server, raw):
    for headers in ({"Authorization": "Bearer ya29.forged.0"}, {"Authorization": "Basic x"}):
        answer = requests.get(raw.url, headers=headers, timeout=5)
        assert answer.status_code == 401
        assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    reading, writing = requests.get(raw.url, timeout=5), requests.post(f"{raw.url}:batchUpdate", timeout=5)
    assert (reading.status_code, writing.status_code) == (403, 401)
    assert reading.json()["error"]["message"].startswith("Method doesn't allow unregistered callers")
    assert writing.json()["error"]["message"].startswith("Request is missing required authentication credential.")


@pytest.mark.long
def test_a_jwt_signed_with_another_key_gets_no_token(server, tmp_path, monkeypatch):
    monkeypatch.setattr(accounts, "generate_private_key", generate_private_key)
    other = start(tmp_path)
    try:
        found = session(other)
        found.credentials._token_uri = f"{server.url}/token"
        with pytest.raises(Exception, match="Invalid JWT Signature"):
            found.get(f"{server.url}/v4/spreadsheets/x")
    finally:
        other.stop()


@pytest.mark.long
def test_tokens_expire(tmp_path):
    now = [time.time()]
    server = start(tmp_path, clock=lambda: now[0])
    try:
        found = session(server)
        assert found.get(f"{server.url}/drive/v3/files").status_code == 200
        headers = {"Authorization": f"Bearer {found.credentials.token}"}
        now[0] += 3601
        assert requests.get(f"{server.url}/drive/v3/files", headers=headers, timeout=5).status_code == 401
    finally:
        server.stop()


def test_account_files_are_private_and_name_the_server(server):
    for name in ("service", "operator", "owner"):
        path = server.directory / f"{name}_account.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["token_uri"] == f"{server.url}/token"


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_foreign_hosts_and_origins_are_refused(server, headers):
    for path in ("/v4/spreadsheets/x", "/_emulator/stats", "/token"):
        assert requests.get(server.url + path, headers=headers, timeout=5).status_code == 403
    assert (
        requests.get(f"{server.url}/_emulator/stats", headers={"Origin": server.url}, timeout=5).status_code == 200
    )


def test_unknown_names_in_googles_words(raw):
    answer = post_batch(raw, {"requests": [{"frobnicate": {}}]})
    text = "Invalid JSON payload received. Unknown name \"frobnicate\" at 'requests[0]': Cannot find field."
    assert answer.status_code == 400
    assert answer.json() == {"error": {
        "code": 400, "message": text, "status": "INVALID_ARGUMENT",
        "details": [{"@type": "type.googleapis.com/google.rpc.BadRequest",
                     "fieldViolations": [{"field": "requests[0]", "description": text}]}],
    }}  # fmt: skip


V4 = "type.googleapis.com/google.apps.sheets.v4"
WRONG = {
    "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"abc\"": {
        "deleteSheet": {"sheetId": "abc"}
    },
    "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), 2147483648": {
        "deleteSheet": {"sheetId": 2**31}
    },
    f"Invalid value at 'requests[0].append_dimension.dimension' ({V4}.Dimension), \"DIAGONALS\"": {
        "appendDimension": {"dimension": "DIAGONALS"}
    },
    "Invalid JSON payload received. Unknown name \"colour\" at 'requests[0].add_sheet.properties': Cannot find field.": {
        "addSheet": {"properties": {"colour": 1}}
    },
}


@pytest.mark.parametrize(("message", "request_"), WRONG.items(), ids=["text", "large", "word", "name"])
def test_wrong_values_in_googles_words(raw, message, request_):
    assert post_batch(raw, {"requests": [request_]}).json()["error"]["message"] == message


def test_snake_case_and_numbers_as_texts_are_accepted(raw):
    raw.ok({"add_sheet": {"properties": {"sheet_id": "5", "title": "T"}}})
    assert [found["properties"]["sheetId"] for found in raw.get()["sheets"]] == [0, 5]


def test_create_takes_properties_and_tabs(server, raw):
    url = f"{server.url}/v4/spreadsheets"
    sheets = [
        {"properties": {"title": "One", "gridProperties": {"rowCount": 5}}},
        {"properties": {"title": "Two"}},
    ]
    body = {"properties": {"title": "Made", "locale": "es_ES", "timeZone": "Europe/Madrid"}, "sheets": sheets}
    made = raw.session.post(url, json=body).json()
    assert (made["properties"]["title"], made["properties"]["locale"]) == ("Made", "es_ES")
    assert [found["properties"]["title"] for found in made["sheets"]] == ["One", "Two"]


def test_query_parameters_are_checked(raw):
    answer = raw.session.get(raw.url, params={"frob": 1})
    assert 'Unknown name "frob": Cannot bind query parameter.' in answer.json()["error"]["message"]
    answer = raw.session.put(f"{raw.url}/values/A1", json={"values": [["x"]]})
    assert answer.json()["error"]["message"] == "'valueInputOption' is required but not specified"


def test_masks_of_what_is_not_there(raw):
    error = raw.session.get(raw.url, params={"fields": "sheets.sheetProperties"}).json()["error"]
    assert error["message"] == "Request contains an invalid argument."
    assert error["details"][0]["fieldViolations"] == [{
        "field": "sheets.sheetProperties",
        "description": "Error expanding 'fields' parameter. "
        "Cannot find matching fields for path 'sheets.sheetProperties'.",
    }]  # fmt: skip
    ask = {"range": {"sheetId": 0}, "cell": {}, "fields": "userEnteredValue.pivotTable"}
    assert raw.refused({"repeatCell": ask}) == (
        "Invalid requests[0].repeatCell: Invalid field: userEnteredValue.pivotTable"
    )


def test_errors_of_formulas_say_why_only_unformatted(raw):
    raw.put("A1", [["=1/0"]], "USER_ENTERED")
    assert raw.values("A1") == [["#DIV/0!"]]
    assert raw.values("A1", valueRenderOption="UNFORMATTED_VALUE")[0][0].startswith("#DIV/0!")


@pytest.mark.parametrize(
    ("range_", "message"),
    [
        ("Nowhere!A1", "Unable to parse range: Nowhere!A1"),
        ("A100000", "Range (Sheet1!A100000) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_ranges_that_are_none(raw, range_, message):
    answer = raw.session.get(f"{raw.url}/values/{range_}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_writing_outside_the_asked_range(raw):
    params = {"valueInputOption": "RAW"}
    answer = raw.session.put(f"{raw.url}/values/Sheet1!A1:B1", params=params, json={"values": [["a", "b", "c"]]})
    assert answer.json()["error"]["message"] == (
        "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"
    )


def test_a_refused_part_of_values_batch_update_lets_none_through(raw):
    data = [{"range": "A1", "values": [["x"]]}, {"range": "A2", "values": [["y" * 50_001]]}]
    answer = raw.session.post(f"{raw.url}/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
    assert answer.json()["error"]["message"] == (
        "Invalid data[1]: Your input contains more than the maximum of 50000 characters in a single cell."
    )
    assert raw.values("A1:A2") == []


def test_gzip_only_when_asked(raw):
    raw.put("A1:A200", [[f"text {n}"] for n in range(200)])
    url = f"{raw.url}/values/Sheet1"
    packed = raw.session.get(url, headers={"Accept-Encoding": "gzip"})
    plain = raw.session.get(url, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    body = gzip.compress(json.dumps({"values": [["z"]]}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = raw.session.put(f"{raw.url}/values/A1?valueInputOption=RAW", data=body, headers=headers)
    assert answer.status_code == 200
    assert raw.values("A1") == [["z"]]


# -- faults ---------------------------------------------------------------------------------------------------------


def put(raw, text):
    return raw.session.put(f"{raw.url}/values/A1?valueInputOption=RAW", json={"values": [[text]]}, timeout=10)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_status_before_anything_is_applied(server, raw, status):
    arm(server, match="PUT /v4", status=status, times=2, retry_after=7)
    for _ in range(2):
        answer = requests.Session.request(raw.session, "PUT", f"{raw.url}/values/A1?valueInputOption=RAW",
                                          json={"values": [["x"]]}, headers=bearer(raw))  # fmt: skip
        assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert put(raw, "third").status_code == 200
    assert raw.values("A1") == [["third"]]


def bearer(raw):
    raw.get()
    return {"Authorization": f"Bearer {raw.session.credentials.token}"}


@pytest.mark.parametrize("fault", [{"status": 429}, {"mode": "rate_limit"}])
def test_429_looks_like_googles(server, raw, fault):
    arm(server, match="values/A1", **fault)
    error = requests.get(f"{raw.url}/values/A1", headers=bearer(raw), timeout=5).json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"


@pytest.mark.long
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"mode": "after_apply", "status": 503}, 503),
        ({"mode": "drop_response"}, requests.ConnectionError),
        ({"mode": "timeout", "seconds": 0.2}, requests.ConnectionError),
        ({"mode": "truncate"}, ValueError),
        ({"mode": "duplicate_delivery"}, 200),
        ({"mode": "delay", "seconds": 0.2}, 200),
    ],
    ids=lambda value: value.get("mode") if isinstance(value, dict) else "",
)
def test_faults_after_the_request_was_applied(server, raw, fault, outcome):
    headers = bearer(raw)
    arm(server, match=":append", **fault)
    began = time.monotonic()

    def append():
        url = f"{raw.url}/values/A1:append?valueInputOption=RAW"
        return requests.post(url, json={"values": [["x"]]}, headers=headers, timeout=10)

    if isinstance(outcome, int):
        assert append().status_code == outcome
    else:
        with pytest.raises(outcome):
            append().json()
    assert time.monotonic() - began >= fault.get("seconds", 0)
    expected = [["x"]] * (2 if fault["mode"] == "duplicate_delivery" else 1)
    assert raw.values("A1:A9") == expected


def test_html_instead_of_json(server, raw):
    arm(server, match="PUT", mode="html_502")
    headers = bearer(raw)
    answer = requests.put(f"{raw.url}/values/A1?valueInputOption=RAW", json={"values": [["x"]]}, headers=headers,
                          timeout=5)  # fmt: skip
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert raw.values("A1") == []


def test_an_expired_token_is_renewed_by_google_auth(server, raw):
    raw.get()
    old = raw.session.credentials.token
    arm(server, match="GET /v4", mode="expire_token")
    assert raw.get()["spreadsheetId"]
    assert raw.session.credentials.token != old


def test_a_token_of_the_query_expires_too(server, raw):
    raw.get()
    query = {"access_token": raw.session.credentials.token}
    arm(server, match="GET /v4", mode="expire_token")
    assert [requests.get(raw.url, params=query, timeout=5).status_code for _ in range(2)] == [401, 401]


def test_a_fault_may_let_some_requests_pass_first(server, raw):
    arm(server, match="values/A1", status=500, skip=2)
    headers = bearer(raw)
    statuses = [requests.get(f"{raw.url}/values/A1", headers=headers, timeout=5).status_code for _ in range(4)]
    assert statuses == [200, 200, 500, 200]


def test_unknown_faults_are_refused_and_delete_disarms(server, raw):
    assert requests.post(f"{server.url}/_emulator/faults", json={"mode": "x"}, timeout=5).status_code == 400
    arm(server, match="values/A1", status=500, times=100)
    requests.delete(f"{server.url}/_emulator/faults", timeout=5)
    assert raw.values("A1") == []


# -- statistics and quotas ------------------------------------------------------------------------------------------


def test_statistics_count_requests_bytes_and_cells(server, raw):
    def stats():
        return requests.get(f"{server.url}/_emulator/stats", timeout=5).json()

    raw.get()
    before = stats()
    raw.put("A1:B2", [["a", "b"], ["c", "d"]])
    raw.values("A1:B9")
    after = stats()
    name = "GET /v4/spreadsheets/{spreadsheetId}/values/{range}"
    assert after["requests"][name] - before["requests"].get(name, 0) == 1
    assert after["cells_written"] - before["cells_written"] == 4
    assert after["cells_read"] - before["cells_read"] == 4
    assert after["bytes_received"] > before["bytes_received"]
    assert after["bytes_sent"] > before["bytes_sent"]


@pytest.mark.long
def test_quotas_are_per_user_and_minute(tmp_path):
    now = [time.time()]
    server = start(tmp_path, quota=True, clock=lambda: now[0])
    try:
        file_id = session(server).post(f"{server.url}/drive/v3/files", json={"name": "x"}).json()["id"]
        worker, operator = Raw(server, file_id), Raw(server, file_id, "operator")
        worker.get()
        headers = {"Authorization": f"Bearer {worker.session.credentials.token}"}
        statuses = [requests.get(worker.url, headers=headers, timeout=5).status_code for _ in range(60)]
        assert statuses == [200] * 59 + [429]
        operator.get()
        assert put(worker, "writes have their own").status_code == 200
        now[0] += 61
        assert requests.get(worker.url, headers=headers, timeout=5).status_code == 200
    finally:
        server.stop()
