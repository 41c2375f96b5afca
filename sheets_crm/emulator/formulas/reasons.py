"""What Google says of a formula's error: the `message` of the API's `ErrorValue`, in brackets in unformatted values.

Grades: **A** an answer Google really sent, **B** reported word for word, **C** Google's pattern of words, for a
case that nobody is known to have quoted. A text without a mark below is B.
"""

from typing import TypeAlias

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.languages import language_of
from sheets_crm.emulator.numerals import plain_number

__all__ = [
    "CIRCULAR",
    "MISSING_IN_LITERAL",
    "NOT_A_RANGE",
    "NO_ARRAY_VALUE",
    "NO_MATCH",
    "NO_REFERENCE",
    "PARSE_ERROR",
    "at_least",
    "between",
    "beyond",
    "cannot_be_parsed",
    "divided_by_zero",
    "greater_than",
    "missing_value",
    "no_such_text",
    "no_text",
    "no_value",
    "not_coerced",
    "one_sign",
    "out_of_bounds",
    "out_of_range",
    "sizes_differ",
    "too_long",
    "unknown_function",
    "unknown_name",
    "wrong_count",
    "zero_divisor",
]

_Scalar: TypeAlias = str | float | bool | None

#: A.
PARSE_ERROR = ErrorValue("#ERROR!", "Formula parse error.")
NO_REFERENCE = ErrorValue("#REF!", "Reference does not exist.")
NO_ARRAY_VALUE = ErrorValue("#VALUE!", "An array value could not be found.")
NOT_A_RANGE = ErrorValue("#N/A", "Argument must be a range.")
NO_MATCH = ErrorValue("#N/A", "No match.")
CIRCULAR = ErrorValue(
    "#REF!", "Circular dependency detected. To resolve with iterative calculation, see File > Settings."
)
MISSING_IN_LITERAL = ErrorValue(
    "#VALUE!", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows."
)
_ENGLISH = language_of("en_US")


def _shown(value: _Scalar) -> str:
    """Messages are in English whatever the locale (C), and so are the numbers in them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return plain_number(value, _ENGLISH) if isinstance(value, float | int) else str(value or "")


def unknown_function(typed: str) -> ErrorValue:
    """A name that is no function of Google's, spelled as it was typed. A."""
    return ErrorValue("#NAME?", f"Unknown function: '{typed}'.")


def unknown_name(name: str) -> ErrorValue:
    """A word that is no named range and bound by nothing."""
    return ErrorValue("#NAME?", f"Unknown range name: '{name.upper()}'.")


def wrong_count(function: str, least: int, most: int | None, given: int) -> ErrorValue:
    """Too many or too few arguments; `most` is `None` where any number may follow."""
    expected = f"at least {least}" if most is None else f"between {least} and {most}"
    if least == most:
        expected = str(least)
    return ErrorValue(
        "#N/A",
        f"Wrong number of arguments to {function}. Expected {expected} arguments, but got {given} arguments.",
    )


def not_coerced(function: str, place: int, value: _Scalar, wanted: str) -> ErrorValue:
    """An argument of the wrong kind; `wanted` is ``number``, ``boolean`` or ``text``. A for text as a number."""
    kind = "boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    return ErrorValue(
        "#VALUE!",
        f"Function {function} parameter {place} expects {wanted} values. "
        f"But '{_shown(value)}' is a {kind} and cannot be coerced to a {wanted}.",
    )


def zero_divisor(function: str, place: int = 2) -> ErrorValue:
    """An argument that divides. A for DIVIDE."""
    return ErrorValue("#DIV/0!", f"Function {function} parameter {place} cannot be zero.")


def divided_by_zero(function: str) -> ErrorValue:
    """A function that came to divide by zero, such as AVERAGE of nothing."""
    return ErrorValue("#DIV/0!", f"Evaluation of function {function} caused a divide by zero error.")


def at_least(function: str, place: int, value: _Scalar, least: float, kind: str = "#NUM!") -> ErrorValue:
    """An argument that is too small; below 0 it is called negative (A for FACT, MID, SQRT, and for other bounds)."""
    if least == 0:
        words = f"Function {function} parameter {place} value is negative. It should be positive or zero."
        return ErrorValue(kind, words)
    return _bounded(function, place, value, f"It should be greater than or equal to {_shown(least)}.", kind)


