"""Parse an XLSX workbook into the text that its visible sheets show.

The text of a cell is made in :mod:`~sheets_crm.files.xlsx_text`. Merged cells have their value in the first one, as in
Excel's own CSV.

Cells are counted over all visible sheets as they are read, as many as are returned: a row up to its last filled cell,
and one for each blank row above a filled one. So a stray value in row 900,000 or in column XFD costs what it takes, and
formats without values (Excel keeps them for thousands of empty cells, LibreOffice for the last row of a sheet) cost
nothing; twenty thousand rows with one value in XFD are 328 million cells, and refused.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from sheets_crm.errors import FileError
from sheets_crm.files.limits import (
    CELLS,
    COLUMNS,
    FILE_BYTES,
    LONGEST_TEXT,
    ROWS,
    too_long_text,
    too_many_cells,
    too_many_columns,
)
from sheets_crm.files.xlsx_parts import DamagedPackage, Package, gathered
from sheets_crm.files.xlsx_text import GENERAL, moment_shown, number_shown, unescaped
from sheets_crm.messages import said

_UNPACKED_LIMIT = FILE_BYTES
_WORKBOOK = "xl/workbook.xml"
_BLANK: list[str] = []  # one for all blank rows: a sheet of one cell may have a million
_YES = ("1", "true")
_TEXTS = ("si", "is", "r")  # not rPh, the phonetic reading of a Japanese word


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the workbook: its title and the part with its cells."""

    title: str
    part: str


@dataclass(slots=True)
class _Book:
    """What reading the cells needs of the workbook.

    Attributes:
        name: The file's name.
        strings: The shared strings.
        formats: The number format of each style.
        epoch: Day 0 of its dates.
        cells: Cells read so far.
    """

    name: str
    strings: Sequence[str]
    formats: Sequence[str]
    epoch: dt.datetime
    cells: int = 0


def sheets_of_workbook(content: bytes, name: str) -> list[tuple[str, list[list[str]]]]:
    """Read title and cells of each visible sheet; blank cells and rows at the end are left out.

    Raises:
        FileError: It is another kind of file, damaged, too large, or has formulas without a saved result.
    """
    try:
        return _sheets(Package(content, name, _UNPACKED_LIMIT), name)
    except FileError:
        raise
    except Exception as error:
        # A damaged part can raise anything: BadZipFile, ExpatError, KeyError, ValueError and more.
        raise FileError(said("file.damaged_excel", name=name), remedy=said("file.save_as")) from error


def _sheets(package: Package, name: str) -> list[tuple[str, list[list[str]]]]:
    if _WORKBOOK not in package:
        raise FileError(said("file.other_zip", name=name), remedy=said("file.save_as"))
    related = _related(package)
    visible, epoch = _contents(package, related)
    strings = _Strings(name)
    if strings_part := _part_of_kind(package, related, "sharedStrings"):
        package.parse(strings_part, strings)
    book = _Book(name, strings.texts, _formats(package, related), epoch)
    return [(sheet.title, _cells(package, book, sheet)) for sheet in visible]


def _related(package: Package) -> dict[str, tuple[str, str]]:
    """The parts of the workbook: kind and name by relationship id."""
    path = "Relationships/Relationship"
    relations = gathered(package, "xl/_rels/workbook.xml.rels", {path: ("Id", "Type", "Target")})[path]
    return {
        relation["Id"]: (
            relation["Type"].rpartition("/")[2],
            posixpath.normpath(posixpath.join("/xl", relation["Target"])).lstrip("/"),
        )
        for relation in relations
    }


def _part_of_kind(package: Package, related: dict[str, tuple[str, str]], kind: str) -> str | None:
    usual = f"xl/{kind}.xml"
    part = next((part for part_kind, part in related.values() if part_kind == kind), usual)
    return part if part in package else None


def _contents(package: Package, related: dict[str, tuple[str, str]]) -> tuple[list[_Sheet], dt.datetime]:
    """The visible sheets, and day 0 of the dates."""
    sheet_path, settings_path = "workbook/sheets/sheet", "workbook/workbookPr"
    wanted = {sheet_path: ("name", "state", "id"), settings_path: ("date1904",)}
    elements = gathered(package, _WORKBOOK, wanted)
    sheets = [
        _Sheet(sheet["name"], related[sheet["id"]][1])
        for sheet in elements[sheet_path]
        if sheet.get("state", "visible") == "visible"
        and sheet.get("id")
        and related[sheet["id"]][0] != "chartsheet"
    ]
    from_1904 = any(settings.get("date1904") in _YES for settings in elements[settings_path])
    return sheets, MAC_EPOCH if from_1904 else WINDOWS_EPOCH


def _formats(package: Package, related: dict[str, tuple[str, str]]) -> list[str]:
    """The number format of each style."""
    part = _part_of_kind(package, related, "styles")
    if part is None:
        return [GENERAL]
    code_path, style_path = "styleSheet/numFmts/numFmt", "styleSheet/cellXfs/xf"
    elements = gathered(package, part, {code_path: ("numFmtId", "formatCode"), style_path: ("numFmtId",)})
    codes = BUILTIN_FORMATS | {int(code["numFmtId"]): code["formatCode"] for code in elements[code_path]}
    return [codes.get(int(style.get("numFmtId", "0")), GENERAL) for style in elements[style_path]] or [GENERAL]


def _cells(package: Package, book: _Book, sheet: _Sheet) -> list[list[str]]:
    handler = _Cells(book, sheet.title)
    package.parse(sheet.part, handler)
    return handler.rows


