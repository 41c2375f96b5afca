"""Which texts are e-mail addresses, URLs, or links as they stand: for functions, conditions and cells alike.

That ISEMAIL and the condition TEXT_IS_EMAIL, ISURL and TEXT_IS_URL, draw the same line is inferred (C).
"""

import re

__all__ = ["is_email", "is_link", "is_url"]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_URL = re.compile(
    r"(?:(?:https?|ftp)://)?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:[/?#:]\S*)?|mailto:(?://)?\S+", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|ftp://|mailto:)[^\s<>\"]+|www\.[^\s<>\".]+\.[^\s<>\"]+", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Tell whether a text is a URL, be it without its scheme."""
    return _URL.fullmatch(text) is not None


def is_link(text: str) -> bool:
    """Tell whether a text that is entered becomes a link: it names its scheme, or begins with ``www.``."""
    return _LINK.fullmatch(text) is not None
