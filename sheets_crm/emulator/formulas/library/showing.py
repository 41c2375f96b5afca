"""Values shown as text or otherwise: TEXT, FIXED, DOLLAR, TO_TEXT, TO_DATE."""

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.entry import read_number
from sheets_crm.emulator.formats import pattern_of, render_pattern
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.nodes import Node
from sheets_crm.emulator.formulas.number_formats import settled
from sheets_crm.emulator.formulas.reasons import between
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Value
from sheets_crm.emulator.languages import Language

__all__: list[str] = []

_MOST_PLACES = 127


@function("TO_TEXT", "n")
def _to_text(context: Context, node: Node) -> Value:
    """A number as its cell shows it (Google's function list, A); each cell of a range where arrays are evaluated."""
    value = context.evaluate(node)
    if not context.arrays or not isinstance(value, Area | Block):
        return _shown(context, context.cell(value), node, 0, 0)
    rows = enumerate(context.block(value).grid())
    cells = [
        [_cell_shown(context, cell, node, down, right) for right, cell in enumerate(row)] for down, row in rows
    ]
    return Block.from_grid(cells)


def _cell_shown(context: Context, cell: CellValue, node: Node, down: int, right: int) -> CellValue:
    return cell if isinstance(cell, ErrorValue) else _shown(context, cell, node, down, right)


def _shown(context: Context, cell: CellValue, node: Node, down: int, right: int) -> str:
    if not isinstance(cell, float | int) or isinstance(cell, bool):
        return to_text(cell, context.language)
    form = settled(context.shown_format(node, down, right), cell)
    pattern = pattern_of(form, context.language)
    return render_pattern(cell, pattern, context.language) if pattern else to_text(cell, context.language)


@function("TO_DATE TO_PERCENT TO_PURE_NUMBER TO_DOLLARS", "s")
def _to_same(_context: Context, value: CellValue) -> CellValue:
    """These change how a number is shown, which is its cell's format here."""
    return value


@function("TEXT", "ss")
def _text(context: Context, value: CellValue, pattern: CellValue) -> str:
    form = _in_english(to_text(pattern, context.language), context.language)
    if isinstance(value, bool):
        return to_text(value, context.language)
    if not form:
        return ""
    if isinstance(value, str):
        read = read_number(value, context.language)
        return render_pattern(value if read is None else read, form, context.language)
    return render_pattern(to_number(value, context.language), form, context.language)


def _in_english(pattern: str, language: Language) -> str:
    """Spell a TEXT pattern as in en_US: where the decimal is a comma, ``0,0`` and ``#.##0`` follow it."""
    if not language.comma_decimal or "," not in pattern:
        return pattern.replace("#.##0", "#,##0") if language.comma_decimal else pattern
    return pattern.translate(str.maketrans(",.", ".,"))


def _pattern_of(decimals: int, *, grouped: bool) -> str:
    return ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals > 0 else "")


def _at_places(number: float, decimals: int) -> float:
    """Round to tens and hundreds where the places are negative; the pattern rounds the others."""
    scale = 10.0**-decimals
    return round(number / scale) * scale if decimals < 0 else number


def _places(context: Context, name: str, value: CellValue) -> int:
    places = int(to_number(value, context.language))
    if abs(places) > _MOST_PLACES:
        raise Failure(between(name, 2, places, (-_MOST_PLACES, _MOST_PLACES), "#NUM!"))
    return places


@function("FIXED", "sss", least=1)
def _fixed(context: Context, value: CellValue, places: CellValue = 2.0, plain: CellValue = False) -> str:
    number, decimals = to_number(value, context.language), _places(context, "FIXED", places)
    pattern = _pattern_of(decimals, grouped=not to_bool(plain, context.language))
    return render_pattern(_at_places(number, decimals), pattern, context.language)


@function("DOLLAR", "ss", least=1)
def _dollar(context: Context, value: CellValue, places: CellValue = 2.0) -> str:
    """Money as the locale writes it: ``$1,234.50`` in en_US."""
    number, decimals = to_number(value, context.language), _places(context, "DOLLAR", places)
    digits, sign = _pattern_of(decimals, grouped=True), context.language.currency
    pattern = f'{digits} "{sign[0]}"' if context.language.comma_decimal else f'"{sign[0]}"{digits}'
    return render_pattern(_at_places(number, decimals), pattern, context.language)
