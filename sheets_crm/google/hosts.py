"""Names of machines in texts, told from the names of the API that look like them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Final

_NAME: Final = re.compile(
    r"(?i)(?<![\w.-])(?:localhost|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|io|dev|app|cloud|gov|edu|info|"
    r"biz|co|eu|es|uk|de|fr|it|pt|us|mx|local|localdomain|internal|intranet|lan|home|corp|arpa|invalid|test|example))"
    r"(?::\d{1,5})?(?![\w-])"
)
"""What is surely a host; a cell or a title may well hold other words with dots."""

_DOTTED: Final = re.compile(
    r"(?<![\w.-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_](?:[\w-]*[^\W_])|xn--[\w-]+)(?::\d{1,5})?(?![\w-])"
)
"""What may be a host under any domain: in an error a proxy or a gateway may tell its name."""

_GOOGLES: Final = re.compile(r"(?i)(?:[a-z0-9-]+\.)*googleapis\.com")
"""Names of services in Google's errors, the same for everybody: ``sheets.googleapis.com``."""

_GOOGLES_TYPE: Final = re.compile(r"google\.(?:rpc|apps|api|protobuf|type)\.(?:[a-z0-9]+\.)*[A-Z]\w*")
_CAMEL: Final = re.compile(r"[A-Za-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")
_FIELDS: Final = frozenset({
    "cell", "condition", "criteria", "data", "destination", "dimension", "fields", "filter", "format", "index", "key",
    "kind", "length", "location", "path", "properties", "range", "ranges", "requests", "rows", "rule", "sheet",
    "sheets", "source", "spreadsheet", "title", "type", "value", "values",
})  # fmt: skip
"""Fields of the API in one word, which messages name in paths such as ``range.dimension``."""

_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]*\w)")
_IPV6: Final = re.compile(r"(?<![\w:.])\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,8}(?:%\w+)?\]?(?::\d{1,5})?")


def is_googles(host: str) -> bool:
    """Whether a host, perhaps with its port, is one of Google's that everybody speaks to."""
    return _GOOGLES.fullmatch(host.partition(":")[0]) is not None


def without_hosts(text: str, stand_in: Callable[[str], str], *, sent: str, error: bool) -> str:
    """A text with stand-ins for names and addresses of machines.

    Args:
        text: The text.
        stand_in: Gives the stand-in of a host.
        sent: What was asked: what echoes it is ours.
        error: Whether it is part of an error, where every name with a dot is a host unless it is the API's.
    """

    def replaced(match: re.Match[str]) -> str:
        host = match[0]
        return host if is_googles(host) or (error and _is_apis(host, sent)) else stand_in(host)

    text = (_DOTTED if error else _NAME).sub(replaced, text)
    text = _NAME.sub(replaced, text)
    for pattern in (_IPV4, _IPV6):
        text = pattern.sub(lambda match: stand_in(match[0]) if _is_address(match[0]) else match[0], text)
    return text


def _is_apis(name: str, sent: str) -> bool:
    """Whether a name with dots is a type of Google's, a path of fields, or what was asked for."""
    labels = name.split(".")
    return (
        name in sent
        or _GOOGLES_TYPE.fullmatch(name) is not None
        or all(_CAMEL.fullmatch(label) or label in _FIELDS or _is_named(label, sent) for label in labels)
    )


def _is_named(label: str, sent: str) -> bool:
    """Whether a request has a field of that name, in either spelling."""
    camel = re.sub("_([a-z])", lambda match: match[1].upper(), label)
    return f'"{label}"' in sent or f'"{camel}"' in sent


def _is_address(text: str) -> bool:
    bare = text.strip("[]").partition("%")[0]
    for candidate in (bare, text.rpartition(":")[0].strip("[]")):
        try:
            ipaddress.ip_address(candidate)
        except ValueError:
            continue
        return True
    return False
