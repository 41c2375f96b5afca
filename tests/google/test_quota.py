"""A used-up quota is waited for and reported as such, whatever status and reason Google puts on it."""

import json

import pytest
from fake_google import FakeGoogle, Fault, Time, error
from test_repeating import answer

from sheets_crm.errors import AccessError, Retryable, UnknownOutcome
from sheets_crm.google.failures import judge, refusal

EXHAUSTED = {
    "error": {"code": 8, "message": "Quota exceeded for 'Write requests'", "status": "RESOURCE_EXHAUSTED"}
}
PASSING = {
    "429": (429, error(429, "Quota exceeded")),
    "quotaExceeded": (
        403,
        error(403, "Quota exceeded", errors=[{"reason": "quotaExceeded", "domain": "usageLimits"}]),
    ),
    "userRateLimitExceeded": (403, error(403, "User Rate Limit", errors=[{"reason": "userRateLimitExceeded"}])),
    "RATE_LIMIT_EXCEEDED": (403, error(403, "Quota exceeded", details=[{"reason": "RATE_LIMIT_EXCEEDED"}])),
    "exhausted 429": (429, EXHAUSTED),
    "exhausted 403": (403, EXHAUSTED),
    "exhausted 400": (400, EXHAUSTED),
    "exhausted 503": (503, EXHAUSTED),
}
DAILY = error(403, "Daily Limit Exceeded", errors=[{"reason": "dailyLimitExceeded", "domain": "usageLimits"}])


@pytest.fixture(params=PASSING.values(), ids=PASSING)
def passing(request):
    return request.param


def test_a_quota_of_the_minute_is_passing_and_nothing_was_applied(passing):
    verdict = judge(answer(passing[0], json.dumps(passing[1])))
    assert (verdict.passing, verdict.unknown) == (True, False)


def test_a_request_over_the_quota_is_repeated(gateway, google: FakeGoogle, passing):
    google.faults = [Fault("GET", *passing), Fault("batchUpdate", *passing)]
    assert gateway.info().title == "W"
    assert gateway.apply([], sequence=0, token="t").sequence == 1
    assert google.faults == []


def test_a_quota_that_stays_used_up_is_told_as_quota(gateway, google: FakeGoogle, passing):
    google.faults = [Fault("GET", *passing) for _ in range(50)]
    with pytest.raises(Retryable, match="quota of requests is used up") as caught:
        gateway.info()
    assert passing[1]["error"]["message"] in caught.value.message
    assert "shared" not in caught.value.message + caught.value.remedy
    assert "writes_per_minute" in caught.value.remedy


def test_a_write_over_the_quota_is_known_not_to_be_applied(gateway, google: FakeGoogle, passing):
    google.faults = [Fault("batchUpdate", *passing) for _ in range(50)]
    with pytest.raises(Retryable, match="quota") as caught:
        gateway.apply([], sequence=0, token="t")
    assert not isinstance(caught.value, UnknownOutcome)
    assert google.applied == []


def test_a_quota_of_the_day_is_told_at_once(gateway, google: FakeGoogle, time: Time):
    google.faults = [Fault("GET", 403, DAILY), Fault("batchUpdate", 403, DAILY)]
    for call in (gateway.info, lambda: gateway.apply([], sequence=0, token="t")):
        with pytest.raises(Retryable, match="for today is used up") as caught:
            call()
        assert "tomorrow" in caught.value.remedy
        assert "shared" not in caught.value.message + caught.value.remedy
    assert time.slept == []


@pytest.mark.parametrize("reason", ["BILLING_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "CONSUMER_SUSPENDED"])
def test_what_sharing_does_not_mend_is_not_told_as_not_shared(gateway, google: FakeGoogle, reason):
    google.faults = [Fault("GET", 403, error(403, "Words of Google.", details=[{"reason": reason}]))]
    with pytest.raises(AccessError, match=f"{reason}.*: Words of Google") as caught:
        gateway.info()
    assert "hare" not in caught.value.remedy


ODD = [
    '{"error": "text"}',
    '{"error": {"message": "no number"}}',
    '{"error": []}',
    '{"error": null}',
    '{"error": {}}',
    '{"error": {"code": 1, "message": 5, "details": 7, "errors": {"reason": "x"}}}',
    '{"error": {"code": 1, "message": [], "status": {}, "details": [5, {"reason": []}]}}',
    "[" * 5000,
    "\xff",
]


@pytest.mark.long
@pytest.mark.parametrize("status", [403, 503])
def test_a_refusal_in_odd_words_is_one_all_the_same(gateway, google: FakeGoogle, status):
    for body in ODD:
        response = answer(status, "{}").response
        response._content = body.encode()
        assert judge(refusal(response)).passing == (status == 503 or "message" not in body)
        google.faults = [Fault("GET", status, body) for _ in range(50)]
        with pytest.raises(Exception) as caught:
            gateway.info()
        assert type(caught.value).__module__ == "sheets_crm.errors", body
