"""The file with the API key: its owner's alone, and never quoted."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from sheets_crm.errors import CredentialsError
from sheets_crm.messages import Said, said


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key.

    Attributes:
        secret: The key; ``repr`` leaves it out.
        warnings: Problems for a person to correct, such as a file that its group can read.
    """

    secret: str = field(repr=False)
    warnings: tuple[Said, ...] = ()


def load_api_key(path: Path) -> ApiKey:
    """Read the key that a file holds, and nothing else.

    Raises:
        CredentialsError: The file is missing, unreadable, open to every user, or holds something else.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(_LONGEST + 1)
    except FileNotFoundError:
        raise CredentialsError(said("instantly.key.missing", path=path), remedy=_remedy()) from None
    except OSError as error:
        raise CredentialsError(
            said("instantly.key.unreadable", path=path, reason=error.strerror), remedy=_remedy()
        ) from None
    if os.name == "posix" and mode & stat.S_IRWXO:
        raise CredentialsError(said("instantly.key.open", path=path, mode=f"{mode:04o}"), remedy=_remedy())
    return ApiKey(_secret(content, path), _warnings(path, mode))


_LONGEST = 4096


def _secret(content: bytes, path: Path) -> str:
    """The key of a file's content; it travels in a header, so it is one word of printable ASCII."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not text or len(text) > _LONGEST or any(not 0x21 <= byte <= 0x7E for byte in text):
        raise CredentialsError(said("instantly.key.none", path=path), remedy=_remedy())
    return text.decode("ascii")


def _warnings(path: Path, mode: int) -> tuple[Said, ...]:
    if os.name != "posix" or not mode & stat.S_IRWXG:
        return ()
    return (said("instantly.key.group", path=path, mode=f"{mode:04o}"),)


def _remedy() -> Said:
    return said("instantly.key.remedy")
