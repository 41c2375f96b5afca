"""What the receiver answers, and what of a request it stores."""

import re

import orjson
import pytest

from sheets_crm.engine.intake import Delivery
from sheets_crm.instantly.posts import event_key
from sheets_crm.receiver.bodies import LARGEST
from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.sources import Description, Source
from tests.receiver.conftest import AT, PATH, SECRET, TOKEN, answer_of, event, post_of

# -- taken


def test_a_post_is_stored_as_it_came_and_then_answered(client, shelf):
    body = orjson.dumps(event(1), option=orjson.OPT_INDENT_2)
    answer = client.post(body)
    assert (answer.status, answer.text) == (200, '{"stored":true}')
    assert shelf.deliveries == [Delivery("instantly", "email_sent", AT, body, event_key(event(1)))]


def test_a_thousand_events_in_one_post_are_one_delivery(client, shelf):
    events = [event(n) for n in range(1_000)]
    assert client.post(events).status == 200
    assert [orjson.loads(body) for body in shelf.bodies] == [events]


@pytest.mark.parametrize("body", [b"", b"no JSON", b"\x00\xff", b"[]"])
def test_what_cannot_be_read_is_stored_all_the_same(client, shelf, body):
    assert client.post(body).status == 200
    assert [(each.kind, each.body) for each in shelf.deliveries] == [("unreadable", body)]


def test_the_type_that_a_sender_names_and_a_query_do_not_matter(client, shelf):
    assert client.post(b"{}", PATH + "?a=b", **{"Content-Type": "text/plain"}).status == 200
    assert shelf.bodies == [b"{}"]


def test_a_body_in_chunks_is_put_together(client, shelf):
    chunks = b"3\r\n[{}\r\n3\r\n,{}\r\n1\r\n]\r\n0\r\n\r\n"
    sent = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    assert client.raw(sent + chunks).startswith(b"HTTP/1.1 200")
    assert shelf.bodies == [b"[{},{}]"]


def test_requests_of_a_pipeline_are_answered_in_their_order(client, shelf):
    wrong = post_of(b"2", "/webhooks/instantly/wrong")
    received = client.raw(post_of(b"1") + wrong + post_of(b"3") + post_of(b"4", more="Connection: close\r\n"))
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"401", b"200", b"200"]
    assert shelf.bodies == [b"1", b"3", b"4"]


def test_a_connection_takes_one_post_after_another(client, shelf):
    with client.connect() as connection:
        for n in range(3):
            connection.sendall(post_of(b"%d" % n))
            assert answer_of(connection).startswith(b"HTTP/1.1 200")
    assert shelf.bodies == [b"0", b"1", b"2"]


# -- refused


@pytest.mark.parametrize(
    "given", ["wrong", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "%C3%B1", "%FF", "%00", "x" * 9_000]
)
def test_a_wrong_token_is_refused_and_counted_and_nothing_is_stored(client, shelf, given):
    answer = client.post(b"{}", f"/webhooks/instantly/{given}")
    assert (answer.status, answer.text) == (401, '{"error":"proof"}')
    assert shelf.transactions == []
    assert client.refused("proof") == 1
    assert client.metric("received_total", source="instantly") == 1
    assert client.metric("stored_total", source="instantly") == 0


def test_a_token_may_be_percent_encoded(client, shelf):
    assert (
        client.post(b"{}", "/webhooks/instantly/" + "".join(f"%{ord(digit):x}" for digit in TOKEN)).status == 200
    )
    assert shelf.bodies == [b"{}"]


def test_a_token_of_another_kind_opens_nothing(served, shelf):
    client = served(sources=[instantly(b"another secret")])
    assert client.post(b"{}").status == 401
    assert shelf.transactions == []


