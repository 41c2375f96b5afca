"""What the job of alerts does: look, bring alerts up to date, tell what is due, say what the workbook is to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from sheets_crm.alerts import notices
from sheets_crm.alerts.fold import fold
from sheets_crm.alerts.notices import Notice
from sheets_crm.alerts.ports import AlertBook, Answer, Post
from sheets_crm.alerts.quiet import QuietHours
from sheets_crm.alerts.rules import AT_ONCE, RULES, Facts, FailedJob, causes
from sheets_crm.alerts.telling import tell
from sheets_crm.alerts.values import Alert, Marks, Message
from sheets_crm.engine.commands import Command, Origin
from sheets_crm.errors import CrmError
from sheets_crm.features.alerts import ShowAlerts
from sheets_crm.features.alerts_on_control import SayOnControl
from sheets_crm.messages import localize
from sheets_crm.operations.alert_delivery import deliver
from sheets_crm.operations.alert_facts import Seen

OF_WORKER: Final = ("job_failed", "source_silent", "campaign_stopped")
"""Alerts that no line of Today and no problem on Control tells by itself."""


@dataclass(frozen=True)
class Alerting:
    """The alerts of one workbook, with all that they need of the world.

    Attributes:
        book: Remembers alerts, notices and messages.
        look: Reads the workbook.
        events: Reads which happenings somebody is told of.
        failed_jobs: Which jobs fail.
        post: Gives what sends messages off; None when nobody is told outside of the workbook. May raise `CrmError`,
            when the address cannot be read.
        quiet: The quiet hours; None for none.
        zone: The workbook's time zone.
        language: "es" or "en".
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        check: Stops here if the process was asked to end.
        has_tab: Whether the workbook has a tab of alerts.
        happened: What happened lately that somebody may want to be told of; the same may be given again.
    """

    book: AlertBook
    look: Callable[[], Seen]
    events: Callable[[], frozenset[str]]
    failed_jobs: Callable[[], tuple[FailedJob, ...]]
    post: Callable[[], Post] | None
    quiet: QuietHours | None
    zone: Callable[[], ZoneInfo]
    language: str
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    check: Callable[[], None] = lambda: None
    has_tab: bool = False
    happened: Callable[[dt.datetime], Sequence[Notice]] = lambda _now: ()

    def whole(self) -> tuple[Command, ...]:
        """Look at everything, tell what is due, and say what the workbook is to show.

        Raises:
            CrmError: The workbook cannot be read; what needs no look at it was told.
        """
        try:
            seen = self.look()
        except CrmError:
            self.at_once()
            raise
        facts = replace(seen.facts, failed_jobs=self.failed_jobs())
        alerts, _ = self._fold(facts, RULES.keys(), seen.marks)
        self._tell_notices(lambda: seen.events)
        return self._shown(alerts, self._deliver())

    def at_once(self) -> tuple[Command, ...]:
        """Look at what needs no workbook, and tell what is due; say what is to be shown where that is news."""
        facts = Facts(failed_jobs=self.failed_jobs())
        alerts, changed = self._fold(facts, AT_ONCE, None)
        self._tell_notices(self.events)
        trouble = self._deliver()
        return self._shown(alerts, trouble) if changed or trouble else ()

    def notify(self, event: str, text: str, link: str = "", key: str = "") -> None:
        """Note something that happened: who asked to be told of such events is told within a minute.

        Args:
            event: What kind of thing (`sheets_crm.features.notices.EVENTS`).
            text: What happened; of a person no more than LeadNumber and company.
            link: Where to look.
            key: The same for the same thing, so that it is told once however often it is noted; the text by default.
        """
        self.book.note(Notice(event, key or text, text, link), self._now())

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock(), tz=dt.UTC)

    def _is_quiet(self, now: dt.datetime) -> bool:
        return self.quiet is not None and self.quiet.holds(now.astimezone(self.zone()))

    def _fold(self, facts: Facts, codes: Collection[str], marks: Marks | None) -> tuple[list[Alert], bool]:
        """Bring the alerts up to date; whether others are open than before."""
        now, found = self._now(), causes(facts, self.language, codes)
        changed: list[bool] = []

        def decide(before: list[Alert]) -> tuple[list[Alert], list[Message]]:
            after = fold(before, found, codes, marks, now)
            changed[:] = [_open(before) != _open(after)]
            if self.post is None:
                return after, []
            return tell(after, now, quiet=self._is_quiet(now), language=self.language)

        return self.book.fold(decide, now), any(changed)

    def _tell_notices(self, events: Callable[[], frozenset[str]]) -> None:
        """Queue what is told of notices; in quiet hours they wait, and nobody looks whom they concern."""
        now = self._now()
        for notice in self.happened(now):
            self.book.note(notice, now)
        if self._is_quiet(now) or not self.book.waiting():
            return
        told = events() if self.post is not None else frozenset[str]()
        self.book.bundle(
            told, lambda waiting, recent: notices.bundled(waiting, recent, self.language), self._now()
        )

    def _deliver(self) -> str:
        """Send what is due; what is in the way, in words, or ""."""
        if self.post is None:
            return ""
        now = self._now()
        self.book.tidy(now)
        try:
            post = self.post()
        except CrmError as error:
            return localize("slack.unusable", self.language, reason=error.message.removesuffix("."))
        obstacle = deliver(self.book, post, self._now, self.sleep, self.check, quiet=self._is_quiet(now))
        if obstacle is None:
            return ""
        code = "slack.revoked" if obstacle.answer is Answer.REVOKED else "slack.later"
        return localize(code, self.language, answer=obstacle.words)

    def _shown(self, alerts: list[Alert], trouble: str) -> tuple[Command, ...]:
        opened = tuple(alert for alert in alerts if alert.open)
        lines = [_sentences(alert) for alert in opened if alert.cause.code in OF_WORKER and not alert.seen]
        unknown = self.book.standing(self._now()).unknown if self.post is not None else 0
        if unknown:
            lines.append(localize("slack.unknown", self.language, count=unknown))
        if trouble:
            lines.append(trouble)
        on_control = SayOnControl(tuple(lines), origin=Origin.JOB)
        return (ShowAlerts(opened, origin=Origin.JOB), on_control) if self.has_tab else (on_control,)


def _open(alerts: list[Alert]) -> set[tuple[object, ...]]:
    return {(alert.key, alert.times, alert.cause.text) for alert in alerts if alert.open}


def _sentences(alert: Alert) -> str:
    return f"{alert.cause.text.removesuffix('.')}. {alert.cause.remedy}"
