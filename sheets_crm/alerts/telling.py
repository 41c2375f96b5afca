"""What is told of alerts, and when: each opening once, its end once, several at once as one message."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sheets_crm.alerts.values import Alert, Message, Severity, Telling
from sheets_crm.messages import localize


def tell(
    alerts: Sequence[Alert], now: dt.datetime, *, quiet: bool, language: str
) -> tuple[list[Alert], list[Message]]:
    """The messages that are due, and the alerts with what was told.

    Args:
        alerts: The alerts.
        now: The moment.
        quiet: Whether it is among the quiet hours.
        language: Of the messages.
    """
    opened = [alert for alert in alerts if _opening_due(alert, now, quiet=quiet)]
    ended = [alert for alert in alerts if _end_due(alert, now, quiet=quiet)]
    told = {alert.key for alert in opened}
    cleared = {alert.key for alert in ended}
    after = [
        replace(alert, told=alert.times)
        if alert.key in told
        else replace(alert, cleared=alert.times)
        if alert.key in cleared
        else alert
        for alert in alerts
    ]
    messages = [
        Message(_key(telling, of), telling, _text(telling, of, language), _urgent(telling, of))
        for telling, of in ((Telling.OPENED, opened), (Telling.CLEARED, ended))
        if of
    ]
    return after, messages


def _snoozed(alert: Alert, now: dt.datetime) -> bool:
    return alert.snooze_until is not None and alert.snooze_until > now


def _opening_due(alert: Alert, now: dt.datetime, *, quiet: bool) -> bool:
    if not alert.open or alert.told == alert.times or alert.seen or _snoozed(alert, now):
        return False
    if quiet and alert.cause.severity is not Severity.URGENT:
        return False
    return alert.tell_from is None or alert.tell_from <= now


def _end_due(alert: Alert, now: dt.datetime, *, quiet: bool) -> bool:
    """Whether the end of an alert is to be told now: by day, and only if it was told that it began (`fold`)."""
    return not (alert.open or quiet or _snoozed(alert, now)) and alert.cleared < alert.times


def _key(telling: Telling, alerts: Sequence[Alert]) -> str:
    """The same for the same openings, whoever tells them."""
    named = "\n\n".join(sorted("\n".join((*alert.key, str(alert.times))) for alert in alerts))
    return f"{telling}:{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def _urgent(telling: Telling, alerts: Sequence[Alert]) -> bool:
    return telling is Telling.OPENED and any(alert.cause.severity is Severity.URGENT for alert in alerts)


def _text(telling: Telling, alerts: Sequence[Alert], language: str) -> str:
    lines = [_line(telling, alert, language) for alert in alerts]
    if len(lines) == 1:
        return lines[0]
    heading = localize(f"alert.digest.{telling}", language, count=len(lines))
    return "\n".join([heading, *(f"• {line}" for line in lines)])


def _line(telling: Telling, alert: Alert, language: str) -> str:
    cause = alert.cause
    if telling is Telling.CLEARED:
        return localize("alert.cleared", language, text=cause.text)
    urgent = cause.severity is Severity.URGENT
    code = "alert.opened_urgent" if urgent else "alert.opened"
    said = localize(code, language, text=cause.text, remedy=cause.remedy)
    return f"{said} {cause.link}".rstrip()
