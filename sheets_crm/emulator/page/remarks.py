"""What is to be said of cells: why errors are, where links lead, which contents their validation does not allow."""

from collections.abc import Callable

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.conditions import Tested, Tester
from sheets_crm.emulator.evaluation import ComputedRow
from sheets_crm.emulator.links import link_of
from sheets_crm.emulator.page.links import safe_address
from sheets_crm.emulator.page.number_colors import number_color
from sheets_crm.emulator.rich_text import link_of_runs
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.styles import Style
from sheets_crm.emulator.validation_lists import is_valid

__all__ = ["remarks"]


def remarks(
    row: Row | None,
    computed: ComputedRow,
    first: tuple[int, int],
    kinds: str,
    read: Callable[[int, int], Tested],
    tester: Tester,
) -> dict[str, dict[int, str]]:
    """Give the remarks on a row's cells, by column and kind, where there are any.

    The kinds: ``errors``, ``links``, ``invalid`` contents, and ``colors`` of number formats.

    Args:
        row: The row.
        computed: What its formulas come to, and link to.
        first: (row, column) of its first cell that is read.
        kinds: A letter for each cell from there on; blanks and checkboxes that are in order are passed over.
        read: Gives a cell.
        tester: Knows the workbook's conditions and formulas.
    """
    said: dict[str, dict[int, str]] = {"errors": {}, "links": {}, "invalid": {}, "colors": {}}
    for column, kind in enumerate(kinds, first[1]):
        if kind in " tf":
            continue
        cell = read(first[0], column)
        style = row.styles.get(column) if row and row.styles else None
        if isinstance(cell.value, ErrorValue):
            said["errors"][column] = cell.value.message
        _keep(said["links"], column, safe_address(_link(row, column, computed)))
        if (
            kind == "n"
            and style is not None
            and "[" in (pattern := (style.number_format or {}).get("pattern", ""))
        ):
            _keep(said["colors"], column, number_color(pattern, _number(cell.value)))
        if style is not None and style.validation:
            _keep(said["invalid"], column, _objection(style, cell, tester))
    return {name: texts for name, texts in said.items() if texts}


def _link(row: Row | None, column: int, computed: ComputedRow) -> str | None:
    """Give the address that the API names for a cell."""
    if column in computed.links or row is None:
        return computed.links.get(column)
    style = row.styles.get(column) if row.styles else None
    runs = row.runs.get(column) if row.runs else None
    literal = None if column in computed.values else row.value(column)
    return link_of(literal, style) or link_of_runs(runs or [])


def _number(value: CellValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _keep(texts: dict[int, str], column: int, text: str | None) -> None:
    if text is not None:
        texts[column] = text


def _objection(style: Style, cell: Tested, tester: Tester) -> str | None:
    """Give the validation's message, maybe an empty one, where a cell does not meet it."""
    if is_valid(tester, style, cell) is not False:
        return None
    return str((style.validation or {}).get("inputMessage") or "")
