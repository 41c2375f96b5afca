"""Why a function that is lent has no result: which arguments it takes, in Google's words.

A line is a function, the place of an argument, a comparison and what it is compared with: a number, ``#3`` for the
value of the third argument, ``#3+1`` for the number after it, two ends after ``in`` (both allowed), ``within``
(neither) and ``outside`` (all but those). An exclamation mark says that Google refuses the argument though the engine
has a result for it (B for some value; where exactly the bound of COT, CSC, SEC and the like lies is C). Grades: A for
the lines that are marked with a star; the others follow their pattern (C).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt, ne
from typing import Any

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.reasons import between, beyond, one_sign, zero_divisor
from sheets_crm.emulator.formulas.values import Block

__all__ = ["explained", "refused"]

_TABLE = """
ACOSH 1 >= 1
ACOTH 1 outside -1..1 *
ATANH 1 within -1..1 *
BETA.DIST 1 >= #5
BETA.DIST 1 <= #6 *
BETADIST 1 >= #4
BETADIST 1 <= #5
BINOM.INV 2 > 0 !
BINOM.INV 2 < 1 !
BITAND 1 >= 0 *
BITAND 1 < 281474976710656 *
BITAND 2 >= 0
BITAND 2 < 281474976710656
BITLSHIFT 1 >= 0 *
BITLSHIFT 1 < 281474976710656
BITOR 1 >= 0 *
BITOR 1 < 281474976710656
BITOR 2 >= 0
BITOR 2 < 281474976710656
BITRSHIFT 1 >= 0 *
BITRSHIFT 1 < 281474976710656
BITXOR 1 >= 0 *
BITXOR 1 < 281474976710656
BITXOR 2 >= 0
BITXOR 2 < 281474976710656
COMBIN 1 >= 0
COMBIN 2 <= #1
CONFIDENCE.T 3 > 1 !
COSH 1 >= -709.78 !
COSH 1 <= 709.78 !
COT 1 < 134217728 !
COT 1 > -134217728 !
COTH 1 < 134217728 !
COTH 1 > -134217728 !
CRITBINOM 2 > 0 !
CRITBINOM 2 < 1 !
CSC 1 < 134217728 !
CSC 1 > -134217728 !
CSCH 1 < 134217728 !
CSCH 1 > -134217728 !
DB 2 >= 0
DB 3 > 0
DB 4 <= #3
DDB 2 >= 0
DDB 3 > 0
DDB 4 <= #3
DEC2BIN 1 in -512..511 *
DEC2HEX 1 in -549755813888..549755813887
DEC2OCT 1 in -536870912..536870911 *
EFFECT 1 > 0
EFFECT 2 >= 1 *
F.DIST 2 <= 10000000000 !
F.DIST 3 <= 10000000000 !
F.DIST.RT 2 <= 10000000000 !
F.DIST.RT 3 <= 10000000000 !
FACTDOUBLE 1 >= 0 *
FDIST 2 <= 10000000000 !
FDIST 3 <= 10000000000 !
GAMMALN 1 > 0 *
GAMMALN.PRECISE 1 > 0
NOMINAL 1 > 0 *
NOMINAL 2 >= 1
PDURATION 1 > 0 *
PDURATION 2 > 0
PDURATION 3 > 0
PERMUT 2 <= #1 *
PERMUTATIONA 1 >= 1 ! *
PERMUTATIONA 2 >= 1 ! *
PPMT 2 >= 1
PPMT 2 < #3+1 *
ROMAN 1 >= 1 !
ROMAN 1 <= 3999 !
RRI 1 <> 0 *
RRI 1 > 0
SEC 1 < 134217728 !
SEC 1 > -134217728 !
SECH 1 < 134217728 !
SECH 1 > -134217728 !
SINH 1 >= -709.78 !
SINH 1 <= 709.78 !
SLN 3 <> 0 *
SYD 3 > 0
SYD 4 >= 1
SYD 4 <= #3 *
TBILLEQ 1 < #2 !
TBILLEQ 3 < 1 !
TBILLPRICE 1 < #2 !
TBILLPRICE 3 < 1 !
"""
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le, "<>": ne}
_BETWEEN: dict[str, Callable[[float, float, float], bool]] = {
    "in": lambda value, low, high: low <= value <= high,
    "within": lambda value, low, high: low < value < high,
    "outside": lambda value, low, high: not low <= value <= high,
}

#: Functions whose payments must come in and go out; the kind of their error (A).
_BOTH_SIGNS = {"IRR": "#NUM!", "MIRR": "#DIV/0!", "RATE": "#NUM!", "XIRR": "#NUM!"}
#: Functions of arrays of one size, and what their message calls them (A).
_SAME_SIZE = {"CHISQ.TEST": "CHITEST", "CHITEST": "CHITEST"}
#: The kind of a function's errors of domain, where it is not #NUM! (B).
_KINDS = {"PROB": "#VALUE!", "ROMAN": "#VALUE!"}
#: What a function says whatever is wrong with its arguments (A).
_ALWAYS = {
    "CONVERT": "Invalid units for conversion.",
    "NPER": "Scenario in function NPER is not possible.",
}


@dataclass(frozen=True, slots=True)
class _Bound:
    """One line: the places count from 1, `other` is the place of the argument that is compared with, or 0."""

    place: int
    comparison: str
    number: float
    other: int
    strict: bool = False
    highest: float = 0.0

    def broken(self, function: str, arguments: Sequence[Any]) -> ErrorValue | None:
        value = self._at(self.place, arguments)
        if self.comparison in _BETWEEN:
            ends = self.number, self.highest
            if value is None or _BETWEEN[self.comparison](value, *ends):
                return None
            return between(function, self.place, value, ends, "#NUM!", self.comparison)
        other = self._at(self.other, arguments) if self.other else 0.0
        if value is None or other is None or _COMPARISONS[self.comparison](value, other + self.number):
            return None
        if self.comparison == "<>":
            return zero_divisor(function, self.place)
        by_place = self.other if not self.number else 0
        return beyond(function, self.place, value, self.comparison, other + self.number, by_place)

    @staticmethod
    def _at(place: int, arguments: Sequence[Any]) -> float | None:
        value = arguments[place - 1] if place <= len(arguments) else None
        return value if isinstance(value, float | int) else None


def _read(place: str, comparison: str, against: str, mark: str = "") -> _Bound:
    if comparison in _BETWEEN:
        lowest, _, highest = against.partition("..")
        return _Bound(int(place), comparison, float(lowest), 0, mark == "!", float(highest))
    if not against.startswith("#"):
        return _Bound(int(place), comparison, float(against), 0, strict=mark == "!")
    other, _, more = against[1:].partition("+")
    return _Bound(int(place), comparison, float(more or 0), int(other), strict=mark == "!")


_BOUNDS: dict[str, list[_Bound]] = {}
for _line in _TABLE.split("\n")[1:-1]:
    _name, *_rest = _line.rstrip("* ").split()
    _BOUNDS.setdefault(_name, []).append(_read(*_rest))


def explained(function: str, arguments: Sequence[Any], error: ErrorValue) -> ErrorValue:
    """The error that Google gives where the engine gave another.

    Args:
        function: In capitals.
        arguments: As the engine was handed them, areas as blocks.
        error: The engine's.
    """
    problem = _first_broken(function, arguments, _BOUNDS.get(function, ())) or _in_no_base(function, arguments)
    kind = _KINDS.get(function, error.type) if error.type == "#NUM!" else error.type
    return problem or ErrorValue(kind, _ALWAYS.get(function, error.message))


def refused(function: str, arguments: Sequence[Any]) -> ErrorValue | None:
    """The error of what Google refuses before it reckons; `None` where it does not."""
    problem = _first_broken(function, arguments, [bound for bound in _BOUNDS.get(function, ()) if bound.strict])
    if problem is None and function in _SAME_SIZE and len({_size(argument) for argument in arguments}) > 1:
        return ErrorValue("#N/A", f"Array arguments to {_SAME_SIZE[function]} are of different size.")
    if problem is None and function in _BOTH_SIGNS and not _both_signs(function, arguments):
        return one_sign(function, _BOTH_SIGNS[function])
    return problem


def _first_broken(function: str, arguments: Sequence[Any], bounds: Sequence[_Bound]) -> ErrorValue | None:
    problems = (bound.broken(function, arguments) for bound in bounds)
    problem = next((problem for problem in problems if problem is not None), None)
    return None if problem is None else ErrorValue(_KINDS.get(function, problem.type), problem.message)


#: The base of each name, its digits' letter in a format, and the numbers that ten digits of it reach.
_BASES = {
    "BIN": (2, "b", (-512, 511)),
    "OCT": (8, "o", (-536870912, 536870911)),
    "HEX": (16, "x", (-549755813888, 549755813887)),
}
_CALLED = {"BIN": "binary", "OCT": "octal", "HEX": "hexadecimal"}


def _in_no_base(function: str, arguments: Sequence[Any]) -> ErrorValue | None:
    """Digits that are none, a number too large for the new base, or for the places asked for.

    A for BIN2HEX of "12", OCT2BIN, HEX2OCT, DEC2HEX and BIN2OCT.
    """
    old, _, new = function.partition("2")
    if not {old, new} <= {"DEC", *_CALLED}:
        return None
    number = arguments[0]
    if old == "DEC":
        if not isinstance(number, float):
            return None
        whole = int(number)
    else:
        text = str(int(number)) if isinstance(number, float) else str(number)
        base, _, (lowest, highest) = _BASES[old]
        try:
            whole = int(text, base)
        except ValueError:
            words = f"Input for {function} ('{text}') is not a valid {_CALLED[old]} representation."
            return ErrorValue("#NUM!", words)
        whole = whole + 2 * lowest if highest < whole < -2 * lowest else whole
    if new == "DEC":
        return None
    _, letter, ends = _BASES[new]
    if not ends[0] <= whole <= ends[1]:
        return between(function, 1, float(whole), ends, "#NUM!")
    places, needed = arguments[1] if len(arguments) > 1 else None, len(format(whole, letter))
    if whole < 0 or not isinstance(places, float) or not 0 < places < needed:
        return None
    shown = f"Insufficient places ({int(places)}) to render string for {function}."
    return ErrorValue("#NUM!", f"{shown} Requires at least {needed} places.")


def _size(argument: Any) -> tuple[int, int]:
    return (argument.rows, argument.columns) if isinstance(argument, Block) else (1, 1)


def _both_signs(function: str, arguments: Sequence[Any]) -> bool:
    """Whether money flows both ways: among the first argument's cells, for RATE among the three sums."""
    first = arguments[0]
    if isinstance(first, Block) and first.first_error() is not None:
        return True
    cells = arguments[1:4] if function == "RATE" else first.values() if isinstance(first, Block) else [first]
    numbers = [cell for cell in cells if isinstance(cell, float | int)]
    return any(number > 0 for number in numbers) and any(number < 0 for number in numbers)
