"""Merged cells."""

from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import area_of, overlaps, range_of
from sheets_crm.emulator.ranges import bounded, sheet_of, without_cells
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


def _parts(kind: str, box: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    top, bottom, left, right = box
    if kind == "MERGE_ROWS":
        return [(row, row + 1, left, right) for row in range(top, bottom)]
    if kind == "MERGE_COLUMNS":
        return [(top, bottom, column, column + 1) for column in range(left, right)]
    return [box]


@answers("mergeCells")
def _merge(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    if without_cells(box):
        return
    batch.guard.check_bounds(sheet, box)
    kept = _without(sheet, box)
    _refuse_across_frozen(sheet, box)
    for part in _parts(request.get("mergeType") or "MERGE_ALL", box):
        if (part[1] - part[0]) * (part[3] - part[2]) > 1:
            kept.append(range_of(sheet.id, Area(*part)))
            _keep_first(sheet, part)
    sheet.attach("merges", kept)


def _refuse_across_frozen(sheet: Sheet, box: tuple[int, int, int, int]) -> None:
    """Refuse a range on both sides of the frozen edge; the text for columns is reported (B), for rows alike (C)."""
    top, bottom, left, right = box
    for what, first, end in (("ROWS", top, bottom), ("COLUMNS", left, right)):
        if first < sheet.frozen(what) < end:
            raise invalid(f"You can't merge frozen and non-frozen {what.lower()}.")


def _without(sheet: Sheet, box: tuple[int, int, int, int]) -> list[dict[str, Any]]:
    """List the merges outside the box; one that is only partly inside cannot go."""
    kept = []
    for merge in sheet.attachments("merges"):
        area = area_of(merge)
        if not overlaps(area, Area(*box)):
            kept.append(merge)
        elif not _inside(area, box):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    return kept


def _inside(area: Area, box: tuple[int, int, int, int]) -> bool:
    top, bottom, left, right = box
    rows = top <= area.top and (area.bottom or 0) <= bottom
    return rows and left <= area.left and (area.right or 0) <= right


def _keep_first(sheet: Sheet, part: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = part
    for row in range(top, bottom):
        found = sheet.row(row)
        for column in range(left, right):
            if (row, column) != (top, left) and found is not None and found.filled(column):
                sheet.put(row, column, None)


@answers("unmergeCells")
def _unmerge(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    if without_cells(box):
        return
    batch.guard.check_bounds(sheet, box)
    sheet.attach("merges", _without(sheet, box))
