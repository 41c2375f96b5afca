"""The token file: the secret that the tokens in the sources' paths are derived from."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sheets_crm.errors import SettingsError
from sheets_crm.messages import Said, said

LEAST: Final = 16
"""Bytes of the shortest secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, and what a person should correct about its file."""

    content: bytes = field(repr=False)
    warnings: tuple[Said, ...] = ()


def read_secret(path: Path) -> Secret:
    """Read a token file.

    Raises:
        SettingsError: It is missing, unreadable, open to every user, or too short.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read().strip()
    except FileNotFoundError:
        raise _refused(said("webhooks.token_file_missing", path=path)) from None
    except OSError as error:
        raise _refused(said("webhooks.token_file_unreadable", path=path, reason=error.strerror)) from None
    if mode & stat.S_IRWXO:
        raise _refused(said("webhooks.token_file_open", path=path, mode=f"{mode:04o}"))
    if len(content) < LEAST:
        raise _refused(said("webhooks.token_file_short", path=path, least=LEAST))
    shared = (said("account.exposed", path=path, mode=f"{mode:04o}"),) if mode & stat.S_IRWXG else ()
    return Secret(content, shared)


def _refused(message: Said) -> SettingsError:
    return SettingsError(message, remedy=said("webhooks.token_file.remedy"), state=said("nothing_done"))
