"""A state machine that mixes the plays: two stores, sleepers, kills, lost writes, disks and versions, people who choose."""

from __future__ import annotations

import contextlib
import copy
import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from sheets_crm.claims.adopt import adopt
from sheets_crm.claims.drip import drip
from sheets_crm.claims.values import AnswerKind
from tests.claims.plays import Course, asleep_before, driven
from tests.claims.world import Killed, ModelStore, PortError, World, newcomer

BOUNDARIES = st.integers(0, 60)
STORES = st.integers(0, 1)
PEOPLE = st.integers(1, 6)
FAULTS = st.sampled_from(["refused", "lost", "landed", "late", "displaced"])
SLEEPS = st.sampled_from(
    [
        "ModelStore.raise_epoch",
        "ModelWorkbook.write",
        "ModelStore.begin_hand_over",
        "Provider.hand_over",
        "ModelStore.answer",
    ]
)
ANSWERS = st.sampled_from(
    [
        (AnswerKind.NOT_SENT, False),
        (AnswerKind.REFUSED, False),
        (AnswerKind.NO_ANSWER, True),
        (AnswerKind.NO_ANSWER, False),
    ]
)


class Claims(RuleBasedStateMachine):
    """At most one of store and workbook is damaged at a time: both at once are not covered."""

    @initialize()
    def begin(self):
        self.world = World(people=4)
        self.world.stores["store-2"] = ModelStore("store-2")
        self.course = Course(self.world, self.world.stores["store-1"])
        self.sleepers = []
        self.damaged = False

    def store(self, index):
        return list(self.world.stores.values())[index]

    def owner(self):
        system = self.course.workbook.system
        return next((store for store in self.world.stores.values() if store.store_id == system.store_id), None)

    @rule(index=STORES)
    def passes(self, index):
        self.world.drip(self.store(index))

    @rule(index=STORES, boundary=BOUNDARIES)
    def killed(self, index, boundary):
        def kill():
            raise Killed

        with contextlib.suppress(Killed):
            driven(drip(self.world.ports(self.store(index))), boundary, kill)

    @rule(index=STORES, boundary=BOUNDARIES)
    def a_port_raises(self, index, boundary):
        def fail():
            raise PortError

        with contextlib.suppress(PortError):
            driven(drip(self.world.ports(self.store(index))), boundary, fail)

    @rule(index=STORES, number=PEOPLE)
    def somebody_is_enrolled(self, index, number):
        self.world.enrol(newcomer(number), store=self.store(index))

    @rule(number=PEOPLE)
    def somebody_may_not_be_contacted(self, number):
        """The store knows; the workbook's own list does not follow."""
        self.world.suppressions.added |= {str(number)}
        if str(number) not in self.course.blocked:
            self.course.block(str(number))

    @rule(index=STORES, other=STORES, boundary=BOUNDARIES, minutes=st.sampled_from([0, 11, 25 * 60]))
    def passes_around_another(self, index, other, boundary, minutes):
        def meanwhile():
            self.world.clock.sleep(minutes=minutes)
            self.world.drip(self.store(other))
            self.course.persons_choose()
            self.world.drip(self.store(other))

        driven(drip(self.world.ports(self.store(index))), boundary, meanwhile)

    @rule(index=STORES, call=SLEEPS)
    def falls_asleep(self, index, call):
        steps = drip(self.world.ports(self.store(index)))
        with contextlib.suppress(StopIteration):  # the pass ended before such a call
            self.sleepers.append(asleep_before(steps, call))

    @precondition(lambda self: self.sleepers)
    @rule()
    def wakes(self):
        driven(self.sleepers.pop(0), -1, lambda: None)

    @rule(index=STORES, boundary=BOUNDARIES)
    def adopts_and_is_killed(self, index, boundary):
        if self.damaged and self.store(index) is not self.course.store:
            return

        def kill():
            raise Killed

        try:
            _, report = driven(
                adopt(self.world.ports(self.store(index)), f"store-{next(self.world.names)}"), boundary, kill
            )
        except Killed:
            return
        finally:
            if self.owner() is not None:
                self.course.store = self.owner()
            self.course.version = self.course.workbook.version()
            self.course.workbook.campaigns = frozenset({"K-01"})
        self.damaged = self.damaged and not report.done

    @rule(fault=FAULTS)
    def write_goes_wrong(self, fault):
        self.course.workbook.faults = [fault]

    @rule()
    def late_write_arrives(self):
        self.course.workbook.arrive()

    @rule(number=st.integers(1, 4), answer=ANSWERS)
    def provider_says(self, number, answer):
        self.world.provider.answers[f"N-{number:04d}.1.1"] = answer

    @rule(minutes=st.sampled_from([5, 11, 60, 12 * 60, 25 * 60]))
    def time_goes_by(self, minutes):
        self.world.clock.sleep(minutes=minutes)

    @rule()
    def people_choose(self):
        self.course.persons_choose()

    @precondition(lambda self: not self.damaged and self.owner() is not None)
    @rule()
    def workbook_kept(self):
        self.course.version = self.course.workbook.version()

    @precondition(lambda self: not self.damaged and self.owner() is not None)
    @rule()
    def workbook_set_back(self):
        self.course.workbook.set_back(self.course.version)
        self.course.store = self.owner()
        self.damaged = True

    @precondition(lambda self: not self.damaged and self.owner() is not None)
    @rule()
    def disk_lost(self):
        self._replace(ModelStore(f"store-{next(self.world.names)}-new"))

    @precondition(lambda self: not self.damaged and self.owner() is not None)
    @rule()
    def backup_restored(self):
        store = copy.deepcopy(self.owner())
        store.rename(f"store-{next(self.world.names)}-restored")
        self._replace(store)

    def _replace(self, store):
        """The disk of the store that the workbook belongs to is gone, and every worker on it with it."""
        lost = self.owner()
        others = [each for each in self.world.stores.values() if each is not lost]
        self.world.stores = {each.store_id: each for each in [store, *others]}
        self.course.store, self.sleepers, self.damaged = store, [], True

    def teardown(self):
        if not hasattr(self, "course"):
            return
        if self.owner() is not None:
            self.course.store = self.owner()
        self.course.go_on(rounds=40)
        for steps in self.sleepers:
            driven(steps, -1, lambda: None)
        self.course.go_on(rounds=40)
        self.course.check()


