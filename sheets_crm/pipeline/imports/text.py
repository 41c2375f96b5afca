"""Imported cells as text, and the normal forms in which headers and words are compared.

The text itself is always stored unchanged; the normal forms only serve to compare.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

CELL_LIMIT: Final = 50_000
"""Most characters a cell of Google Sheets holds (developers.google.com/workspace/sheets/api/limits).

Whether Google counts an emoji as one or two is not documented: here it counts as two, as in UTF-16.
"""

ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Combining marks."""
TRUE_WORDS: Final = frozenset({"true", "verdadero", "vrai", "1", "x", "si", "yes", "oui", "y", "s", "✓", "✔"})
"""The words for yes, unaccented: in an output's flag column and in a tick that an operator types."""
FALSE_WORDS: Final = frozenset({"false", "falso", "faux", "0", "no", "non", "n"})
"""The words for no, in the same cells."""


def length(text: str) -> int:
    """The number of UTF-16 units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def too_long(text: str) -> bool:
    """Whether a text is too long for a cell."""
    return 2 * len(text) > CELL_LIMIT and length(text) > CELL_LIMIT


def fitted(text: str, limit: int = CELL_LIMIT) -> str:
    """A text cut to the length of a cell, with an ellipsis if anything was cut."""
    if 2 * len(text) <= limit or length(text) <= limit:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def shown(value: object) -> str:
    """A cell as text: ``5.0`` as ``5``, booleans as ``TRUE``, ``FALSE``, nothing as ``""``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


@lru_cache(maxsize=8192)
def unaccented(text: str) -> str:
    """The text in lower case without accents: ``Teléfono`` as ``telefono``."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


@lru_cache(maxsize=8192)
def header_key(header: str) -> str:
    """The form in which headers are compared: without case, accents, spaces, signs and underscores."""
    return "".join(letter for letter in unaccented(header) if letter.isalnum())


@lru_cache(maxsize=8192)
def word_key(word: str) -> str:
    """The form in which vendors' words are compared: ``Catch All``, ``catch-all`` as ``catch_all``."""
    return "_".join(unaccented(word).replace("-", " ").replace("_", " ").split())


def flag(text: str) -> bool | None:
    """The meaning of a yes/no cell of a person or a tool, or None if it is neither."""
    word = unaccented(text.strip())
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None
