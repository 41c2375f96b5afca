"""One tab: its grid and everything that hangs on it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.cells import Literal
from sheets_crm.emulator.geometry import Edit, GridRange, clip, map_ranges, moved_index, shifted_range
from sheets_crm.emulator.rows import CellContent, Row

__all__ = ["Sheet", "next_version"]

_versions = count(1)


def next_version() -> int:
    """Give a number that this process never gave before: caches compare them."""
    return next(_versions)


class Sheet:
    """A tab of a spreadsheet.

    Everything but the rows is JSON as the API spells it, with a `sheetId` in each range. A tab belongs to one
    transaction (`owner`); others take a `copy` and copy each row before they write it, so that an abandoned
    transaction leaves no trace and a published tab never changes.

    Attributes:
        properties: `SheetProperties` without index, rowCount and columnCount.
        rows: The rows down to the last that holds anything; None for one that never did.
        attached: Merges, protections, filters, charts and so on, by their name in the API's `Sheet`.
        columns: `DimensionProperties` by column index, where they differ from the default.
        touched: Keys of rows that storage must write.
        gone: Keys of rows that storage must forget.
        reordered: Whether rows came, went or moved.
    """

    def __init__(self, sheet_id: int, title: str, row_count: int, column_count: int, owner: object) -> None:
        self.id = sheet_id
        self.properties: dict[str, Any] = {"sheetId": sheet_id, "title": title, "sheetType": "GRID"}
        self.row_count = row_count
        self.column_count = column_count
        self.rows: list[Row | None] = []
        self.attached: dict[str, Any] = {}
        self.columns: dict[int, dict[str, Any]] = {}
        self.owner = owner
        self.next_key = 1
        self.touched: set[int] = set()
        self.gone: set[int] = set()
        self.reordered = True
        self._column_versions: dict[int, int] = {}
        self._all_version = next_version()
        self.formulas_version = self._all_version
        self._formulas: tuple[int, dict[tuple[int, int], str]] | None = None
        self._columns_read: dict[int, tuple[int, dict[int, Literal]]] = {}

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The tab's name."""
        return str(self.properties["title"])

    @property
    def grid(self) -> dict[str, Any]:
        """Frozen rows and the like; rowCount and columnCount are not in it."""
        return self.properties.get("gridProperties") or {}

    def frozen(self, dimension: str) -> int:
        """Count the frozen rows or columns."""
        name = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
        return int(self.grid.get(name) or 0)

    def size(self, dimension: str) -> int:
        """Count the rows or columns of the grid."""
        return self.row_count if dimension == "ROWS" else self.column_count

    def bounds(self, area: Area) -> tuple[int, int, int, int]:
        """Bound an area by the grid."""
        return clip(area, self.row_count, self.column_count)

    def attachments(self, name: str) -> list[Any]:
        """Give the tab's list of merges, charts and so on."""
        found: list[Any] = self.attached.get(name) or []
        return found

    # -- reading --------------------------------------------------------------------------------------------------

    def row(self, index: int) -> Row | None:
        """Give a row to read, or None if nothing was ever in it."""
        return self.rows[index] if index < len(self.rows) else None

    def number_format(self, row: int, column: int) -> Mapping[str, str] | None:
        """Give the number format that a cell was given; `None` for the automatic one."""
        entry = self.row(row)
        style = entry.styles.get(column) if entry is not None and entry.styles else None
        return style.number_format if style is not None else None

    def filled_rows(self) -> Iterator[tuple[int, Row]]:
        """Walk the rows that hold a literal or a formula."""
        for index, row in enumerate(self.rows):
            if row is not None and (row.values or row.formulas):
                yield index, row

    def last_filled_row(self) -> int:
        """Count the rows down to the last with a literal or a formula."""
        for index in range(len(self.rows) - 1, -1, -1):
            row = self.rows[index]
            if row is not None and (row.values or row.formulas):
                return index + 1
        return 0

    def hidden_rows(self) -> tuple[frozenset[int], frozenset[int]]:
        """Give the rows that a filter hides, and those that a person hides."""
        metas = [(index, row.meta) for index, row in enumerate(self.rows) if row is not None and row.meta]
        by_filter = frozenset(index for index, meta in metas if meta.get("hiddenByFilter"))
        return by_filter, frozenset(index for index, meta in metas if meta.get("hiddenByUser"))

    def formulas(self) -> Mapping[tuple[int, int], str]:
        """Give the formulas by (row, column)."""
        if self._formulas is None or self._formulas[0] != self.formulas_version:
            found = {
                (index, column): text
                for index, row in enumerate(self.rows)
                if row is not None and row.formulas
                for column, text in row.formulas.items()
            }
            self._formulas = (self.formulas_version, found)
        return self._formulas[1]

    def column_version(self, index: int) -> int:
        """Give a number that is another whenever a literal of the column changed or moved."""
        return max(self._all_version, self._column_versions.get(index, 0))

    def column(self, index: int) -> Mapping[int, Literal]:
        """Give the literals of a column that are not blank, by row index."""
        version = self.column_version(index)
        known = self._columns_read.get(index)
        if known is None or known[0] != version:
            known = self._columns_read[index] = (version, self._read_column(index))
        return known[1]

    def _read_column(self, index: int) -> dict[int, Literal]:
        found: dict[int, Literal] = {}
        for place, row in enumerate(self.rows):
            if row is not None and index < len(row.values):
                value = row.values[index]
                if value is not None:
                    found[place] = float(value) if type(value) is int else value
        return found

    # -- writing --------------------------------------------------------------------------------------------------

    def copy(self, owner: object) -> "Sheet":
        """Copy the tab for a transaction; rows stay shared until they are written."""
        fresh = Sheet.__new__(Sheet)
        fresh.__dict__.update(self.__dict__)
        fresh.owner = owner
        fresh.rows = self.rows.copy()
        fresh.properties = dict(self.properties)
        fresh.attached = dict(self.attached)
        fresh.columns = dict(self.columns)
        fresh.touched, fresh.gone, fresh.reordered = set(), set(), False
        fresh.separate_caches()
        return fresh

    def separate_caches(self) -> None:
        """Stop sharing the caches with the tab that this one was copied from."""
        self._column_versions = dict(self._column_versions)
        self._columns_read = dict(self._columns_read)

    def write(self, index: int) -> Row:
        """Give a row to write, made or copied as needed."""
        rows = self.rows
        if index >= len(rows):
            rows.extend([None] * (index + 1 - len(rows)))
            self.reordered = True
        row = rows[index]
        if row is None:
            row = rows[index] = self.new_row()
            self.reordered = True
        elif row.owner is not self.owner:
            row = rows[index] = row.copy(self.owner)
            self.touched.add(row.key)
        return row

    def new_row(self) -> Row:
        """Make a row that is not yet in the grid."""
        row = Row(self.next_key, self.owner)
        self.next_key += 1
        self.touched.add(row.key)
        return row

    def put(self, row: int, column: int, value: CellContent) -> None:
        """Give a cell a literal, or nothing."""
        if value is None and self.row(row) is None:
            return
        if self.write(row).put(column, value):
            self.formulas_version = next_version()
        self.mark(column)

    def put_formula(self, row: int, column: int, formula: str) -> None:
        """Give a cell a formula."""
        self.write(row).put_formula(column, formula)
        self.formulas_version = next_version()
        self.mark(column)

    def mark(self, column: int) -> None:
        """Say that literals of a column changed."""
        self._column_versions[column] = next_version()

    def mark_all(self, *, formulas: bool = True) -> None:
        """Say that anything may have changed or moved."""
        self._all_version = next_version()
        if formulas:
            self.formulas_version = self._all_version

    def attach(self, name: str, items: Any) -> None:
        """Set a list of attachments, or one; an empty one goes."""
        if items:
            self.attached[name] = items
        else:
            self.attached.pop(name, None)

    def replace_rows(self, top: int, rows: Iterable[Row | None]) -> None:
        """Put other rows in the place of those from `top` on: the same rows in another order."""
        fresh = list(rows)
        if top + len(fresh) > len(self.rows):
            self.rows.extend([None] * (top + len(fresh) - len(self.rows)))
        self.rows[top : top + len(fresh)] = fresh
        self.reordered = True
        self.mark_all()

    # -- rows and columns that come and go ------------------------------------------------------------------------

    def insert(self, dimension: str, start: int, length: int, model: int | None = None) -> None:
        """Insert blank rows or columns; `model` is the row or column whose styles they take."""
        if dimension == "ROWS":
            self._insert_rows(start, length, model)
        else:
            self._insert_columns(start, length, model)
        self.mark_all()

    def _insert_rows(self, start: int, length: int, model: int | None) -> None:
        self.row_count += length
        like = self.row(model) if model is not None else None
        if like is not None and like.styles:
            self.rows.extend([None] * (start - len(self.rows)))
            fresh = [self.new_row() for _ in range(length)]
            for row in fresh:
                row.styles = like.styles
            self.rows[start:start] = fresh
        elif start < len(self.rows):
            self.rows[start:start] = [None] * length
        self.reordered = True

    def _insert_columns(self, start: int, length: int, model: int | None) -> None:
        self.column_count += length
        for index, row in enumerate(self.rows):
            if row is None or row.blank():
                continue
            fresh = self.write(index)
            style = row.styles.get(model) if row.styles and model is not None else None
            fresh.shift(start, 0, length)
            if style is not None:
                for column in range(start, start + length):
                    fresh.restyle(column, style)
        self.columns = {c if c < start else c + length: p for c, p in self.columns.items()}

    def pixel_size(self, dimension: str, index: int) -> int | None:
        """Give the size that somebody gave a row or column, or None."""
        if dimension == "COLUMNS":
            return self.columns.get(index, {}).get("pixelSize")
        row = self.row(index)
        return ((row.meta if row is not None else None) or {}).get("pixelSize")

    def size_lines(self, dimension: str, indices: Iterable[int], pixels: int) -> None:
        """Give rows or columns a size."""
        for index in indices:
            if dimension == "COLUMNS":
                self.columns[index] = {**self.columns.get(index, {}), "pixelSize": pixels}
            else:
                row = self.write(index)
                row.meta = {**(row.meta or {}), "pixelSize": pixels}

    def delete(self, dimension: str, start: int, length: int) -> None:
        """Delete rows or columns."""
        if dimension == "ROWS":
            self.gone.update(row.key for row in self.rows[start : start + length] if row is not None)
            del self.rows[start : start + length]
            self.row_count -= length
            self.reordered = True
        else:
            self.column_count -= length
            for index, row in enumerate(self.rows):
                if row is not None and not row.blank():
                    self.write(index).shift(start, length, 0)
            end = start + length
            kept = {c: p for c, p in self.columns.items() if c < start or c >= end}
            self.columns = {c if c < start else c - length: p for c, p in kept.items()}
        self.mark_all()

    def move(self, edit: Edit) -> None:
        """Move rows or columns."""
        if edit.dimension == "ROWS":
            self.rows.extend([None] * (max(edit.start + edit.count, edit.to) - len(self.rows)))
            taken = self.rows[edit.start : edit.start + edit.count]
            del self.rows[edit.start : edit.start + edit.count]
            to = edit.to if edit.to < edit.start else edit.to - edit.count
            self.rows[to:to] = taken
            self.reordered = True
        else:
            order = {c: moved_index(c, edit) for c in range(self.column_count)}
            order = {old: new for old, new in order.items() if old != new}
            for index, row in enumerate(self.rows):
                if row is not None and order and not row.blank():
                    self.write(index).move_columns(order)
            self.columns = {order.get(c, c): p for c, p in self.columns.items()}
        self.mark_all()

    def shift_attached(self, edit: Edit) -> None:
        """Let everything that hangs on ranges follow an edit of this tab."""

        def change(found: GridRange) -> GridRange | None:
            return shifted_range(found, edit)

        for name, items in list(self.attached.items()):
            fresh = map_ranges(items, change)
            if isinstance(fresh, list):
                fresh = [item for item in fresh if not _lost(item)]
            elif isinstance(fresh, dict) and _lost(fresh):
                fresh = None
            self.attach(name, fresh)


def _lost(item: Any) -> bool:
    """Tell whether an attachment's only range went."""
    if not isinstance(item, dict):
        return item is None
    return ("range" in item and item["range"] is None) or item.get("ranges") == []
