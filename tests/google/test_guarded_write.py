"""A guarded write happens at most once, whatever is lost on the way, and the stamps say what became of it."""

import pytest
from fake_google import CUT, RESET, FakeGoogle, Fault, Time, error

from sheets_crm.errors import AccessError, Conflict, Retryable, SheetError, UnknownOutcome
from sheets_crm.google import guard
from sheets_crm.google.gateway import GuardTaken, SheetsGateway
from sheets_crm.workbook.info import GUARD_BASE, GUARD_KEY, Stamp

REQUESTS = [{"touch": {"n": 1}}, {"touch": {"n": 2}}]
HTML = "<html><title>502 Bad Gateway</title></html>"

NOT_APPLIED_THEN_FINE = [
    Fault("batchUpdate", 429, error(429, "Quota exceeded")),
    Fault("batchUpdate", 500, error(500, "Internal error encountered.")),
    Fault("batchUpdate", 503, error(503, "The service is currently unavailable.")),
    Fault("batchUpdate", 502, HTML),
    Fault("batchUpdate", 404, HTML),
    Fault("batchUpdate", 403, error(403, "x", errors=[{"reason": "userRateLimitExceeded"}])),
    Fault("batchUpdate", action=RESET),
    Fault("batchUpdate", 200, HTML),
    Fault("batchUpdate", 200, "[]"),
]

APPLIED_BUT_LOST = [
    Fault("batchUpdate", 500, error(500, "Internal error encountered."), after=True),
    Fault("batchUpdate", 503, error(503, "The service is currently unavailable."), after=True),
    Fault("batchUpdate", 502, HTML, after=True),
    Fault("batchUpdate", action=RESET, after=True),
    Fault("batchUpdate", action=CUT, after=True),
    Fault("batchUpdate", 200, HTML, after=True),
    Fault("batchUpdate", 200, '{"replies": [{}', after=True),
]


def name_of(fault: Fault) -> str:
    return f"{fault.action or fault.status}-{'html' if isinstance(fault.body, str) else 'json'}"


def copies(fault: Fault) -> Fault:
    return Fault(**{name: getattr(fault, name) for name in fault.__dataclass_fields__})


def write(gateway: SheetsGateway, sequence: int = 0, token: str = "mine", **more):
    return gateway.apply(REQUESTS, sequence=sequence, token=token, **more)


def test_the_first_request_takes_the_next_number(gateway, google: FakeGoogle):
    applied = write(gateway, sequence=4)
    assert applied.sequence == 5
    assert applied.replies == ({"echo": {"n": 1}}, {"echo": {"n": 2}})
    assert not applied.replayed
    stamp = google.applied[0]["requests"][0]["createDeveloperMetadata"]["developerMetadata"]
    assert stamp == {
        "metadataId": GUARD_BASE + 5,
        "metadataKey": GUARD_KEY,
        "metadataValue": "5@2023-11-14T22:13:20.000+00:00@mine",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    assert google.applied[0]["requests"][1:] == REQUESTS


def test_info_reads_the_stamp_back(gateway, google):
    write(gateway)
    info = gateway.info()
    assert info.sequence == 1
    assert info.stamps == (Stamp(GUARD_BASE + 1, 1, 1_700_000_000.0, "mine"),)


@pytest.mark.parametrize("fault", NOT_APPLIED_THEN_FINE, ids=name_of)
def test_a_passing_failure_is_repeated_with_the_identical_body(gateway, google: FakeGoogle, fault):
    google.faults = [copies(fault), copies(fault)]
    applied = write(gateway)
    assert applied.replies == ({"echo": {"n": 1}}, {"echo": {"n": 2}})
    assert not applied.replayed
    assert len(google.applied) == 1
    assert len(google.bodies) == 3
    assert len(set(google.bodies)) == 1


@pytest.mark.parametrize("fault", APPLIED_BUT_LOST, ids=name_of)
def test_an_applied_write_whose_answer_was_lost_is_applied_once_and_told(gateway, google: FakeGoogle, fault):
    google.values = {"'T'!A1:B": [["x", 1]]}
    google.faults = [copies(fault)]
    applied = write(gateway, read_back=["'T'!A1:B"])
    assert applied.replayed
    assert applied.sequence == 1
    assert applied.replies == ()
    assert applied.read_back == ([["x", 1]],)
    assert len(google.applied) == 1
    assert len(set(google.bodies)) == 1


def test_a_lost_answer_is_told_though_the_range_to_read_back_is_gone(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), after=True)]
    applied = write(gateway, read_back=["'Gone'!A1"])
    assert applied.replayed
    assert applied.read_back == ()


