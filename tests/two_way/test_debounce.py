"""Half-typed rows wait until they have stood still between two polls."""

from sheets_crm.workbook.two_way.debounce import UNSTABLE_SECONDS, debounce


def test_a_row_counts_once_it_stood_in_two_polls():
    first = debounce({}, {4: "S-1␟a"}, {}, 100.0)
    assert (first.still, first.moving) == ({}, {"S-1": 100.0})
    second = debounce({4: "S-1␟a"}, {4: "S-1␟a", 9: "␟half"}, first.moving, 105.0)
    assert second.still == {4: "S-1␟a"}
    assert second.moving == {"row 10": 105.0}


def test_a_row_that_is_typed_on_goes_on_waiting():
    polled = debounce({9: "␟ha"}, {9: "␟half"}, {"row 10": 100.0}, 105.0)
    assert (polled.still, polled.moving) == ({}, {"row 10": 100.0})


def test_sorted_rows_have_stood_still():
    polled = debounce({1: "S-1␟a", 2: "S-2␟b"}, {1: "S-2␟b", 5: "S-1␟a"}, {}, 105.0)
    assert polled.still == {1: "S-2␟b", 5: "S-1␟a"}


def test_an_equal_row_that_is_added_has_not_stood_yet():
    assert list(debounce({1: "␟a"}, {1: "␟a", 2: "␟a"}, {}, 105.0).still) == [1]


def test_a_row_that_never_stands_still_is_unstable_after_ten_minutes():
    moving, joins = {}, {}
    for poll in range(200):
        at = 1_000.0 + 5 * poll
        new = {3: f"S-1␟{poll}"}
        polled = debounce(joins, new, moving, at)
        moving, joins = polled.moving, new
        assert polled.unstable == ({3} if at - 1_000 >= UNSTABLE_SECONDS else set())
    polled = debounce(joins, joins, moving, 2_500.0)
    assert (polled.still, polled.moving, polled.unstable) == (joins, {}, frozenset())
