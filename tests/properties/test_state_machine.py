"""The promises, over random histories: people, workers, faults and deaths at any two requests of each other.

``python -m tests.properties.long_run`` plays many more of the same histories and counts what it did to them.
"""

from random import Random

import pytest
from history import FAULTS, History, play
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

pytestmark = pytest.mark.long

STAGES = ("imported", "sent", "verified", "scraped", "boxed", "contacted")
HISTORIES = 24


def machine(places):
    """The state machine on these workbooks."""

    class Sheet(RuleBasedStateMachine):
        history = None

        @initialize(stage=st.sampled_from(STAGES), random=st.randoms(use_true_random=False))
        def open(self, stage, random):
            self.history = History(places.at(stage), random)

        @rule()
        def act(self):
            self.history.act()

        @rule(name=st.sampled_from("AB"))
        def start(self, name):
            self.history.start(name)

        @precondition(lambda self: self.running())
        @rule(name=st.sampled_from("AB"), count=st.sampled_from((1, 2, 5, 40)))
        def step(self, name, count):
            self.history.step(name, count)

        @precondition(lambda self: self.running())
        @rule(name=st.sampled_from("AB"), fault=st.sampled_from(FAULTS))
        def fault(self, name, fault):
            self.history.step(name, 1, fault)

        @precondition(lambda self: self.running())
        @rule(name=st.sampled_from("AB"), lose_state=st.sampled_from((False, False, False, True)))
        def kill(self, name, lose_state):
            self.history.kill(name, lose_state=lose_state)

        @precondition(lambda self: self.running())
        @rule(fine=st.sampled_from((True, True, True, True, False)))
        def sleep(self, fine):
            if not fine:
                self.history.sleep_a_day()

        @rule(name=st.sampled_from("AB"))
        def forget(self, name):
            self.history.forget(name)

        @rule(name=st.sampled_from("AAB"))
        def damage(self, name):
            self.history.damage(name)

        @rule(name=st.sampled_from("AB"), fine=st.sampled_from((True, True, False)))
        def jump(self, name, fine):
            if not fine:
                self.history.jump(name)

        @rule(name=st.sampled_from("AB"), fine=st.sampled_from((True, True, False)))
        def beat(self, name, fine):
            if not fine:
                self.history.beat(name)

        def running(self):
            return self.history is not None and any(worker.running for worker in self.history.workers.values())

        def teardown(self):
            if self.history is not None:
                try:
                    self.history.finish()
                finally:
                    self.history.close()

    return Sheet


def test_every_promise_holds_after_every_history(places):
    run_state_machine_as_test(
        machine(places),
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("seed", range(12))
def test_disturbances_leave_the_workbook_that_an_undisturbed_serial_run_makes(places, seed):
    random = Random(f"calm:{seed}")
    history = History(places.at(STAGES[seed % len(STAGES)]), random, calm=True)
    try:
        play(history, 14)
    finally:
        history.close()
