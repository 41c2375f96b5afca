"""Merged cells under a person's gestures: only the first cell of a merge is seen, so only that one is written.

All inferred (C): a value is written once into merged cells; a block over a part of them is refused, and one with
texts for the cells behind them too: nothing that was pasted may vanish unseen.
"""

from typing import Any

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.sheet import Sheet

__all__ = ["fitted", "merges_of", "seen_cell"]

Box = tuple[int, int, int, int]
_TORN = "A block cannot be pasted over a part of merged cells."


def merges_of(sheet: Sheet) -> list[Box]:
    """List a tab's merges as (top, bottom, left, right)."""
    ends = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    found = []
    for merge in sheet.attachments("merges"):
        top, bottom, left, right = (int(merge.get(name, 0)) for name in ends)
        found.append((top, bottom, left, right))
    return found


def seen_cell(merges: list[Box], row: int, column: int) -> tuple[int, int]:
    """Give the cell that is seen at a place: of merged cells the first one."""
    for top, bottom, left, right in merges:
        if top <= row < bottom and left <= column < right:
            return top, left
    return row, column


def fitted(merges: list[Box], top: int, left: int, rows: list[list[Any]], *, fill: bool) -> list[list[Any]]:
    """Give a block as it is written over merged cells: with None, which changes nothing, for those that are unseen.

    Args:
        merges: The tab's.
        top: The block's first row.
        left: Its first column.
        rows: Its texts.
        fill: Whether it is one value for all cells of a selection, which merged cells get once.

    Raises:
        ApiError: 400 where a block of several values reaches a part of a merge, or has a text for an unseen cell.
    """
    bottom, right = top + len(rows), left + max(map(len, rows), default=0)
    result = rows
    for merge in merges:
        if merge[0] >= bottom or merge[1] <= top or merge[2] >= right or merge[3] <= left:
            continue
        if result is rows:
            result = [list(row) for row in rows]
        inside = top <= merge[0] and merge[1] <= bottom and left <= merge[2] and merge[3] <= right
        if not fill and not inside:
            raise invalid(_TORN)
        _leave_out(result, (top, left), merge, fill=fill)
    return result


def _leave_out(rows: list[list[Any]], first: tuple[int, int], merge: Box, *, fill: bool) -> None:
    for row in range(max(merge[0], first[0]), min(merge[1], first[0] + len(rows))):
        line = rows[row - first[0]]
        for column in range(max(merge[2], first[1]), min(merge[3], first[1] + len(line))):
            if (row, column) == (merge[0], merge[2]):
                continue
            if not fill and line[column - first[1]] not in {"", None}:
                raise invalid(_TORN)
            line[column - first[1]] = None
