"""What waits is one transaction, nothing is answered before it is stored, and a store that fails is said."""

import asyncio
import logging
import threading

import pytest

from sheets_crm.engine.intake import Delivery
from sheets_crm.errors import SettingsError
from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.metrics import Metrics
from sheets_crm.receiver.refusals import Refused
from sheets_crm.receiver.server import Receiver
from sheets_crm.receiver.writer import Writer
from tests.receiver.conftest import AT, SECRET, event, until


@pytest.mark.long
def test_nothing_is_answered_before_it_is_stored(served, shelf):
    client = served()
    shelf.hold()
    statuses, wait = client.in_background(event(1))
    assert shelf.entered.wait(5)
    threading.Event().wait(0.1)
    assert statuses == []
    shelf.gate.set()
    assert wait() == [200]


def test_all_that_came_during_a_commit_is_one_transaction(served, shelf):
    client = served()
    shelf.hold()
    _, first = client.in_background(event(0))
    assert shelf.entered.wait(5)
    _, others = client.in_background(*map(event, range(1, 21)))
    until(lambda: client.metric("waiting") == 20)
    shelf.gate.set()
    assert first() + others() == [200] * 21
    assert [len(transaction) for transaction in shelf.transactions] == [1, 20]
    assert client.metric("transactions_total") == 2


def test_a_store_that_fails_is_no_answer_of_200_and_the_sender_may_come_again(served, shelf, caplog):
    client = served()
    shelf.breaks()
    with caplog.at_level(logging.ERROR, "sheets_crm.receiver"):
        answers = [client.post(event(1)) for _ in range(3)]
    assert [(answer.status, answer.text) for answer in answers] == [(503, '{"error":"store"}')] * 3
    assert answers[0].getheader("Retry-After") == "10"
    assert len(caplog.records) == 1
    shelf.failure = None
    assert client.post(event(1)).status == 200
    assert client.refused("store") == 3
    assert client.metric("stored_total", source="instantly") == 1


def test_what_an_unknown_failure_says_is_not_logged(served, shelf, caplog):
    client = served()
    shelf.failure = ValueError("[parameters: ana@cliente.cl]")
    with caplog.at_level(logging.ERROR, "sheets_crm.receiver"):
        assert client.post(event(1)).status == 503
    assert "ana@cliente.cl" not in caplog.text
    assert "ValueError" in caplog.text


def test_health_follows_the_store(served, shelf):
    client = served()
    assert client.ask("GET", "/health").text == '{"healthy":true}'
    shelf.breaks()
    assert client.ask("GET", "/health").status == 200  # nothing was stored since: nothing is known
    client.post(event(1))
    answer = client.ask("GET", "/health")
    assert (answer.status, answer.getheader("Retry-After")) == (503, "10")
    shelf.failure = None
    assert client.ask("GET", "/health").status == 200
    assert shelf.transactions == []


def test_a_store_that_cannot_be_reached_at_the_start_is_waited_for(served, shelf):
    shelf.breaks()
    client = served()
    assert client.ask("GET", "/health").status == 503
    assert client.post(event(1)).status == 503
    shelf.failure = None
    assert client.post(event(1)).status == 200


def test_a_store_of_another_version_is_refused_at_the_start(shelf):
    shelf.failure = SettingsError("another version")
    receiver = Receiver(shelf, [instantly(SECRET)])
    with pytest.raises(SettingsError):
        receiver.start()
    receiver.stop()


def test_repetitions_are_counted(served):
    client = served(lambda deliveries: max(0, len(deliveries) - 1))
    client.post(event(1))
    assert client.metric("repeated_total") == 1
    assert client.metric("stored_total", source="instantly") == 1


# -- the end


def test_a_writer_that_is_closed_stores_what_waits_and_takes_nothing_more(shelf):
    writer = Writer(shelf, Metrics())
    shelf.hold()
    writer.start()
    delivery = Delivery("instantly", "kind", AT, b"{}")

    async def play():
        first = asyncio.create_task(writer.store(delivery))
        await asyncio.to_thread(shelf.entered.wait, 5)
        second = asyncio.create_task(writer.store(delivery))
        await asyncio.sleep(0)
        stopping = asyncio.create_task(asyncio.to_thread(writer.stop))
        await asyncio.to_thread(until, lambda: writer._closed)
        with pytest.raises(Refused) as refused:
            await writer.store(delivery)
        assert (refused.value.status, refused.value.reason) == (503, "closing")
        assert not await writer.can_store()
        shelf.gate.set()
        await asyncio.gather(first, second, stopping)

    asyncio.run(play())
    assert len(shelf.deliveries) == 2


@pytest.mark.long
def test_when_it_stops_it_answers_what_is_being_stored_and_refuses_the_rest(served, shelf):
    client = served()
    shelf.hold()
    _, first = client.in_background(b"1")
    assert shelf.entered.wait(5)
    _, second = client.in_background(b"2")
    until(lambda: client.receiver.writer.waiting == 1)
    with client.connect() as late:
        late.sendall(b"POST ")  # it is connected, and goes on when the receiver is about to stop
        client.receiver._application.closing = True
        assert client.post(b"3").status == 503
        stopping = threading.Thread(target=client.receiver.stop)
        stopping.start()
        shelf.gate.set()
        stopping.join(20)
        assert not stopping.is_alive()
    assert first() + second() == [200, 200]
    assert shelf.bodies == [b"1", b"2"]
    with pytest.raises(OSError):
        client.post(b"4")


@pytest.mark.long
def test_it_may_be_stopped_twice_and_without_having_started(shelf):
    receiver = Receiver(shelf, [instantly(SECRET)])
    receiver.stop()
    started = Receiver(shelf, [instantly(SECRET)]).start()
    started.stop()
    started.stop()
