"""A response with a good status and an unexpected shape counts as none: repeated, resolved and reported."""

import json
from itertools import product

import pytest
from fake_google import FakeGoogle, Fault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_crm.errors import AccessError, Conflict, CrmError, Retryable, SheetError, UnknownOutcome
from sheets_crm.google import guard, responses
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.failures import BadAnswer
from sheets_crm.google.files import create_spreadsheet
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.google.raw_client import RawClient
from sheets_crm.google.throwaway import created
from sheets_crm.workbook.info import GUARD_BASE, GUARD_KEY, MARK_KEY, Stamp

TAB = {"properties": {"sheetId": 7, "title": "Uno", "gridProperties": {"rowCount": 9, "columnCount": 4}}}
BOOK = {"spreadsheetId": "S", "properties": {"title": "W"}, "sheets": [TAB]}
ANYWHERE = ["{}", "[]", "null", "5", '"text"', '{"error": {"code": 500, "message": "x"}}', "[" * 5000]

NO_INFO = [
    BOOK | {"properties": []},
    BOOK | {"properties": None},
    BOOK | {"properties": {"title": 5}},
    BOOK | {"sheets": {}},
    BOOK | {"sheets": [None]},
    BOOK | {"sheets": [{}]},
    BOOK | {"sheets": [{"properties": {"sheetId": 7}}]},
    BOOK | {"sheets": [{"properties": {"sheetId": "7", "title": "Uno"}}]},
    BOOK | {"sheets": [{"properties": {"title": "Uno", "gridProperties": []}}]},
    BOOK | {"sheets": [TAB | {"protectedRanges": {}}]},
    BOOK | {"sheets": [TAB | {"charts": [{"spec": 5}]}]},
    BOOK | {"developerMetadata": {}},
    BOOK | {"developerMetadata": ["x"]},
    BOOK | {"namedRanges": [5]},
    *({name: value for name, value in BOOK.items() if name != missing} for missing in BOOK),
]
NO_VALUES = [
    {"valueRanges": []},
    {"valueRanges": [{"values": [["a"]]}]},
    {"valueRanges": [{}, {}, {}]},
    {"valueRanges": {}},
    {"valueRanges": [None, None]},
    {"valueRanges": [{"values": {}}, {}]},
    {"valueRanges": [{"values": ["a"]}, {}]},
    {"valueRanges": [{"values": None}, {}]},
]
NO_TITLES = [{"sheets": [{"properties": {"sheetId": 7}}]}, {"sheets": [{}]}, {"sheets": {}}, {"sheets": [5]}]
CELLS = {"sheets": [{"properties": {"title": "T"}, "data": [{"rowData": [{"values": [{}]}]}]}]}
NOT_APPLIED = [
    {"replies": {}},
    {"replies": None},
    {"replies": []},
    {"replies": [{}]},
    {"replies": [{}, {}, {}]},
    {"replies": [{}, 5]},
    {"replies": [{}, {}]},
    {"replies": [{}, {}], "updatedSpreadsheet": None},
    {"replies": [{}, {}], "updatedSpreadsheet": {}},
    {"replies": [{}, {}], "updatedSpreadsheet": {"sheets": [{"properties": {}}]}},
    {"replies": [{}, {}], "updatedSpreadsheet": {"sheets": [{"properties": {"title": "T"}, "data": 5}]}},
    {"updatedSpreadsheet": CELLS},
]


def texts(*bodies):
    return [*ANYWHERE, *map(json.dumps, (body for group in bodies for body in group))]


def short(value):
    return str(value)[:60]


def write(gateway: SheetsGateway, sequence: int = 0):
    return gateway.apply([{"touch": {}}], sequence=sequence, token="mine", read_back=["T!A1"])


# -- reads


def test_a_look_of_another_shape_is_repeated(gateway, google: FakeGoogle):
    for count, body in enumerate(texts(NO_INFO), 1):
        google.faults = [Fault("GET", 200, body)]
        assert gateway.info().title == "W", body
        assert gateway.requests_made()["retries"] == count, body


