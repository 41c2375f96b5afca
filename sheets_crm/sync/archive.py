"""What a run keeps on this machine under ``state_dir``: raw drops, the change journal, files waiting to be merged.

None of it is needed to keep the workbook true: all that a second worker needs is in the workbook.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from sheets_crm.plan.plan import LeadChange
from sheets_crm.sync import state_files
from sheets_crm.sync.state_files import DamagedFileError, write_whole
from sheets_crm.workbook.cells import Cell

SUFFIX: Final = ".json.gz"
ARCHIVE: Final = "archive"
SPOOL: Final = "spool"
ASIDE: Final = "aside"
JOURNAL: Final = "journal"
FIELDS: Final = frozenset({"when", "sequence", "cause", "lead", "column", "old", "new"})
"""What each line of the change journal has."""


def archive(state_dir: Path, name: str, cells: Sequence[Sequence[Cell]], facts: dict[str, Any]) -> Path:
    """Keep the raw cells of a drop, compressed; the same cells under the same name are kept once."""
    body = orjson.dumps({**facts, "cells": cells})
    path = state_dir / ARCHIVE / f"{name}-{hashlib.sha256(body).hexdigest()[:12]}{SUFFIX}"
    if not path.exists():
        write_whole(path, gzip.compress(body, mtime=0))
    return path


def archived(state_dir: Path, workbook: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every archived drop of a workbook that can be read; one that cannot is set aside."""
    for path in sorted((state_dir / ARCHIVE).glob(f"*{SUFFIX}")):
        found = state_files.read(path, _archived)
        if found is not None and _is_of(found, workbook):
            yield path, found


def _is_of(body: dict[str, Any], workbook: str) -> bool:
    """Say whether something kept is of a workbook: several under one worker share a state folder.

    What version 0.1.0 kept of a file or in the journal does not say whose it is: it counts as everybody's.
    """
    return not workbook or body.get("workbook", workbook) == workbook


def _archived(content: bytes) -> dict[str, Any]:
    body = state_files.unzipped(content)
    if not isinstance(body, dict) or not _is_grid(body.get("cells")):
        raise DamagedFileError("not an archived import")
    if not _are_texts(body, "workbook", "source", "step"):
        raise DamagedFileError("not an archived import of a workbook")
    return body


def _are_texts(body: dict[str, Any], *names: str) -> bool:
    """Say whether what is there under some names is text: a file of nobody's workbook would never be looked into."""
    return all(isinstance(body.get(name), str | None) for name in names)


def _is_grid(cells: Any) -> bool:
    """Say whether something is rows of cells."""
    return isinstance(cells, list) and all(
        isinstance(row, list) and all(isinstance(cell, Cell) for cell in row) for row in cells
    )


