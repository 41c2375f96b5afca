"""The gateway over HTTP against the emulator: gspread's own client, real tokens, faults on the way."""

import json
import threading

import pytest
import requests
from fake_google import Time

from sheets_crm.emulator.server import Server
from sheets_crm.errors import AccessError, Conflict, SheetError, UnknownOutcome
from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet, delete_spreadsheet
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.google.limiter import Limiter
from sheets_crm.google.retry import Retrier
from sheets_crm.google.traffic import Traffic
from sheets_crm.workbook.info import GUARD_BASE, MARK_KEY, mark_value


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    directory = tmp_path_factory.mktemp("emulator")
    with Server(directory) as running:
        yield running, directory


class Place:
    """The emulator, with an account, and as many gateways as wanted."""

    def __init__(self, server) -> None:
        running, self.directory = server
        self.url = running.url
        self.account = load_service_account(self.directory / "service_account.json")
        self.clients = []
        self.id = create_spreadsheet(self.client(creating=True), "W", locale="es_ES", time_zone="Europe/Madrid")

    def client(self, *, creating: bool = False):
        time = Time()
        wire = Wire(
            reads=Limiter(clock=time, sleep=time.sleep),
            writes=Limiter(clock=time, sleep=time.sleep),
            retrier=Retrier(clock=time, sleep=time.sleep),
            traffic=Traffic(),
        )
        self.clients.append(connect(self.account, endpoint=self.url, creating=creating, wire=wire))
        return self.clients[-1]

    def gateway(self) -> SheetsGateway:
        return SheetsGateway(self.client(), self.id, email=self.account.email)

    def fault(self, **fault) -> None:
        requests.post(self.url + "/_emulator/faults", json=fault, timeout=10).raise_for_status()

    def close(self) -> None:
        requests.delete(self.url + "/_emulator/faults", timeout=10)
        for client in self.clients:
            client.http_client.session.close()


@pytest.fixture
def place(server):
    made = Place(server)
    yield made
    made.close()


def cells(row: int, *values, sheet: int = 0) -> dict:
    def value(v):
        kind = "boolValue" if isinstance(v, bool) else "stringValue" if isinstance(v, str) else "numberValue"
        return {"userEnteredValue": {kind: v}} if v != "" else {}

    return {
        "updateCells": {
            "start": {"sheetId": sheet, "rowIndex": row, "columnIndex": 0},
            "rows": [{"values": [value(v) for v in values]}],
            "fields": "userEnteredValue",
        }
    }


def title(place: Place) -> str:
    return place.gateway().info().tabs[0].title


def test_a_workbook_is_created_looked_at_and_deleted(place: Place):
    info = place.gateway().info()
    assert (info.spreadsheet_id, info.title, info.locale, info.time_zone) == (
        place.id,
        "W",
        "es_ES",
        "Europe/Madrid",
    )
    assert info.sequence == 0
    assert info.tabs[0].rows > 0
    delete_spreadsheet(place.clients[0], place.id)
    with pytest.raises(AccessError, match="404"):
        place.gateway().info()


def test_cells_are_written_and_read_as_they_are(place: Place):
    gateway = place.gateway()
    tab = title(place)
    texts = ["007", "+34600123456", "1-2", "=1+1", "5.10", "12345678901234567", "TRUE", "'x", " a "]
    applied = gateway.apply(
        [cells(0, *texts, 1.5, 3, True, "", "end")], sequence=0, token="t", read_back=[f"'{tab}'!A1:Z1"]
    )
    expected = [[*texts, 1.5, 3, True, "", "end"]]
    assert applied.read_back == (expected,)
    assert gateway.values([f"'{tab}'!A1:Z1"]) == [expected]
    assert applied.replies == ({},)
    assert applied.sequence == 1


def test_ranges_that_begin_in_the_same_cell_are_all_read_back(place: Place):
    gateway, tab = place.gateway(), title(place)
    ranges = [f"'{tab}'!{block}" for block in ("A1:A2", "A1", "A1:C1", "A1:A2")]
    applied = gateway.apply([cells(0, "x", "y", "z"), cells(1, "w")], sequence=0, token="t", read_back=ranges)
    whole = [["x", "y", "z"], ["w"]]
    assert applied.read_back == (whole, whole, whole, whole)


def test_read_back_sees_what_the_same_write_calculated_and_only_that(place: Place):
    gateway = place.gateway()
    tab = title(place)
    formula = cells(1, "")
    formula["updateCells"]["rows"] = [{"values": [{"userEnteredValue": {"formulaValue": "=SUM(A1:B1;1)"}}]}]
    ranges = [f"'{tab}'!A2:A2", tab + "!B1:C1", f"'{tab}'!D5:E9"]
    applied = gateway.apply([cells(0, 2, 40), formula], sequence=0, token="t", read_back=ranges)
    assert applied.read_back == ([[43]], [[40]], [])
    before = gateway.requests_made()["bytes_received"]
    gateway.apply([], sequence=1, token="t", read_back=ranges)
    assert gateway.requests_made()["bytes_received"] - before < 600


