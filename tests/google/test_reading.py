"""Polls and reads: one request each, Google's omissions filled in, failures turned into what to do."""

import pytest
from fake_google import FakeGoogle, Fault, Time, error
from requests.adapters import HTTPAdapter

from sheets_crm.errors import AccessError, CredentialsError, Retryable, SheetError
from sheets_crm.google import failures, responses
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet, delete_spreadsheet
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.workbook.info import MARK_KEY, ProtectionInfo, mark_name, mark_value

FIRST_TAB = {
    "properties": {"sheetId": 0, "title": "Uno", "index": 1, "gridProperties": {"rowCount": 9, "columnCount": 4}}
}
MASTER = {
    "properties": {
        "sheetId": 77,
        "title": "Master",
        "index": 0,
        "hidden": True,
        "gridProperties": {"rowCount": 100, "columnCount": 85, "frozenRowCount": 1, "frozenColumnCount": 2},
    },
    "developerMetadata": [
        {"metadataId": 5, "metadataKey": "else", "metadataValue": "master@77"},
        {"metadataId": 6, "metadataKey": MARK_KEY, "metadataValue": "master@12"},
        {"metadataId": 7, "metadataKey": MARK_KEY, "metadataValue": "master@77"},
    ],
    "protectedRanges": [
        {
            "protectedRangeId": 3,
            "range": {"sheetId": 77},
            "unprotectedRanges": [{"sheetId": 77, "startRowIndex": 1}],
            "description": "worker",
            "requestingUserCanEdit": True,
            "editors": {"users": ["a@b"]},
        }
    ],
    "conditionalFormats": [{"ranges": [{}]}, {"ranges": [{}]}],
    "filterViews": [{"filterViewId": 8, "title": "v"}],
    "bandedRanges": [{"bandedRangeId": 9}],
    "charts": [{"chartId": 10, "spec": {"title": "Embudo"}}, {"chartId": 11}],
    "basicFilter": {"range": {}},
}


def test_info_is_one_request_with_a_field_mask(gateway, google: FakeGoogle):
    google.sheets = [FIRST_TAB, MASTER]
    info = gateway.info()
    assert google.log == ["GET /v4/spreadsheets/S"]
    assert google.queries[0]["fields"] == [responses.INFO_FIELDS]
    assert (info.title, info.locale, info.time_zone, info.sequence) == ("W", "es_ES", "Europe/Madrid", 0)
    assert info.cells == 9 * 4 + 8500


def test_info_reads_a_tab(gateway, google: FakeGoogle):
    google.sheets = [FIRST_TAB, MASTER]
    master, first = gateway.info().tabs
    assert (first.sheet_id, first.mark, first.hidden, first.frozen_rows) == (0, None, False, 0)
    assert (master.mark, master.mark_id, master.stale_marks) == ("master", 7, (6,))
    assert (master.rows, master.columns, master.frozen_rows, master.frozen_columns) == (100, 85, 1, 2)
    assert master.protected == (
        ProtectionInfo(
            3, {"sheetId": 77}, ({"sheetId": 77, "startRowIndex": 1},), "worker", ("a@b",), False, True
        ),
    )
    assert (master.conditional_formats, master.banded, master.basic_filter) == (2, (9,), True)
    assert master.filter_views == ((8, "v"),)
    assert master.charts == ((10, "Embudo"), (11, ""))


def test_a_duplicated_tab_is_not_taken_for_the_original():
    assert mark_name(mark_value("input@x", 7), 7) == "input@x"
    assert mark_name(mark_value("master", 7), 8) is None
    assert mark_name("rubbish", 8) is None


@pytest.mark.parametrize(
    ("method", "option"),
    [("values", "UNFORMATTED_VALUE"), ("displayed", "FORMATTED_VALUE"), ("formulas", "FORMULA")],
)
def test_ranges_are_read_in_one_request(gateway, google: FakeGoogle, method, option):
    google.values = {"'A b'!A1:B": [["x"], [], [1, True]], "C": []}
    assert getattr(gateway, method)(["'A b'!A1:B", "C"]) == [[["x"], [], [1, True]], []]
    assert google.log == ["GET /v4/spreadsheets/S/values:batchGet"]
    assert google.queries[0]["valueRenderOption"] == [option]
    assert (
        not {"dateTimeRenderOption", "majorDimension"} & google.queries[0].keys()
    )  # dates as serial numbers, by rows


def test_no_ranges_no_request(gateway, google: FakeGoogle):
    assert gateway.values([]) == []
    assert google.log == []


