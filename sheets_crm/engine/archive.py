"""Files of a run under ``state_dir``: the archive of raw imports, and waiting file imports.

None of them is needed to keep the workbook true: all that a second worker needs is in the workbook.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from sheets_crm.engine import archive_index, state_files
from sheets_crm.engine.state_files import DamagedFileError, write_whole
from sheets_crm.workbook.cells import Cell

SUFFIX: Final = ".json.gz"
ARCHIVE: Final = "archive"
SPOOL: Final = "spool"
ASIDE: Final = "aside"


def archive(state_dir: Path, name: str, cells: Sequence[Sequence[Cell]], facts: dict[str, Any]) -> Path:
    """Archive the raw cells of an import, compressed; the same cells under the same name are kept once."""
    body = orjson.dumps({**facts, "cells": cells})
    path = state_dir / ARCHIVE / f"{name}-{hashlib.sha256(body).hexdigest()[:12]}{SUFFIX}"
    if not path.exists():
        write_whole(path, gzip.compress(body, mtime=0))
        archive_index.update(state_dir, {path: str(facts.get("workbook", ""))})
    return path


def archived(state_dir: Path, workbook: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every archived import of a workbook that can be read; a file that cannot be read is set aside.

    Files of other workbooks are not opened where the index has them; those that it lacks are added to it.
    """
    index = archive_index.workbooks(state_dir)
    files = sorted((state_dir / ARCHIVE).glob(f"*{SUFFIX}"))
    added = {}
    for path in files:
        if workbook and index.get(path.name, "") not in {"", workbook}:
            continue
        body = state_files.read(path, _archived)
        if body is None:
            continue
        if path.name not in index:
            added[path] = str(body.get("workbook") or "")
        if _is_of(body, workbook):
            yield path, body
    archive_index.update(state_dir, added, index.keys() - {path.name for path in files if path.exists()})


def _is_of(body: dict[str, Any], workbook: str) -> bool:
    """Whether a file or a line of the journal belongs to a workbook: those of one worker share a state folder.

    Version 0.1.0 did not note the workbook of files and of journal lines: such ones count as every workbook's.
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
    """Whether the named fields are text or missing: a workbook that is no text would match none, and hide the file."""
    return all(isinstance(body.get(name), str | None) for name in names)


def _is_grid(cells: Any) -> bool:
    """Whether a JSON value is rows of cells."""
    return isinstance(cells, list) and all(
        isinstance(row, list) and all(isinstance(cell, Cell) for cell in row) for row in cells
    )


# -- files that wait to be merged


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that was read for an import and is not merged yet.

    Attributes:
        name: Its id, which stands in System's open record after ``file:``.
        label: Its name in Imports.
        tables: Its tables: ``name``, ``cells``, ``target_id``, ``step``.
        reason: Why it was set aside, for operators; "" for one that waits in the spool.
        progress: How far it had been merged when it was set aside, as in System's open record.
        workbook: Id of its workbook; "" when version 0.1.0 wrote it.
    """

    name: str
    label: str
    tables: list[dict[str, Any]]
    reason: str = ""
    progress: dict[str, Any] = field(default_factory=dict)
    workbook: str = ""

    @property
    def ref(self) -> str:
        """Its name in System's open record."""
        return f"file:{self.name}"


def spool(state_dir: Path, label: str, tables: Sequence[dict[str, Any]], workbook: str = "") -> str:
    """Spool the tables of a file until they are merged, so that a crash does not lose them; return their id."""
    body = orjson.dumps({"label": label, "tables": tables, **({"workbook": workbook} if workbook else {})})
    name = hashlib.sha256(body).hexdigest()[:16]
    write_whole(state_dir / SPOOL / f"{name}{SUFFIX}", gzip.compress(body, mtime=0))
    return name


def anything_spooled(state_dir: Path) -> bool:
    """Whether a file waits to be merged; none is read."""
    return any((state_dir / SPOOL).glob(f"*{SUFFIX}"))


def spooled(state_dir: Path, workbook: str = "") -> list[WaitingFile]:
    """The files that wait to be merged, oldest first; a file that cannot be read is set aside as damaged."""
    return _waiting(state_dir / SPOOL, workbook)


