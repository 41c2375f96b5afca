"""Starts and stops the stand-ins."""

import errno
import fcntl
import os
import socket
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, Self

import uvicorn

from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.control import Control
from sheets_crm.stand_ins.documents import Documents
from sheets_crm.stand_ins.faults import Faults
from sheets_crm.stand_ins.http import Application
from sheets_crm.stand_ins.instantly.deliverer import Deliverer
from sheets_crm.stand_ins.instantly.service import Instantly
from sheets_crm.stand_ins.settings_file import SETTINGS, key_in, slack_path_in, write_settings
from sheets_crm.stand_ins.slack import Slack
from sheets_crm.stand_ins.world import World

__all__ = ["FolderServedError", "StandIns", "run"]

_DATABASE: Final = "stand_ins.sqlite3"


class FolderServedError(OSError):
    """Other stand-ins serve the folder."""

    def __init__(self, folder: Path, process: str) -> None:
        self.folder, self.process = folder, process
        whose = f"process {process}" if process else "another process"
        super().__init__(
            errno.EBUSY, f"The stand-ins of {folder} are served by {whose} already. Nothing was changed."
        )

    def __str__(self) -> str:
        return str(self.strerror)


class StandIns:
    """The stand-ins on 127.0.0.1.

    The socket is bound and the files are written at once; they listen after `start`.

    Args:
        directory: Keeps what they remember, their keys and ``stand_ins.toml``; None to keep nothing.
        port: The port, or 0 for any that is free.
        clock: Their time; None for what the environment asks for.
        settings: Settings that are other than the defaults, such as ``visible_after``.

    Raises:
        FolderServedError: Other stand-ins serve the directory.
        OSError: The port is taken, or the directory cannot be written.
        RefusedError: A setting that there is not.
        WrongTimeError: The environment asks for a time that is none.

    Attributes:
        url: The server's address, which is Instantly's endpoint.
        api_key: The key of Instantly.
        slack_webhook: The address of Slack's webhook.
        settings_file: Where the settings for a client stand; None without a directory.
    """

    def __init__(
        self, directory: Path | str | None = None, port: int = 0, *, clock: Clock | None = None, **settings: Any
    ) -> None:
        folder = None if directory is None else Path(directory)
        clock = clock or Clock.of_environment()
        self._lock = -1 if folder is None else _locked(folder)
        try:
            self._socket = _bound(port)
        except OSError:
            self._unlock()
            raise
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.api_key, slack_path = key_in(folder), slack_path_in(folder)
        self.slack_webhook = self.url + slack_path
        self.settings_file = None if folder is None else folder / SETTINGS
        if folder is not None:
            write_settings(folder, self.url, self.api_key, slack_path)
        self._documents = Documents(None if folder is None else folder / _DATABASE)
        self.world = World(self._documents, clock, Faults())
        with self._documents.change():
            self.world.change_settings(settings)
        self._deliverer = Deliverer(self.world)
        self._server = self._made(slack_path)
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="stand-ins", daemon=True)

    def _made(self, slack_path: str) -> uvicorn.Server:
        requests: Counter[str] = Counter()
        application = Application(
            self.world,
            Instantly(self.world, self.api_key).answer,
            Slack(self.world, slack_path).answer,
            Control(self.world, self._deliverer, requests).answer,
            requests,
            self.url,
        )
        config = uvicorn.Config(
            application,
            log_level="error",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=240,
        )
        return uvicorn.Server(config)

    def start(self) -> Self:
        """Serve in a thread, and return when they listen."""
        self._thread.start()
        self._deliverer.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the stand-ins did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Stop serving and close the file; once more does nothing."""
        self._deliverer.stop()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._socket.close()
        self._documents.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self if self._thread.is_alive() else self.start()

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


def _locked(folder: Path) -> int:
    """Take the folder: two would each write over what the other answered for. The end of the process lets it go."""
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder / "stand_ins.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        process = os.read(number, 20).decode(errors="replace").strip()
        os.close(number)
        raise FolderServedError(folder, process) from error
    os.ftruncate(number, 0)
    os.pwrite(number, str(os.getpid()).encode(), 0)
    return number


def run(directory: Path | None, port: int) -> None:
    """Serve until a signal comes; print the address once they listen. The arguments are those of `StandIns`."""
    with StandIns(directory, port) as stand_ins:
        print(stand_ins.url, flush=True)
        Event().wait()
