"""A formula ready to be worked out: parsed, with what it reads and whether time alone changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.a1 import Reference
from sheets_crm.emulator.formulas.engine import FunctionEngine
from sheets_crm.emulator.formulas.library import declared
from sheets_crm.emulator.formulas.nodes import Call, Constant, Name, Node, RangeNode, descendants
from sheets_crm.emulator.formulas.parser import parse
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError

__all__ = ["Compiled", "compile_formula"]

_VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"})
_DYNAMIC = frozenset({"INDIRECT", "OFFSET"})
_BINDING = frozenset({"LET", "LAMBDA"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """One formula.

    Attributes:
        text: As entered.
        node: The parsed formula; an error when it cannot be parsed or holds a function that is refused.
        references: The references it holds.
        names: The names it holds, in lower case: named ranges, and those that LET and LAMBDA bind.
        volatile: It changes with time.
        dynamic: What it reads is known only when it is worked out.
        refusal: Why it is refused, if it is.
    """

    text: str
    node: Node
    references: tuple[Reference, ...] = ()
    names: tuple[str, ...] = ()
    volatile: bool = False
    dynamic: bool = False
    refusal: str | None = None


def compile_formula(text: str, locale: str, engine: FunctionEngine) -> Compiled:
    """Parse a formula and note what it reads; text that is no formula in this locale compiles to ``#ERROR!``."""
    try:
        node, calls, names, references = _taken_apart(text, locale)
    except FormulaSyntaxError as problem:
        return Compiled(text, Constant(ErrorValue("#ERROR!", str(problem))))
    except RecursionError:
        return Compiled(text, Constant(ErrorValue("#ERROR!", "Formula parse error: nested too deeply")))
    refusal = _refusal(calls, names, engine)
    if refusal is not None:
        return Compiled(text, Constant(ErrorValue("#NAME?", refusal)), refusal=refusal)
    return Compiled(text, node, references, names, not calls.isdisjoint(_VOLATILE), not calls.isdisjoint(_DYNAMIC))


@lru_cache(maxsize=16_384)
def _taken_apart(text: str, locale: str) -> tuple[Node, frozenset[str], tuple[str, ...], tuple[Reference, ...]]:
    """A parsed formula with the functions, names and references that it holds; the same for all workbooks.

    Raises:
        FormulaSyntaxError: It is no formula in this locale.
        RecursionError: It is nested too deeply.
    """
    node = parse(text, locale)
    parts = list(descendants(node))
    calls = frozenset(part.function for part in parts if isinstance(part, Call))
    names = tuple(dict.fromkeys(part.name.lower() for part in parts if isinstance(part, Name)))
    references = tuple(dict.fromkeys(part.reference for part in parts if isinstance(part, RangeNode)))
    return node, calls, names, references


def _refusal(calls: frozenset[str], names: tuple[str, ...], engine: FunctionEngine) -> str | None:
    bound: Mapping[str, None] = dict.fromkeys(names) if calls & _BINDING else {}
    for call in sorted(calls):
        if call not in declared() and call.lower() not in bound:
            reason = engine.refusal(call)
            if reason is not None:
                return reason
    return None
