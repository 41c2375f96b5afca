"""Keeps spreadsheets on disk: SQLite in WAL mode, one writer, committed before anybody is answered.

A file is a JSON document, each tab another, each row a third; a change writes only the rows, tabs and files that
it touched, in one transaction. `synchronous=FULL` makes an answered change survive a killed process and a power
cut.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.styles import Style, StyleRow, intern_style

__all__ = ["Store"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sheet (
    file TEXT NOT NULL, id INTEGER NOT NULL, body BLOB NOT NULL, keys BLOB NOT NULL, PRIMARY KEY (file, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS line (
    file TEXT NOT NULL, sheet INTEGER NOT NULL, key INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (file, sheet, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS style (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""


class Store:
    """The database of one emulator."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(_SCHEMA)
        self._styles: dict[int, Style | None] = {}
        self._style_ids: dict[int, int] = {}
        for number, body in self._connection.execute("SELECT id, body FROM style"):
            style = self._styles[number] = intern_style(*orjson.loads(body))
            if style is not None:
                self._style_ids[style.number] = number

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    # -- writing --------------------------------------------------------------------------------------------------

    def save(self, book: Spreadsheet, old: Spreadsheet | None) -> None:
        """Write what a working copy changed, and return when it is on disk."""
        with self._lock:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            fresh: list[Style] = []
            try:
                connection.execute("INSERT OR REPLACE INTO file VALUES (?, ?)", (book.id, _file_body(book)))
                for gone in {sheet.id for sheet in old.sheets} - {s.id for s in book.sheets} if old else ():
                    connection.execute("DELETE FROM line WHERE file = ? AND sheet = ?", (book.id, gone))
                    connection.execute("DELETE FROM sheet WHERE file = ? AND id = ?", (book.id, gone))
                known = {sheet.id: sheet for sheet in old.sheets} if old else {}
                for sheet in book.written():
                    self._save_sheet(book.id, sheet, known.get(sheet.id), fresh)
                self._save_styles(fresh)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                for style in fresh:
                    self._style_ids.pop(style.number, None)
                raise

    def delete(self, file_id: str) -> None:
        """Forget a file."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            for table, name in (("line", "file"), ("sheet", "file"), ("file", "id")):
                self._connection.execute(f"DELETE FROM {table} WHERE {name} = ?", (file_id,))  # noqa: S608
            self._connection.execute("COMMIT")

    def _save_sheet(self, file_id: str, sheet: Sheet, old: Sheet | None, fresh: list[Style]) -> None:
        body = _sheet_body(sheet)
        if old is None or sheet.reordered or body != _sheet_body(old):
            keys = _packed(row.key if row is not None else 0 for row in sheet.rows)
            self._connection.execute(
                "INSERT OR REPLACE INTO sheet VALUES (?, ?, ?, ?)", (file_id, sheet.id, body, keys)
            )
        self._connection.executemany(
            "DELETE FROM line WHERE file = ? AND sheet = ? AND key = ?",
            ((file_id, sheet.id, key) for key in sheet.gone),
        )
        touched = sheet.touched
        rows = (row for row in sheet.rows if row is not None and row.key in touched) if touched else ()
        looks: dict[int, list[list[int]]] = {}
        self._connection.executemany(
            "INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?)",
            ((file_id, sheet.id, row.key, self._row_body(row, looks, fresh)) for row in rows),
        )

    def _row_body(self, row: Row, looks: dict[int, list[list[int]]], fresh: list[Style]) -> bytes:
        body: dict[str, Any] = {}
        if row.values:
            body["v"] = row.values
        if row.formulas:
            body["f"] = list(row.formulas.items())
        if row.styles:
            if id(row.styles) not in looks:
                looks[id(row.styles)] = self._runs(row.styles, fresh)
            body["s"] = looks[id(row.styles)]
        if row.notes:
            body["n"] = list(row.notes.items())
        if row.runs:
            body["t"] = list(row.runs.items())
        if row.meta:
            body["m"] = row.meta
        return orjson.dumps(body)

    def _runs(self, styles: StyleRow, fresh: list[Style]) -> list[list[int]]:
        """Write styles as [first column, column after the last, style] for each stretch."""
        runs: list[list[int]] = []
        for column in sorted(styles):
            style = styles[column]
            if style.number not in self._style_ids:
                self._style_ids[style.number] = max(self._style_ids.values(), default=0) + 1
                fresh.append(style)
            number = self._style_ids[style.number]
            if runs and runs[-1][1:] == [column, number]:
                runs[-1][1] = column + 1
            else:
                runs.append([column, column + 1, number])
        return runs

    def _save_styles(self, fresh: list[Style]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO style VALUES (?, ?)",
            ((self._style_ids[style.number], style.body()) for style in fresh),
        )

    # -- reading --------------------------------------------------------------------------------------------------

    def load(self) -> list[Spreadsheet]:
        """Read all files."""
        found = self._connection.execute("SELECT id, body FROM file").fetchall()
        return [self._load_file(file_id, orjson.loads(body)) for file_id, body in found]

    def _load_file(self, file_id: str, body: dict[str, Any]) -> Spreadsheet:
        book = Spreadsheet(file_id, body["file"], body["properties"])
        book.named_ranges = body["names"]
        book.metadata = {entry["metadataId"]: entry for entry in body["metadata"]}
        rows = self._connection.execute("SELECT id, body, keys FROM sheet WHERE file = ?", (file_id,)).fetchall()
        sheets = {number: self._load_sheet(book, number, orjson.loads(kept), keys) for number, kept, keys in rows}
        for number in body["sheets"]:
            book.add(sheets[number], None)
        return book

    def _load_sheet(self, book: Spreadsheet, number: int, body: dict[str, Any], keys: bytes) -> Sheet:
        sheet = Sheet(number, body["properties"]["title"], body["rows"], body["columns"], book.token)
        sheet.properties = body["properties"]
        sheet.attached = body["attached"]
        sheet.columns = {int(column): found for column, found in body["widths"]}
        looks: dict[str, StyleRow] = {}
        lines = {}
        for key, line in self._connection.execute(
            "SELECT key, body FROM line WHERE file = ? AND sheet = ?", (book.id, number)
        ):
            lines[key] = self._load_row(key, orjson.loads(line), book.token, looks)
        sheet.rows = [lines.get(key) if key else None for key in _unpacked(keys)]
        sheet.next_key = max(lines, default=0) + 1
        sheet.reordered = False
        return sheet

    def _load_row(self, key: int, body: dict[str, Any], owner: object, looks: dict[str, StyleRow]) -> Row:
        row = Row(key, owner)
        row.values = body.get("v", [])
        row.formulas = dict(body["f"]) if "f" in body else None
        row.notes = dict(body["n"]) if "n" in body else None
        row.runs = dict(body["t"]) if "t" in body else None
        row.meta = body.get("m")
        if "s" in body:
            name = str(body["s"])
            if name not in looks:
                looks[name] = {
                    column: style
                    for first, last, number in body["s"]
                    if (style := self._styles.get(number)) is not None
                    for column in range(first, last)
                }
            row.styles = looks[name]
        return row


def _file_body(book: Spreadsheet) -> bytes:
    return orjson.dumps(
        {
            "file": book.file,
            "properties": book.properties,
            "names": book.named_ranges,
            "metadata": list(book.metadata.values()),
            "sheets": [sheet.id for sheet in book.sheets],
        }
    )


def _sheet_body(sheet: Sheet) -> bytes:
    return orjson.dumps(
        {
            "properties": sheet.properties,
            "rows": sheet.row_count,
            "columns": sheet.column_count,
            "attached": sheet.attached,
            "widths": list(sheet.columns.items()),
        }
    )


def _packed(keys: Iterable[int]) -> bytes:
    """Write the order of the rows as stretches of keys that follow each other; 0 stands for a row without any."""
    runs: list[list[int]] = []
    for key in keys:
        if runs and (key == runs[-1][0] == 0 or (key and runs[-1][0] and key == sum(runs[-1]))):
            runs[-1][1] += 1
        else:
            runs.append([key, 1])
    return orjson.dumps(runs)


def _unpacked(body: bytes) -> list[int]:
    return [first + place if first else 0 for first, length in orjson.loads(body) for place in range(length)]
