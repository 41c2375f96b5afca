"""From the bytes of an XLSX workbook to the text its visible sheets show.

Numbers keep all their digits where Excel would round them for show, and have no thousands separator; dates come
in ISO form, because how Excel shows them depends on the reader's country and the file does not say which. Merged
cells hold their value in the first one, as in Excel's own CSV.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils.escape import unescape

from sheets_crm.errors import FileError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_UNPACKED_LIMIT = 600_000_000  # bytes; 10 million cells are well below, a malicious file is above
_PLAIN = re.compile(r"(?:#,##)?#?(0*)(?:\.(0+))?(%?)(?:_\)|_-)?")
_SAVE_AS = "Open it in Excel or Google Sheets and save it as CSV (UTF-8) or XLSX."


def sheets_of_workbook(content: bytes, name: str) -> list[tuple[str, list[list[str]]]]:
    """Return title and cells of each visible sheet; blank cells and rows at the end are cut.

    Raises:
        FileError: It is another kind of file, damaged, too large, or has formulas without a stored result.
    """
    formulas = _has_formulas(content, name)
    try:
        workbook = _opened(content, results=True)
        sheets = [(sheet.title, _cells(sheet)) for sheet in _visible(workbook)]
        if formulas:
            _refuse_missing_results(workbook, _opened(content, results=False), name)
    except FileError:
        raise
    except Exception as error:
        # A damaged part surfaces as whatever the parser stumbles over: KeyError, ValueError, ParseError and more.
        raise _damaged(name) from error
    return sheets


def _has_formulas(content: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
            if not any(entry.filename == "xl/workbook.xml" for entry in entries):
                raise FileError(f"{name} is a packed file, but not an Excel workbook.", remedy=_SAVE_AS)
            if sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
                raise FileError(f"{name} is too large when unpacked.", remedy="Save it in parts, or as CSV.")
            sheets = [entry for entry in entries if entry.filename.startswith("xl/worksheets/")]
            return any(b"<f" in parts.read(entry) for entry in sheets if not entry.is_dir())
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
        raise _damaged(name) from error


def _opened(content: bytes, *, results: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which are not read
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)


def _visible(workbook: Workbook) -> list[Any]:
    return [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _damaged(name: str) -> FileError:
    return FileError(f"{name} is a damaged Excel workbook.", remedy=_SAVE_AS)


def _cells(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # programs write them wrong; without them every row is as long as it is
    rows = [_trimmed([_shown(cell) for cell in row]) for row in sheet.iter_rows()]
    return _trimmed(rows)


def _trimmed(items: list[Any]) -> list[Any]:
    end = len(items)
    while end and not items[end - 1]:
        end -= 1
    return items[:end]


def _shown(cell: Any) -> str:
    """Return the text that a cell shows, as the module's docstring says."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return _moment(value)


def _number(value: float, number_format: str) -> str:
    pattern = _PLAIN.fullmatch(number_format)
    if pattern is None or not number_format:
        return _general(value)
    whole, decimals, percent = pattern.groups(default="")
    shown = f"{value * 100 if percent else value:.{len(decimals)}f}"
    digits, point, rest = shown.lstrip("-").partition(".")
    return "-" * shown.startswith("-") + digits.zfill(len(whole)) + point + rest + percent


def _general(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    exact = float(f"{value:.15g}")  # as many digits as Excel knows: 0.1 + 0.2 shows as 0.3
    return str(int(exact)) if exact.is_integer() and abs(exact) < 1e17 else str(exact)


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _refuse_missing_results(results: Workbook, formulas: Workbook, name: str) -> None:
    """Refuse a workbook whose formulas were never worked out: their cells would be lost as blanks."""
    for sheet in _visible(formulas):
        sheet.reset_dimensions()
        shown = results[sheet.title]
        for both in zip(sheet.iter_rows(), shown.iter_rows(), strict=False):
            for formula, result in zip(*both, strict=False):
                if formula.data_type == "f" and result.value is None and result.data_type == "n":
                    raise FileError(
                        f"{name}, sheet {sheet.title}, cell {formula.coordinate}: a formula without its result.",
                        remedy="Open the file in Excel or Google Sheets, save it, and import it again.",
                    )
