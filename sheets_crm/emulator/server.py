"""Starts and stops the emulator."""

import socket
import time
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Thread
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from sheets_crm.emulator.accounts import write_accounts
from sheets_crm.emulator.api import Api
from sheets_crm.emulator.auth import Tokens
from sheets_crm.emulator.clock import Dated
from sheets_crm.emulator.folder_lock import FolderLock
from sheets_crm.emulator.http import Application
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.page import page as own_page
from sheets_crm.emulator.quota import Quota
from sheets_crm.emulator.stats import Stats
from sheets_crm.emulator.store import Store

__all__ = ["Server", "serve"]


class Server:
    """An emulator on 127.0.0.1.

    The socket is bound and the account files are written at once; it listens after `start` or in `run`.

    Args:
        directory: Keeps the database and the account files; made if it is not there.
        port: The port, or 0 for any that is free.
        quota: Whether Google's quotas of 60 reads and 60 writes a minute hold.
        copy_metadata: Whether a duplicated tab takes its developer metadata along.
        clock: Gives the time in seconds since 1970.
        shown_clock: The same for what workbooks and the Date of answers show, where they live at another time than
            tokens and quotas; None for `clock`.
        keys: API keys that read what is shared with anyone.
        page: Makes the application that answers every path that is not the API's; None for none.

    Raises:
        FolderServedError: Another emulator serves the directory.
        OSError: The port is taken, or the directory cannot be written.

    Attributes:
        url: The server's address.
        application: The ASGI application, with its faults and statistics.
    """

    def __init__(
        self,
        directory: Path | str,
        port: int = 0,
        *,
        quota: bool = False,
        copy_metadata: bool = False,
        clock: Callable[[], float] = time.time,
        shown_clock: Callable[[], float] | None = None,
        keys: Collection[str] = (),
        page: "Callable[[Application], ASGIApp] | None" = own_page,
    ) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = FolderLock(directory)
        try:
            self._socket = _bound(port)
        except OSError:
            self._lock.release()
            raise
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        accounts = write_accounts(directory, self.url)
        self._library = Library(
            Store(directory / "emulator.sqlite3"), shown_clock or clock, copy_metadata=copy_metadata
        )
        stats = Stats()
        tokens = Tokens(accounts, directory, self.url, clock)
        api = Api(self._library, stats)
        self.application = Application(api, tokens, stats, self.url, Quota(clock) if quota else None, keys)
        if page is not None:
            self.application.show_page(page(self.application))
        config = uvicorn.Config(
            Dated(self.application, shown_clock) if shown_clock else self.application,
            date_header=shown_clock is None,
            log_level="error",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=240,  # as Google's: a shorter one cuts clients that wait between two runs
            h11_max_incomplete_event_size=1 << 20,  # batchGet with many ranges has a long path
        )
        self._server = uvicorn.Server(config)
        self._thread: Thread | None = None

    def start(self) -> Self:
        """Serve in a thread, and return when it listens."""
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the emulator did not start")
            time.sleep(0.005)
        return self

    def run(self, announce: Callable[[str], None]) -> None:
        """Serve in this thread until a signal comes; `announce` is told the address when it listens."""
        thread = Thread(target=self._announce, args=(announce,), daemon=True)
        thread.start()
        self._server.run([self._socket])
        self._library.close()
        self._lock.release()

    def _announce(self, announce: Callable[[str], None]) -> None:
        while not self._server.started:
            time.sleep(0.005)
        announce(self.url)

    def stop(self) -> None:
        """Stop serving and close the database."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(timeout=10)
        self._socket.close()
        self._library.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _bound(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError:
        found.close()
        raise
    return found


def serve(
    directory: Path,
    port: int,
    *,
    quota: bool = False,
    copy_metadata: bool = False,
    keys: Collection[str] = (),
    shown_clock: Callable[[], float] | None = None,
) -> None:
    """Serve until a signal comes; print the address, on one line, once it listens. The arguments are `Server`'s.

    Raises:
        FolderServedError: Another emulator serves the directory.
        OSError: The port is taken, or the directory cannot be written.
    """
    server = Server(directory, port, quota=quota, copy_metadata=copy_metadata, keys=keys, shown_clock=shown_clock)
    server.run(lambda url: print(url, flush=True))
