"""The files that a client of the stand-ins reads: keys, and settings that name them."""

import json
import os
import secrets
from pathlib import Path
from typing import Final

from sheets_crm.stand_ins.slack import new_path

__all__ = ["SETTINGS", "key_in", "slack_path_in", "write_settings"]

SETTINGS: Final = "stand_ins.toml"
_KEY, _SLACK = "instantly_api_key", "slack_webhook"


def key_in(folder: Path | None) -> str:
    """The API key of the folder, or a new one."""
    return _kept(folder, _KEY) or "stand-in-" + secrets.token_urlsafe(24)


def slack_path_in(folder: Path | None) -> str:
    """The path of the folder's Slack webhook, which stays the same on another port, or a new one."""
    address = _kept(folder, _SLACK)
    return "/services/" + address.partition("/services/")[2] if "/services/" in address else new_path()


def write_settings(folder: Path, url: str, key: str, slack_path: str) -> None:
    """Write the keys, readable by their owner alone, and then the settings."""
    _write(folder / _KEY, key + "\n")
    _write(folder / _SLACK, url + slack_path + "\n")
    base = folder.absolute()
    lines = (
        "[instantly]",
        f"endpoint = {_quoted(url)}",
        f"api_key_file = {_quoted(str(base / _KEY))}",
        "",
        "[alerts]",
        f"slack_webhook_file = {_quoted(str(base / _SLACK))}",
        "",
    )
    _write(folder / SETTINGS, "\n".join(lines))


def _quoted(text: str) -> str:
    """A text of TOML: its basic strings are written as those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _kept(folder: Path | None, name: str) -> str:
    if folder is None or not (folder / name).is_file():
        return ""
    return (folder / name).read_text(encoding="utf-8").strip()


def _write(path: Path, text: str) -> None:
    """Put a whole file in the place of another at once; nobody else may read it at any moment."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
