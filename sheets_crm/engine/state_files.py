"""Files of ``state_dir``: written whole, readable by their owner alone, and never trusted when they are read.

A process may be killed between any two bytes and a disk may fill up, so a file is replaced by rename after fsync. A
file that cannot be read (cut off, empty, of another type, a folder in its place) is renamed to say so and reported in
the log; its reader goes on as if it were missing. Files that only this program writes carry a checksum in front of
their body: valid JSON is no proof that the body is the one that was written.
"""

from __future__ import annotations

import fcntl
import logging
import os
import stat
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from threading import get_ident
from typing import Any, Final, TypeVar

import orjson

T = TypeVar("T")

PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
DAMAGED: Final = ".damaged"
LEFTOVER: Final = ".part"
STALE_SECONDS: Final = 3600
"""A part file whose writer seems alive is deleted at this age all the same: process numbers are reused."""

OURS: Final = {
    "": (
        "workbook-*.json",
        "worker.json",
        "version.json",
        "crm.db",
        "cache.db",
        "cache.db-*",
        "workbook-*.json.*.part",
        *(f"{name}.json.*.part" for name in ("worker", "version")),
    ),
    "archive": ("*.json.gz", "*.json.gz.*.part"),
    "spool": ("*.json.gz", "*.json.gz.*.part"),
    "aside": ("*.json.gz", "*.json.gz.*.part"),
    "journal": ("*.jsonl", "*.jsonl.*.part"),
    "backups": ("*.db", "*.db.*.part"),
    "cache": ("*.json", "*.jsonl", "*.json.*.part", "*.jsonl.*.part"),
    "forget": ("*.json", "*.json.*.part"),
    "jobs": ("*.json", "*.lock", "*.json.*.part"),
}
"""The names of this program's files, and of those of earlier versions, by folder of the state folder."""

LARGEST: Final = 1_000_000_000
"""Bytes; the leads of a full workbook take a tenth of it."""

_SEAL: Final = b"sheets_crm:"
_LOG = logging.getLogger(__name__)


class DamagedFileError(ValueError):
    """A file's content is not what was written."""


def write_whole(path: Path, body: bytes) -> None:
    """Write a file atomically: complete or not at all, and on the disk before this returns."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}{LEFTOVER}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
            os.fchmod(file.fileno(), PRIVATE)
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        _replace(part, path)
    except OSError:
        # On a full disk each retry would leave one more part file; those of killed processes are for `sweep`.
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _replace(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except IsADirectoryError:
        set_aside(path)
        part.replace(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's advisory lock: other processes of this machine that take it too wait meanwhile."""
    make_folder(folder)
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def make_folder(path: Path) -> None:
    """Create a folder, and those above it, for its owner alone."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    except FileExistsError:
        set_aside(path)  # a file in its place
        path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def sync_folder(path: Path) -> None:
    """Write a folder's entries to the disk, so that a rename or unlink outlasts a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def delete(path: Path) -> bool:
    """Delete a file, on the disk before this returns; return whether it existed."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (IsADirectoryError, PermissionError):
        if not path.is_dir():
            raise
        return set_aside(path) is not None
    sync_folder(path.parent)
    return True


# -- reading


def sealed(body: bytes) -> bytes:
    """Put a checksum in front of a body."""
    return b"%s%08x\n%s" % (_SEAL, zlib.crc32(body), body)


def unsealed(content: bytes) -> bytes:
    """Take a body from behind its checksum.

    Raises:
        DamagedFileError: The content has no checksum, or another one.
    """
    head, _, body = content.partition(b"\n")
    if head != b"%s%08x" % (_SEAL, zlib.crc32(body)):
        raise DamagedFileError("no checksum, or another one")
    return body


def read(path: Path, parse: Callable[[bytes], T]) -> T | None:
    """Read and parse a file; None when it does not exist, or cannot be trusted and was set aside.

    Args:
        path: The file.
        parse: Makes the value of its content; any exception that it raises means that the content is damaged.

    Raises:
        OSError: The machine cannot read it now, whatever its content: too many open files, no permission.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        set_aside(path)  # a folder, a pipe whose reading would block, a file larger than any of ours
        return None
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return _parsed(path, content, parse)


