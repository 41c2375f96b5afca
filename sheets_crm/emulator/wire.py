"""Requests as they come and answers as they go: sizes, gzip, a query in a body, pages of HTML."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.system_parameters import SystemParameters, read_system_parameters

__all__ = ["Answered", "Asked", "as_json", "html_page", "packed", "read", "respond", "unpacked"]

JSON = "application/json; charset=UTF-8"
_FORM = "application/x-www-form-urlencoded"
_GZIP_FROM = 1024
_TITLES = {400: "Bad Request", 404: "Not Found", 502: "Server Error"}


@dataclass(slots=True)
class Asked:
    """A request as it came.

    Attributes:
        method: The method that is meant.
        raw_path: The path, as it is encoded.
        query: The method's own parameters, each with all its values.
        headers: By names in small letters.
        body: The body; packed if it came so.
        size: Bytes that came.
        system: The parameters that every method takes.
        packed: Whether the body is gzip.
        query_text: The query, as it is encoded.
    """

    method: str
    raw_path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    size: int
    system: SystemParameters = field(default_factory=SystemParameters)
    packed: bool = False
    query_text: str = ""


@dataclass(slots=True)
class Answered:
    """An answer before it is sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": JSON})
    template: str = ""


def as_json(status: int, body: Any) -> Answered:
    """Answer with JSON."""
    return Answered(status, orjson.dumps(body))


def html_page(status: int, path: str = "") -> Answered:
    """Answer as Google's front end does before an API sees the request: with a page for people."""
    why = {
        400: "Your client has issued a malformed or illegal request.",
        404: f"The requested URL <code>{_escaped(path)}</code> was not found on this server.",
        502: "The server encountered a temporary error and could not complete your request."
        "<p>Please try again in 30 seconds.",
    }[status]
    text = (
        f"<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n"
        f"<title>Error {status} ({_TITLES[status]})!!1</title>\n"
        f"<p><b>{status}.</b> <ins>That\u2019s an error.</ins>\n"
        f"<p>{why}  <ins>That\u2019s all we know.</ins>\n</html>\n"
    )
    return Answered(status, text.encode(), {"content-type": "text/html; charset=UTF-8"})


def _escaped(path: str) -> str:
    return path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


async def read(request: Request, raw_path: str) -> Asked:
    """Read a request whole.

    `X-HTTP-Method-Override` says which method a POST means; the official clients write so when an address gets too
    long, with the query as a form in the body. A form is the query of any other request too (A: Google answered a
    PUT with a JSON body of that type ``Unknown name "{…}": Cannot bind query parameter``).
    """
    body = await request.body()
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in request.scope["headers"]}
    query = request.scope["query_string"].decode("latin-1")
    size = len(body) + len(raw_path) + len(query) + sum(len(n) + len(t) + 4 for n, t in headers.items())
    method = request.method
    if method == "POST":
        method = headers.get("x-http-method-override", method).upper()
    is_packed = headers.get("content-encoding", "").lower() == "gzip"
    return _with_query(Asked(method, raw_path, {}, headers, body, size, packed=is_packed, query_text=query))


def _with_query(asked: Asked) -> Asked:
    """Read the query, and a form in the body as more of it; one that is packed has to be unpacked first."""
    text, body = asked.query_text, asked.body
    content_type = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if asked.raw_path.startswith("/v4/") and content_type == _FORM and not asked.packed:
        text, body = "&".join(filter(None, (text, body.decode("utf-8", "replace")))), b""
    system, rest = read_system_parameters(asked.method, parse_qs(text, keep_blank_values=True), asked.headers)
    return replace(asked, query=rest, body=body, system=system)


def unpacked(asked: Asked) -> Asked:
    """Unpack the body; a form in it is more of the query.

    Raises:
        ApiError: 400 where it is not gzip.
    """
    if not asked.packed:
        return asked
    try:
        body = gzip.decompress(asked.body)
    except (OSError, EOFError, zlib.error):
        raise invalid("The body is not gzip, as its Content-Encoding says.") from None
    return _with_query(replace(asked, body=body, packed=False))


def packed(answer: Answered, asked: Asked) -> Answered:
    """Compress where the client asked for it, as Google does."""
    if "gzip" not in asked.headers.get("accept-encoding", "") or len(answer.body) < _GZIP_FROM:
        return answer
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    body = packer.compress(answer.body) + packer.flush()
    headers = {**answer.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}
    return Answered(answer.status, body, headers, answer.template)


async def respond(answer: Answered, scope: Scope, receive: Receive, send: Send) -> int:
    """Send an answer, and give its size in bytes."""
    response = Response(answer.body, answer.status, answer.headers)
    await response(scope, receive, send)
    return len(answer.body) + sum(len(name) + len(text) + 4 for name, text in response.raw_headers)
