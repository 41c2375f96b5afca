"""Numbers shown by a pattern's tokens (Sheets API guide "Date & number formats", A where nothing else is said)."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from sheets_crm.emulator.format_patterns import Tokens, kept, literal
from sheets_crm.emulator.languages import Language

__all__ = ["shown_number"]

_EXACT_DIGITS = 15
_MOST_PLACES = 400  # no double has a digit behind these
_MOST_SCALE = 1000
_ARITHMETIC = Context(prec=4000, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class _Places:
    """The places for digits of a section, over all its groups of them.

    Attributes:
        whole: Those before the decimal point, as ``##0``.
        fraction: Those after it.
        grouped: Whether thousands are separated.
        scale: The power of ten that commas and percent signs multiply by.
        any: Whether there are any.
        power: Where the exponent stands among the tokens; behind them without one.
        ratio: Where the fraction stands, as ``#/8``.
    """

    whole: str
    fraction: str
    grouped: bool
    scale: int
    any: bool
    power: int
    ratio: int | None


def shown_number(value: float, tokens: Tokens, language: Language) -> str:
    """Show a number as its section says; the minus stands before everything, where a digit but 0 is shown."""
    places = _places(tokens)
    shown = _with_digits if places.ratio is None else _with_fraction
    body, nonzero = shown(value, tokens, places, language)
    return "-" + body if value < 0 and nonzero else body


def _with_digits(value: float, tokens: Tokens, places: _Places, language: Language) -> tuple[str, bool]:
    """The digits take their places from the right, over all groups: ``000-0000`` is one number (C)."""
    power = places.power
    if power < len(tokens):
        whole, after, exponent = _scientific(abs(value), places)
    else:
        (whole, after), exponent = _rounded(abs(value), places.scale, len(places.fraction)), 0
    slots = _whole_slots(whole, places.whole, language.group if places.grouped else "")
    ends = _fraction_slots(after, places.fraction)
    if not places.whole:
        slots = [whole]
    writer = _Writer(slots, ends, language.decimal, lone=not places.whole)
    parts = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "digits" and place < power:
            parts.append(writer.group(text))
        elif kind == "power" and place == power:
            parts.append(_exponent(exponent, text))
        else:
            parts.append(literal(kind, text))
    return "".join(parts), places.any and bool((whole + after).strip("0"))


class _Writer:
    """Hands out a number's digits to the groups of places, from left to right."""

    def __init__(self, whole: list[str], fraction: list[str], decimal: str, *, lone: bool) -> None:
        self._slots, self._fraction, self._decimal = iter(whole), iter(fraction), decimal
        self._lone, self._after_point = lone, False

    def group(self, text: str) -> str:
        """Fill one group; the first period is the decimal point, those after it are literals."""
        shown = []
        for sign in text:
            if sign in "0#?":
                shown.append(next(self._slots, ""))
            elif sign == "." and self._after_point:
                shown.append(sign)
            elif sign == ".":
                shown.append((next(self._slots, "") if self._lone else "") + self._decimal)
                self._slots, self._after_point = self._fraction, True
        return "".join(shown)


@kept
def _places(tokens: Tokens) -> _Places:
    ratio = next((place for place, (kind, _) in enumerate(tokens) if kind == "fraction"), None)
    power = next((place for place, (kind, _) in enumerate(tokens) if kind == "power"), len(tokens))
    if ratio is not None:
        power = len(tokens)
    joined = "".join(text for kind, text in tokens[:power] if kind == "digits")
    whole, _, fraction = joined.partition(".")
    inner = whole.rstrip(",")
    commas = len(whole) - len(inner) + fraction.count(",")
    percents = sum(kind == "percent" for kind, _ in tokens)
    scale = max(-_MOST_SCALE, min(_MOST_SCALE, 2 * percents - 3 * commas))
    bare = fraction.replace(",", "").replace(".", "")
    return _Places(inner.replace(",", ""), bare, "," in inner, scale, bool(joined), power, ratio)


def _rounded(size: float, scale: int, places: int) -> tuple[str, str]:
    """The digits before and after the point, rounded half away from zero.

    Spreadsheets round what fifteen digits show, so that the noise of binary fractions does not count.
    """
    number = Decimal(f"{size:.{_EXACT_DIGITS}g}")
    shown = min(places, _MOST_PLACES)
    if number.adjusted() + scale + shown >= _EXACT_DIGITS:
        number = Decimal(repr(size))
    scaled = number.scaleb(scale, _ARITHMETIC).quantize(Decimal(1).scaleb(-shown), context=_ARITHMETIC)
    whole, _, fraction = f"{scaled:f}".partition(".")
    return whole.lstrip("0"), fraction.ljust(places, "0")


