"""How the service's posts are told apart: it signs no event and gives it no id, so an event has a key of what it says.

Whoever brings an event, the receiver or the feed of what the receiver missed, gives it the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from sheets_crm.engine.intake import UNREADABLE
from sheets_crm.instantly.kinds import SEVERAL

_TOLD_APART_BY: Final = ("event_type", "timestamp", "lead_email", "campaign_id", "step", "email_id")
"""Fields that the service documents; a lead's own variables stand beside them and are not read."""

_LONGEST_KIND: Final = 100


def kind_and_key(body: bytes) -> tuple[str, str]:
    """What a post brings, one event or a list of them: the kind and the key of its delivery."""
    try:
        content = orjson.loads(body)
    except ValueError:
        content = None
    events = content if isinstance(content, list) else [content]
    if not events or not all(isinstance(event, dict) for event in events):
        return UNREADABLE, sha256(body)
    keys = [event_key(event) for event in events]
    kinds = {_kind(event) for event in events}
    return (
        kinds.pop() if len(kinds) == 1 else SEVERAL,
        keys[0] if len(keys) == 1 else sha256("".join(keys).encode()),
    )


def event_key(event: Mapping[str, Any]) -> str:
    """What all deliveries of one event have in common."""
    return key_of([event.get(name) for name in _TOLD_APART_BY])


def key_of(told: Sequence[Any]) -> str:
    """The key of what is told; as JSON, so that no two parts of it run together."""
    try:
        return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS))
    except TypeError:  # what no JSON of the service holds, such as a number of more than 64 bits
        return sha256(json.dumps(told, sort_keys=True, default=str).encode())


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _kind(event: Mapping[str, Any]) -> str:
    """The event's type; one that a workspace made up is a label in its own words."""
    text = event.get("event_type")
    shown = "".join(filter(str.isprintable, text)) if isinstance(text, str) else ""
    return shown[:_LONGEST_KIND] or UNREADABLE
