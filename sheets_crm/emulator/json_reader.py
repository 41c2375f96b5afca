"""Reads a JSON body as leniently as Google's front end, and refuses it in its words.

The front end is protobuf's streaming parser (`util/internal/json_stream_parser.cc`): single quotes, bare keys,
trailing commas, line breaks inside texts and a byte order mark are read; what is no UTF-8 becomes a space, half a
surrogate pair U+FFFD. A refusal shows 20 bytes on either side of where it stopped. That Sheets answers so is
grade B: measured against it by others in October 2026.
"""

import codecs
import math
import re
from typing import Any

import orjson

from sheets_crm.emulator.errors import ApiError, invalid, invalid_json

__all__ = ["Doubled", "read_json"]

_SPACE = re.compile(r"[ \t\n\v\f\r]*")
_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_NUMBER = re.compile(r"[-0-9][0-9.eE+\-x]*")
_PLAIN = {quote: re.compile(rf"[^\\{quote}]*") for quote in "\"'"}
_HEX = re.compile(r"[0-9A-Fa-f]{4}")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WORDS = {"true": True, "false": False, "null": None}
_DIGITS = "-0123456789"
_CONTEXT = 20
_LONGEST_WORD = len("false")
_LEAST = -(2**63)  # what is less has no type of whole numbers
_ESCAPED_QUOTE = b"\\u0022"
_END_OF_PAIR = "Expected , or } after key:value pair."
_END_OF_ITEM = "Expected , or ] after array value."

codecs.register_error("space", lambda error: (" " * (error.end - error.start), error.end))  # type: ignore[attr-defined]


class Doubled(dict[str, Any]):
    """An object in which a name stands more than once: `items` gives each pair, in order."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self) -> Any:
        """Give the pairs as the client wrote them."""
        return self._pairs


def read_json(body: bytes) -> Any:
    """Read a body; an empty one is an empty object (B).

    Raises:
        ApiError: 400 with Google's sentence, the place and a caret below it.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    if not body:
        return {}
    try:
        value = orjson.loads(body)
        # orjson keeps the last of two equal names and says nothing. A name that it dropped is missing, with its
        # quotes, when the value is written again; unless a quote that is written as a code point makes up for it.
        if _ESCAPED_QUOTE not in body and orjson.dumps(value).count(b'"') == body.count(b'"'):
            return value
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # it reads deeper nesting than it writes
        pass
    return _Reader(body.decode("utf-8", "space")).whole()


