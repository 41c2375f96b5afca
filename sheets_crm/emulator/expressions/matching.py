"""Find the matches of an expression: by the standard library where that ends soon, by a program of ours elsewhere."""

import re
from collections.abc import Callable

from sheets_crm.emulator.expressions.program import Program, Spans, TooMuch, spans_of
from sheets_crm.emulator.expressions.tree import Choice, Expression, Group, Node, Piece, Repeat, Sequence

__all__ = ["Matcher"]

_MOST_TRIED = 10_000_000
_MOST_WORK = 10_000_000
_MOST_ALTERNATIVES = 1_000
_MOST_TIMES = 1_000


class Matcher:
    """Finds the matches of one expression, text after text, and counts what that takes.

    Raises:
        TooMuch: The expression is too large, or takes too long.
    """

    def __init__(self, expression: Expression, native: re.Pattern[str] | None = None) -> None:
        self._expression = expression
        self._loops = _loops(expression.node)
        self._native = native
        self._program: Program | None = None
        if self._loops is None:
            self._program = Program(expression)
        elif native is None:
            self._native = re.compile(_spelled(expression.node))

    def forget(self) -> None:
        """Begin to count anew."""
        if self._program is not None:
            self._program.tried = 0

    def search(self, text: str, start: int = 0) -> Spans | None:
        """Find the first match that begins at `start` or later."""
        if self._native is not None and self._loops is not None and len(text) ** (1 + self._loops) <= _MOST_WORK:
            match = self._native.search(text, start)
            return spans_of(match) if match else None
        self._program = self._program or Program(self._expression)
        found = self._program.search(text, start)
        if self._program.tried > _MOST_TRIED:
            raise TooMuch
        return found

    def replace(self, text: str, becomes: Callable[[Spans], str]) -> tuple[str, int]:
        """Give a text with each match replaced, and how many there were."""
        done: list[str] = []
        count = end = place = 0
        while place <= len(text) and (spans := self.search(text, place)) is not None:
            done += [text[end : spans[0]], becomes(spans)]
            end, count = spans[1], count + 1
            place = end + (spans[0] == end)
        return "".join([*done, text[end:]]), count


def _loops(node: Node) -> int | None:
    """Count the repetitions that the standard library may have to try at every length; None if it could not end.

    It tries all ways to share a text among repetitions: of parts that have one length each, that are as many as a
    power of the text's length; of others, one within the other, their number doubles with each letter.
    """
    loops, alternatives = 0, 1
    # What is yet to count: a part, whether a repetition holds it, and how often it has to be there.
    waiting: list[tuple[Node, bool, int]] = [(node, False, 1)]
    while waiting:
        part, inside, times = waiting.pop()
        match part:
            case Sequence():
                waiting += [(below, inside, times) for below in part.parts]
            case Group():
                waiting.append((part.part, inside, times))
            case Choice():
                alternatives *= len(part.parts)
                waiting += [(below, inside, times) for below in part.parts]
            case Repeat():
                loops += part.least != part.most
                waiting.append((part.part, True, times * max(part.least, 1)))
        varies = isinstance(part, Choice) or (isinstance(part, Repeat) and part.least != part.most)
        if (inside and varies) or times > _MOST_TIMES:
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
