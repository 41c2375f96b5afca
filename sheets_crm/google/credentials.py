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

SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
"""The only scope that runs need: workbooks shared with the account."""

DRIVE_FILE_SCOPE = "https://www.googleapis.com/auth/drive.file"
"""The further scope for creating and deleting workbooks of our own; it shows no other file."""

_FIELDS = ("type", "client_email", "private_key", "token_uri")

_REMEDY = (
    "Download a service-account key (Google Cloud console > IAM & Admin > Service accounts > Keys > Add key > "
    "JSON) and name its path in `credentials`; credentials.example.json shows the format."
)

_FOREIGN = {
    "installed": "it is an OAuth client for desktop apps, which identifies an app, not an account",
    "web": "it is an OAuth client for web apps, which identifies an app, not an account",
    "authorized_user": "it holds a person's own login (type authorized_user)",
    "external_account": "it is a workload-identity configuration (type external_account)",
    "impersonated_service_account": "it is an impersonation configuration",
}


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
            f"{path} is not a usable service-account file: {problems[0]}", problems=problems, remedy=_REMEDY
        )
    try:
        unscoped: Credentials = Credentials.from_service_account_info(info)  # type: ignore[no-untyped-call]
    except ValueError:
        raise CredentialsError(
            f"{path}: private_key is not a key in PEM format; it may have lost its line breaks (\\n).",
            remedy=_REMEDY,
        ) from None  # the library's message may quote the key
    return ServiceAccount(
        email=info["client_email"], token_uri=info["token_uri"], unscoped=unscoped, warnings=_exposed(path)
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CredentialsError(f"Credentials file not found: {path}.", remedy=_REMEDY) from None
    except OSError as error:
        raise CredentialsError(
            f"The credentials file {path} cannot be read: {error.strerror}.",
            remedy="Check its path and permissions.",
        ) from None
    try:
        info = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise CredentialsError(f"{path} is not JSON.", remedy=_REMEDY) from None
    if not isinstance(info, dict):
        raise CredentialsError(f"{path} does not hold a JSON object.", remedy=_REMEDY)
    return info


def _problems(info: dict[str, Any]) -> list[str]:
    kind = info.get("type")
    foreign = next((text for name, text in _FOREIGN.items() if name in info or kind == name), None)
    if foreign:
        return [f"{foreign}; a service-account key is needed."]
    problems = [f"{name} is missing." for name in _FIELDS if not info.get(name)]
    problems += [f"{name} is not text." for name in _FIELDS if not isinstance(info.get(name, ""), str)]
    if problems:
        return problems
    if kind != "service_account":
        problems.append('type is not "service_account".')
    if "@" not in info["client_email"]:
        problems.append("client_email is not an e-mail address.")
    if "PRIVATE KEY-----" not in info["private_key"] or "PASTE THE KEY" in info["private_key"]:
        problems.append("private_key is not a key in PEM format.")
    if not info["token_uri"].startswith("https://") and not is_loopback(info["token_uri"]):
        problems.append("token_uri is not https.")
    return problems


def _exposed(path: Path) -> tuple[str, ...]:
    if os.name != "posix":
        return ()
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ()
    return (f"Other users of this machine may read {path} (mode {mode:04o}): run `chmod 600 {path}`.",)
