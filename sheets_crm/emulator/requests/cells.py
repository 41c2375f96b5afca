"""Cells by batchUpdate: values, formats, notes, rich text and validation."""

from typing import Any

import orjson

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.defaults import without_defaults
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formats_of_cells import with_color_styles
from sheets_crm.emulator.formulas.references import relocate
from sheets_crm.emulator.inputs import put_extended
from sheets_crm.emulator.masks import Mask, covers, merge_masked, required_mask
from sheets_crm.emulator.ranges import bounded, check_coordinate, sheet_of
from sheets_crm.emulator.received_conditions import check_validation
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.rich_text import kept_runs
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style, StyleRow, intern_style
from sheets_crm.emulator.validation_rules import kept_rule

__all__ = ["CellWriter"]

#: What Google keeps in cells and the emulator does not.
_NOT_KEPT = ("chipRuns", "pivotTable", "hyperlink", "dataSourceTable", "dataSourceFormula")


class CellWriter:
    """Writes `CellData` as far as a field mask names it.

    Args:
        batch: The change in the making.
        sheet: The tab.
        mask: The field mask.
        corner: (row, column) of the cell for which formulas of validation are written, where one `CellData` goes
            into many cells; else each is written for its own.
    """

    def __init__(self, batch: Batch, sheet: Sheet, mask: Mask, corner: tuple[int, int] | None = None) -> None:
        self._corner = corner
        self._batch = batch
        self._sheet = sheet
        self._mask = mask
        self._locale = batch.book.locale
        self._values = covers(mask, "userEnteredValue")
        self._notes = covers(mask, "note")
        self._runs = covers(mask, "textFormatRuns")
        self._styles = covers(mask, "userEnteredFormat") or covers(mask, "dataValidation")
        self._styles_made: dict[tuple[bytes, int, tuple[int, int] | None], Style | None] = {}
        self._asked: tuple[Any, Any, bytes, bool] = (None, None, b"[null,null]", False)
        everything = not mask or "*" in mask
        self._not_kept = _NOT_KEPT if everything else tuple(name for name in _NOT_KEPT if name in mask)
        if "hyperlink" in mask:
            raise invalid("hyperlink is not implemented by the emulator.")

    def write(self, row: int, column: int, cell: dict[str, Any]) -> None:
        """Write one cell; what the mask names and the cell lacks is cleared."""
        for name in self._not_kept:  # clearing what no cell has is fine, writing it would lose it in silence
            if cell.get(name) is not None:
                raise invalid(f"{name} is not implemented by the emulator.")
        if self._values:
            put_extended(self._sheet, row, column, cell.get("userEnteredValue"), self._locale)
            self._batch.cells_written += 1
        if self._notes:
            self._write_note(row, column, cell.get("note"))
        if self._runs:
            self._write_runs(row, column, cell.get("textFormatRuns"))
        if self._styles:
            self._write_style(row, column, cell)

    def _write_note(self, row: int, column: int, note: str | None) -> None:
        found = self._sheet.row(row)
        if note or (found is not None and found.notes and column in found.notes):
            self._sheet.write(row).put_note(column, note)

    def _write_runs(self, row: int, column: int, runs: list[dict[str, Any]] | None) -> None:
        found = self._sheet.row(row)
        if runs:
            text = found.value(column) if found is not None else None
            self._sheet.write(row).put_runs(column, kept_runs(text, runs))
        elif found is not None and found.runs and column in found.runs:
            self._sheet.write(row).put_runs(column, None)

    def _write_style(self, row: int, column: int, cell: dict[str, Any]) -> None:
        found = self._sheet.row(row)
        old = found.styles.get(column) if found is not None and found.styles else None
        fresh = self.style(old, cell, (row, column))
        if fresh is not old:
            self._sheet.write(row).restyle(column, fresh)

    def style(self, old: Style | None, cell: dict[str, Any], place: tuple[int, int]) -> Style | None:
        """Give the style of a cell once the masked part of `cell` is over it; one `cell` for many is of the first."""
        asked, is_placed = self._asked_of(cell.get("userEnteredFormat"), cell.get("dataValidation"))
        written_for = self._corner or place
        key = (asked, old.number if old else 0, written_for if is_placed else None)
        if key not in self._styles_made:
            form, rule = (old.format, old.validation) if old else (None, None)
            if covers(self._mask, "userEnteredFormat"):
                form = _merged(form, cell.get("userEnteredFormat"), self._below("userEnteredFormat"))
            if covers(self._mask, "dataValidation"):
                rule = self._merged_rule(rule, cell.get("dataValidation"), written_for)
            self._styles_made[key] = intern_style(form, rule)
        return self._styles_made[key]

    def _asked_of(self, form: Any, rule: Any) -> tuple[bytes, bool]:
        """What a cell is to look like, as text, and whether that is meant for its place alone.

        Only formulas of validation are: all other cells that look alike share one style. Many cells in a row come from
        one `CellData`, whose text is made once.
        """
        if form is not self._asked[0] or rule is not self._asked[1]:
            asked = orjson.dumps((form, rule))
            self._asked = (form, rule, asked, b'"userEnteredValue":"=' in asked)
        return self._asked[2:]

    def _merged_rule(
        self, old: dict[str, Any] | None, new: dict[str, Any] | None, written_for: tuple[int, int]
    ) -> dict[str, Any]:
        mask = self._below("dataValidation")
        rule: dict[str, Any] = without_defaults(merge_masked(old, new, mask), "$DataValidationRule")
        if not rule.get("condition") or not covers(mask, "condition"):
            return rule
        check_validation(self._batch, rule)
        return kept_rule(rule, written_for, self._locale)

    def _below(self, name: str) -> Mask:
        return {} if not self._mask or "*" in self._mask else self._mask[name]


