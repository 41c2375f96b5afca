"""Field masks in the three spellings that Google accepts.

``a.b,a.c``, ``a/b,a/c`` and ``a(b,c)`` all become the tree ``{"a": {"b": {}, "c": {}}}``; an empty tree, and
``*``, mean everything below. Source: https://developers.google.com/workspace/sheets/api/guides/field-masks
"""

import re
from typing import Any, TypeAlias

from sheets_crm.emulator.errors import ApiError, invalid

__all__ = ["Mask", "apply_mask", "camel", "covers", "merge_masked", "parse_mask", "required_mask"]

#: A tree of field names; an empty tree stands for everything below.
Mask: TypeAlias = dict[str, "Mask"]

_TOKEN = re.compile(r"\s*([A-Za-z0-9_\-*@]+|[(),./])")


def camel(name: str) -> str:
    """Spell a field in camelCase, since masks may be written in snake_case."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def parse_mask(text: str) -> Mask:
    """Read a field mask.

    Raises:
        ApiError: 400 if it cannot be read.
    """
    tokens = _tokens(text)
    mask, end = _parse_list(tokens, 0)
    if end != len(tokens):
        raise _unreadable(text)
    return mask


def required_mask(request: dict[str, Any]) -> Mask:
    """Read the `fields` of a request, which must name at least one field."""
    mask = parse_mask(request.get("fields") or "")
    if not mask:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return mask


def _unreadable(text: str) -> ApiError:
    return invalid(f"Request contains an invalid argument. Invalid field mask: {text}")


def _tokens(text: str) -> list[str]:
    tokens, place, text = [], 0, text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise _unreadable(text)
        tokens.append(found[1])
        place = found.end()
    return tokens


def _parse_list(tokens: list[str], place: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while place < len(tokens) and tokens[place] != ")":
        place = _parse_path(tokens, place, mask)
        if place < len(tokens) and tokens[place] == ",":
            place += 1
        elif place < len(tokens) and tokens[place] != ")":
            raise _unreadable("".join(tokens))
    return mask, place


def _parse_path(tokens: list[str], place: int, mask: Mask) -> int:
    node, name = mask, tokens[place]
    if name in "(,./":
        raise _unreadable("".join(tokens))
    fresh = name not in node
    node, place = node.setdefault(camel(name), {}), place + 1
    while place + 1 < len(tokens) and tokens[place] in "./":
        if not fresh and not node:
            node = {}  # everything below was asked already: read on without narrowing it
        name = camel(tokens[place + 1])
        fresh = name not in node
        node, place = node.setdefault(name, {}), place + 2
    if place < len(tokens) and tokens[place] == "(":
        below, place = _parse_list(tokens, place + 1)
        if place >= len(tokens):
            raise _unreadable("".join(tokens))
        _union(node, below)
        place += 1
    return place


def _union(node: Mask, other: Mask) -> None:
    for name, below in other.items():
        if name in node:
            _union(node[name], below)
        else:
            node[name] = below


def covers(mask: Mask, *path: str) -> bool:
    """Tell whether the mask asks for the field at the path, or for something below it."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def apply_mask(value: Any, mask: Mask) -> Any:
    """Keep only what the mask names. Items of a list are kept, though they may end up empty."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply_mask(item, mask) for item in value]
    if isinstance(value, dict):
        return {name: apply_mask(below, mask[name]) for name, below in value.items() if name in mask}
    return value


def merge_masked(old: Any, new: Any, mask: Mask) -> dict[str, Any]:
    """Give `old` with the masked fields taken from `new`; a masked field that `new` lacks is cleared."""
    old = old if isinstance(old, dict) else {}
    new = new if isinstance(new, dict) else {}
    if not mask or "*" in mask:
        return {name: value for name, value in new.items() if value is not None}
    merged = dict(old)
    for name, below in mask.items():
        value = new.get(name)
        if below and "*" not in below:
            value = merge_masked(old.get(name), value, below) or None
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged
