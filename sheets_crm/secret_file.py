"""Files that hold one secret: their owner's alone, and never quoted."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sheets_crm.errors import SettingsError
from sheets_crm.messages import Said, said

LONGEST: Final = 4096
"""Bytes of the longest secret; of a longer file one byte more is read, so that its reader can tell."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, and what a person should correct about its file.

    Attributes:
        content: The bytes of the file; ``repr`` leaves them out.
        warnings: Problems that do not keep it from being used, such as a file that its group can read.
    """

    content: bytes = field(repr=False)
    warnings: tuple[Said, ...] = ()


def read_secret_file(
    path: Path, setting: str, *, remedy: Said, error: type[SettingsError] = SettingsError
) -> Secret:
    """Read the file that a setting names.

    Args:
        path: The file.
        setting: The setting, as messages name it, such as ``[webhooks] token_file``.
        remedy: How such a file is made.
        error: What is raised.

    Raises:
        SettingsError: It is missing, unreadable, or open to every user.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(LONGEST + 1)
    except FileNotFoundError:
        raise _refused(error, said("secret_file.missing", path=path, setting=setting), remedy) from None
    except OSError as refusal:
        words = said("secret_file.unreadable", path=path, setting=setting, reason=refusal.strerror)
        raise _refused(error, words, remedy) from None
    if os.name == "posix" and mode & stat.S_IRWXO:
        raise _refused(error, said("secret_file.open", path=path, setting=setting, mode=f"{mode:04o}"), remedy)
    if os.name != "posix" or not mode & stat.S_IRWXG:
        return Secret(content)
    return Secret(content, (said("secret_file.group", path=path, setting=setting, mode=f"{mode:04o}"),))


def _refused(error: type[SettingsError], message: Said, remedy: Said) -> SettingsError:
    return error(message, remedy=remedy, state=said("nothing_done"))
