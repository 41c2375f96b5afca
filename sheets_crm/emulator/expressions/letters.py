r"""Sets of characters by their names in Java's regular expressions: ``\d``, ``\h``, ``\p{Lu}``, ``\p{Alpha}``."""

import re
import sys
from functools import lru_cache
from unicodedata import category

__all__ = ["escape_sets", "named_set", "opposite", "spelled"]

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Alnum": "0-9A-Za-z",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9A-Fa-f",
    "Space": r" \t\n\x0b\f\r",
}
_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?")
#: The insides of the sets that a letter names.
escape_sets = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r" \t\n\x0b\f\r",
    "h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\f\r\x85\u2028\u2029",
}


def named_set(name: str, *, others: bool) -> str | None:
    r"""Give the inside of the set that ``\p{…}`` names, or of all others, or None if it is not known here."""
    if name in _POSIX:
        return opposite(_POSIX[name]) if others else _POSIX[name]
    short = name.removeprefix("general_category=").removeprefix("gc=").removeprefix("Is")
    return _of_category(short, others=others) if _CATEGORY.fullmatch(short) else None


@lru_cache(maxsize=64)
def _of_category(name: str, *, others: bool) -> str:
    held = [code for code in range(sys.maxunicode + 1) if category(chr(code)).startswith(name) is not others]
    return _joined(held)


@lru_cache(maxsize=64)
def opposite(inside: str) -> str:
    """Give the inside of the set of all other characters."""
    held = re.compile(f"[{inside}]")
    return _joined([code for code in range(sys.maxunicode + 1) if not held.match(chr(code))])


def _joined(codes: list[int]) -> str:
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{spelled(first)}-{spelled(last)}" for first, last in spans)


def spelled(code: int) -> str:
    """Spell a character so that the standard library takes it as itself, in a set too."""
    return f"\\U{code:08x}"
