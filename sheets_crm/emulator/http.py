"""The HTTP face: tokens, gzip, faults, statistics, and refusal of requests from elsewhere.

Requests run in worker threads; the event loop only moves bytes.
"""

import asyncio
import gzip
import logging
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import NoneType
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sheets_crm.emulator.api import Api
from sheets_crm.emulator.auth import GrantError, Tokens
from sheets_crm.emulator.errors import ApiError, invalid, unauthenticated
from sheets_crm.emulator.faults import Fault, Faults
from sheets_crm.emulator.quota import Quota, quota_error
from sheets_crm.emulator.routes import Call, Route, find_route
from sheets_crm.emulator.stats import Stats

__all__ = ["Application", "fitting"]

_log = logging.getLogger(__name__)

_GZIP_FROM = 1024
_ENDLESS = re.compile(r"\d{1000}")  # no number of an address is as long, and Python reads none beyond 4,300 digits
_FAULT_STATUS = frozenset(range(200, 600)) - {204, 205, 304}
_FAULT_KINDS: dict[str, tuple[type, ...]] = {
    "match": (str,),
    "mode": (str,),
    "status": (int,),
    "times": (int,),
    "skip": (int,),
    "seconds": (int, float),
    "retry_after": (int, NoneType),
}
_JSON = "application/json; charset=UTF-8"
_HTML_502 = (
    b"<!DOCTYPE html>\n<html lang=en><title>Error 502 (Server Error)!!1</title>"
    b"<p><b>502.</b> <ins>That\xe2\x80\x99s an error.</ins><p>The server encountered a temporary error "
    b"and could not complete your request.<p>Please try again in 30 seconds.</html>\n"
)
_TEXTS = {
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


@dataclass(slots=True)
class _Asked:
    """A request as it came."""

    method: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    size: int
    packed: bool = False


@dataclass(slots=True)
class _Answered:
    """An answer before it is sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": _JSON})
    template: str = ""


class Application:
    """The emulator as an ASGI application.

    Args:
        api: The methods.
        tokens: Who is who.
        stats: What was asked so far.
        origin: The server's own address, such as ``http://127.0.0.1:8700``.
        quota: Counts requests, or None to let all pass.
    """

    def __init__(self, api: Api, tokens: Tokens, stats: Stats, origin: str, quota: Quota | None) -> None:
        self.api = api
        self.tokens = tokens
        self.stats = stats
        self.faults = Faults()
        self._quota = quota
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
            answer = _json(403, ApiError(403, "This server answers only its own host and origin.").body())
            await _respond(answer, scope, receive, send)
            return
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        if raw_path.startswith(("/v4/", "/drive/", "/upload/", "/token", "/_emulator/faults", "/_emulator/stats")):
            await self._serve(await _read(request, raw_path), scope, receive, send)
        elif self._page is not None:
            await self._page(scope, receive, send)
        else:
            await _respond(_json(404, ApiError(404, "Not found.").body()), scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        """Refuse pages of other sites, also those that reach us under a name of theirs (DNS rebinding)."""
        origin = request.headers.get("origin")
        return request.headers.get("host", "") in self._hosts and (origin is None or origin in self._origins)

    async def _serve(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
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
        sent = await _respond(_packed(answer, asked), scope, receive, send)
        if not asked.raw_path.startswith("/_emulator/"):
            self.stats.request(answer.template or f"{asked.method} {asked.raw_path}", asked.size, sent)

    # -- faults ---------------------------------------------------------------------------------------------------

    def _before(self, fault: Fault | None, asked: _Asked) -> _Answered | None:
        """Answer in the place of the API, which then never sees the request."""
        if fault is None or fault.mode not in ("status", "html_502", "expire_token"):
            return None
        if fault.mode == "html_502":
            found = _Answered(502, _HTML_502, {"content-type": "text/html; charset=UTF-8"})
        elif fault.mode == "expire_token":
            self.tokens.revoke(asked.headers.get("authorization", "").partition(" ")[2])
            found = _json(401, unauthenticated(missing=False).body())
        else:
            found = _fault_answer(fault, asked)
        found.template = _template(asked)
        return found

    async def _after(self, fault: Fault, asked: _Asked, answer: _Answered) -> _Answered | None:
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

    def _answer(self, asked: _Asked) -> _Answered:
        try:
            return self._answer_to(_unpacked(asked))
        except ApiError as error:
            return _with_template(_json(error.code, error.body()), asked)
        except RecursionError:
            return _with_template(_json(400, invalid("The request is nested too deeply.").body()), asked)
        except Exception:  # noqa: BLE001 - a bug of ours is a 500 like Google's, and a traceback in the log
            _log.exception("%s %s failed", asked.method, asked.raw_path)
            return _with_template(_json(500, ApiError(500, _TEXTS[500]).body()), asked)

    def _answer_to(self, asked: _Asked) -> _Answered:
        if asked.raw_path.startswith("/_emulator/"):
            return self._own(asked)
        if asked.raw_path == "/token":
            return self._token(asked)
        return self._call(asked)

    def _own(self, asked: _Asked) -> _Answered:
        """Faults and statistics; they need no token."""
        if asked.raw_path == "/_emulator/stats" and asked.method == "GET":
            return _json(200, self.stats.report())
        if asked.raw_path == "/_emulator/faults" and asked.method == "POST":
            self.faults.arm(_fault_asked(_parsed(asked.body)))
            return _json(200, {"armed": len(self.faults.armed)})
        if asked.raw_path == "/_emulator/faults" and asked.method == "DELETE":
            self.faults.disarm()
            return _json(200, {"armed": 0})
        raise ApiError(404, "Not found.")

    def _token(self, asked: _Asked) -> _Answered:
        form = {name: texts[-1] for name, texts in parse_qs(asked.body.decode("utf-8", "replace")).items()}
        try:
            return _with_template(_json(200, self.tokens.grant(form)), asked)
        except GrantError as error:
            refused = error
        except (AttributeError, TypeError, ValueError):  # signed, but with claims that are none
            refused = GrantError("invalid_grant", "Invalid JWT: Its claims cannot be read.")
        found = _json(400, {"error": refused.error, "error_description": refused.description})
        return _with_template(found, asked)

    def _call(self, asked: _Asked) -> _Answered:
        email = self._who(asked)
        found = find_route(asked.method, asked.raw_path)
        if found is None:
            raise ApiError(404, "Not found.")
        route, path = found
        if any(
            map(_ENDLESS.search, [*path.values(), *(text for texts in asked.query.values() for text in texts)])
        ):
            raise invalid("Request contains an invalid argument.")
        if self._quota is not None and route.writes is not None:
            self._quota.spend(email, write=route.writes)
        content_type = asked.headers.get("content-type", "").partition(";")[0]
        body = _text(asked.body) if route.name == "upload" else fitting(route, _parsed(asked.body))
        answer = self.api.answer(route, Call(email, path, asked.query, body, content_type))
        template = f"{route.verb} {route.template}"
        if answer is None:
            return _Answered(204, headers={"content-type": "text/html"}, template=template)
        if isinstance(answer, tuple):
            return _Answered(200, answer[0], {"content-type": answer[1]}, template)
        return _Answered(200, orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS), template=template)

    def _who(self, asked: _Asked) -> str:
        """Say who asks; a header beyond ASCII is a wrong token, and cannot even be compared as a text."""
        header = asked.headers.get("authorization")
        if header is not None and not header.isascii():
            raise unauthenticated(missing=False)
        email, _ = self.tokens.who(header)
        return email


def _template(asked: _Asked) -> str:
    found = find_route(asked.method, asked.raw_path)
    return f"{asked.method} {found[0].template if found else asked.raw_path}"


def _with_template(answer: _Answered, asked: _Asked) -> _Answered:
    answer.template = _template(asked)
    return answer


def _fault_answer(fault: Fault, asked: _Asked) -> _Answered:
    if fault.status == 429:
        error = quota_error("Read" if asked.method == "GET" else "Write")
    else:
        error = ApiError(fault.status, _TEXTS.get(fault.status, f"Fault {fault.status} of the emulator."))
    answer = _json(fault.status, error.body())
    if fault.retry_after is not None:
        answer.headers["retry-after"] = str(fault.retry_after)
    return answer


def _json(status: int, body: Any) -> _Answered:
    return _Answered(status, orjson.dumps(body))


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        text = f"Invalid JSON payload received. {error}"
        kind = "type.googleapis.com/google.rpc.BadRequest"
        raise ApiError(400, text, [{"@type": kind, "fieldViolations": [{"description": text}]}]) from error


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


def _fault_asked(body: Any) -> Any:
    """Look at the values of a fault: one that cannot be met would end in every later request."""
    for name, value in body.items() if isinstance(body, dict) else ():
        kinds = _FAULT_KINDS.get(name, (object,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and object not in kinds):
            raise invalid(f"{name} of a fault cannot be {value!r:.80}.")
        if name == "status" and value not in _FAULT_STATUS:
            raise invalid("status of a fault must be one of HTTP, from 200 to 599, that has a body.")
    return body


def _unpacked(asked: _Asked) -> _Asked:
    if not asked.packed:
        return asked
    try:
        return replace(asked, body=gzip.decompress(asked.body), packed=False)
    except (OSError, EOFError, zlib.error):
        raise invalid("The body is not gzip, as its Content-Encoding says.") from None


async def _read(request: Request, raw_path: str) -> _Asked:
    body = await request.body()
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in request.scope["headers"]}
    query = request.scope["query_string"].decode("latin-1")
    size = len(body) + len(raw_path) + len(query) + sum(len(n) + len(t) + 4 for n, t in headers.items())
    packed = headers.get("content-encoding", "").lower() == "gzip"
    return _Asked(request.method, raw_path, parse_qs(query, keep_blank_values=True), headers, body, size, packed)


def _packed(answer: _Answered, asked: _Asked) -> _Answered:
    """Compress where the client asked for it, as Google does."""
    if "gzip" not in asked.headers.get("accept-encoding", "") or len(answer.body) < _GZIP_FROM:
        return answer
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    body = packer.compress(answer.body) + packer.flush()
    headers = {**answer.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}
    return _Answered(answer.status, body, headers, answer.template)


async def _respond(answer: _Answered, scope: Scope, receive: Receive, send: Send) -> int:
    response = Response(answer.body, answer.status, answer.headers)
    await response(scope, receive, send)
    return len(answer.body) + sum(len(name) + len(text) + 4 for name, text in response.raw_headers)


async def _cut(send: Callable[..., Any]) -> None:
    """Reset the connection without an answer."""
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is not None:
        transport.abort()
    await asyncio.sleep(0.05)  # lets the server notice before it would answer 500 by itself
