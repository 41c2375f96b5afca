"""What a drop-down offers that lists a range, and whether typed contents meet their cells' validation."""

from collections.abc import Iterator
from contextlib import contextmanager

from sheets_crm.emulator.a1 import Area, cell_name, parse_cells
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.conditions import Tested, Tester, holds
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.ranges import Place, check_inside, find_range
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.shown_cells import ShownCells
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.styles import Style
from sheets_crm.emulator.validation_rules import moved_by

__all__ = ["condition_tester", "is_valid", "listed", "refuse_invalid"]


def listed(book: Spreadsheet, sheet: Sheet, evaluator: Evaluator, source: str) -> list[str] | None:
    """Give the texts of a range such as ``=Data!$A$2:$A``: each once, blanks left out; None where it means no cells.

    Args:
        book: The spreadsheet.
        sheet: The tab on which the range is named.
        evaluator: Computes formulas.
        source: The range, or a named range's name.
    """
    place = _source(book, sheet, source.removeprefix("="))
    if place is None:
        return None
    computed = evaluator.computed(book, place.sheet, looks=[place.bounds()])
    block = read_block(place.sheet, place.bounds(), Rendering(book.locale), computed)
    texts = (str(cell) for row in block for cell in row)
    return [text for text in dict.fromkeys(texts) if text.strip()]


def _source(book: Spreadsheet, sheet: Sheet, text: str) -> Place | None:
    own = parse_cells(text)
    try:
        if own is None:
            return find_range(book, text)
        check_inside(Place(sheet, own))
    except ApiError:
        return None
    return Place(sheet, own)


@contextmanager
def condition_tester(book: Spreadsheet, sheet: Sheet, evaluator: Evaluator) -> Iterator[Tester]:
    """Give what knows the values of conditions on a tab; no other thread computes the file meanwhile."""
    with evaluator.loose(book, sheet) as loose:
        yield Tester(loose, book.locale, lambda source: listed(book, sheet, evaluator, source))


def is_valid(tester: Tester, style: Style, cell: Tested) -> bool | None:
    """Tell whether a cell meets its style's validation; None where it has none, or none that is known."""
    rule = style.validation or {}
    return holds(tester, rule.get("condition") or {}, cell, moved_by(rule, cell.place))


def refuse_invalid(batch: Batch, sheet: Sheet, area: Area) -> None:
    """Refuse what was typed against a strict validation rule; a blank is always allowed.

    Raises:
        ApiError: 400 with words that are thought to be Google's (C) for the first such cell.
    """
    strict = list(_strict_cells(sheet, area))
    if not strict:
        return
    computed = batch.evaluator.computed(batch.book, sheet, looks=[sheet.bounds(area)])
    cells = ShownCells(sheet, computed, batch.book.locale)
    with condition_tester(batch.book, sheet, batch.evaluator) as tester:
        for index, column, style in strict:
            cell = cells.cell(index, column)
            if cell.value is not None and is_valid(tester, style, cell) is False:
                raise invalid(
                    f"The data you entered in cell {cell_name(index, column)} violates the data validation rules "
                    "set on this cell."
                )


def _strict_cells(sheet: Sheet, area: Area) -> Iterator[tuple[int, int, Style]]:
    top, bottom, left, right = sheet.bounds(area)
    for index in range(top, min(bottom, len(sheet.rows))):
        row = sheet.row(index)
        styles = (row.styles if row is not None else None) or {}
        for column, style in sorted(styles.items(), key=lambda item: item[0]):
            if left <= column < right and (style.validation or {}).get("strict"):
                yield index, column, style