class _Strings:
    """Handler of the shared strings, each kept once: cells share the string object."""

    def __init__(self, name: str) -> None:
        self.path: list[str] = []
        self.texts: list[str] = []
        self._name = name
        self._pieces: list[str] = []
        self._length = 0

    def start(self, tag: str, _attributes: dict[str, str], /) -> None:
        self.path.append(tag)

    def text(self, text: str, /) -> None:
        if self.path[-1] == "t" and self.path[-2] in _TEXTS:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                raise too_long_text(self._name)

    def end(self, tag: str, /) -> None:
        self.path.pop()
        if tag == "si":
            if len(self.texts) >= CELLS:
                raise too_many_cells(said("file.shared_texts", name=self._name))
            self.texts.append(unescaped("".join(self._pieces)))
            self._pieces.clear()
            self._length = 0


class _Cells:
    """Handler of one sheet: its rows so far, and the row and cell being read."""

    def __init__(self, book: _Book, title: str) -> None:
        self.path: list[str] = [""]
        self.rows: list[list[str]] = []
        self._book = book
        self._title = title
        self._row: list[str] = []
        self._row_number = 0
        self._column = 0
        self._kind = self._style = ""
        self._has_formula = False
        self._pieces: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        parent = self.path[-1]
        self.path.append(tag)
        if tag == "c" and parent == "row":
            self._begin_cell(attributes)
        elif tag == "v" and self._pieces:
            raise DamagedPackage("two values in a cell")
        elif tag == "f" and parent == "c":
            self._has_formula = True
        elif tag == "row" and parent == "sheetData":
            self._begin_row(attributes.get("r"))
        elif tag == "row":
            self.path[-1] = ""  # not a row of the sheet: nothing in it is a cell

    def text(self, text: str, /) -> None:
        name, parent = self.path[-1], self.path[-2]
        inline = self._kind == "inlineStr"
        if (name == "t" and parent in _TEXTS and inline) or (name == "v" and parent == "c" and not inline):
            self._pieces.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                raise too_long_text(self._where())

    def end(self, tag: str, /) -> None:
        self.path.pop()
        if tag == "c" and self.path[-1] == "row":
            self._end_cell()
        elif tag == "row" and self.path[-1] == "sheetData":
            self._end_row()

    def _begin_row(self, number: str | None) -> None:
        previous = self._row_number
        self._row_number = previous + 1 if number is None else _row_number(number)
        if self._row_number > ROWS:
            row = _short(f"{self._row_number:,}")
            message = said("file.row_beyond", sheet=self._sheet(), row=row, most=ROWS)
            raise FileError(message, remedy=said("file.in_parts"))
        if self._row_number <= previous:
            raise self._out_of_order("file.row_order", previous=previous)
        self._column = 0

    def _end_row(self) -> None:
        if not self._row:
            return
        blank = self._row_number - 1 - len(self.rows)
        self._book.cells += blank + len(self._row)
        if self._book.cells > CELLS:
            raise too_many_cells(self._where())
        self.rows.extend(repeat(_BLANK, blank))
        self.rows.append(self._row)
        self._row = []

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        previous = self._column
        reference = attributes.get("r")
        self._column = previous + 1 if reference is None else self._column_of(reference)
        if self._column > COLUMNS:
            raise too_many_columns(self._where())
        if self._column <= previous:
            raise self._out_of_order(
                "file.cell_order", reference=_short(reference), previous=get_column_letter(previous)
            )
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._has_formula = False

    def _end_cell(self) -> None:
        if self._pieces:
            text = self._shown("".join(self._pieces))
            self._pieces.clear()
            self._length = 0
            if text:
                blank = self._column - 1 - len(self._row)
                if blank:
                    self._row.extend(repeat("", blank))
                self._row.append(text)
            return
        if self._has_formula and self._kind == "n":
            # A formula that was never calculated: its cell would silently become a blank.
            cell = f"{get_column_letter(self._column)}{self._row_number}"
            raise FileError(
                said("file.no_result", sheet=self._sheet(), cell=cell), remedy=said("file.no_result.remedy")
            )

    def _shown(self, text: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._book.strings[_place(text)]
        if kind == "n":
            code = self._book.formats[_place(self._style)] if self._style else self._book.formats[0]
            return number_shown(text, code, self._book.epoch)
        if kind == "b":
            return "TRUE" if text.strip() in _YES else "FALSE"
        return moment_shown(text) if kind == "d" else unescaped(text)

    def _column_of(self, reference: str) -> int:
        column = _column(reference.rstrip("0123456789"))
        if column is None:
            message = said("file.no_reference", where=self._where(), reference=_short(reference))
            raise FileError(message, remedy=said("file.save_as"))
        return column

    def _out_of_order(self, code: str, **how: object) -> FileError:
        return FileError(said(code, where=self._where(), **how), remedy=said("file.save_as"))

    def _sheet(self) -> str:
        return said("file.sheet", name=self._book.name, sheet=_short(self._title))

    def _where(self) -> str:
        return said("file.sheet_row", sheet=self._sheet(), row=self._row_number)


def _row_number(text: str) -> int:
    """A row number, which some programs write as ``5.0``."""
    number = int(text.removesuffix(".0"))
    if number < 1:
        raise DamagedPackage("a row before the first")
    return number


@lru_cache(maxsize=COLUMNS)
def _column(letters: str) -> int | None:
    """A column number, 1 for A; None if these are no letters, and above the limit for more than three."""
    if not (letters.isascii() and letters.isalpha()):
        return None
    if len(letters) > len("ZZZ"):
        return COLUMNS + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _place(text: str) -> int:
    """An index into a list; a negative one would count from the end in Python."""
    place = int(text)
    if place < 0:
        raise DamagedPackage("a place before the first")
    return place


def _short(text: object) -> str:
    """A text of the file, cut to a length fit for a message."""
    shown = str(text)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
