"""The format that a formula implies for a cell of automatic format: ``=TODAY()+1`` shows a date."""

from sheets_crm.emulator.formulas.nodes import Call, Infix, Node
from sheets_crm.emulator.formulas.parser import parse
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError

__all__ = ["implied_format"]

_TYPES = {
    "TODAY": "DATE",
    "DATE": "DATE",
    "DATEVALUE": "DATE",
    "EDATE": "DATE",
    "EOMONTH": "DATE",
    "WORKDAY": "DATE",
    "TO_DATE": "DATE",
    "NOW": "DATE_TIME",
    "TIME": "TIME",
    "TIMEVALUE": "TIME",
    "TO_PERCENT": "PERCENT",
    "TO_DOLLARS": "CURRENCY",
}
_PASSING = {"IF": (1, 2), "IFERROR": (0, 1), "IFNA": (0, 1), "ARRAYFORMULA": (0,), "MAX": (0,), "MIN": (0,)}


def implied_format(formula: str, locale: str) -> dict[str, str] | None:
    """Give the number format that a formula's functions imply, without its pattern; `None` when they imply none.

    Google also carries over the format of the cells that a formula reads, which is not done here.
    """
    try:
        kind = _kind(parse(formula, locale))
    except FormulaSyntaxError:
        return None
    return None if kind is None else {"type": kind}


def _kind(node: Node) -> str | None:
    match node:
        case Call(function=function, arguments=arguments) if function in _PASSING:
            places = [place for place in _PASSING[function] if place < len(arguments)]
            return next((kind for place in places if (kind := _kind(arguments[place])) is not None), None)
        case Call(function=function):
            return _TYPES.get(function)
        case Infix(operator="+" | "-" as operator, left=left, right=right):
            first, second = _kind(left), _kind(right)
            # A date less a date is a number of days.
            return None if operator == "-" and first and second else first or (second if operator == "+" else None)
        case _:
            return None
