"""What the client makes of lost answers, cut connections, refusals and answers that are none."""

import logging
import socket
import threading
from time import monotonic

import pytest
from stand_in_client import NOON
from stand_in_client import Client as StandInClient

from sheets_crm.claims.values import AnswerKind
from sheets_crm.errors import AccessError, CredentialsError, CrmError, Retryable, SettingsError, UnknownOutcome
from sheets_crm.instantly import transport
from sheets_crm.instantly.leads import KEY, NewLead
from sheets_crm.instantly.limits import Limits
from sheets_crm.instantly.service import ATTEMPTS, SECONDS
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns

ANA = NewLead(email="ana@ejemplo.cl", key="key-ana")

PASSING = [
    ("status", {"status": 429}),
    ("status", {"status": 500}),
    ("status", {"status": 503}),
    ("html_502", {}),
    ("drop_request", {}),
    ("drop_response", {}),
    ("truncate", {}),
    ("malformed", {}),
    ("after_apply", {"status": 500}),
]


def asked(api, call):
    return api.control("GET", "stats")["requests"].get(call, 0)


@pytest.mark.parametrize(("mode", "more"), PASSING)
def test_a_read_is_repeated_with_growing_pauses_until_it_is_answered(client, fault, time, mode, more):
    fault("workspaces", mode, times=3, **more)
    assert client.workspace().id
    assert time.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(("mode", "more"), PASSING)
def test_a_read_is_given_up_after_a_bounded_number_of_attempts(api, client, fault, time, mode, more):
    before = asked(api, "GET /api/v2/workspaces/current")
    fault("workspaces", mode, times=50, **more)
    with pytest.raises(Retryable) as raised:
        client.workspace()
    assert not isinstance(raised.value, UnknownOutcome)
    assert asked(api, "GET /api/v2/workspaces/current") - before == ATTEMPTS
    assert sum(time.slept) < SECONDS


def test_jitter_spreads_the_pauses(api, make_client, fault, time):
    fault("workspaces", "status", times=3)
    make_client(jitter=lambda: 0.999).workspace()
    assert time.slept == pytest.approx([1.999, 3.998, 7.996])


def test_a_pause_that_the_service_asks_for_is_kept_while_it_fits(client, fault, time):
    fault("workspaces", "rate_limit", retry_after=30)
    assert client.workspace()
    assert time.slept == [30.0]
    fault("workspaces", "rate_limit", retry_after=99999, times=2)
    with pytest.raises(Retryable, match="429"):
        client.workspace()
    assert time.slept == [30.0]


NOTHING_DONE = [
    ("status", {"status": 429}, AnswerKind.NOT_SENT, Retryable),
    ("status", {"status": 401}, AnswerKind.NOT_SENT, CredentialsError),
    ("status", {"status": 402}, AnswerKind.NOT_SENT, SettingsError),
    ("status", {"status": 403}, AnswerKind.NOT_SENT, CredentialsError),
    ("status", {"status": 400}, AnswerKind.REFUSED, CrmError),
    ("status", {"status": 404}, AnswerKind.REFUSED, CrmError),
    ("status", {"status": 409}, AnswerKind.REFUSED, CrmError),
]
NOBODY_KNOWS = [
    ("status", {"status": 408}),
    ("status", {"status": 500}),
    ("status", {"status": 503}),
    ("html_502", {}),
    ("drop_request", {}),
    ("drop_response", {}),
    ("truncate", {}),
    ("malformed", {}),
    ("after_apply", {"status": 500}),
]


def push(client, campaign):
    return client.add_leads(campaign, [ANA])


def answer_mail(client, campaign):
    [mail] = [mail for page in client.mails() for mail in page]
    return client.reply(account=mail.account, reply_to=mail.id, subject="Re: x", text="Gracias")


WRITES = [(push, "leads/add"), pytest.param(answer_mail, "emails/reply", marks=pytest.mark.long)]


@pytest.fixture
def mail(api, campaign):
    api.add({"id": campaign}, "bea@ejemplo.cl")
    api.happens("send", campaign=campaign)
    api.happens("reply", "bea@ejemplo.cl", text="Hola")


@pytest.mark.parametrize(("write", "path"), WRITES)
@pytest.mark.parametrize(("mode", "more", "kind", "error"), NOTHING_DONE)
def test_a_write_that_was_refused_is_certainly_not_done_and_not_repeated(
    api, client, campaign, mail, fault, write, path, mode, more, kind, error
):
    before = asked(api, f"POST /api/v2/{path}")
    fault(path, mode, times=9, **more)
    answer = write(client, campaign)
    assert (answer.kind, answer.result) == (kind, None)
    assert isinstance(answer.error, error)
    assert not isinstance(answer.error, UnknownOutcome)
    assert f"HTTP {more['status']}" in answer.reason
    assert asked(api, f"POST /api/v2/{path}") - before == 1


