"""What a recording may not hold, and the stand-ins for it: secrets, people, files, projects, addresses.

Two ways together: values that are known beforehand (the account's own) are replaced wherever they stand, and anything
that has the form of a secret or an address is replaced even if nobody knew of it. Equal values get equal stand-ins, so
that a replay can bind them. Wrong towards too much: a replaced word costs a comparison, a kept one a secret.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from sheets_crm.google.hosts import is_googles, without_hosts
from sheets_crm.google.spellings import any_spelling, holds

IDENTITY_KEYS: Final = frozenset({
    "emailAddress", "email", "displayName", "photoLink", "lastModifyingUser", "lastModifyingUserName", "owners",
    "ownerNames", "sharingUser", "users", "groups", "permissions", "permissionId", "permissionIds",
    "trashingUser", "creator", "me", "consumer", "containerInfo", "project", "projectId", "projectNumber",
    "project_id", "project_number", "client_id", "access_token", "id_token", "refresh_token", "private_key",
    "private_key_id", "resourceKey", "thumbnailLink", "webViewLink", "webContentLink", "iconLink",
    "exportLinks", "driveId", "parents", "teamDriveId", "uniqueId", "userId", "accountId", "customerId", "sub",
})  # fmt: skip
"""Fields of Google's answers that say who, or whose: whatever they hold is replaced."""

