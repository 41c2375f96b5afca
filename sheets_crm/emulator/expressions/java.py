r"""Spell an expression of Java's, by which `findReplace` goes (A: the API's reference), for RE2.

Java's ``\h``, ``\v``, ``\p{Alpha}`` or ``\u0041`` have other names in RE2. What RE2 has not is refused by name:
look-around, references back, possessive quantifiers, sets within sets. What a line is follows RE2 (C): only a
newline ends it, and ``$`` is the very end of the text.
"""

import re
from unicodedata import category

__all__ = ["NotImplementedHere", "as_re2"]

_REPEAT = re.compile(r"\{(\d{1,9})(?:,(\d{1,9})?)?\}", re.ASCII)
_NAMED = re.compile(r"\(\?<([A-Za-z][A-Za-z0-9]*)>")
_FLAGS = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|0([0-3]?[0-7]{1,2})")
#: A character above U+FFFF by its two halves.
_HALVES = re.compile(r"u[Dd]([89ABab][0-9A-Fa-f]{2})\\u[Dd]([C-Fc-f][0-9A-Fa-f]{2})")
_PROPERTY = re.compile(r"([pP])(?:\{([^{}]+)\}|([A-Z]))")
_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfs]")
_POSIX = frozenset(
    {
        *("Lower", "Upper", "ASCII", "Alpha", "Digit", "Alnum", "Punct"),
        *("Graph", "Print", "Blank", "Cntrl", "XDigit", "Space"),
    }
)
_CONTROLS = {"t": 9, "n": 10, "f": 12, "r": 13, "a": 7, "e": 27}
#: The insides of the sets that a letter names.
_SETS = {
    "d": r"\d",
    "D": r"\D",
    "w": r"\w",
    "W": r"\W",
    "s": "[:space:]",
    "S": "[:^space:]",
    "h": r"\t \x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}",
    "H": r"\x00-\x08\n-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{180d}\x{180f}-\x{1fff}\x{200b}-\x{202e}"
    r"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}",
    "v": r"\n-\r\x{85}\x{2028}\x{2029}",
    "V": r"\x00-\t\x0e-\x{84}\x{86}-\x{2027}\x{202a}-\x{10ffff}",
}
_LOOK_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_MOST_REPEATS = 1_000
_LARGEST_CODE = 0x10FFFF


class NotImplementedHere(Exception):  # noqa: N818 -- what Java can do and RE2 cannot is no error of the expression
    """The expression has a part that the emulator does not know; the text names it."""


def as_re2(text: str) -> str:
    """Spell an expression for RE2; of its mistakes RE2 finds most.

    Raises:
        ValueError: It is not valid.
        NotImplementedHere: It has a part that RE2 has not.
    """
    return _Speller(text).whole()


def _spelled(code: int) -> str:
    """Spell a character so that it stands for itself, in a set too; half a character stays as it is."""
    sign = chr(code)
    return sign if sign.isalnum() or category(sign) == "Cs" else f"\\x{{{code:x}}}"


