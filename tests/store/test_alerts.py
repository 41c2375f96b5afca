"""Alerts, notices and messages in the store: one transaction each, and each message claimed once."""

import datetime as dt
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from sheets_crm.alerts.notices import Notice, Recent, bundled
from sheets_crm.alerts.ports import Answer, Posted, Standing
from sheets_crm.alerts.values import Alert, Cause, Message, Severity, Telling
from sheets_crm.store import keeping
from sheets_crm.store.alert_messages import IN_HAND, KEPT
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.schema import ALERT_MESSAGES, NOTICES
from sheets_crm.store.stored_alerts import StoredAlerts

NOW = dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
CAUSE = Cause("job_failed", "feeds", Severity.URGENT, "feeds fails: Ana", "Look.", "https://one.example", "ana")
ALERT = Alert(CAUSE, NOW, 2, 1, 1, NOW, NOW + MINUTE, "A-0001", seen=True, snooze_until=NOW + 2 * MINUTE)
MESSAGE = Message("opened:1", Telling.OPENED, "feeds fails: Ana", urgent=True)


def book(place, workbook="book"):
    return StoredAlerts(place.store(), workbook)


def queued(alerts, *messages):
    alerts.fold(lambda before: (before, list(messages or [MESSAGE])), NOW)
    return alerts.due(NOW)


def states(place):
    asked = select(ALERT_MESSAGES.c.state).order_by(ALERT_MESSAGES.c.alert_message_id)
    return list(place.store().read(lambda connection: connection.execute(asked).scalars().all()))


def test_alerts_come_back_as_they_were_saved_for_each_workbook(place):
    alerts = book(place)
    other = replace(ALERT, cause=replace(CAUSE, subject=""), closed_at=None, tell_from=None, snooze_until=None)
    assert alerts.fold(lambda before: ([*before, ALERT, other], []), NOW) == [ALERT, other]
    assert book(place).alerts() == [other, ALERT]
    assert book(place, "another").alerts() == []
    later = replace(ALERT, times=3, row="", seen=False)
    assert alerts.fold(lambda before: ([later, other], []), NOW) == [later, other]
    assert book(place).alerts() == [other, later]


def test_alerts_and_what_is_told_of_them_are_saved_together_or_not_at_all(place):
    def dies(_before):
        raise RuntimeError

    alerts = book(place)
    with pytest.raises(RuntimeError):
        alerts.fold(dies, NOW)
    twice = Message("opened:2", Telling.OPENED, None)
    with pytest.raises(Exception, match=r"(?i)null"):
        alerts.fold(lambda _before: ([ALERT], [MESSAGE, twice]), NOW)
    assert (alerts.alerts(), alerts.due(NOW)) == ([], [])


def test_a_message_is_queued_once_for_its_key(place):
    alerts = book(place)
    assert [one.text for one in queued(alerts)] == ["feeds fails: Ana"]
    assert len(queued(alerts, replace(MESSAGE, text="other words"))) == 1
    assert queued(alerts)[0].urgent


def test_of_many_who_claim_a_message_one_gets_it(place):
    (message,) = queued(book(place))
    books, got, start = [book(place) for _ in range(4)], [], threading.Barrier(4)

    def claims(alerts):
        start.wait()
        got.append(alerts.claim(message, NOW))

    threads = [threading.Thread(target=claims, args=(alerts,)) for alerts in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_two_that_bring_alerts_up_to_date_at_once_do_so_one_after_the_other(place):
    """Else both would find that nobody was told yet."""
    books, start = [book(place) for _ in range(2)], threading.Barrier(2)
    found = []

    def decide(before):
        found.append(len(before))
        return (before or [ALERT]), [Message(f"opened:{len(found)}", Telling.OPENED, "x")] if not before else []

    def folds(alerts):
        start.wait()
        alerts.fold(decide, NOW)

    threads = [threading.Thread(target=folds, args=(alerts,)) for alerts in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [0, 1]
    assert len(book(place).due(NOW)) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.SENT, "sent"),
        (Answer.UNKNOWN, "unknown"),
        (Answer.REFUSED, "failed"),
        (Answer.LATER, "failed"),
        (Answer.REVOKED, "failed"),
    ],
)
def test_an_answer_settles_a_message(place, answer, state):
    alerts = book(place)
    (message,) = queued(alerts)
    assert alerts.claim(message, NOW)
    assert alerts.due(NOW) == []
    alerts.settle(message, Posted(answer, "words"), NOW, None)
    assert states(place) == [state]
    assert alerts.due(NOW + KEPT) == []
    assert not alerts.claim(message, NOW)
    assert alerts.standing(NOW) == Standing("words", NOW, int(answer is Answer.UNKNOWN))


def test_a_message_that_is_sent_again_waits_until_then(place):
    alerts = book(place)
    (message,) = queued(alerts)
    alerts.claim(message, NOW)
    alerts.settle(message, Posted(Answer.LATER, "429"), NOW, NOW + MINUTE)
    assert alerts.due(NOW + MINUTE / 2) == []
    assert alerts.due(NOW + MINUTE) == [replace(message, attempts=1)]


def test_a_claim_without_an_answer_is_unknown_when_nobody_waits_for_it_any_more(place):
    alerts = book(place)
    (message,) = queued(alerts)
    alerts.claim(message, NOW)
    alerts.tidy(NOW + IN_HAND - MINUTE)
    assert states(place) == ["claimed"]
    alerts.tidy(NOW + IN_HAND)
    assert states(place) == ["unknown"]
    assert alerts.standing(NOW).unknown == 1
    assert alerts.due(NOW + IN_HAND) == []


