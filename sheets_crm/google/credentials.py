"""The service-account file: read and checked, with all problems reported at once and no secret quoted."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from google.oauth2.service_account import Credentials

from sheets_crm.errors import CredentialsError
from sheets_crm.google.transport import is_loopback
from sheets_crm.messages import said

SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
"""The only scope that runs need: workbooks shared with the account."""

DRIVE_FILE_SCOPE = "https://www.googleapis.com/auth/drive.file"
"""The further scope for creating and deleting workbooks of our own; it shows no other file."""

_FIELDS = ("type", "client_email", "private_key", "token_uri")

_FOREIGN = {
    "installed": "account.desktop_app",
    "web": "account.web_app",
    "authorized_user": "account.own_login",
    "external_account": "account.workload",
    "impersonated_service_account": "account.impersonation",
}
"""Other kinds of file, by their type or by a name that only they have: what they are, as message codes."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account with a valid file.

    Attributes:
        email: Its address; people share workbooks with it.
        token_uri: URL of its token server.
        warnings: Problems for a person to correct, such as a file that others can read.
        unscoped: google-auth's credentials of the file; they hold the private key, so ``repr`` leaves them out.
    """

    email: str
    token_uri: str
    unscoped: Credentials = field(repr=False)
    warnings: tuple[str, ...] = ()

    def credentials(self, *, creating: bool = False) -> Credentials:
        """google-auth's credentials with the fewest scopes; they share one parsed key, which takes 40 ms to check.

        Args:
            creating: Also allow creating and deleting workbooks of the account's own.
        """
        scopes = [SHEETS_SCOPE, DRIVE_FILE_SCOPE] if creating else [SHEETS_SCOPE]
        scoped: Credentials = self.unscoped.with_scopes(scopes)
        return scoped


def load_service_account(path: Path) -> ServiceAccount:
    """Read and check a service-account file.

    Raises:
        CredentialsError: The file is missing, unreadable, of another kind or incomplete; all problems at once.
    """
    info = _read(path)
    problems = _problems(info)
    if problems:
        raise CredentialsError(
            said("account.unusable", path=path, problem=problems[0]),
            problems=problems,
            remedy=said("account.remedy"),
        )
    try:
        unscoped: Credentials = Credentials.from_service_account_info(info)  # type: ignore[no-untyped-call]
    except ValueError:
        raise CredentialsError(
            said("account.bad_key", path=path),
            remedy=said("account.remedy"),
        ) from None  # the library's message may quote the key
    return ServiceAccount(
        email=info["client_email"], token_uri=info["token_uri"], unscoped=unscoped, warnings=_exposed(path)
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CredentialsError(said("account.missing", path=path), remedy=said("account.remedy")) from None
    except OSError as error:
        raise CredentialsError(
            said("account.unreadable", path=path, reason=error.strerror),
            remedy=said("account.unreadable.remedy"),
        ) from None
    try:
        info = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise CredentialsError(said("account.not_json", path=path), remedy=said("account.remedy")) from None
    if not isinstance(info, dict):
        raise CredentialsError(said("account.no_object", path=path), remedy=said("account.remedy"))
    return info


def _problems(info: dict[str, Any]) -> list[str]:
    kind = info.get("type")
    foreign = next((code for name, code in _FOREIGN.items() if name in info or kind == name), None)
    if foreign:
        return [said("account.foreign", what=said(foreign))]
    problems: list[str] = [said("account.field_missing", name=name) for name in _FIELDS if not info.get(name)]
    problems += [
        said("account.field_no_text", name=name) for name in _FIELDS if not isinstance(info.get(name, ""), str)
    ]
    if problems:
        return problems
    if kind != "service_account":
        problems.append(said("account.other_kind"))
    if "@" not in info["client_email"]:
        problems.append(said("account.no_address"))
    if "PRIVATE KEY-----" not in info["private_key"] or "PASTE THE KEY" in info["private_key"]:
        problems.append(said("account.no_pem"))
    if not info["token_uri"].startswith("https://") and not is_loopback(info["token_uri"]):
        problems.append(said("account.no_https"))
    return problems


def _exposed(path: Path) -> tuple[str, ...]:
    if os.name != "posix":
        return ()
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ()
    return (said("account.exposed", path=path, mode=f"{mode:04o}"),)
