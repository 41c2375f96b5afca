"""Sessions that carry a service account's token: time-outs on every call, and another base URL when one is set.

gspread binds Google's URLs at import, so the base URL is changed below it, by a `requests` transport adapter: the
same gspread and google-auth code then speaks to any server that answers like Google.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
from google.auth.exceptions import TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from sheets_crm.google.traffic import Traffic

API_TIMEOUT = (10.0, 180.0)
"""Seconds to connect and to wait for an answer; Google's own limit is 180."""

TOKEN_TIMEOUT = (10.0, 30.0)

See = Callable[[PreparedRequest, str, Response | Exception], None]
"""Receives each request, the address that it was meant for, and its answer or the exception that came instead."""

GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


class TimedAdapter(HTTPAdapter):
    """Sends with fixed time-outs, whatever the caller asks for, to `base` when it is set, and counts bytes.

    Args:
        timeout: Seconds to connect and to wait for an answer.
        base: Scheme and host that replace the request's own; "" leaves them.
        traffic: Counts the bytes.
        see: Receives each exchange; None for nobody.
    """

    def __init__(
        self,
        timeout: tuple[float, float],
        *,
        base: str = "",
        traffic: Traffic | None = None,
        see: See | None = None,
    ) -> None:
        self._see = see
        self._timeout = timeout
        self._base = urlsplit(base)
        self._traffic = traffic or Traffic()
        super().__init__(max_retries=0)

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002 - ours rules
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and read its whole answer."""
        meant_for = request.url or ""
        if self._base.netloc:
            request.url = self._rewritten(meant_for)
        try:
            response = self._sent(request, stream, verify, cert, proxies)
        except Exception as error:
            if self._see:
                self._see(request, meant_for, error)
            raise
        if self._see:
            self._see(request, meant_for, response)
        return response

    def _sent(
        self,
        request: PreparedRequest,
        stream: bool,
        verify: bool | str,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None,
        proxies: Mapping[str, str] | None,
    ) -> Response:
        self._traffic.bytes_sent += len(request.body or b"")
        response = super().send(
            request, stream=stream, timeout=self._timeout, verify=verify, cert=cert, proxies=proxies
        )
        _ = response.content  # read to the end, so that ``tell`` counts all bytes as they came over the wire
        self._traffic.bytes_received += response.raw.tell()
        return response

    def _rewritten(self, url: str) -> str:
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))


class TokenRequest(Request):
    """Fetches tokens; a busy server, or one that sends no token, is a transient failure, not a refused account."""

    def __call__(self, *call: Any, **options: Any) -> Any:
        """Send one request to the token server.

        Raises:
            TransportError: The answer is not a token server's.
        """
        response = super().__call__(*call, **options)  # type: ignore[no-untyped-call]
        if (
            response.status in {408, 429}
            or response.status >= 500
            or not _is_answer(response.status, response.data)
        ):
            raise TransportError(f"the token server responded with {response.status}")  # type: ignore[no-untyped-call]
        return response


def _is_answer(status: int, body: bytes) -> bool:
    """Whether a token server sent this: an object, with a token and its lifetime when the status is a success."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(answer, dict):
        return False
    token = answer.get("access_token")
    named = isinstance(token, str) and token.isascii() and token != ""
    return status != HTTPStatus.OK or (named and _is_lifetime(answer.get("expires_in")))


def _is_lifetime(seconds: Any) -> bool:
    if isinstance(seconds, str):
        return seconds.isascii() and seconds.isdigit() and len(seconds) < 10
    return seconds is None or (isinstance(seconds, int | float) and 0 <= seconds < 1e9)


def token_session(token_uri: str) -> Session:
    """Open the session that fetches tokens from `token_uri`."""
    session = Session()
    session.trust_env = not is_loopback(token_uri)
    adapter = TimedAdapter(TOKEN_TIMEOUT)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def api_session(
    credentials: Credentials, *, token_uri: str, endpoint: str, traffic: Traffic, see: See | None = None
) -> AuthorizedSession:
    """Open the session that all API calls go through.

    Args:
        credentials: The service account with its scopes.
        token_uri: URL of its token server.
        endpoint: Base URL used instead of Google's hosts; "" for Google itself.
        traffic: Counts the bytes.
        see: Receives each exchange with the API, not those with the token server; None for nobody.
    """
    tokens = TokenRequest(token_session(token_uri))
    session: AuthorizedSession = AuthorizedSession(  # type: ignore[no-untyped-call]
        credentials, auth_request=tokens
    )
    session.trust_env = not is_loopback(endpoint)  # a proxy from the environment cannot reach this machine
    adapter = TimedAdapter(API_TIMEOUT, base=endpoint, traffic=traffic, see=see)
    for host in GOOGLE_HOSTS:
        session.mount(host, adapter)
    return session
