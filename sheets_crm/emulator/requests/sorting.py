"""Sort, shuffle and remove duplicates: whole rows of a range change place."""

from collections.abc import Callable
from random import shuffle
from typing import Any

from sheets_crm.emulator.a1 import Area, cell_name
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formulas.references import relocate
from sheets_crm.emulator.geometry import area_of, overlaps
from sheets_crm.emulator.ranges import bounded, sheet_of, without_cells
from sheets_crm.emulator.requests.blocks import Block, cut_block, lay_block
from sheets_crm.emulator.requests.dimensions import span_of
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__ = ["sort_block"]

_BLANK = 9


def _rank(value: CellValue) -> tuple[int, Any]:
    """Order mixed values as Google does: numbers, texts, booleans, errors."""
    if value is None or value == "":
        return _BLANK, 0
    if isinstance(value, ErrorValue):
        return 4, value.type
    if isinstance(value, bool):
        return 3, value
    if isinstance(value, str):
        return 2, (value.casefold(), value)
    return 1, value


@answers("sortRange")
def _sort_range(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    _check_start(sheet, found)
    box = bounded(sheet, found)
    specs = request.get("sortSpecs") or []
    if not specs:
        raise invalid("At least one sort spec must be specified.")
    for spec in specs:
        if spec.keys() - {"dimensionIndex", "sortOrder"}:
            raise invalid("Sorting by color is not implemented by the emulator.")
    if without_cells(box):
        return
    batch.guard.check_bounds(sheet, box)
    _refuse_vertical_merges(sheet, box)
    sort_block(batch, sheet, box, specs)


def _check_start(sheet: Sheet, found: dict[str, Any]) -> None:
    """Refuse a range that starts at the grid's end: `sortRange` has words of its own (B for rows, C for columns)."""
    for dimension, name in (("ROWS", "startRowIndex"), ("COLUMNS", "startColumnIndex")):
        if (found.get(name) or 0) >= sheet.size(dimension):
            raise invalid(f"range.{name} is larger than current grid size ({sheet.size(dimension)})")


def sort_block(batch: Batch, sheet: Sheet, box: tuple[int, int, int, int], specs: list[dict[str, Any]]) -> None:
    """Sort the visible rows of a rectangle; hidden ones stay where they are, blanks go last both ways."""
    top, bottom, left, right = box
    computed = batch.evaluator.computed(batch.book, sheet)
    movable = [row for row in range(top, bottom) if not _hidden(sheet, row)]

    def value(row: int, column: int) -> CellValue:
        over = computed.get(row, {})
        found = sheet.row(row)
        return over[column] if column in over else (found.value(column) if found is not None else None)

    order = list(movable)
    for spec in reversed(specs):
        column = int(spec.get("dimensionIndex") or 0)
        if not left <= column < right:
            raise invalid(f"sortSpecs dimensionIndex {column} is outside of the range.")
        ranked = {row: _rank(value(row, column)) for row in order}
        blank = [row for row in order if ranked[row][0] == _BLANK]
        filled = [row for row in order if ranked[row][0] != _BLANK]
        filled.sort(key=ranked.__getitem__, reverse=spec.get("sortOrder") == "DESCENDING")
        order = filled + blank
    _reorder(batch, sheet, box, dict(zip(movable, order, strict=True)))


def _hidden(sheet: Sheet, row: int) -> bool:
    found = sheet.row(row)
    meta = found.meta if found is not None else None
    return bool(meta and (meta.get("hiddenByUser") or meta.get("hiddenByFilter")))


def _reorder(batch: Batch, sheet: Sheet, box: tuple[int, int, int, int], sources: dict[int, int]) -> None:
    """Lay at each row what was at its source; relative references and the rows' metadata move along."""
    moved = {to: source for to, source in sources.items() if to != source}
    if not moved:
        return
    # The metadata of a row goes where its values go: watched live on a sorted block (B).
    batch.book.reorder_metadata(sheet.id, {source: to for to, source in moved.items()})
    left, right = box[2:]
    if left == 0 and right >= sheet.column_count and not any(_has_formulas(sheet, row) for row in moved):
        _swap_whole_rows(sheet, moved)
        return
    blocks: dict[int, Block] = {
        source: cut_block(sheet, (source, source + 1, left, right)) for source in moved.values()
    }
    for to, source in moved.items():
        lay_block(sheet, (to, left), blocks[source], change=_carried(to - source))


def _carried(rows: int) -> Callable[[str], str]:
    """Let a formula's relative references go along with its cell."""
    return lambda text: relocate(text, rows, 0)


def _has_formulas(sheet: Sheet, row: int) -> bool:
    found = sheet.row(row)
    return found is not None and bool(found.formulas)


def _swap_whole_rows(sheet: Sheet, moved: dict[int, int]) -> None:
    """Move the rows themselves; heights and hidden marks stay with the place."""
    old = {source: sheet.row(source) for source in moved.values()}
    first, last = min(moved), max(moved)
    rows = [sheet.row(index) for index in range(first, last + 1)]
    for to, source in moved.items():
        rows[to - first] = old[source]
    metas = [row.meta if (row := sheet.row(index)) is not None else None for index in range(first, last + 1)]
    sheet.replace_rows(first, rows)
    for index, meta in enumerate(metas, first):
        row = sheet.row(index)
        if (row.meta if row is not None else None) != meta:
            sheet.write(index).meta = meta


def _refuse_vertical_merges(sheet: Sheet, box: tuple[int, int, int, int]) -> None:
    for merge in sheet.attachments("merges"):
        area = area_of(merge)
        if overlaps(area, Area(*box)) and (area.bottom or 0) - area.top > 1:
            where = f"{cell_name(area.top, area.left)}:{cell_name((area.bottom or 1) - 1, (area.right or 1) - 1)}"
            raise invalid(
                f"You can't sort a range containing vertical merges. There is a vertical merge at {where}"
            )


@answers("randomizeRange")
def _randomize(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    if without_cells(box):
        return
    batch.guard.check_bounds(sheet, box)
    rows = list(range(box[0], box[1]))
    order = list(rows)
    shuffle(order)
    _reorder(batch, sheet, box, dict(zip(rows, order, strict=True)))


@answers("deleteDuplicates")
def _delete_duplicates(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = top, bottom, left, right = bounded(sheet, found)
    if without_cells(box):
        return {}
    batch.guard.check_bounds(sheet, box)
    compared = _compared_columns(batch, sheet, request, (left, right))
    computed = batch.evaluator.computed(batch.book, sheet)
    seen, kept, gone = set(), [], 0
    for row in range(top, bottom):
        line, over = sheet.row(row), computed.get(row, {})
        values = [over.get(c, line.value(c) if line is not None else None) for c in compared]
        key = tuple(_rank(value) for value in values)
        if all(rank == _BLANK for rank, _ in key) or key not in seen:
            kept.append(row)
        else:
            gone += 1
        seen.add(key)
    blocks = [cut_block(sheet, (row, row + 1, left, right)) for row in kept]
    batch.clear_values(sheet, box)
    for to, (source, block) in enumerate(zip(kept, blocks, strict=True), top):
        lay_block(sheet, (to, left), block, change=_carried(to - source))
    return {"duplicatesRemovedCount": gone} if gone else {}


def _compared_columns(batch: Batch, sheet: Sheet, request: dict[str, Any], box: tuple[int, int]) -> list[int]:
    """Give the columns by which rows are compared; of a span, those that lie in the range (C)."""
    left, right = box
    spans = request.get("comparisonColumns") or []
    if not spans:
        return list(range(left, right))
    compared: set[int] = set()
    for given in spans:
        dimension, start, end = span_of(batch.book.sheet(int(given.get("sheetId") or 0)), given)
        if dimension == "ROWS" or int(given.get("sheetId") or 0) != sheet.id:
            raise invalid("comparisonColumns must be columns of the range's own sheet.")
        compared.update(range(max(start, left), min(end, right)))
    if not compared:
        raise invalid("comparisonColumns must be columns of the range.")
    return sorted(compared)
