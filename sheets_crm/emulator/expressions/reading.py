"""Read a regular expression by Java's rules, or as the standard library spells it."""

import re
from typing import ClassVar

from sheets_crm.emulator.expressions.letters import escape_sets, named_set, opposite, spelled
from sheets_crm.emulator.expressions.tree import Choice, Expression, Group, Node, Piece, Repeat, Sequence

__all__ = ["NotImplementedHere", "read_expression", "read_standard_expression"]

_ENDS_OF_LINES = r"\n\r\x85\u2028\u2029"
_REPEAT = re.compile(r"\{(\d{1,9})(?:(,)(\d{1,9})?)?\}", re.ASCII)
_NAMED = re.compile(r"\(\?<([A-Za-z][A-Za-z0-9]*)>")
_FLAGS = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|0([0-3]?[0-7]{1,2})")
_PROPERTY = re.compile(r"([pP])(?:\{([^{}]+)\}|([A-Z]))")
_CONTROLS = {"t": 9, "n": 10, "f": 12, "r": 13, "a": 7, "e": 27}
_EDGES = {
    "b": r"(?a:\b)",
    "B": r"(?a:\B)",
    "A": r"\A",
    "z": r"\Z",
    "Z": rf"(?=(?:\r\n|[{_ENDS_OF_LINES}])?\Z)",
}
_LINE_START = rf"(?:\A|(?<=[{_ENDS_OF_LINES}])(?!\Z))"
_LINE_END = rf"(?=[{_ENDS_OF_LINES}]|\Z)"
_MOST_REPEATS = 1_000
_DEEPEST = 100


class NotImplementedHere(Exception):  # noqa: N818 -- what Java can do and the emulator cannot is no error of the expression
    """The expression has a part that the emulator does not know; the text names it."""


def read_expression(text: str, *, fold: bool) -> Expression:
    """Read an expression; `fold` is whether upper and lower case are the same.

    Raises:
        ValueError: It is not valid.
        NotImplementedHere: It has a part that is not known here.
    """
    return _Reader(text, "i" if fold else "").whole()


def read_standard_expression(text: str) -> Expression:
    """Read an expression of the standard library's: of its escapes, those that `formulas.re2` writes.

    Raises:
        ValueError: It is not valid.
        NotImplementedHere: It has a part that is not known here.
    """
    return _StandardReader(text, "").whole()


