"""What comes in by itself: deliveries, kept in the intake until a run imports them.

A delivery is what a source or a feed brought at once: the body of one post, one page of an answer. It is stored as it
came before it is acknowledged; what it means is the import's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

WAITING: Final = "waiting"
"""State of a delivery that no run has imported yet."""

ERASED: Final = "erased"
"""Why a delivery was refused that was about somebody who is erased."""

EXPIRED: Final = "expired"
"""Why a delivery was refused that waited until its body had to be deleted."""


UNREADABLE: Final = "unreadable"
"""Kind of a delivery whose body is not what its source sends."""


class Outcome(StrEnum):
    """What a delivery turned out to be."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source brought at once.

    Attributes:
        source: Whose it is, such as ``instantly``.
        kind: What it brings, in the source's word for it; "" when it does not say.
        received_at: When it came.
        body: Its bytes, as they came.
        key: What the source's repetitions of it have in common; None when there is nothing, then each is stored.
    """

    source: str
    kind: str
    received_at: dt.datetime
    body: bytes
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored delivery that waits for its import, and its number in the intake."""

    number: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery.

    Attributes:
        number: Its number in the intake.
        outcome: What it was.
        reason: Why it was refused; "" otherwise.
        keeps_body: Whether its body is kept until it is too old: not that of somebody who was erased.
    """

    number: int
    outcome: Outcome
    reason: str = ""
    keeps_body: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many deliveries of a kind are in a state: ``waiting``, or an outcome."""

    source: str
    kind: str
    state: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that happened with a lead: one part of its story.

    Attributes:
        key: The same however often it is told.
        lead_number: Whose it is.
        at: When it happened.
        kind: What happened, in the words that all services share, such as ``replied``.
        channel: By what, such as ``instantly``.
        direction: ``in`` for what the lead wrote, ``out`` for what was written to the lead, else "".
        campaign: The campaign's id.
        subject: Subject of a mail.
        text: What was written, or the label that was given.
    """

    key: str
    lead_number: int
    at: dt.datetime
    kind: str
    channel: str
    direction: str = ""
    campaign: str = ""
    subject: str = ""
    text: str = ""


class Intake(Protocol):
    """The intake of one workbook, which `sheets_crm.store.intake` keeps in the store.

    Every method may raise `SettingsError` (a store of another version), `Retryable` (it cannot be reached), and
    `OSError` (the disk is full).
    """

    def add(self, deliveries: Sequence[Delivery]) -> int:
        """Store deliveries, on the disk before this returns; return how many were not there yet."""
        ...

    def page(
        self, after: int = 0, *, rows: int, size: int, sources: Collection[str] | None = None
    ) -> list[Waiting]:
        """The next deliveries that wait, oldest first; at most so many, and bytes of bodies, but one at least."""
        ...

    def kinds_waiting(self) -> set[tuple[str, str]]:
        """Source and kind of the deliveries that wait."""
        ...

    def note(self, activities: Sequence[Activity]) -> None:
        """Store activities of leads; one that is there already stays as it is."""
        ...

    def activities(self, lead_number: int, *, most: int) -> list[Activity]:
        """The latest activities of a lead, the newest first."""
        ...

    def settle(self, settled: Iterable[Settled]) -> None:
        """Note what became of deliveries."""
        ...

    def replay(self, source: str, kinds: Collection[str]) -> int:
        """Let imported deliveries of some kinds wait again, as far as their bodies are kept; return how many."""
        ...

    def store_id(self) -> str:
        """Which store it is in: numbers of deliveries mean nothing in another."""
        ...

    def counts(self) -> list[Count]:
        """How many deliveries there are, by source, kind and state."""
        ...