def test_very_many_ranges_are_read_in_parts(gateway, google: FakeGoogle):
    ranges = [f"'Master'!A{n}:CH{n}" for n in range(2, 500)]
    google.values = {text: [[n]] for n, text in enumerate(ranges)}
    assert gateway.values(ranges) == [[[n]] for n in range(498)]
    assert 2 <= len(google.log) < 10


def test_a_range_whose_tab_is_gone_is_an_error_of_the_sheet(gateway, google: FakeGoogle):
    with pytest.raises(SheetError, match="'Gone'!A1") as caught:
        gateway.values(["'Gone'!A1"])
    assert caught.value.where == "'Gone'!A1"
    assert "init" in caught.value.remedy


@pytest.mark.parametrize(
    "fault", [Fault("GET", 503, "<html>"), Fault("GET", 429, error(429, "q")), Fault("GET", 200, "[")]
)
def test_reads_are_repeated(gateway, google: FakeGoogle, fault):
    google.faults = [fault]
    assert gateway.info().title == "W"
    assert gateway.requests_made()["retries"] == 1
    assert gateway.requests_made()["reads"] == 2


def test_a_read_that_never_succeeds_ends(gateway, google: FakeGoogle, time: Time):
    google.faults = [Fault("GET", 503, error(503, "The service is currently unavailable.")) for _ in range(99)]
    with pytest.raises(Retryable, match="The service is currently unavailable"):
        gateway.info()
    assert sum(time.slept) < 180
    assert len(google.faults) == 99 - 8


def test_a_workbook_that_is_not_shared_names_the_account(gateway, google: FakeGoogle):
    google.faults = [Fault("GET", 403, error(403, "The caller does not have permission"))]
    with pytest.raises(AccessError, match="not shared") as caught:
        gateway.info()
    assert "robot@p.iam.gserviceaccount.com" in caught.value.remedy
    assert caught.value.status == 403


def test_a_workbook_that_is_not_there(gateway, google: FakeGoogle):
    google.faults = [Fault("GET", 404, error(404, "Requested entity was not found."))]
    with pytest.raises(AccessError, match="Workbook S does not exist") as caught:
        gateway.info()
    assert "spreadsheet_id" in caught.value.remedy


def test_an_api_that_is_switched_off(gateway, google: FakeGoogle):
    body = {
        "error": {
            "code": 403,
            "message": "Sheets API has not been used",
            "details": [{"reason": "SERVICE_DISABLED"}],
        }
    }
    google.faults = [Fault("GET", 403, body)]
    with pytest.raises(AccessError, match="not enabled") as caught:
        gateway.info()
    assert "Enable" in caught.value.remedy


def test_an_expired_token_is_renewed_and_the_call_made_again(gateway, google: FakeGoogle):
    google.faults = [Fault("GET", 401, error(401, "invalid credentials"))]
    assert gateway.info().title == "W"
    assert google.tokens == 2


def test_a_token_that_is_never_accepted_is_a_matter_of_the_account(gateway, google: FakeGoogle):
    google.faults = [Fault("GET", 401, error(401, "invalid credentials")) for _ in range(9)]
    with pytest.raises(CredentialsError, match="does not accept"):
        gateway.info()


def test_an_account_that_google_refuses_is_not_tried_again(gateway, google: FakeGoogle):
    google.faults = [Fault("token", 400, {"error": "invalid_grant", "error_description": "Invalid JWT"})]
    with pytest.raises(CredentialsError) as caught:
        gateway.info()
    assert "PRIVATE" not in str(caught.value)
    assert google.tokens == 0
    assert google.faults == []


@pytest.fixture
def elsewhere(monkeypatch):
    """This machine as another one, which may refuse connections for a while (`test_nothing_listens.py`)."""
    monkeypatch.setattr(failures, "is_loopback", lambda _url: False)


@pytest.mark.usefixtures("elsewhere")
def test_a_token_server_out_of_reach_is_passing(google: FakeGoogle, account_file, wire):
    text = account_file.read_text().replace(google.url, "http://127.0.0.1:9")
    account_file.write_text(text)
    client = connect(load_service_account(account_file), endpoint=google.url, wire=wire)
    with pytest.raises(Retryable, match="token server"):
        SheetsGateway(client, "S").info()
    client.http_client.session.close()


@pytest.mark.usefixtures("elsewhere")
def test_a_server_out_of_reach_is_passing_and_a_write_known_not_to_be_applied(
    google: FakeGoogle, account_file, wire
):
    client = connect(load_service_account(account_file), endpoint="http://127.0.0.1:9", wire=wire)
    gateway = SheetsGateway(client, "S")
    with pytest.raises(Retryable, match="connection failed"):
        gateway.info()
    with pytest.raises(Retryable) as caught:
        gateway.apply([], sequence=0, token="t")
    assert type(caught.value) is Retryable
    client.http_client.session.close()


