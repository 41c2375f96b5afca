"""What payments are worth: NPV, XNPV, FVSCHEDULE; the rest of finance is lent."""

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.reasons import greater_than, zero_divisor
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure, Value

__all__: list[str] = []

_DAYS_OF_YEAR = 365


@function("NPV", "sr", repeat="r", least=2)
def _npv(context: Context, rate: CellValue, *values: Value) -> float:
    """The worth today of payments at the end of each period; TRUE and ``"5"`` alone are payments too (B)."""
    payments, by = numbers_of(context, values), to_number(rate, context.language)
    if by == -1:
        raise Failure(zero_divisor("NPV", 1))
    return normal(float((payments / (1 + by) ** np.arange(1, payments.size + 1)).sum()))


@function("XNPV", "srr")
def _xnpv(context: Context, rate: CellValue, values: Value, dates: Value) -> float:
    """The worth, on the first day, of payments on other days; a rate of 0 is one too (B)."""
    payments, days = numbers_of(context, (values,)), np.floor(numbers_of(context, (dates,)))
    by = to_number(rate, context.language)
    if payments.size != days.size or not payments.size or (days < days[0]).any():
        raise Failure(ErrorValue("#NUM!", "XNPV needs a date for each payment, none before the first."))
    if by <= -1:
        raise Failure(greater_than("XNPV", 1, by, -1))
    return normal(float((payments / (1 + by) ** ((days - days[0]) / _DAYS_OF_YEAR)).sum()))


@function("FVSCHEDULE", "sr")
def _fvschedule(context: Context, principal: CellValue, rates: Value) -> float:
    """A sum after one rate of interest upon another; TRUE and ``"5"`` among them are rates, other text is none (B)."""
    worth = to_number(principal, context.language)
    for rate in context.block(rates).values():
        if isinstance(rate, ErrorValue):
            raise Failure(rate)
        worth *= 1 + to_number(rate, context.language)
    return normal(worth)
