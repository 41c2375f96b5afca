"""The rows of Conversations as values: what mails make of a row, and what an operator's edit does. No clock, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick, Waits
from sheets_crm.workbook.two_way.columns import table_columns

CONVERSATIONS: Final = "conversations"
WAITING_US, WAITING_THEM, SNOOZED, CLOSED = "waiting_us", "waiting_them", "snoozed", "closed"
SHOWN_TEXT: Final = 500
"""Characters of a text that the tab shows; the store has all of it."""
CLOSED_DAYS: Final = 30
"""Closed conversations leave the tab after as many days; the store keeps what was said."""
CLASSES: Final = (
    Choice("positive", "positiva"),
    Choice("negative", "negativa"),
    Choice("question", "pregunta"),
    Choice("out_of_office", "fuera de oficina"),
    Choice("unsubscribe", "baja"),
    Choice("other", "otra"),
)
_STATES: Final = (
    Choice(WAITING_US, "nos toca"),
    Choice(WAITING_THEM, "esperamos respuesta"),
    Choice(SNOOZED, "pospuesta"),
    Choice(CLOSED, "cerrada"),
)
_REPLY_STATES: Final = (
    Choice("claimed", "reservada"),
    Choice("accepted", "aceptada"),
    Choice("refused", "rechazada"),
    Choice("unknown", "desconocida"),
)

_OWN: Final = (
    TabColumn("lead", owner=Owner.OPERATOR, width=90),
    TabColumn("LeadNumber", Kind.WHOLE, width=90),
    TabColumn("company", width=160, es="empresa"),
    TabColumn("contact", width=160, es="contacto"),
    TabColumn("channel", width=90, es="canal"),
    TabColumn("state", width=130, es="estado", choices=_STATES),
    TabColumn("unread", Kind.WHOLE, width=80, es="sin leer"),
    TabColumn("class", owner=Owner.OPERATOR, width=120, es="clase", choices=CLASSES),
    TabColumn("suggested_class", width=120, es="clase sugerida", choices=CLASSES),
    TabColumn("reply", owner=Owner.OPERATOR, width=320, es="respuesta"),
    TabColumn("send", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=80, es="enviar"),
    TabColumn("close", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=80, es="cerrar"),
    TabColumn("snooze_until", Kind.DATE, owner=Owner.OPERATOR, width=110, es="posponer hasta"),
    TabColumn("rep", owner=Owner.OPERATOR, width=120, es="vendedor"),
    TabColumn("last_in_at", Kind.WHEN, width=140, es="última recibida"),
    TabColumn("last_out_at", Kind.WHEN, width=140, es="última enviada"),
    TabColumn("last_message", width=420, es="último mensaje"),
    TabColumn("earlier", width=320, es="anteriores"),
    TabColumn("reply_state", width=110, es="estado de la respuesta", choices=_REPLY_STATES),
)
SPEC: Final = TabSpec(
    CONVERSATIONS,
    "Conversations",
    table_columns(*_OWN, key=TabColumn("conversation", width=100, es="conversación")),
    "conversation",
    colour=0x1A73E8,
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="H",
    es="Conversaciones",
    group=Group.OUTREACH,
    waits=Waits("state", WAITING_US, "morning.conversations"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardMail:
    """A mail of a lead's conversation.

    Attributes:
        channel: By what it came or went.
        lead: The LeadNumber.
        at: When, as a serial number in the workbook's time zone.
        received: Whether the lead wrote it.
        automatic: Whether a machine answered for the lead.
        text: What it says; "" when that is not known.
        suggested: The class that its words or a label suggest; "" for none.
    """

    channel: str
    lead: int
    at: float
    received: bool
    automatic: bool = False
    text: str = ""
    suggested: str = ""


_SECOND: Final = 1 / 86_400
_SAME: Final = 600 * _SECOND
_ALIKE: Final = 40


def after_mails(row: Mapping[str, Cell], mails: Sequence[HeardMail]) -> dict[str, Cell]:
    """The worker's cells of a conversation after some mails; the same mails once more change nothing."""
    cells: dict[str, Cell] = {}
    for mail in sorted(mails, key=lambda mail: (mail.at, mail.received)):
        present = {**row, **cells}
        cells |= _received(present, mail) if mail.received else _sent(present, mail)
    return cells


