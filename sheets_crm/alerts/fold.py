"""From the causes that were seen to the alerts that are open: one alert for each cause, however often it is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from sheets_crm.alerts.values import Alert, Cause, Marks, Severity

CALM: Final = dt.timedelta(hours=24)
"""An alert that opens again so soon after it closed is not told before, unless it is urgent: it comes and goes."""


def fold(
    alerts: Iterable[Alert], causes: Iterable[Cause], codes: Collection[str], marks: Marks | None, now: dt.datetime
) -> list[Alert]:
    """Bring alerts up to date with what was seen.

    Args:
        alerts: The alerts as they are remembered, closed ones too.
        causes: The causes that were seen.
        codes: The codes that were looked for; alerts of others stay as they are.
        marks: What operators say in the rows of the alerts; None when nobody has looked.
        now: The moment.
    """
    seen = {cause.key: cause for cause in causes if cause.code in codes}
    known = {alert.key: alert for alert in alerts}
    marked = {key: _marked(alert, marks) for key, alert in known.items()}
    kept = [_seen(alert, seen.get(key), codes, now) for key, alert in marked.items()]
    return [*kept, *(Alert(cause, now) for key, cause in seen.items() if key not in known)]


def _marked(alert: Alert, marks: Marks | None) -> Alert:
    """The alert with what operators say of it; who deleted its row does not want to hear of it either."""
    if marks is None or not alert.open:
        return alert
    mark = marks.get(alert.key)
    if mark is None:
        return replace(alert, seen=True) if alert.row else alert
    return replace(alert, row=mark.row, seen=mark.seen, snooze_until=mark.snooze_until)


def _seen(alert: Alert, cause: Cause | None, codes: Collection[str], now: dt.datetime) -> Alert:
    if cause is not None:
        return _opened(replace(alert, cause=cause), now)
    if alert.open and alert.cause.code in codes:
        return _closed(alert, now)
    return alert


def _opened(alert: Alert, now: dt.datetime) -> Alert:
    """The alert with its cause there: as before, or opened once more.

    One whose end nobody was told of yet goes on: for those who were told, it never ended.
    """
    if alert.closed_at is None:
        return alert
    if alert.told == alert.times and alert.cleared < alert.told:
        return replace(alert, closed_at=None)
    again = alert.closed_at + CALM
    waits = again if alert.cause.severity is not Severity.URGENT and again > now and alert.told else None
    return replace(
        alert,
        closed_at=None,
        since=now,
        times=alert.times + 1,
        tell_from=waits,
        seen=False,
        snooze_until=None,
        row="",
    )


def _closed(alert: Alert, now: dt.datetime) -> Alert:
    """The alert without its cause; of an opening that nobody was told of, the end is not told either."""
    cleared = alert.cleared if alert.told == alert.times else alert.times
    return replace(alert, closed_at=now, cleared=cleared)
