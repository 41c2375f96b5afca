"""Index of the archive: whose workbook each file is, so that those of other workbooks need not be unzipped.

It only spares work: where a row is missing or cannot be read, the file is.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import ARCHIVES, CachedRows, Columns
from sheets_crm.errors import CrmError

_LOG = logging.getLogger(__name__)


def workbooks(state_dir: Path) -> dict[str, str]:
    """The workbook of each file in the index, by the file's name; "" where the file does not say it."""
    try:
        rows = CacheFile(state_dir).read(lambda rows: rows.of(ARCHIVES), dict[Columns, Columns]())
    except (CrmError, OSError) as error:
        _LOG.debug("traceback", exc_info=error)
        return {}
    return {str(file): str(workbook) for (file,), (workbook, *_) in rows.items()}


def update(state_dir: Path, added: Mapping[Path, str], gone: Collection[str] = ()) -> None:
    """Add files with their workbooks, and take out those that are gone.

    Args:
        state_dir: The state folder.
        added: Files with their workbooks.
        gone: Names of files.
    """

    def write(rows: CachedRows) -> None:
        for name in gone:
            rows.delete(ARCHIVES, name)
        for path, workbook in added.items():
            rows.put(ARCHIVES, (path.name,), workbook, _import_name(path), path.stat().st_mtime)

    if not added and not gone:
        return
    try:
        CacheFile(state_dir).write(write)
    except (CrmError, OSError) as error:
        _LOG.debug("traceback", exc_info=error)


def _import_name(path: Path) -> str:
    """The name under which an import was archived: that of its file, without the digest of its content."""
    return path.name.partition(".")[0].rpartition("-")[0]
