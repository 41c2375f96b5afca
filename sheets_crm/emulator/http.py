"""The HTTP face: tokens, faults, statistics, and refusal of requests from elsewhere.

Requests run in worker threads; the event loop only moves bytes.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sheets_crm.emulator.api import Api
from sheets_crm.emulator.auth import GrantError, Tokens
from sheets_crm.emulator.callers import Callers
from sheets_crm.emulator.errors import ApiError, invalid, invalid_json, unauthenticated
from sheets_crm.emulator.faults import Fault, Faults
from sheets_crm.emulator.json_reader import read_json
from sheets_crm.emulator.quota import Quota, quota_error
from sheets_crm.emulator.routes import Call, Route, find_route
from sheets_crm.emulator.stats import Stats
from sheets_crm.emulator.system_parameters import refuse_unsupported
from sheets_crm.emulator.wire import Answered, Asked, as_json, html_page, packed, read, respond, unpacked

__all__ = ["Application", "fitting"]

_log = logging.getLogger(__name__)

_ENDLESS = re.compile(r"\d{1000}")  # no number of an address is as long, and Python reads none beyond 4,300 digits
_TEXTS = {
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


class Application:
    """The emulator as an ASGI application.

    Args:
        api: The methods.
        tokens: Who is who.
        stats: What was asked so far.
        origin: The server's own address, such as ``http://127.0.0.1:8700``.
        quota: Counts requests, or None to let all pass.
        keys: API keys, with which nobody in particular reads the files that are shared with anyone.
    """

    def __init__(
        self,
        api: Api,
        tokens: Tokens,
        stats: Stats,
        origin: str,
        quota: Quota | None,
        keys: Collection[str] = (),
    ) -> None:
        self.api = api
        self.tokens = tokens
        self.stats = stats
        self.faults = Faults()
        self._quota = quota
        self._callers = Callers(tokens, api.library, keys)
        self._page: ASGIApp | None = None
        port = origin.rpartition(":")[2]
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self._origins = {f"http://{host}" for host in self._hosts}

    def show_page(self, page: ASGIApp) -> None:
        """Let another application answer every path that is not the API's, such as ``/``."""
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        if not self._is_ours(request):
            answer = as_json(403, ApiError(403, "This server answers only its own host and origin.").body())
            await respond(answer, scope, receive, send)
            return
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        if raw_path.startswith(("/v4/", "/drive/", "/upload/", "/token", "/_emulator/faults", "/_emulator/stats")):
            await self._serve(await read(request, raw_path), scope, receive, send)
        elif self._page is not None:
            await self._page(scope, receive, send)
        else:
            await respond(as_json(404, ApiError(404, "Not found.").body()), scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        """Refuse pages of other sites, also those that reach us under a name of theirs (DNS rebinding)."""
        origin = request.headers.get("origin")
        return request.headers.get("host", "") in self._hosts and (origin is None or origin in self._origins)

    async def _serve(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if not asked.raw_path.startswith("/_emulator/"):
            fault = self.faults.meet(f"{asked.method} {asked.raw_path}")
        if fault is not None and fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        answer = self._before(fault, asked)
        if answer is None:
            answer = await run_in_threadpool(self._answer, asked)
            late = await self._after(fault, asked, answer) if fault is not None else answer
            if late is None:
                self.stats.request(answer.template, asked.size, 0)
                await _cut(send)
                return
            answer = late
        sent = await respond(packed(answer, asked), scope, receive, send)
        if not asked.raw_path.startswith("/_emulator/"):
            self.stats.request(answer.template or f"{asked.method} {asked.raw_path}", asked.size, sent)

    # -- faults ---------------------------------------------------------------------------------------------------

    def _before(self, fault: Fault | None, asked: Asked) -> Answered | None:
        """Answer in the place of the API, which then never sees the request."""
        if fault is None or fault.mode not in ("status", "html_502", "expire_token"):
            return None
        if fault.mode == "html_502":
            answer = html_page(502)
        elif fault.mode == "expire_token":
            self.tokens.revoke(asked.headers.get("authorization", "").partition(" ")[2] or asked.system.token)
            answer = as_json(401, unauthenticated(missing=False).body())
        else:
            answer = _fault_answer(fault, asked)
        answer.template = _template(asked)
        return answer

    async def _after(self, fault: Fault, asked: Asked, answer: Answered) -> Answered | None:
        """Change the answer of a request that was applied; None cuts the connection instead."""
        if fault.mode == "drop_response":
            return None
        if fault.mode == "timeout":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.mode == "duplicate_delivery":
            await run_in_threadpool(self._answer, asked)
        if fault.mode == "truncate":
            answer.body = answer.body[: len(answer.body) // 2]
        if fault.mode == "after_apply":
            changed = _fault_answer(fault, asked)
            changed.template = answer.template
            return changed
        return answer

    # -- answers --------------------------------------------------------------------------------------------------

    def _answer(self, asked: Asked) -> Answered:
        try:
            asked = unpacked(asked)
            return self._answer_to(asked)
        except ApiError as error:
            refused = error
        except RecursionError:
            refused = invalid("The request is nested too deeply.")
        except Exception:  # noqa: BLE001 - a bug of ours is a 500 like Google's, and a traceback in the log
            _log.exception("%s %s failed", asked.method, asked.raw_path)
            refused = ApiError(500, _TEXTS[500])
        return _with_template(_refusal(refused, asked), asked)

    def _answer_to(self, asked: Asked) -> Answered:
        if asked.raw_path.startswith("/_emulator/"):
            return self._own(asked)
        if asked.raw_path == "/token":
            return self._token(asked)
        return self._call(asked)

    def _own(self, asked: Asked) -> Answered:
        """Faults and statistics; they need no token."""
        if asked.raw_path == "/_emulator/stats" and asked.method == "GET":
            return as_json(200, self.stats.report())
        if asked.raw_path == "/_emulator/faults" and asked.method == "POST":
            self.faults.arm(_strict(asked.body))
            return as_json(200, {"armed": len(self.faults.armed)})
        if asked.raw_path == "/_emulator/faults" and asked.method == "DELETE":
            self.faults.disarm()
            return as_json(200, {"armed": 0})
        raise ApiError(404, "Not found.")

    def _token(self, asked: Asked) -> Answered:
        form = {name: texts[-1] for name, texts in parse_qs(asked.body.decode("utf-8", "replace")).items()}
        try:
            return _with_template(as_json(200, self.tokens.grant(form)), asked)
        except GrantError as error:
            refused = error
        except (AttributeError, TypeError, ValueError):  # signed, but with claims that are none
            refused = GrantError("invalid_grant", "Invalid JWT: Its claims cannot be read.")
        answer = as_json(400, {"error": refused.error, "error_description": refused.description})
        return _with_template(answer, asked)

    def _call(self, asked: Asked) -> Answered:
        meant = find_route(asked.method, asked.raw_path)
        if meant is None:
            # Google's front end knows no such method: a page (B); for Sheets beside its one collection it says 400
            illegal = asked.raw_path.startswith("/v4/") and not asked.raw_path.startswith("/v4/spreadsheets")
            return html_page(400 if illegal else 404, asked.raw_path)
        if asked.method == "GET" and asked.body:
            return html_page(400)  # a read with a body does not reach the API (C)
        route, path = meant
        asked.system.check()
        if route.name not in ("drive", "upload"):
            refuse_unsupported(asked.query)
        email = self._callers.who(asked, path)
        texts = (text for texts in asked.query.values() for text in texts)
        if any(map(_ENDLESS.search, [*path.values(), *texts])):
            raise invalid("Request contains an invalid argument.")
        if self._quota is not None and route.writes is not None:
            self._quota.spend(email, write=route.writes)
        content_type = asked.headers.get("content-type", "").partition(";")[0]
        answer = self.api.answer(route, Call(email, path, asked.query, _body(route, asked.body), content_type))
        template = f"{route.verb} {route.template}"
        if answer is None:
            return Answered(204, headers={"content-type": "text/html"}, template=template)
        body, kind = answer if isinstance(answer, tuple) else asked.system.answer(answer)
        return Answered(200, body, {"content-type": kind}, template)


def _body(route: Route, body: bytes) -> Any:
    if route.name == "upload":
        return _text(body)
    return fitting(route, _strict(body)) if route.name == "drive" else read_json(body)


def _refusal(error: ApiError, asked: Asked) -> Answered:
    drive = asked.raw_path.startswith(("/drive/", "/upload/"))
    status, body, kind = asked.system.refusal(error, drive=drive)
    return Answered(status, body, {"content-type": kind})


def _template(asked: Asked) -> str:
    meant = find_route(asked.method, asked.raw_path)
    return f"{asked.method} {meant[0].template if meant else asked.raw_path}"


def _with_template(answer: Answered, asked: Asked) -> Answered:
    answer.template = _template(asked)
    return answer


def _fault_answer(fault: Fault, asked: Asked) -> Answered:
    if fault.status == 429:
        error = quota_error("Read" if asked.method == "GET" else "Write")
    else:
        error = ApiError(fault.status, _TEXTS.get(fault.status, f"Fault {fault.status} of the emulator."))
    answer = as_json(fault.status, error.body())
    if fault.retry_after is not None:
        answer.headers["retry-after"] = str(fault.retry_after)
    return answer


def _strict(body: bytes) -> Any:
    """Read the JSON of Drive and of the emulator's own addresses, which are not read leniently."""
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid_json(str(error)) from error


def fitting(route: Route, body: Any) -> Any:
    """Let the JSON body of a call pass; those of Sheets are checked beside the schema, in Google's words.

    Raises:
        ApiError: 400 for Drive where it is neither an object nor nothing.
    """
    if route.name == "drive" and not isinstance(body, dict | None):
        raise invalid("Invalid JSON payload received. The body must be an object.")
    return body


def _text(body: bytes) -> bytes:
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid("The file is not in UTF-8.") from None
    return body


async def _cut(send: Callable[..., Any]) -> None:
    """Reset the connection without an answer."""
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is not None:
        transport.abort()
    await asyncio.sleep(0.05)  # lets the server notice before it would answer 500 by itself
