"""The client of Instantly, put together from the settings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sheets_crm.config import Settings
from sheets_crm.config_instantly import Instantly
from sheets_crm.instantly.api_key import ApiKey, api_key_of
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.service import Service

_LOG = logging.getLogger(__name__)


def key_of(settings: Settings) -> ApiKey:
    """The API key.

    Raises:
        CredentialsError: There is none, or none that may be used.
    """
    given = settings.instantly or Instantly()
    return api_key_of(given.api_key, given.api_key_file)


@contextmanager
def client_of(settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[Client]:
    """A client with the key and at the address of the settings, until its connections are closed.

    Args:
        settings: The settings.
        sleep: Waits some seconds, for the service's limits too; may raise to end a wait.

    Raises:
        CredentialsError: There is no key, or none that may be used.
    """
    key, given = key_of(settings), settings.instantly or Instantly()
    for warning in key.warnings:
        _LOG.warning(warning)
    service = Service(key.secret, given.endpoint, sleep=sleep)
    try:
        yield Client(service)
    finally:
        service.close()
