"""What a worker does after the first turns alone: tasks that are not due at the start, and services."""

import time

import pytest

from jobs.ports import WorkerPorts
from jobs.stopper import Stopper
from jobs.task import Task
from jobs.triggers import Every
from jobs.worker import Worker
from sheets_crm.errors import Retryable, SettingsError


class Served:
    """Notes what happens to it."""

    def __init__(self, noted, stopper, failure=None):
        self.noted, self.stopper, self.failure = noted, stopper, failure

    def start(self):
        self.noted.append("start")
        if self.failure:
            raise self.failure
        self.stopper.stop()

    def stop(self):
        self.noted.append("stop")


@pytest.fixture
def stopper():
    return Stopper(lambda _: time.sleep(0.001))


def test_a_task_that_is_not_due_at_the_start_waits_for_the_first_turns_and_so_does_its_record(stopper):
    noted = []

    class Records:
        def load(self, key):
            noted.append(f"record of {key}")

        def save(self, key, record, *, repeats=False):
            """Keep nothing."""

    def sync():
        noted.append("sync")
        raise Retryable("no answer")

    def later():
        noted.append("later")
        stopper.stop()

    worker = Worker(WorkerPorts(stopper, records=Records()))
    worker.add(Task("feeds", Every(600), later))
    worker.add(Task("sync", Every(15), sync, at_start=True))
    worker.run()
    assert noted == ["record of sync", "sync", "record of feeds", "later"]


def test_a_service_begins_after_the_first_turns_and_ends_with_the_worker(stopper):
    noted = []
    worker = Worker(WorkerPorts(stopper))
    worker.add(Task("sync", Every(15), lambda: noted.append("sync"), at_start=True))
    worker.add_service("receiver", Served(noted, stopper))
    worker.run()
    assert noted == ["sync", "start", "stop"]


def test_a_service_that_does_not_begin_ends_the_worker_and_is_raised(stopper):
    noted = []
    worker = Worker(WorkerPorts(stopper))
    worker.add_service("receiver", Served(noted, stopper, SettingsError("another version")))
    with pytest.raises(SettingsError, match="another version"):
        worker.run()
    assert noted == ["start", "stop"]


def test_a_worker_that_is_stopped_before_its_first_turn_ends_a_service_that_never_began(stopper):
    noted = []
    worker = Worker(WorkerPorts(stopper))
    worker.add(Task("sync", Every(15), stopper.stop, at_start=True))
    worker.add_service("receiver", Served(noted, stopper))
    stopper.stop()
    worker.run()
    assert noted == ["stop"]
