"""A text however it is spelled: in small letters or large ones, and percent-encoded, also more than once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

_ENCODED_TIMES: Final = 5


def holds(text: str, value: str) -> bool:
    """Whether a value stands in a text, however it is spelled there."""
    return plain(value) in plain(text)


def plain(text: str) -> str:
    """A text as all of its spellings come to: decoded and without its case."""
    for _ in range(_ENCODED_TIMES):
        if "%" not in text:
            break
        text = unquote(text)
    return text.casefold().replace("+", " ")


@lru_cache(maxsize=4096)
def any_spelling(value: str) -> re.Pattern[str]:
    """A pattern of a value in any of its spellings; each character may be encoded or not."""
    return re.compile("".join(map(_character, value)), re.IGNORECASE)


def _character(letter: str) -> str:
    spelled = {re.escape(letter), *(r"\+" for _ in range(letter == " "))}
    for form in (letter, letter.lower(), letter.upper()):
        spelled.add("".join(f"%(?:25)*{byte:02X}" for byte in form.encode("utf-8", "surrogatepass")))
    return f"(?:{'|'.join(sorted(spelled))})"
