"""Finding one's way in all cells of a tab: a text, the end of a stretch, the end of what is filled."""

from typing import Any

from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.page.totals import hidden_lines
from sheets_crm.emulator.sheet import Sheet

__all__ = ["edge_of", "end_of", "find_text"]


def find_text(
    shown: list[list[Any]], hidden: tuple[set[int], set[int]], text: str, after: tuple[int, int], *, back: bool
) -> dict[str, Any]:
    """Find the next cell that shows a text, going on at the other end; case does not matter.

    Args:
        shown: What all cells show, by row.
        hidden: Rows and columns that are hidden: their cells are counted apart, and not gone to.
        text: What is looked for.
        after: The cell to go on from, as (row, column).
        back: Whether to look for the one before.

    Returns:
        ``count`` of cells, ``hidden`` ones among the rest, and of the one that is meant its place among them from
        1 on, ``row`` and ``column``.
    """
    wanted = text.casefold()
    hits = [
        (row, column)
        for row, cells in enumerate(shown)
        for column, cell in enumerate(cells)
        if wanted in str(cell).casefold()
    ]
    seen = [place for place in hits if place[0] not in hidden[0] and place[1] not in hidden[1]]
    result: dict[str, Any] = {"count": len(seen), "hidden": len(hits) - len(seen)}
    if not seen:
        return result
    if back:
        index = max((index for index, place in enumerate(seen) if place < after), default=len(seen) - 1)
    else:
        index = next((index for index, place in enumerate(seen) if place > after), 0)
    return {**result, "place": index + 1, "row": seen[index][0], "column": seen[index][1]}


def edge_of(sheet: Sheet, computed: Computed, start: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
    """Go from a cell to the end of the filled or the blank stretch, as Ctrl with an arrow does.

    Args:
        sheet: The tab.
        computed: Results of its formulas.
        start: (row, column).
        step: (1, 0) down, (-1, 0) up, (0, 1) right, (0, -1) left.

    Returns:
        The last filled cell of a stretch, the next filled cell after blank ones, or else the edge of the grid. What is
        hidden is passed over.
    """
    row, column = start
    hidden = hidden_lines(sheet)
    if step[0]:
        ends = range(row, sheet.row_count if step[0] > 0 else -1, step[0])
        places = [(index, column) for index in ends if index == row or index not in hidden[0]]
    else:
        ends = range(column, sheet.column_count if step[1] > 0 else -1, step[1])
        places = [(row, index) for index in ends if index == column or index not in hidden[1]]
    filled = [_filled(sheet, computed, *place) for place in places]
    if len(places) > 1 and filled[0] and filled[1]:  # along the stretch, to the cell before the next blank one
        return places[filled.index(False) - 1] if False in filled else places[-1]
    later = (place for place, full in zip(places[1:], filled[1:], strict=True) if full)
    return next(later, places[-1])


def _filled(sheet: Sheet, computed: Computed, row: int, column: int) -> bool:
    over = computed.get(row)
    if over is not None and column in over:
        return over[column] is not None
    line = sheet.row(row)
    return line is not None and line.filled(column)


def end_of(sheet: Sheet, computed: Computed) -> tuple[int, int]:
    """Give the last row and the last column in which anything stands, spilled cells too; (0, 0) of an empty tab."""
    row = max(sheet.last_filled_row() - 1, max(computed, default=0), 0)
    widths = [line.width() for _, line in sheet.filled_rows()]
    spilled = [max(over) + 1 for over in computed.values() if over]
    return row, max(*widths, *spilled, 1) - 1 if widths or spilled else 0
