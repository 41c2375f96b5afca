"""The words of Box 1 and of Instantly, brought to the owner's.

Instantly knows more than the six words of ``instantly_status``. What it says beyond them is brought to them so that
neither the reply ratio nor the conversion ratio counts what is no reply: a bounce or a skipped lead was *not
contacted*; who unsubscribed, was out of office or answered without a label was *contacted*.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.drops.text import header_key
from sheets_crm.pipeline.steps import DROP, HIT, NO_HIT

SENT: Final = "sent"
NOT_CONTACTED: Final = "not contacted"
CONTACTED: Final = "contacted"
POSITIVE: Final = "positive reply"
NEGATIVE: Final = "negative reply"
CONVERTED: Final = "converted"

RANK: Final = {"": 0, SENT: 1, NOT_CONTACTED: 1, CONTACTED: 2, NEGATIVE: 3, POSITIVE: 3, CONVERTED: 4}
"""A weaker status never overwrites a stronger one."""

_BOX1: Final = {"hit": HIT, "nohit": NO_HIT, "fit": NO_HIT, "drop": DROP, "nofit": DROP}

_STATUSES: Final = {
    SENT: "sent, enviado",
    NOT_CONTACTED: "not contacted, no contactado, not yet contacted, bounced, email bounced, rebotado, skipped, omitido",
    CONTACTED: "contacted, contactado, email sent, email opened, opened, link clicked, email link clicked, clicked, "
    "campaign completed, completed, out of office, fuera de oficina, auto reply received, auto reply, neutral, replied, "
    "reply received, respondido, unsubscribed, baja",
    POSITIVE: "positive reply, positive, respuesta positiva, positiva, interested, interesado, interesada, "
    "meeting booked, meeting completed, reunion agendada, reunion reservada, reunion completada",
    NEGATIVE: "negative reply, negative, respuesta negativa, negativa, not interested, no interesado, no interesada, "
    "wrong person, persona equivocada, lost, perdido, no show",
    CONVERTED: "converted, convertido, convertida, conversion, won, ganado, closed, closed won, cliente, customer",
}
_BY_WORD: Final = {header_key(word): status for status, listed in _STATUSES.items() for word in listed.split(",")}
_INTEREST: Final = {
    "0": CONTACTED,
    "1": POSITIVE,
    "2": POSITIVE,
    "3": POSITIVE,
    "4": CONVERTED,
    "-1": NEGATIVE,
    "-2": NEGATIVE,
    "-3": NEGATIVE,
    "-4": NEGATIVE,
}
_LEAD_STATUS: Final = {
    "1": NOT_CONTACTED,
    "2": NOT_CONTACTED,
    "3": CONTACTED,
    "-1": NOT_CONTACTED,
    "-2": CONTACTED,
    "-3": NOT_CONTACTED,
}
_ON_ITS_WAY: Final = frozenset({"active", "paused", "activo", "pausado"})


def box1_result(word: str) -> str | None:
    """Return HIT, noHIT or DROP for a Box 1 word (FIT is noHIT, no fit is DROP), or None when it is another."""
    return _BOX1.get(header_key(word))


def instantly_status(word: str) -> str | None:
    """Return the owner's status for a word of Instantly's or a webhook's event type, or None when it is unknown."""
    key = header_key(word)
    return _BY_WORD.get(key) or _BY_WORD.get(key.removeprefix("lead"))


def interest_status(code: str) -> str | None:
    """Return the status that an ``lt_interest_status`` code or word stands for, or None for a custom label's number."""
    return _INTEREST.get(_code(code)) or instantly_status(code)


def lead_status(code: str) -> str | None:
    """Return what Instantly's lead ``status`` says of contact, or None when it is unknown."""
    return _LEAD_STATUS.get(_code(code)) or (
        NOT_CONTACTED if header_key(code) in _ON_ITS_WAY else instantly_status(code)
    )


def _code(text: str) -> str:
    return text.strip().removesuffix(".0")
