"""Settings that are the address of a service."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from sheets_crm.messages import said

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def base_url(text: str) -> str:
    """Check the base URL of a service, which paths are put behind; "" is the service's own.

    Raises:
        ValueError: It is none, or what travels to it could be read on the way.
    """
    text = text.strip()
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ValueError(said("setting.no_url"))
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(said("setting.clear_http"))
    return text.rstrip("/")