class _Reader:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        # Google reads a body in two passes; what a refusal of the second shows begins with what the first left.
        self._second = -1

    def whole(self) -> Any:
        value = self._value("Expected a value.")
        if self._next():
            raise self._failure("Parsing terminated before end of input.")
        return value

    def _next(self) -> str:
        """Skip white space and give the character that follows, or nothing at the end."""
        self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
        return self._text[self._at : self._at + 1]

    # -- values ---------------------------------------------------------------------------------------------------

    def _value(self, expected: str) -> Any:
        mark = self._next()
        if mark == "{":
            return self._object()
        if mark == "[":
            return self._array()
        if mark and mark in "\"'":
            return self._string(mark)
        if mark and mark in _DIGITS:
            return self._number()
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        if mark and (mark in "}]:," or _KEY.match(mark)):
            if len(self._text.encode()) - len(self._text[: self._at].encode()) < _LONGEST_WORD:
                self._second = self._at  # too short to be told from a word that is cut off
            raise self._failure("Unexpected token.")
        raise self._unknown(expected)

    def _object(self) -> dict[str, Any]:
        self._at += 1
        pairs: list[tuple[str, Any]] = []
        while self._next() != "}":
            name = self._name()
            self._separator(":", "Expected : between key:value pair.")
            pairs.append((name, self._value("Expected a value.")))
            if self._next() != "}":
                self._separator(",", _END_OF_PAIR)
        self._at += 1
        last = dict(pairs)
        return last if len(last) == len(pairs) else Doubled(pairs)

    def _array(self) -> list[Any]:
        self._at += 1
        items: list[Any] = []
        while self._next() != "]":
            items.append(self._value("Expected a value or ] within an array."))
            if self._next() != "]":
                self._separator(",", _END_OF_ITEM)
        self._at += 1
        return items

    def _separator(self, mark: str, expected: str) -> None:
        other = self._next()
        if other == mark:
            self._at += 1
        elif other and (other in "{}[]:,\"'" or other in _DIGITS or _KEY.match(other)):
            raise self._failure(expected)
        else:
            raise self._unknown(expected)

    def _name(self) -> str:
        mark, expected = self._next(), "Expected an object key or }."
        if mark and mark in "\"'":
            return self._string(mark)
        match = _KEY.match(self._text, self._at)
        if not match and (not mark or mark not in "{[]:," + _DIGITS):
            raise self._unknown(expected)
        if not match or match[0] in _WORDS:
            self._at = match.end() if match else self._at
            raise self._failure(expected)
        if match.end() == len(self._text):
            self._second = self._at
        self._at = match.end()
        return match[0]

    # -- texts ----------------------------------------------------------------------------------------------------

    def _string(self, quote: str) -> str:
        self._at += 1
        parts = []
        while True:
            match = _PLAIN[quote].match(self._text, self._at)
            parts.append(match[0])  # type: ignore[index]
            self._at = match.end()  # type: ignore[union-attr]
            mark = self._text[self._at : self._at + 2]
            if mark[:1] == quote:
                self._at += 1
                return "".join(parts)
            if len(mark) < 2:  # the text ends, perhaps with a backslash
                self._second = self._at
                raise self._failure("Closing quote expected in string.")
            parts.append(self._code_point() if mark[1] == "u" else self._escaped(mark[1]))

    def _escaped(self, letter: str) -> str:
        self._at += 2
        return _ESCAPES.get(letter, letter)

    def _code_point(self) -> str:
        code = self._unit(self._at)
        self._at += 6
        if 0xD800 <= code < 0xDC00 and self._text.startswith("\\u", self._at):
            low = self._unit(self._at)
            if 0xDC00 <= low < 0xE000:
                self._at += 6
                return chr(0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF)))
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)

    def _unit(self, start: int) -> int:
        match = _HEX.match(self._text, start + 2)
        if match is None:
            cut = len(self._text) - start < len("\\uXXXX")
            self._second = self._at if cut else self._second
            raise self._failure("Illegal hex string." if cut else "Invalid escape sequence.")
        return int(match[0], 16)

    # -- numbers --------------------------------------------------------------------------------------------------

    def _number(self) -> int | float:
        match = _NUMBER.match(self._text, self._at)
        text = match[0]  # type: ignore[index]
        if match.end() == len(self._text):  # type: ignore[union-attr]
            self._second = self._at
        bare = text.removeprefix("-")
        if len(bare) > 1 and bare[0] == "0" and not re.search("[.eE]", text):
            raise self._failure("Octal/hex numbers are not valid JSON values.")
        value = self._converted(text)
        self._at += len(text)
        return value

    def _converted(self, text: str) -> int | float:
        if re.fullmatch(r"-?[0-9]{1,19}", text) and int(text) >= _LEAST:
            return int(text)
        try:
            value = float(text)
        except ValueError:
            raise self._failure("Unable to parse number.") from None
        if not math.isfinite(value):
            raise self._failure("Number exceeds the range of double.")
        return value

    # -- refusals -------------------------------------------------------------------------------------------------

    def _unknown(self, expected: str) -> ApiError:
        """Refuse a mark that begins nothing, or the end of the text: both are left for the second pass."""
        if self._at == len(self._text):
            self._second = self._second if self._second >= 0 else self._at
            return self._failure(f"Unexpected end of string. {expected}")
        self._second = self._at
        return self._failure(expected)

    def _failure(self, sentence: str) -> ApiError:
        before = self._text[max(self._second, 0) : self._at].encode()[-_CONTEXT:]
        after = self._text[self._at :].encode()[:_CONTEXT]
        try:
            shown = (before + after).decode()
        except UnicodeDecodeError:  # a character cut in two: then Google has no words of its own (B)
            return invalid("Request contains an invalid argument.")
        return invalid_json(f"{sentence}\n{shown}\n{' ' * len(before)}^")
