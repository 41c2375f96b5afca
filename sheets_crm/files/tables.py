"""Read a file as tables of text; its first bytes tell its kind, not its suffix."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sheets_crm.errors import FileError
from sheets_crm.files.csv_in import cells_of_csv
from sheets_crm.files.limits import FILE_BYTES, too_many_bytes
from sheets_crm.messages import said

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file.

    Attributes:
        name: The sheet's title in XLSX, the file's name without its suffix in CSV.
        cells: Rows of cells as text, header row included; rows may differ in length and blank ones between
            blocks are kept, those at the end are not. Do not modify: blank rows may share one list.
    """

    name: str
    cells: list[list[str]]


def read_table(path: Path) -> list[Table]:
    """The tables of a file: one for CSV, each visible non-empty sheet for XLSX.

    CSV is UTF-8 with or without BOM, UTF-16 with BOM, or cp1252, separated by comma, semicolon or tab. No cell is
    altered: text stays text, line breaks in cells included. In XLSX a number or a formula's stored result becomes
    the text it shows, a date in ISO form.

    Raises:
        FileError: It is missing, empty, no table, damaged, protected by a password, of an unsupported kind, or larger
            than a spreadsheet can be.
    """
    content = _content(path)
    if content.startswith(_OLE):
        raise _old_or_protected(path, content)
    if content.startswith(_ZIP):
        from sheets_crm.files.xlsx_in import sheets_of_workbook  # noqa: PLC0415 - slow to import, rarely needed

        sheets = sheets_of_workbook(content, path.name)
    else:
        sheets = [(path.stem, cells_of_csv(content, path.name))]
    tables = [Table(name, cells) for name, cells in sheets if cells]
    if not tables:
        raise _empty(path)
    return tables


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = _read(file, path.name)
    except FileNotFoundError as error:
        raise FileError(said("file.missing", path=path), remedy=said("file.missing.remedy")) from error
    except IsADirectoryError as error:
        raise FileError(said("file.folder", path=path), remedy=said("file.folder.remedy")) from error
    except OSError as error:
        raise FileError(
            said("file.unreadable", path=path, reason=error.strerror), remedy=said("file.unreadable.remedy")
        ) from error
    if not content or content.isspace():
        raise _empty(path)
    return content


def _read(file: BinaryIO, name: str) -> bytes:
    """Read to the end, up to the limit: a pipe or a device may have no end, and a stated size is no bound."""
    content = io.BytesIO()
    while piece := file.read(_PIECE):
        if content.tell() + len(piece) > FILE_BYTES:
            raise too_many_bytes(name)
        content.write(piece)
    return content.getvalue()


def _empty(path: Path) -> FileError:
    return FileError(said("file.empty", name=path.name), remedy=said("file.empty.remedy"))


def _old_or_protected(path: Path, content: bytes) -> FileError:
    if _ENCRYPTED in content:
        return FileError(said("file.protected", name=path.name), remedy=said("file.protected.remedy"))
    return FileError(said("file.old_excel", name=path.name), remedy=said("file.save_as"))
