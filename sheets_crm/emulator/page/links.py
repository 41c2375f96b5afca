"""Which addresses that cells link to a browser may open."""

import re
from urllib.parse import urlsplit

__all__ = ["safe_address"]

_SCHEMES = {"http", "https", "mailto"}


def safe_address(given: object) -> str | None:
    """Give an address with its scheme if it is one of http, https and mailto; None of scripts, files and the rest.

    An address such as ``#gid=7`` leads to a tab of the same file.
    """
    if not isinstance(given, str):
        return None
    text = given.strip()
    if re.fullmatch(r"#gid=\d{1,10}", text, re.ASCII):
        return text
    if re.match(r"[^\s/:?#]+\.[^\s/:?#]", text) and "://" not in text and not text.lower().startswith("mailto:"):
        text = f"https://{text}"  # HYPERLINK takes "example.com" too
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or any(ord(letter) <= ord(" ") for letter in text):
        return None
    return text if parts.netloc or parts.scheme.lower() == "mailto" else None