def test_values_of_another_shape_are_repeated(gateway, google: FakeGoogle):
    google.values = {"A": [["x"]], "B": []}
    for count, body in enumerate(texts(NO_VALUES), 1):
        google.faults = [Fault("GET", 200, body)]
        assert gateway.values(["A", "B"]) == [[["x"]], []], body
        assert gateway.requests_made()["retries"] == count, body


def test_titles_of_another_shape_are_repeated(gateway, google: FakeGoogle):
    google.sheets = [TAB, {"properties": {"title": "the id 0 may be left out"}}]
    for count, body in enumerate(texts(NO_TITLES), 1):
        google.faults = [Fault("GET", 200, body)]
        assert gateway.titles() == {7: "Uno", 0: "the id 0 may be left out"}, body
        assert gateway.requests_made()["retries"] == count, body


def test_a_tall_tab_is_read_on_after_an_answer_of_another_shape(gateway, google: FakeGoogle):
    google.values = {"'T'!1:2": [["a", "b"]]}
    google.faults = [Fault("GET", 200, {}), Fault("GET", 200, {"valueRanges": [{"values": {}}]})]
    assert gateway.columns("T", 2, lambda _read: None) == [["a", "b"]]


def test_reads_that_never_have_the_shape_are_told_as_passing(gateway, google: FakeGoogle):
    for read in (gateway.info, gateway.titles, lambda: gateway.values(["A"])):
        google.faults = [Fault("GET", 200, {}) for _ in range(50)]
        with pytest.raises(Retryable, match="an unexpected shape") as caught:
            read()
        assert not isinstance(caught.value, UnknownOutcome)
        assert len(google.faults) == 42


def test_the_place_is_named_and_nothing_is_quoted(gateway, google: FakeGoogle):
    odd = BOOK | {"sheets": [TAB, {"properties": {"title": "Uno", "index": "ana@example.com"}}]}
    google.faults = [Fault("GET", 200, odd) for _ in range(50)]
    with pytest.raises(Retryable, match=r"at sheets\[1\]\.properties\.index") as caught:
        gateway.info()
    assert "ana@" not in str(caught.value)


# -- what Google leaves out


def test_what_google_leaves_out_is_no_fault(gateway, google: FakeGoogle):
    google.faults = [
        Fault("GET", 200, {"spreadsheetId": "S", "properties": {}, "sheets": [{"properties": {"title": "Uno"}}]}),
        Fault("GET", 200, {"valueRanges": [{}, {}]}),
        Fault("batchUpdate", 200, {"replies": [{}, {}]}),
        Fault("batchUpdate", 200, {"replies": [{}, {}], "updatedSpreadsheet": {"sheets": [TAB | {"data": [{}]}]}}),
    ]
    assert gateway.info().tabs[0].title == "Uno"
    assert gateway.values(["A", "B"]) == [[], []]
    assert gateway.apply([{"touch": {}}], sequence=0, token="t").replies == ({},)
    assert gateway.apply([{"touch": {}}], sequence=1, token="t", read_back=["Uno!A1"]).read_back == ([],)
    assert gateway.requests_made()["retries"] == 0
    assert google.faults == []


def test_the_stamps_of_a_workbook_without_any_are_told_from_no_answer(gateway, google: FakeGoogle):
    """With a mask of metadata alone Google would answer ``{}``, as others answer who know of nothing."""
    assert "spreadsheetId" in responses.STAMPS_FIELDS
    google.faults = [Fault("batchUpdate", 503, "<html>", after=True), Fault("GET", 200, {}), Fault("GET", 200, [])]
    assert write(gateway).replayed
    assert google.faults == []
    with pytest.raises(SheetError, match="No grid"):
        gateway.apply([{"bad": {}}], sequence=1, token="t")


# -- writes


