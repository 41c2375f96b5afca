"""The words of ``instantly_status``, declared once: rank, what they count as, and their spellings in Instantly.

Ranking, masks, formulas, breakdowns, the reading of outputs and the texts for operators follow from this list.
Instantly has more words than these eight. They map so that neither the reply ratio nor the conversion ratio counts
anything but replies: a skipped lead is *not contacted*; one out of office or a reply without a label is *contacted*.
Versions before 0.7.0 had no *bounced* and *unsubscribed*; what they wrote stays until an output raises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SENT: Final = "sent"
NOT_CONTACTED: Final = "not contacted"
CONTACTED: Final = "contacted"
BOUNCED: Final = "bounced"
UNSUBSCRIBED: Final = "unsubscribed"
POSITIVE: Final = "positive reply"
NEGATIVE: Final = "negative reply"
CONVERTED: Final = "converted"


@dataclass(frozen=True, slots=True)
class Reply:
    """One word of ``instantly_status``.

    Attributes:
        word: What the cell holds.
        rank: A word of a lower rank never overwrites one of a higher rank; of two of one rank the newer counts.
        spoken: Its spellings in Instantly's exports, in event types of webhooks and by people, separated by commas;
            case, accents and signs are ignored.
        interest: Instantly's ``lt_interest_status`` codes that mean it.
        lead_status: Instantly's lead ``status`` codes that mean it.
        times: Columns of an output that tell since when, best first.
        replied: It counts in the reply ratio.
        positive: It counts in the positive reply ratio.
        converted: It counts in the conversion ratio.
    """

    word: str
    rank: int
    spoken: str
    interest: tuple[str, ...] = ()
    lead_status: tuple[str, ...] = ()
    times: tuple[str, ...] = ("@last_reply", "@time")
    replied: bool = False
    positive: bool = False
    converted: bool = False


REPLIES: Final = (
    Reply(SENT, 1, "sent, enviado", times=("@time",)),
    Reply(
        NOT_CONTACTED,
        1,
        "not contacted, no contactado, not yet contacted, skipped, omitido",
        lead_status=("1", "2", "-3"),
        times=("@time",),
    ),
    Reply(
        CONTACTED,
        2,
        "contacted, contactado, email sent, email opened, opened, link clicked, email link clicked, clicked, "
        "campaign completed, completed, out of office, fuera de oficina, auto reply received, auto reply, neutral, "
        "replied, reply received, respondido",
        interest=("0",),
        lead_status=("3",),
        times=("@last_contact", "@time"),
    ),
    Reply(BOUNCED, 3, "bounced, email bounced, rebotado, rebotada", lead_status=("-1",), times=("@time",)),
    Reply(
        UNSUBSCRIBED,
        4,
        "unsubscribed, lead unsubscribed, baja, dado de baja, dada de baja",
        lead_status=("-2",),
        times=("@time",),
    ),
    Reply(
        POSITIVE,
        5,
        "positive reply, positive, respuesta positiva, positiva, interested, interesado, interesada, "
        "meeting booked, meeting completed, reunion agendada, reunion reservada, reunion completada",
        interest=("1", "2", "3"),
        replied=True,
        positive=True,
    ),
    Reply(
        NEGATIVE,
        5,
        "negative reply, negative, respuesta negativa, negativa, not interested, no interesado, no interesada, "
        "wrong person, persona equivocada, lost, perdido, no show",
        interest=("-1", "-2", "-3", "-4"),
        replied=True,
    ),
    Reply(
        CONVERTED,
        6,
        "converted, convertido, convertida, conversion, won, ganado, closed, closed won, cliente, customer",
        interest=("4",),
        replied=True,
        positive=True,
        converted=True,
    ),
)
"""Every word that ``instantly_status`` may hold besides a blank."""

RANK: Final = {"": 0, **{reply.word: reply.rank for reply in REPLIES}}
"""A weaker status never overwrites a stronger one."""
REPLIED: Final = tuple(reply.word for reply in REPLIES if reply.replied)
POSITIVES: Final = tuple(reply.word for reply in REPLIES if reply.positive)
CONVERSIONS: Final = tuple(reply.word for reply in REPLIES if reply.converted)
LISTED: Final = {"words": ", ".join(reply.word for reply in REPLIES[:-1]), "last_word": REPLIES[-1].word}
"""Placeholders of messages that list the words: all but the last, and the last."""
