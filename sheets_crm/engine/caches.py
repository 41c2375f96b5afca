"""Caches of a workbook, each a row of the cache file; `lead_cache.py` has one with several.

They hold people's data and can always be rebuilt: one that cannot be trusted is deleted, not set aside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import CACHES, CachedRows

T = TypeVar("T")

LEADS: Final = "leads"
PENDING: Final = "pending"
LAYOUT: Final = "layout"
TABLES: Final = "tables"

_LOG = logging.getLogger(__name__)


def load(state_dir: Path, workbook: str, name: str, parse: Callable[[bytes], T]) -> T | None:
    """A cache of a workbook; None when there is none, or it cannot be trusted.

    Args:
        state_dir: The state folder.
        workbook: Id of the spreadsheet.
        name: The cache's name.
        parse: Makes the value of its body; any exception that it raises means that another version wrote it.
    """
    key = key_of(workbook), name, 0
    row = CacheFile(state_dir).read(lambda rows: rows.of(CACHES, *key).get(key), None)
    if row is None:
        return None
    try:
        return parse(bytes_of(row[0]))
    except Exception as error:  # noqa: BLE001 - another version's body surfaces as whatever the parser stumbles over
        _LOG.warning("the cache %s of %s cannot be used and is being rebuilt: %s", name, workbook, error)
        delete(state_dir, workbook, name)
        return None


def save(state_dir: Path, workbook: str, name: str, body: bytes) -> None:
    """Save a cache of a workbook."""
    CacheFile(state_dir).write(lambda rows: rows.put(CACHES, (key_of(workbook), name, 0), body))


def exists(state_dir: Path, workbook: str, *names: str) -> bool:
    """Whether a workbook has one of some caches, whether or not it can be trusted."""
    key = key_of(workbook)
    return CacheFile(state_dir).read(
        lambda rows: any(rows.has(CACHES, key, name) for name in names), missing=False
    )


def delete(state_dir: Path, workbook: str, *names: str) -> None:
    """Delete caches of a workbook."""
    if exists(state_dir, workbook, *names):  # or it would cost a commit
        CacheFile(state_dir).write(lambda rows: take_out(rows, workbook, *names))


def take_out(rows: CachedRows, workbook: str, *names: str) -> None:
    """Delete caches of a workbook within a transaction."""
    for name in names:
        rows.delete(CACHES, key_of(workbook), name)


def key_of(workbook: str) -> str:
    """The key of a workbook in the cache file: as much of its id as the names of earlier versions' files had."""
    return workbook[:44]


def bytes_of(value: object) -> bytes:
    """A value of a column that holds bytes.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return value