class _Reader:
    _edges: ClassVar = _EDGES
    _any = f"[^{_ENDS_OF_LINES}]"
    _line_start, _line_end = _LINE_START, _LINE_END
    _named_group, _code = _NAMED, _CODE
    _flags_known, _flags_refused = frozenset[str](), frozenset("dxU")
    _sets: ClassVar = escape_sets
    _controls: ClassVar = _CONTROLS

    def __init__(self, text: str, flags: str) -> None:
        self.text, self.place = text, 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self._flags = frozenset(flags)

    def whole(self) -> Expression:
        """Read all of it."""
        node = self.choice(0)
        if self.place != len(self.text):
            raise ValueError(self.text)
        return Expression(node, self.groups, self.names)

    def choice(self, depth: int) -> Node:
        """Read up to the end, or the bracket that closes the group; flags set in it end with it."""
        if depth > _DEEPEST:
            raise NotImplementedHere("Groups this deep")
        flags = self._flags
        branches = [self._sequence(depth)]
        while self._takes("|"):
            branches.append(self._sequence(depth))
        self._flags = flags
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            found = self._parts(depth)
            if found:
                found[-1] = self._repeated(found[-1])
            parts += found
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _parts(self, depth: int) -> list[Node]:
        """Read the next part; of a quoted text each letter, as a repetition belongs to the last of them."""
        sign = self.text[self.place]
        if sign == "(":
            return self._opened(depth)
        self.place += 1
        match sign:
            case "[":
                return [self._piece(self._set())]
            case "\\":
                return self._escaped()
            case ".":
                return [Piece(r"[\s\S]" if "s" in self._flags else self._any)]
            case "^":
                return [Piece(self._line_start if "m" in self._flags else r"\A")]
            case "$":
                return [Piece(self._line_end if "m" in self._flags else self._edges["Z"])]
            case "*" | "+" | "?" | "{":
                raise ValueError(self.text)
        return [self._piece(spelled(ord(sign)))]

    def _piece(self, source: str) -> Piece:
        return Piece(f"(?i:{source})" if "i" in self._flags else source)

    def _takes(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.place):
            return False
        self.place += len(sign)
        return True

    # -- repetitions ----------------------------------------------------------------------------------------------

    def _repeated(self, part: Node) -> Node:
        bounds = self._bounds()
        if bounds is None:
            return part
        least, most = bounds
        if (most is not None and most < least) or self.text.startswith("{", self.place):
            raise ValueError(self.text)
        if max(least, most or 0) > _MOST_REPEATS:
            raise NotImplementedHere(f"Repeating more than {_MOST_REPEATS} times")
        if self._takes("+"):
            raise NotImplementedHere("A possessive quantifier")
        return Repeat(part, least, most, self._takes("?"))

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._takes(sign):
                return bounds
        if not self.text.startswith("{", self.place):
            return None
        found = _REPEAT.match(self.text, self.place)
        if not found:
            raise ValueError(self.text)
        self.place = found.end()
        least = int(found[1])
        if not found[2]:
            return least, least
        return least, int(found[3]) if found[3] else None

    # -- groups ---------------------------------------------------------------------------------------------------

    def _opened(self, depth: int) -> list[Node]:
        for opening in ("(?=", "(?!", "(?<=", "(?<!"):
            if self.text.startswith(opening, self.place):
                raise NotImplementedHere("Look-around")
        if self.text.startswith("(?>", self.place):
            raise NotImplementedHere("An atomic group")
        named = self._named_group.match(self.text, self.place)
        if named:
            if named[1] in self.names:
                raise ValueError(self.text)
            self.place = named.end()
            self.names[named[1]] = self.groups + 1
            return [self._numbered(depth)]
        if self.text.startswith("(?", self.place):
            return self._flagged(depth)
        self.place += 1
        return [self._numbered(depth)]

    def _numbered(self, depth: int) -> Node:
        self.groups += 1
        number = self.groups
        return Group(self._closed(depth), number)

    def _closed(self, depth: int) -> Node:
        node = self.choice(depth + 1)
        if not self._takes(")"):
            raise ValueError(self.text)
        return node

    def _flagged(self, depth: int) -> list[Node]:
        found = _FLAGS.match(self.text, self.place)
        if not found or set(found[1] + (found[2] or "")) - (set("imsu") | self._flags_known | self._flags_refused):
            raise ValueError(self.text)
        if set(found[1] + (found[2] or "")) & self._flags_refused:
            raise NotImplementedHere("A flag d, x or U")
        self.place = found.end()
        outer = self._flags
        self._flags = (outer | frozenset(found[1])) - frozenset(found[2] or "")
        if found[3] == ")":
            return []
        node = self._closed(depth)
        self._flags = outer
        return [node]

    # -- what stands for a character ------------------------------------------------------------------------------

    def _escaped(self) -> list[Node]:
        letter = self.text[self.place : self.place + 1]
        if letter == "Q":
            self.place += 1
            return [self._piece(spelled(ord(sign))) for sign in self._quoted()]
        if letter in self._edges and letter:
            self.place += 1
            return [Piece(self._edges[letter])]
        if letter == "k" or letter in set("123456789"):
            raise NotImplementedHere("A back reference")
        inside, is_set = self._character()
        return [self._piece(f"[{inside}]" if is_set else inside)]

    def _quoted(self) -> str:
        end = self.text.find(r"\E", self.place)
        quoted = self.text[self.place :] if end < 0 else self.text[self.place : end]
        self.place = len(self.text) if end < 0 else end + 2
        return quoted

    def _character(self) -> tuple[str, bool]:
        """Read what follows a backslash, as the inside of a set, and tell whether it is one."""
        code, by_name = (form.match(self.text, self.place) for form in (self._code, _PROPERTY))
        if by_name:
            self.place = by_name.end()
            return self._named(by_name), True
        if code:
            self.place = code.end()
            number = int(code[1] or code[2] or code[3], 16) if not code[4] else int(code[4], 8)
            if number > 0x10FFFF:
                raise ValueError(self.text)
            return spelled(number), False
        letter = self.text[self.place : self.place + 1]
        self.place += 1
        if letter.lower() in self._sets and letter:
            inside = self._sets[letter.lower()]
            return inside if letter.islower() else opposite(inside), True
        if letter in self._controls and letter:
            return spelled(self._controls[letter]), False
        if letter in set("RXGNc"):
            raise NotImplementedHere(f"\\{letter}")
        if not letter or (letter.isascii() and letter.isalnum()):
            raise ValueError(self.text)
        return spelled(ord(letter)), False

    def _named(self, found: re.Match[str]) -> str:
        inside = named_set(found[2] or found[3], others=found[1] == "P")
        if inside is None:
            raise NotImplementedHere("\\" + found.group())
        return inside

    def _set(self) -> str:
        """Read a set whose bracket is open."""
        opening = "[^" if self._takes("^") else "["
        # A bracket that closes at once stands for itself.
        parts = [spelled(ord("]"))] if self._takes("]") else []
        while not self._takes("]"):
            parts.append(self._span())
        return opening + "".join(parts) + "]"

    def _span(self) -> str:
        first, is_set = self._in_set()
        after = self.text[self.place + 1 : self.place + 2]
        if is_set or not self.text.startswith("-", self.place) or after in ("]", "["):
            return first
        self.place += 1
        last, is_set = self._in_set()
        if is_set or last.lower() < first.lower():
            raise ValueError(self.text)
        return f"{first}-{last}"

    def _in_set(self) -> tuple[str, bool]:
        if self.place >= len(self.text):
            raise ValueError(self.text)
        if self.text.startswith("&&", self.place) or self.text[self.place] == "[":
            raise NotImplementedHere("A set within a set")
        if self._takes(r"\Q"):
            return "".join(spelled(ord(sign)) for sign in self._quoted()), True
        if self._takes("\\"):
            return self._character()
        self.place += 1
        return spelled(ord(self.text[self.place - 1])), False


class _StandardReader(_Reader):
    """Reads what the standard library's signs mean where they differ from Java's."""

    _edges: ClassVar = {**_EDGES, "Z": r"\Z"}
    _any = r"[^\n]"
    _line_start, _line_end = "(?m:^)", "(?m:$)"
    _named_group = re.compile(r"\(\?P<(\w+)>")
    _code = re.compile(r"x([0-9A-Fa-f]{2})|(?!)(.)|[uU]([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})|(?!)(.)")
    _flags_known, _flags_refused = frozenset("a"), frozenset[str]()
    _sets: ClassVar[dict[str, str]] = {}
    _controls: ClassVar = {**_CONTROLS, "v": 11}
