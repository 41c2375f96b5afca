"""The thread that does what is due, apart from the server."""

from threading import Event, Thread

import pytest

from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.documents import Documents
from sheets_crm.stand_ins.faults import Faults
from sheets_crm.stand_ins.instantly import jobs
from sheets_crm.stand_ins.instantly.deliverer import Deliverer
from sheets_crm.stand_ins.world import World


@pytest.fixture
def world():
    return World(Documents(), Clock(), Faults())


def test_who_wakes_it_never_waits_for_it_to_look_when_something_is_due(world, monkeypatch):
    """It looks with the documents locked, and who changes documents wakes it: each would wait for the other."""
    looks, may_go_on, woken = Event(), Event(), Event()

    def slow(_world):
        looks.set()
        may_go_on.wait(5)

    monkeypatch.setattr(jobs, "next_due", slow)
    deliverer = Deliverer(world)
    deliverer.start()
    try:
        assert looks.wait(5)
        Thread(target=lambda: (deliverer.wake(), woken.set()), daemon=True).start()
        assert woken.wait(2)
    finally:
        may_go_on.set()
        deliverer.stop()


def test_a_job_that_is_refused_when_it_is_done_has_failed(world):
    with world.documents.change():
        job = jobs.submit(world, "import-leads", {"campaign_id": "x", "leads": []})
        world.clock.forward(60)
        works = {"import-leads": lambda _world, _arguments: (_ for _ in ()).throw(jobs.RefusedError(404, "gone"))}
        assert jobs.run_due(world, works) == 1
        ended = world.documents.get("jobs", job["id"])
        assert (ended["status"], ended["data"]) == ("failed", {"error": "gone"})
        assert jobs.run_due(world, works) == 0