def set_aside(state_dir: Path, workbook: str = "") -> list[WaitingFile]:
    """The file imports that were set aside, oldest first."""
    return _waiting(state_dir / ASIDE, workbook)


def put_aside(state_dir: Path, name: str, reason: str, progress: dict[str, Any], label: str = "") -> None:
    """Move a file that cannot be merged from the spool to those set aside, with the reason and its label, if any."""
    file = next((waiting for waiting in spooled(state_dir) if waiting.name == name), None)
    if file is not None:
        tables = [{**table, "target_id": label} if label else table for table in file.tables]
        file = replace(file, tables=tables)
        _save(state_dir / ASIDE, file, {"reason": reason, "progress": progress})
        unspool(state_dir, name)


def try_again(state_dir: Path, name: str) -> None:
    """Move a file that was set aside back to the spool, with its progress."""
    file = next((waiting for waiting in set_aside(state_dir) if waiting.name == name), None)
    if file is not None:
        _save(state_dir / SPOOL, file, {"progress": file.progress})
        state_files.delete(state_dir / ASIDE / f"{name}{SUFFIX}")


def rewrite_waiting(state_dir: Path, workbook: str, cleansed: Callable[[dict[str, Any]], list[list[Cell]]]) -> int:
    """Rewrite the cells of waiting files; return how many changed.

    Args:
        state_dir: The state folder.
        workbook: Id of the workbook whose files they are.
        cleansed: Makes the new cells of a table (``cells``, ``step``); rows keep their places, or the recorded progress
            would point elsewhere.
    """
    changed = 0
    for folder in (SPOOL, ASIDE):
        for waiting in _waiting(state_dir / folder, workbook):
            tables = [{**table, "cells": cleansed(table)} for table in waiting.tables]
            if tables != waiting.tables:
                facts = {"reason": waiting.reason, "progress": waiting.progress}
                _save(state_dir / folder, replace(waiting, tables=tables), facts)
                changed += 1
    return changed


def unspool(state_dir: Path, name: str) -> None:
    """Delete a merged file from the spool."""
    state_files.delete(state_dir / SPOOL / f"{name}{SUFFIX}")


def damaged_imports(state_dir: Path) -> list[Path]:
    """The waiting files that could not be read: somebody has to import them again."""
    folders = {SPOOL, ASIDE}
    return [path for path in state_files.damaged(state_dir) if path.parent.name in folders]


def _save(folder: Path, waiting: WaitingFile, facts: dict[str, Any]) -> None:
    of_workbook = {"workbook": waiting.workbook} if waiting.workbook else {}
    body = orjson.dumps({"label": waiting.label, "tables": waiting.tables, **of_workbook, **facts})
    write_whole(folder / f"{waiting.name}{SUFFIX}", gzip.compress(body, mtime=0))


def _waiting(folder: Path, workbook: str = "") -> list[WaitingFile]:
    files = []
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=_age):
        name = path.name.removesuffix(SUFFIX)
        body = state_files.read(path, lambda content: _tables(state_files.unzipped(content)))
        if body is not None and _is_of(body, workbook):
            progress = dict(body.get("progress") or {})
            facts = (str(body.get("reason", "")), progress, str(body.get("workbook", "")))
            files.append(WaitingFile(name, body["label"], body["tables"], *facts))
    return files


def _age(path: Path) -> tuple[int, str]:
    with suppress(OSError):
        return path.stat().st_mtime_ns, path.name
    return 0, path.name


def _tables(body: Any) -> dict[str, Any]:
    """The body of a waiting file, checked.

    Raises:
        DamagedFileError: It is not a waiting file.
    """
    tables = body.get("tables") if isinstance(body, dict) else None
    if not isinstance(tables, list) or not tables or not all(map(_is_table, tables)):
        raise DamagedFileError("no tables")
    texts = isinstance(body["label"], str) and _are_texts(body, "workbook", "reason")
    if not texts or not isinstance(body.get("progress", {}), dict):
        raise DamagedFileError("no waiting file")
    return dict(body)


def _is_table(table: Any) -> bool:
    if not isinstance(table, dict) or not _is_grid(table.get("cells")):
        return False
    return all(isinstance(table.get(key), str | None) for key in ("name", "target_id", "step"))
