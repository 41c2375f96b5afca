"""What payments are worth: NPV, XNPV, FVSCHEDULE, IPMT; the rest of finance is lent."""

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.reasons import greater_than, out_of_range, zero_divisor
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
    for cell in context.block(dates).values():
        if isinstance(cell, str):
            words = f"XNPV expects number values. But '{cell}' is a text and cannot be coerced to a number."
            raise Failure(ErrorValue("#VALUE!", words))
    payments, days = numbers_of(context, (values,)), np.floor(numbers_of(context, (dates,)))
    by = to_number(rate, context.language)
    if payments.size != days.size:
        raise Failure(ErrorValue("#NUM!", "Array arguments to XNPV are of different size."))
    if not payments.size or (days < days[0]).any():
        raise Failure(ErrorValue("#NUM!", "XNPV needs a date for each payment, none before the first."))
    if by <= -1:
        raise Failure(greater_than("XNPV", 1, by, -1))
    return normal(float((payments / (1 + by) ** ((days - days[0]) / _DAYS_OF_YEAR)).sum()))


@function("IPMT", "ssssss", least=4)
def _ipmt(context: Context, rate: CellValue, period: CellValue, *sums: CellValue) -> float:
    """The part of one payment that is interest, in the order of steps that gives Google's last digits (A)."""
    by, which = to_number(rate, context.language), to_number(period, context.language)
    count, worth, *rest = (to_number(value, context.language) for value in sums)
    later, first = ([*rest, 0.0, 0.0])[:2]
    if not 1 <= which <= count:
        raise Failure(out_of_range("IPMT", 2, which))
    if by == 0 or (first and which == 1):
        # Nothing has borne interest when the first payment is due at once.
        return 0.0
    whole, past = (1 + by) ** count, (1 + by) ** (which - 1)
    interest = -(worth * by * (whole - past) - later * by * (past - 1)) / (whole - 1)
    return normal(interest / (1 + by) if first else interest)


@function("FVSCHEDULE", "sr")
def _fvschedule(context: Context, principal: CellValue, rates: Value) -> float:
    """A sum after one rate of interest upon another; TRUE and ``"5"`` among them are rates, other text is none (B)."""
    worth = to_number(principal, context.language)
    for rate in context.block(rates).values():
        if isinstance(rate, ErrorValue):
            raise Failure(rate)
        worth *= 1 + to_number(rate, context.language)
    return normal(worth)
