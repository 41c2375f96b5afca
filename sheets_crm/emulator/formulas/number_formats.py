"""Number formats that formulas' results carry, and what operators make of two of them.

A cell of automatic format shows a formula's result as the formula implies: ``=TODAY()`` as a date, a sum of money as
money. What the API answers of such cells (`effectiveFormat.numberFormat`) names a type, and a pattern for amounts and
rates alone; a reference takes it on, DATEVALUE and TIMEVALUE have none (recorded, A). How two formats
meet in an operator is inferred (C), but for the guide's own sample, where $20.50, $15 and $100 sum up to $135.5 (A).
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from sheets_crm.emulator.languages import Language

__all__ = ["OF_ANY_VALUE", "NumberFormat", "combined", "led", "of_function", "settled"]

#: A `NumberFormat` of the API: `type`, and a `pattern` unless the type's default is meant.
NumberFormat: TypeAlias = Mapping[str, str]

#: Functions whose results are moments: what they imply has no pattern.
_MOMENTS_OF: dict[str, NumberFormat] = {
    "TODAY": {"type": "DATE"},
    "DATE": {"type": "DATE"},
    "EDATE": {"type": "DATE"},
    "EOMONTH": {"type": "DATE"},
    "WORKDAY": {"type": "DATE"},
    "WORKDAY.INTL": {"type": "DATE"},
    "TO_DATE": {"type": "DATE"},
    "NOW": {"type": "DATE_TIME"},
    "EPOCHTODATE": {"type": "DATE_TIME"},
    "TIME": {"type": "TIME"},
}
_RATES = {"IRR", "MIRR", "RATE", "TO_PERCENT"}
_AMOUNTS = {"DB", "DDB", "FV", "IPMT", "NPV", "PMT", "PPMT", "PV", "SLN", "SYD", "TO_DOLLARS", "VDB"}
#: Functions that give a text or a boolean back as it is, and imply their format all the same.
OF_ANY_VALUE = {"TO_DATE", "TO_DOLLARS", "TO_PERCENT"}

_DURATION: NumberFormat = {"type": "TIME", "pattern": "[h]:mm:ss"}
_MOMENTS = ("DATE", "TIME", "DATE_TIME")
#: Decimals as many as a number needs: where amounts of money with and without cents meet.
_AS_NEEDED = ".##"
_DECIMALS = re.compile(r"(?<=0)(\.[0#]+)?(?=[^0-9.#,]*$)")


def of_function(name: str, language: Language) -> NumberFormat | None:
    """Give the format that a function's results always have: dates, rates, amounts of money."""
    if name in _RATES:
        return {"type": "PERCENT", "pattern": "0%"}
    if name in _AMOUNTS:  # in dollars where the locale has them (recorded for en_US, A; elsewhere C)
        sign, before = language.currency
        return {"type": "CURRENCY", "pattern": f'"{sign}"#,##0.00' if before else f'#,##0.00 "{sign}"'}
    return _MOMENTS_OF.get(name)


def combined(operator: str, left: NumberFormat | None, right: NumberFormat | None) -> NumberFormat | None:
    """Say how ``left operator right`` shows when its sides show like this.

    The side that has a format gives it: a date and days make a date, money by a number money. A date less a date is
    a number of days, a time less a time a duration. What is compared, joined or raised to a power has none.
    """
    if operator not in "+-*/":
        return None
    first, second = _moment(left), _moment(right)
    if not first and not second:
        # A share of an amount is an amount, whichever side it stands on.
        shares_last = sorted((left, right), key=lambda side: (side or {}).get("type") == "PERCENT")
        return joint(shares_last)
    if operator == "-" and first and second:
        return None if first == second == "DATE" else _DURATION
    if operator in "*/" or (operator == "-" and not first):
        return None
    return left if first else right


def _moment(number_format: NumberFormat | None) -> str:
    kind = number_format.get("type", "") if number_format else ""
    return kind if kind in _MOMENTS else ""


def led(formats: Iterable[NumberFormat | None]) -> NumberFormat | None:
    """Give the format of a sum or an average: that of its first number, so none after a plain one (C)."""
    each = list(formats)
    return joint(each) if each and each[0] is not None else None


def joint(formats: Iterable[NumberFormat | None]) -> NumberFormat | None:
    """Give the format that several numbers have together: the first; of money with other decimals, as needed."""
    result: NumberFormat | None = None
    for number_format in formats:
        if number_format is None or number_format == result:
            continue
        if result is None:
            result = number_format
        elif result.get("type") == number_format.get("type") == "CURRENCY":
            result = _money(result, number_format)
    return result


def _money(first: NumberFormat, second: NumberFormat) -> NumberFormat:
    """Money with as many decimals as needed where two patterns differ in decimals alone; the first otherwise."""
    patterns = [_DECIMALS.sub(_AS_NEEDED, one.get("pattern", ""), count=1) for one in (first, second)]
    return {"type": "CURRENCY", "pattern": patterns[0]} if patterns[0] == patterns[1] != "" else first


def settled(number_format: NumberFormat | None, value: float) -> NumberFormat | None:
    """Fix the decimals that were left open, by the number that is shown; none beyond cents."""
    pattern = number_format.get("pattern", "") if number_format else ""
    if number_format is None or _AS_NEEDED not in pattern:
        return number_format
    decimals = f"{abs(value):.2f}".partition(".")[2].rstrip("0")
    shown = "." + "0" * len(decimals) if decimals else ""
    return {**number_format, "pattern": pattern.replace(_AS_NEEDED, shown)}
