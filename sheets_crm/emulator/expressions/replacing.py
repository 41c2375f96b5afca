"""Replace the matches of an expression in texts, as Java's `Matcher.replaceAll` does."""

import re
from collections.abc import Callable

from sheets_crm.emulator.expressions.matching import Matcher
from sheets_crm.emulator.expressions.program import Spans
from sheets_crm.emulator.expressions.reading import read_expression
from sheets_crm.emulator.expressions.tree import Expression, Piece, Sequence

__all__ = ["Replacer"]

_MARK = re.compile(r"\\(.)|\$(?:\{([A-Za-z][A-Za-z0-9]*)\}|([0-9]+))|([\\$])", re.DOTALL)


class Replacer:
    """Replaces the matches of one expression, text after text.

    Raises:
        ValueError: The expression is not valid.
        NotImplementedHere: It has a part that is not known here.
        TooMuch: It is too large, or takes too long.
    """

    def __init__(self, text: str, *, fold: bool, whole: bool) -> None:
        found = read_expression(text, fold=fold)
        ends = (Piece(r"\A"), found.node, Piece(r"\Z")) if whole else (found.node,)
        self._expression = found._replace(node=Sequence(ends))
        self._matcher = Matcher(self._expression)

    def replacement(self, text: str) -> Callable[[str, Spans], str]:
        r"""Read a replacement: ``$1``, ``${name}``, and a backslash before what stands for itself.

        Raises:
            ValueError: It names no group, or is not valid.
        """
        parts: list[str | int] = []
        end = 0
        for mark in _MARK.finditer(text):
            parts += [text[end : mark.start()], *_read_mark(mark, self._expression)]
            end = mark.end()
        parts.append(text[end:])
        return lambda old, spans: "".join(
            part if isinstance(part, str) else old[max(spans[2 * part], 0) : max(spans[2 * part + 1], 0)]
            for part in parts
        )

    def replace(self, text: str, becomes: Callable[[str, Spans], str]) -> tuple[str, int]:
        """Give a text with each match replaced, and how many there were."""
        return self._matcher.replace(text, lambda spans: becomes(text, spans))


def _read_mark(mark: re.Match[str], expression: Expression) -> tuple[str | int, ...]:
    """Read one mark of a replacement; of ``$12`` as many digits belong to the number as make a group's."""
    if mark[1]:
        return (mark[1],)
    if mark[2]:
        if mark[2] not in expression.names:
            raise ValueError(mark.group())
        return (expression.names[mark[2]],)
    digits = mark[3] or ""
    size = 1
    while size < len(digits) and int(digits[: size + 1]) <= expression.groups:
        size += 1
    if not digits or int(digits[:size]) > expression.groups:
        raise ValueError(mark.group())
    return int(digits[:size]), digits[size:]
