"""Addresses, methods and the parameters that every method takes, as Google's front end reads them."""

import gzip
import json

import pytest
import requests
from emulator_client import session, start

from sheets_crm.emulator.routes import find_route

ID = "/v4/spreadsheets/F"


@pytest.fixture
def ask(raw):
    """Send a request for the test's spreadsheet: `ask("GET", "/values/A1", …)`."""
    raw.get()
    token = {"Authorization": f"Bearer {raw.session.credentials.token}"}

    def send(method, path, *, headers=None, **options):
        return requests.request(method, raw.url + path, headers=token | (headers or {}), timeout=10, **options)

    return send


def ends(address, method="GET"):
    """Give the method's name that an address means, and the parts of its path."""
    meant = find_route(method, address)
    return meant and (meant[0].name, meant[1])


@pytest.mark.parametrize("path", [ID, f"{ID}/", f"{ID}//"])
def test_slashes_at_the_end_of_a_path_are_dropped(path):
    assert ends(path) == ("get", {"spreadsheetId": "F"})
    assert ends(f"{path}:batchUpdate", "POST") == ("batchUpdate", {"spreadsheetId": "F"})
    assert ends(f"{path.rstrip('/')}/values/A1/:append", "POST") == (
        "values.append", {"spreadsheetId": "F", "range": "A1"}
    )  # fmt: skip
    assert ends("/v4/spreadsheets/", "POST") == ("create", {})


@pytest.mark.parametrize(
    "path", ["/v4/spreadsheets/", "/v4//spreadsheets/F", f"{ID}//values/A1", f"{ID}/values/", f"{ID}/values/a/b"]
)
def test_an_empty_part_within_a_path_and_one_too_many_are_no_method(path):
    assert ends(path) is None


def test_only_a_known_word_after_the_last_colon_is_a_verb():
    assert ends(f"{ID}/values/A1:B2") == ("values.get", {"spreadsheetId": "F", "range": "A1:B2"})
    assert ends(f"{ID}/values/A1%3AB2:append", "POST")[1]["range"] == "A1:B2"
    assert ends(f"{ID}:") == ("get", {"spreadsheetId": "F:"})
    assert ends(f"{ID}:frobnicate") == ("get", {"spreadsheetId": "F:frobnicate"})
    assert ends(f"{ID}:frobnicate", "POST") is None
    assert ends(f"{ID}:batchUpdate") is None
    assert ends(f"{ID}/values/:append", "POST") is None


def test_parts_of_a_path_are_decoded_and_a_plus_is_a_space():
    assert ends(f"{ID}/values/My+tab%2B%21A1")[1]["range"] == "My tab+!A1"
    assert ends(f"{ID}/values/a%2Fb%20c")[1]["range"] == "a/b c"


