"""What SQLite refuses, as what the caller does next: the machine's fault, another program's lock, or the file's."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from sheets_crm.errors import Retryable
from sheets_crm.messages import said

_NUMBERS: Final = {"FULL": errno.ENOSPC, "PERM": errno.EACCES, "IOERR": errno.EIO, "NOLFS": errno.EFBIG}
_LOCKED: Final = frozenset({"BUSY", "LOCKED", "PROTOCOL"})


def of(error: Exception, path: Path) -> OSError | Retryable | None:
    """What to raise for a failure; None when the content of the file is at fault.

    Args:
        error: What SQLite raised.
        path: The file.
    """
    kind = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_").partition("_")[0]
    if kind in _LOCKED:
        return Retryable(
            said("cache_locked", path=path), remedy=said("cache_locked.remedy"), state=said("whole_writes")
        )
    number = _NUMBERS.get(kind)
    if kind in {"READONLY", "CANTOPEN"}:
        number = _unwritable(path, opened=kind == "READONLY")
    return None if number is None else OSError(number, os.strerror(number), str(path))


def _unwritable(path: Path, *, opened: bool) -> int:
    """Why the file, or the journal beside it, cannot be opened or written."""
    if os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        return errno.EROFS
    allowed = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
    return errno.EIO if allowed and not opened else errno.EACCES
