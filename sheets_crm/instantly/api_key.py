"""The API key: one word, from the environment or from a file that is its owner's alone; it is never quoted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sheets_crm.errors import CredentialsError
from sheets_crm.messages import Said, said
from sheets_crm.secret_file import LONGEST, read_secret_file

VARIABLE: Final = "SHEETS_CRM_INSTANTLY__API_KEY"


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
    found = read_secret_file(path, "[instantly] api_key_file", remedy=_remedy(), error=CredentialsError)
    return ApiKey(_word(found.content, str(path)), found.warnings)


def api_key_of(given: str, path: Path | None) -> ApiKey:
    """The key that the environment gives, or else the one of the file.

    Args:
        given: The key; "" for none.
        path: The file; None for none.

    Raises:
        CredentialsError: There is neither, or it is none.
    """
    if given:
        return ApiKey(_word(given.encode(), VARIABLE))
    if path is None:
        raise CredentialsError(said("instantly.key.not_set"), remedy=_remedy(), state=said("nothing_done"))
    return load_api_key(path)


def _word(content: bytes, place: str) -> str:
    """The key of some content; it travels in a header, so it is one word of printable ASCII."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not text or len(content) > LONGEST or any(not 0x21 <= byte <= 0x7E for byte in text):
        raise CredentialsError(
            said("instantly.key.none", place=place), remedy=_remedy(), state=said("nothing_done")
        )
    return text.decode("ascii")


def _remedy() -> Said:
    return said("instantly.key.remedy", variable=VARIABLE)
