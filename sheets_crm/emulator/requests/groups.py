"""Groups of rows or columns that fold away."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.masks import covers, merge_masked, required_mask
from sheets_crm.emulator.ranges import sheet_of
from sheets_crm.emulator.requests.dimensions import span_of
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []

Group = dict[str, Any]


def _name(dimension: str) -> str:
    return "rowGroups" if dimension == "ROWS" else "columnGroups"


def _depths(sheet: Sheet, dimension: str) -> list[int]:
    depths = [0] * sheet.size(dimension)
    for group in sheet.attachments(_name(dimension)):
        for index in range(group["range"].get("startIndex", 0), group["range"]["endIndex"]):
            depths[index] = max(depths[index], group["depth"])
    return depths


def _groups(sheet: Sheet, dimension: str, depths: list[int]) -> list[Group]:
    """List a group for each stretch of each depth, keeping which were collapsed."""
    collapsed = {
        (g["range"].get("startIndex", 0), g["range"]["endIndex"])
        for g in sheet.attachments(_name(dimension))
        if g.get("collapsed")
    }
    found: list[Group] = []
    for depth in range(1, max(depths, default=0) + 1):
        start = None
        for index, here in enumerate([*depths, 0]):
            if here >= depth and start is None:
                start = index
            elif here < depth and start is not None:
                span = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": index}
                group: Group = {"range": span, "depth": depth}
                found.append({**group, "collapsed": True} if (start, index) in collapsed else group)
                start = None
    return found


def _change(batch: Batch, request: dict[str, Any], by: int) -> list[Group]:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    dimension, start, end = span_of(sheet, found)
    depths = _depths(sheet, dimension)
    if start >= len(depths):
        raise invalid(f"range.startIndex is larger than current grid size ({len(depths)})")
    if by < 0 and not any(depths[start:end]):
        raise invalid("No dimension group exists in the range.")
    for index in range(start, min(end, len(depths))):
        depths[index] = max(0, depths[index] + by)
    if max(depths, default=0) > 8:
        raise invalid("The maximum depth of groups is 8.")
    groups = _groups(sheet, dimension, depths)
    sheet.attach(_name(dimension), groups)
    control = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    sheet.properties["gridProperties"] = {**sheet.grid, control: True}
    return groups


def _hide(sheet: Sheet, dimension: str, lines: range, *, hidden: bool) -> None:
    """Hide the rows or columns of a group, or make them visible: what Google's reference says of `collapsed`."""
    for index in lines:
        old = sheet.write(index).meta if dimension == "ROWS" else sheet.columns.get(index)
        kept = {name: value for name, value in (old or {}).items() if name != "hiddenByUser"}
        if hidden:
            kept["hiddenByUser"] = True
        if dimension == "ROWS":
            sheet.write(index).meta = kept or None
        elif kept:
            sheet.columns[index] = kept
        else:
            sheet.columns.pop(index, None)


@answers("addDimensionGroup")
def _add_group(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    return {"dimensionGroups": _change(batch, request, 1)}


@answers("deleteDimensionGroup")
def _delete_group(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    groups = _change(batch, request, -1)
    return {"dimensionGroups": groups} if groups else {}


@answers("updateDimensionGroup")
def _update_group(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    given = request.get("dimensionGroup") or {}
    wanted = given.get("range") or {}
    sheet = sheet_of(batch.book, wanted)
    dimension, start, end = span_of(sheet, wanted)
    groups = list(sheet.attachments(_name(dimension)))
    for index, group in enumerate(groups):
        span = group["range"]
        if (span.get("startIndex", 0), span["endIndex"], group["depth"]) == (start, end, given.get("depth")):
            groups[index] = merge_masked(group, {**group, "collapsed": given.get("collapsed")}, mask)
            sheet.attach(_name(dimension), groups)
            if covers(mask, "collapsed"):
                _hide(sheet, dimension, range(start, end), hidden=bool(given.get("collapsed")))
            return
    raise invalid("No dimension group exists with that range and depth.")
