"""Cut a formula's text into tokens, as Google Sheets reads it in a given locale.

Every character lands in exactly one token, so a formula can be put together again with only some tokens
replaced.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from sheets_crm.emulator.languages import language_of

__all__ = ["FormulaSyntaxError", "Kind", "Token", "tokenize"]


class FormulaSyntaxError(ValueError):
    """The text is no formula in this locale; a cell that holds it shows ``#ERROR!``."""


class Kind(Enum):
    """What a token is."""

    SPACE = "space"
    NUMBER = "number"
    TEXT = "text"
    ERROR = "error"
    REFERENCE = "reference"
    FUNCTION = "function"
    NAME = "name"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    SEPARATOR = "separator"
    COLUMN_SEPARATOR = "column separator"
    ROW_SEPARATOR = "row separator"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a formula: what it is, and its text as written."""

    kind: Kind
    text: str


_KINDS = {kind.value: kind for kind in Kind}

_SHEET = r"(?:'(?:[^']|'')+'|[A-Za-z_\u00c0-\uffff][\w.]*)!"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]*"
_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[1-9][0-9]*"
_REFERENCE = (
    rf"(?:{_SHEET})?(?:{_CELL}:{_CELL}|{_CELL}:{_COLUMN}(?![\w$(])|{_CELL}:{_ROW}|{_COLUMN}:{_CELL}|{_COLUMN}:{_COLUMN}"
    rf"|{_ROW}:{_ROW}|{_CELL}|\#REF!)(?![\w(!.])"
)
_ERRORS = r"#(?:DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|ERROR!|NULL!)"
_NAME = r"[^\W\d][\w.]*"


@lru_cache(maxsize=2)
def _pattern(decimal: str) -> re.Pattern[str]:
    mark = re.escape(decimal)
    number = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?"
    parts = [
        r"(?P<space>\s+)",
        r"(?P<operator><>|<=|>=|[-+*/^&=<>%:])",
        r"(?P<open>[({])",
        r"(?P<close>[)}])",
        rf"(?P<number>{number}(?![\w:]))",
        r"(?P<mark>[,;\\])",
        r'(?P<text>"(?:[^"]|"")*")',
        rf"(?P<reference>{_REFERENCE})",
        rf"(?P<error>{_ERRORS})",
        rf"(?P<function>{_NAME}(?=\())",
        rf"(?P<name>(?:{_SHEET})?{_NAME})",
    ]
    return re.compile("|".join(parts), re.UNICODE)


def _separator(mark: str, *, in_braces: bool, comma_decimal: bool) -> Kind:
    if mark == "," and comma_decimal:
        raise FormulaSyntaxError("Formula parse error: this locale separates arguments with ;")
    if not in_braces:
        if mark == "\\":
            raise FormulaSyntaxError("Formula parse error: \\ outside an array")
        return Kind.SEPARATOR
    return Kind.ROW_SEPARATOR if mark == ";" else Kind.COLUMN_SEPARATOR


@lru_cache(maxsize=16_384)
def tokenize(formula: str, locale: str = "en_US") -> tuple[Token, ...]:
    r"""Cut a formula, with or without its leading ``=`` or ``+``, into tokens.

    Args:
        formula: The text as entered.
        locale: Whose decimal and argument separators the text uses. A locale with a decimal comma takes
            ``;`` between arguments and ``\`` between an array's columns; the others take ``,`` or ``;``.

    Raises:
        FormulaSyntaxError: A character belongs to no token, or brackets do not match.
    """
    decimal = language_of(locale).decimal
    pattern, place, brackets = _pattern(decimal), 1 if formula.startswith("=") else 0, ""
    tokens: list[Token] = []
    while place < len(formula):
        match = pattern.match(formula, place)
        if match is None or match.lastgroup is None:
            raise FormulaSyntaxError(f"Formula parse error at character {place + 1}: {formula[place]!r}")
        text, place = match.group(), match.end()
        if match.lastgroup == "mark":
            kind = _separator(text, in_braces=brackets.endswith("{"), comma_decimal=decimal == ",")
        else:
            kind = _KINDS[match.lastgroup]
            brackets = _nest(brackets, kind, text)
        tokens.append(Token(kind, text))
    if brackets:
        raise FormulaSyntaxError("Formula parse error: a bracket is not closed")
    return tuple(tokens)


def _nest(brackets: str, kind: Kind, text: str) -> str:
    if kind is Kind.OPEN:
        return brackets + text
    if kind is Kind.CLOSE:
        if not brackets.endswith("(" if text == ")" else "{"):
            raise FormulaSyntaxError(f"Formula parse error: {text} closes nothing")
        return brackets[:-1]
    return brackets
