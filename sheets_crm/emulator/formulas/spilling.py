"""Whether a formula may spill: said of its text alone, before anybody works it out."""

from sheets_crm.emulator.formulas.nodes import Call, Constant, Infix, Name, Node, Prefix, RangeNode

__all__ = ["may_spill"]

#: They give one value of whatever they are given.
_ONE = frozenset(
    [
        "AND", "AVERAGE", "CONCATENATE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTUNIQUE", "MAX", "MEDIAN",
        "MIN", "NOW", "OR", "ROWS", "COLUMNS", "SHEETS", "SUM", "SPARKLINE", "SUMPRODUCT", "TEXTJOIN", "TODAY",
    ]
)  # fmt: skip
#: They give one value where each argument is one.
_OF_EACH = dict.fromkeys(
    [
        "ABS", "CHISQ.DIST.RT", "CHOOSE", "DATE", "DAY", "EXACT", "FIND", "FIXED", "HOUR", "HYPERLINK", "IF", "IFERROR",
        "INT", "ISBLANK", "ISERROR", "ISLOGICAL", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "LOWER", "MID", "MINUTE",
        "MOD", "MONTH", "N", "NOT", "RIGHT", "ROUND", "SEARCH", "SQRT", "SUBSTITUTE", "TEXT", "TRIM",
        "UPPER", "VALUE", "WEEKDAY", "YEAR",
    ],
    slice(0, None),
)  # fmt: skip
#: They give one value where each of these arguments is one.
_OF_CRITERIA = {
    "COUNTIF": slice(1, 2),
    "COUNTIFS": slice(1, None, 2),
    "MATCH": slice(0, 1),
    "XMATCH": slice(0, 1),
    "MAXIFS": slice(2, None, 2),
    "MINIFS": slice(2, None, 2),
    "SUMIF": slice(1, 2),
    "SUMIFS": slice(2, None, 2),
}
_SINGLE = _OF_EACH | _OF_CRITERIA


def may_spill(node: Node) -> bool:
    """Tell whether a formula may come to more than one cell; what is not known for sure may."""
    return not _is_one(node, frozenset())


def _is_one(node: Node, ones: frozenset[str]) -> bool:
    """Whether a part comes to one value; ``ones``: names that LET bound to one."""
    match node:
        case Constant():
            return True
        case RangeNode(reference=reference):
            return reference.single
        case Name(name=name):
            return name.lower() in ones
        case Prefix(operand=operand):
            return _is_one(operand, ones)
        case Infix(left=left, right=right):
            return _is_one(left, ones) and _is_one(right, ones)
        case Call(function="LET", arguments=arguments):
            return _is_one_let(arguments, ones)
        case Call(function="INDEX", arguments=(source, *places)) if places:
            return _is_one_index(source, places, ones)
        case Call(function="XLOOKUP", arguments=(key, keys, values, *rest)):
            return _is_column(keys) and _is_column(values) and all(_is_one(part, ones) for part in (key, *rest))
        case Call(function=function, arguments=arguments):
            matter = _SINGLE.get(function)
            return function in _ONE or (
                matter is not None and all(_is_one(argument, ones) for argument in arguments[matter])
            )
        case _:
            return False


def _is_one_let(arguments: tuple[Node, ...], ones: frozenset[str]) -> bool:
    for name, value in zip(arguments[:-1:2], arguments[1:-1:2], strict=False):
        if isinstance(name, Name):
            known = frozenset({name.name.lower()})
            ones = ones | known if _is_one(value, ones) else ones - known
    return bool(arguments) and _is_one(arguments[-1], ones)


def _is_one_index(source: Node, places: list[Node], ones: frozenset[str]) -> bool:
    """Whether INDEX names one row and one column; a place of 0 would be a whole one, and so is one left out."""
    whole = len(places) == 1 and not _is_column(source)
    return not whole and all(_is_one(place, ones) and _is_never_0(place) for place in places)


def _is_never_0(node: Node) -> bool:
    if isinstance(node, Constant):
        return isinstance(node.value, int | float) and node.value >= 1
    return isinstance(node, Call) and node.function in {"MATCH", "XMATCH"}


def _is_column(node: Node) -> bool:
    """Whether a part is a reference to cells of one column."""
    if not isinstance(node, RangeNode):
        return False
    reference = node.reference
    return reference.single or (reference.left is not None and reference.left == reference.right)
