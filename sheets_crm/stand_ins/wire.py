"""Requests and answers as the stand-ins handle them."""

import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Answer", "Asked", "as_json", "as_text"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        method: The HTTP method.
        path: The path, unquoted.
        query: The query, each name with its last value.
        headers: The headers, names in lower case.
        body: The body as it came.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        status: The HTTP status.
        body: The body.
        headers: The headers.
    """

    status: int
    body: bytes
    headers: dict[str, str]


def as_json(status: int, body: Any) -> Answer:
    """An answer in JSON."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return Answer(status, text, {"content-type": "application/json; charset=utf-8"})


def as_text(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    """An answer in plain text."""
    return Answer(status, text.encode(), {"content-type": "text/plain; charset=utf-8", **(headers or {})})