@pytest.mark.parametrize(
    "path",
    ["/", PATH + "/", PATH + "/x", "/" + PATH, PATH.upper(), "/webhooks/instantly", "/webhooks/instantly/", "/webhooks/sendgrid",
     "/webhooks/leads/berlin/x", "/u/x", "/api/calls", "/api/leads/7", "/health/", "/docs", "/openapi.json", "/webhooks/../health"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_is_there_and_nothing_redirects(client, shelf, method, path):
    answer = client.ask(method, path, b"{}" if method == "POST" else None)
    assert (answer.status, answer.text, answer.getheader("Location")) == (404, '{"error":"path"}', None)
    assert client.refused("path", "") == 1
    assert shelf.transactions == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_a_source_takes_posts_alone(client, shelf, method):
    answer = client.ask(method, PATH, b"{}" if method == "PUT" else None)
    assert (answer.status, answer.getheader("Allow")) == (405, "POST")
    assert client.refused("method") == 1
    assert shelf.transactions == []


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_what_is_only_read_takes_no_posts(client, path):
    answer = client.ask("POST", path, b"{}")
    assert (answer.status, answer.getheader("Allow")) == (405, "GET, HEAD")
    assert client.ask("HEAD", path).status == 200


def test_a_megabyte_is_taken_and_a_byte_more_is_not(client, shelf):
    assert client.post(b"x" * LARGEST).status == 200
    answer = client.post(b"x" * (LARGEST + 1))
    assert (answer.status, answer.text) == (413, '{"error":"size"}')
    assert [len(body) for body in shelf.bodies] == [LARGEST]
    assert client.refused("size") == 1


def test_a_body_in_chunks_may_be_no_larger(client, shelf):
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    assert client.raw(head + chunk * 15 + b"0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert client.raw(head + chunk * 16 + b"0\r\n\r\n").startswith(b"HTTP/1.1 413")
    assert [len(body) for body in shelf.bodies] == [15 * 65_536]


def test_a_body_that_is_announced_too_large_is_not_asked_for(client, shelf):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {LARGEST + 1}\r\n\r\n"
    received = client.raw(head.encode())
    assert received.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in received.lower()


def test_a_body_without_a_proof_before_it_is_not_asked_for(client):
    head = (
        "POST /webhooks/instantly/wrong HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
    )
    assert client.raw(head.encode()).startswith(b"HTTP/1.1 401")


def test_a_body_that_is_expected_is_asked_for(client, shelf):
    with client.connect() as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode()
        )
        assert connection.recv(4_096).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        assert answer_of(connection).startswith(b"HTTP/1.1 200")
    assert shelf.bodies == [b"{}"]


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"POST\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
     f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".encode(),
     f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{{}}".encode(),
     b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000],
)  # fmt: skip
def test_what_is_no_http_is_refused_and_the_connection_closed(client, shelf, sent):
    assert client.raw(sent)[:12] in {b"HTTP/1.1 400", b""}
    assert shelf.transactions == []
    assert client.ask("GET", "/health").status == 200


# -- a source that signs its bodies


def signed(name="signed"):
    return Source(
        name,
        f"/webhooks/{name}",
        admits=lambda head: "x-signature" in head.headers,
        describe=lambda body: Description("kind", None),
        proves=lambda head, body: head.headers["x-signature"] == str(len(body)),
    )


def test_a_signature_over_the_body_is_proved_before_anything_is_stored(served, shelf):
    client = served(sources=[signed(), instantly(SECRET)])
    assert client.post(b"abc", "/webhooks/signed", **{"X-Signature": "3"}).status == 200
    assert client.post(b"abcd", "/webhooks/signed", **{"X-Signature": "3"}).status == 401
    assert client.post(b"abc", "/webhooks/signed").status == 401
    assert client.post(b"{}").status == 200
    assert [(each.source, each.key is None) for each in shelf.deliveries] == [
        ("signed", True),
        ("instantly", False),
    ]
    assert client.refused("proof", "signed") == 2


# -- metrics


def test_metrics_are_text_for_prometheus(client, shelf):
    client.post(event(1))
    client.post(event(2), "/webhooks/instantly/wrong")
    answer = client.ask("GET", "/metrics")
    assert answer.getheader("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'sheets_crm_receiver_received_total{source="instantly"} 2' in lines
    assert 'sheets_crm_receiver_stored_total{source="instantly"} 1' in lines
    assert 'sheets_crm_receiver_refused_total{source="instantly",reason="proof"} 1' in lines
    assert "sheets_crm_receiver_waiting 0" in lines
    assert client.metric("store_seconds") > 0
    for line in lines:
        name = line.removeprefix("# HELP ").removeprefix("# TYPE ").partition(" ")[0].partition("{")[0]
        assert name.startswith("sheets_crm_receiver_"), line
    assert sum(line.startswith("# TYPE") for line in lines) == len(
        {line.split()[2] for line in lines if line[0] == "#"}
    )


def test_numbers_of_metrics_are_exact(client):
    client.receiver.metrics.stored["instantly"] = 12_345_678
    assert client.metric("stored_total", source="instantly") == 12_345_678
