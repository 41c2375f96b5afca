"""From the bytes of a CSV file to its cells: which characters, which delimiter, where a cell ends.

Source: RFC 4180, and what spreadsheets in Spain and elsewhere save in its place.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import sys
from collections.abc import Iterator

from sheets_crm.errors import FileError

_DELIMITERS = (",", ";", "\t")
_SAMPLE_RECORDS = 200
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_HINT = re.compile(r"\Asep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own first line that names the delimiter
_END = "<end of the file>"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_UTF8 = "Open it in Excel or Google Sheets and save it as CSV (UTF-8)."


def decoded(content: bytes, name: str) -> str:
    """Return a file's text: by its byte order mark, else UTF-8, else cp1252.

    Raises:
        FileError: It is not text, or text that was damaged on its way.
    """
    encoding = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    if encoding is None and content.translate(None, _CONTROLS) != content:
        raise FileError(f"{name} is not a table: it holds binary content.", remedy="Choose the CSV or XLSX file.")
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None or _mostly_utf8(content):
            line = content[: error.start].count(b"\n") + 1
            raise FileError(f"{name}, line {line}: damaged characters.", remedy=_SAVE_UTF8) from error
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{name}, line {line}: characters that are neither UTF-8 nor Western European (cp1252)."
        raise FileError(message, remedy=_SAVE_UTF8) from error


def cells_of_text(text: str, name: str) -> list[list[str]]:
    """Return the records of CSV text; blank lines are empty records, but none at the end.

    Raises:
        FileError: A quote is opened and never closed.
    """
    delimiter, text = _hinted(text)
    delimiter = delimiter or _delimiter(text)
    rows: list[list[str]] = []
    last_line = 0
    for row, line in _records(text, delimiter, closing=True):
        rows.append(row)
        previous, last_line = last_line, line
    if rows[-1] != [_END]:
        message = f"{name}: a quote opened in the record at line {previous + 1} is never closed."
        raise FileError(message, remedy="Close the quote there, or export the file again.")
    del rows[-1]
    while rows and not any(cell.strip() for cell in rows[-1]):
        del rows[-1]
    return rows


def _mostly_utf8(content: bytes) -> bool:
    """Tell UTF-8 with a broken character from cp1252, where accents hardly ever make whole UTF-8 characters."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - broken > broken


def _hinted(text: str) -> tuple[str | None, str]:
    hint = _HINT.match(text)
    return (hint[1], text[hint.end() :]) if hint else (None, text)


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the header into most cells and the records into as many as the header.

    A cut of the header that most records do not follow is a comma in its words, not a delimiter.
    """
    return max(_DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _fit(text: str, delimiter: str) -> tuple[float, float]:
    """Return how well a delimiter fits: first as one that cuts, then as one that leaves a single column whole."""
    sample = itertools.islice(_records(text, delimiter), _SAMPLE_RECORDS)
    widths = [len(row) for row, _ in sample if row]
    if not widths:
        return 0.0, 0.0
    header = widths[0]
    alike = sum(width == header for width in widths) / len(widths)
    followed = header > 1 and 2 * sum(width > 1 for width in widths) >= len(widths)
    return (header * alike, 0.0) if followed else (0.0, alike if header == 1 else 0.0)


def _records(text: str, delimiter: str, *, closing: bool = False) -> Iterator[tuple[list[str], int]]:
    """Yield records with the line each ends on; ``closing`` adds a last one that an open quote would swallow."""
    lines: Iterator[str] = io.StringIO(text, newline="")
    if closing:
        lines = itertools.chain(lines, ["\n" * (not text.endswith(("\n", "\r"))), _END])
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        for row in reader:
            yield row, reader.line_num
    finally:
        csv.field_size_limit(before)
