"""Replace the matches of an expression in texts, as Java's `Matcher.replaceAll` does."""

import re
from collections.abc import Callable

from sheets_crm.emulator.expressions.program import Program, Spans, TooMuch, spans_of
from sheets_crm.emulator.expressions.reading import read_expression
from sheets_crm.emulator.expressions.tree import Choice, Expression, Group, Node, Piece, Repeat, Sequence

__all__ = ["Replacer"]

_MOST_TRIED = 10_000_000
_MOST_WORK = 10_000_000
_MOST_ALTERNATIVES = 1_000
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
        self._program = Program(self._expression)
        self._loops = _loops(self._expression.node)
        self._native = re.compile(_spelled(self._expression.node)) if self._loops is not None else None

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
        done: list[str] = []
        count = end = place = 0
        while place <= len(text) and (spans := self._search(text, place)) is not None:
            done += [text[end : spans[0]], becomes(text, spans)]
            end, count = spans[1], count + 1
            place = end + (spans[0] == end)
        return "".join([*done, text[end:]]), count

    def _search(self, text: str, start: int) -> Spans | None:
        if self._native is not None and len(text) ** (1 + (self._loops or 0)) <= _MOST_WORK:
            match = self._native.search(text, start)
            return spans_of(match) if match else None
        found = self._program.search(text, start)
        if self._program.tried > _MOST_TRIED:
            raise TooMuch
        return found


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


def _loops(node: Node) -> int | None:
    """Count the repetitions that the standard library may have to try at every length; None if it could not end.

    It tries all ways to share a text among repetitions: of parts that have one length each, that are as many as a
    power of the text's length; of others, one within the other, their number doubles with each letter.
    """
    loops, alternatives = 0, 1
    waiting: list[tuple[Node, bool]] = [(node, False)]
    while waiting:
        part, inside = waiting.pop()
        match part:
            case Sequence():
                waiting += [(below, inside) for below in part.parts]
            case Group():
                waiting.append((part.part, inside))
            case Choice():
                alternatives *= len(part.parts)
                waiting += [(below, inside) for below in part.parts]
            case Repeat():
                loops += part.least != part.most
                waiting.append((part.part, True))
        varies = isinstance(part, Choice) or (isinstance(part, Repeat) and part.least != part.most)
        if inside and varies:
            return None
    return loops if alternatives <= _MOST_ALTERNATIVES else None


def _spelled(node: Node) -> str:
    """Spell an expression for the standard library."""
    match node:
        case Piece():
            return node.source
        case Sequence():
            return "".join(map(_spelled, node.parts))
        case Choice():
            return f"(?:{'|'.join(map(_spelled, node.parts))})"
        case Group():
            return f"({_spelled(node.part)})"
    most = "" if node.most is None else str(node.most)
    return f"(?:{_spelled(node.part)}){{{node.least},{most}}}" + ("?" if node.lazy else "")
