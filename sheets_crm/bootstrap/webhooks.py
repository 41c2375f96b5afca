"""The receiver, put together from the settings and the modules that are on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from sheets_crm.store.stored_intake import StoredIntake

if TYPE_CHECKING:
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
    sources = _sources(settings)
    place = _place(settings, host, port)
    from sheets_crm.receiver.server import Receiver  # noqa: PLC0415 - its packages are an extra

    intake = StoredIntake(store_of(settings), settings.spreadsheet_id)
    Receiver(intake.add, sources, host=place.host, port=place.port, clock=process_clock()).run(announce)


def urls(settings: Settings, *, host: str | None, port: int | None) -> Report:
    """The addresses to post to, with their tokens.

    Raises:
        SettingsError: As `serve`.
        NotInstalled: As `serve`.
    """
    sources = _sources(settings)
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


def _sources(settings: Settings) -> Sequence[Source]:
    """The sources of the modules that are on."""
    makers = [maker for module in modules.load(settings.modules).values() for maker in module.receives]
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