@pytest.mark.long
def test_a_write_answered_in_another_shape_is_applied_once_and_settled(gateway, google: FakeGoogle):
    google.values = {"T!A1": [["x"]]}
    for count, body in enumerate(texts(NOT_APPLIED)):
        google.faults = [Fault("batchUpdate", 200, body, after=True)]
        applied = write(gateway, count)
        assert applied.replayed, body
        assert applied.read_back == ([["x"]],)
        assert len(google.applied) == len(set(google.bodies)) == count + 1, body


def test_a_write_that_never_came_there_is_sent_again(gateway, google: FakeGoogle):
    google.grid = CELLS
    for count, body in enumerate(texts(NOT_APPLIED)):
        google.faults = [Fault("batchUpdate", 200, body)]
        applied = write(gateway, count)
        assert not applied.replayed, body
        assert applied.replies == ({"echo": {}},)
        assert len(google.applied) == count + 1, body


def test_a_write_that_is_never_answered_in_shape_may_be_applied(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 200, {}) for _ in range(50)]
    with pytest.raises(UnknownOutcome) as caught:
        write(gateway)
    assert "may or may not" in caught.value.state


def test_another_writer_during_an_answer_of_another_shape_is_a_conflict(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 200, {}, also=lambda: google.stamp(1, "other"))]
    with pytest.raises(Conflict):
        write(gateway)
    assert google.applied == []


def test_stamps_of_another_shape_leave_the_outcome_to_a_later_look(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, "<html>", after=True)]
    google.faults += [Fault("GET", 200, {}) for _ in range(50)]
    with pytest.raises(UnknownOutcome, match="stamps"):
        write(gateway)


# -- metadata of others


ODD_IDS = ["12", "x", "²", "9" * 5000, None, [], {}, True, 1.5, -1, 0]


ODD_VALUES = ["5@2026-01-01T00:00:00+00:00@t", "rubbish", 5, None, [], "9" * 5000 + "@@", "²@@"]


@pytest.mark.long
@pytest.mark.parametrize("identity", ODD_IDS, ids=short)
def test_no_metadata_is_too_odd_to_be_looked_at(gateway, google: FakeGoogle, identity):
    for key, value in product((GUARD_KEY, MARK_KEY, "else", 5, None), ODD_VALUES):
        google.metadata = {1: {"metadataId": identity, "metadataKey": key, "metadataValue": value}}
        google.sheets = [TAB | {"developerMetadata": list(google.metadata.values())}]
        info = gateway.info()
        assert len(info.stamps) + len(info.other_metadata) == 1
        assert info.tabs[0].mark is None


def test_a_number_of_a_stamp_stands_in_its_value_or_in_its_id():
    def stamp(identity, value):
        return guard.parse_stamp({"metadataId": identity, "metadataKey": GUARD_KEY, "metadataValue": value})

    assert stamp(str(GUARD_BASE + 9), "9@@t") == Stamp(GUARD_BASE + 9, 9, 0.0, "t")
    assert stamp("x", "9@@t") == Stamp(GUARD_BASE + 9, 9, 0.0, "t")
    assert stamp(GUARD_BASE + 9, "rubbish") == Stamp(GUARD_BASE + 9, 9, 0.0, "")
    assert stamp(GUARD_BASE + 9, "99999999999@@t") == Stamp(GUARD_BASE + 9, 9, 0.0, "t")
    assert stamp(GUARD_BASE + 9, "9@0001-01-01T00:00:00@t").sequence == 9
    assert stamp("x", "rubbish") is None


NAMES = [
    "sheets",
    "properties",
    "title",
    "sheetId",
    "spreadsheetId",
    "valueRanges",
    "values",
    "replies",
    "data",
    "rowData",
    "updatedSpreadsheet",
    "developerMetadata",
    "metadataId",
    "metadataKey",
    "metadataValue",
]
PLAIN = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.long
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["sheets", "properties", "spreadsheetId", "valueRanges", "replies"]), JSON))
def test_a_body_is_read_or_refused_as_a_bad_answer(body):
    for read in (
        responses.workbook_info,
        responses.titles,
        responses.stamps,
        lambda found: responses.value_ranges(found, 1),
        lambda found: (
            responses.check_applied(found, requests=1, read_back=True) or responses.read_back(found, ["T!A1"])
        ),
    ):
        try:
            read(body)
        except BadAnswer:
            continue


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["sheets", "properties", "spreadsheetId", "valueRanges", "replies"]), JSON))
def test_a_body_is_read_or_refused_as_a_bad_answer_at_length(body):
    test_a_body_is_read_or_refused_as_a_bad_answer.hypothesis.inner_test(body)


