"""Files that earlier versions kept in the state folder in place of the cache file: taken over once, then deleted.

They are read with what wrote them: a checksum in front of a body, or of each line; version 0.1.0 wrote none.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import orjson

from sheets_crm.engine import state_files
from sheets_crm.engine.cached_rows import CACHES, FACTS, JOB_RECORDS, CachedRows
from sheets_crm.engine.state_files import DamagedFileError

_BODIES: Final = {"places": "layout", "tables": "tables", "pending": "pending"}
"""Names of the caches by the end of their file's name."""
_LEADS: Final = ".leads.json"
_CHANGES: Final = ".changes.jsonl"

_LOG = logging.getLogger(__name__)


def present(state_dir: Path) -> bool:
    """Whether a state folder has such files."""
    return any(True for _ in _files(state_dir))


def _files(state_dir: Path) -> Iterator[Path]:
    yield from sorted(state_dir.glob("workbook-*.json"))
    yield from sorted(path for path in (state_dir / "cache").glob("*.json*") if path.suffix in {".json", ".jsonl"})
    yield from sorted((state_dir / "jobs").glob("*.json"))


def take_over(rows: CachedRows, state_dir: Path) -> list[Path]:
    """Put the content of such files into rows; return the files, to be deleted once the rows are on the disk.

    What cannot be read was set aside or deleted then, as the version that wrote it would have.
    """
    files = list(_files(state_dir))
    for path in files:
        if path.parent.name == "cache":
            _take_cache(rows, path)
        elif path.parent.name == "jobs":
            _take_record(rows, path)
        else:
            _take_facts(rows, path)
    return files


def delete(state_dir: Path, files: list[Path]) -> None:
    """Delete files that were taken over, and the folder of caches when nothing is left in it."""
    for path in files:
        _LOG.info("taken over into the cache file: %s", path)
        state_files.delete(path)
    with suppress(OSError):
        (state_dir / "cache").rmdir()


def _take_facts(rows: CachedRows, path: Path) -> None:
    facts = state_files.read(path, _object)
    for name, value in (facts or {}).items():
        rows.put(FACTS, (path.stem.removeprefix("workbook-"), name), orjson.dumps(value))


def _take_record(rows: CachedRows, path: Path) -> None:
    record = state_files.read(path, _object)
    if record is not None:
        rows.put(JOB_RECORDS, (unquote(path.stem),), orjson.dumps(record))


def _object(content: bytes) -> dict[str, Any]:
    """A JSON object; version 0.1.0 wrote facts without a checksum."""
    body = orjson.loads(content if content.startswith(b"{") else state_files.unsealed(content))
    if not isinstance(body, dict):
        raise DamagedFileError("no facts")
    return body


def _take_cache(rows: CachedRows, path: Path) -> None:
    workbook, _, kind = path.name.removesuffix(".json").rpartition(".")
    if path.name.endswith(_LEADS):
        _take_leads(rows, path)
    elif kind in _BODIES:
        body = state_files.read_cache(path, _same)
        if body is not None:
            rows.put(CACHES, (workbook, _BODIES[kind], 0), body)


def _take_leads(rows: CachedRows, path: Path) -> None:
    """Take over cached leads with the log of what later writes changed; without a line of it they are of no use."""
    workbook = path.name.removesuffix(_LEADS)
    body = state_files.read_cache(path, _same)
    log = state_files.read(path.with_name(f"{workbook}{_CHANGES}"), bytes) or b""
    if body is None:
        return
    try:
        base = orjson.loads(body)["id"]
        changes = [_change(line) for line in log.split(b"\n")[:-1]]  # a crash cut off what follows the last break
        parts = {int(change["sequence"]): change for change in changes if change["base"] == base}
    except (KeyError, ValueError, TypeError):
        return
    rows.put(CACHES, (workbook, "leads", 0), body)
    for sequence, change in parts.items():
        rows.put(CACHES, (workbook, "leads", sequence), orjson.dumps(change))


def _change(line: bytes) -> dict[str, Any]:
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        raise DamagedFileError("a line without its checksum")
    change: dict[str, Any] = orjson.loads(body)
    return change


_same: Final[Callable[[bytes], bytes]] = bytes
