"""The job dies at every boundary of look, fold, claim, post and record: nothing is told twice, nothing is lost unshown."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest

from sheets_crm.alerts.ports import Answer, Posted
from sheets_crm.alerts.quiet import QuietHours
from sheets_crm.alerts.rules import Facts, FailedJob, LateBatch
from sheets_crm.errors import Retryable
from sheets_crm.features.alerts import ShowAlerts
from sheets_crm.features.alerts_on_control import SayOnControl
from sheets_crm.operations.alert_facts import Seen
from sheets_crm.operations.alerting import Alerting
from sheets_crm.store import durability
from sheets_crm.store.access import Store
from sheets_crm.store.stored_alerts import StoredAlerts

NOON = dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC)
LATE = LateBatch("V-0001", 8, 3)
FAILED = FailedJob("feeds", "no answer")


class Killed(BaseException):
    """The process ends here."""


class Boundaries:
    """Ends the process at one boundary, counted from 0; never for None."""

    def __init__(self, at=None):
        self.at, self.passed = at, 0

    def __call__(self):
        here, self.passed = self.passed, self.passed + 1
        if here == self.at:
            raise Killed


class Watched:
    """A book with a boundary before and after each of its transactions."""

    def __init__(self, book, boundary):
        self._book, self._boundary = book, boundary

    def __getattr__(self, name):
        method = getattr(self._book, name)

        def watched(*given, **options):
            self._boundary()
            answer = method(*given, **options)
            self._boundary()
            return answer

        return watched


class World:
    """A workbook's facts, its store, and a channel; each process has an `Alerting` of its own."""

    def __init__(self, folder, patch):
        patch.setattr(durability, "SYNCHRONOUS", "OFF")
        self.folder, self.now, self.channel = folder, NOON, []
        self.facts, self.failed = Facts(), []
        self.events = frozenset({"reply"})
        self.answer, self.can_be_read = Posted(Answer.SENT, "200 ok"), True

    def process(self, boundary=lambda: None, **more):
        book = StoredAlerts(Store(f"sqlite:///{self.folder / 'crm.db'}", self.folder), "book")

        def look():
            boundary()
            if not self.can_be_read:
                raise Retryable("no answer")
            return Seen(self.facts, {}, self.events)

        def post(text):
            boundary()
            if self.answer.answer is Answer.SENT:
                self.channel.append(text)
            boundary()
            return self.answer

        given = {
            "book": Watched(book, boundary),
            "look": look,
            "events": lambda: self.events,
            "failed_jobs": lambda: tuple(self.failed),
            "post": lambda: post,
            "quiet": None,
            "zone": lambda: ZoneInfo("Europe/Madrid"),
            "language": "en",
            "clock": lambda: self.now.timestamp(),  # noqa: PLW0108 - the moment moves
            "sleep": lambda _seconds: None,
            "has_tab": True,
        }
        return Alerting(**(given | more))

    def later(self, **time):
        self.now += dt.timedelta(**time)

    def unknown(self):
        return (
            StoredAlerts(Store(f"sqlite:///{self.folder / 'crm.db'}", self.folder), "book")
            .standing(self.now)
            .unknown
        )


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def episode(world, kill=None):
    """A late batch, two notices, all over two hours later; the first turn dies at a boundary, others go on."""
    world.facts = Facts(late_batches=(LATE,))
    for key in "12":
        world.process().notify("reply", f"Reply {key}", key=key)
    boundary = Boundaries(kill)
    try:
        world.process(boundary).whole()
    except Killed:
        world.later(minutes=1)
        world.process().at_once()
    world.later(hours=2)
    world.process().whole()
    world.facts = Facts()
    world.later(hours=2)
    world.process().whole()
    world.process().at_once()
    return boundary.passed


WANTED = [
    "Alert: Batch V-0001 has been out for 8 days; leads not back: 3. Paste its output into Inbox, or tick close in Batches.",
    "Reply 1",
    "Reply 2",
    "Resolved: Batch V-0001 has been out for 8 days; leads not back: 3.",
]


@pytest.mark.long
def test_undisturbed_each_thing_is_told_once(world):
    assert episode(world) > 20
    assert world.channel == WANTED
    assert world.unknown() == 0


