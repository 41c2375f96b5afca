"""A feed over a real store: whoever is killed between a page and its cursor loses nothing, and stores nothing twice."""

import pytest

from sheets_crm.instantly.client import Client
from sheets_crm.instantly.fetching.turn import InstantlyFetcher
from sheets_crm.store.feed_cursors import StoredCursors
from sheets_crm.store.stored_intake import StoredIntake
from tests.instantly.fetching_parts import KilledError, Opened, Scripted

LEADS = [{"id": f"{n:03d}", "email": f"p{n}@c.cl", "campaign": "c-1"} for n in range(5)]
ANSWERS = {
    "campaigns": [[{"id": "c-1", "name": "one", "status": 3}]],
    "lead-labels": [[{"id": "l-1", "label": "Caliente", "interest_status": 11}]],
    "leads/list": [LEADS[:2], LEADS[2:4], LEADS[4:]],
    "emails": [[{"id": "m-1", "timestamp_created": "2026-05-28T20:00:00Z"}]],
    "webhook-events": [[{"id": "e-1", "payload": {"event_type": "email_sent", "lead_email": "p1@c.cl"}}]],
}


class Killing:
    """Lets so many calls of a port through, and ends the process before the next one or just behind it."""

    def __init__(self, port, calls):
        self.port, self.calls = port, calls

    def __getattr__(self, name):
        work = getattr(self.port, name)

        def called(*given, **more):
            if name == "load":
                return work(*given, **more)
            if self.calls[0] == 0:
                raise KilledError
            result = work(*given, **more)
            if self.calls[0] == 1:
                raise KilledError
            self.calls[0] -= 2
            return result

        return called


def turn(place, store, calls):
    """A turn that is killed after so many halves of calls."""
    intake = Killing(StoredIntake(store, "book"), calls)
    cursors = Killing(StoredCursors(store, "book", "instantly"), calls)
    client = Client(Scripted(ANSWERS))
    InstantlyFetcher(lambda: Opened(client), intake, cursors, lambda: place.now).fetch(lambda: None)


def stored(store):
    pages = StoredIntake(store, "book").page(rows=1_000, size=10**9)
    return sorted((each.delivery.kind, each.delivery.key, each.delivery.body) for each in pages)


@pytest.mark.long
def test_a_turn_that_is_killed_anywhere_is_made_up_for_by_the_next(place):
    """Process after process is killed one step further than the one before, in the same store."""
    store, halves = place.store(), 0
    StoredCursors(store, "book", "instantly").save({"missed": "2026-05-28T00:00:00Z"})
    while True:
        try:
            turn(place, store, [halves])
        except KilledError:
            halves += 1
            continue
        break
    assert halves > 8
    found = stored(store)
    assert sorted(kind for kind, _, _ in found) == ["email_sent", "labels", "leads", "leads", "leads", "mails"]
    assert len({key for _, key, _ in found}) == len(found)
    turn(place, store, [10**6])
    assert stored(store) == found


@pytest.mark.long
def test_another_workbook_of_the_same_store_has_its_own(place):
    store = place.store()
    turn(place, store, [10**6])
    client = Client(Scripted(ANSWERS))
    other = StoredIntake(store, "another")
    cursors = StoredCursors(store, "another", "instantly")
    InstantlyFetcher(lambda: Opened(client), other, cursors, lambda: place.now).fetch(lambda: None)
    assert len(other.page(rows=100, size=10**9)) == len(stored(store))