def test_what_was_settled_long_ago_is_deleted_and_what_waits_stays(place):
    alerts = book(place)
    sent, _ = queued(alerts, MESSAGE, replace(MESSAGE, key="opened:2"))
    alerts.claim(sent, NOW)
    alerts.settle(sent, Posted(Answer.SENT), NOW, None)
    alerts.note(Notice("reply", "1", "x"), NOW)
    alerts.tidy(NOW + KEPT + MINUTE)
    assert states(place) == ["waiting"]
    assert len(alerts.waiting()) == 1


# -- notices


def decide(waiting, recent):
    return bundled(waiting, recent, "en")


def test_a_notice_is_noted_once_and_told_once(place):
    alerts = book(place)
    notice = Notice("reply", "7", "Reply of lead 7", "https://one.example/7")
    assert alerts.note(notice, NOW)
    assert not alerts.note(replace(notice, text="again"), NOW)
    assert alerts.waiting() == [notice]
    alerts.bundle(frozenset({"reply"}), decide, NOW)
    alerts.bundle(frozenset({"reply"}), decide, NOW)
    assert [one.text for one in alerts.due(NOW)] == ["Reply of lead 7 https://one.example/7"]
    assert not alerts.note(notice, NOW)


def test_what_nobody_asked_for_is_dropped(place):
    alerts = book(place)
    alerts.note(Notice("deal won", "7", "x"), NOW)
    alerts.bundle(frozenset({"reply"}), decide, NOW)
    assert (alerts.waiting(), alerts.due(NOW)) == ([], [])


@pytest.mark.long
def test_more_than_five_in_ten_minutes_become_one(place):
    alerts, told = book(place), frozenset({"reply"})
    for n in range(9):
        alerts.note(Notice("reply", str(n), f"Reply {n}"), NOW + n * MINUTE)
        alerts.bundle(told, decide, NOW + n * MINUTE)
    assert len(alerts.due(NOW + KEPT)) == 5
    for minutes in range(9, 40):
        alerts.bundle(told, decide, NOW + minutes * MINUTE)
    *_, last = alerts.due(NOW + KEPT)
    assert last.text.splitlines() == ["4 things have happened:", *(f"• Reply {n}" for n in range(5, 9))]
    assert last.made_at == NOW + 10 * MINUTE


def test_what_was_told_lately_is_counted(place):
    alerts, seen = book(place), []

    def count(waiting, recent):
        seen.append(recent)
        return bundled(waiting, recent, "en")

    for n in range(6):
        alerts.note(Notice("reply", str(n), "x"), NOW)
    alerts.bundle(frozenset({"reply"}), count, NOW)
    alerts.note(Notice("reply", "more", "x"), NOW)
    alerts.bundle(frozenset({"reply"}), count, NOW + MINUTE)
    alerts.bundle(frozenset({"reply"}), count, NOW + 11 * MINUTE)
    assert seen == [Recent(), Recent(0, several=True), Recent()]
    assert len(alerts.due(NOW + KEPT)) == 2


# -- erased, restored


def test_texts_that_may_quote_a_person_are_erased_with_them(place):
    alerts = book(place)
    alerts.note(Notice("reply", "7", "Ana has replied"), NOW)
    alerts.bundle(frozenset({"reply"}), decide, NOW)
    alerts.fold(lambda _before: ([ALERT], [MESSAGE]), NOW)
    for message in alerts.due(NOW):
        alerts.claim(message, NOW)
        alerts.settle(message, Posted(Answer.SENT), NOW, None)
    StoredJournal(place.store(), "book").erase(lambda _entry: True)

    def texts(connection):
        columns = (ALERT_MESSAGES.c.text, NOTICES.c.text)
        return [text for column in columns for text in connection.execute(select(column)).scalars()]

    assert "Ana" not in "".join([*place.store().read(texts), alerts.alerts()[0].cause.text])
    assert alerts.alerts()[0].key == CAUSE.key


@pytest.mark.long
def test_a_restored_backup_tells_nothing_again(file_place):
    alerts = book(file_place)
    opened = replace(ALERT, closed_at=None)
    alerts.fold(lambda _before: ([opened], [MESSAGE]), NOW)
    alerts.note(Notice("reply", "7", "x"), NOW)
    store = file_place.store()
    keeping.restore(store, keeping.back_up(store))
    restored = StoredAlerts(store, "book")
    assert restored.alerts() == [replace(opened, told=2)]
    assert (restored.due(NOW), restored.waiting()) == ([], [])
    assert restored.standing(NOW).unknown == 1


@pytest.mark.long
def test_a_store_of_the_version_before_gets_the_tables(file_place):
    store = file_place.store()
    store.prepare()
    with closing(sqlite3.connect(store.file)) as file:
        for table in ("notices", "alert_messages", "alerts"):
            file.execute(f"DROP TABLE {table}")
        file.execute("UPDATE alembic_version SET version_num = '0007'")
        file.commit()
    alerts = StoredAlerts(file_place.store(migrates=True), "book")
    assert alerts.fold(lambda _before: ([ALERT], [MESSAGE]), NOW) == [ALERT]
    assert alerts.alerts() == [ALERT]
