"""The limits of the service, by a clock that moves only while somebody sleeps."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.instantly.limits import Limits, Rate, RateLimiter, shared_limits


class Recorder:
    """A clock and a sleep of its own for each request: the moment at which it leaves."""

    def __init__(self):
        self.now, self.left = 0.0, []
        self.slept = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept = seconds

    def request(self, take):
        self.slept = 0.0
        take()
        self.left.append(round(self.now + self.slept, 6))


def most_in(moments, seconds):
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


@pytest.mark.long
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=60))
def test_no_window_has_more_than_its_rate_however_requests_come(pauses):
    recorder = Recorder()
    limiter = RateLimiter(Rate(3, 1.0), Rate(10, 5.0), clock=recorder.clock, sleep=recorder.sleep)
    for pause in pauses:
        recorder.now += pause
        recorder.request(limiter.take)
    assert recorder.left == sorted(recorder.left)
    assert most_in(recorder.left, 1.0) <= 3
    assert most_in(recorder.left, 5.0) <= 10


def test_what_fits_leaves_at_once():
    recorder = Recorder()
    limiter = RateLimiter(Rate(3, 1.0), clock=recorder.clock, sleep=recorder.sleep)
    assert [limiter.take() for _ in range(4)] == [0, 0, 0, pytest.approx(1.05)]


def test_mails_wait_for_their_own_limit_and_hold_up_nothing_else():
    recorder = Recorder()
    limits = Limits(clock=recorder.clock, sleep=recorder.sleep)
    assert [limits.take("GET emails") for _ in range(10)] == [0] * 10
    assert limits.take("GET emails") == pytest.approx(60.05)
    assert limits.take("POST emails/reply") == limits.take("POST leads/list") == 0


def test_threads_share_the_limit_and_do_not_wait_for_each_others_sleep():
    """All five sleep at the same time: with a lock held meanwhile the barrier would break."""
    barrier, slept = threading.Barrier(5), []

    def sleep(seconds):
        slept.append(seconds)
        barrier.wait(5)

    limiter = RateLimiter(Rate(1, 1.0), clock=lambda: 0.0, sleep=sleep)
    limiter.take()
    threads = [threading.Thread(target=limiter.take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(slept) == pytest.approx([1.05 * place for place in range(1, 6)])


def test_one_address_has_one_limit_in_a_process():
    assert shared_limits("https://a") is shared_limits("https://a")
    assert shared_limits("https://a") is not shared_limits("https://b")


def test_who_waits_may_do_so_in_his_own_way():
    """The limits are shared; a worker that is asked to stop ends its own wait alone."""

    class StopError(Exception):
        pass

    def stopped(_seconds):
        raise StopError

    recorder = Recorder()
    limits = Limits(clock=recorder.clock, sleep=recorder.sleep)
    for _ in range(10):
        limits.take("GET emails", stopped)
    with pytest.raises(StopError):
        limits.take("GET emails", stopped)
    assert recorder.slept == 0
    assert limits.take("GET emails") > 0
    assert recorder.slept > 0
