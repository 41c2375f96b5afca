"""Events of Instantly as rows of an import: all that is heard of a lead comes to one word and its time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import pandas as pd

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.feeds import Folded, Refused
from sheets_crm.engine.intake import ERASED, Activity, Outcome, Settled, Waiting
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features import conversations
from sheets_crm.features.suppressing import Suppression, suppress
from sheets_crm.instantly import labels
from sheets_crm.instantly.activities import (
    LeadMail,
    People,
    activities_of,
    mail_activities,
    mails_of,
    mails_of_inbox,
)
from sheets_crm.instantly.events import Event, EventKind, from_lead, from_webhook, kind_of
from sheets_crm.instantly.fields import WrongField, page_of
from sheets_crm.instantly.history import History, folded
from sheets_crm.instantly.kinds import LABELS, LEADS, MAILS, SEVERAL, SOURCE
from sheets_crm.instantly.leads import Lead
from sheets_crm.instantly.values import Mail
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.formats import formats
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.layout import Layout
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.reply_words import BOUNCED, UNSUBSCRIBED
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import serial, zone_of

STEP: Final = "instantly"
UNREADABLE: Final = "unreadable"
"""Why a delivery was refused whose body is not what its kind says."""
KEPT_ONLY: Final = frozenset({LABELS})
"""Kinds of deliveries that tell nothing of a lead's status."""
URGENT: Final = frozenset(
    {"reply_received", "lead_interested", "lead_meeting_booked", "lead_unsubscribed", SEVERAL}
)
HEADER: Final = ("Email", LEAD_NUMBER, "instantly_status", "timestamp")
_TARGETS: Final = ("@email", LEAD_NUMBER, "@word", "@time")


@dataclass(frozen=True, slots=True)
class Heard:
    """What events tell beside the words of ``instantly_status``.

    Attributes:
        unsubscribed: Since when, by address.
        bounced: Since when, by address.
        labels: Texts of labels whose meaning nobody has said.
        mails: What leads wrote, and what people wrote to them by hand.
    """

    unsubscribed: Mapping[str, datetime] = field(default_factory=dict)
    bounced: Mapping[str, datetime] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    mails: Sequence[LeadMail] = ()


@dataclass(frozen=True, slots=True)
class _Lead:
    """What is heard of an address: its history, and the LeadNumber that Instantly was given for it."""

    history: History
    number: int | None


class EventFolding:
    """Implements `sheets_crm.engine.feeds.Folding`.

    Args:
        schema: The columns and steps of the workbook.
        meanings: What labels mean, by `labels.label_key`.
        people: Who has which address.
        refused: Whether somebody is erased.
    """

    def __init__(self, schema: Schema, meanings: Mapping[str, str], people: People, refused: Refused) -> None:
        self._schema = schema
        self._meanings = meanings
        self._people = people
        self._refused = refused
        self._activities: list[Activity] = []
        self._heard_mails: list[LeadMail] = []
        self._leads: dict[str, _Lead] = {}
        self._labels: set[str] = set()

    def add(self, waiting: Waiting) -> Settled:
        """Take a delivery in, and say what it was."""
        delivery = waiting.delivery
        if delivery.kind in KEPT_ONLY:
            return Settled(waiting.number, Outcome.IMPORTED)
        try:
            if delivery.kind == MAILS:
                return self._mails(waiting.number, orjson.loads(delivery.body))
            events = list(self._events(delivery.kind, orjson.loads(delivery.body), delivery.received_at))
        except (ValueError, WrongField):  # what is no JSON, and what has another form
            return Settled(waiting.number, Outcome.REFUSED, UNREADABLE)
        kept = [event for event in events if not self._is_erased(event)]
        for event in kept:
            self._take(event)
        if len(kept) < len(events):
            outcome = Outcome.IMPORTED if kept else Outcome.REFUSED
            reason = ERASED if outcome is Outcome.REFUSED else ""
            return Settled(waiting.number, outcome, reason, keeps_body=False)
        return Settled(waiting.number, Outcome.IMPORTED)

    def _mails(self, number: int, content: Any) -> Settled:
        """Take a page of mails in: they have the whole texts."""
        mails = list(page_of(content, "mails", Mail.of))
        kept = [mail for mail in mails if not (mail.lead and self._refused({"email": email_key(mail.lead)}))]
        for mail in kept:
            self._activities += mail_activities(mail, self._people)
            self._heard_mails += mails_of_inbox(mail, self._people)
        return Settled(number, Outcome.IMPORTED, keeps_body=len(kept) == len(mails))

    def _events(self, kind: str, content: Any, received_at: datetime) -> Iterator[Event]:
        if kind == LEADS:
            named = _label_names(content)
            for lead in page_of(content, "leads", Lead.of):
                yield from from_lead(lead, received_at, labels=named)
            return
        bodies = content if isinstance(content, list) else [content]
        if not all(isinstance(body, dict) for body in bodies):
            raise ValueError(UNREADABLE)
        for body in bodies:
            yield self._labelled(body, received_at)

    def _labelled(self, body: Mapping[str, Any], received_at: datetime) -> Event:
        """A webhook's event; one whose type stands in Labels is a label of the workspace's own."""
        text = body.get("event_type")
        own = [text] if isinstance(text, str) and labels.label_key(text) in self._meanings else []
        return from_webhook(body, received_at, labels=own)

    def _is_erased(self, event: Event) -> bool:
        return bool(event.address) and self._refused({"email": email_key(event.address)})

    def _take(self, event: Event) -> None:
        if event.kind is EventKind.LABELLED:
            meaning = self._meanings.get(labels.label_key(event.event_type))
            if meaning:
                event = replace(event, word=meaning)
            elif not event.word:
                self._labels.add(event.event_type)
        elif event.kind is EventKind.UNKNOWN and event.event_type and event.address:
            self._labels.add(event.event_type)
        if not event.address:
            return
        self._activities += activities_of(event, self._people)
        self._heard_mails += mails_of(event, self._people)
        held = self._leads.get(event.address)
        number = event.lead_number if event.lead_number is not None else held.number if held else None
        self._leads[event.address] = _Lead(folded([event], held.history if held else None), number)

    def activities(self) -> list[Activity]:
        """What happened with leads, as far as the deliveries since the last call tell it."""
        found, self._activities = self._activities, []
        return found

    def folded(self) -> Folded:
        """The rows, one for each address of which a word is known, by time; and what else was heard."""
        rows = sorted(self._rows())
        heard = Heard(
            self._since(EventKind.UNSUBSCRIBED),
            self._since(EventKind.BOUNCED_HARD),
            frozenset(self._labels),
            tuple(self._heard_mails),
        )
        return Folded([_block(rows, self._schema)] if rows and _in_use(self._schema) else (), heard)

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        for address, lead in self._leads.items():
            status = lead.history.status
            if status is not None:
                # An address tells who it is. The number may be that of a lead of another workbook in the same
                # workspace, so it counts only between leads of this one that share the address.
                number = str(lead.number) if lead.number is not None and address in self._people.shared else ""
                yield status.since.isoformat(), address, number, status.word

    def _since(self, kind: EventKind) -> dict[str, datetime]:
        return {
            address: lead.history.kinds[kind].first
            for address, lead in self._leads.items()
            if kind in lead.history.kinds
        }