# -- beside the gateway


@pytest.fixture
def client(google: FakeGoogle, account_file, wire):
    made = connect(load_service_account(account_file), endpoint=google.url, wire=wire, creating=True)
    yield made
    made.http_client.session.close()


def test_a_workbook_whose_id_was_not_told_is_of_unknown_outcome(google: FakeGoogle, client):
    for body in ANYWHERE:
        google.faults = [Fault("POST /drive", 200, body)]
        with pytest.raises(UnknownOutcome) as caught:
            create_spreadsheet(client, "W", locale="es_ES", time_zone="Europe/Madrid")
        assert "may have been created" in caught.value.state


def test_an_account_that_may_own_no_files_is_told_at_once_how_to_give_one(google: FakeGoogle, client):
    """Service accounts have no storage of their own any more, and the refusal looks like one of a used-up quota."""
    message = "The user's Drive storage quota has been exceeded."
    reason = {"domain": "usageLimits", "reason": "storageQuotaExceeded", "message": message}
    body = {"error": {"code": 403, "message": message, "errors": [reason]}}
    google.faults = [Fault("POST /drive", 403, json.dumps(body))]
    with pytest.raises(AccessError) as caught, created(client):
        pytest.fail("it was created")
    assert message in caught.value.message
    assert "--on" in caught.value.remedy
    assert google.faults == []


def test_a_probe_that_is_not_answered_in_json_is_told(google: FakeGoogle, client):
    for body in (text for text in ANYWHERE if not text.startswith("{")):
        google.faults = [Fault("GET", 200, body)]
        with pytest.raises(Retryable, match="JSON"):
            RawClient(client, "S").get("/values/A1", {})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"access_token": 5},
        {"access_token": ""},
        {"access_token": "é"},
        {"access_token": "t", "expires_in": "soon"},
    ]
    + [{"access_token": "t", "expires_in": seconds} for seconds in ([], -1, 1e300, "9" * 30)],
    ids=short,
)
def test_a_token_server_that_gives_no_token_does_not_refuse_the_account(gateway, google: FakeGoogle, body):
    google.faults = [Fault("token", 200, body)]
    assert gateway.info().title == "W"
    google.faults = []


@pytest.mark.parametrize("seconds", [3599, "3599", 3599.0])
def test_a_lifetime_may_be_a_number_or_digits(gateway, google: FakeGoogle, seconds):
    google.faults = [Fault("token", 200, {"access_token": "t", "expires_in": seconds})]
    assert gateway.info().title == "W"
    assert google.tokens == 0


def test_the_servers_time_is_read_or_not_known(gateway, google: FakeGoogle):
    for date, seconds in (
        ("Fri, 20 Nov 2026 10:00:00 GMT", 1795168800),
        ("Fri, 20 Nov 2026 10:00:00 -0000", 1795168800),
        ("Fri, 20 Nov 2026 11:00:00 +0100", 1795168800),
        ("soon", None),
        ("Mon, 10 Nov 1900 10:59:00 +99999999999999999999", None),
    ):
        gateway._http.server_date = date
        assert gateway.server_time() == seconds


@pytest.mark.long
def test_every_failure_is_the_products_own(gateway, google: FakeGoogle):
    for body in texts(NO_INFO, NO_VALUES, NO_TITLES, NOT_APPLIED)[::5]:
        google.faults = [Fault("/v4/", 200, body) for _ in range(99)]
        with pytest.raises(CrmError):
            write(gateway)
