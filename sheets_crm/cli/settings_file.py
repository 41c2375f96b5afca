"""The settings file, as a command writes into it: one line, and every other line stays as it is."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Final

from sheets_crm.errors import FileError
from sheets_crm.messages import said

_BOM: Final = b"\xef\xbb\xbf"
_EMPTY: Final = re.compile(r"^spreadsheet_id[ \t]*=[ \t]*(?:\"\"|'')", re.MULTILINE)
"""A setting that is there and blank, as in a template: a second one would make the file invalid."""


def id_line(spreadsheet_id: str) -> str:
    """The line that names a workbook."""
    return f'spreadsheet_id = "{spreadsheet_id}"'


def write_id(path: Path, spreadsheet_id: str) -> None:
    """Name the workbook in a settings file, whole or not at all; a file that is not there is made.

    Raises:
        FileError: It cannot be written; the remedy has the line.
    """
    path = path.resolve()
    try:
        content = path.read_bytes() if path.exists() else b""
        mark = _BOM if content.startswith(_BOM) else b""
        text = with_id(content.removeprefix(_BOM).decode(), spreadsheet_id)
        _replace(path, mark + text.encode())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else said("no_toml_by_then")
        raise FileError(
            said("not_written", path=path, reason=reason or str(error)),
            remedy=said("not_written.remedy", path=path, line=id_line(spreadsheet_id)),
        ) from error


def with_id(text: str, spreadsheet_id: str) -> str:
    """The text of a settings file with the id, in place of a blank one or above everything.

    Raises:
        ValueError: The text would not say the same otherwise.
    """
    before = tomllib.loads(text)
    line = id_line(spreadsheet_id)
    written = _EMPTY.sub(lambda _: line, text, count=1) if "spreadsheet_id" in before else f"{line}\n{text}"
    if tomllib.loads(written) != {**before, "spreadsheet_id": spreadsheet_id}:
        raise ValueError(line)
    return written


def _replace(path: Path, content: bytes) -> None:
    """Replace a file atomically; it keeps its permissions."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
