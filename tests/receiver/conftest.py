"""A receiver over HTTP, and stores that a test can hold up or break."""

import http.client
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import orjson
import pytest

from sheets_crm.errors import Retryable
from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.server import Receiver
from sheets_crm.receiver.tokens import token

SECRET = b"a secret of the tests, long enough"
TOKEN = token(SECRET, "instantly")
PATH = f"/webhooks/instantly/{TOKEN}"
NOW = 1_780_000_000.0
AT = datetime.fromtimestamp(NOW, tz=UTC)


def event(n, **more):
    return {"event_type": "email_sent", "timestamp": f"2026-08-14T12:00:{n}Z", "lead_email": f"p{n}@c.cl", **more}


def post_of(body, path=PATH, more=""):
    """The bytes of a post."""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Shelf:
    """A store in memory: it may be held up, and fail."""

    def __init__(self):
        self.transactions = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.failure = None

    def __call__(self, deliveries):
        self.entered.set()
        assert self.gate.wait(20)
        if self.failure is not None:
            raise self.failure
        if deliveries:
            self.transactions.append(list(deliveries))
        return len(deliveries)

    def hold(self):
        self.gate.clear()
        self.entered.clear()

    def breaks(self):
        self.failure = Retryable("the store is away")

    @property
    def deliveries(self):
        return [each for transaction in self.transactions for each in transaction]

    @property
    def bodies(self):
        return [each.body for each in self.deliveries]


class Client:
    """Speaks to a receiver."""

    def __init__(self, receiver):
        self.receiver = receiver

    def ask(self, method, path, body=None, headers=None):
        """One request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.receiver.port, timeout=20)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.text = answer.read().decode()
        return answer

    def post(self, body, path=PATH, **headers):
        return self.ask("POST", path, body if isinstance(body, bytes) else orjson.dumps(body), headers)

    def metric(self, name, **labels):
        """The value of a metric; None for a line that is not there."""
        inner = ",".join(f'{label}="{text}"' for label, text in labels.items())
        line = f"sheets_crm_receiver_{name}" + (f"{{{inner}}} " if inner else " ")
        found = [text for text in self.ask("GET", "/metrics").text.splitlines() if text.startswith(line)]
        return float(found[0].rpartition(" ")[2]) if found else None

    def refused(self, reason, source="instantly"):
        return self.metric("refused_total", source=source, reason=reason) or 0

    def connect(self):
        return closing(socket.create_connection(("127.0.0.1", self.receiver.port), timeout=20))

    def raw(self, sent):
        """Everything that comes until the receiver closes the connection."""
        with self.connect() as connection:
            connection.sendall(sent)
            return rest_of(connection)

    def in_background(self, *posts):
        """Post each in a thread; return the list that the statuses come into, and a function that waits for them."""
        statuses = []
        threads = [
            threading.Thread(target=lambda body=body: statuses.append(self.post(body).status)) for body in posts
        ]
        for thread in threads:
            thread.start()

        def wait():
            for thread in threads:
                thread.join(20)
            return statuses

        return statuses, wait


def rest_of(connection):
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def until(condition):
    """Wait for what another thread does."""
    for _ in range(4_000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it does not come")


def answer_of(connection):
    """One answer with a body of JSON."""
    received = b""
    while not received.endswith(b"}"):
        part = connection.recv(4_096)
        assert part, received
        received += part
    return received


def sources():
    return [instantly(SECRET)]


@pytest.fixture(scope="session")
def lasting():
    """A receiver that serves many tests: to start and stop one takes longer than most of them."""
    with Receiver(Shelf(), sources(), clock=lambda: NOW) as receiver:
        yield receiver


@pytest.fixture
def client(lasting):
    """A client of a receiver that has taken nothing yet."""
    lasting.metrics.__init__()
    lasting.writer._add.__init__()
    return Client(lasting)


@pytest.fixture
def shelf(request):
    """The store: of the receiver that lasts, where a test asks for that one."""
    return request.getfixturevalue("client").receiver.writer._add if "client" in request.fixturenames else Shelf()


@pytest.fixture
def served(shelf):
    """Starts receivers, and stops them at the end."""
    started = []

    def serve(add=shelf, **options):
        receiver = Receiver(add, options.pop("sources", sources()), clock=lambda: NOW, **options)
        started.append(receiver)
        return Client(receiver.start())

    yield serve
    shelf.gate.set()
    for receiver in started:
        receiver.stop()