@pytest.mark.parametrize(("write", "path"), WRITES)
@pytest.mark.parametrize(("mode", "more"), NOBODY_KNOWS)
def test_a_write_whose_answer_is_lost_is_unknown_and_not_repeated(
    api, client, campaign, mail, fault, write, path, mode, more
):
    before = asked(api, f"POST /api/v2/{path}")
    fault(path, mode, times=9, **more)
    answer = write(client, campaign)
    assert (answer.kind, answer.result) == (AnswerKind.NO_ANSWER, None)
    assert answer.reason
    assert isinstance(answer.error, UnknownOutcome)
    assert answer.error.remedy == "Look in Instantly before doing it again."
    assert asked(api, f"POST /api/v2/{path}") - before == 1


@pytest.mark.parametrize(
    ("mode", "kind"), [("drop_response", AnswerKind.NO_ANSWER), ("rate_limit", AnswerKind.NOT_SENT)]
)
def test_an_answer_to_a_mail_leaves_at_most_once(api, client, campaign, mail, fault, mode, kind):
    fault("emails/reply", mode)
    assert answer_mail(client, campaign).kind is kind
    assert len(api.sent(what="reply")) == (kind is AnswerKind.NO_ANSWER)


def test_a_lost_push_is_found_by_listing_back(client, campaign, fault):
    fault("leads/add", "drop_response")
    assert client.add_leads(campaign, [ANA]).kind is AnswerKind.NO_ANSWER
    [lead] = client.leads_by_contacts(campaign, [ANA.email])
    assert lead.variables[KEY] == ANA.key


def test_where_nothing_listens_nothing_was_sent(make_client, campaign, time):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = make_client(endpoint=f"http://127.0.0.1:{port}")
    assert push(client, campaign).kind is AnswerKind.NOT_SENT
    with pytest.raises(Retryable):
        client.workspace()


@pytest.mark.long
def test_a_write_that_may_be_done_twice_is_repeated_and_in_the_end_unknown(api, client, fault):
    fault("block-lists", "drop_response", times=2)
    assert client.block("ana@ejemplo.cl").value == "ana@ejemplo.cl"
    fault("block-lists", "drop_response", times=50)
    with pytest.raises(UnknownOutcome):
        client.block("bea@ejemplo.cl")


class Server:
    """Answers each request with the same bytes, piece by piece, as slowly as it is told."""

    def __init__(self, pieces, seconds=0.0):
        self.pieces, self.seconds, self.over = pieces, seconds, threading.Event()
        self.asked = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(65536))
                for piece in self.pieces:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        break
                    if self.over.wait(self.seconds):
                        return

    def close(self):
        if self.over.is_set():
            return
        self.over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def serve():
    made = []

    def start(pieces, seconds=0.0):
        made.append(Server(pieces, seconds))
        return made[-1]

    yield start
    for server in made:
        server.close()


DRIPS = {
    "head": [b"HTTP/1.1 200 OK\r\nX: "] + [b"x"] * 200,
    "body": [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"] + [b" "] * 200,
    "blank lines": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"1\r\n \r\n"] * 200,
}


@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_drips_ends_at_the_deadline_of_the_call(serve, make_client, campaign, drip):
    """Each byte comes in time; all of them would take two seconds."""
    server = serve(DRIPS[drip], 0.01)
    answer = push(make_client(endpoint=server.url, seconds=0.05), campaign)
    assert answer.kind is AnswerKind.NO_ANSWER
    assert "in time" in answer.reason
    assert not server.over.is_set()


def test_each_piece_is_waited_for_only_as_long_as_is_left_of_the_call(monkeypatch):
    """A socket whose own time-out is longer would let a call last twice its time."""
    one, other = socket.socketpair()
    with one, other, one.makefile("rb", buffering=0) as raw:
        one.settimeout(60)
        piece = transport._Deadlined(raw, one)
        monkeypatch.setattr(transport._deadline, "at", monotonic() + 10, raising=False)
        other.sendall(b"xx")
        assert piece.read(1) == b"x"
        assert one.gettimeout() <= 10
        monkeypatch.setattr(transport._deadline, "at", 0.0)
        with pytest.raises(TimeoutError):
            piece.read(1)