def test_a_client_that_writes_a_slash_too_many_is_served(raw, ask):
    assert ask("GET", "/?includeGridData=false").json()["spreadsheetId"] in raw.url
    body = {"requests": {"addSheet": {"properties": {"title": "T"}}}}
    assert len(ask("POST", "/:batchUpdate", json=body).json()["replies"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/frob", 404), ("DELETE", "", 404), ("GET", ":batchUpdate", 404), ("PATCH", "/values/A1", 404)],
)
def test_what_no_method_has_is_answered_with_a_page(ask, method, path, status):
    answer = ask(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=UTF-8")
    assert f"<b>{status}.</b>" in answer.text
    assert path.replace(":batchUpdate", "") in answer.text


def test_pages_of_the_front_end_need_no_token_and_escape_what_they_quote(server, raw):
    assert "/v4/nope" not in requests.get(f"{server.url}/v4/nope", timeout=5).text
    assert requests.get(f"{server.url}/v4/nope", timeout=5).status_code == 400
    assert "<i>" not in requests.get(f"{raw.url}/<i>", timeout=5).text
    answer = requests.get(raw.url, data="{}", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=UTF-8")


def test_the_method_may_be_said_in_a_header(raw, ask):
    raw.put("A1:B1", [["a", "b"]])
    form = "ranges=A1&ranges=B1&majorDimension=COLUMNS"
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    answer = ask("POST", "/values:batchGet", data=form, headers=headers).json()
    assert [one["values"] for one in answer["valueRanges"]] == [[["a"]], [["b"]]]
    headers = {"X-HTTP-Method-Override": "PUT"}
    answer = ask("POST", "/values/C1?valueInputOption=RAW", json={"values": [["c"]]}, headers=headers)
    assert answer.json()["updatedRange"] == "Sheet1!C1"


@pytest.mark.long
def test_googles_client_asks_for_many_ranges_by_a_form(raw):
    discovery = pytest.importorskip("googleapiclient.discovery")
    raw.put("A1:A200", [[number] for number in range(200)])
    ranges = [f"Sheet1!A{number}" for number in range(1, 201)]
    options = {"credentials": raw.session.credentials, "client_options": {"api_endpoint": raw.root}}
    with discovery.build("sheets", "v4", **options) as service:
        call = service.spreadsheets().values().batchGet(spreadsheetId=raw.url.rpartition("/")[2], ranges=ranges)
        assert len(call.uri) > 2048  # from here on it sends a POST that says GET
        answered = call.execute()["valueRanges"]
    assert [one["values"] for one in answered] == [[[str(number)]] for number in range(200)]


def test_a_form_is_the_query_whatever_it_holds(ask):
    """As Google answered a client whose JSON went out under curl's own type."""
    body = '{"majorDimension": "ROWS","values": [["x"]]}'
    answer = ask("PUT", "/values/A1", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    (said,) = answer.json()["error"]["details"][0]["fieldViolations"]
    why = f"Cannot bind query parameter. Field '{body}' could not be found in request message."
    assert said == {"description": f'Invalid JSON payload received. Unknown name "{body}": {why}'}


@pytest.mark.parametrize("packed", [False, True])
def test_a_form_is_read_after_it_is_unpacked(raw, ask, packed):
    raw.put("A1:B1", [["x", "y"]])
    form = b"ranges=A1&ranges=B1&prettyPrint=false"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-HTTP-Method-Override": "GET"}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    body = gzip.compress(form) if packed else form
    answer = ask("POST", "/values:batchGet", data=body, headers=headers)
    assert [one["values"] for one in answer.json()["valueRanges"]] == [[["x"]], [["y"]]]


def test_lenient_json_over_the_wire(raw, ask):
    body = "{requests: [{addSheet: {properties: {title: 'it\\'s',}}}, null, [{'add_sheet': {}}]]}"
    assert len(ask("POST", ":batchUpdate", data=body).json()["replies"]) == 2
    assert [tab["properties"]["title"] for tab in raw.get()["sheets"]] == ["Sheet1", "it's", "Sheet3"]
    answer = ask("POST", ":batchUpdate", data="{requests: NaN}").json()["error"]
    assert answer == {
        "code": 400,
        "message": "Invalid JSON payload received. Unexpected token.\nNaN}\n^",
        "status": "INVALID_ARGUMENT",
    }
    assert ask("POST", ":batchUpdate").json()["error"]["message"] == "Must specify at least one request."
    assert ask("POST", "/values/A1:clear").status_code == 200


def test_a_field_of_the_body_in_the_query(raw, ask):
    body = {"data": {"range": "A1", "values": [["7"]]}}
    assert ask("POST", "/values:batchUpdate?valueInputOption=user_entered", json=body).status_code == 200
    assert raw.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[7]]


# -- system parameters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alt", ["json", "JSON", ""])
def test_forms_that_mean_json(ask, alt):
    assert ask("GET", f"/values/A1?alt={alt}&alt=zzz").json() == ask("GET", "/values/A1?$alt=json").json()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("alt=Media", 'Unsupported alt type "media" for non byte stream request.'),
        ("alt=ZZZ", "Invalid value \"ZZZ\" for query parameter 'alt'"),
        ("alt=proto", "alt=proto is not implemented by the emulator."),
        ("$.xgafv=3", "Invalid query parameters. Invalid value '3' for system query parameter : $.xgafv"),
        ("$.xgafv=", "Invalid query parameters. Invalid value '' for system query parameter : $.xgafv"),
    ],
)
def test_system_parameters_are_refused_before_it_is_asked_who_asks(raw, query, message):
    error = requests.get(f"{raw.url}?{query}", timeout=5).json()["error"]
    assert error == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


@pytest.mark.parametrize("name", ["uploadType=media", "$httpMethod=GET"])
def test_what_google_knows_and_the_emulator_does_not_is_refused_by_name(ask, name):
    answer = ask("GET", f"/values/A1?{name}")
    parameter = name.partition("=")[0]
    assert answer.json()["error"]["message"] == f"The parameter {parameter} is not implemented by the emulator."


def test_lines_where_they_are_asked_for_and_in_every_refusal(ask):
    for query in ("", "?prettyPrint=false", "?prettyPrint=FALSE&prettyPrint=true", "?$prettyPrint=0"):
        assert "\n" not in ask("GET", f"/values/A1{query}").text
    pretty = ask("GET", "/values/A1?prettyPrint=true")
    assert pretty.text == json.dumps(pretty.json(), indent=2) + "\n"
    refused = ask("GET", "/values/Nope!A1?prettyPrint=false")
    assert refused.text == json.dumps(refused.json(), indent=2) + "\n"


def test_a_script_is_called_with_answers_and_refusals(ask):
    answer = ask("GET", "/values/A1?callback=a.b[0]&callback=c d")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=UTF-8")
    assert answer.text == f"// API callback\na.b[0]({ask('GET', '/values/A1').text});"
    refused = ask("GET", "/values/Nope!A1?callback=cb")
    assert (refused.status_code, refused.text[:20]) == (200, "// API callback\ncb({")
    assert '"code": 400' in refused.text
    wrong = ask("GET", "/values/A1?callback=a b").text
    assert wrong.startswith("// API callback\na b({")
    assert (
        "Invalid JSONP callback name: 'a b'; only alphabet, number, '_', '$', '.', '[' and ']' are allowed."
        in wrong
    )
    assert ask("POST", "/values/A1:clear?callback=a b").headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/values/Nope!A1", {"domain": "global", "reason": "badRequest"}),
        ("/values/A1?majorDimension=x", {"reason": "invalid"}),
        ("x", {"domain": "global", "reason": "notFound"}),
    ],
)
def test_the_older_form_of_errors_on_request(ask, path, listed):
    mark = "&" if "?" in path else "?"
    plain, older = (
        ask("GET", f"{path}{mark}$.xgafv={form}").json()["error"] for form in ("1&$.xgafv=2", "2&$.xgafv=1")
    )
    assert "errors" not in plain
    assert older == plain | {"errors": [{"message": plain["message"]} | listed]}


