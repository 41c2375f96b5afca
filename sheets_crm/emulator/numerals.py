"""Write numbers in digits as a cell of automatic format shows them."""

from sheets_crm.emulator.languages import Language

__all__ = ["plain_number"]

_LARGEST_WHOLE = 1e15
_SMALLEST_PLAIN = 1e-9


def plain_number(number: float, language: Language, *, digits: int = 10) -> str:
    """Write a number without a format.

    Whole numbers below 10^15 are written whole; others with so many significant digits (a cell shows 10,
    text made from a number 15), very large and very small ones as ``1.5E+20``.
    """
    size = abs(number)
    if number == int(number) and size < _LARGEST_WHOLE:
        return str(int(number))
    if size >= _LARGEST_WHOLE or size < _SMALLEST_PLAIN:
        return _scientific(number, min(digits, 6) if digits == 10 else digits).replace(".", language.decimal)
    text = f"{number:.{digits}g}"
    if "e" in text:
        places = max(0, digits - 1 - int(text.split("e")[1]))
        text = f"{number:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", language.decimal)


def _scientific(number: float, digits: int) -> str:
    mantissa, _, power = f"{number:.{digits - 1}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{power[0]}{power[1:].lstrip('0').rjust(2, '0')}"
