r"""Regular expressions as RE2 reads them, which are Google's, for the engine of the standard library.

RE2 knows neither look-around nor references back. Its ``\d``, ``\w``, ``\s`` and ``\b`` are of ASCII alone, while
``(?i)`` folds letters of every script (RE2's syntax page, A). ``$`` is the very end of the text unless ``(?m)``
is set, and flags in the middle of a pattern hold to the end of their group.
"""

import re
import warnings
from collections.abc import Callable
from functools import lru_cache

from sheets_crm.emulator.expressions.matching import Matcher
from sheets_crm.emulator.expressions.program import Spans, TooMuch
from sheets_crm.emulator.expressions.reading import NotImplementedHere, read_standard_expression
from sheets_crm.emulator.formulas.values import Refusal

__all__ = ["Match", "Pattern", "compile_re2"]

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_EDGE = {"b": r"(?a:\b)", "B": r"(?a:\B)", "A": r"\A", "z": r"\Z"}
_PLAIN = "aftnrv"
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_REPEAT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_CODE = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")
_OCTAL = re.compile(r"[0-7]{1,3}")
_MOST_REPEATS = 1_000


class Match:
    """A match and its groups."""

    def __init__(self, text: str, spans: Spans) -> None:
        self._text, self._spans = text, spans

    def __getitem__(self, number: int) -> str | None:
        start, end = self._spans[2 * number : 2 * number + 2]
        return self._text[start:end] if start >= 0 else None

    def group(self) -> str:
        """Give all that is matched."""
        return self[0] or ""

    def groups(self) -> list[str | None]:
        """Give what each group matched."""
        return [self[number] for number in range(1, len(self._spans) // 2)]


class Pattern:
    """A pattern made ready: it takes no longer than RE2's would, or is refused.

    Attributes:
        groups: How many groups it has.
    """

    def __init__(self, translated: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            native = re.compile(translated)
        self.groups = native.groups
        try:
            self._matcher = Matcher(read_standard_expression(translated), native)
        except (NotImplementedHere, TooMuch, ValueError) as problem:
            raise Refusal("This regular expression is not implemented by the emulator.") from problem

    def search(self, text: str) -> Match | None:
        """Find the first match."""
        self._matcher.forget()
        try:
            spans = self._matcher.search(text)
        except TooMuch as problem:
            raise _slow() from problem
        return Match(text, spans) if spans is not None else None

    def sub(self, becomes: Callable[[Match], str], text: str) -> str:
        """Replace every match."""
        self._matcher.forget()
        try:
            return self._matcher.replace(text, lambda spans: becomes(Match(text, spans)))[0]
        except TooMuch as problem:
            raise _slow() from problem


def _slow() -> Refusal:
    return Refusal("This regular expression takes longer than the emulator lets it take.")


@lru_cache(maxsize=512)
def compile_re2(pattern: str) -> Pattern:
    """Make a pattern ready.

    Raises:
        ValueError: RE2 does not take it.
        Refusal: The emulator does not know what RE2 makes of it.
    """
    translated = _Translation(pattern).whole()
    try:
        return Pattern(translated)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ValueError(pattern) from problem


@lru_cache(maxsize=32)
def _all_but(inside: str) -> str:
    """The characters that are not in an ASCII class, as a set holds them."""
    held = re.compile(f"[{inside}]")
    letters = [chr(code) for code in range(0x80) if not held.match(chr(code))]
    return re.escape("".join(letters)) + r"\x80-\U0010ffff"


class _Translation:
    """One pattern on its way into the standard library's spelling."""

    def __init__(self, pattern: str) -> None:
        self._pattern, self._place = pattern, 0
        # Whether (?m) holds, for each group that is open.
        self._lines = [False]
        # For each group, the groups that flags in the middle opened: they close with it, and begin anew at a bar.
        self._flags: list[list[str]] = [[]]
        # Whether the last piece was a repetition, which no second one may follow.
        self._repeated = False

    def whole(self) -> str:
        parts = []
        while self._place < len(self._pattern):
            parts.append(self._next())
        if len(self._flags) != 1:
            raise ValueError(self._pattern)
        return "".join(parts) + ")" * len(self._flags[0])

    def _next(self) -> str:
        sign = self._pattern[self._place]
        if sign in "*+?" or (sign == "{" and _REPEAT.match(self._pattern, self._place)):
            return self._repetition()
        self._repeated = False
        match sign:
            case "(":
                return self._opened()
            case ")":
                return self._closed()
            case "[":
                return self._set()
            case "\\":
                return self._escaped(in_set=False)
            case _:
                self._place += 1
                return self._single(sign)

    def _single(self, sign: str) -> str:
        if sign == "$":
            return "$" if self._lines[-1] else r"\Z"
        if sign == "|":
            flags = self._flags[-1]
            return ")" * len(flags) + "|" + "".join(flags)
        return r"\{" if sign == "{" else sign

    def _repetition(self) -> str:
        if self._repeated:
            raise ValueError(self._pattern)
        match = _REPEAT.match(self._pattern, self._place)
        text = match.group() if match else self._pattern[self._place]
        if match and max(int(match[1]), int(match[3] or 0)) > _MOST_REPEATS:
            raise ValueError(self._pattern)
        self._place += len(text)
        lazy = self._pattern[self._place : self._place + 1] == "?"
        self._place += int(lazy)
        self._repeated = True
        return text + ("?" if lazy else "")

    def _opened(self) -> str:
        named, flags = (form.match(self._pattern, self._place) for form in (_NAMED, _FLAGS))
        if named:
            return self._group(named.end(), f"(?P<{named[1]}>")
        if not self._pattern.startswith("(?", self._place):
            return self._group(self._place + 1, "(")
        if flags is None or flags.group() == "(?)":
            raise ValueError(self._pattern)
        return self._flagged(flags)

    def _group(self, place: int, text: str) -> str:
        self._place = place
        self._lines.append(self._lines[-1])
        self._flags.append([])
        return text

    def _flagged(self, match: re.Match[str]) -> str:
        on, off = match[1], match[2] or ""
        if "U" in on + off:
            raise Refusal("The flag U of regular expressions is not implemented by the emulator.")
        lines = (self._lines[-1] or "m" in on) and "m" not in off
        opening = "(?" + on + (f"-{off}" if off else "") + ":"
        if match[3] == ":":
            self._group(match.end(), "")
        else:
            self._place = match.end()
            self._flags[-1].append(opening)
        self._lines[-1] = lines
        return opening

    def _closed(self) -> str:
        if len(self._flags) == 1:
            raise ValueError(self._pattern)
        self._place += 1
        self._lines.pop()
        return ")" * (len(self._flags.pop()) + 1)

    def _set(self) -> str:
        start = self._place
        self._place += 1
        parts = ["["]
        if self._pattern.startswith("^", self._place):
            parts, self._place = ["[^"], self._place + 1
        first = True
        while first or not self._pattern.startswith("]", self._place):
            if self._place >= len(self._pattern):
                self._place = start
                raise ValueError(self._pattern)
            parts.append(self._in_set())
            first = False
        self._place += 1
        return "".join(parts) + "]"

    def _in_set(self) -> str:
        sign = self._pattern[self._place]
        if sign == "\\":
            return self._escaped(in_set=True)
        posix = re.compile(r"\[:(\^?)(\w+):\]").match(self._pattern, self._place)
        if posix:
            return self._posix(posix)
        self._place += 1
        return "\\" + sign if sign in "[]&~|" else sign

    def _posix(self, match: re.Match[str]) -> str:
        if match[2] not in _POSIX:
            raise ValueError(self._pattern)
        self._place = match.end()
        return _all_but(_POSIX[match[2]]) if match[1] else _POSIX[match[2]]

    def _escaped(self, *, in_set: bool) -> str:
        letter = self._pattern[self._place + 1 : self._place + 2]
        self._place += 2
        if letter.lower() in _CLASSES and letter:
            return self._class(letter, in_set=in_set)
        if letter in _EDGE and letter and not in_set:
            return _EDGE[letter]
        if letter == "Q" and not in_set:
            return self._quoted()
        return self._character(letter)

    def _class(self, letter: str, *, in_set: bool) -> str:
        inside = _CLASSES[letter.lower()]
        if letter.islower():
            return inside if in_set else f"[{inside}]"
        if in_set:
            return {"D": r"\x00-/:-\U0010ffff", "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff"}.get(
                letter, r"\x00-/:-@\[-^`{-\U0010ffff"
            )
        return f"[^{inside}]"

    def _quoted(self) -> str:
        end = self._pattern.find(r"\E", self._place)
        text = self._pattern[self._place :] if end < 0 else self._pattern[self._place : end]
        self._place = len(self._pattern) if end < 0 else end + 2
        return re.escape(text)

    def _character(self, letter: str) -> str:
        code = _CODE.match(self._pattern, self._place - 1)
        if code:
            self._place = code.end()
            return re.escape(chr(int(code[1] or code[2], 16)))
        if letter == "0":
            octal = _OCTAL.match(self._pattern, self._place - 1)
            self._place = octal.end() if octal else self._place
            return re.escape(chr(int(octal.group() if octal else "0", 8)))
        if letter in _PLAIN and letter:
            return "\\" + letter
        # RE2 takes a backslash before punctuation alone; before a digit it would refer back. Google takes no
        # \p and \P either, which RE2 has (A).
        if not letter or letter.isalnum():
            raise ValueError(self._pattern)
        return "\\" + letter if letter.isascii() else letter
