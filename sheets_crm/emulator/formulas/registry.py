"""How a function of formulas is declared: its name, its arguments, and what it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.a1 import Reference
from sheets_crm.emulator.formulas.nodes import Node
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.formulas.values import Area, Block, Value
from sheets_crm.emulator.languages import Language

__all__ = ["FUNCTIONS", "CellSource", "Context", "Function", "Lambda", "function"]


class CellSource(Protocol):
    """The workbook's cells, computed ones included. Indices count from 0."""

    def titles(self) -> Sequence[str]:
        """Give the tabs' names in order."""
        ...

    def known_title(self, title: str) -> str | None:
        """Give a tab's name as the workbook spells it; case does not matter."""
        ...

    def size(self, title: str) -> tuple[int, int] | None:
        """Give a tab's rows and columns; `None` when there is no such tab."""
        ...

    def cell(self, title: str, row: int, column: int) -> CellValue:
        """Give one cell's value."""
        ...

    def block(self, area: Area) -> Block:
        """Give the values of an area."""
        ...

    def filled(self, area: Area) -> int:
        """Count the cells of an area that are not blank."""
        ...

    def hidden_rows(self, title: str) -> tuple[frozenset[int], frozenset[int]]:
        """Give the rows of a tab that a filter hides, and those that a person hides."""
        ...

    def formula(self, title: str, row: int, column: int) -> str | None:
        """Give the text of a cell's formula, if it holds one."""
        ...


@dataclass(frozen=True)
class Lambda:
    """A function made by LAMBDA: its parameters, its body, and the names bound around it."""

    parameters: tuple[str, ...]
    body: Node
    names: dict[str, Any]


class Context(Protocol):
    """What a function's body may ask of the evaluation it is part of."""

    language: Language
    now: datetime
    source: CellSource
    title: str
    row: int
    column: int
    arrays: bool

    def evaluate(self, node: Node) -> Value:
        """Work out a part of the formula."""
        ...

    def cell(self, value: Value) -> CellValue:
        """Bring a value down to one cell: of a range the formula's own row or column, of an array the first."""
        ...

    def block(self, value: Value) -> Block:
        """Bring a value up to a block."""
        ...

    def area(self, text: str) -> Area:
        """Resolve a reference written as text."""
        ...

    def resolve(self, reference: Reference) -> Area:
        """Bound a reference to the grid it lies on."""
        ...

    def shown_format(self, node: Node, down: int = 0, right: int = 0) -> NumberFormat | None:
        """Give the number format in which a cell of what a part comes to is shown."""
        ...

    def bind(self, names: dict[str, Any]) -> dict[str, Any]:
        """Put more names in scope; give those that were, to put back with `restore`."""
        ...

    def restore(self, names: dict[str, Any]) -> None:
        """Put back the names that `bind` gave."""
        ...

    def apply(self, function: Lambda, *arguments: Value) -> Value:
        """Call a LAMBDA."""
        ...


Body: TypeAlias = Callable[..., Any]
_Body = TypeVar("_Body", bound=Body)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of formulas.

    Attributes:
        name: In capitals, as formulas write it.
        body: Called with the context and the arguments.
        fixed: A letter for each leading argument: ``s`` one cell (repeated over blocks where arrays are
            evaluated), ``r`` any value as it is, ``l`` a LAMBDA or any value, ``n`` the argument's node, not
            worked out yet.
        repeat: The letters of the group of arguments that may follow again and again.
        least: How many arguments there must be.
        arrays: Whether operators and ``s`` functions inside the arguments work cell by cell, as inside
            ARRAYFORMULA.
        errors: Whether the body wants to see errors in its ``s`` arguments.
        whole: Works out a block argument as a whole, where that is quicker than cell by cell; `None` where it cannot.
    """

    name: str
    body: Body
    fixed: str
    repeat: str = ""
    least: int = 0
    arrays: bool = False
    errors: bool = False
    whole: Callable[[Context, Sequence[Any]], Block | None] | None = None

    def letter(self, place: int) -> str:
        """The letter of an argument."""
        if place < len(self.fixed):
            return self.fixed[place]
        return self.repeat[(place - len(self.fixed)) % len(self.repeat)]

    @property
    def most(self) -> int | None:
        """The largest number of arguments; `None` when any number may follow."""
        return None if self.repeat else len(self.fixed)

    def accepts(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return count >= self.least and (bool(self.repeat) or count <= len(self.fixed))


#: Every function that is worked out here, by name.
FUNCTIONS: dict[str, Function] = {}


def function(
    names: str,
    fixed: str,
    *,
    repeat: str = "",
    least: int | None = None,
    arrays: bool = False,
    errors: bool = False,
    whole: Callable[[Context, Sequence[Any]], Block | None] | None = None,
) -> Callable[[_Body], _Body]:
    """Declare the body of a function, under one or several names; see `Function` for the letters."""

    def declare(body: _Body) -> _Body:
        for name in names.split():
            count = len(fixed) if least is None else least
            FUNCTIONS[name] = Function(name, body, fixed, repeat, count, arrays, errors, whole)
        return body

    return declare