def _scientific(size: float, places: _Places) -> tuple[str, str, int]:
    """Digits and exponent; the exponent goes by as many as there are places before the point (3 for ``##0``)."""
    step = min(max(1, len(places.whole)), _MOST_PLACES)
    if not size:
        return (*_rounded(size, 0, len(places.fraction)), 0)
    power = Decimal(f"{size:.{_EXACT_DIGITS}g}").adjusted() + places.scale
    exponent = power // step * step + (0 if places.whole else 1)
    whole, fraction = _rounded(size, places.scale - exponent, len(places.fraction))
    if len(whole) > len(places.whole):
        exponent += step
        whole, fraction = _rounded(size, places.scale - exponent, len(places.fraction))
    return whole, fraction, exponent


def _exponent(exponent: int, text: str) -> str:
    sign = "-" if exponent < 0 else "+" if text[1] == "+" else ""
    return text[0] + sign + "".join(_whole_slots(str(abs(exponent)), text[2:], "", zero="0"))


def _whole_slots(digits: str, places: str, mark: str, *, zero: str = "") -> list[str]:
    """Put a whole number's digits in their places; the first place takes all that the others leave.

    A missing digit is a 0 at the places of 0, a space at those of ?, nothing at #.
    """
    digits = digits.lstrip("0") or zero
    missing = places[: max(len(places) - len(digits), 0)]
    first_zero = missing.find("0")
    slots = [" " if place == "?" else "" for place in (missing if first_zero < 0 else missing[:first_zero])]
    digits = "0" * (len(missing) - len(slots)) + digits
    marked = [
        digit + (mark if rest and not rest % 3 else "")
        for digit, rest in zip(digits, range(len(digits) - 1, -1, -1), strict=True)
    ]
    extra = len(marked) + len(slots) - len(places)
    if extra > 0 and places:
        marked = ["".join(marked[: extra + 1]), *marked[extra + 1 :]]
    return slots + marked


def _fraction_slots(digits: str, places: str) -> list[str]:
    slots = list(digits)
    for place in range(len(places) - 1, -1, -1):
        if places[place] == "0" or slots[place] != "0":
            break
        slots[place] = " " if places[place] == "?" else ""
    return slots


def _with_fraction(value: float, tokens: Tokens, places: _Places, language: Language) -> tuple[str, bool]:
    """Show a number with a fraction; of one that is rounded to nothing, the blank before it is left out too."""
    percents = sum(kind == "percent" for kind, _ in tokens)
    exact = Fraction(abs(value)) * 100 ** min(percents, _MOST_SCALE)
    place = places.ratio or 0
    whole, fraction = _fraction(exact, tokens[place][1], bool(places.whole))
    slots = _whole_slots(str(whole), places.whole, language.group if places.grouped else "")
    writer = _Writer(slots, [], language.decimal, lone=False)
    parts = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "digits":
            parts.append(writer.group(text))
        elif kind == "fraction":
            parts.append(fraction if index == place else "")
        elif not (text == " " and kind == "other" and index == place - 1 and not fraction):
            parts.append(literal(kind, text))
    return "".join(parts), bool(whole) or any(sign in fraction for sign in "123456789")


def _fraction(exact: Fraction, text: str, whole_too: bool) -> tuple[int, str]:
    """Split a number into what stands before a fraction and the fraction, as ``1/8`` in the places of ``???/???``."""
    above, _, below = text.partition("/")
    whole = math.floor(exact) if whole_too else 0
    free = below[0] in "0#?"
    if free:
        rest = (exact - whole).limit_denominator(10 ** min(len(below), _EXACT_DIGITS) - 1)
    else:
        rest = Fraction(math.floor((exact - whole) * int(below) + Fraction(1, 2)), int(below))
    if whole_too and rest >= 1:
        whole, rest = whole + 1, rest - 1
    if whole_too and not rest:
        return whole, " " * (len(text) if "?" in text else 0)
    lower = rest.denominator if free else int(below)
    upper = str(rest.numerator * (lower // rest.denominator))
    return whole, f"{_to_right(upper, above)}/{_to_left(str(lower), below)}"


def _to_right(digits: str, places: str) -> str:
    return digits.rjust(len(places), "0" if "0" in places else " ") if "#" not in places else digits


def _to_left(digits: str, places: str) -> str:
    return digits.ljust(len(places)) if "?" in places else digits