def greater_than(function: str, place: int, value: _Scalar, bound: float, kind: str = "#NUM!") -> ErrorValue:
    """An argument that must lie above a bound."""
    return _bounded(function, place, value, f"It should be greater than {_shown(bound)}.", kind)


_COMPARED = {
    ">": "greater than",
    ">=": "greater than or equal to",
    "<": "less than",
    "<=": "less than or equal to",
}


def beyond(
    function: str, place: int, value: float, comparison: str, bound: float, by_place: int = 0
) -> ErrorValue:
    """An argument outside its domain; `by_place` is the place of the argument that bounds it. A for each form."""
    if comparison == ">=":
        return at_least(function, place, value, bound)
    limit = (
        f"value of Function {function} parameter {by_place} with {_shown(bound)}" if by_place else _shown(bound)
    )
    return _bounded(function, place, value, f"It should be {_COMPARED[comparison]} {limit}.", "#NUM!")


#: A for each form.
_ENDS = {
    "in": "Valid values are between {} and {} inclusive.",
    "within": "Valid values are between {} and {} exclusive.",
    "outside": "Valid values cannot be between {} and {} inclusive.",
}


def between(
    function: str, place: int, value: _Scalar, ends: tuple[float, float], kind: str, how: str = "in"
) -> ErrorValue:
    """An argument that must lie between two ends, both allowed, or as `how` says it."""
    words = _ENDS[how].format(_shown(ends[0]), _shown(ends[1]))
    return _bounded(function, place, value, words, kind)


def _bounded(function: str, place: int, value: _Scalar, words: str, kind: str) -> ErrorValue:
    return ErrorValue(kind, f"Function {function} parameter {place} value is {_shown(value)}. {words}")


def out_of_range(function: str, place: int, value: _Scalar, kind: str = "#NUM!") -> ErrorValue:
    """An argument that asks for what is not there, such as the ninth largest of five."""
    return ErrorValue(kind, f"Function {function} parameter {place} value {_shown(value)} is out of range.")


def out_of_bounds(function: str) -> ErrorValue:
    """A column or a cell outside what was given."""
    return ErrorValue("#REF!", f"{function} evaluates to an out of bounds range.")


def missing_value(function: str, value: _Scalar) -> ErrorValue:
    """A lookup that finds nothing. A for VLOOKUP."""
    return ErrorValue("#N/A", f"Did not find value '{_shown(value)}' in {function} evaluation.")


def no_such_text(function: str, wanted: str, text: str) -> ErrorValue:
    """A text that another does not hold."""
    return ErrorValue("#VALUE!", f"In {function} evaluation, cannot find '{wanted}' within '{text}'.")


def no_text(function: str, place: int) -> ErrorValue:
    """An empty text where one must be."""
    return ErrorValue("#VALUE!", f"Function {function} parameter {place} value should be non-empty.")


def no_value(function: str, kind: str = "#VALUE!") -> ErrorValue:
    """A function that was given nothing to look at. A for RANK of a number that is not there."""
    return ErrorValue(kind, f"{function} has no valid input data.")


def cannot_be_parsed(function: str, value: _Scalar, what: str = "date/time") -> ErrorValue:
    """A text that is no date, time or number. A for DATEVALUE."""
    return ErrorValue("#VALUE!", f"{function} parameter '{_shown(value)}' cannot be parsed to {what}.")


def one_sign(function: str, kind: str) -> ErrorValue:
    """Payments that all flow one way. A."""
    return ErrorValue(
        kind, f"In {function} evaluation, the value array must include positive and negative numbers."
    )


def sizes_differ(function: str, wanted: tuple[int, int], given: tuple[int, int], kind: str) -> ErrorValue:
    """Ranges that must have the same rows and columns and do not."""
    return ErrorValue(
        kind,
        f"{function} has mismatched range sizes. Expected row count: {wanted[0]}. column count: {wanted[1]}. "
        f"Actual row count: {given[0]}, column count: {given[1]}.",
    )


def too_long(function: str, limit: int) -> ErrorValue:
    """A text that no function may give."""
    return ErrorValue("#VALUE!", f"Text result of {function} is longer than the limit of {limit} characters.")
