"""Whose keys were overwritten when rows of a two-way table were moved in the second of a write, and where rows went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import SEEN
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import acts, joined
from sheets_crm.workbook.two_way.seen import parse_seen, parts, plain_join

if TYPE_CHECKING:
    from sheets_crm.engine.table_repairs import TableWrite

Grid = Mapping[int, Mapping[str, Cell]]
"""Cells by header, by 0-based grid row."""


def moved_to(sheet: Sheet, grid: Grid, write: TableWrite, key: str, told: Collection[int] = ()) -> int | None:
    """The row that a new row's key was meant for and missed; None when it arrived, or the row is gone.

    Args:
        sheet: The table.
        grid: The cells of its rows.
        write: The write.
        key: The key.
        told: Rows that are known to be others.
    """
    if key not in write.new:
        return None
    key_column, typed = sheet.spec.key_column, write.new[key]
    if any(shown(cells[key_column]) == key and agrees(cells, typed) for cells in grid.values()):
        return None
    count = Counter(shown(cells[key_column]) for cells in grid.values())
    agreeing = [row for row, cells in grid.items() if row not in told and _may_be(sheet, cells, write, key)]
    keyless = [row for row in agreeing if grid[row][key_column] == "" or _another(sheet, grid[row], write, key)]
    # A copy still has the key of its original, which is the upper one of two that are alike.
    copies = [row for row in agreeing if count[shown(grid[row][key_column])] > 1]
    return next(iter(keyless), copies[-1] if copies else None)


def _may_be(sheet: Sheet, held: Mapping[str, Cell], write: TableWrite, key: str) -> bool:
    """Whether a row has what was typed into the one that a key was meant for, where nothing else was written."""
    over = write.cells.get(_another(sheet, held, write, key), {})
    left = {name: value for name, value in write.new[key].items() if name not in over}
    return agrees(held, left) and (not over or any(_tells(value) for value in left.values()))


def _another(sheet: Sheet, held: Mapping[str, Cell], write: TableWrite, key: str) -> str:
    """The key of another new row that the write gave to a row which it was not meant for; "" for none."""
    has = shown(held[sheet.spec.key_column])
    return has if has != key and has in write.new and not agrees(held, write.new[has]) else ""


def told_keys(sheet: Sheet, grid: Grid, write: TableWrite, missing: Collection[str]) -> dict[int, str]:
    """The key that each row had over whose key another was written, by 0-based grid row, where its cells tell.

    They are compared with the `_seen` of the rows whose keys are missing. What somebody has edited since the read, and
    rows that are alike, are told by nothing.

    Args:
        sheet: The table.
        grid: The cells of its rows.
        write: The write.
        missing: The keys that are not there any more.
    """
    before = list(_as_seen(sheet, write, missing))
    found: dict[int, str] = {}
    for row, held in grid.items() if before else ():
        alike = _alike(sheet, held, write, before)
        if len(alike) == 1:
            found[row] = alike.pop()
    count = Counter(found.values())
    return {row: key for row, key in found.items() if count[key] == 1}


def _as_seen(sheet: Sheet, write: TableWrite, missing: Collection[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The missing keys and the cells beside them, as the worker last acted on them and as it was about to."""
    for key, text in zip(write.keys, write.seen, strict=False):
        if key in missing:
            texts = {text, shown(write.cells.get(key, {}).get(SEEN, ""))}
            seen = (parse_seen(one) for one in texts)
            yield from ((key, parts(sheet.spec, one.join)) for one in seen if one.key == key)


def _alike(
    sheet: Sheet, held: Mapping[str, Cell], write: TableWrite, before: Iterable[tuple[str, Mapping[str, str]]]
) -> set[str]:
    """The keys whose rows had the cells of a row over whose key another was written.

    Cells that were written to it tell nothing, nor do acts, which are taken back.
    """
    key = shown(held[sheet.spec.key_column])
    if key not in write.new or agrees(held, write.new[key]):
        return set()
    now = parts(sheet.spec, plain_join(sheet.spec, key, held))
    untold = write.cells.get(key, {}).keys() | {one.header for one in acts(sheet.spec)}
    names = [one.header for one in joined(sheet.spec) if one.header not in untold]
    if not any(now[name] for name in names):
        return set()
    return {other for other, texts in before if all(texts[name] == now[name] for name in names)}


def lost_key(row_of: Mapping[str, int], former: Sequence[str], row: int, missing: Collection[str]) -> str:
    """The key that a row had before another was written over it; "" when several could be it.

    Args:
        row_of: The 0-based grid row of each key that is there.
        former: The keys before the write, from the top down.
        row: The row.
        missing: The keys that are not there any more.
    """
    # The place of a key that a copy had, too, says nothing.
    present = [key for key, count in Counter(former).items() if count == 1 and key in row_of]
    sorted_since = present != sorted(present, key=lambda key: row_of[key])
    if sorted_since and len(missing) == 1:
        return next(iter(missing))
    # Where the others stand in their order, its place among them tells: a key that is missing elsewhere was deleted.
    above = max((n for n, key in enumerate(former) if row_of.get(key, row) < row), default=-1)
    between = former[above + 1 : next((n for n in range(above + 1, len(former)) if former[n] in row_of), None)]
    lost = [key for key in between if key in missing]
    return lost[0] if len(lost) == 1 else ""


def agrees(cells: Mapping[str, Cell], typed: Mapping[str, Cell]) -> bool:
    """Whether a row has every cell that an operator had typed."""
    return all(cells[name] == value for name, value in typed.items() if _tells(value))


def _tells(value: Cell) -> bool:
    """Whether a cell tells one row from another: ticks are taken back, blank cells get defaults."""
    return value not in {"", False, True}