@pytest.mark.long
def test_killed_at_every_boundary_each_thing_is_told_once_or_shown_as_unknown(tmp_path, monkeypatch):
    lost = []
    for kill in itertools.count():
        folder = tmp_path / str(kill)
        folder.mkdir()
        world = World(folder, monkeypatch)
        if episode(world, kill) <= kill:
            break
        missing = [text for text in WANTED if text not in world.channel]
        assert len(world.channel) == len(set(world.channel)), (kill, world.channel)
        assert set(world.channel) <= set(WANTED)
        assert world.unknown() >= len(missing), (kill, missing)
        assert world.unknown() <= 1
        lost.append(len(missing))
    assert kill > 20
    assert set(lost) == {0, 1}


# -- what one turn does


def commands_of(given):
    """The alerts that are shown, and the lines on Control."""
    shown = [alert.cause.subject for one in given if isinstance(one, ShowAlerts) for alert in one.alerts]
    return shown, [line for one in given if isinstance(one, SayOnControl) for line in one.lines]


def test_what_is_shown_are_the_open_alerts_and_on_control_those_of_the_worker(world):
    world.facts, world.failed = Facts(late_batches=(LATE,)), [FAILED]
    shown, lines = commands_of(world.process().whole())
    assert sorted(shown) == ["V-0001", "feeds"]
    assert lines == [
        "The job feeds fails: no answer. Whoever runs the system: sheets-crm job list and sheets-crm doctor say more."
    ]


def test_between_turns_only_news_is_shown(world):
    assert world.process().at_once() == ()
    world.failed = [FAILED]
    assert commands_of(world.process().at_once())[0] == ["feeds"]
    assert world.process().at_once() == ()
    world.failed = []
    assert commands_of(world.process().at_once()) == ([], [])


def test_a_workbook_that_cannot_be_read_does_not_keep_failures_from_being_told(world):
    world.can_be_read, world.failed = False, [FAILED]
    with pytest.raises(Retryable):
        world.process().whole()
    (text,) = world.channel
    assert text.startswith("Urgent: The job feeds fails")


def test_quiet_hours_are_the_workbook_s_and_what_they_held_is_told_when_they_end(world):
    hours = QuietHours(dt.time(20), dt.time(8))
    world.now = dt.datetime(2026, 5, 28, 18, 30, tzinfo=dt.UTC)  # 20:30 in Madrid
    world.facts = Facts(late_batches=(LATE,))
    world.process().notify("reply", "Reply 1", key="1")
    world.process(quiet=hours).whole()
    world.failed = [FAILED]
    world.process(quiet=hours).at_once()
    assert [text.split(":")[0] for text in world.channel] == ["Urgent"]
    world.now = dt.datetime(2026, 5, 29, 5, 59, tzinfo=dt.UTC)
    world.process(quiet=hours).at_once()
    assert len(world.channel) == 1
    world.now = dt.datetime(2026, 5, 29, 6, 0, tzinfo=dt.UTC)
    world.process(quiet=hours).at_once()
    assert [text.split(":")[0] for text in world.channel] == ["Urgent", "Alert", "Reply 1"]


def test_without_anybody_to_tell_nothing_is_queued_and_notices_are_dropped(world):
    world.facts = Facts(late_batches=(LATE,))
    process = world.process(post=None)
    process.notify("reply", "Reply 1", key="1")
    shown, lines = commands_of(process.whole())
    assert (shown, lines, world.channel) == (["V-0001"], [], [])
    world.process().whole()  # now there is somebody
    assert world.channel == WANTED[:1]


def test_an_address_that_cannot_be_read_is_said_and_the_message_waits(world):
    def unreadable():
        raise Retryable("The file is not there.")

    world.failed = [FAILED]
    _, lines = commands_of(world.process(post=unreadable).at_once())
    assert lines[-1] == "Nothing can be told by Slack: The file is not there. sheets-crm doctor says what to do."
    world.process().at_once()
    assert len(world.channel) == 1


def test_a_claim_in_hand_is_left_alone_and_then_shown_on_control(world):
    world.facts = Facts(late_batches=(LATE,))
    dying = world.process(post=lambda: _dies)
    with pytest.raises(Killed):
        dying.whole()
    assert world.unknown() == 0
    world.later(hours=2)
    _, lines = commands_of(world.process().whole())
    assert world.channel == []
    assert lines == [
        "Of 1 message to Slack nobody knows whether it arrived; it is not repeated. Look into the channel."
    ]


def _dies(_text):
    raise Killed
