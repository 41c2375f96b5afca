"""The functions that IronCalc lends: statistics, finance, number bases and the like.

IronCalc would answer many a lifted expression silently wrong, so it never sees a whole formula: it is handed
one function with plain values, in a scratch sheet that can be thrown away, and everything around the call is
worked out here.
"""

from typing import Any

import ironcalc

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.registry import Context, Function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Refusal, Value

__all__ = ["IronCalcEngine"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_CELLS = _names(
    "PMT FV PV NPER RATE IPMT PPMT SLN SYD DB DDB EFFECT NOMINAL RRI PDURATION CUMIPMT CUMPRINC "
    "COMBIN COMBINA PERMUT PERMUTATIONA FACTDOUBLE GAMMA GAMMALN SINH COSH TANH ASINH ACOSH "
    "ATANH COT SEC CSC ACOT COTH SECH CSCH BASE DECIMAL ARABIC ROMAN BIN2DEC BIN2HEX BIN2OCT "
    "DEC2BIN DEC2HEX DEC2OCT HEX2BIN HEX2DEC HEX2OCT OCT2BIN OCT2DEC OCT2HEX BITAND BITOR "
    "BITXOR BITLSHIFT BITRSHIFT DELTA GESTEP ERF ERFC CONVERT NORM.DIST NORMDIST NORM.INV "
    "NORM.S.DIST NORMSDIST NORM.S.INV NORMSINV STANDARDIZE BINOM.DIST BINOMDIST POISSON "
    "POISSON.DIST EXPON.DIST EXPONDIST WEIBULL T.DIST T.INV CHISQ.DIST F.DIST FISHER FISHERINV "
    "PHI GAUSS CONFIDENCE CONFIDENCE.NORM YEARFRAC DAYS360 SQRTPI "
)
_OF_RANGES = _names(
    "STDEV STDEVP STDEV.S STDEV.P STDEVA STDEVPA VAR VARP VAR.S VAR.P VARA VARPA AVERAGEA MAXA "
    "MINA MODE MODE.SNGL PERCENTILE PERCENTILE.INC PERCENTILE.EXC QUARTILE QUARTILE.INC "
    "QUARTILE.EXC PERCENTRANK PERCENTRANK.INC CORREL PEARSON COVAR COVARIANCE.P COVARIANCE.S "
    "SLOPE INTERCEPT RSQ STEYX FORECAST FORECAST.LINEAR GEOMEAN HARMEAN AVEDEV DEVSQ SKEW "
    "SKEW.P KURT TRIMMEAN NPV IRR XNPV XIRR MIRR SUMX2MY2 SUMX2PY2 SUMXMY2 GCD LCM MULTINOMIAL "
    "SERIESSUM RANK.AVG "
)
_NOT_HERE = _names(
    "QUERY IMPORTRANGE IMPORTHTML IMPORTXML IMPORTDATA IMPORTFEED GOOGLEFINANCE GOOGLETRANSLATE "
    "DETECTLANGUAGE SPARKLINE IMAGE GETPIVOTDATA SUBTOTAL AGGREGATE FIXED DOLLAR LINEST LOGEST "
    "TREND GROWTH AI GEMINI "
)
_ERRORS = {"#SPILL!": "#REF!", "#CIRC!": "#REF!", "#CALC!": "#N/A", "#NIMPL!": "#NAME?", "#NULL!": "#ERROR!"}


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
        if name in _OF_CELLS or name in _OF_RANGES:
            return None
        if name in _NOT_HERE:
            return f"The emulator does not work out {name}."
        return f"Unknown function: '{name}'."

    def function(self, name: str) -> Function:
        """Lend a function.

        Raises:
            Refusal: It is unknown, or would not be worked out as Google does.
        """
        reason = self.refusal(name)
        if reason is not None:
            raise Refusal(reason)
        if name not in self._functions:
            self._functions[name] = self._lent(name)
        return self._functions[name]

    def _lent(self, name: str) -> Function:
        def body(context: Context, *arguments: Value) -> CellValue:
            return self._call(context, name, arguments)

        return Function(name, body, "", repeat="s" if name in _OF_CELLS else "r", least=1)

    def _call(self, context: Context, name: str, arguments: tuple[Value, ...]) -> CellValue:
        """Call a function; after a failure once more in a fresh sheet."""
        try:
            result = self._guarded(context, name, arguments)
        except Refusal:
            result = self._guarded(context, name, arguments)
        if isinstance(result, ErrorValue):
            raise Failure(result)
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