def test_the_mark_of_a_tab_is_its_own(place: Place):
    gateway = place.gateway()
    mark = {
        "metadataKey": MARK_KEY,
        "metadataValue": mark_value("inbox", 0),
        "location": {"sheetId": 0},
        "visibility": "DOCUMENT",
    }
    made = gateway.apply([{"createDeveloperMetadata": {"developerMetadata": mark}}], sequence=0, token="t")
    assert made.replies[0]["createDeveloperMetadata"]["developerMetadata"]["metadataValue"] == "inbox@0"
    gateway.apply(
        [{"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9, "newSheetName": "Copy"}}], sequence=1, token="t"
    )
    marks = {tab.sheet_id: tab.mark for tab in gateway.info().tabs}
    assert marks == {0: "inbox", 9: None}


def test_two_writers_on_one_state_the_second_conflicts(place: Place):
    first, second = place.gateway(), place.gateway()
    assert first.info().sequence == second.info().sequence == 0
    first.apply([cells(0, "first")], sequence=0, token="a")
    with pytest.raises(Conflict):
        second.apply([cells(0, "second")], sequence=0, token="b")
    assert second.values([title(place) + "!A1"]) == [[["first"]]]
    assert second.apply([cells(0, "second")], sequence=second.info().sequence, token="b").sequence == 2


def test_writers_that_race_are_put_in_one_order(place: Place):
    won = []

    def race(token: str) -> None:
        gateway = place.gateway()
        for _ in range(6):
            sequence = gateway.info().sequence
            try:
                won.append((gateway.apply([cells(0, token)], sequence=sequence, token=token).sequence, token))
            except Conflict:
                continue

    threads = [threading.Thread(target=race, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stamps = [(stamp.sequence, stamp.token) for stamp in place.gateway().info().stamps]
    assert sorted(won) == stamps
    assert [number for number, _ in stamps] == list(range(1, len(stamps) + 1))


@pytest.mark.parametrize("mode", ["after_apply", "drop_response", "truncate"])
def test_an_answer_lost_after_the_write_is_one_write(place: Place, mode):
    gateway = place.gateway()
    tab = title(place)
    grow = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 7}}
    rows = gateway.info().tabs[0].rows
    place.fault(match=":batchUpdate", mode=mode, times=1)
    applied = gateway.apply([grow, cells(0, "x")], sequence=0, token="t", read_back=[f"{tab}!A1:B2"])
    assert applied.replayed
    assert applied.read_back == ([["x"]],)
    info = gateway.info()
    assert info.tabs[0].rows == rows + 7
    assert info.sequence == 1
    assert gateway.apply([grow], sequence=applied.sequence, token="t").sequence == 2


def test_a_write_that_the_network_delivers_twice_is_one_write(place: Place):
    gateway = place.gateway()
    rows = gateway.info().tabs[0].rows
    place.fault(match=":batchUpdate", mode="duplicate_delivery", times=1)
    grow = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 7}}
    gateway.apply([grow], sequence=0, token="t")
    assert gateway.info().tabs[0].rows == rows + 7


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "times": 3},
        {"status": 500, "times": 2},
        {"status": 503, "times": 2},
        {"mode": "html_502", "times": 2},
        {"mode": "rate_limit", "times": 1},
        {"mode": "expire_token", "times": 1},
        {"mode": "delay", "seconds": 0.05, "times": 1},
    ],
    ids=lambda fault: str(fault.get("mode", fault.get("status"))),
)
def test_passing_failures_are_passed_by_reads_and_writes(place: Place, fault):
    gateway = place.gateway()
    gateway.info()
    place.fault(match="GET", **fault)
    place.fault(match=":batchUpdate", **fault)
    assert gateway.info().sequence == 0
    assert not gateway.apply([cells(0, "x")], sequence=0, token="t").replayed
    assert gateway.info().sequence == 1


def test_no_answer_at_all_is_unknown_and_nothing_is_applied_later(place: Place):
    gateway = place.gateway()
    place.fault(match=":batchUpdate", status=503, times=99)
    with pytest.raises(UnknownOutcome):
        gateway.apply([cells(0, "x")], sequence=0, token="t")
    assert gateway.info().sequence == 0


@pytest.mark.long
def test_a_bad_request_is_refused_whole_with_googles_words(place: Place):
    gateway = place.gateway()
    with pytest.raises(SheetError, match=r"requests\[2\]"):
        gateway.apply([cells(0, "x"), cells(0, "y", sheet=12345)], sequence=0, token="t")
    assert gateway.info().sequence == 0
    assert gateway.values([title(place) + "!A1"]) == [[]]


def test_a_range_of_a_tab_that_is_gone(place: Place):
    with pytest.raises(SheetError) as caught:
        place.gateway().values(["'Gone tab'!A1:B2"])
    assert "Gone tab" in caught.value.where


def test_a_workbook_that_is_not_there(place: Place):
    with pytest.raises(AccessError):
        SheetsGateway(place.client(), "nope").info()


def test_stamps_are_pruned_in_the_workbook(place: Place, monkeypatch):
    monkeypatch.setattr("sheets_crm.google.guard.KEPT", 3)
    gateway = place.gateway()
    gateway.info()
    for sequence in range(8):
        gateway.apply([], sequence=sequence, token="t")
    assert [stamp.sequence for stamp in gateway.info().stamps] == [5, 6, 7, 8]


def test_foreign_metadata_on_the_next_number_is_stepped_over(place: Place):
    gateway = place.gateway()
    foreign = {
        "metadataId": GUARD_BASE + 2,
        "metadataKey": "theirs",
        "metadataValue": json.dumps({"a": 1}),
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    gateway.apply([{"createDeveloperMetadata": {"developerMetadata": foreign}}], sequence=0, token="t")
    assert len(gateway.info().other_metadata) == 1
    assert gateway.apply([], sequence=1, token="t").sequence == 3
    assert gateway.info().sequence == 3
