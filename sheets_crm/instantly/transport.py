"""The session that carries the key: connections are kept, and a call ends at its deadline whatever comes in."""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sheets_crm import __version__
from sheets_crm.errors import SettingsError
from sheets_crm.messages import said

API: Final = "/api/v2"
SERVICE: Final = "https://api.instantly.ai"

CONNECT_SECONDS: Final = 10.0
CALL_SECONDS: Final = 60.0
"""From the first byte that leaves to the last of the answer."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

_CONNECTIONS: Final = 16
_deadline = threading.local()


def base_url(endpoint: str) -> str:
    """The address below which the calls are; an endpoint may end in ``/api/v2`` or not, "" is the service's own.

    Raises:
        SettingsError: It is no address, or the key would travel in the clear.
    """
    address = endpoint.strip().rstrip("/") or SERVICE
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(said("instantly.endpoint", problem=said("setting.no_url")))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(said("instantly.endpoint", problem=said("setting.clear_http")))
    return address.removesuffix(API) + API


class Bearer(AuthBase):
    """Puts the key into requests. As an ``auth`` it also keeps a ``.netrc`` from replacing it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign a request."""
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request


def open_session(secret: str, base: str, *, keep: bool = True) -> Session:
    """A session for calls; threads may share it.

    Args:
        secret: The API key.
        base: The address below which the calls are.
        keep: Whether connections are kept for further calls.
    """
    session = Session()
    session.auth = Bearer(secret)
    session.headers["User-Agent"] = f"sheets-crm/{__version__}"
    session.headers["Accept"] = "application/json"
    if not keep:
        session.headers["Connection"] = "close"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.trust_env = urlsplit(base).hostname not in LOOPBACK  # a proxy cannot reach this machine
    adapter = _Adapter(pool_maxsize=_CONNECTIONS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def send(session: Session, method: str, url: str, seconds: float, **content: Any) -> Response:
    """Send one request and read its whole answer, within that many seconds; redirects are not followed.

    Raises:
        RequestException: As `requests` raises it; its request holds the key.
    """
    _deadline.at = time.monotonic() + seconds
    timeout = (min(CONNECT_SECONDS, seconds), seconds)
    return session.request(method, url, timeout=timeout, allow_redirects=False, **content)


class _Deadlined(io.RawIOBase):
    """Reads from a socket; each read waits only for what is left of the call's time.

    A time-out of a socket begins anew with each byte, so an answer that drips would never end.
    """

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw, self._sock = raw, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _deadline.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *options: Any, **more: Any) -> None:
        super().__init__(sock, *options, **more)
        self.fp = io.BufferedReader(_Deadlined(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SafeConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


_POOLS: Final = {"http": _Pool, "https": _SafePool}


class _Adapter(HTTPAdapter):
    """Opens connections whose answers end at the deadline."""

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager
