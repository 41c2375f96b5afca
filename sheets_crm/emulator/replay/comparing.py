"""Comparing a recorded answer with the emulator's: ids that a server chooses are bound, times and links left out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CHOSEN = frozenset(
    {
        "sheetId",
        "namedRangeId",
        "protectedRangeId",
        "metadataId",
        "chartId",
        "filterViewId",
        "bandedRangeId",
        "slicerId",
    }
)
"""Ids that the server chooses where the request names none."""

VOLATILE = frozenset({
    "createdTime", "modifiedTime", "createdDate", "modifiedDate", "modifiedByMeDate", "lastViewedByMeDate",
    "markedViewedByMeDate", "etag", "version", "thumbnailLink", "exportLinks", "selfLink", "alternateLink",
    "embedLink", "iconLink", "owners", "ownerNames", "lastModifyingUser", "lastModifyingUserName",
    "userPermission", "parents", "quotaBytesUsed", "fileSize", "spreadsheetUrl",
})  # fmt: skip
"""Fields that differ between two runs against the same server."""

FILE_ID = re.compile(r"\b(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*\d)1[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
"""Ids of spreadsheets, and the stand-ins for them."""

_STAND_IN = re.compile(
    r"person-\d+@removed\.invalid|https://removed\.invalid/\d+|host-\d+\.removed\.invalid|removed-[a-z]+-\d+"
    rf"|{FILE_ID.pattern}"
)
"""What a recording has in place of addresses, names, ids and secrets: each stands for whatever comes there first."""

_REFERS_TO = {"sourceSheetId": "sheetId"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the emulator answers otherwise.

    Attributes:
        probe: What asked.
        request: The number of the request among those of the probe, from 1.
        path: The place in the answer, such as ``/replies/0/addSheet/properties/title``.
        expected: What was recorded, as JSON or in words.
        got: What the emulator answered.
    """

    probe: str
    request: int
    path: str
    expected: str
    got: str

    def __str__(self) -> str:
        place = f"{self.probe or '(no probe)'}, request {self.request}, {self.path}"
        return f"{place}: expected {self.expected}, got {self.got}"


@dataclass(slots=True)
class Bindings:
    """What the recording's ids and stand-ins are called by the emulator."""

    files: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, Any], Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """A request's text with the emulator's ids of files."""
        return FILE_ID.sub(lambda match: self.files.get(match[0], match[0]), text)

    def body(self, value: Any, key: str = "") -> Any:
        """A request's body with the emulator's ids."""
        if isinstance(value, dict):
            return {name: self.body(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.body(item, key) for item in value]
        kind = _REFERS_TO.get(key, key)
        if kind in CHOSEN:
            return self.numbers.get((kind, value), value)
        return self.text(value) if isinstance(value, str) else value

    def same_text(self, expected: str, got: str) -> bool:
        """Whether two texts are equal once each stand-in stands for what it stood for before."""
        names = _STAND_IN.findall(expected)
        if not names:
            return expected == got
        parts = [re.escape(part) for part in _STAND_IN.split(expected)]
        match = re.fullmatch("(.+?)".join(parts), got, re.DOTALL)
        if match is None:
            return False
        return all(self._bind(name, text) for name, text in zip(names, match.groups(), strict=True))

    def same_id(self, key: str, expected: Any, got: Any) -> bool:
        """Whether an id is the one that it was before; 0 is the first tab at every server."""
        if key == "sheetId" and expected == 0:
            return bool(got == 0)
        return bool(self.numbers.setdefault((key, expected), got) == got)

    def _bind(self, name: str, text: str) -> bool:
        bound = self.files if FILE_ID.fullmatch(name) else self.texts
        return bound.setdefault(name, text) == text


def differences(
    expected: Any, got: Any, bound: Bindings, path: str = "", key: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield the places where two answers differ: path, what was recorded, what came."""
    if isinstance(expected, dict) and isinstance(got, dict):
        yield from _of_objects(expected, got, bound, path)
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            yield path, f"{len(expected)} items", f"{len(got)} items"
        for place, (left, right) in enumerate(zip(expected, got, strict=False)):
            yield from differences(left, right, bound, f"{path}/{place}", key)
    elif not _same(expected, got, bound, key):
        yield path or "/", _told(expected), _told(got)


def _of_objects(
    expected: dict[str, Any], got: dict[str, Any], bound: Bindings, path: str
) -> Iterator[tuple[str, str, str]]:
    for name in sorted((expected.keys() | got.keys()) - VOLATILE):
        here = f"{path}/{name}"
        if name not in got:
            yield here, _told(expected[name]), "nothing"
        elif name not in expected:
            yield here, "nothing", _told(got[name])
        else:
            yield from differences(expected[name], got[name], bound, here, name)


def _same(expected: Any, got: Any, bound: Bindings, key: str) -> bool:
    if isinstance(expected, bool) != isinstance(got, bool):
        return False
    if key in CHOSEN and isinstance(expected, int | str):
        return bound.same_id(key, expected, got)
    if isinstance(expected, str) and isinstance(got, str):
        return bound.same_text(expected, got)
    return bool(expected == got)


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


_LONGEST = 300
