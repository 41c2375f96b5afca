"""A formula's text in a locale's spelling and in the canonical one (en_US).

Google reads formulas in the spreadsheet's locale, through the API too: where the decimal separator is a
comma, arguments are separated by ``;`` and an array's columns by a backslash. Function names stay English.
What is read is kept as typed, spaces and the case of functions too (A: an unknown function, spaces after
commas), but for the separators and the references.
"""

from dataclasses import replace
from functools import lru_cache

from sheets_crm.emulator.formulas.a1 import parse_reference
from sheets_crm.emulator.formulas.tokens import Kind, Token, tokenize
from sheets_crm.emulator.languages import language_of

__all__ = ["to_canonical", "to_locale"]


def to_canonical(formula: str, locale: str) -> str:
    """Spell a formula entered in a locale as en_US would: ``=SUM(A1;1,5)`` becomes ``=SUM(A1,1.5)``.

    Raises:
        FormulaSyntaxError: The text is no formula in this locale, such as one with comma arguments in es_ES.
    """
    decimal = language_of(locale).decimal
    return _spelled(formula, locale, (decimal, "."), ",", ",")


def to_locale(formula: str, locale: str) -> str:
    """Spell a canonical formula as a locale does: ``=SUM(A1,1.5)`` becomes ``=SUM(A1;1,5)`` in es_ES.

    Raises:
        FormulaSyntaxError: The text is no formula in en_US.
    """
    language = language_of(locale)
    marks = (";", "\\") if language.comma_decimal else (",", ",")
    return _spelled(formula, "en_US", (".", language.decimal), *marks)


@lru_cache(maxsize=4096)
def _written_anew(reference: str) -> str:
    """A reference as Google keeps it: ``B1:B1`` is ``B1`` (A); in capitals, the lower end first (C)."""
    if reference.endswith("#REF!"):
        return reference
    title, mark, rest = reference.rpartition("!")
    read = parse_reference(rest)
    if read is None or (read.top is None) != (read.bottom is None) or (read.left is None) != (read.right is None):
        return title + mark + rest.upper()
    ends = ((read.top, read.left, *read.fixed[:2]), (read.bottom, read.right, *read.fixed[2:]))
    one_cell = read.top is not None and read.left is not None and ends[0] == ends[1]
    return title + mark + str(replace(read, single=one_cell))


@lru_cache(maxsize=8192)
def _spelled(formula: str, locale: str, decimals: tuple[str, str], separator: str, column_separator: str) -> str:
    def spelled(token: Token) -> str:
        match token.kind:
            case Kind.SEPARATOR:
                return separator
            case Kind.COLUMN_SEPARATOR:
                return column_separator
            case Kind.REFERENCE:
                return _written_anew(token.text)
            case Kind.NUMBER:
                return token.text.replace(*decimals)
            case _:
                return token.text

    start = "=" if formula.startswith("=") else ""
    return start + "".join(spelled(token) for token in tokenize(formula, locale))
