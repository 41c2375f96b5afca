"""What a worker remembers between two runs, in ``state_dir``: a cache that may be deleted at any time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from sheets_crm.sync.archive import write_whole


def recall(state_dir: Path, workbook: str) -> dict[str, Any]:
    """Return what was remembered of a workbook; empty when nothing was, or it cannot be read."""
    try:
        found: dict[str, Any] = orjson.loads(_path(state_dir, workbook).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return found


def remember(state_dir: Path, workbook: str, facts: Mapping[str, Any]) -> None:
    """Remember facts of a workbook beside those known before."""
    known = recall(state_dir, workbook)
    if known | dict(facts) != known:
        write_whole(_path(state_dir, workbook), orjson.dumps(known | dict(facts)))


def _path(state_dir: Path, workbook: str) -> Path:
    return state_dir / f"workbook-{workbook[:44]}.json"
