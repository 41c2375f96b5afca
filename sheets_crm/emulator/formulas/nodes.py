"""A parsed formula."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.a1 import Reference

__all__ = ["Apply", "ArrayNode", "Call", "Constant", "Infix", "Name", "Node", "Prefix", "RangeNode", "descendants"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, TRUE, FALSE, an error or an argument left out."""

    value: CellValue


@dataclass(frozen=True, slots=True)
class RangeNode:
    """A reference to a cell or a range."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Name:
    """A named range or a name bound by LET or LAMBDA."""

    name: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """A sign before, or a percent sign after (``%``), a value."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Infix:
    """Two values and the operator between them."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function, its name in capitals, with its arguments; `typed` is the name as it was written."""

    function: str
    arguments: tuple["Node", ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Apply:
    """A function that an expression gives, called at once: ``LAMBDA(x;x+1)(4)``."""

    function: "Node"
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ArrayNode:
    """An array in braces, row by row."""

    rows: tuple[tuple["Node", ...], ...]


Node: TypeAlias = Constant | RangeNode | Name | Prefix | Infix | Call | Apply | ArrayNode


def descendants(node: Node) -> Iterator[Node]:
    """Give a node and everything below it."""
    yield node
    match node:
        case Prefix(operand=operand):
            yield from descendants(operand)
        case Infix(left=left, right=right):
            yield from descendants(left)
            yield from descendants(right)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from descendants(argument)
        case Apply(function=function, arguments=arguments):
            for part in (function, *arguments):
                yield from descendants(part)
        case ArrayNode(rows=rows):
            for row in rows:
                for part in row:
                    yield from descendants(part)
        case _:
            return
