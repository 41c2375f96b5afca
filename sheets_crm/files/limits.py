"""Limits of the files that are read: Google's where it has one, elsewhere far above any honest file.

Content is counted while it is read. A size that the file claims (a row number, the size of a sheet or of a packed
part) never makes anything be allocated.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.errors import FileError
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import said

CELLS: Final = CELLS_LIMIT
COLUMNS: Final = 18_278
"""Most columns of a sheet, A to ZZZ (support.google.com/drive/answer/37603); Excel has 16,384."""
ROWS: Final = 1_048_576
"""Most rows of a sheet in XLSX (support.microsoft.com, "Excel specifications and limits")."""
FILE_BYTES: Final = 600_000_000
"""Most bytes of a file, and of an XLSX unpacked; ten million cells stay below."""
LONGEST_TEXT: Final = 10_000_000
"""Most characters of a CSV record or a text in XLSX; a cell of Google's holds 50,000."""


def too_many_cells(where: str) -> FileError:
    """The error for a file with more cells than a spreadsheet can have."""
    return FileError(said("file.too_many_cells", where=where, most=CELLS), remedy=said("file.smaller"))


def too_many_columns(where: str) -> FileError:
    """The error for a row wider than a sheet can be."""
    return FileError(said("file.too_many_columns", where=where, most=COLUMNS), remedy=said("file.smaller"))


def too_many_bytes(file: str) -> FileError:
    """The error for a file over the size limit, or without an end."""
    return FileError(
        said("file.too_large", name=file, most=FILE_BYTES // 1_000_000), remedy=said("file.save_parts")
    )


def too_long_text(where: str) -> FileError:
    """The error for a text over the length limit."""
    return FileError(
        said("file.too_long_text", where=where, most=LONGEST_TEXT), remedy=said("file.too_long_text.remedy")
    )
