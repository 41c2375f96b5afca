"""Answers of leads as notices: who asked to be told of them is told once of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sheets_crm.alerts.notices import Notice
from sheets_crm.engine.intake import Activity
from sheets_crm.messages import localize

RECENT: Final = dt.timedelta(hours=1)
"""Answers that came longer ago are no news; those since then are noted again and again, each under one key."""
ANSWERS: Final = ("replied", "labelled")
"""Kinds of activities that may be an answer."""
_POSITIVE: Final = frozenset({"lead_interested", "lead_meeting_booked"})


def answers_noticed(activities: Sequence[Activity], language: str) -> list[Notice]:
    """The notices of what leads answered: a question, any other reply, a label that says it was positive."""
    notices = []
    for activity in activities:
        event = _event(activity)
        if event:
            code = f"notice.{event.replace(' ', '_')}"
            text = localize(code, language, lead=activity.lead_number, channel=activity.channel)
            notices.append(Notice(event, activity.key, text))
    return notices


def _event(activity: Activity) -> str:
    if activity.kind == "labelled":
        return "positive reply" if activity.text in _POSITIVE else ""
    return "question" if activity.text.strip().endswith("?") else "reply"
