"""Parse a formula's tokens by Google's precedence.

From weakest to strongest: comparison, ``&``, ``+ -``, ``* /``, ``^``, signs, ``%``. A sign binds tighter
than ``^`` (``=-2^2`` is 4), as in every spreadsheet.
"""

import math
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
from sheets_crm.emulator.formulas.reasons import NO_REFERENCE
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError, Kind, Token, tokenize
from sheets_crm.emulator.formulas.values import NUM

__all__ = ["parse"]

_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_STRENGTH = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}


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
        self._tokens = iter(tokens)
        self.kind: Kind | None = None
        self.text = ""
        self.take()

    def take(self) -> str:
        """Step on to the next token; give the text of the one left behind."""
        text, token = self.text, next(self._tokens, None)
        self.kind, self.text = (None, "") if token is None else (token.kind, token.text)
        return text

    def level(self, depth: int) -> Node:
        """Read operators of at least this strength, and what stands between them."""
        node = self.signed()
        while self.kind is Kind.OPERATOR:
            strength = _STRENGTH.get(self.text, -1)
            if strength < depth:
                break
            operator = self.take()
            node = Infix(operator, node, self.level(strength + 1))
        return node

    def signed(self) -> Node:
        if self.kind is Kind.OPERATOR and self.text in "+-":
            return Prefix(self.take(), self.signed())
        node = self.primary()
        while isinstance(node, Call | Apply) and self.kind is Kind.OPEN and self.text == "(":
            node = Apply(node, self.arguments())
        while self.kind is Kind.OPERATOR and self.text == "%":
            node = Prefix(self.take(), node)
        return node

    def primary(self) -> Node:
        kind, text = self.kind, self.text
        match kind:
            case Kind.NUMBER:
                number = float(self.take().replace(",", "."))
                return Constant(number if math.isfinite(number) else NUM)
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
        typed = self.take()
        return Call(typed.upper(), self.arguments(), typed)

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
        if self.kind is Kind.CLOSE:
            # An array of nothing is one cell, #REF! (B).
            self.expect(Kind.CLOSE)
            return ArrayNode(((Constant(NO_REFERENCE),),))
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
    return Constant(NO_REFERENCE) if reference is None else RangeNode(reference)


def _name(text: str) -> Node:
    if text.upper() in ("TRUE", "FALSE"):
        return Constant(text.upper() == "TRUE")
    return Name(text)
