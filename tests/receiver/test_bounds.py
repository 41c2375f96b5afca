"""What is slow, much or too late takes bounded time and memory, and the others are answered."""

import socket
import threading

import pytest

from sheets_crm.receiver import bodies, writer
from sheets_crm.receiver.bodies import Budget
from sheets_crm.receiver.connections import PatientProtocol
from tests.receiver.conftest import PATH, event, post_of, rest_of, until


class Hasty(PatientProtocol):
    """Waits for nobody."""

    head_seconds = 0.1


class Few(PatientProtocol):
    """Has three connections."""

    most = 3


# -- slow senders


@pytest.mark.long
@pytest.mark.parametrize("begun", [b"", b"POST /webhooks HTTP/1.1\r\nX: "])
def test_a_head_that_does_not_come_is_not_waited_for(served, shelf, begun):
    client = served(protocol=Hasty)
    with client.connect() as connection:
        connection.sendall(begun)
        assert rest_of(connection) == b""


@pytest.mark.long
def test_a_head_that_comes_byte_by_byte_is_not_waited_for(served):
    client = served(protocol=Hasty)
    with client.connect() as connection:
        stop = threading.Event()

        def drip():
            try:
                while not stop.wait(0.02):
                    connection.sendall(b"x")
            except OSError:
                stop.set()

        connection.sendall(b"GET /health HTTP/1.1\r\nX: ")
        dripping = threading.Thread(target=drip)
        dripping.start()
        assert rest_of(connection) == b""
        stop.set()
        dripping.join()


@pytest.mark.long
def test_the_head_of_a_second_request_is_not_waited_for_either(served, shelf):
    client = served(protocol=Hasty)
    received = client.raw(post_of(b"{}") + b"POST /webhooks")
    assert received.startswith(b"HTTP/1.1 200")
    assert received.count(b"HTTP/1.1") == 1


@pytest.mark.long
def test_an_answer_that_takes_long_is_waited_for(served, shelf):
    client = served(protocol=Hasty)
    shelf.hold()
    _, wait = client.in_background(event(1))
    assert shelf.entered.wait(5)
    threading.Event().wait(0.25)
    shelf.gate.set()
    assert wait() == [200]


@pytest.mark.long
def test_a_body_that_does_not_come_is_not_waited_for(client, shelf, monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.1)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n".encode()
    received = client.raw(head + b"123")
    assert received.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in received.lower()
    assert client.refused("slow") == 1
    assert shelf.transactions == []


@pytest.mark.long
def test_the_rest_of_a_refused_body_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(bodies, "_DRAIN_SECONDS", 0.1)
    received = client.raw(b"POST /webhooks/instantly/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123")
    assert received.startswith(b"HTTP/1.1 401")
    assert b"connection: close" in received.lower()


def test_whoever_goes_in_the_middle_of_a_body_leaves_nothing(client, shelf):
    with client.connect() as connection:
        connection.sendall(post_of(b"x" * 100)[:-1])
    until(lambda: client.refused("gone") == 1)
    assert shelf.transactions == []
    assert client.post(b"{}").status == 200


# -- many connections


def test_a_connection_too_many_is_closed_and_the_others_are_served(served):
    client = served(protocol=Few)
    with client.connect() as one, client.connect(), client.connect():
        until(lambda: len(client.receiver._server.server_state.connections) == 3)
        with client.connect() as fourth:
            assert rest_of(fourth) == b""
        one.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert rest_of(one).startswith(b"HTTP/1.1 200")
    until(lambda: not client.receiver._server.server_state.connections)
    assert client.post(b"{}").status == 200


# -- memory


def test_a_budget_is_given_back():
    budget = Budget(10)
    assert budget.take(6)
    assert not budget.take(5)
    assert budget.take(4)
    budget.give_back(10)
    assert budget.take(10)


