"""Posts to the webhook over the wire, with what goes wrong on the way: each stands in the channel once, or is shown."""

import datetime as dt
import socket

import pytest

from sheets_crm.alerts.ports import Answer, Posted
from sheets_crm.alerts.values import Message, Telling
from sheets_crm.errors import CredentialsError
from sheets_crm.operations.alert_delivery import EXPIRES, LONGEST_PAUSE, REVOKED_PAUSE, deliver
from sheets_crm.slack import posting, webhook
from sheets_crm.slack.webhook import Webhook, given_webhook, load_webhook
from sheets_crm.store import durability
from sheets_crm.store.access import Store
from sheets_crm.store.stored_alerts import StoredAlerts

NOON = dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC)
MESSAGE = Message("opened:1", Telling.OPENED, "feeds fails & <stands>", urgent=True)
SECOND = Message("opened:2", Telling.OPENED, "V-0001 is late")


class Office:
    """The messages of a workbook, on a clock that sleeping moves."""

    def __init__(self, folder, channel, patch):
        patch.setattr(durability, "SYNCHRONOUS", "OFF")
        self.now, self.slept, self.channel = NOON, [], channel
        self.book = StoredAlerts(Store(f"sqlite:///{folder / 'crm.db'}", folder), "book")
        self.webhook = channel.webhook

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += dt.timedelta(seconds=seconds)
        self.channel.forward(seconds)

    def queue(self, *messages):
        self.book.fold(lambda before: (before, list(messages)), self.now)

    def deliver(self, *, quiet=False):
        return deliver(
            self.book,
            lambda text: posting.post(self.webhook, text),
            lambda: self.now,
            self.sleep,
            lambda: None,
            quiet=quiet,
        )

    @property
    def standing(self):
        return self.book.standing(self.now)


@pytest.fixture
def office(tmp_path, channel, monkeypatch):
    return Office(tmp_path, channel, monkeypatch)


def test_a_message_is_posted_once_with_slack_s_own_marks_escaped(office, channel):
    office.queue(MESSAGE)
    assert office.deliver() is None
    assert office.deliver() is None
    assert channel.texts() == ["feeds fails &amp; &lt;stands&gt;"]
    assert office.standing.answer == "200 ok"


def test_one_message_a_second_is_kept_to_as_the_service_asks(office, channel):
    channel.limits(on=True)
    office.queue(MESSAGE, SECOND)
    assert office.deliver() is None
    assert len(channel.texts()) == 2
    assert sum(office.slept) >= 1


@pytest.mark.parametrize(("mode", "more"), [("rate_limit", {"retry_after": 3}), ("status", {"status": 503})])
def test_a_refusal_that_passes_is_waited_for(office, channel, mode, more):
    channel.arm(mode, times=2, **more)
    office.queue(MESSAGE)
    assert office.deliver() is None
    assert len(channel.texts()) == 1
    assert office.slept == ([3.0, 3.0] if mode == "rate_limit" else [1.0, 2.0])


def test_a_turn_waits_no_longer_than_half_a_minute_and_the_next_one_goes_on(office, channel):
    channel.arm("rate_limit", times=4, retry_after=9)
    office.queue(MESSAGE, SECOND)
    obstacle = office.deliver()
    assert obstacle.answer is Answer.LATER
    assert obstacle.words.startswith("429")
    assert sum(office.slept) <= 30
    assert channel.texts() == []
    assert office.deliver() is None  # its pause is not over
    office.now += dt.timedelta(seconds=9)
    office.deliver()
    assert len(channel.texts()) == 2


def test_a_long_pause_is_not_waited_for(office, channel):
    channel.arm("rate_limit", retry_after=600)
    office.queue(MESSAGE)
    assert office.deliver().answer is Answer.LATER
    assert office.slept == []
    assert office.book.due(NOON + dt.timedelta(seconds=599)) == []
    assert len(office.book.due(NOON + dt.timedelta(seconds=600))) == 1


@pytest.mark.long
def test_a_message_that_never_gets_through_is_given_up_after_a_day(office, channel):
    channel.arm("status", times=10_000, status=503)
    office.queue(MESSAGE)
    tries = 0
    while office.now < NOON + 2 * EXPIRES:
        office.deliver()
        tries += 1
        office.now += dt.timedelta(hours=1)
    assert office.book.due(office.now) == []
    assert office.standing.unknown == 0
    assert channel.texts() == []


