"""Starts and stops the receiver."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Final, Self

import uvicorn

from sheets_crm.errors import Retryable
from sheets_crm.receiver.application import Application
from sheets_crm.receiver.binding import BACKLOG, bound
from sheets_crm.receiver.bodies import IN_MEMORY
from sheets_crm.receiver.connections import PatientProtocol
from sheets_crm.receiver.metrics import Metrics
from sheets_crm.receiver.sources import Source
from sheets_crm.receiver.writer import Add, Writer

_LOG = logging.getLogger(__name__)

_KEEP_ALIVE: Final = 30
_GRACE: Final = 15
"""Seconds that requests under way have when the receiver stops: longer than the store is waited for."""


class Receiver:
    """The receiver of one workbook. The socket is bound at once; it listens after `start`.

    Args:
        add: Stores deliveries, on the disk before it returns, and returns how many are new.
        sources: Who may post.
        host: The address to listen on.
        port: The port, or 0 for any that is free.
        on: A socket that is bound already, in place of host and port.
        clock: Seconds since 1970.
        memory: Bytes of all bodies that are read or wait, together.
        protocol: How connections are kept.

    Raises:
        OSError: The port is taken, or the address is not this machine's.
    """

    def __init__(
        self,
        add: Add,
        sources: Sequence[Source],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        on: socket.socket | None = None,
        clock: Callable[[], float] = time.time,
        memory: int = IN_MEMORY,
        protocol: type[PatientProtocol] = PatientProtocol,
    ) -> None:
        self._add = add
        self._socket = on or bound(host, port)
        host, self.port = self._socket.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self.metrics = Metrics()
        self.writer = Writer(add, self.metrics)
        self._application = Application(sources, self.writer, self.metrics, clock, memory)
        self._server = uvicorn.Server(_config(self._application, protocol))
        self._thread: Thread | None = None

    def start(self) -> Self:
        """Serve in a thread, and return when it listens.

        Raises:
            SettingsError: The store is of another version.
        """
        self._begin()
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="receiver", daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the receiver did not start")
            time.sleep(0.005)
        return self

    def run(self, announce: Callable[[str], None]) -> None:
        """Serve in this thread until a signal comes; `announce` is told the address when it can be posted to.

        Raises:
            SettingsError: The store is of another version.
        """
        self._begin()
        self._socket.listen(BACKLOG)
        announce(self.url)
        try:
            self._server.run([self._socket])
        finally:
            self.writer.stop()

    def stop(self) -> None:
        """Answer what is being stored, refuse the rest, and end."""
        self._application.closing = True
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self.writer.stop()
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _begin(self) -> None:
        """Open the store: one of another version is refused now, one that cannot be reached is waited for."""
        try:
            self._add(())
        except (Retryable, OSError) as error:
            _LOG.warning("the store cannot be written yet: %s", error)
            self.writer.fails = True
        except BaseException:
            self._socket.close()
            raise
        self.writer.start()


def _config(application: Application, protocol: type[PatientProtocol]) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=32_768,
    )