class _Speller:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self._names: set[str] = set()

    def whole(self) -> str:
        parts: list[str] = []
        while self._place < len(self._text):
            parts.append(self._next())
        return "".join(parts)

    def _takes(self, sign: str) -> bool:
        if not self._text.startswith(sign, self._place):
            return False
        self._place += len(sign)
        return True

    def _next(self) -> str:
        sign = self._text[self._place]
        if sign == "(":
            return self._opened()
        if sign in "*+?{":
            return self._repetition()
        self._place += 1
        if sign == "[":
            return self._set()
        if sign == "\\":
            return self._escaped()
        return sign if sign in ".^$|)" else _spelled(ord(sign))

    def _repetition(self) -> str:
        found = _REPEAT.match(self._text, self._place)
        bounds = found.group() if found else self._text[self._place]
        if bounds == "{" or (found and found[2] and int(found[2]) < int(found[1])):
            raise ValueError(self._text)
        if found and max(int(found[1]), int(found[2] or 0)) > _MOST_REPEATS:
            raise NotImplementedHere(f"Repeating more than {_MOST_REPEATS} times")
        self._place += len(bounds)
        if self._takes("+"):
            raise NotImplementedHere("A possessive quantifier")
        return bounds + ("?" if self._takes("?") else "")

    # -- groups ---------------------------------------------------------------------------------------------------

    def _opened(self) -> str:
        if self._text.startswith(_LOOK_AROUND, self._place):
            raise NotImplementedHere("Look-around")
        if self._text.startswith("(?>", self._place):
            raise NotImplementedHere("An atomic group")
        named = _NAMED.match(self._text, self._place)
        if named:
            if named[1] in self._names:
                raise ValueError(self._text)
            self._names.add(named[1])
            self._place = named.end()
            return named.group()
        if self._text.startswith("(?", self._place):
            return self._flagged()
        self._place += 1
        return "("

    def _flagged(self) -> str:
        r"""Spell a group with flags; ``u``, by which letters of all scripts are folded, is how RE2 always folds."""
        found = _FLAGS.match(self._text, self._place)
        if not found or set(found[1] + (found[2] or "")) - set("imsudxU"):
            raise ValueError(self._text)
        if set(found[1] + (found[2] or "")) & set("dxU"):
            raise NotImplementedHere("A flag d, x or U")
        self._place = found.end()
        on, off = found[1].replace("u", ""), (found[2] or "").replace("u", "")
        if not on and not off:
            return "(?:" if found[3] == ":" else ""
        return f"(?{on}{'-' + off if off else ''}{found[3]}"

    # -- what stands for a character ------------------------------------------------------------------------------

    def _escaped(self) -> str:
        letter = self._text[self._place : self._place + 1]
        if letter == "Q":
            self._place += 1
            return self._quoted()
        if letter and letter in "bBAz":
            self._place += 1
            return "\\" + letter
        if letter and letter in "k123456789":
            raise NotImplementedHere("A back reference")
        inside, is_set = self._character()
        return f"[{inside}]" if is_set else inside

    def _quoted(self) -> str:
        end = self._text.find(r"\E", self._place)
        quoted = self._text[self._place :] if end < 0 else self._text[self._place : end]
        self._place = len(self._text) if end < 0 else end + 2
        return "".join(_spelled(ord(sign)) for sign in quoted)

    def _character(self) -> tuple[str, bool]:
        """Read what follows a backslash, as the inside of a set, and tell whether it is one."""
        code, by_name, halves = (form.match(self._text, self._place) for form in (_CODE, _PROPERTY, _HALVES))
        if by_name:
            self._place = by_name.end()
            return _named_set(by_name), True
        if halves:
            self._place = halves.end()
            high, low = (int(half, 16) & 0x3FF for half in halves.groups())
            return _spelled(0x10000 + (high << 10) + low), False
        if code:
            self._place = code.end()
            number = int(code[4], 8) if code[4] else int(code[1] or code[2] or code[3], 16)
            if number > _LARGEST_CODE:
                raise ValueError(self._text)
            return _spelled(number), False
        letter = self._text[self._place : self._place + 1]
        self._place += 1
        if letter in _SETS:
            return _SETS[letter], True
        if letter in _CONTROLS:
            return _spelled(_CONTROLS[letter]), False
        if letter and letter in "RXGNcZ":
            raise NotImplementedHere(f"\\{letter}")
        if not letter or (letter.isascii() and letter.isalnum()):
            raise ValueError(self._text)
        return _spelled(ord(letter)), False

    def _set(self) -> str:
        """Read a set whose bracket is open."""
        opening = "[^" if self._takes("^") else "["
        # A bracket that closes at once stands for itself.
        parts = [_spelled(ord("]"))] if self._takes("]") else []
        while not self._takes("]"):
            parts.append(self._span())
        return opening + "".join(parts) + "]"

    def _span(self) -> str:
        first, is_set = self._in_set()
        after = self._text[self._place + 1 : self._place + 2]
        if is_set or not self._text.startswith("-", self._place) or after in ("]", "["):
            return first
        self._place += 1
        last, is_set = self._in_set()
        if is_set:
            raise ValueError(self._text)
        return f"{first}-{last}"

    def _in_set(self) -> tuple[str, bool]:
        if self._place >= len(self._text):
            raise ValueError(self._text)
        if self._text.startswith("&&", self._place) or self._text[self._place] == "[":
            raise NotImplementedHere("A set within a set")
        if self._takes(r"\Q"):
            return self._quoted(), True
        if self._takes("\\"):
            return self._character()
        self._place += 1
        return _spelled(ord(self._text[self._place - 1])), False


def _named_set(found: re.Match[str]) -> str:
    r"""Give the inside of the set that ``\p{…}`` names, or, by ``\P``, of all other characters."""
    others, name = found[1] == "P", found[2] or found[3]
    if name in _POSIX:
        return f"[:{'^' if others else ''}{name.lower()}:]"
    short = name.removeprefix("general_category=").removeprefix("gc=").removeprefix("Is")
    if not _CATEGORY.fullmatch(short):
        raise NotImplementedHere("\\" + found.group())
    return f"\\{found[1]}{{{short}}}"