@pytest.mark.long
@pytest.mark.parametrize(("mode", "stands"), [("drop_response", 1), ("timeout", 1), ("drop_request", 0)])
def test_a_lost_answer_is_shown_and_not_sent_again(office, channel, mode, stands, monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.5)
    channel.arm(mode, **({"seconds": 0.1} if mode == "timeout" else {}))
    office.queue(MESSAGE, SECOND)
    assert office.deliver() is None
    office.now += dt.timedelta(hours=3)
    assert office.deliver() is None
    texts = channel.texts()
    assert texts.count("feeds fails &amp; &lt;stands&gt;") == stands
    assert texts.count("V-0001 is late") == 1
    assert office.standing.unknown == 1


@pytest.mark.parametrize("word", ["no_service", "channel_is_archived", "invalid_token", "action_prohibited"])
def test_a_webhook_that_was_revoked_is_said_and_what_waits_is_sent_by_the_next_one(office, channel, word):
    channel.answers(word)
    office.queue(MESSAGE, SECOND)
    obstacle = office.deliver()
    assert (obstacle.answer, obstacle.words.split()[1]) == (Answer.REVOKED, word)
    assert office.standing.answer == obstacle.words
    channel.answers("ok")
    office.now += dt.timedelta(seconds=REVOKED_PAUSE)
    assert office.deliver() is None
    assert len(channel.texts()) == 2
    assert office.standing.answer == "200 ok"


@pytest.mark.long
def test_a_service_that_cannot_be_reached_is_tried_again(office, channel):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/services/T/B/x"
    office.webhook = Webhook(nobody)
    office.queue(MESSAGE)
    obstacle = office.deliver()
    assert obstacle == Posted(Answer.LATER, "NewConnectionError")
    office.webhook = channel.webhook
    office.now += dt.timedelta(seconds=LONGEST_PAUSE)
    assert office.deliver() is None
    assert len(channel.texts()) == 1


def test_a_message_that_the_service_does_not_take_is_not_repeated_and_the_next_one_goes(office, channel):
    office.queue(Message("opened:0", Telling.OPENED, ""), SECOND)
    assert office.deliver() is None
    assert channel.texts() == ["V-0001 is late"]
    assert len(office.book.due(NOON + EXPIRES)) == 0


def test_in_quiet_hours_only_what_is_urgent_leaves(office, channel):
    office.queue(SECOND, MESSAGE)
    office.deliver(quiet=True)
    assert channel.texts() == ["feeds fails &amp; &lt;stands&gt;"]
    office.deliver()
    assert len(channel.texts()) == 2


# -- the address


def test_the_address_is_read_from_a_file_of_its_owner_s_alone(webhook_file, channel):
    assert load_webhook(webhook_file) == Webhook(channel.address)
    assert channel.address not in repr(load_webhook(webhook_file))
    webhook_file.chmod(0o640)
    (warning,) = load_webhook(webhook_file).warnings
    assert str(webhook_file) in warning
    webhook_file.chmod(0o644)
    with pytest.raises(CredentialsError) as raised:
        load_webhook(webhook_file)
    assert channel.address not in raised.value.message + raised.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"xoxb-1",
        b"http://hooks.slack.com/services/x",
        b"https:///services/x",
        b"https://a b",
        b"ftp://a/b",
        b"https://\xc3\xa9/x",
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(tmp_path, content):
    path = tmp_path / "slack"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(CredentialsError) as raised:
        load_webhook(path)
    assert content.decode("utf-8") not in raised.value.message or not content
    with pytest.raises(CredentialsError):
        given_webhook(content.decode("utf-8"), "VARIABLE")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CredentialsError, match="slack_webhook_file"):
        load_webhook(tmp_path / "nothing")


def test_an_answer_of_somebody_else_is_not_repeated():
    """A proxy's page may have the address in it."""

    class Page:
        status_code, headers = 502, {}
        text = "<html>https://hooks.slack.com/services/T/B/secret</html>"
        content = text.encode()

    assert posting.answered(Page()) == Posted(Answer.LATER, "502", None)
    assert webhook.SETTING