def _parsed(path: Path, content: bytes, parse: Callable[[bytes], T]) -> T | None:
    try:
        return parse(content)
    except Exception as error:  # noqa: BLE001 - damaged content surfaces as whatever the parser stumbles over
        _LOG.debug("%s", path, exc_info=error)
        set_aside(path)
        return None


def read_cache(path: Path, parse: Callable[[bytes], T]) -> T | None:
    """Read and parse the sealed body of a cache; None when there is none, or it cannot be trusted.

    A cache can always be rebuilt, and it holds people's data: one that cannot be trusted is deleted, not set aside. A
    file without a checksum is of version 0.1.0.
    """
    content = read(path, bytes)
    if content is None:
        return None
    try:
        return parse(unsealed(content))
    except Exception as error:  # noqa: BLE001 - damaged content surfaces as whatever the parser stumbles over
        level = logging.DEBUG if content.startswith(b"{") else logging.WARNING
        _LOG.log(level, "%s cannot be used and is being rebuilt: %s", path, error)
        delete(path)
        return None


def unzipped(content: bytes) -> Any:
    """Parse gzipped JSON.

    Raises:
        DamagedFileError: It is cut off, or unpacks to more than any file of ours.
    """
    unpacking = zlib.decompressobj(wbits=31)
    body = unpacking.decompress(content, LARGEST)
    if not unpacking.eof:
        raise DamagedFileError("cut, or too large when unpacked")
    return orjson.loads(body)


def set_aside(path: Path) -> Path | None:
    """Rename a file that cannot be trusted to a free name that says so; return it, or None when that fails too."""
    for number in range(1, 1000):
        target = path.with_name(f"{path.name}{DAMAGED}-{number}")
        if target.exists():
            continue
        try:
            path.rename(target)
        except FileNotFoundError:
            return None
        except OSError as error:
            _LOG.warning("%s is damaged and cannot be set aside: %s", path, error.strerror)
            return None
        _LOG.warning("%s is damaged and was set aside as %s", path, target.name)
        return target
    return None


def damaged(state_dir: Path) -> list[Path]:
    """The files that were set aside as damaged, by name."""
    return sorted(path for path in _below(state_dir) if DAMAGED in path.name)


# -- leftovers


def sweep(state_dir: Path) -> int:
    """Delete the part files of killed processes, and make files of earlier versions readable by their owner alone.

    The name of a part file has the numbers of the process and the thread that write it; those that live keep theirs.
    Returns how many were deleted.
    """
    swept = 0
    for path in _below(state_dir):
        with suppress(OSError):
            if is_leftover(path) and not _being_written(path):
                path.unlink()
                swept += 1
            elif path.is_file() and path.stat().st_mode & 0o077:
                path.chmod(PRIVATE)
    return swept


def is_leftover(path: Path) -> bool:
    """Whether a file is a part file: one that its writer has not finished."""
    return path.name.startswith(".") and path.name.endswith(LEFTOVER)


def _being_written(path: Path) -> bool:
    number, _, thread = path.name.removesuffix(LEFTOVER).rpartition(".")[2].partition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 9 or int(number) == 0:
        return False
    # A container gives every start the same process number, so the thread has to be another one of this process.
    if int(number) == os.getpid() and thread not in _other_threads():
        return False
    # A clock that was put back makes ages negative: such a part file counts as old.
    if not 0 <= time.time() - path.stat().st_mtime < STALE_SECONDS:
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _other_threads() -> set[str]:
    """The numbers of the live threads that may be writing while this one is not."""
    return {str(thread.ident) for thread in threading.enumerate()} - {str(get_ident())}


def _below(state_dir: Path) -> Iterator[Path]:
    """Yield this program's files in the state folder, those set aside included.

    Somebody may have pointed ``state_dir`` at a folder with other things in it: only our names in our folders count,
    never through a link, never files of another user.
    """
    for name, patterns in OURS.items():
        folder = state_dir / name
        if name and folder.is_symlink():
            continue
        with suppress(OSError):
            for path in sorted(folder.iterdir()):
                plain = path.name.split(DAMAGED)[0].removeprefix(".")
                if any(fnmatchcase(plain, pattern) for pattern in patterns) and _is_ours(path):
                    yield path


def _is_ours(path: Path) -> bool:
    status = path.lstat()
    regular = stat.S_ISREG(status.st_mode) or (stat.S_ISDIR(status.st_mode) and DAMAGED in path.name)
    return regular and status.st_uid == os.getuid()
