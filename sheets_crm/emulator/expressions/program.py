"""Match an expression in time that grows with the text alone, however the expression repeats itself.

The expression becomes a program of few kinds of steps. A state, which is a step and a place of the text, that led
nowhere once leads nowhere again, as nothing refers back: each is tried once, in the order of a matcher that tries
alternatives one after the other, so the match is the same.
"""

import re
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias

from sheets_crm.emulator.expressions.tree import Choice, Expression, Group, Node, Piece, Repeat, Sequence

__all__ = ["Program", "Spans", "TooMuch", "spans_of"]

#: Where the match and each group begin and end; -1 for a group that matched nothing.
Spans: TypeAlias = tuple[int, ...]

_MOST_STEPS = 5_000
_MOST_STATES = 1_500_000


class TooMuch(Exception):  # noqa: N818 -- a bound of the emulator's, no error of the expression
    """The expression is too large, or takes too long on a text."""


class _Step(NamedTuple):
    """One step: go on past a piece, keep a place, try two ways in this order, or end."""

    kind: Literal["piece", "keep", "try", "end"]
    piece: re.Pattern[str] | None = None
    first: int = 0
    second: int = 0


class Program:
    """An expression made ready; it counts the states that it tried, over all texts."""

    def __init__(self, expression: Expression) -> None:
        self._steps: list[_Step] = []
        self._places = 2 * (expression.groups + 1)
        self.tried = 0
        self._add(expression.node)
        self._put(_Step("end"))

    def search(self, text: str, start: int) -> Spans | None:
        """Find the first match that begins at `start` or later.

        Raises:
            TooMuch: It takes too long.
        """
        if len(self._steps) * (len(text) + 1 - start) > _MOST_STATES:
            raise TooMuch
        seen: set[int] = set()
        for begin in range(start, len(text) + 1):
            found = self._match(text, begin, seen)
            if found is not None:
                return found
        self.tried += len(seen)
        return None

    def _match(self, text: str, begin: int, seen: set[int]) -> Spans | None:
        width, blank = len(text) + 1, (-1,) * self._places
        ways = [(0, begin, (begin, *blank[1:]))]
        while ways:
            number, place, kept = ways.pop()
            while (state := number * width + place) not in seen:
                seen.add(state)
                step = self._steps[number]
                if step.kind == "end":
                    self.tried += len(seen)
                    return (kept[0], place, *kept[2:])
                if step.kind == "try":
                    ways.append((step.second, place, kept))
                    number = step.first
                    continue
                if step.kind == "keep":
                    kept = (*kept[: step.first], place, *kept[step.first + 1 :])
                elif step.piece is not None:
                    match = step.piece.match(text, place)
                    if match is None:
                        break
                    place = match.end()
                number += 1
        return None

    # -- making the program ---------------------------------------------------------------------------------------

    def _put(self, step: _Step) -> int:
        if len(self._steps) >= _MOST_STEPS:
            raise TooMuch
        self._steps.append(step)
        return len(self._steps) - 1

    def _add(self, node: Node) -> None:
        match node:
            case Piece():
                self._put(_Step("piece", re.compile(node.source)))
            case Sequence():
                for part in node.parts:
                    self._add(part)
            case Group():
                self._put(_Step("keep", first=2 * node.number))
                self._add(node.part)
                self._put(_Step("keep", first=2 * node.number + 1))
            case Choice():
                self._add_choice(node)
            case Repeat():
                self._add_repeat(node)

    def _add_choice(self, node: Choice) -> None:
        ends: list[int] = []
        for part in node.parts[:-1]:
            fork = self._put(_Step("try"))
            self._add(part)
            ends.append(self._put(_Step("try")))
            self._steps[fork] = _Step("try", first=fork + 1, second=len(self._steps))
        self._add(node.parts[-1])
        self._lead(ends, len(self._steps))

    def _lead(self, steps: list[int], to: int) -> None:
        for step in steps:
            self._steps[step] = _Step("try", first=to, second=to)

    def _add_repeat(self, node: Repeat) -> None:
        """Put the part as often as it must be there, then as often as it may.

        Without an end the last of them asks whether to go back: asked before it, a part that took nothing would
        lead to a state that was there already, and so nowhere.
        """
        skips: list[int] = []
        start = len(self._steps)
        for index in range(max(node.least, 1) if node.most is None else node.most):
            start = len(self._steps)
            if index >= node.least:
                skips.append(self._put(_Step("try")))
                start += 1
            self._add(node.part)
            if len(self._steps) == start:
                break  # it takes nothing: a thousand of it are as many steps
        if node.most is None:
            self._fork(self._put(_Step("try")), start, lazy=node.lazy)
        for skip in skips:
            self._fork(skip, skip + 1, lazy=node.lazy)

    def _fork(self, step: int, on: int, *, lazy: bool) -> None:
        """Let a step go on with a part, or past all that there is; past it first if it is lazy."""
        ways = (len(self._steps), on) if lazy else (on, len(self._steps))
        self._steps[step] = _Step("try", first=ways[0], second=ways[1])


def spans_of(match: re.Match[str]) -> Spans:
    """Give the spans of a match of the standard library's."""
    return tuple(chain.from_iterable(match.regs))
