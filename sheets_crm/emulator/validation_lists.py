"""What a drop-down offers that lists a range, and whether typed contents meet their cells' validation."""

from sheets_crm.emulator.a1 import Area, cell_name, parse_cells, split_title
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.conditions import Tested, Tester, holds
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["listed", "refuse_invalid"]

_LONGEST_LIST = 500


def listed(book: Spreadsheet, sheet: Sheet, evaluator: Evaluator, source: str) -> list[str]:
    """Give the texts of a range such as ``=Data!$A$2:$A``: each once, blanks left out.

    Args:
        book: The spreadsheet.
        sheet: The tab on which the range is named.
        evaluator: Computes formulas.
        source: The range.
    """
    title, cells = split_title(source.removeprefix("="))
    source_sheet = sheet if title is None else book.titled(title)
    area = parse_cells(cells.replace("$", ""))
    if area is None or source_sheet is None:
        return []
    computed = evaluator.computed(book, source_sheet)
    block = read_block(source_sheet, source_sheet.bounds(area), Rendering(book.locale), computed)
    texts = (str(cell) for row in block for cell in row)
    return [text for text in dict.fromkeys(texts) if text.strip()][:_LONGEST_LIST]


def refuse_invalid(batch: Batch, sheet: Sheet, area: Area) -> None:
    """Refuse what was typed against a strict validation rule; a blank is always allowed.

    Raises:
        ApiError: 400 with words that are thought to be Google's (C) for the first such cell.
    """
    top, bottom, left, right = sheet.bounds(area)
    strict = [
        (index, column)
        for index in range(top, min(bottom, len(sheet.rows)))
        if (row := sheet.row(index)) is not None
        for column, style in sorted((row.styles or {}).items(), key=lambda item: item[0])
        if left <= column < right and (style.validation or {}).get("strict")
    ]
    if not strict:
        return
    computed = batch.evaluator.computed(batch.book, sheet)
    rendering = Rendering(batch.book.locale)
    with batch.evaluator.loose(batch.book, sheet) as loose:
        tester = Tester(
            loose, batch.book.locale, lambda source: listed(batch.book, sheet, batch.evaluator, source)
        )
        for index, column in strict:
            row, over = sheet.row(index), computed.get(index) or {}
            value = over[column] if column in over else row.value(column) if row else None
            style = (row.styles or {})[column] if row else None
            condition = ((style.validation if style else None) or {}).get("condition") or {}
            cell = Tested((index, column), value, str(rendering.show(value, style)))
            if value is not None and holds(tester, condition, cell) is False:
                raise invalid(
                    f"The data you entered in cell {cell_name(index, column)} violates the data validation rules "
                    "set on this cell."
                )
