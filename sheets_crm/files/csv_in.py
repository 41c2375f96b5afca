"""Parse a CSV file: detect its encoding and delimiter, and split it into cells.

Source: RFC 4180, and the variants that spreadsheets in Spain and elsewhere save.

The text is decoded and split while it is read, and its cells are counted meanwhile, so that a file of the wrong kind
(one endless line, delimiters alone, a quote that is never closed) costs no more memory than its bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from sheets_crm.errors import FileError
from sheets_crm.files.limits import CELLS, COLUMNS, LONGEST_TEXT, too_many_cells, too_many_columns
from sheets_crm.messages import said

_DELIMITERS = (",", ";", "\t")
_SAMPLE_RECORDS = 200
_SAMPLE_CHARACTERS = 1_000_000
_PIECE = 1_000_000
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_NOT_ASCII = bytes(range(128, 256))
_HINT = re.compile(
    r"\Asep=([^\"\r\n])(?:\r\n|\r|\n)", re.IGNORECASE
)  # Excel's first line that names the delimiter
_END = "<end of the file>"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANK: list[str] = []  # one for all blank lines: a file may have millions


def cells_of_csv(content: bytes, name: str) -> list[list[str]]:
    """Read the records of a CSV file; blank lines are empty records, except at the end.

    Raises:
        FileError: It is not text, or damaged text; a quote is never closed; it has more cells than a spreadsheet
            can have.
    """
    encoding = _encoding(content, name)
    sample = _text(content, encoding).read(_SAMPLE_CHARACTERS)
    hint = _HINT.match(sample)
    text = _text(content, encoding)
    if hint:
        text.readline()
    rows: list[list[str]] = []
    count = 0
    delimiter = hint[1] if hint else _delimiter(sample)
    for row, line in _records(text, delimiter, name, skipped=1 if hint else 0):
        if len(row) > COLUMNS:
            raise too_many_columns(said("file.line", name=name, line=line))
        count += len(row) or 1  # a blank line counts, or a file of blank lines would never reach the limit
        if count > CELLS:
            raise too_many_cells(said("file.line", name=name, line=line))
        rows.append(row or _BLANK)
    while rows and not any(cell.strip() for cell in rows[-1]):
        del rows[-1]
    return rows


def _text(content: bytes, encoding: str) -> TextIO:
    """Open the bytes as text decoded on reading: decoded at once it could take four times its size."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _encoding(content: bytes, name: str) -> str:
    """Detect the encoding of a file: by its byte order mark, else UTF-8, else cp1252.

    Raises:
        FileError: It is not text, or damaged text.
    """
    encoding = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    if encoding is None and _is_binary(content):
        raise FileError(said("file.binary", name=name), remedy=said("file.binary.remedy"))
    wrong = _undecodable(content, encoding or "utf-8")
    if wrong is None:
        return encoding or "utf-8"
    if encoding is not None or _mostly_utf8(content):
        raise _bad_text(content, wrong, name, "file.damaged_text")
    wrong = _undecodable(content, "cp1252")
    if wrong is not None:
        raise _bad_text(content, wrong, name, "file.unknown_text")
    return "cp1252"


def _bad_text(content: bytes, wrong: int, name: str, code: str) -> FileError:
    line = content.count(b"\n", 0, wrong) + 1
    return FileError(said(code, name=name, line=line), remedy=said("file.save_utf8"))


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))


def _is_binary(content: bytes) -> bool:
    return any(piece.translate(None, _CONTROLS) != piece for piece in _pieces(content))


def _undecodable(content: bytes, encoding: str) -> int | None:
    """The position of the first byte that the encoding cannot decode, or None; keeps no text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    try:
        for piece in _pieces(content):
            read += len(piece)
            decoder.decode(piece, read == len(content))
    except UnicodeDecodeError as error:
        return read - len(error.object) + error.start
    return None


def _mostly_utf8(content: bytes) -> bool:
    """Tell damaged UTF-8 from cp1252, whose accents hardly ever form valid UTF-8 characters."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = whole = 0
    for piece in _pieces(content):
        text = decoder.decode(piece)
        broken += text.count("\ufffd")
        whole += len(text) - len(piece.translate(None, _NOT_ASCII))
    return whole - broken > broken


def _delimiter(sample: str) -> str:
    """Choose the delimiter that splits the header into most cells and the records into as many.

    If most records are not split by it, it is a comma in the header's words, not a delimiter.
    """
    return max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[float, float]:
    """Rank a delimiter: first as one that splits, then as one that leaves a single column whole."""
    with _long_cells():
        records = list(itertools.islice(csv.reader(io.StringIO(sample, ""), delimiter=delimiter), _SAMPLE_RECORDS))
    if len(sample) == _SAMPLE_CHARACTERS and 1 < len(records) < _SAMPLE_RECORDS:
        del records[-1]  # the sample ends within it
    widths = [len(row) for row in _below_a_preamble(records) if row]
    if not widths:
        return 0.0, 0.0
    header = widths[0]
    alike = sum(width == header for width in widths) / len(widths)
    followed = header > 1 and 2 * sum(width > 1 for width in widths) >= len(widths)
    return (header * alike, 0.0) if followed else (0.0, alike if header == 1 else 0.0)


def _below_a_preamble(records: list[list[str]]) -> list[list[str]]:
    """The records without lines of text above a blank line, where all below it are split into as many cells."""
    blank = next((n for n, row in enumerate(records) if not row), 0)
    below = {len(row) for row in records[blank:] if row}
    above = {len(row) for row in records[:blank]}
    return records[blank:] if len(below) == 1 and min(below) > max(above, default=0) > 0 else records


def _records(text: TextIO, delimiter: str, name: str, *, skipped: int) -> Iterator[tuple[list[str], int]]:
    """Yield records with the line on which each ends, up to the allowed length.

    The length is checked on the lines fed to the reader, before it makes a list of them: one line of delimiters, or
    everything after an open quote, would become a list of many times its size.

    Raises:
        FileError: A quote is never closed, or a record is too long.
    """
    last_line = skipped
    room = LONGEST_TEXT
    ended = False

    def lines() -> Iterator[str]:
        nonlocal room, ended
        while line := text.readline(room + 1):
            room -= len(line)
            if room < 0:
                raise _too_long(name, last_line + 1)
            yield line
        ended = True
        yield _END  # arrives as a record of its own, unless an open quote swallows it: that is how one is noticed

    with _long_cells():
        reader = csv.reader(lines(), delimiter=delimiter)
        for row in reader:
            if ended and row == [_END]:
                return
            if ended:
                raise FileError(
                    said("file.open_quote", name=name, line=last_line + 1), remedy=said("file.open_quote.remedy")
                )
            last_line = skipped + reader.line_num
            yield row, last_line
            room = LONGEST_TEXT


def _too_long(name: str, line: int) -> FileError:
    return FileError(
        said("file.long_record", name=name, line=line, most=LONGEST_TEXT), remedy=said("file.long_record.remedy")
    )


@contextmanager
def _long_cells() -> Iterator[None]:
    """Raise the reader's limit of 131,072 characters for a cell."""
    usual = csv.field_size_limit(LONGEST_TEXT)
    try:
        yield
    finally:
        csv.field_size_limit(usual)