def test_another_writer_first_is_a_conflict_and_nothing_is_applied(gateway, google: FakeGoogle):
    google.stamp(1, "other")
    with pytest.raises(Conflict, match="Another writer took number 1"):
        write(gateway)
    assert google.applied == []


def test_another_writer_during_a_failure_is_a_conflict(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), also=lambda: google.stamp(1, "other"))]
    with pytest.raises(Conflict):
        write(gateway)
    assert google.applied == []


def test_applied_and_overtaken_before_the_answer_is_still_applied(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), after=True, also=lambda: google.stamp(2, "other"))]
    assert write(gateway).replayed
    with pytest.raises(Conflict):
        write(gateway, sequence=1)


def test_a_later_number_of_another_writer_is_a_conflict_even_when_ours_was_pruned(gateway, google: FakeGoogle):
    google.hidden = {GUARD_BASE + 1}
    google.stamp(300, "other")
    with pytest.raises(Conflict, match="Another writer"):
        write(gateway)


def test_our_own_bad_request_is_told_with_googles_words(gateway, google: FakeGoogle):
    with pytest.raises(SheetError, match=r"Invalid requests\[2\]\.bad: No grid with id: 7") as caught:
        gateway.apply([*REQUESTS[:1], {"bad": {}}], sequence=0, token="mine")
    assert "Nothing" in caught.value.state
    assert google.applied == []
    assert gateway.info().sequence == 0


def test_a_bad_request_after_an_unknown_outcome_is_a_bad_request(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"))]
    with pytest.raises(SheetError, match="No grid"):
        gateway.apply([{"bad": {}}], sequence=0, token="mine")


def test_no_answer_until_the_end_is_an_unknown_outcome(gateway, google: FakeGoogle, time: Time):
    google.faults = [Fault("batchUpdate", 503, error(503, "x")) for _ in range(50)]
    with pytest.raises(UnknownOutcome) as caught:
        write(gateway)
    assert "may or may not" in caught.value.state
    assert len(google.bodies) <= 8
    assert sum(time.slept) < 180


def test_the_next_look_tells_an_unknown_outcome(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), after=True)]
    google.faults += [Fault("batchUpdate", 503, error(503, "x")) for _ in range(50)]
    with pytest.raises(UnknownOutcome):
        write(gateway)
    google.faults = []
    assert [stamp.token for stamp in gateway.info().stamps] == ["mine"]


def test_stamps_that_cannot_be_read_leave_the_outcome_to_a_later_look(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), after=True)]
    google.faults += [Fault("GET /v4/spreadsheets/S", 503, error(503, "x")) for _ in range(50)]
    with pytest.raises(UnknownOutcome, match="stamps") as caught:
        write(gateway)
    assert isinstance(caught.value, Retryable)


def test_quota_alone_is_known_not_to_be_applied(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 429, error(429, "Quota exceeded")) for _ in range(50)]
    with pytest.raises(Retryable) as caught:
        write(gateway)
    assert not isinstance(caught.value, UnknownOutcome)
    assert "Nothing" in caught.value.state


def test_not_an_editor_is_an_access_error_and_not_repeated(gateway, google: FakeGoogle):
    google.faults = [Fault("batchUpdate", 403, error(403, "The caller does not have permission"))]
    with pytest.raises(AccessError) as caught:
        write(gateway)
    assert "robot@p.iam.gserviceaccount.com" in caught.value.remedy
    assert len(google.bodies) == 1


def test_losing_access_after_an_unknown_outcome_says_that_it_may_be_applied(gateway, google: FakeGoogle):
    google.faults = [
        Fault("batchUpdate", 503, error(503, "x"), after=True),
        Fault("batchUpdate", 403, error(403, "The caller does not have permission")),
    ]
    with pytest.raises(AccessError) as caught:
        write(gateway)
    assert "may" in caught.value.state


def test_a_number_taken_by_metadata_of_others_that_we_see_is_skipped(gateway, google: FakeGoogle):
    google.metadata[GUARD_BASE + 1] = {"metadataId": GUARD_BASE + 1, "metadataKey": "x", "metadataValue": "y"}
    assert gateway.info().sequence == 0
    assert write(gateway).sequence == 2
    assert gateway.info().sequence == 2


def test_a_number_taken_by_metadata_that_we_cannot_see_is_skipped_by_the_next_plan(gateway, google: FakeGoogle):
    google.hidden = {GUARD_BASE + 1}
    with pytest.raises(GuardTaken):
        write(gateway)
    assert gateway.info().sequence == 0
    assert write(gateway).sequence == 2


