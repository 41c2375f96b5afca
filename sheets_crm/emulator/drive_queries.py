"""The search queries of Drive's `files.list`: `name contains 'Leads' and trashed = false`.

Terms, operators and the order of `not`, `and`, `or` are those of Google's guide "Search query terms and operators".
A term that says something of what the emulator does not keep is refused: a query that were ignored would find all.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from sheets_crm.emulator.errors import DriveError

__all__ = ["ROOT", "Accepts", "parse_query"]

Accepts = Callable[[dict[str, Any]], bool]
"""Tells whether a file's resource is looked for."""

ROOT = "root"
"""The only folder: My Drive."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|!=|[=<>()])|(?P<word>\w+))", re.DOTALL
)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "contains": lambda a, b: b in a,
}
_EQUALITY = ("=", "!=")
_OPERATORS = {
    "name": (*_EQUALITY, "contains"),
    "mimeType": (*_EQUALITY, "contains"),
    "trashed": _EQUALITY,
    "createdTime": (*_EQUALITY, "<", "<=", ">", ">="),
    "modifiedTime": (*_EQUALITY, "<", "<=", ">", ">="),
}
_NOT_KEPT = (
    "fullText", "viewedByMeTime", "starred", "writers", "readers", "sharedWithMe", "properties", "appProperties",
    "visibility", "shortcutDetails",
)  # fmt: skip


def parse_query(query: str) -> Accepts:
    """Read a query; an empty one finds all files.

    Raises:
        DriveError: 400, the query cannot be read, or asks for what the emulator does not keep.
    """
    if not query.strip():
        return lambda _: True
    return _Parser(query).read()


class _Parser:
    """Reads one query by recursive descent."""

    def __init__(self, query: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place, end = 0, len(query.rstrip())
        while place < end:
            match = _TOKEN.match(query, place)
            if match is None or match.lastgroup is None:
                _refuse()
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()
        self._place = 0

    def read(self) -> Accepts:
        accepts = self._any()
        if self._place < len(self._tokens):
            _refuse()
        return accepts

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token

    def _any(self) -> Accepts:
        parts = [self._all()]
        while self._peek() == ("word", "or"):
            self._place += 1
            parts.append(self._all())
        return lambda file: any(part(file) for part in parts)

    def _all(self) -> Accepts:
        parts = [self._one()]
        while self._peek() == ("word", "and"):
            self._place += 1
            parts.append(self._one())
        return lambda file: all(part(file) for part in parts)

    def _one(self) -> Accepts:
        negated = False
        while self._peek() == ("word", "not"):
            self._place += 1
            negated = not negated
        if self._peek() == ("sign", "("):
            self._place += 1
            inner = self._any()
            if self._take() != ("sign", ")"):
                _refuse()
        else:
            inner = self._term()
        return (lambda file: not inner(file)) if negated else inner

    def _term(self) -> Accepts:
        kind, first = self._take()
        operator, (other_kind, second) = self._take()[1], self._take()
        if (
            operator == "in"
        ):  # `'x' in parents` of the guide, and `parents in "x"` of gspread, which Drive takes too
            name, text = (second, first) if kind == "text" else (first, second)
            return _member(name, _unquoted(text))
        if kind != "word" or first not in _OPERATORS:
            _refuse(first if kind == "word" else "")
        if operator not in _OPERATORS[first]:
            _refuse()
        if first == "trashed":
            if second not in ("true", "false"):
                _refuse()
            return _compared(first, operator, second == "true")
        if other_kind != "text":
            _refuse()
        return _compared(first, operator, _unquoted(second))


def _member(name: str, text: str) -> Accepts:
    if name == "parents":
        return lambda _: text == ROOT
    if name != "owners":
        _refuse(name)
    return lambda file: text in [owner["emailAddress"] for owner in file["owners"]]


def _compared(name: str, operator: str, value: str | bool) -> Accepts:
    compare = _COMPARED[operator]
    if name.endswith("Time"):
        moment = _moment(str(value))
        return lambda file: compare(_moment(file[name]), moment)
    if name == "name" and operator == "contains":
        return lambda file: compare(file[name].lower(), str(value).lower())
    return lambda file: compare(file[name], value)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _refuse()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unquoted(text: str) -> str:
    if text[:1] not in ("'", '"'):
        _refuse()
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _refuse(name: str = "") -> NoReturn:
    if name in _NOT_KEPT:
        raise DriveError(400, "badRequest", f"Queries for {name} are not implemented by the emulator.", "q")
    raise DriveError(400, "invalid", "Invalid Value", "q")
