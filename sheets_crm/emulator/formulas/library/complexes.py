"""Complex numbers, which are text in cells: ``3+4i``, ``-2j``, ``5``."""

import cmath
import math
import re
from collections.abc import Callable
from functools import reduce

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_number, to_text
from sheets_crm.emulator.formulas.reasons import divided_by_zero, zero_divisor
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import NUM, Area, Block, Failure, Value
from sheets_crm.emulator.languages import Language, language_of
from sheets_crm.emulator.numerals import plain_number

__all__: list[str] = []

_NUMBER = r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
_COMPLEX = re.compile(
    rf"(?P<real>[+-]?(?:{_NUMBER})(?![ij\d.eE]))?(?:(?P<imaginary>[+-]?(?:{_NUMBER})?)(?P<suffix>[ij]))?\Z"
)
_ENGLISH = language_of("en_US")


def _read(name: str, value: CellValue) -> tuple[complex, str]:
    """A complex number and the letter of its imaginary part.

    Raises:
        Failure: #NUM! for text that is none, and for TRUE and FALSE (B).
    """
    text = to_text(value, _ENGLISH).strip()
    match = None if isinstance(value, bool) else _COMPLEX.match(text)
    if match is None or not text:
        raise Failure(ErrorValue("#NUM!", f"Function {name} parameter 1 value '{text}' is not a complex number."))
    imaginary = match["imaginary"]
    part = 0.0 if imaginary is None else float(imaginary + "1" if imaginary in ("", "+", "-") else imaginary)
    return complex(float(match["real"] or 0), part), match["suffix"] or ""


def _written(number: complex, suffix: str, language: Language) -> str:
    """Write a complex number, with 15 digits at most."""
    if not (math.isfinite(number.real) and math.isfinite(number.imag)):
        raise Failure(NUM)
    real = plain_number(number.real, language, digits=15)
    size = plain_number(abs(number.imag), language, digits=15)
    if size == "0":
        return real
    sign = "-" if number.imag < 0 else "+" if number.real else ""
    return ("" if real == "0" else real) + sign + ("" if size == "1" else size) + (suffix or "i")


def _mapped(name: str, compute: Callable[[complex], complex]) -> None:
    def body(context: Context, value: CellValue) -> str:
        number, suffix = _read(name, value)
        try:
            return _written(compute(number), suffix, context.language)
        except ZeroDivisionError as problem:
            raise Failure(divided_by_zero(name)) from problem
        except (ValueError, OverflowError) as problem:
            raise Failure(NUM) from problem

    function(name, "s")(body)


def _logarithm(number: complex, base: float = math.e) -> complex:
    if number == 0:
        raise ZeroDivisionError
    return cmath.log(number) if base == math.e else cmath.log(number) / math.log(base)


def _power(number: complex, power: float) -> complex:
    """By length and angle, as Google does: the square root of -1 has a real part of 6.1E-17 (B)."""
    if number == 0:
        return 0j if power > 0 else complex(0**power)
    return cmath.rect(abs(number) ** power, cmath.phase(number) * power)


_FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "IMCONJUGATE": lambda z: z.conjugate(),
    "IMSQRT": lambda z: _power(z, 0.5),
    "IMEXP": cmath.exp,
    "IMLN": _logarithm,
    "IMLOG10": lambda z: _logarithm(z, 10),
    "IMLOG2": lambda z: _logarithm(z, 2),
    "IMSIN": cmath.sin,
    "IMCOS": cmath.cos,
    "IMTAN": cmath.tan,
    "IMSINH": cmath.sinh,
    "IMCOSH": cmath.cosh,
    "IMTANH": cmath.tanh,
    "IMCSC": lambda z: 1 / cmath.sin(z),
    "IMSEC": lambda z: 1 / cmath.cos(z),
    "IMCOT": lambda z: 1 / cmath.tan(z),
    "IMCSCH": lambda z: 1 / cmath.sinh(z),
    "IMSECH": lambda z: 1 / cmath.cosh(z),
    "IMCOTH": lambda z: 1 / cmath.tanh(z),
}

for _name, _compute in _FUNCTIONS.items():
    _mapped(_name, _compute)


def _part(name: str, take: Callable[[complex], float]) -> None:
    def body(_context: Context, value: CellValue) -> float:
        number = _read(name, value)[0]
        if name == "IMARGUMENT" and number == 0:
            raise Failure(divided_by_zero(name))
        return take(number)

    function(name, "s")(body)


for _name, _take in {
    "IMREAL": lambda z: z.real,
    "IMAGINARY": lambda z: z.imag,
    "IMABS": abs,
    "IMARGUMENT": cmath.phase,
}.items():
    _part(_name, _take)


@function("COMPLEX", "sss", least=2)
def _complex(context: Context, real: CellValue, imaginary: CellValue, suffix: CellValue = "i") -> str:
    parts = [to_number(part, context.language) for part in (real, imaginary)]
    if suffix not in ("i", "j"):
        raise Failure(ErrorValue("#VALUE!", "Function COMPLEX parameter 3 should be i or j."))
    return _written(complex(*parts), suffix, context.language)


@function("IMPOWER", "ss")
def _impower(context: Context, value: CellValue, power: CellValue) -> str:
    number, suffix = _read("IMPOWER", value)
    return _written(_power(number, to_number(power, context.language)), suffix, context.language)


@function("IMLOG", "ss")
def _imlog(context: Context, value: CellValue, base: CellValue) -> str:
    number, suffix = _read("IMLOG", value)
    root = to_number(base, context.language)
    if number == 0 or root <= 0 or root == 1:
        raise Failure(divided_by_zero("IMLOG") if root > 0 else NUM)
    return _written(_logarithm(number, root), suffix, context.language)


def _together(
    context: Context, name: str, values: tuple[Value, ...], compute: Callable[[complex, complex], complex]
) -> str:
    """Put several together; they must agree on i or j (B: #NUM!)."""
    cells = [
        cell
        for value in values
        for cell in (context.block(value).values() if isinstance(value, Area | Block) else [value])
        if cell is not None
    ]
    read = [_read(name, cell) for cell in cells or [""]]
    letters = {suffix for _, suffix in read if suffix}
    if len(letters) > 1:
        raise Failure(ErrorValue("#NUM!", f"Function {name} cannot mix i and j."))
    try:
        result = reduce(compute, (number for number, _ in read))
    except ZeroDivisionError as problem:
        # A; only IMDIV divides.
        raise Failure(zero_divisor(name, 2)) from problem
    return _written(result, "".join(letters), context.language)


def _joined(name: str, compute: Callable[[complex, complex], complex], *, any_number: bool) -> None:
    def body(context: Context, *values: Value) -> str:
        return _together(context, name, values, compute)

    function(name, "r" if any_number else "ss", repeat="r" if any_number else "")(body)


_joined("IMSUM", lambda a, b: a + b, any_number=True)
_joined("IMPRODUCT", lambda a, b: a * b, any_number=True)
_joined("IMSUB", lambda a, b: a - b, any_number=False)
_joined("IMDIV", lambda a, b: a / b, any_number=False)
