"""The emulator's clock: the machine's, or one that starts at ``SHEETS_CRM_NOW`` and runs on."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARIABLE = "SHEETS_CRM_NOW"


def named_clock() -> Callable[[], float] | None:
    """The clock that the environment asks for; None for the machine's.

    Raises:
        ValueError: The variable holds no ISO time.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{VARIABLE} is no ISO time (such as 2026-11-30T03:00+01:00).") from None
    ahead = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - time.time()
    return lambda: time.time() + ahead


class Dated:
    """An application whose answers have the Date of a clock.

    Args:
        application: The application.
        clock: Seconds since 1970.
    """

    def __init__(self, application: ASGIApp, clock: Callable[[], float]) -> None:
        self._application = application
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._clock(), usegmt=True).encode()
                message = {**message, "headers": [*message.get("headers", ()), (b"date", date)]}
            await send(message)

        await self._application(scope, receive, dated)
