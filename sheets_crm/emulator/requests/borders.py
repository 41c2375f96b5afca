"""Borders around and inside a range."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.formats_of_cells import with_color_styles
from sheets_crm.emulator.ranges import bounded, sheet_of
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.styles import Style, intern_style

__all__: list[str] = []


@answers("updateBorders")
def _update_borders(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    batch.guard.check_bounds(sheet, box)
    for row in range(box[0], box[1]):
        for column in range(box[2], box[3]):
            sides = _sides(request, (row, column), box)
            if sides:
                target = sheet.write(row)
                old = target.styles.get(column) if target.styles else None
                target.restyle(column, _bordered(old, sides))


def _sides(request: dict[str, Any], place: tuple[int, int], box: tuple[int, int, int, int]) -> dict[str, Any]:
    """Say which border each side of a cell gets."""
    row, column = place
    top, bottom, left, right = box
    names = {
        "top": "top" if row == top else "innerHorizontal",
        "bottom": "bottom" if row == bottom - 1 else "innerHorizontal",
        "left": "left" if column == left else "innerVertical",
        "right": "right" if column == right - 1 else "innerVertical",
    }
    return {side: request[name] for side, name in names.items() if request.get(name) is not None}


def _bordered(old: Style | None, sides: dict[str, Any]) -> Style | None:
    form = dict(old.format or {}) if old else {}
    borders = dict(form.get("borders") or {})
    for side, border in sides.items():
        borders.pop(side, None)
        if border.get("style") not in (None, "NONE"):
            borders[side] = with_color_styles(border)
    form.pop("borders", None)
    if borders:
        form["borders"] = borders
    return intern_style(form, old.validation if old else None)
