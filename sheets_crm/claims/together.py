"""Handing over many messages in one call, as a service takes them that is given a list of people.

Each message keeps its own claim, hand-over and answer. What is done for all of a call at once is done in one commit:
it begins for those that nobody else began, and a call that is cut off leaves all of them unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Final

from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.handing import Became, handover
from sheets_crm.claims.persons import blocked
from sheets_crm.claims.ports import Ports, Together
from sheets_crm.claims.values import Handover, StoreClaim, View

AT_ONCE: Final = 1000
"""How many messages one call takes."""


def hand_over_together(
    ports: Ports, outlet: Together, view: View, claims: tuple[StoreClaim, ...]
) -> Steps[dict[str, Became]]:
    """Hand over claims in calls of one campaign each: what became of each, by message id."""
    became: dict[str, Became] = {}
    for call in _calls(claims):
        became |= yield from _hand_over_call(ports, outlet, view, call)
    return became


def _calls(claims: tuple[StoreClaim, ...]) -> Iterator[tuple[StoreClaim, ...]]:
    """Yield the claims of each call; all of a call are of one campaign and one epoch."""
    for _, of_campaign in groupby(sorted(claims, key=_campaign), _campaign):
        every = tuple(of_campaign)
        yield from (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def _campaign(claim: StoreClaim) -> tuple[str, int]:
    return claim.row.campaign_id, claim.row.epoch


def _hand_over_call(
    ports: Ports, outlet: Together, view: View, claims: tuple[StoreClaim, ...]
) -> Steps[dict[str, Became]]:
    """What became of the claims of one call: handed over and answered, or released for those blocked meanwhile."""
    now = yield from do(ports.clock.now)
    messages = {claim.message_id: handover(view, claim) for claim in claims}
    became = dict.fromkeys(messages, Became.LEFT)  # what is too old is claimed anew by the next pass, or cancelled
    fresh = {message: one for message, one in messages.items() if now < one.not_after}
    if not fresh:
        return became
    entries = yield from do(ports.suppressions.entries)
    stopped = [message for message, one in fresh.items() if blocked(one.row, entries)]
    if stopped:
        freed = yield from do(ports.store.release, stopped)
        became |= dict.fromkeys(freed, Became.RELEASED)
    leaving = {message: one for message, one in fresh.items() if message not in stopped}
    became |= yield from _leave(ports, outlet, leaving, now)
    return became


def _leave(
    ports: Ports, outlet: Together, messages: dict[str, Handover], now: datetime
) -> Steps[dict[str, Became]]:
    """Make the call for those whose hand-over nobody else began; a message that gets no answer is unknown."""
    if not messages:
        return {}
    epoch = next(iter(messages.values())).row.epoch
    begun = yield from do(ports.store.begin_hand_overs, tuple(messages), epoch, now)
    if not begun:
        return {}
    answers = yield from do(outlet.hand_over_together, tuple(messages[each] for each in messages if each in begun))
    yield from do(ports.store.answer_all, {message: answers[message] for message in begun if message in answers})
    return dict.fromkeys(begun, Became.HANDED_OVER)
