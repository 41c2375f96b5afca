"""What all events of a lead come to: the same in any order, however often and late they come, and never weaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sheets_crm.instantly.events import Event, EventKind
from sheets_crm.pipeline.reply_words import RANK, REPLIES, SENT

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last time that something was said."""

    first: datetime
    last: datetime

    def with_moment(self, at: datetime) -> Span:
        """The span that also holds a moment."""
        return Span(min(self.first, at), max(self.last, at))


@dataclass(frozen=True, slots=True)
class Status:
    """A word of ``instantly_status``, and since when it holds."""

    word: str
    since: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What is heard of a lead.

    Attributes:
        words: When each word of ``instantly_status`` was said.
        labels: When each label of the workspace's own was, by its text: what it means, people decide.
        kinds: When each kind of event was heard of.
        unknown: The keys of events of unknown types, by type.
    """

    words: Mapping[str, Span] = field(default_factory=dict)
    labels: Mapping[str, Span] = field(default_factory=dict)
    kinds: Mapping[EventKind, Span] = field(default_factory=dict)
    unknown: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def status(self) -> Status | None:
        """The strongest word; of several of one rank the one said last. None before any."""
        if not self.words:
            return None
        word = max(self.words, key=self._strength)
        # *Sent* never takes the place of another word.
        others = [
            span.last
            for other, span in self.words.items()
            if other not in (word, SENT) and RANK[other] == RANK[word]
        ]
        span = self.words[word]
        # Another word of its rank came in between: it holds again since it was said last.
        again = any(last > span.first for last in others)
        return Status(word, span.last if again else span.first)

    def _strength(self, word: str) -> tuple[int, bool, datetime, int]:
        """Rank, *sent* below the other word of its rank, time; two of one moment by their place in the list."""
        return RANK[word], word != SENT, self.words[word].last, _PLACES[word]

    @property
    def unknown_count(self) -> int:
        """How many events nobody knows the meaning of."""
        return sum(map(len, self.unknown.values()))


_PLACES = {reply.word: place for place, reply in enumerate(REPLIES)}


def folded(events: Iterable[Event], history: History | None = None) -> History:
    """The history after some more events of the same lead."""
    before = history or History()
    words, labels = dict(before.words), dict(before.labels)
    kinds, unknown = dict(before.kinds), dict(before.unknown)
    for event in events:
        _note(kinds, event.kind, event.at)
        if event.word:
            _note(words, event.word, event.at)
        elif event.kind is EventKind.LABELLED:
            _note(labels, event.event_type, event.at)
        if event.kind is EventKind.UNKNOWN:
            unknown[event.event_type] = unknown.get(event.event_type, frozenset()) | {event.key}
    return History(words, labels, kinds, unknown)


def _note(spans: dict[K, Span], key: K, at: datetime) -> None:
    there = spans.get(key)
    spans[key] = there.with_moment(at) if there else Span(at, at)
