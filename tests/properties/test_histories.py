"""Histories by their seeds, as the long run plays them; a seed that broke something once can be added here."""

from random import Random

import pytest
from history import History, play
from test_state_machine import STAGES

pytestmark = pytest.mark.long


@pytest.mark.parametrize("fives", range(4))
def test_histories_with_a_two_way_table(places, two_way, fives):
    for number in range(5 * fives, 5 * fives + 5):
        random = Random(f"two-way:{number}")
        place = places.after(random.choice(STAGES), two_way)
        history = History(place, random, calm=random.random() < 0.2)
        try:
            play(history, random.randint(8, 40))
        except AssertionError as error:
            raise AssertionError("\n".join([f"two-way history {number}: {error}", *history.trace])) from error
        finally:
            history.close()


@pytest.mark.parametrize("tens", range(5))
def test_histories_of_seed_3(places, tens):
    for number in range(10 * tens, 10 * tens + 10):
        random = Random(f"3:{number}")
        history = History(places.at(random.choice(STAGES)), random, calm=random.random() < 0.2)
        try:
            play(history, random.randint(8, 40))
        except AssertionError as error:
            raise AssertionError("\n".join([f"seed 3, history {number}: {error}", *history.trace])) from error
        finally:
            history.close()
