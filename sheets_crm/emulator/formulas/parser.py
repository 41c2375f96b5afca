"""Parse a formula's tokens by Google's precedence.

From weakest to strongest: comparison, ``&``, ``+ -``, ``* /``, ``^``, signs, ``%``. A sign binds tighter
than ``^`` (``=-2^2`` is 4), as in every spreadsheet.
"""

from functools import lru_cache

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.a1 import parse_reference
from sheets_crm.emulator.formulas.nodes import (
    Apply,
    ArrayNode,
    Call,
    Constant,
    Infix,
    Name,
    Node,
    Prefix,
    RangeNode,
)
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError, Kind, Token, tokenize

__all__ = ["parse"]

_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


@lru_cache(maxsize=16_384)
def parse(formula: str, locale: str = "en_US") -> Node:
    """Parse a formula, with its leading ``=`` or ``+``.

    Raises:
        FormulaSyntaxError: It is no formula in this locale.
    """
    tokens = tuple(token for token in tokenize(formula, locale) if token.kind is not Kind.SPACE)
    reader = _Reader(tokens)
    node = reader.level(0)
    if reader.kind is not None:
        raise FormulaSyntaxError(f"Formula parse error: {reader.text!r} was not expected")
    return node


class _Reader:
    """A place in the tokens, and one method for each rule of the grammar."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def kind(self) -> Kind | None:
        return self._tokens[self._place].kind if self._place < len(self._tokens) else None

    @property
    def text(self) -> str:
        return self._tokens[self._place].text if self._place < len(self._tokens) else ""

    def take(self) -> str:
        text = self.text
        self._place += 1
        return text

    def at_operator(self, operators: tuple[str, ...]) -> bool:
        return self.kind is Kind.OPERATOR and self.text in operators

    def level(self, depth: int) -> Node:
        if depth == len(_LEVELS):
            return self.signed()
        node = self.level(depth + 1)
        while self.at_operator(_LEVELS[depth]):
            operator = self.take()
            node = Infix(operator, node, self.level(depth + 1))
        return node

    def signed(self) -> Node:
        if self.at_operator(("+", "-")):
            return Prefix(self.take(), self.signed())
        node = self.primary()
        while isinstance(node, Call | Apply) and self.kind is Kind.OPEN and self.text == "(":
            node = Apply(node, self.arguments())
        while self.at_operator(("%",)):
            node = Prefix(self.take(), node)
        return node

    def primary(self) -> Node:
        kind, text = self.kind, self.text
        match kind:
            case Kind.NUMBER:
                return Constant(float(self.take().replace(",", ".")))
            case Kind.TEXT:
                return Constant(self.take()[1:-1].replace('""', '"'))
            case Kind.ERROR:
                return Constant(ErrorValue(self.take().upper()))
            case Kind.REFERENCE:
                return _reference(self.take())
            case Kind.NAME:
                return _name(self.take())
            case Kind.FUNCTION:
                return self.call()
            case Kind.OPEN if text == "(":
                return self.group()
            case Kind.OPEN:
                return self.array()
            case _:
                raise FormulaSyntaxError(f"Formula parse error: {text or 'the end'!r} was not expected")

    def group(self) -> Node:
        self.take()
        node = self.level(0)
        self.expect(Kind.CLOSE)
        return node

    def expect(self, kind: Kind) -> None:
        if self.kind is not kind:
            raise FormulaSyntaxError(f"Formula parse error: {self.text or 'the end'!r} was not expected")
        self.take()

    def call(self) -> Node:
        return Call(self.take().upper(), self.arguments())

    def arguments(self) -> tuple[Node, ...]:
        self.take()
        arguments: list[Node] = []
        if self.kind is not Kind.CLOSE:
            arguments.append(self.argument())
            while self.kind is Kind.SEPARATOR:
                self.take()
                arguments.append(self.argument())
        self.expect(Kind.CLOSE)
        return tuple(arguments)

    def argument(self) -> Node:
        if self.kind in (Kind.SEPARATOR, Kind.CLOSE):
            return Constant(None)
        return self.level(0)

    def array(self) -> Node:
        self.take()
        rows: list[tuple[Node, ...]] = []
        row = [self.level(0)]
        while self.kind in (Kind.ROW_SEPARATOR, Kind.COLUMN_SEPARATOR):
            if self.kind is Kind.ROW_SEPARATOR:
                rows.append(tuple(row))
                row = []
            self.take()
            row.append(self.level(0))
        self.expect(Kind.CLOSE)
        return ArrayNode((*rows, tuple(row)))


def _reference(text: str) -> Node:
    reference = parse_reference(text)
    return Constant(ErrorValue("#REF!", "Reference does not exist")) if reference is None else RangeNode(reference)


def _name(text: str) -> Node:
    if text.upper() in ("TRUE", "FALSE"):
        return Constant(text.upper() == "TRUE")
    return Name(text)
