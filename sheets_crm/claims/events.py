"""What is heard of a message: events come at least once, late and in any order, and their fold is the same in all.

The rank only rises, by each event at its own time; side facts stand beside it, each with its first time.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sheets_crm.claims.enrolment import Stop


class Rank(enum.IntEnum):
    """How far a message got."""

    PLANNED = 0
    APPROVED = 5
    CLAIMED = 10
    UNKNOWN = 20
    ACCEPTED = 30
    DEFERRED = 35
    DELIVERED = 40
    OPENED = 50
    CLICKED = 60
    REPLIED = 80


class Fact(enum.StrEnum):
    """What may be true of a message beside its rank."""

    REFUSED = "refused"
    FAILED = "failed"
    BOUNCED_HARD = "bounced_hard"
    BOUNCED_SOFT = "bounced_soft"
    BOUNCED_POLICY = "bounced_policy"
    AUTO_REPLIED = "auto_replied"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was heard, known by its unique key."""

    key: str
    what: Rank | Fact
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """All that was heard of a message: the first time of each rank and of each side fact."""

    ranks: Mapping[Rank, datetime] = field(default_factory=dict)
    facts: Mapping[Fact, datetime] = field(default_factory=dict)

    @property
    def rank(self) -> Rank:
        """The highest rank that was heard of."""
        return max(self.ranks, default=Rank.PLANNED)

    @property
    def reads_as(self) -> Rank | Fact:
        """What the message is shown as: complained, else unsubscribed, else hard bounce, else its rank."""
        return next((fact for fact in _BEFORE_RANK if fact in self.facts), self.rank)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Why its enrolment stops, if it does, in no order that matters."""
        heard = tuple(stop for fact, stop in _STOPS.items() if fact in self.facts)
        return (*heard, Stop.REPLIED) if Rank.REPLIED in self.ranks else heard

    @property
    def left(self) -> bool:
        """Whether it is proved that the message left: it settles an unknown one."""
        return self.rank >= Rank.ACCEPTED or any(fact in self.facts for fact in _PROOFS)


_BEFORE_RANK: Final = (Fact.COMPLAINED, Fact.UNSUBSCRIBED, Fact.BOUNCED_HARD)
_PROOFS: Final = frozenset(Fact) - {Fact.REFUSED, Fact.FAILED}
_STOPS: Final = MappingProxyType(
    {
        Fact.COMPLAINED: Stop.COMPLAINED,
        Fact.UNSUBSCRIBED: Stop.UNSUBSCRIBED,
        Fact.BOUNCED_HARD: Stop.HARD_BOUNCE,
    }
)


def folded(events: Iterable[Event], record: MessageRecord | None = None) -> MessageRecord:
    """The record after some events, in whatever order and however often they came."""
    record = record or MessageRecord()
    ranks, facts = dict(record.ranks), dict(record.facts)
    for event in events:
        if isinstance(event.what, Rank):
            ranks[event.what] = min(event.at, ranks.get(event.what, event.at))
        else:
            facts[event.what] = min(event.at, facts.get(event.what, event.at))
    return MessageRecord(ranks, facts)
