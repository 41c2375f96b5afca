"""A recording as it lies on disk, read into interactions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FORMAT = 1
"""The newest form of a recording that is understood."""

_NOT_APPLIED = frozenset({0, 401, 408, 425, 429})


class RecordingError(Exception):
    """A file is not a recording, or of a later form."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One request and the answer that was recorded.

    Attributes:
        probe: The name of what asked; "" where the recording does not say.
        number: Its place among the requests of that probe, from 1.
        method: HTTP's.
        target: Path and query.
        body: The request's body; "" without one.
        content_type: Of the body.
        status: Of the recorded answer.
        answer: The text of the recorded answer.
    """

    probe: str
    number: int
    method: str
    target: str
    body: str
    content_type: str
    status: int
    answer: str

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def comparable(self) -> bool:
        """Whether the answer says something of the request: a used-up quota or a failure on the way does not.

        Lists of Drive's files are left out too: they show what else the recording account had.
        """
        passing = self.status in _NOT_APPLIED or self.status >= 500
        return not passing and (self.method, self.path) != ("GET", "/drive/v3/files")


@dataclass(frozen=True, slots=True)
class Recording:
    """All interactions of a file.

    Attributes:
        path: The file.
        interactions: In the order in which they were made.
        recorded: When they were made; None where the file does not say.
    """

    path: Path
    interactions: tuple[Interaction, ...]
    recorded: datetime | None

    @classmethod
    def read(cls, path: Path) -> "Recording":
        """Read a file.

        Raises:
            RecordingError: It is not a recording, or of a later form.
            OSError: It cannot be read.
        """
        if path.is_dir():
            raise RecordingError(f"{path} is a folder. Name a recording in it.")
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            about = body.get("recording", {})
            _check_format(path, about)
            when = about.get("recorded")
            return cls(
                path, tuple(_interactions(body["interactions"])), datetime.fromisoformat(when) if when else None
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            lacking = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise RecordingError(
                f"{path} is not a recording: {lacking} (the form is described in docs/emulator.md)"
            ) from error


def _check_format(path: Path, about: Mapping[str, Any]) -> None:
    if about.get("format", FORMAT) > FORMAT:
        raise RecordingError(f"{path} has form {about['format']}; this version understands form {FORMAT}")


def _interactions(items: list[dict[str, Any]]) -> Iterator[Interaction]:
    numbers: dict[str, int] = {}
    for item in items:
        probe, request, response = item.get("probe", ""), item["request"], item["response"]
        numbers[probe] = numbers.get(probe, 0) + 1
        parts = urlsplit(request["uri"])
        yield Interaction(
            probe,
            numbers[probe],
            request["method"],
            parts.path + (f"?{parts.query}" if parts.query else ""),
            _body(request.get("body")),
            (request.get("headers", {}).get("Content-Type") or ["application/json"])[0],
            response["status"]["code"],
            _body(response["body"]),
        )


def _body(body: str | dict[str, str] | None) -> str:
    """A body of a cassette: the text itself, or an object that holds it."""
    return (body.get("string", "") if isinstance(body, dict) else body) or ""
