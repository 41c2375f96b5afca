"""What a run keeps on this machine under ``state_dir``: raw drops, the change journal, files waiting to be merged.

None of it is needed to keep the workbook true: all that a second worker needs is in the workbook.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from sheets_crm.plan.plan import LeadChange
from sheets_crm.workbook.cells import Cell


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that it is there whole or not at all, and on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def archive(state_dir: Path, name: str, cells: Sequence[Sequence[Cell]], facts: dict[str, Any]) -> Path:
    """Keep the raw cells of a drop, compressed; the same cells under the same name are kept once."""
    body = orjson.dumps({**facts, "cells": cells})
    path = state_dir / "archive" / f"{name}-{hashlib.sha256(body).hexdigest()[:12]}.json.gz"
    if not path.exists():
        write_whole(path, gzip.compress(body, mtime=0))
    return path


def archived(state_dir: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every archived drop."""
    for path in sorted((state_dir / "archive").glob("*.json.gz")):
        found: dict[str, Any] = orjson.loads(gzip.decompress(path.read_bytes()))
        yield path, found


def note_changes(state_dir: Path, when: str, run: str, sequence: int, changes: Iterable[LeadChange]) -> None:
    """Add changed cells of leads to the change journal (one JSON line each)."""
    lines = [
        orjson.dumps(
            {
                "when": when,
                "run": run,
                "sequence": sequence,
                "cause": change.cause,
                "lead": change.lead,
                "column": change.column,
                "old": change.old,
                "new": change.new,
            }
        )
        for change in changes
    ]
    if not lines:
        return
    folder = state_dir / "journal"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{when[:7]}.jsonl").open("ab") as file:
        # A line that a crash cut off ends here, so that it does not swallow the next one.
        file.write(b"\n" * _cut_off(file.name) + b"\n".join(lines) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _cut_off(path: str) -> bool:
    """Return whether a file ends in the middle of a line."""
    with Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read(1) not in {b"", b"\n"}


def noted_changes(state_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield the change journal, oldest first; a line cut off by a crash is passed over."""
    for path in sorted((state_dir / "journal").glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                entry: dict[str, Any] = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            yield entry


def spool(state_dir: Path, label: str, tables: Sequence[dict[str, Any]]) -> str:
    """Keep what was read of a file until it is merged, so that a crash does not lose it; return its id."""
    body = orjson.dumps({"label": label, "tables": tables})
    name = hashlib.sha256(body).hexdigest()[:16]
    write_whole(state_dir / "spool" / f"{name}.json.gz", gzip.compress(body, mtime=0))
    return name


def spooled(state_dir: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the files waiting to be merged, oldest first."""
    paths = sorted((state_dir / "spool").glob("*.json.gz"), key=lambda path: path.stat().st_mtime_ns)
    return [
        (path.name.removesuffix(".json.gz"), orjson.loads(gzip.decompress(path.read_bytes()))) for path in paths
    ]


def unspool(state_dir: Path, name: str) -> None:
    """Forget a file that is merged."""
    (state_dir / "spool" / f"{name}.json.gz").unlink(missing_ok=True)