_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("key", re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL)),
    ("token", re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{8,}")),
    ("token", re.compile(r"\b(?:ya29\.|AIza|GOCSPX-|1//)[\w.~+/=-]{6,}")),
    ("token", re.compile(r"\beyJ[\w-]{6,}(?:\.[\w-]*){0,2}")),
    ("address", re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+")),
    ("person", re.compile(r"(?i)(?<![\w.+%-])[\w.+%-]+(?:@|%(?:25)*40)[\w-]+(?:\.[\w-]+)+")),
    ("file", re.compile(r"(?<![A-Za-z0-9_-])1[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")),  # ids of Drive
)

_PROJECT: Final = re.compile(
    r"(?i)(\bprojects?(?:[ _-]?(?:number|id|name))?\s*[:=/#]\s*|\bprojects?(?:[ _-](?:number|id|name))?\s+(?=[\w-]*\d))"
    r"['\"]?([\w-]{3,})"
)
_LONG: Final = re.compile(r"[A-Za-z0-9_+/=~-]{20,}")
"""A run of letters and digits as long as a key; Google's own identifiers of this length have no digits."""

_DIGITS: Final = re.compile(r"\d{9,}")
_MARK: Final = re.compile("\ue000(\\d+)\ue001")
_ID: Final = re.compile(r"(?:.*[a-z]I|.*_i|[uU]?[iI])[dD]")
"""Fields that hold somebody's or something's number."""

_LARGEST_OF_SHEETS: Final = 2**31 - 1
"""Sheets numbers tabs, charts and metadata up to here; a longer number comes from elsewhere."""

_TELLING: Final = 10**8
"""In errors a number of nine digits or more may be a project's."""

_SHORTEST: Final = 6
_NO_NAMES: Final = frozenset({"kind", "type", "role"})
"""Fields beside a person's name whose values are words of the API."""


class Redactor:
    """Replaces what a recording may not hold; one for a whole recording, since its stand-ins are consistent.

    Args:
        own: The account's own values with their kinds, such as ``person``; those of less than six characters are
            left out, since they would meet words.
    """

    def __init__(self, own: Mapping[str, str]) -> None:
        self._own = {value: kind for value, kind in _with_parts(own).items() if len(value) >= _SHORTEST}
        self._values = dict(self._own)
        self._stand_ins: dict[tuple[str, str], str] = {}

    def learn_file(self, file_id: str) -> None:
        """Remember the id of a file, of whatever form it is."""
        if len(file_id) >= _SHORTEST:
            self._own.setdefault(file_id, "file")
            self._values[file_id] = "file"

    def learn(self, value: Any, *, private: str = "") -> None:
        """Remember what an answer says under the names of `IDENTITY_KEYS`, so that it goes from all other answers."""
        if isinstance(value, dict):
            for name, item in value.items():
                if name not in _NO_NAMES:
                    self.learn(item, private=private or _kind_of(name))
        elif isinstance(value, list):
            for item in value:
                self.learn(item, private=private)
        elif private and _is_telling(value):
            self._values.setdefault(str(value), private)

    def body(self, value: Any, *, sent: str = "", private: str = "", error: bool = False) -> Any:
        """A JSON value with stand-ins.

        Args:
            value: Anything of JSON.
            sent: The request's own body: long words in it are ours, and so is their echo.
            private: The kind of what it says, when it stands under one of `IDENTITY_KEYS`.
            error: Whether it is part of an error, where long numbers name projects rather than cells' values.
        """
        if isinstance(value, dict):
            return {
                self.text(name, sent=sent, error=error): self._field(name, item, sent, private, error=error)
                for name, item in value.items()
            }
        if isinstance(value, list):
            return [self.body(item, sent=sent, private=private, error=error) for item in value]
        if private:
            return self._identity(value, private)
        if isinstance(value, str):
            return self.text(value, sent=sent, error=error)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return self._number(value, sent, error=error) if is_number else value

    def text(self, text: str, *, sent: str = "", error: bool = False) -> str:
        """A text with stand-ins."""
        # Stand-ins are put in at the end: a later pattern would take those of an earlier one for addresses.
        marks: list[str] = []

        def mark(kind: str, value: str) -> str:
            marks.append(self._stand_in(kind, value))
            return f"\ue000{len(marks) - 1}\ue001"

        text = self._without(self._values, _MARK.sub("", text), mark)
        for kind, pattern in _PATTERNS:
            text = pattern.sub(partial(_marked, mark, kind), text)
        text = _PROJECT.sub(lambda match: match[1] + mark("project", match[2]), text)
        text = without_hosts(text, partial(mark, "host"), sent=sent, error=error)
        text = _LONG.sub(lambda match: mark("token", match[0]) if _is_secret(match[0], sent) else match[0], text)
        if error:
            text = _DIGITS.sub(lambda match: match[0] if match[0] in sent else mark("number", match[0]), text)
        return _MARK.sub(lambda match: marks[int(match[1])], text)

    def ours(self, text: str) -> str:
        """A text that this program made, such as a request: nothing in it is foreign, but for the account's values."""
        marks: list[str] = []

        def mark(kind: str, value: str) -> str:
            marks.append(self._stand_in(kind, value))
            return f"\ue000{len(marks) - 1}\ue001"

        text = self._without(self._own, _MARK.sub("", text), mark)
        return _MARK.sub(lambda match: marks[int(match[1])], text)

    def counts(self) -> dict[str, int]:
        """How many values of each kind have stand-ins."""
        return dict(Counter(kind for kind, _ in self._stand_ins))

    def leaks(self, texts: Iterable[str]) -> list[str]:
        """Those of the account's own values that stand in texts, in any spelling; of what is saved it has to be empty.

        Args:
            texts: All that is saved, without the names of the file's own fields: a project may be called like one.
        """
        # A project may be called "removed" or "sheets" just as well.
        whole = "\n".join(_OURS.sub("\n", text) for text in texts)
        return [value for value in self._own if holds(whole, value)]

    def _without(self, values: Mapping[str, str], text: str, mark: Callable[[str, str], str]) -> str:
        """A text with marks where values stand in any spelling, the longer ones first."""
        for value in sorted((value for value in values if holds(text, value)), key=len, reverse=True):
            text = any_spelling(value).sub(partial(_mark_of, mark, values[value], value), text)
            if holds(text, value):  # encoded in a way that no pattern sees
                text = mark(values[value], value)
        return text

    def _field(self, name: str, value: Any, sent: str, private: str, *, error: bool) -> Any:
        """The value of a field; a long number of whoever it is goes from under every name of an id."""
        private = private or _kind_of(name)
        if not private and _ID.fullmatch(name) and _is_long_id(value) and str(value) not in sent:
            return self._stand_in("number", value) if isinstance(value, str) else 0
        return self.body(value, sent=sent, private=private, error=error)

    def _number(self, value: float, sent: str, *, error: bool) -> Any:
        """A number; in an error a long one goes, as it does from texts, unless it was asked for."""
        is_long = error and abs(value) >= _TELLING and str(value) not in sent
        return 0 if is_long or str(value) in self._values else value

    def _identity(self, value: Any, kind: str) -> Any:
        if isinstance(value, str):
            return self._stand_in(self._values.get(value, kind), value) if value else value
        return 0 if isinstance(value, int | float) and not isinstance(value, bool) else value

    def _stand_in(self, kind: str, value: str) -> str:
        """The stand-in of a value, the same each time."""
        place = (kind, value)
        if place not in self._stand_ins:
            number = 1 + sum(1 for other, _ in self._stand_ins if other == kind)
            self._stand_ins[place] = _STAND_INS[kind](number)
        return self._stand_ins[place]


_STAND_INS: Final[Mapping[str, Callable[[int], str]]] = {
    # The form of Drive's ids, so that whatever replays recordings by that form binds it as it binds a real one.
    "file": lambda number: f"1StandInForASpreadsheet{number:021d}",
    "person": lambda number: f"person-{number}@removed.invalid",
    "address": lambda number: f"https://removed.invalid/{number}",
    "host": lambda number: f"host-{number}.removed.invalid",
    "project": lambda number: f"removed-project-{number}",
    "token": lambda number: f"removed-token-{number}",
    "key": lambda number: f"removed-key-{number}",
    "number": lambda number: f"removed-number-{number}",
}


_OURS: Final = re.compile(
    r"1StandInForASpreadsheet\d{21}|person-\d+@removed\.invalid|https://removed\.invalid/\d+|"
    r"host-\d+\.removed\.invalid|removed-(?:project|token|key|number)-\d+|https://(?:sheets|www)\.googleapis\.com/"
)
"""Stand-ins, and Google's own address."""


def own_values(values: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Pairs of kind and value as `Redactor` takes them; what is not text, or empty, is left out."""
    return {value: kind for kind, value in values if isinstance(value, str) and value}


def _with_parts(own: Mapping[str, str]) -> dict[str, str]:
    """The account's values, its name before the @, and hosts without their ports; Google's hosts are everybody's."""
    parts = {
        value.partition("@")[0] + "@": kind for value, kind in own.items() if kind == "person" and "@" in value
    }
    parts |= {value.partition(":")[0]: kind for value, kind in own.items() if kind == "host"}
    return {value: kind for value, kind in {**parts, **own}.items() if kind != "host" or not is_googles(value)}


def _is_telling(value: Any) -> bool:
    """Whether a value under a name of `IDENTITY_KEYS` is long enough to be looked for elsewhere."""
    if isinstance(value, str):
        return len(value) >= _SHORTEST
    return isinstance(value, int) and value >= _TELLING


def _is_long_id(value: Any) -> bool:
    if isinstance(value, str):
        return value.isdecimal() and int(value[:20]) > _LARGEST_OF_SHEETS
    return isinstance(value, int | float) and abs(value) > _LARGEST_OF_SHEETS


def _kind_of(field: str) -> str:
    """The kind of what a field says of somebody; "" for a field that says nothing of anybody."""
    if field not in IDENTITY_KEYS:
        return ""
    return "project" if field.lower().startswith(("project", "consumer", "container")) else "person"


def _mark_of(mark: Callable[[str, str], str], kind: str, value: str, _: re.Match[str]) -> str:
    return mark(kind, value)


def _marked(mark: Callable[[str, str], str], kind: str, match: re.Match[str]) -> str:
    return mark(kind, match[0])


def _is_secret(word: str, sent: str) -> bool:
    """Whether a long word is neither a number, nor words of the API run together, nor an echo of the request."""
    mixed = re.search(r"\d", word) and re.search(r"[A-Za-z]", word)
    return bool(mixed) and not _is_number(word) and word not in sent


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
