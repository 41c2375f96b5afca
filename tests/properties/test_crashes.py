"""Deaths, other workers, sleep and the owner's sorts at every single boundary of one run with everything in it.

Each test plays the whole episode once for every boundary (before and after each request, after each fsync), some
for every second one, and each time the workbook has to end as the undisturbed run leaves it: promises 1, 2, 3, 5 and 6.
"""

import pytest
from earlier_state import as_0_6_0_left_it
from episodes import Episode, at_boundary, undisturbed

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def place(places):
    return places.at("verified")


@pytest.fixture
def expected(place):
    return undisturbed(place)


def every_boundary(place, expected, then, every=1):
    end, boundaries = expected
    assert boundaries > 20
    for boundary in range(0, boundaries, every):
        found = at_boundary(place, boundary, then)
        for name in end:
            assert found[name] == end[name], f"at boundary {boundary} of {boundaries}: {name}"


def test_killed_at_any_boundary_the_next_run_ends_the_same(place, expected):
    def dies(episode: Episode):
        episode.A.kill()
        episode.rest(episode.A)

    every_boundary(place, expected, dies)


def test_a_worker_of_0_6_0_killed_at_any_boundary_and_upgraded_ends_the_same(place, expected):
    """What it had noted of its write is taken over from its files."""

    def dies_and_is_upgraded(episode: Episode):
        episode.A.kill()
        if (episode.A.state / "cache.db").exists():
            as_0_6_0_left_it(episode.A.state)
        episode.rest(episode.A)

    every_boundary(place, expected, dies_and_is_upgraded)


def test_killed_at_any_boundary_another_machine_ends_the_same(place, expected):
    def dies_with_its_disk(episode: Episode):
        episode.A.kill(lose_state=True)
        episode.rest(episode.B)

    every_boundary(place, expected, dies_with_its_disk, every=2)


def test_a_second_worker_between_any_two_requests_ends_the_same(place, expected):
    def another_comes_between(episode: Episode):
        episode.rest(episode.B)
        episode.A.finish()
        assert episode.A.error is None, episode.A.error
        episode.rest(episode.A)

    every_boundary(place, expected, another_comes_between, every=2)


def test_two_workers_step_by_step_end_the_same(place, expected):
    def both_go_on_in_turns(episode: Episode):
        episode.run(episode.B)
        while episode.A.running or episode.B.running:
            for worker in (episode.A, episode.B):
                if worker.running:
                    worker.step()
        assert episode.A.error is None, episode.A.error
        assert episode.B.error is None, episode.B.error
        episode.rest(episode.B)

    every_boundary(place, expected, both_go_on_in_turns, every=5)


def test_a_worker_that_slept_through_a_day_does_not_apply_its_old_plan(place, expected):
    def sleeps(episode: Episode):
        episode.place.desk.now += 86_400
        episode.rest(episode.B)
        episode.A.finish()
        assert episode.A.error is None, episode.A.error
        episode.rest(episode.A)

    every_boundary(place, expected, sleeps, every=4)


@pytest.mark.parametrize("tab", ["Master", "CompScrap Input"])
def test_the_owners_sort_between_any_two_requests_is_found_and_repaired(place, expected, tab):
    def sorts(episode: Episode):
        assert episode.people._sort(tab, "owner")
        episode.A.finish()
        assert episode.A.error is None, episode.A.error
        episode.rest(episode.A)

    every_boundary(place, expected, sorts, every=2)


def test_a_worker_that_dies_after_the_owners_sort_puts_the_rows_right_when_it_comes_back(place, expected):
    _, boundaries = expected

    def sorts_then(steps: int):
        def dies(episode: Episode):
            assert episode.people._sort("Master", "owner")
            for _ in range(steps):
                if episode.A.running:
                    episode.A.step()
            if episode.A.running:
                episode.A.kill()
            episode.rest(episode.A)

        return dies

    end, _ = expected
    for boundary in range(boundaries // 2, boundaries, 4):
        for steps in (1, 4, 10):
            found = at_boundary(place, boundary, sorts_then(steps))
            assert found == end, f"sorted at boundary {boundary}, died {steps} later"