def test_bodies_that_wait_take_no_more_memory_than_they_may(served, shelf):
    client = served(memory=2_000)
    shelf.hold()
    _, wait = client.in_background(b"x" * 1_500)
    assert shelf.entered.wait(5)
    answer = client.post(b"y" * 501)
    assert (answer.status, answer.text, answer.getheader("Retry-After")) == (503, '{"error":"memory"}', "10")
    shelf.gate.set()
    assert wait() == [200]
    assert client.post(b"y" * 2_000).status == 200
    assert client.post(b"y" * 2_001).status == 503
    assert client.post(b"y" * 2_000).status == 200
    assert [len(body) for body in shelf.bodies] == [1_500, 2_000, 2_000]


def test_whoever_cannot_prove_himself_takes_no_memory(served, shelf):
    client = served(memory=100)
    for _ in range(3):
        assert client.post(b"x" * 90, "/webhooks/instantly/x").status == 401
    with client.connect() as one:
        one.sendall(post_of(b"x" * 90)[:-5])
    assert client.post(b"x" * 5, "/webhooks/instantly/x").status == 401
    until(lambda: client.post(b"x" * 100).status == 200)


def test_a_post_beyond_those_that_wait_is_refused_at_once(served, shelf):
    client = served()
    client.receiver.writer._most_waiting = 2
    shelf.hold()
    _, first = client.in_background(event(0))
    assert shelf.entered.wait(5)
    _, others = client.in_background(event(1), event(2))
    until(lambda: client.metric("waiting") == 2)
    answer = client.post(event(3))
    assert (answer.status, answer.text, answer.getheader("Retry-After")) == (503, '{"error":"waiting"}', "10")
    shelf.gate.set()
    assert first() + others() == [200, 200, 200]
    assert len(shelf.bodies) == 3


# -- the store is slow


@pytest.mark.long
def test_a_store_that_takes_too_long_is_not_waited_for_and_what_waited_is_not_stored_later(served, shelf):
    client = served()
    client.receiver.writer._seconds = 0.2
    shelf.hold()
    _, first = client.in_background(b"1")
    assert shelf.entered.wait(5)
    answer = client.post(b"2")
    assert (answer.status, answer.text, answer.getheader("Retry-After")) == (503, '{"error":"store"}', "10")
    assert first() == [503]
    assert client.metric("waiting") == 0
    shelf.gate.set()
    client.receiver.writer._seconds = 8
    assert client.post(b"3").status == 200
    assert shelf.bodies == [b"1", b"3"]  # the first was being stored: its repetition is known by its key


def test_a_transaction_has_so_many_deliveries_and_bytes_at_most(served, shelf, monkeypatch):
    monkeypatch.setattr(writer, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(writer, "MOST_BYTES_AT_ONCE", 250)
    client = served()
    shelf.hold()
    _, first = client.in_background(b"0")
    assert shelf.entered.wait(5)
    _, others = client.in_background(*[b"x" * 100] * 7)
    until(lambda: client.metric("waiting") == 7)
    shelf.gate.set()
    assert first() + others() == [200] * 8
    assert [len(transaction) for transaction in shelf.transactions] == [1, 3, 3, 1]
    _shelf_of_small(client, shelf)


def _shelf_of_small(client, shelf):
    shelf.transactions.clear()
    shelf.hold()
    _, first = client.in_background(b"0")
    assert shelf.entered.wait(5)
    _, others = client.in_background(*[b"x" * 130] * 4)
    until(lambda: client.metric("waiting") == 4)
    shelf.gate.set()
    first(), others()
    assert [len(transaction) for transaction in shelf.transactions] == [1, 2, 2]


def test_an_answer_is_sent_at_once(client):
    accepted = socket.create_connection(("127.0.0.1", client.receiver.port))
    with accepted:
        until(lambda: client.receiver._server.server_state.connections)
        (connection, *_) = client.receiver._server.server_state.connections
        ours = connection.transport.get_extra_info("socket")
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
