"""Instantly's webhooks: a token in the path, for it signs nothing, and a key made of the event, for it has no id.

Source: https://developer.instantly.ai/webhook-events. A lead's own variables stand beside the event's fields, so
nothing but the fields that Instantly documents is read here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from sheets_crm.receiver.sources import UNREADABLE, Description, Head, Source
from sheets_crm.receiver.tokens import is_token, token

NAME: Final = "instantly"

SEVERAL: Final = "several"
"""Kind of a post with events of several types."""

_KEY: Final = ("event_type", "timestamp", "lead_email", "campaign_id", "step", "email_id")
_LONGEST_KIND: Final = 100


def instantly(secret: bytes) -> Source:
    """Instantly as a source.

    Args:
        secret: The content of the token file.
    """
    expected = token(secret, NAME)

    def admits(head: Head) -> bool:
        return is_token(head.parameters["token"], expected)

    path = f"/webhooks/{NAME}/"
    return Source(NAME, path + "{token}", admits, describe, address=path + expected)


def describe(body: bytes) -> Description:
    """What a post brings: one event, or a list of them."""
    try:
        content = orjson.loads(body)
    except ValueError:
        content = None
    events = content if isinstance(content, list) else [content]
    if not events or not all(isinstance(event, dict) for event in events):
        return Description(UNREADABLE, _sha256(body))
    keys = [event_key(event) for event in events]
    kinds = {_kind(event) for event in events}
    return Description(
        kinds.pop() if len(kinds) == 1 else SEVERAL, keys[0] if len(keys) == 1 else _sha256("".join(keys).encode())
    )


def event_key(event: Mapping[str, Any]) -> str:
    """What all deliveries of one event have in common."""
    return _sha256(orjson.dumps([event.get(name) for name in _KEY]))


def _kind(event: Mapping[str, Any]) -> str:
    """The event's type; one that a workspace made up is a label in its own words."""
    text = event.get("event_type")
    shown = "".join(filter(str.isprintable, text)) if isinstance(text, str) else ""
    return shown[:_LONGEST_KIND] or UNREADABLE


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
