r"""Regular expressions of formulas: RE2's, but for what Google's answers show to be otherwise.

RE2 knows neither look-around nor references back. Its ``\d``, ``\w``, ``\s`` and ``\b`` are of ASCII alone, while
``(?i)`` folds letters of every script (RE2's syntax page, A).
"""

import re
from collections.abc import Callable
from functools import lru_cache

from sheets_crm.emulator.expressions import engine
from sheets_crm.emulator.formulas.values import Refusal

__all__ = ["Match", "Pattern", "compile_re2"]

Match = engine.Match

#: A quoted text, in which a backslash is one, or a backslash and its letter.
_ESCAPE = re.compile(r"\\Q.*?(?:\\E|\Z)|\\(.)", re.DOTALL)


class Pattern:
    """A pattern made ready: it takes no more time and memory than the emulator has, or is refused.

    Attributes:
        groups: How many groups it has.
    """

    def __init__(self, pattern: engine.Pattern) -> None:
        self._pattern = pattern
        self.groups = pattern.groups

    def search(self, text: str) -> Match | None:
        """Find the first match."""
        try:
            return self._pattern.search(text)
        except engine.TooMuch as problem:
            raise _exhausted() from problem

    def sub(self, becomes: Callable[[Match], str], text: str) -> str:
        """Replace every match."""
        try:
            return self._pattern.replace(text, becomes)[0]
        except engine.TooMuch as problem:
            raise _exhausted() from problem


def _exhausted() -> Refusal:
    return Refusal("This regular expression takes more time or memory than the emulator lets it take.")


@lru_cache(maxsize=128)
def compile_re2(pattern: str) -> Pattern:
    r"""Make a pattern ready.

    Raises:
        ValueError: Google does not take it: RE2 does not, or it has ``\p``, which RE2 has and Google has not (A).
        Refusal: It is too large, or has ``\C``, a single byte, which could be a part of a letter.
    """
    letters = {found[1] for found in _ESCAPE.finditer(pattern)}
    if letters & {"p", "P"}:
        raise ValueError(pattern)
    if "C" in letters:
        raise Refusal(r"\C in regular expressions is not implemented by the emulator.")
    try:
        return Pattern(engine.Pattern(pattern))
    except engine.TooMuch as problem:
        raise Refusal("A regular expression as large as this is not implemented by the emulator.") from problem