def _merged(old: dict[str, Any] | None, new: dict[str, Any] | None, mask: Mask) -> dict[str, Any]:
    """Merge formats; of a colour's two spellings the one that the mask names counts."""
    cleaned = _without_twins(old or {}, mask)
    fresh: dict[str, Any] = with_color_styles(merge_masked(cleaned, new, mask))
    return fresh


def _without_twins(form: dict[str, Any], mask: Mask) -> dict[str, Any]:
    twins = {f"{name}Style" for name in mask if name.lower().endswith("color")}
    twins |= {name.removesuffix("Style") for name in mask if name.endswith("ColorStyle")}
    kept = {name: value for name, value in form.items() if name not in twins}
    for name, below in mask.items():
        if below and isinstance(kept.get(name), dict):
            kept[name] = _without_twins(kept[name], below)
    return kept


@answers("updateCells")
def _update_cells(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    rows = request.get("rows") or []
    if request.get("range") is not None:
        _update_range(batch, request["range"], rows, mask)
        return
    start = request.get("start")
    if start is None:
        raise invalid("Must specify either 'start' or 'range'.")
    sheet = sheet_of(batch.book, start)
    top, left = int(start.get("rowIndex") or 0), int(start.get("columnIndex") or 0)
    check_coordinate(sheet, top, left)
    _write_rows(batch, sheet, (top, left), rows, mask)


def _write_rows(
    batch: Batch, sheet: Sheet, start: tuple[int, int], rows: list[dict[str, Any]], mask: Mask
) -> None:  # fmt: skip
    top, left = start
    width = max((len(row.get("values") or ()) for row in rows), default=0)
    if top + len(rows) > sheet.row_count or left + width > sheet.column_count:
        raise _outside(sheet, top + len(rows), left + width)
    batch.guard.check_bounds(sheet, (top, top + len(rows), left, left + width))
    writer = CellWriter(batch, sheet, mask)
    for index, row in enumerate(rows, top):
        for column, cell in enumerate(row.get("values") or (), left):
            writer.write(index, column, cell or {})


def _outside(sheet: Sheet, bottom: int, right: int) -> Exception:
    if bottom > sheet.row_count:
        return _past_asked("row", bottom - 1, sheet.row_count - 1)
    return _past_asked("column", right - 1, sheet.column_count - 1)


def _past_asked(what: str, index: int, last: int) -> Exception:
    """Say that data do not fit: Google's words for a column, by range or by start (B); for a row alike (C)."""
    return invalid(f"Attempting to write {what}: {index}, beyond the last requested {what} of: {last}")


def _update_range(batch: Batch, found: dict[str, Any], rows: list[dict[str, Any]], mask: Mask) -> None:
    sheet = sheet_of(batch.book, found)
    top, bottom, left, right = bounded(sheet, found)
    if len(rows) > bottom - top:
        raise _past_asked("row", top + len(rows) - 1, bottom - 1)
    width = max((len(row.get("values") or ()) for row in rows), default=0)
    if width > right - left:
        raise _past_asked("column", left + width - 1, right - 1)
    batch.guard.check_bounds(sheet, (top, bottom, left, right))
    writer = CellWriter(batch, sheet, mask)
    empty: dict[str, Any] = {}
    for index in range(top, bottom):
        cells = (rows[index - top].get("values") or []) if index - top < len(rows) else []
        if not cells and sheet.row(index) is None:
            continue
        for column in range(left, right):
            place = column - left
            writer.write(index, column, (cells[place] or empty) if place < len(cells) else empty)


@answers("appendCells")
def _append_cells(batch: Batch, request: dict[str, Any]) -> None:
    """Write after the last row with data, adding rows as needed."""
    mask = required_mask(request)
    sheet = sheet_of(batch.book, request)
    rows = request.get("rows") or []
    top = sheet.last_filled_row()
    width = max((len(row.get("values") or ()) for row in rows), default=0)
    if top + len(rows) > sheet.row_count:
        batch.append_dimension(sheet, "ROWS", top + len(rows) - sheet.row_count)
    if width > sheet.column_count:
        batch.append_dimension(sheet, "COLUMNS", width - sheet.column_count)
    _write_rows(batch, sheet, (top, 0), rows, mask)


@answers("repeatCell")
def _repeat_cell(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    batch.guard.check_bounds(sheet, box)
    cell = request.get("cell") or {}
    if any(covers(mask, name) for name in ("userEnteredValue", "note", "textFormatRuns")):
        _repeat_contents(batch, sheet, box, cell, mask)
    else:
        _restyle_block(sheet, box, CellWriter(batch, sheet, mask, (box[0], box[2])), cell)


def _repeat_contents(
    batch: Batch, sheet: Sheet, box: tuple[int, int, int, int], cell: dict[str, Any], mask: Mask
) -> None:  # fmt: skip
    top, bottom, left, right = box
    writer = CellWriter(batch, sheet, mask, (top, left))
    formula = (cell.get("userEnteredValue") or {}).get("formulaValue")
    for row in range(top, bottom):
        for column in range(left, right):
            here = cell
            if formula and (row, column) != (top, left):
                moved = relocate(formula, row - top, column - left)
                here = {**cell, "userEnteredValue": {"formulaValue": moved}}
            writer.write(row, column, here)


def _restyle_block(sheet: Sheet, box: tuple[int, int, int, int], writer: CellWriter, cell: dict[str, Any]) -> None:
    """Restyle row by row; rows that looked the same share their new look."""
    top, bottom, left, right = box
    known: dict[int, tuple[StyleRow | None, StyleRow | None]] = {}
    for index in range(top, bottom):
        found = sheet.row(index)
        old = found.styles if found is not None else None
        if id(old) not in known:
            fresh = dict(old or {})
            for column in range(left, right):
                style = writer.style(fresh.get(column), cell, (top, left))
                if style is None:
                    fresh.pop(column, None)
                else:
                    fresh[column] = style
            known[id(old)] = (old, (fresh if fresh != old else old) or None)
        new = known[id(old)][1]
        if new is not old:
            sheet.write(index).styles = new


@answers("setDataValidation")
def _set_data_validation(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    batch.guard.check_bounds(sheet, box)
    cell = {"dataValidation": _rule(request.get("rule"))}
    _restyle_block(sheet, box, CellWriter(batch, sheet, {"dataValidation": {}}, (box[0], box[2])), cell)


def _rule(given: dict[str, Any] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    if not (given.get("condition") or {}).get("type"):
        raise invalid("rule.condition.type must be specified.")
    return given