def _sent(row: Mapping[str, Cell], mail: HeardMail) -> dict[str, Cell]:
    """What somebody wrote to the lead by hand: now it is the lead's turn."""
    if not _is_later(mail.at, row.get("last_out_at", "")):
        return {}
    cells: dict[str, Cell] = {"last_out_at": mail.at}
    if _is_later(mail.at, row.get("last_in_at", "")) and row.get("state", "") != CLOSED:
        cells |= {"state": WAITING_THEM, "unread": 0}
    return cells


def _received(row: Mapping[str, Cell], mail: HeardMail) -> dict[str, Cell]:
    """What the lead wrote: now it is our turn, unless a machine answered."""
    last, text = row.get("last_in_at", ""), row.get("last_message", "")
    if _is_same(mail, last, shown(text)):
        return {"last_message": _cut(mail.text)} if mail.text and text == "" else {}
    if not _is_later(mail.at, last):
        return {}
    cells: dict[str, Cell] = {"last_in_at": mail.at}
    if mail.suggested:
        cells["suggested_class"] = mail.suggested
    if mail.text:
        cells |= _texts(mail.text, text, row.get("earlier", ""))
    if mail.automatic:
        return {**cells, "state": row.get("state", "") or WAITING_THEM}
    return {**cells, "state": WAITING_US, "unread": _count(row.get("unread", "")) + 1}


def _is_same(mail: HeardMail, last: Cell, text: str) -> bool:
    """Whether a mail is the last one, told a second time: by an event and by the inbox, minutes apart at most."""
    if not isinstance(last, int | float) or isinstance(last, bool) or abs(mail.at - last) > _SAME:
        return False
    own = _cut(mail.text)
    return not own or not text or own[:_ALIKE] == text[:_ALIKE] or text.startswith(own) or own.startswith(text)


def _texts(text: str, last: Cell, earlier: Cell) -> dict[str, Cell]:
    before = " ⏎ ".join(part for part in (shown(last), shown(earlier)) if part)
    return {"last_message": _cut(text), "earlier": _cut(before)}


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN_TEXT else f"{plain[: SHOWN_TEXT - 1]}…"


def _is_later(at: float, known: Cell) -> bool:
    return not isinstance(known, int | float) or isinstance(known, bool) or at > known + _SECOND / 2


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0


def woken(row: Mapping[str, Cell], today: int) -> dict[str, Cell]:
    """The cells of a snoozed conversation whose day has come; none of any other."""
    until = row.get("snooze_until", "")
    due = not isinstance(until, int | float) or until <= today
    return {"state": WAITING_US} if row.get("state") == SNOOZED and due else {}


def is_over(row: Mapping[str, Cell], now: float) -> bool:
    """Whether a conversation has been closed for so long that it leaves the tab; one with operators' cells stays."""
    times = [cell for cell in map(row.get, ("last_in_at", "last_out_at")) if isinstance(cell, int | float)]
    touched = any(row.get(name) not in ("", None, False) for name in ("reply", "snooze_until", "rep"))
    old = bool(times) and max(times) < now - CLOSED_DAYS
    return row.get("state") == CLOSED and old and not touched


_OPT_OUT: Final = re.compile(
    r"^\W*(?:(?:dar(?:me)? de )?baja|unsubscribe|stop|remove me|no me (?:contacten|escriban|contactéis|escribáis)"
    r"|elimín[ae]me|elimin[ae]me|borr[ae]dme)\W*$",
    re.IGNORECASE,
)


def suggested_class(text: str, *, automatic: bool) -> str:
    """The class that the words of a reply suggest; "" where they do not plainly suggest one."""
    if automatic:
        return "out_of_office"
    own = text.split("\n>", maxsplit=1)[0].strip()
    if _OPT_OUT.match(own):
        return "unsubscribe"
    return "question" if own.endswith("?") else ""
