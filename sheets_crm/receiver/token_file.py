"""The token file: the secret that the tokens in the sources' paths are derived from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sheets_crm.errors import SettingsError
from sheets_crm.messages import said
from sheets_crm.secret_file import Secret, read_secret_file

LEAST: Final = 16
"""Bytes of the shortest secret."""


def read_secret(path: Path) -> Secret:
    """Read a token file.

    Raises:
        SettingsError: It is missing, unreadable, open to every user, or too short.
    """
    remedy = said("webhooks.token_file.remedy")
    found = read_secret_file(path, "[webhooks] token_file", remedy=remedy)
    content = found.content.strip()
    if len(content) < LEAST:
        raise SettingsError(
            said("webhooks.token_file_short", path=path, least=LEAST), remedy=remedy, state=said("nothing_done")
        )
    return Secret(content, found.warnings)