def test_wrong_and_missing_tokens_in_the_older_form(raw):
    place = {"domain": "global", "location": "Authorization", "locationType": "header"}
    for method, headers, text, reason in (
        ("GET", {"Authorization": "Bearer x"}, "Invalid Credentials", "authError"),
        ("POST", {}, "Login Required.", "required"),
    ):
        answer = requests.request(method, f"{raw.url}:getByDataFilter" if method == "POST" else raw.url,
                                  params={"$.xgafv": "1"}, headers=headers, timeout=5)  # fmt: skip
        assert answer.status_code == 401
        assert answer.json()["error"]["errors"] == [{"message": text, "reason": reason} | place]


def test_the_first_mask_counts_wherever_it_stands(ask):
    assert ask("GET", "?fields=spreadsheetId&fields=nope").json().keys() == {"spreadsheetId"}
    assert ask("GET", "?$fields=spreadsheetId").json().keys() == {"spreadsheetId"}
    assert ask("GET", "", headers={"X-Goog-FieldMask": "spreadsheetId"}).json().keys() == {"spreadsheetId"}
    error = ask("GET", "?fields=spreadsheetId, properties").json()["error"]
    assert error["details"][0]["fieldViolations"][0]["field"] == " properties"


def test_the_token_may_stand_in_the_query(raw):
    raw.get()
    for name in ("access_token", "oauth_token", "$access_token"):
        answer = requests.get(raw.url, params={name: raw.session.credentials.token}, timeout=5)
        assert answer.json()["spreadsheetId"] in raw.url


# -- API keys -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    server = start(tmp_path_factory.mktemp("keys"), keys=["k-1"])
    yield server
    server.stop()


def test_a_key_reads_what_is_shared_with_anyone_and_nothing_else(keyed):
    file_id = session(keyed).post(f"{keyed.url}/v4/spreadsheets", json={}).json()["spreadsheetId"]
    url, key = f"{keyed.url}/v4/spreadsheets/{file_id}", {"key": "k-1"}
    refused = requests.get(url, params=key, timeout=5)
    assert (refused.status_code, refused.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    permissions = f"{keyed.url}/drive/v3/files/{file_id}/permissions"
    owner = session(keyed)
    owner.post(permissions, json={"type": "user", "role": "reader", "emailAddress": "a@b.c"})
    assert requests.get(url, params=key, timeout=5).status_code == 403
    shared = owner.post(permissions, json={"type": "anyone", "role": "reader"}).json()
    assert requests.get(url, params=key, timeout=5).json()["spreadsheetId"] == file_id
    assert requests.get(f"{url}/values/A1", headers={"X-Goog-Api-Key": "k-1"}, timeout=5).status_code == 200
    written = requests.post(f"{url}/values/A1:clear", params=key, timeout=5)
    assert (written.status_code, written.json()["error"]["details"][0]["reason"]) == (401, "CREDENTIALS_MISSING")
    assert requests.get(f"{keyed.url}/drive/v3/files", params=key, timeout=5).status_code == 403
    owner.delete(f"{permissions}/{shared['id']}")
    assert requests.get(url, params=key, timeout=5).status_code == 403


def test_a_key_that_was_never_given_out(server, raw):
    error = requests.get(raw.url, params={"key": "k-1"}, timeout=5).json()["error"]
    assert (error["code"], error["message"]) == (400, "API key not valid. Please pass a valid API key.")
    assert error["details"][0]["reason"] == "API_KEY_INVALID"
    assert raw.session.get(raw.url, params={"key": "k-1"}).status_code == 200
