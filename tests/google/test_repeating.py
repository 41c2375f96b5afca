"""Retries are bounded and jittered, and the limiter keeps within a minute's quota."""

import pytest
import requests
from fake_google import Time
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.errors import Retryable, UnknownOutcome
from sheets_crm.google.failures import BadAnswer, judge
from sheets_crm.google.limiter import Limiter
from sheets_crm.google.retry import GUARDED_WRITE, PLAIN_WRITE, READ, Attempts, Retrier


class Calls:
    """Raises what it is given, in order, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


def retrier(time: Time, jitter: float = 0.0) -> Retrier:
    return Retrier(clock=time, sleep=time.sleep, jitter=lambda: jitter)


def test_waits_double_and_are_jittered(time: Time):
    retrier(time).call(READ, Calls(*[BadAnswer("x")] * 5))
    assert time.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    late = Time()
    retrier(late, 1.0).call(READ, Calls(*[BadAnswer("x")] * 5))
    assert late.slept == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_what_is_waited_for_is_said_before_the_first_wait_is_over(time: Time):
    told: list[str] = []

    def sleep(seconds: float) -> None:
        assert told
        time.sleep(seconds)

    waiting = Retrier(clock=time, sleep=sleep, jitter=lambda: 0.0, waiting=told.append)
    request = requests.Request("GET", "https://sheets.example/v4").prepare()
    waiting.call(READ, Calls(requests.ConnectTimeout(request=request)))
    assert told == ["waiting for sheets.example (no response in time); next attempt in 1 s"]
    assert told[0].localized("es").startswith("esperando a sheets.example (sin respuesta a tiempo)")


def test_a_failure_that_does_not_pass_is_raised_at_once(time: Time):
    calls = Calls(KeyError("x"))
    with pytest.raises(KeyError):
        retrier(time).call(READ, calls)
    assert calls.made == 1


def test_time_is_bounded_when_each_attempt_is_slow(time: Time):
    def slow() -> str:
        time.now += 100
        raise requests.ReadTimeout

    with pytest.raises(UnknownOutcome, match="no response in time"):
        retrier(time).call(GUARDED_WRITE, slow)
    assert time.now - 1_000 < 320


def test_a_hung_write_is_sent_once_more(time: Time):
    calls = Calls(requests.ReadTimeout())

    def hung() -> str:
        time.now += 180
        return calls()

    assert retrier(time).call(GUARDED_WRITE, hung) == "done"


def test_an_unguarded_write_is_not_repeated_when_it_may_be_applied(time: Time):
    calls = Calls(requests.ReadTimeout())
    with pytest.raises(UnknownOutcome):
        retrier(time).call(PLAIN_WRITE, calls)
    assert calls.made == 1


def test_a_connection_that_never_opened_is_repeated_even_unguarded(time: Time):
    calls = Calls(requests.exceptions.ConnectTimeout())
    assert retrier(time).call(PLAIN_WRITE, calls) == "done"
    assert calls.made == 2


def test_what_became_of_the_attempts_can_be_asked(time: Time):
    seen = Attempts()
    with pytest.raises(KeyError):
        retrier(time).call(GUARDED_WRITE, Calls(BadAnswer("x"), KeyError("y")), seen)
    assert seen.unknown
    seen = Attempts()
    retrier(time).call(READ, Calls(BadAnswer("x")), seen)
    assert not seen.unknown


def test_a_read_is_never_of_unknown_outcome(time: Time):
    with pytest.raises(Retryable) as caught:
        retrier(time).call(READ, Calls(*[BadAnswer("x")] * 50))
    assert type(caught.value) is Retryable


def answer(status: int, body: str, **headers: str) -> Exception:
    from gspread.exceptions import APIError  # noqa: PLC0415 - read where it is made

    response = requests.Response()
    response.status_code = status
    response._content = body.encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return APIError(response)


OURS = '{"error": {"code": 1, "message": "m", "status": "S"}}'


@pytest.mark.parametrize(
    ("error", "passing", "unknown"),
    [
        (answer(400, OURS), False, False),
        (answer(403, OURS), False, False),
        (answer(404, OURS), False, False),
        (answer(409, OURS), True, True),
        (answer(429, OURS), True, False),
        (answer(500, OURS), True, True),
        (answer(501, OURS), True, True),
        (answer(400, "<html>"), True, True),
        (answer(429, "<html>"), True, True),
        (answer(400, "[]"), True, True),
        (requests.ReadTimeout(), True, True),
        (requests.ConnectionError("reset"), True, True),
        (requests.exceptions.ChunkedEncodingError(), True, True),
        (requests.exceptions.InvalidURL(), False, False),
        (ValueError(), False, False),
    ],
)
def test_what_a_failure_means(error, passing, unknown):
    verdict = judge(error)
    assert (verdict.passing, verdict.unknown) == (passing, unknown)


def test_the_server_may_say_how_long_to_wait(time: Time):
    retrier(time, 0.5).call(READ, Calls(answer(429, OURS, Retry_After="7")))
    assert time.slept == [7.5]
    when = {"Date": "Fri, 20 Nov 2026 10:00:00 GMT", "Retry_After": "Fri, 20 Nov 2026 10:00:09 GMT"}
    assert judge(answer(503, OURS, **when)).retry_after == 9
    assert judge(answer(503, OURS, Retry_After="soon")).retry_after is None


DATE = "Fri, 20 Nov 2026 10:00:00 GMT"
LATER = "Fri, 20 Nov 2026 10:00:09"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": f"{LATER} -0000", "Date": DATE}, 9),
        ({"Retry_After": f"{LATER} GMT", "Date": DATE.replace("GMT", "-0000")}, 9),
        ({"Retry_After": f"{LATER} +0100", "Date": DATE}, 0),
        ({"Retry_After": f"{LATER} GMT"}, None),
        ({"Retry_After": f"{LATER} GMT", "Date": "yesterday"}, None),
        ({"Retry_After": "Fri, 20 Nov 9999 10:00:09 GMT", "Date": DATE}, 86_400),
        ({"Retry_After": "Mon, 10 Nov 1900 10:59:00 +99999999999999999999", "Date": DATE}, None),
        ({"Retry_After": " 7 "}, 7),
        ({"Retry_After": "0"}, 0),
        ({"Retry_After": "²"}, None),
        ({"Retry_After": "٣"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "1.5"}, None),
        ({"Retry_After": "inf"}, None),
        ({"Retry_After": "9" * 5_000}, 86_400),
        ({"Retry_After": ""}, None),
        ({}, None),
    ],
    ids=str,
)
def test_how_long_to_wait_is_bounded_or_not_said(headers, seconds):
    for status in (429, 503):
        assert judge(answer(status, OURS, **headers)).retry_after == seconds


PIECES = st.sampled_from(
    [
        "Fri,",
        "20",
        "Nov",
        "2026",
        "10:00:00",
        "GMT",
        "-0000",
        "+9999",
        "²",
        "9" * 30,
        "1",
        "0001",
        "-",
        ":",
        ",",
        "EST",
    ]
)
HEADERS = st.text(max_size=20) | st.lists(PIECES, max_size=8).map(" ".join)


@pytest.mark.long
@given(HEADERS, HEADERS)
def test_no_header_is_too_odd_to_be_read(wait, date):
    found = judge(answer(503, OURS, Retry_After=wait, Date=date)).retry_after
    assert found is None or 0 <= found <= 86_400


def test_a_wait_beyond_the_time_allowed_is_not_begun(time: Time):
    with pytest.raises(Retryable):
        retrier(time).call(READ, Calls(*[answer(429, OURS, Retry_After="3600")] * 9))
    assert sum(time.slept) <= 121


def test_the_limiter_waits_until_the_oldest_request_is_a_minute_old(time: Time):
    limiter = Limiter(2, clock=time, sleep=time.sleep)
    assert limiter.take() == 0
    time.now += 10
    assert limiter.take() == 0
    assert limiter.take() == 50
    assert limiter.take() == 10


@pytest.mark.long
@given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5))
def test_no_minute_has_more_requests_than_allowed(pauses, allowed):
    time = Time()
    limiter = Limiter(allowed, clock=time, sleep=time.sleep)
    times = []
    for pause in pauses:
        time.now += pause
        limiter.take()
        times.append(time.now)
    for start in times:
        assert sum(start <= t < start + 59.999 for t in times) <= allowed
