"""The words of Box 1 and of Instantly, mapped to the owner's.

Instantly's words for each word of ``instantly_status`` are declared in `sheets_crm.pipeline.reply_words`.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.reply_words import NOT_CONTACTED, REPLIES
from sheets_crm.pipeline.steps import DROP, HIT, NO_HIT

_BOX1: Final = {"hit": HIT, "nohit": NO_HIT, "fit": NO_HIT, "drop": DROP, "nofit": DROP}

_BY_WORD: Final = {header_key(spoken): reply.word for reply in REPLIES for spoken in reply.spoken.split(",")}
_INTEREST: Final = {code: reply.word for reply in REPLIES for code in reply.interest}
_LEAD_STATUS: Final = {code: reply.word for reply in REPLIES for code in reply.lead_status}
_ON_ITS_WAY: Final = frozenset({"active", "paused", "activo", "pausado"})


def box1_result(word: str) -> str | None:
    """HIT, noHIT or DROP for a Box 1 word (FIT is noHIT, no fit is DROP), or None for an unknown one."""
    return _BOX1.get(header_key(word))


def instantly_status(word: str) -> str | None:
    """The owner's status for a word of Instantly's or a webhook's event type, or None for an unknown one."""
    key = header_key(word)
    return _BY_WORD.get(key) or _BY_WORD.get(key.removeprefix("lead"))


def interest_status(code: str) -> str | None:
    """The owner's status for an ``lt_interest_status`` code or word, or None for the number of a custom label."""
    return _INTEREST.get(_code(code)) or instantly_status(code)


def lead_status(code: str) -> str | None:
    """The owner's status for Instantly's lead ``status``, or None for an unknown one."""
    return _LEAD_STATUS.get(_code(code)) or (
        NOT_CONTACTED if header_key(code) in _ON_ITS_WAY else instantly_status(code)
    )


def _code(text: str) -> str:
    return text.strip().removesuffix(".0")
