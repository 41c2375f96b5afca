"""The HTTP face: which stand-in answers, with faults, and refusal of requests from elsewhere.

Requests run in worker threads; the event loop only moves bytes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sheets_crm.stand_ins import control, slack
from sheets_crm.stand_ins.errors import RefusedError
from sheets_crm.stand_ins.faults import Fault, Faults
from sheets_crm.stand_ins.instantly import service
from sheets_crm.stand_ins.wire import Answer, Asked, as_json, as_text
from sheets_crm.stand_ins.world import World

__all__ = ["Application"]

_log = logging.getLogger(__name__)

Answering = Callable[[Asked], Answer]


class Application:
    """The stand-ins as an ASGI application.

    Args:
        world: Their world.
        instantly: Answers what is meant for Instantly.
        slack_hook: Answers what is meant for Slack.
        controls: Answers what tests ask for.
        requests: Counts how often each method was asked.
        origin: The server's own address, such as ``http://127.0.0.1:8800``.
    """

    def __init__(
        self,
        world: World,
        instantly: Answering,
        slack_hook: Answering,
        controls: Answering,
        requests: Counter[str],
        origin: str,
    ) -> None:
        self._faults: Faults = world.faults
        self._answering = {service.PREFIX: instantly, slack.PREFIX: slack_hook}
        self._controls = controls
        self._requests = requests
        port = origin.rpartition(":")[2]
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        answer: Answer | None
        if request.headers.get("host", "") not in self._hosts or "origin" in request.headers:
            # pages of other sites, also those that reach us under a name of theirs (DNS rebinding)
            answer = as_json(403, RefusedError(403, "This server answers only its own host.").body())
        elif scope["path"].startswith(control.PREFIX):
            answer = await run_in_threadpool(self._controls, await _read(request))
        else:
            answer = await self._serve(await _read(request))
        if answer is None:
            await _cut(send)
        else:
            await Response(answer.body, answer.status, answer.headers)(scope, receive, send)

    async def _serve(self, asked: Asked) -> Answer | None:
        """Answer through the faults; None cuts the connection."""
        self._requests[service.template_of(asked.method, asked.path)] += 1
        fault = self._faults.meet(f"{asked.method} {asked.path}")
        if fault is None:
            return await run_in_threadpool(self._apply, asked)
        if fault.mode == "drop_request":
            return None
        if fault.mode == "html_502":
            return _html_502()
        if fault.mode == "status":
            return _refused(fault, asked)
        if fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        answer = await run_in_threadpool(self._apply, asked)
        if fault.mode == "duplicate_delivery":
            await run_in_threadpool(self._apply, asked)
        if fault.mode == "timeout":
            await asyncio.sleep(fault.seconds)
        return _after(fault, asked, answer)

    def _apply(self, asked: Asked) -> Answer:
        """Let the stand-in that a request is meant for answer; what it changes is kept before the answer leaves."""
        try:
            for prefix, answering in self._answering.items():
                if asked.path.startswith(prefix):
                    return answering(asked)
        except Exception:  # noqa: BLE001 - a bug of ours is a 500, and a traceback in the log
            _log.exception("%s %s failed", asked.method, asked.path)
            return as_json(500, RefusedError(500, "The stand-in failed; its log says why.").body())
        return as_json(404, RefusedError(404, f"Route {asked.method}:{asked.path} not found").body())


def _after(fault: Fault, asked: Asked, answer: Answer) -> Answer | None:
    """What the client sees of a request that was applied; None cuts the connection."""
    if fault.mode in ("drop_response", "timeout"):
        return None
    if fault.mode == "after_apply":
        return _refused(fault, asked)
    if fault.mode == "truncate":
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    if fault.mode == "malformed":
        return Answer(answer.status, b"<html>not what was asked for</html>", answer.headers)
    return answer


def _refused(fault: Fault, asked: Asked) -> Answer:
    """A refusal in the form of the service that was asked."""
    error = RefusedError(fault.status, "Rate limit exceeded" if fault.status == 429 else f"Fault {fault.status}")
    headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    if asked.path.startswith(slack.PREFIX):
        return as_text(fault.status, error.message, headers)
    plain = as_json(fault.status, error.body())
    return Answer(plain.status, plain.body, plain.headers | headers)


def _html_502() -> Answer:
    body = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
    return Answer(502, body, {"content-type": "text/html"})


async def _read(request: Request) -> Asked:
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = {name.lower(): text for name, text in request.headers.items()}
    return Asked(request.method, request.scope["path"], query, headers, await request.body())


async def _cut(send: Callable[..., Any]) -> None:
    """Reset the connection without an answer."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
    await asyncio.sleep(0.05)  # lets the server notice before it would answer 500 by itself
