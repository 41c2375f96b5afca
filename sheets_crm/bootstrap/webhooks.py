"""The receiver, put together from the settings and the modules that are on."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from errno import EADDRINUSE
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from sheets_crm.bootstrap import store_of
from sheets_crm.clock import process_clock
from sheets_crm.config import Settings
from sheets_crm.config_webhooks import Webhooks
from sheets_crm.engine.report import Report, Table
from sheets_crm.errors import NotInstalled, SettingsError
from sheets_crm.features import modules
from sheets_crm.messages import localize, said
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake

if TYPE_CHECKING:
    from sheets_crm.receiver.server import Receiver
    from sheets_crm.receiver.sources import Source

PACKAGES: Final = ("starlette", "uvicorn")
"""Packages of the optional group ``webhooks`` of pyproject.toml."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the receiver listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def serve(settings: Settings, *, host: str | None, port: int | None, announce: Callable[[str], None]) -> None:
    """Receive until a signal comes; `announce` is told the address once it can be posted to.

    Args:
        settings: The settings.
        host: The address to listen on; None for that of the settings.
        port: The port; None for that of the settings.
        announce: Told the address.

    Raises:
        SettingsError: No module receives, or something is missing; the store is of another version.
        NotInstalled: The packages of the receiver are missing.
        OSError: The port is taken, or the address is not this machine's.
    """
    sources = sources_of(settings)
    place = _place(settings, host, port)
    from sheets_crm.receiver.server import Receiver  # noqa: PLC0415 - its packages are an extra

    intake = StoredIntake(store_of(settings), settings.spreadsheet_id)
    Receiver(intake.add, sources, host=place.host, port=place.port, clock=process_clock()).run(announce)


class ServedBeside:
    """The receiver of a worker: its port is taken at once, and it answers after the worker's first turns.

    Args:
        settings: The settings.
        store: Where deliveries are kept.
        sources: Who may post.
        place: Where it listens.
        clock: Seconds since 1970.

    Raises:
        SettingsError: The port is taken, or the address is not this machine's.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        sources: Sequence[Source],
        place: _Place,
        clock: Callable[[], float],
    ) -> None:
        self._intake = StoredIntake(store, settings.spreadsheet_id)
        self._sources = sources
        self._clock = clock
        self._socket = _listening(place)
        self._receiver: Receiver | None = None

    @property
    def port(self) -> int:
        """The port that it has taken."""
        port: int = self._socket.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve in a thread, and return when it does.

        Raises:
            SettingsError: The store is of another version.
        """
        from sheets_crm.receiver.server import Receiver  # noqa: PLC0415 - its packages are an extra

        self._receiver = Receiver(self._intake.add, self._sources, on=self._socket, clock=self._clock)
        self._receiver.start()
        _LOG.info(said("webhooks.listens", address=self._receiver.url))

    def stop(self) -> None:
        """Answer what is being stored, refuse the rest, and end."""
        if self._receiver is not None:
            self._receiver.stop()
        self._socket.close()


def served_beside(settings: Settings, store: Store, clock: Callable[[], float]) -> ServedBeside | None:
    """The receiver of a worker; None where the settings have no port for it, or no module receives.

    Args:
        settings: The settings.
        store: Where deliveries are kept.
        clock: Seconds since 1970.

    Raises:
        SettingsError: Something is missing, the port is taken, or the address is not this machine's.
        NotInstalled: The packages of the receiver are missing.
    """
    if _webhooks(settings).port is None or not _makers(settings):
        return None
    return ServedBeside(settings, store, sources_of(settings), _place(settings, None, None), clock)


def _listening(place: _Place) -> socket.socket:
    from sheets_crm.receiver.binding import listening  # noqa: PLC0415 - nothing of a receiver that is not asked for

    try:
        return listening(place.host, place.port)
    except OSError as error:
        if error.errno == EADDRINUSE:
            words = said("port_taken", port=str(place.port))
        else:
            words = said("webhooks.cannot_listen", address=place.url, reason=error.strerror)
        raise SettingsError(
            words, remedy=said("webhooks.cannot_listen.remedy"), state=said("nothing_done")
        ) from None


def urls(settings: Settings, *, host: str | None, port: int | None) -> Report:
    """The addresses to post to, with their tokens.

    Raises:
        SettingsError: As `serve`.
        NotInstalled: As `serve`.
    """
    sources = sources_of(settings)
    public = _webhooks(settings).public_url
    base = public or _place(settings, host, port).url
    language = settings.language
    header = [localize(f"webhooks.{name}", language) for name in ("source", "address")]
    rows = [[source.name, base + source.address] for source in sources]
    body = {"rows": [{"source": name, "address": address} for name, address in rows]}
    notes = [] if public else [said("webhooks.not_public")]
    return Report(said("webhooks.urls"), tables=[Table("", header, rows)], notes=notes, json=body)


def _webhooks(settings: Settings) -> Webhooks:
    return settings.webhooks or Webhooks()


def _place(settings: Settings, host: str | None, port: int | None) -> _Place:
    webhooks = _webhooks(settings)
    chosen = webhooks.port if port is None else port
    if chosen is None:
        raise SettingsError(
            said("webhooks.no_port"), remedy=said("webhooks.no_port.remedy"), state=said("nothing_done")
        )
    return _Place(host or webhooks.host, chosen)


def sources_of(settings: Settings) -> Sequence[Source]:
    """The sources of the modules that are on.

    Raises:
        SettingsError: No module receives, or the token file is none.
        NotInstalled: The packages of the receiver are missing.
    """
    makers = _makers(settings)
    if not makers:
        raise SettingsError(
            said("webhooks.nobody"), remedy=said("webhooks.nobody.remedy"), state=said("nothing_done")
        )
    _need_packages()
    path = _webhooks(settings).token_file
    if path is None:
        raise SettingsError(
            said("webhooks.no_token_file"), remedy=said("webhooks.token_file.remedy"), state=said("nothing_done")
        )
    from sheets_crm.receiver.token_file import read_secret  # noqa: PLC0415 - its packages are an extra

    secret = read_secret(path)
    for warning in secret.warnings:
        _LOG.warning(warning)
    return [_made(maker, secret.content) for maker in makers]


def _makers(settings: Settings) -> list[str]:
    """What makes the sources of the modules that are on."""
    return [maker for module in modules.load(settings.modules).values() for maker in module.receives]


def _made(maker: str, secret: bytes) -> Source:
    path, _, name = maker.partition(":")
    source: Source = getattr(import_module(path), name)(secret)
    return source


def _need_packages() -> None:
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise NotInstalled(
            said("webhooks.need_packages", packages=", ".join(missing)),
            remedy=said("webhooks.need_packages.remedy"),
            state=said("nothing_done"),
        )