def test_a_server_that_says_nothing_is_waited_for_until_the_deadline(serve, make_client, campaign):
    server = serve([b"", b""], 5)
    answer = push(make_client(endpoint=server.url, seconds=0.05), campaign)
    assert (answer.kind, "in time" in answer.reason) == (AnswerKind.NO_ANSWER, True)


def refusal(status, body, *headers):
    head = "\r\n".join([f"HTTP/1.1 {status} X", "Connection: close", f"Content-Length: {len(body)}", *headers])
    return [f"{head}\r\n\r\n{body}".encode()]


def test_a_redirect_is_not_followed_with_the_key(serve, make_client, campaign):
    other = serve(refusal(200, "{}"))
    server = serve(refusal(307, "", f"Location: {other.url}/api/v2/leads/add"))
    client = make_client(endpoint=server.url)
    assert push(client, campaign).kind is AnswerKind.NO_ANSWER
    with pytest.raises(SettingsError, match="307: it refers to another address"):
        client.workspace()
    assert other.asked == []


@pytest.mark.parametrize(
    "body", ["<h1>Forbidden</h1>", "{}", '{"message": "x"}', "[]", '{"error": 1, "message": 2}']
)
def test_a_refusal_of_something_in_between_proves_nothing(serve, make_client, campaign, body):
    assert push(make_client(endpoint=serve(refusal(403, body)).url), campaign).kind is AnswerKind.NO_ANSWER


def test_the_key_is_in_no_error_no_log_and_no_text_of_the_client(serve, make_client, campaign, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(refusal(401, '{"statusCode": 401, "error": "x", "message": "SECRET-KEY is no key"}'))
    client = make_client("SECRET-KEY", server.url)
    answer = push(client, campaign)
    with pytest.raises(CredentialsError) as raised:
        client.workspace()
    server.close()
    with pytest.raises(Retryable) as lost:
        client.workspace()
    assert b"Authorization: Bearer SECRET-KEY" in server.asked[0]
    assert "… is no key" in answer.reason
    for error in (raised.value, lost.value, answer.error):
        assert error.__cause__ is None
        assert error.__context__ is None
        assert "SECRET-KEY" not in repr(vars(error))
    assert "SECRET-KEY" not in caplog.text + repr(vars(client)) + repr(answer)


def test_connections_are_kept_and_the_program_is_named(api, make_client):
    client = make_client()
    pool = client._service._session.get_adapter("http://127.0.0.1").poolmanager
    for _ in range(5):
        client.workspace()
    [one] = [pool.pools[key] for key in pool.pools.keys()]  # noqa: SIM118 - urllib3's container has no other way
    assert (one.num_connections, one.num_requests) == (1, 5)
    assert client._service._session.headers["User-Agent"].startswith("sheets-crm/")


def test_a_write_that_is_not_repeated_leaves_on_a_connection_of_its_own(serve, make_client, campaign):
    server = serve(refusal(404, '{"statusCode": 404, "error": "x", "message": "y"}'))
    client = make_client(endpoint=server.url)
    push(client, campaign)
    with pytest.raises(AccessError):
        client.workspace()
    assert [b"Connection: close" in head for head in server.asked] == [True, False]


def test_a_netrc_does_not_replace_the_key(api, make_client, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    client = make_client()
    client._service._session.trust_env = True
    assert client.workspace().id


@pytest.mark.long
def test_the_limits_of_the_service_are_kept_so_that_it_never_answers_429(make_client):
    slept = []
    with StandIns(clock=Clock(lambda: NOON)) as own:  # its clock moves
        api = StandInClient(own)

        def sleep(seconds):
            slept.append(seconds)
            api.control("POST", "clock", {"forward": seconds})

        limits = Limits(clock=lambda: 1000.0 + sum(slept), sleep=sleep)
        client = make_client(own.api_key, own.url, limits=limits, sleep=sleep)
        for _ in range(25):
            list(client.mails())
        assert asked(api, "GET /api/v2/emails") == 25
    assert slept == pytest.approx([60.05, 60.05])


@pytest.mark.parametrize("body", ['{"id": "a job", "status": "pending"}', "[]", "null", '{"total_sent": 1}'])
def test_a_success_of_another_shape_is_no_answer(serve, make_client, campaign, body):
    client = make_client(endpoint=serve(refusal(200, body)).url)
    answer = push(client, campaign)
    assert answer.kind is AnswerKind.NO_ANSWER
    assert "leads/add" in answer.reason
    with pytest.raises(Retryable, match="campaigns"):
        next(client.campaigns())
