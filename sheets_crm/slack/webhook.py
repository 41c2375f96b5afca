"""The address of the webhook: read from its own file or the environment, checked, and never quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sheets_crm.errors import CredentialsError
from sheets_crm.messages import Said, said
from sheets_crm.secret_file import read_secret_file

SETTING: Final = "[alerts] slack_webhook_file"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_ONE_WORD: Final = re.compile(r"[\x21-\x7e]{1,2048}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook.

    Attributes:
        address: Where messages are posted; ``repr`` leaves it out.
        warnings: Problems for a person to correct, such as a file that its group can read.
    """

    address: str = field(repr=False)
    warnings: tuple[Said, ...] = ()


def load_webhook(path: Path) -> Webhook:
    """Read the address that a file holds, and nothing else.

    Raises:
        CredentialsError: The file is missing, unreadable, open to every user, or holds something else.
    """
    secret = read_secret_file(path, SETTING, remedy=_remedy(), error=CredentialsError)
    text = secret.content.removeprefix(b"\xef\xbb\xbf").strip().decode("ascii", "replace")
    return Webhook(_checked(text, str(path)), secret.warnings)


def given_webhook(text: str, variable: str) -> Webhook:
    """The address that the environment has.

    Raises:
        CredentialsError: It is none.
    """
    return Webhook(_checked(text.strip(), variable))


def _checked(text: str, where: str) -> str:
    """An address; over plain HTTP only on this machine, or it would travel in the clear."""
    parts = urlsplit(text) if _ONE_WORD.fullmatch(text) else urlsplit("")
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname:
        raise CredentialsError(said("slack.no_address", where=where), remedy=_remedy(), state=said("nothing_done"))
    return text


def _remedy() -> Said:
    return said("slack.webhook.remedy")