def test_bytes_are_counted_as_on_the_wire(gateway, google: FakeGoogle):
    google.values = {"A": [["x" * 10_000]]}
    gateway.values(["A"])
    made = gateway.requests_made()
    assert 20 < made["bytes_received"] < 1_000
    assert made["bytes_sent"] == 0
    gateway.apply([], sequence=0, token="t")
    assert gateway.requests_made()["bytes_sent"] == len(google.bodies[0])
    assert gateway.requests_made()["writes"] == 1


def test_proxies_of_the_environment_are_not_used_on_this_machine(google: FakeGoogle, account_file, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = connect(load_service_account(account_file), endpoint=google.url)
    assert SheetsGateway(client, "S").info().title == "W"
    client.http_client.session.close()


def test_gspread_itself_speaks_through_the_same_client(google: FakeGoogle, account_file, wire):
    google.sheets = [FIRST_TAB]
    client = connect(load_service_account(account_file), endpoint=google.url, wire=wire)
    assert client.open_by_key("S").sheet1.title == "Uno"
    google.faults = [Fault("GET", 503, error(503, "x"))]
    assert client.open_by_key("S").title == "W"
    client.http_client.session.close()


def test_a_plain_write_of_unknown_outcome_is_not_repeated(google: FakeGoogle, account_file, wire):
    client = connect(load_service_account(account_file), endpoint=google.url, wire=wire)
    workbook = client.open_by_key("S")
    google.faults = [
        Fault("batchUpdate", 429, error(429, "q")),
        Fault("batchUpdate", 503, error(503, "x"), after=True),
    ]
    with pytest.raises(Retryable, match="503"):
        workbook.batch_update({"requests": [{"touch": {}}]})
    assert len(google.applied) == 1
    assert len(google.bodies) == 2
    client.http_client.session.close()


def test_creating_is_refused_with_what_to_do(google: FakeGoogle, account_file, wire):
    client = connect(load_service_account(account_file), endpoint=google.url, wire=wire, creating=True)
    google.faults = [Fault("files", 403, error(403, "The caller does not have permission"))]
    with pytest.raises(AccessError, match="not allowed to create workbooks"):
        create_spreadsheet(client, "W", locale="es_ES", time_zone="Europe/Madrid")
    google.faults = [Fault("DELETE", 404, error(404, "File not found"))]
    with pytest.raises(AccessError, match="Workbook S does not exist"):
        delete_spreadsheet(client, "S")
    client.http_client.session.close()


def test_the_default_parts_have_googles_limits():
    wire = default_wire(reads_per_minute=3, writes_per_minute=2)
    assert (wire.traffic.reads, wire.reads.take(), wire.writes.take()) == (0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Master!A1", ("Master", 0, 0)),
        ("'It''s'!AB12:AC", ("It's", 11, 27)),
        ("'Any Tab'", ("Any Tab", 0, 0)),
        ("Tab", ("Tab", 0, 0)),
        ("Tab!C:D", ("Tab", 0, 2)),
        ("Tab!5:9", ("Tab", 4, 0)),
        ("'a!b'!B2", ("a!b", 1, 1)),
    ],
)
def test_the_first_cell_of_a_range(text, expected):
    assert responses.first_cell(text) == expected


@pytest.mark.long
def test_a_worker_can_be_ended_between_two_requests(google: FakeGoogle, account_file):
    class Ended(BaseException):
        pass

    def before() -> None:
        if len(google.log) == 2:
            raise Ended

    client = connect(load_service_account(account_file), endpoint=google.url, wire=default_wire(before=before))
    gateway = SheetsGateway(client, "S")
    google.faults = [Fault("GET", 503, error(503, "x"))]
    gateway.info()
    gateway.info()
    with pytest.raises(Ended):
        gateway.apply([], sequence=0, token="t")
    assert google.bodies == []
    client.http_client.session.close()


def test_every_call_has_time_outs_the_token_too(gateway, google: FakeGoogle, monkeypatch):
    seen = {}
    send = HTTPAdapter.send

    def spy(self, request, **options):
        seen[request.path_url.partition("?")[0]] = options["timeout"]
        return send(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", spy)
    gateway.info()
    assert seen == {"/token": (10.0, 30.0), "/v4/spreadsheets/S": (10.0, 180.0)}
