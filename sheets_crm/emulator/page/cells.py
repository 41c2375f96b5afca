"""A block of cells as the page draws it: what is shown, of which kind, in which style."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.conditions import Tester
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.evaluation import Computed, ComputedRow
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.languages import language_of
from sheets_crm.emulator.page.boxes import box_state
from sheets_crm.emulator.page.looks import look_of
from sheets_crm.emulator.page.paints import Stretches, bands, painted
from sheets_crm.emulator.page.remarks import remarks
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.shown_cells import ShownCells
from sheets_crm.emulator.styles import Style

__all__ = ["Bounds", "entry_text", "read_cells"]


_DATES = {"DATE", "TIME", "DATE_TIME"}


def read_cells(sheet: Sheet, bounds: Bounds, locale: str, computed: Computed, tester: Tester) -> dict[str, Any]:
    """Read a rectangle of cells.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        locale: The spreadsheet's locale.
        computed: Results of the tab's formulas.
        tester: Knows the workbook's conditions and formulas.

    Returns:
        ``rows``, from the top on, without the empty ones at the end, and ``looks``, the styles by number. A row
        has its key, which it keeps while others come and go; the shown texts; a letter for each kind (text,
        number, boolean, error, a ticked or an unticked box, or a space for a blank); style numbers; formulas,
        notes, a height; what `remarks` says; what cells draw (``sparks``); and as (column, column after the last,
        paint) what rules paint over cells (``over``) and banding under them (``under``).
    """
    top, bottom, left, right = bounds
    styles: dict[int, Style] = {}
    rendering = Rendering(locale)
    last = max(len(sheet.rows), max(computed, default=-1) + 1)
    rows = [
        _row(sheet.row(index), computed.of_row(index), (left, right), rendering, styles)
        for index in range(top, min(bottom, last))
    ]
    cells = _PageCells(sheet, computed, locale, (top, left), rows)
    for index, line in enumerate(rows, top):
        line.update(
            remarks(
                sheet.row(index), computed.of_row(index), (index, left), line.get("kinds", ""), cells.cell, tester
            )
        )
        _draw(line, computed.of_row(index).drawings, (left, right))
    _lay(rows, top, "over", painted(sheet, bounds, tester, cells))
    _lay(rows, top, "under", bands(sheet, bounds))
    while rows and not rows[-1]:
        rows.pop()
    return {"rows": rows, "looks": {number: look_of(style) for number, style in styles.items()}}


def _draw(line: dict[str, Any], drawings: Mapping[int, dict[str, Any]], span: tuple[int, int]) -> None:
    """Give a row what its cells draw."""
    inside = {column: drawing for column, drawing in drawings.items() if span[0] <= column < span[1]}
    if inside:
        line["sparks"] = inside


class _PageCells(ShownCells):
    """Cells of a tab; those of a block have their texts already."""

    def __init__(
        self, sheet: Sheet, computed: Computed, locale: str, corner: tuple[int, int], rows: list[dict[str, Any]]
    ) -> None:
        super().__init__(sheet, computed, locale)
        self._corner, self._rows = corner, rows

    def text(self, row: int, column: int) -> str:
        """Give what a cell shows."""
        down, right = row - self._corner[0], column - self._corner[1]
        texts = self._rows[down].get("texts", ()) if 0 <= down < len(self._rows) else ()
        return (texts[right] or "") if 0 <= right < len(texts) else super().text(row, column)


def _lay(rows: list[dict[str, Any]], top: int, name: str, stretches: Stretches) -> None:
    """Give rows their painted stretches; those below the last row that holds anything come with it."""
    for index, runs in stretches.items():
        rows.extend({} for _ in range(index - top + 1 - len(rows)))
        rows[index - top][name] = runs


def _row(
    row: Row | None, computed: ComputedRow, span: tuple[int, int], rendering: Rendering, styles: dict[int, Style]
) -> dict[str, Any]:
    left, right = span
    texts, kinds, over = [], [], computed.values
    for column in range(left, min(right, max(row.width() if row else 0, max(over, default=-1) + 1))):
        value: CellValue = over[column] if column in over else row.value(column) if row else None
        style = row.styles.get(column) if row and row.styles else None
        texts.append(None if value is None else str(rendering.show(value, style, computed.formats.get(column))))
        kinds.append(_kind(value, style, rendering.locale))
    found: dict[str, Any] = {"texts": texts, "kinds": "".join(kinds)} if texts else {}
    return {**found, **_trimmings(row, span, styles)} if row is not None else found


def _kind(value: CellValue, style: Style | None, locale: str) -> str:
    box = box_state(value, style, locale) if style is not None and style.validation else None
    if box is not None:
        return "t" if box else "f"
    if value is None:
        return " "
    if isinstance(value, bool):
        return "b"
    if isinstance(value, str):
        return "s"
    return "e" if isinstance(value, ErrorValue) else "n"


def _trimmings(row: Row, span: tuple[int, int], styles: dict[int, Style]) -> dict[str, Any]:
    """Give what a row has beside its values."""
    left, right = span
    found: dict[str, Any] = {"key": row.key}
    if row.styles:
        inside = {column: style for column, style in row.styles.items() if left <= column < right}
        styles.update((style.number, style) for style in inside.values())
        numbers = [0] * (max(inside, default=left - 1) + 1 - left)
        for column, style in inside.items():
            numbers[column - left] = style.number
        found["looks"] = numbers
    if row.formulas:
        found["formulas"] = {column: text for column, text in row.formulas.items() if left <= column < right}
    if row.notes:
        found["notes"] = {column: text for column, text in row.notes.items() if left <= column < right}
    for name, key in (("pixelSize", "height"), ("hiddenByUser", "hidden"), ("hiddenByFilter", "filtered")):
        if row.meta and row.meta.get(name):
            found[key] = row.meta[name]
    return found


def entry_text(sheet: Sheet, row: int, column: int, locale: str, now: datetime) -> str:
    """Give a cell's content as a person would have typed it: what an editor opens with."""
    found = sheet.row(row)
    if found is None:
        return ""
    formula = found.formula(column)
    if formula is not None:
        return formula
    value = found.value(column)
    style = found.styles.get(column) if found.styles else None
    form = style.number_format if style else None
    kind = (form or {}).get("type")
    if value is None:
        return ""
    if isinstance(value, str):
        plain = kind == "TEXT" or parse_entry(value, locale, now).value == value
        return value if plain else f"'{value}"
    if isinstance(value, bool) or kind in _DATES:
        return str(Rendering(locale).show(value, style))
    return _number_text(value, locale, percent=kind == "PERCENT")


def _number_text(value: float, locale: str, *, percent: bool) -> str:
    text = f"{value * 100:.13g}%" if percent else f"{value:.15g}"
    return text.replace(".", language_of(locale).decimal)
