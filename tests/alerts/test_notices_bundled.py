"""Notices as values: five are told one by one, more become one message."""

import pytest

from sheets_crm.alerts.notices import LISTED, Notice, Recent, bundled


def notices(count):
    return [Notice("reply", str(n), f"Reply {n}", f"https://one.example/{n}") for n in range(count)]


@pytest.mark.parametrize(("count", "single"), [(1, 0), (5, 0), (2, 3), (1, 4)])
def test_up_to_five_in_ten_minutes_are_told_one_by_one(count, single):
    told = bundled(notices(count), Recent(single), "en")
    assert [message.text for message, _ in told] == [f"Reply {n} https://one.example/{n}" for n in range(count)]
    assert [list(of) for _, of in told] == [[one] for one in notices(count)]


@pytest.mark.parametrize("single", [0, 4])
def test_more_at_once_are_one_message(single):
    ((message, of),) = bundled(notices(6), Recent(single), "en")
    assert message.text.splitlines()[0] == "6 things have happened:"
    assert len(message.text.splitlines()) == 7
    assert list(of) == notices(6)


@pytest.mark.parametrize("recent", [Recent(5), Recent(0, several=True)])
def test_the_rest_of_many_waits_until_the_ten_minutes_are_over(recent):
    assert bundled(notices(3), recent, "en") == []


def test_a_long_list_is_cut_and_says_by_how_much():
    ((message, of),) = bundled(notices(LISTED + 7), Recent(), "en")
    assert message.text.splitlines()[-1] == "… and 7 more"
    assert len(of) == LISTED + 7


def test_nothing_is_told_of_nothing():
    assert bundled([], Recent(), "en") == []


def test_the_same_notices_have_the_same_key():
    keys = {bundled(notices(count), Recent(), "en")[0][0].key for count in (1, 1, 6)}
    assert len(keys) == 2