def note_changes(
    state_dir: Path, when: str, run: str, sequence: int, changes: Iterable[LeadChange], workbook: str = ""
) -> None:
    """Add changed cells of leads to the change journal (one JSON line each)."""
    lines = [
        orjson.dumps(
            {
                **({"workbook": workbook} if workbook else {}),
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
    if lines:
        with state_files.locked(state_dir / JOURNAL):
            state_files.append(state_dir / JOURNAL / f"{when[:7]}.jsonl", b"\n".join(lines) + b"\n")


def noted_changes(state_dir: Path, workbook: str = "") -> Iterator[dict[str, Any]]:
    """Yield the change journal of a workbook, oldest first; a line that is damaged, as by a crash, is passed over."""
    for path in sorted((state_dir / JOURNAL).glob("*.jsonl")):
        for line in state_files.read(path, bytes.splitlines) or []:
            entry = entry_of(line)
            if entry is not None and _is_of(entry, workbook):
                yield entry


def entry_of(line: bytes) -> dict[str, Any] | None:
    """Read a line of the change journal; None when it is damaged."""
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return entry if _is_entry(entry) else None


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not entry.keys() >= FIELDS:
        return False
    numbers = all(type(entry[name]) is int for name in ("lead", "sequence"))
    texts = all(isinstance(entry[name], str) for name in ("when", "cause", "column"))
    texts = texts and _are_texts(entry, "workbook", "run")
    # The line of a new lead holds all of its cells at once.
    new = entry["new"].values() if entry["column"] == "*" and isinstance(entry["new"], dict) else [entry["new"]]
    return numbers and texts and all(isinstance(cell, Cell) for cell in (*new, entry["old"]))


# -- files that wait to be merged


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that was read for an import and is not merged yet.

    Attributes:
        name: Its id: what names it in System's open record, behind ``file:``.
        label: What Imports calls it.
        tables: Its tables: ``name``, ``cells``, ``target_id``, ``step``.
        reason: Why it was set aside, in words of the log; "" for one that waits in the spool.
        progress: How far it had been merged when it was set aside, as in System's open record.
        workbook: Id of the workbook that it is for; "" when version 0.1.0 did not say.
    """

    name: str
    label: str
    tables: list[dict[str, Any]]
    reason: str = ""
    progress: dict[str, Any] = field(default_factory=dict)
    workbook: str = ""

    @property
    def ref(self) -> str:
        """What names it in System's open record."""
        return f"file:{self.name}"


def spool(state_dir: Path, label: str, tables: Sequence[dict[str, Any]], workbook: str = "") -> str:
    """Keep what was read of a file until it is merged, so that a crash does not lose it; return its id."""
    body = orjson.dumps({"label": label, "tables": tables, **({"workbook": workbook} if workbook else {})})
    name = hashlib.sha256(body).hexdigest()[:16]
    write_whole(state_dir / SPOOL / f"{name}{SUFFIX}", gzip.compress(body, mtime=0))
    return name


def anything_spooled(state_dir: Path) -> bool:
    """Say whether a file waits to be merged, without reading any."""
    return any((state_dir / SPOOL).glob(f"*{SUFFIX}"))


def spooled(state_dir: Path, workbook: str = "") -> list[WaitingFile]:
    """List the files waiting to be merged, oldest first; one that cannot be read is set aside."""
    return _waiting(state_dir / SPOOL, workbook)


def set_aside(state_dir: Path, workbook: str = "") -> list[WaitingFile]:
    """List the imported files that could not be merged and are kept to be tried again, oldest first."""
    return _waiting(state_dir / ASIDE, workbook)


def put_aside(state_dir: Path, name: str, reason: str, progress: dict[str, Any]) -> None:
    """Take a file out of the spool because it cannot be merged, and keep it with the reason."""
    found = next((one for one in spooled(state_dir) if one.name == name), None)
    if found is not None:
        _keep(state_dir / ASIDE, found, {"reason": reason, "progress": progress})
        unspool(state_dir, name)


def try_again(state_dir: Path, name: str) -> None:
    """Put a file that was set aside back into the spool; its progress goes with it."""
    found = next((one for one in set_aside(state_dir) if one.name == name), None)
    if found is not None:
        _keep(state_dir / SPOOL, found, {"progress": found.progress})
        state_files.delete(state_dir / ASIDE / f"{name}{SUFFIX}")


def rewrite_waiting(state_dir: Path, workbook: str, cleansed: Callable[[dict[str, Any]], list[list[Cell]]]) -> int:
    """Rewrite the cells of waiting files; return how many changed.

    Args:
        state_dir: The state folder.
        workbook: Whose files.
        cleansed: Gives the cells that a table (``cells``, ``step``) is to have; rows stay where they are, so that what
            is merged already stays merged.
    """
    changed = 0
    for folder in (SPOOL, ASIDE):
        for waiting in _waiting(state_dir / folder, workbook):
            tables = [{**table, "cells": cleansed(table)} for table in waiting.tables]
            if tables != waiting.tables:
                facts = {"reason": waiting.reason, "progress": waiting.progress}
                _keep(state_dir / folder, replace(waiting, tables=tables), facts)
                changed += 1
    return changed


def unspool(state_dir: Path, name: str) -> None:
    """Forget a file that is merged."""
    state_files.delete(state_dir / SPOOL / f"{name}{SUFFIX}")


def damaged_imports(state_dir: Path) -> list[Path]:
    """List the waiting files that could not be read: somebody has to import them again."""
    folders = {SPOOL, ASIDE}
    return [path for path in state_files.damaged(state_dir) if path.parent.name in folders]


def _keep(folder: Path, waiting: WaitingFile, facts: dict[str, Any]) -> None:
    whose = {"workbook": waiting.workbook} if waiting.workbook else {}
    body = orjson.dumps({"label": waiting.label, "tables": waiting.tables, **whose, **facts})
    write_whole(folder / f"{waiting.name}{SUFFIX}", gzip.compress(body, mtime=0))


def _waiting(folder: Path, workbook: str = "") -> list[WaitingFile]:
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=_age):
        name = path.name.removesuffix(SUFFIX)
        body = state_files.read(path, lambda content: _tables(state_files.unzipped(content)))
        if body is not None and _is_of(body, workbook):
            progress = dict(body.get("progress") or {})
            facts = (str(body.get("reason", "")), progress, str(body.get("workbook", "")))
            found.append(WaitingFile(name, body["label"], body["tables"], *facts))
    return found


def _age(path: Path) -> tuple[int, str]:
    with suppress(OSError):
        return path.stat().st_mtime_ns, path.name
    return 0, path.name


def _tables(body: Any) -> dict[str, Any]:
    """Return what a waiting file holds.

    Raises:
        DamagedFileError: It is no such file.
    """
    tables = body.get("tables") if isinstance(body, dict) else None
    if not isinstance(tables, list) or not tables or not all(map(_is_table, tables)):
        raise DamagedFileError("no tables")
    known = isinstance(body["label"], str) and _are_texts(body, "workbook", "reason")
    if not known or not isinstance(body.get("progress", {}), dict):
        raise DamagedFileError("no waiting file")
    return dict(body)


def _is_table(table: Any) -> bool:
    if not isinstance(table, dict) or not _is_grid(table.get("cells")):
        return False
    return all(isinstance(table.get(key), str | None) for key in ("name", "target_id", "step"))