def test_stamps_that_show_a_moment_later_are_waited_for(gateway, google: FakeGoogle):
    bare = {"spreadsheetId": "S"}
    google.faults = [Fault("batchUpdate", 503, error(503, "x"), after=True), Fault("GET", 200, bare)]
    assert write(gateway).replayed
    google.stamp(2, "other")
    google.faults = [Fault("GET", 200, bare)]
    with pytest.raises(Conflict, match="Another writer"):
        write(gateway, sequence=1)


def test_bad_requests_do_not_count_as_refusals_of_the_guard(gateway, google: FakeGoogle):
    for _ in range(6):
        with pytest.raises(SheetError):
            gateway.apply([{"bad": {}}], sequence=0, token="mine")
    google.hidden = {GUARD_BASE + 1}
    with pytest.raises(GuardTaken):
        write(gateway)


def test_a_guard_that_is_refused_again_and_again_is_not_skipped_for_ever(gateway, google: FakeGoogle):
    google.hidden = set(range(GUARD_BASE, GUARD_BASE + 100))
    for _ in range(5):
        with pytest.raises(GuardTaken):
            write(gateway)
    with pytest.raises(SheetError, match="already exists"):
        write(gateway)


def test_old_stamps_are_deleted_a_few_at_a_time(gateway, google: FakeGoogle):
    for n in range(1, 231):
        google.stamp(n, "old")
    gateway.info()
    applied = write(gateway, sequence=230, read_back=())
    assert applied.replies == ({"echo": {"n": 1}}, {"echo": {"n": 2}})
    assert len(google.metadata) == 230 - guard.PRUNED_AT_ONCE + 1
    assert GUARD_BASE + 20 not in google.metadata
    assert GUARD_BASE + 21 in google.metadata
    write(gateway, sequence=231)
    assert len(google.metadata) == 231 - 20 + 1 - 11


def test_stamps_of_an_older_look_are_left_alone(gateway, google: FakeGoogle):
    for n in range(1, 231):
        google.stamp(n, "old")
    gateway.info()
    google.stamp(231, "other")
    write(gateway, sequence=231)
    assert len(google.metadata) == 232


def test_a_number_that_is_none_is_never_sent(gateway, google: FakeGoogle):
    cell = {"updateCells": {"rows": [{"values": [{"userEnteredValue": {"numberValue": float("nan")}}]}]}}
    with pytest.raises(ValueError, match="not a number"):
        gateway.apply([cell], sequence=0, token="t")
    assert google.bodies == []
    text = {"updateCells": {"stringValue": '"numberValue":null'}}
    assert gateway.apply([text], sequence=0, token="t").sequence == 1


def test_read_back_finds_ranges_by_tab_and_first_cell(gateway, google: FakeGoogle):
    def cells(*values):
        return {"values": [{"effectiveValue": value} if value else {} for value in values]}

    google.grid = {
        "sheets": [
            {
                "properties": {"title": "Master"},
                "data": [
                    {"rowData": [cells({"numberValue": 7.0}, {}, {"stringValue": "a"}, {}), {}, {}]},
                    {"startRow": 4, "startColumn": 27, "rowData": [{}, cells({"boolValue": False})]},
                ],
            },
            {
                "properties": {"title": "L'input"},
                "data": [{"startRow": 1, "rowData": [cells({"errorValue": {"type": "N_A"}})]}],
            },
        ]
    }
    applied = write(gateway, read_back=["'L''input'!A2:A", "Master!AB5:AC9", "Master", "Master!Z1:Z2"])
    assert applied.read_back == ([["#N/A"]], [[], [False]], [[7, "", "a"]], [])
    assert google.queries[-1]["fields"] == [
        "replies,updatedSpreadsheet(sheets(properties(title),data(startRow,startColumn,rowData(values(effectiveValue)))))"
    ]
    assert google.applied[0]["responseRanges"][0] == "'L''input'!A2:A"


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([], "refused"),
        ([(1, "other")], "refused"),
        ([(2, "mine")], "applied"),
        ([(2, "mine"), (3, "other")], "applied"),
        ([(2, "other")], "lost"),
        ([(3, "mine")], "lost"),
    ],
)
def test_the_fate_of_number_two(stamps, expected):
    found = [Stamp(GUARD_BASE + n, n, 0.0, token) for n, token in stamps]
    assert guard.fate(found, 2, "mine") == expected


def test_a_stamp_that_was_tampered_with_still_holds_its_number():
    entry = {"metadataId": GUARD_BASE + 9, "metadataKey": GUARD_KEY, "metadataValue": "rubbish"}
    assert guard.parse_stamp(entry) == Stamp(GUARD_BASE + 9, 9, 0.0, "")
