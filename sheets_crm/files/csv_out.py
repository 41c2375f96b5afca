"""Write a table as CSV for the outside tools, verbatim, and never outside its folder."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from sheets_crm.errors import FileError
from sheets_crm.messages import said

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNSAFE = re.compile(r"[^\w .()-]+")
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.IGNORECASE)  # on Windows
_LONGEST_NAME = 100


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    excel_safe: bool = False,
    inside: Path | None = None,
) -> Path:
    """Write a table as UTF-8 CSV (RFC 4180) and return its path; an older file is replaced whole.

    Args:
        path: The file to write; its folder is created if missing.
        header: The column names.
        rows: Rows of cells: text verbatim, TRUE and FALSE, whole numbers without a decimal point.
        excel_safe: For people who open the file in Excel: a byte order mark, and an apostrophe before a cell
            that Excel would run as a formula. The tools get neither.
        inside: The folder that has to contain the file; by default the path's own folder.

    Raises:
        FileError: The path is outside its folder, or the file cannot be written.
    """
    target = _within(path, inside or path.parent)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (header, *rows):
        cells = [_text(cell) for cell in row]
        writer.writerow([_defused(cell) for cell in cells] if excel_safe else cells)
    try:
        _replace(target, text.getvalue().encode("utf-8-sig" if excel_safe else "utf-8"))
    except OSError as error:
        raise FileError(
            said("file.unwritable", path=target, reason=error.strerror),
            remedy=said("file.unwritable.remedy"),
            state=said("file.unwritten"),
        ) from error
    return target


def safe_name(text: str) -> str:
    """A file name made from any text: no path, no reserved word, at most 100 characters, never empty."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", text))
    plain = plain[:_LONGEST_NAME].strip(" .") or "table"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def _within(path: Path, folder: Path) -> Path:
    home = folder.resolve()
    target = path.resolve()
    if ".." in path.parts or not target.is_relative_to(home) or target == home:
        raise FileError(said("file.outside", path=path, home=home), remedy=said("file.outside.remedy"))
    return target


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _replace(target: Path, content: bytes) -> None:
    """Write beside the target and rename, so that nobody ever reads half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
