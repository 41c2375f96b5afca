"""Instantly's webhooks: a token in the path, for it signs nothing, and a key made of the event, for it has no id.

Source: https://developer.instantly.ai/webhook-events.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.instantly.posts import kind_and_key
from sheets_crm.receiver.sources import Description, Head, Source
from sheets_crm.receiver.tokens import is_token, token

NAME: Final = "instantly"


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
    return Description(*kind_and_key(body))
