"""The functions that IronCalc lends: statistics, finance, number bases and the like.

IronCalc would answer many a lifted expression silently wrong, so it never sees a whole formula: it is handed
one function with plain values, in a scratch sheet that can be thrown away, and everything around the call is
worked out here.
"""

from typing import Any

import ironcalc

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.domains import explained, refused
from sheets_crm.emulator.formulas.lent import DEFAULTS, LENT
from sheets_crm.emulator.formulas.reasons import divided_by_zero, not_coerced
from sheets_crm.emulator.formulas.registry import Context, Function
from sheets_crm.emulator.formulas.temperatures import converted
from sheets_crm.emulator.formulas.values import NUMBER, Area, Block, Failure, Refusal, Value

__all__ = ["IronCalcEngine"]


_ERRORS = {"#SPILL!": "#REF!", "#CIRC!": "#REF!", "#CALC!": "#N/A", "#NIMPL!": "#NAME?", "#NULL!": "#ERROR!"}


#: Of no digits at all they make 0 (B for two of them).
_DIGITS = frozenset(
    ("BIN2DEC", "BIN2HEX", "BIN2OCT", "DECIMAL", "HEX2DEC", "HEX2OCT", "OCT2BIN", "OCT2DEC", "OCT2HEX")
)


class IronCalcEngine:
    """A `FunctionEngine` over an IronCalc model of one scratch sheet.

    Args:
        locale: The spreadsheet's; values cross as values, so it only tells spreadsheets apart in messages.
    """

    def __init__(self, locale: str = "en_US") -> None:
        self.locale = locale
        self._model: Any = None
        self._functions: dict[str, Function] = {}

    def refusal(self, name: str) -> str | None:
        """Say why a function is not lent; `None` when it is."""
        return None if name in LENT else f"{name} is not implemented by the emulator."

    def function(self, name: str) -> Function:
        """Lend a function.

        Raises:
            Refusal: It is not lent.
        """
        reason = self.refusal(name)
        if reason is not None:
            raise Refusal(reason)
        if name not in self._functions:
            self._functions[name] = self._lent(name)
        return self._functions[name]

    def _lent(self, name: str) -> Function:
        taken = LENT[name]
        letters = ["r" if letter in "rmd" else "s" for letter in taken.letters]

        def body(context: Context, *arguments: Value) -> CellValue:
            given = _as_taken(context, name, arguments)
            if name == "MARGINOFERROR":
                return self._call(context, "CONFIDENCE.T", _as_confidence(context, *given))
            if name == "ACCRINT":
                self._call(context, name, given)  # Its checks.
                return self._call(context, "ACCRINTM", _as_accrued(given))
            degrees = converted(*given) if name == "CONVERT" else None  # type: ignore[arg-type]
            return self._call(context, name, given) if degrees is None else degrees

        repeat = letters[-1] if taken.repeats else ""
        return Function(name, body, "".join(letters), repeat, taken.least)

    def _call(self, context: Context, name: str, arguments: tuple[Value, ...]) -> CellValue:
        """Call a function; after a failure once more in a fresh sheet."""
        given = [context.block(value) if isinstance(value, Area) else value for value in arguments]
        problem = refused(name, given)
        if problem is not None:
            raise Failure(problem)
        try:
            result = self._guarded(context, name, arguments)
        except Refusal:
            result = self._guarded(context, name, arguments)
        if isinstance(result, ErrorValue):
            raise Failure(explained(name, given, result))
        return result

    def _guarded(self, context: Context, name: str, arguments: tuple[Value, ...]) -> CellValue:
        try:
            return self._computed(context, name, arguments)
        except Failure:
            raise
        except BaseException as problem:
            # A panic in the engine reaches Python as an exception that is no Exception.
            if not isinstance(problem, Exception) and type(problem).__name__ != "PanicException":
                raise
            self._model = None
            raise Refusal(f"The engine failed on {name}: {problem}") from problem

    def _computed(self, context: Context, name: str, arguments: tuple[Value, ...]) -> CellValue:
        ranged = any(isinstance(argument, Area | Block) for argument in arguments)
        if self._model is None or ranged:
            self._model = ironcalc.create("scratch", "en", "UTC", "en")
        texts, column = [], 2
        for argument in arguments:
            if isinstance(argument, Area | Block):
                block = context.block(argument)
                texts.append(self._placed(block, column))
                column += block.columns
            else:
                texts.append(_literal(argument))
        self._model.update_cell_with_formula(0, 1, 1, f"={name}({','.join(texts)})")
        self._model.evaluate()
        return self._read()

    def _placed(self, block: Block, column: int) -> str:
        """Put a block into the scratch sheet; give the reference to it."""
        model = self._model
        for row, line in enumerate(block.grid(), 1):
            for right, value in enumerate(line):
                _put(model, row, column + right, value)
        ends = (column, column + block.columns - 1)
        first, last = (ironcalc.column_name_from_number(place) for place in ends)
        return f"{first}1:{last}{block.rows}"

    def _read(self) -> CellValue:
        value = self._model.get_cell_value(0, 1, 1)
        if self._model.get_cell_type(0, 1, 1) == ironcalc.CellType.ErrorValue:
            return ErrorValue(_ERRORS.get(value, value), "The function has no result for these values.")
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_taken(context: Context, name: str, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
    """The arguments as the engine is handed them: numbers read as Google reads them, what was left out filled in."""
    taken, given = LENT[name], list(arguments)
    letters = taken.letters.ljust(len(arguments), taken.letters[-1])
    for place, (value, letter) in enumerate(zip(arguments, letters, strict=False)):
        # A blank cell is 0; an argument that may be left out and is, stays out.
        if letter == "n" and (value is not None or place < taken.least):
            given[place] = to_number(context.cell(value), context.language)
        elif letter == "m":
            _only_numbers(context, name, place + 1, value)
        elif letter == "d":
            given[place] = _as_dates(context, value)
        elif letter == "c" and value is None and place < taken.least:
            given[place] = ""
    if given[0] == "" and name in _DIGITS:
        given[0] = "0"
    default = DEFAULTS.get(name)
    if default is not None and len(given) <= default[0]:
        given.append(default[1])
    return tuple(given)


def _only_numbers(context: Context, name: str, place: int, cells: Value) -> None:
    """Refuse text, TRUE and FALSE (B)."""
    for cell in context.block(cells).values():
        if isinstance(cell, str | bool):
            raise Failure(not_coerced(name, place, cell, "number"))


def _as_dates(context: Context, cells: Value) -> Block:
    """The cells with their texts read as dates; XIRR reads them, XNPV does not (A)."""
    block = context.block(cells)
    read = [to_number(cell, context.language) if isinstance(cell, str) else cell for cell in block.values()]
    return Block.from_values(read, block.rows, block.columns)


def _as_accrued(given: tuple[Value, ...]) -> tuple[Value, ...]:
    """What ACCRINTM takes for ACCRINT: Google counts the days from the issue, whatever the coupons (A)."""
    issue, _, settlement, rate, worth, _, *basis = given
    return issue, settlement, rate, worth, *basis[:1]


def _as_confidence(context: Context, cells: Value, level: Any) -> tuple[Value, ...]:
    """What CONFIDENCE.T takes for a margin of error: 1 less the level, the deviation, the number of numbers (B)."""
    block = context.block(cells)
    numbers = block.numbers[block.kinds == NUMBER]
    if numbers.size < 2:
        raise Failure(divided_by_zero("MARGINOFERROR"))
    return 1 - level, float(numbers.std(ddof=1)), float(numbers.size)


def _put(model: Any, row: int, column: int, value: CellValue) -> None:
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, bool):
        model.update_cell_with_bool(0, row, column, value)
    elif isinstance(value, float | int):
        model.update_cell_with_number(0, row, column, float(value))
    elif value is not None:
        model.update_cell_with_text(0, row, column, value)


def _literal(value: CellValue) -> str:
    if value is None or isinstance(value, ErrorValue):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(float(value))
