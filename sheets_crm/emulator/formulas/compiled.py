"""A formula ready to be worked out: parsed, with what it reads and whether time alone changes it."""

from dataclasses import dataclass
from functools import lru_cache

from sheets_crm.emulator.formulas.a1 import Reference
from sheets_crm.emulator.formulas.nodes import Call, Constant, Name, Node, RangeNode, descendants
from sheets_crm.emulator.formulas.parser import parse
from sheets_crm.emulator.formulas.reasons import PARSE_ERROR
from sheets_crm.emulator.formulas.spilling import may_spill
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError

__all__ = ["Compiled", "compile_formula"]

_VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"})
#: SUBTOTAL looks at which rows are hidden, which changes no column.
_DYNAMIC = frozenset({"INDIRECT", "OFFSET", "SUBTOTAL", "TO_TEXT"})
_ANYWHERE = frozenset({"INDIRECT", "OFFSET"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """One formula.

    Attributes:
        text: As entered.
        node: The parsed formula; an error when it cannot be parsed.
        references: The references it holds.
        names: The names it holds, in lower case: named ranges, and those that LET and LAMBDA bind.
        volatile: It changes with time.
        dynamic: What it reads is known only when it is worked out, or is no cell.
        anywhere: It may read cells that it does not name, of any tab.
        spills: It may come to more than one cell.
    """

    text: str
    node: Node
    references: tuple[Reference, ...] = ()
    names: tuple[str, ...] = ()
    volatile: bool = False
    dynamic: bool = False
    anywhere: bool = False
    spills: bool = False


def compile_formula(text: str, locale: str) -> Compiled:
    """Parse a formula and note what it reads; text that is no formula in this locale compiles to ``#ERROR!``."""
    try:
        return _compiled(text, locale)
    except (FormulaSyntaxError, RecursionError):
        return Compiled(text, Constant(PARSE_ERROR))


@lru_cache(maxsize=16_384)
def _compiled(text: str, locale: str) -> Compiled:
    """A formula ready to be worked out; the same for all workbooks.

    Raises:
        FormulaSyntaxError: It is no formula in this locale.
        RecursionError: It is nested too deeply.
    """
    node = parse(text, locale)
    parts = list(descendants(node))
    calls = frozenset(part.function for part in parts if isinstance(part, Call))
    names = tuple(dict.fromkeys(part.name.lower() for part in parts if isinstance(part, Name)))
    references = tuple(dict.fromkeys(part.reference for part in parts if isinstance(part, RangeNode)))
    volatile, dynamic, anywhere = (not calls.isdisjoint(some) for some in (_VOLATILE, _DYNAMIC, _ANYWHERE))
    return Compiled(text, node, references, names, volatile, dynamic, anywhere, may_spill(node))
