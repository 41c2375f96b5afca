r"""Replace what an expression matches by Java's rules, in the expression and in what it becomes."""

import re
from collections.abc import Callable

from sheets_crm.emulator.expressions.engine import Match, Pattern, Stopwatch, TooMuch
from sheets_crm.emulator.expressions.java import as_re2

__all__ = ["Replacer"]

_MARK = re.compile(r"\\(.)|\$(?:\{([A-Za-z][A-Za-z0-9]*)\}|([0-9]+))|([\\$])", re.DOTALL)
#: RE2's word where repetitions within repetitions come to more than a thousand; one alone is refused before.
_TOO_OFTEN = "invalid repetition size"


class Replacer:
    """Replaces the matches of one expression, text after text, and counts how long that takes.

    Raises:
        ValueError: The expression is not valid.
        NotImplementedHere: It has a part that is not known here.
        TooMuch: It is too large, or takes too long.
    """

    def __init__(self, text: str, *, fold: bool, whole: bool) -> None:
        spelled = as_re2(text)
        self._stopwatch = Stopwatch()
        try:
            self._pattern = Pattern(spelled)
            if fold or whole:
                # Alone it had to be valid: brackets around it must not be what makes it so.
                inner = f"(?i:{spelled})" if fold else f"(?:{spelled})"
                self._pattern = Pattern(rf"\A{inner}\z" if whole else inner)
        except ValueError as problem:
            if _TOO_OFTEN in str(problem):
                raise TooMuch from problem
            raise

    def replacement(self, text: str) -> Callable[[Match], str]:
        r"""Read a replacement: ``$1``, ``${name}``, and a backslash before what stands for itself.

        Raises:
            ValueError: It names no group, or is not valid.
        """
        parts: list[str | int] = []
        end = 0
        for mark in _MARK.finditer(text):
            parts += [text[end : mark.start()], *_read_mark(mark, self._pattern)]
            end = mark.end()
        parts.append(text[end:])
        return lambda match: "".join(part if isinstance(part, str) else match.part(part) or "" for part in parts)

    def replace(self, text: str, becomes: Callable[[Match], str]) -> tuple[str, int]:
        """Give a text with each match replaced, and how many there were."""
        return self._pattern.replace(text, becomes, self._stopwatch)


def _read_mark(mark: re.Match[str], pattern: Pattern) -> tuple[str | int, ...]:
    """Read one mark of a replacement; of ``$12`` as many digits belong to the number as make a group's."""
    if mark[1]:
        return (mark[1],)
    if mark[2]:
        if mark[2] not in pattern.names:
            raise ValueError(mark.group())
        return (pattern.names[mark[2]],)
    digits = mark[3] or ""
    size = 1
    while size < len(digits) and int(digits[: size + 1]) <= pattern.groups:
        size += 1
    if not digits or int(digits[:size]) > pattern.groups:
        raise ValueError(mark.group())
    return int(digits[:size]), digits[size:]
