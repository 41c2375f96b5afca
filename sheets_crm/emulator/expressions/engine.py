"""Find and replace by RE2, within bounds of memory and of time.

RE2 takes time that grows with the text alone, but for a search after each match: where every one of them looks at all
that is left, a text of 50,000 characters takes minutes. So the time that an expression takes is counted.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import re2

__all__ = ["Match", "Pattern", "Stopwatch", "TooMuch"]

_MOST_MEMORY = 1 << 20
#: Steps of the expression times letters of the text times places to keep: the work of RE2's slowest way to match.
_MOST_WORK = 300_000_000
_MOST_SECONDS = 5.0
#: A cell holds 50,000; what is longer is refused there by its own words.
_LONGEST_RESULT = 10_000_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
#: RE2's word for an expression that is valid but needs more memory than it may have.
_TOO_LARGE = "pattern too large"


class TooMuch(Exception):  # noqa: N818 -- a bound of the emulator's, no error of the expression
    """The expression is too large, takes too long on a text, or makes too much of it."""


class Match(NamedTuple):
    """A match in a text.

    Attributes:
        text: The whole text.
        spans: Where the match and each group begin and end; -1 for a group that matched nothing.
    """

    text: str
    spans: tuple[tuple[int, int], ...]

    def part(self, number: int) -> str | None:
        """Give what a group matched, if it did; group 0 is all that is matched."""
        start, end = self.spans[number]
        return self.text[start:end] if start >= 0 else None

    def groups(self) -> list[str | None]:
        """Give what each group matched."""
        return [self.part(number) for number in range(1, len(self.spans))]


class Stopwatch:
    """Counts the time that expressions take for one asker; a pattern itself is shared by threads."""

    def __init__(self) -> None:
        self._seconds = 0.0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the time of a block.

        Raises:
            TooMuch: All blocks together took too long.
        """
        begun = time.thread_time()
        yield
        self._seconds += time.thread_time() - begun
        if self._seconds > _MOST_SECONDS:
            raise TooMuch


class Pattern:
    """An expression in RE2's syntax, made ready.

    Attributes:
        groups: How many groups it has.
        names: The numbers of the groups that have a name.

    Raises:
        ValueError: RE2 does not take it.
        TooMuch: It is too large.
    """

    def __init__(self, expression: str) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MOST_MEMORY
        try:
            self._compiled = re2.compile(_encodable(expression), options)
        except re2.error as problem:
            if _TOO_LARGE in str(problem):
                raise TooMuch from problem
            raise ValueError(str(problem)) from problem
        self.groups: int = self._compiled.groups
        self.names: dict[str, int] = self._compiled.groupindex

    def search(self, text: str) -> Match | None:
        """Find the first match.

        Raises:
            TooMuch: It takes too long.
        """
        return next(self._matches(text, Stopwatch()), None)

    def replace(
        self, text: str, becomes: Callable[[Match], str], stopwatch: Stopwatch | None = None
    ) -> tuple[str, int]:
        """Give a text with each match replaced, and how many there were.

        Args:
            text: The text.
            becomes: Gives what a match becomes.
            stopwatch: Counts the time of several texts together.

        Raises:
            TooMuch: It takes too long, or the text becomes too long.
        """
        done: list[str] = []
        count = place = letters = 0
        for match in self._matches(text, stopwatch or Stopwatch()):
            start, end = match.spans[0]
            done += [text[place:start], becomes(match)]
            place, count, letters = end, count + 1, letters + len(done[-1])
            if letters > _LONGEST_RESULT:
                raise TooMuch
        return "".join([*done, text[place:]]), count

    def _matches(self, text: str, stopwatch: Stopwatch) -> Iterator[Match]:
        if self._compiled.programsize * len(text) * (1 + self.groups) > _MOST_WORK:
            raise TooMuch
        matches, last = self._compiled.finditer(_encodable(text)), (-1, -1)
        while True:
            with stopwatch.counting():
                found = next(matches, None)
                spans = tuple(found.span(number) for number in range(self.groups + 1)) if found else ()
            if not spans:
                return
            # The library finds an empty match twice if the search for it began before it.
            if spans[0] != last:
                last = spans[0]
                yield Match(text, spans)


def _encodable(text: str) -> str:
    """Replace halves of a character, which UTF-8 cannot spell, by as many signs that stand for what is unknown."""
    return _LONE_SURROGATE.sub("\ufffd", text)