def _label_names(content: Any) -> dict[int, str]:
    """The texts of the workspace's own labels by number, as the page was stored with them."""
    listed = content.get("labels") if isinstance(content, dict) else None
    names: dict[int, str] = {}
    for one in listed if isinstance(listed, list) else ():
        number, text = (one.get("interest_status"), one.get("label")) if isinstance(one, dict) else (None, None)
        if isinstance(number, int) and isinstance(text, str) and text:
            names[number] = text
    return names


def _in_use(schema: Schema) -> bool:
    return any(step.name == STEP for step in schema.steps)


def _block(rows: Sequence[tuple[str, str, str, str]], schema: Schema) -> Block:
    """The rows as a block that was recognised; row 0 of its grid is the header."""
    form = next(form for form in formats(schema) if form.step == STEP)
    cells = [(address, number, word, since) for since, address, number, word in rows]
    frame = pd.DataFrame(cells, index=range(1, len(cells) + 1), columns=range(len(HEADER)), dtype=object)
    layout = Layout(form, {target: (place,) for place, target in enumerate(_TARGETS)}, ())
    return Block(STEP, HEADER, frame, 0, len(cells), None, (), layout)


@dataclass(frozen=True, slots=True)
class EventFeed:
    """Implements `sheets_crm.engine.feeds.Feed`."""

    source: str = SOURCE
    urgent: frozenset[str] = URGENT

    def understanding(self, snapshot: Snapshot, settings: RunSettings) -> str | None:
        """A digest of what labels mean; None when the tab was not read."""
        if labels.LABELS not in snapshot.sheets:
            return None
        answered = {label: word for label, word in labels.meanings(snapshot, settings).items() if word}
        return hashlib.sha256(orjson.dumps(answered, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def read_by_it(self, kind: str) -> bool:
        """Whether deliveries of a kind may hold a label."""
        return kind in {LEADS, SEVERAL} or kind_of(kind) in {EventKind.LABELLED, EventKind.UNKNOWN}

    def begin(self, snapshot: Snapshot, settings: RunSettings, refused: Refused) -> EventFolding:
        """Begin to read deliveries, with the labels and the leads of the workbook."""
        people = People.of(snapshot.leads)
        return EventFolding(settings.schema, labels.meanings(snapshot, settings), people, refused)


@dataclass(frozen=True, kw_only=True)
class TakeHeard(Command):
    """Do what events tell beside the words of ``instantly_status``."""

    heard: Heard


def commands(working: WorkingState) -> Iterator[TakeHeard]:
    """Yield what the events of this run tell."""
    heard = working.snapshot.fed.get(SOURCE)
    if isinstance(heard, Heard):
        yield TakeHeard(heard=heard, origin=Origin.EVENT)


def take_heard(working: WorkingState, command: TakeHeard) -> bool:
    """List labels that nobody has answered, put mails into their conversations, and bounces on Do not contact.

    The next write of the run asks again, and goes on with those that this one did not take on.
    """
    heard, zone = command.heard, zone_of(working.snapshot.info.time_zone)
    if heard.labels:
        labels.list_unknown(working, heard.labels)
    working.more |= bool(suppress(working, list(_suppressions(heard, zone))))
    return conversations.take_mails(working, [mail.on_the_clock_of(zone) for mail in heard.mails])


def _suppressions(heard: Heard, zone: ZoneInfo) -> Iterator[Suppression]:
    """Yield who unsubscribed and whose mails bounced for good."""
    for word, since in ((UNSUBSCRIBED, heard.unsubscribed), (BOUNCED, heard.bounced)):
        for address, at in since.items():
            yield Suppression(address, word, f"{SOURCE}: {word}", serial(at, zone))


FEATURE: Final = Feature(
    "instantly_events",
    commands=commands,
    handlers={TakeHeard: take_heard},
    feed=EventFeed(),
)