# Each seed draws the same histories every time, so that a change which lands fails by what it changed and not by the
# luck of the draw. New histories are looked for on purpose, by seeds that nobody has played:
#   CLAIMS_SEEDS="$(seq -s' ' 100 120)" pytest -m long tests/claims/test_machine.py
# The name of a test that fails says its seed; what it found is kept as a test of its own, like the last one here.
SEEDS = [int(number) for number in os.environ.get("CLAIMS_SEEDS", "1 2 3").split()]


def played(number, examples, steps):
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=quiet,
        database=None,  # what was drawn on this machine before decides nothing
    )
    run_state_machine_as_test(seed(number)(type("Claims", (Claims,), {})), settings=limits)


@pytest.mark.long
def test_whatever_happens():
    played(1, 12, 12)


@pytest.mark.long
@pytest.mark.parametrize("number", SEEDS)
def test_whatever_happens_for_long(number):
    played(number, 250, 40)


def test_a_workbook_that_was_set_back_by_the_write_of_answers_alone_shows_them_again():
    """Sequence and epoch do not tell that it was set back: the store confirmed no later write."""
    machine = Claims()
    machine.begin()
    machine.falls_asleep(call="ModelStore.begin_hand_over", index=0)
    machine.write_goes_wrong(fault="refused")
    machine.wakes()
    machine.workbook_kept()
    machine.passes(index=0)
    machine.workbook_set_back()
    machine.teardown()
