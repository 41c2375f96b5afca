"""The receiver's paths: the sources' own, ``/health`` and ``/metrics``; nothing else is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from sheets_crm.engine.intake import Delivery
from sheets_crm.receiver import refusals
from sheets_crm.receiver.bodies import IN_MEMORY, Body, Budget, Gone
from sheets_crm.receiver.metrics import Metrics
from sheets_crm.receiver.refusals import Refused
from sheets_crm.receiver.sources import Head, Source
from sheets_crm.receiver.writer import Writer

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Application:
    """The receiver as an ASGI application.

    Args:
        sources: Who posts, and where.
        writer: Stores what they post.
        metrics: Counts.
        clock: Seconds since 1970.
        memory: Bytes of all bodies together.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        writer: Writer,
        metrics: Metrics,
        clock: Callable[[], float],
        memory: int = IN_MEMORY,
    ) -> None:
        self._sources = sources
        self._writer = writer
        self._metrics = metrics
        self._clock = clock
        self._budget = Budget(memory)
        self.closing = False
        routes = [Route(source.path, _Endpoint(self, "POST", self._take, source)) for source in sources]
        routes.append(Route("/health", _Endpoint(self, "GET", self._health)))
        routes.append(Route("/metrics", _Endpoint(self, "GET", self._shown_metrics)))
        # A sender does not follow a redirect with its post: an address with a slash too many is not there.
        self._router = Router(routes, redirect_slashes=False, default=_Endpoint(self, "", self._nothing))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._router(scope, receive, send)

    async def answered(self, endpoint: _Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to one path, refusals included."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        head = Head(scope.get("path_params", {}), headers)
        name = endpoint.source.name if endpoint.source else ""
        with Body(head, receive, self._budget) as body:
            try:
                endpoint.check_method(scope["method"])
                response = await endpoint.answer(endpoint, head, body)
            except Refused as refused:
                self._metrics.refused[name, refused.reason] += 1
                response = await _refusal(refused, body)
            except Gone:
                self._metrics.refused[name, "gone"] += 1
                return
        await response(scope, receive, send)

    async def _take(self, endpoint: _Endpoint, head: Head, body: Body) -> Response:
        """Store a post, and answer when it is on the disk."""
        source = endpoint.source
        assert source is not None
        self._metrics.received[source.name] += 1
        if not source.admits(head):
            raise refusals.no_proof()
        if self.closing:
            raise refusals.unavailable("closing")
        content = await body.whole()
        if not source.proves(head, content):
            raise refusals.no_proof()
        # What cannot be read is stored like the rest: whoever proved himself would only send it again, and the import
        # refuses it with a reason that a person sees.
        described = source.describe(content)
        moment = dt.datetime.fromtimestamp(self._clock(), tz=dt.UTC)
        await self._writer.store(Delivery(source.name, described.kind, moment, content, described.key))
        self._metrics.stored[source.name] += 1
        return JSONResponse({"stored": True})

    async def _health(self, _endpoint: _Endpoint, _head: Head, _body: Body) -> Response:
        if self.closing or not await self._writer.can_store():
            raise refusals.unavailable("store")
        return JSONResponse({"healthy": True})

    async def _shown_metrics(self, _endpoint: _Endpoint, _head: Head, _body: Body) -> Response:
        names = [source.name for source in self._sources]
        return PlainTextResponse(self._metrics.text(names, self._writer.waiting), media_type=_PROMETHEUS)

    async def _nothing(self, _endpoint: _Endpoint, _head: Head, _body: Body) -> Response:
        raise refusals.no_such_path()


class _Endpoint:
    """One path: the method that it takes ("" for any), and what answers it."""

    def __init__(
        self,
        application: Application,
        method: str,
        answer: Callable[[_Endpoint, Head, Body], Coroutine[Any, Any, Response]],
        source: Source | None = None,
    ) -> None:
        self._application = application
        self._methods = {"GET": ("GET", "HEAD"), "": ()}.get(method, (method,))
        self.answer = answer
        self.source = source

    def check_method(self, method: str) -> None:
        """Refuse a method that the path does not take."""
        if self._methods and method not in self._methods:
            raise refusals.wrong_method(", ".join(self._methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application.answered(self, scope, receive, send)


async def _refusal(refused: Refused, body: Body) -> Response:
    if refused.patient:
        await body.drain()
    closing = {} if body.ended else {"Connection": "close"}
    return JSONResponse({"error": refused.reason}, refused.status, {**refused.headers, **closing})
