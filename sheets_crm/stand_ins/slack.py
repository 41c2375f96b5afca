"""Slack's incoming webhooks: a message to one channel by an address that is itself the secret.

Source: Slack's pages on incoming webhooks and on limits (texts of refusals and the limit A; the body of a 429 C).
"""

import json
import math
import secrets
from typing import Any, Final
from urllib.parse import parse_qs

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import RefusedError
from sheets_crm.stand_ins.wire import Answer, Asked, as_text
from sheets_crm.stand_ins.world import World

__all__ = ["PREFIX", "Slack", "new_path"]

PREFIX: Final = "/services/"

_SECONDS_BETWEEN: Final = 1.0

#: The status of each refusal that settings can ask for.
_REFUSALS: Final = {
    "action_prohibited": 403,
    "invalid_token": 403,
    "channel_not_found": 404,
    "no_service": 404,
    "channel_is_archived": 410,
}


def new_path() -> str:
    """The path of a new webhook."""
    parts = ("T" + secrets.token_hex(5).upper(), "B" + secrets.token_hex(5).upper(), secrets.token_urlsafe(18))
    return PREFIX + "/".join(parts)


class Slack:
    """One incoming webhook, to one channel.

    Args:
        world: The stand-ins' world.
        path: The path of the webhook's address.
    """

    def __init__(self, world: World, path: str) -> None:
        self._world = world
        self._path = path
        self._next_at = -math.inf

    def answer(self, asked: Asked) -> Answer:
        """Answer a request; a refusal is an answer too."""
        try:
            with self._world.documents.change():
                self._post(asked)
        except RefusedError as error:
            return as_text(error.status, error.message, error.headers)
        return as_text(200, "ok")

    def _post(self, asked: Asked) -> None:
        self._check_path(asked.path)
        if asked.method != "POST":
            raise RefusedError(405, "method_not_allowed")
        settings = self._world.settings()
        if settings["slack"] in _REFUSALS:
            raise RefusedError(_REFUSALS[settings["slack"]], settings["slack"])
        message = _read(asked)
        if settings["limits"]:
            self._spend()
        self._world.note_sent("slack", "message", message)

    def _check_path(self, path: str) -> None:
        """Who knows the first two parts only has a wrong token; who does not, no service."""
        if path == self._path:
            return
        if path.rpartition("/")[0] == self._path.rpartition("/")[0]:
            raise RefusedError(403, "invalid_token")
        raise RefusedError(404, "no_service")

    def _spend(self) -> None:
        """One message a second; the service lets short bursts pass, without saying how short."""
        now = self._world.clock()
        if now < self._next_at:
            wait = max(math.ceil(self._next_at - now), 1)
            raise RefusedError(429, "rate_limited", {"retry-after": str(wait)})
        self._next_at = now + _SECONDS_BETWEEN


def _read(asked: Asked) -> Document:
    """The message: JSON, or a form with JSON in its field ``payload``.

    Raises:
        RefusedError: 400 for anything else, and for a message without content.
    """
    text = asked.body.decode("utf-8", "replace")
    if asked.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        text = parse_qs(text).get("payload", [text])[-1]
    try:
        message: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise RefusedError(400, "invalid_payload") from None
    if not isinstance(message, dict):
        raise RefusedError(400, "invalid_payload")
    if not any(message.get(name) for name in ("text", "blocks", "attachments")):
        raise RefusedError(400, "no_text")
    return message
