"""One row of the grid: sparse where it is sparse, and cheap to read by slices where it is full."""

from typing import Any, TypeAlias

from sheets_crm.emulator.styles import StyleRow, styled

__all__ = ["CellContent", "Row"]

#: What a cell was given: a literal, a formula (its text, from its `=` on) or nothing.
CellContent: TypeAlias = bool | int | float | str | None


class Row:
    """Values, formulas, styles, notes and rich text of one row.

    A row belongs to the transaction that made it; any other transaction copies it before it writes.

    Attributes:
        key: The row's name in storage, kept while rows above come and go.
        values: Literals by column, None for blank, with no None at the end.
        formulas: Formula texts by column, or None. A cell with a formula is None in `values`.
        styles: Styles by column, or None; shared, never changed in place.
        notes: Notes by column, or None.
        runs: `textFormatRuns` of texts by column, or None; they go with the value that they belong to.
        meta: `pixelSize`, `hiddenByUser` and `hiddenByFilter` of the row, or None.
        owner: The transaction that may write it.
    """

    __slots__ = ("formulas", "key", "meta", "notes", "owner", "runs", "styles", "values")

    def __init__(self, key: int, owner: object) -> None:
        self.key = key
        self.owner = owner
        self.values: list[CellContent] = []
        self.formulas: dict[int, str] | None = None
        self.styles: StyleRow | None = None
        self.notes: dict[int, str] | None = None
        self.runs: dict[int, list[dict[str, Any]]] | None = None
        self.meta: dict[str, Any] | None = None

    def copy(self, owner: object, key: int | None = None) -> "Row":
        """Copy the row for another transaction, or for another place."""
        row = Row(self.key if key is None else key, owner)
        row.values = self.values.copy()
        row.formulas = dict(self.formulas) if self.formulas else None
        row.styles = self.styles
        row.notes = dict(self.notes) if self.notes else None
        row.runs = dict(self.runs) if self.runs else None
        row.meta = self.meta
        return row

    def blank(self) -> bool:
        """Tell whether storage need not keep the row at all."""
        return not (self.values or self.formulas or self.styles or self.notes or self.meta)

    def width(self) -> int:
        """Count the columns up to the last one with a literal or a formula."""
        if self.formulas:
            return max(len(self.values), max(self.formulas) + 1)
        return len(self.values)

    def filled(self, column: int) -> bool:
        """Tell whether the cell has a literal or a formula."""
        if column < len(self.values) and self.values[column] is not None:
            return True
        return bool(self.formulas) and column in (self.formulas or {})

    def value(self, column: int) -> CellContent:
        """Give the literal of a cell."""
        return self.values[column] if column < len(self.values) else None

    def formula(self, column: int) -> str | None:
        """Give the formula of a cell."""
        return self.formulas.get(column) if self.formulas else None

    def put(self, column: int, value: CellContent) -> bool:
        """Give a cell a literal, or nothing; tell whether a formula went for it."""
        values = self.values
        if self.runs:
            self.put_runs(column, None)
        if column < len(values):
            values[column] = value
            if value is None and column == len(values) - 1:
                self._trim()
        elif value is not None:
            values.extend([None] * (column - len(values)))
            values.append(value)
        if self.formulas and column in self.formulas:
            del self.formulas[column]
            self.formulas = self.formulas or None
            return True
        return False

    def put_formula(self, column: int, formula: str) -> None:
        """Give a cell a formula."""
        self.put(column, None)
        self.formulas = {**(self.formulas or {}), column: formula}

    def put_note(self, column: int, note: str | None) -> None:
        """Give a cell a note, or take it away."""
        notes = dict(self.notes or {})
        notes.pop(column, None)
        if note:
            notes[column] = note
        self.notes = notes or None

    def put_runs(self, column: int, runs: list[dict[str, Any]] | None) -> None:
        """Give a cell's text formats of its parts, or take them away."""
        kept = dict(self.runs or {})
        kept.pop(column, None)
        if runs:
            kept[column] = runs
        self.runs = kept or None

    def shift(self, start: int, removed: int, inserted: int) -> None:
        """Take out `removed` columns at `start` and put `inserted` blank ones there."""
        if start < len(self.values):
            self.values[start : start + removed] = [None] * inserted
            self._trim()
        self.formulas = _shifted(self.formulas, start, removed, inserted)
        self.notes = _shifted(self.notes, start, removed, inserted)
        self.runs = _shifted(self.runs, start, removed, inserted)
        if self.styles:
            self.styles = _shifted(dict(self.styles), start, removed, inserted)

    def move_columns(self, order: dict[int, int]) -> None:
        """Send each column to another place: `order` maps old to new, others stay."""
        values = self.values.copy()
        self.values.extend([None] * (max(max(order) + 1, len(values)) - len(values)))
        for old, new in order.items():
            self.values[new] = values[old] if old < len(values) else None
        self._trim()
        self.formulas = _moved(self.formulas, order)
        self.notes = _moved(self.notes, order)
        self.runs = _moved(self.runs, order)
        self.styles = _moved(dict(self.styles), order) if self.styles else None

    def restyle(self, column: int, style: Any) -> None:
        """Give a cell another style."""
        self.styles = styled(self.styles, column, style)

    def _trim(self) -> None:
        values = self.values
        while values and values[-1] is None:
            values.pop()


def _shifted(cells: dict[int, Any] | None, start: int, removed: int, inserted: int) -> dict[int, Any] | None:
    if not cells:
        return None
    end, by = start + removed, inserted - removed
    kept = {c if c < start else c + by: cell for c, cell in cells.items() if c < start or c >= end}
    return kept or None


def _moved(cells: dict[int, Any] | None, order: dict[int, int]) -> dict[int, Any] | None:
    return {order.get(column, column): cell for column, cell in cells.items()} if cells else None
