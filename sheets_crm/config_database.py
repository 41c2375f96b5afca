"""The setting ``database``: the store's address, and that no password stands in the settings file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from sheets_crm.messages import said

SQLITE: Final = "sqlite:///"
POSTGRESQL: Final = "postgresql+psycopg://"
DEFAULT: Final = "sqlite:///state/crm.db"

_SECRET: Final = re.compile(r"pass|secret|token", re.IGNORECASE)


def database_address(text: str) -> str:
    """Check an address.

    Raises:
        ValueError: It is neither a SQLite file nor a PostgreSQL database.
    """
    text = text.strip()
    if text.startswith(SQLITE) and re.fullmatch(r"[^?#]+", text.removeprefix(SQLITE)):
        return text
    if text.startswith(POSTGRESQL) and _parts(text):
        return text
    raise ValueError(said("setting.no_database"))


def holds_password(text: object) -> bool:
    """Whether an address has a password, before its host or among its parameters."""
    if not isinstance(text, str) or "://" not in text:
        return False
    authority, _, query = re.sub(r"^[^:]*://", "", text).partition("?")
    if ":" in authority.rpartition("@")[0]:
        return True
    return any(_SECRET.search(name) for name, value in parse_qsl(query) if value)


def anchored_database(text: str, base: Path) -> str:
    """The address with the path of a SQLite file made absolute, from a folder."""
    if not text.startswith(SQLITE):
        return text
    return f"{SQLITE}{base / Path(text.removeprefix(SQLITE)).expanduser()}"


def database_file(address: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    return Path(address.removeprefix(SQLITE)) if address.startswith(SQLITE) else None


def shown_database(address: str) -> str:
    """An address for people and logs: without user, password and parameters."""
    if address.startswith(SQLITE):
        return address.removeprefix(SQLITE)
    parts = urlsplit(address)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _parts(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.path.strip("/")) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
