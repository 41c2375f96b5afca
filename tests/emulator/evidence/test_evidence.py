"""What is known of Google's answers, held against the emulator: each fact is answered alike or stands in `open.toml`."""

from collections import Counter

import pytest
from emulator_client import session
from evidence_player import alike, facts, play, still_open


@pytest.fixture(scope="module")
def outcomes(server):
    return play(server.url, session(server))


def test_each_fact_is_answered_as_google_does_or_is_said_to_be_open(outcomes):
    known = still_open()
    other = [outcome for outcome in outcomes if not outcome.equal and outcome.key not in known]
    assert not other, "\n".join(f"{o.key}: Google {o.wanted!r}, here {o.answered!r}" for o in other)


def test_nothing_is_called_open_that_is_answered_alike(outcomes):
    unequal = {outcome.key for outcome in outcomes if not outcome.equal}
    assert sorted(set(still_open()) - unequal) == []


def test_every_fact_has_a_key_of_its_own_a_grade_and_a_source(outcomes):
    assert [key for key, count in Counter(o.key for o in outcomes).items() if count > 1] == []
    assert {outcome.grade for outcome in outcomes} == {"A", "B"}
    assert all(outcome.source for outcome in outcomes)
    assert len(list(facts("cells", "case"))) > 150


@pytest.mark.parametrize(
    ("wanted", "answered"),
    [
        (1, 2), (1, True), (0, False), ("1", 1), ("", "(absent)"), ([1], [1, 2]), ([1, 2], [1]), ([], {}),
        ({"a": 1}, {"a": 2}), ({"a": 1}, {}), ({"a": {"b": 1}}, {"a": {"c": 1}}), (0.1, 0.1000001),
    ],
)  # fmt: skip
def test_what_differs_is_not_taken_for_alike(wanted, answered):
    assert not alike(wanted, answered)


def test_more_fields_and_last_bits_are_taken_for_alike():
    assert alike({"a": [0.1 + 0.2]}, {"a": [0.3], "b": 1})
