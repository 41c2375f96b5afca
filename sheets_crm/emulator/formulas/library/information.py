"""Tests of what a value is, and TYPE, ERROR.TYPE, ISDATE, N, T."""

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.dates import read_moment
from sheets_crm.emulator.formulas.nodes import Call, Constant, Infix, Node
from sheets_crm.emulator.formulas.reasons import NOT_A_RANGE
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import NA, Area, Block, Failure, Refusal, Value

__all__: list[str] = []


@function("ISBLANK", "s", errors=True)
def _isblank(_context: Context, value: CellValue) -> bool:
    return value is None


@function("ISNUMBER", "s", errors=True)
def _isnumber(_context: Context, value: CellValue) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


@function("ISTEXT", "s", errors=True)
def _istext(_context: Context, value: CellValue) -> bool:
    return isinstance(value, str)


@function("ISNONTEXT", "s", errors=True)
def _isnontext(_context: Context, value: CellValue) -> bool:
    return not isinstance(value, str)


@function("ISLOGICAL", "s", errors=True)
def _islogical(_context: Context, value: CellValue) -> bool:
    return isinstance(value, bool)


@function("ISERROR", "s", errors=True)
def _iserror(_context: Context, value: CellValue) -> bool:
    return isinstance(value, ErrorValue)


@function("ISERR", "s", errors=True)
def _iserr(_context: Context, value: CellValue) -> bool:
    return isinstance(value, ErrorValue) and value.type != "#N/A"


@function("ISNA", "s", errors=True)
def _isna(_context: Context, value: CellValue) -> bool:
    return isinstance(value, ErrorValue) and value.type == "#N/A"


@function("ISREF", "r", errors=True)
def _isref(_context: Context, value: Value) -> bool:
    return isinstance(value, Area)


@function("ISFORMULA", "r")
def _isformula(context: Context, value: Value) -> bool:
    if not isinstance(value, Area):
        raise Failure(NOT_A_RANGE)
    return context.source.formula(value.title, value.top, value.left) is not None


@function("N", "s")
def _n(_context: Context, value: CellValue) -> float:
    return float(value) if isinstance(value, float | int) else 0.0


@function("T", "s")
def _t(_context: Context, value: CellValue) -> str:
    return value if isinstance(value, str) else ""


@function("TYPE", "r", errors=True)
def _type(context: Context, value: Value) -> float:
    """1 a number or a blank (A), 2 text, 4 TRUE or FALSE, 16 an error, 64 an array."""
    if isinstance(value, Area | Block):
        block = context.block(value)
        if block.size > 1:
            return 64.0
        value = block.at(0, 0)
    kinds: dict[type, float] = {str: 2.0, bool: 4.0, ErrorValue: 16.0}
    return kinds.get(type(value), 1.0)


_ERROR_NUMBERS = {"#NULL!": 1, "#DIV/0!": 2, "#VALUE!": 3, "#REF!": 4, "#NAME?": 5, "#NUM!": 6, "#N/A": 7}


@function("ERROR.TYPE", "s", errors=True)
def _error_type(_context: Context, value: CellValue) -> float:
    if not isinstance(value, ErrorValue):
        raise Failure(NA)
    return float(_ERROR_NUMBERS.get(value.type, 8))


#: Functions whose result is a date, so that ISDATE of it is TRUE; those that give a plain number of days (B).
_DATES = frozenset(
    ("DATE", "EDATE", "EOMONTH", "EPOCHTODATE", "NOW", "TODAY", "TO_DATE", "WORKDAY", "WORKDAY.INTL")
)

_PLAIN = frozenset(("DATEVALUE", "DAYS", "N", "VALUE"))


def _dated(node: Node) -> bool:
    """Whether a formula's part is a date by what it is made of: a date, or one and a number of days (B)."""
    if isinstance(node, Infix) and node.operator in "+-":
        return _dated(node.left) and isinstance(node.right, Constant)
    return isinstance(node, Call) and node.function in _DATES


@function("ISDATE", "n")
def _isdate(context: Context, node: Node) -> bool:
    """Whether a value is a date; of a number in a cell that hangs on its format, which formulas do not see here.

    Raises:
        Refusal: A number that may or may not be a date.
    """
    if _dated(node):
        return True
    value = context.cell(context.evaluate(node))
    if isinstance(value, str):
        return read_moment(value.strip(), context.language, context.now) is not None
    plain = isinstance(node, Constant) or (isinstance(node, Call) and node.function in _PLAIN)
    if plain or not isinstance(value, float) or isinstance(value, bool):
        return False
    raise Refusal("ISDATE of a number that is not written out is not implemented by the emulator.")
