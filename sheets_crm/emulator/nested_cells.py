"""Refuses objects and lists in the place of a cell's value, spelled as Google spells them."""

from collections.abc import Iterable
from typing import Any

import orjson

from sheets_crm.emulator.errors import invalid

__all__ = ["refuse_nested"]


def refuse_nested(row: Iterable[Any], index: int) -> None:
    """Refuse the first value of a row that is an object or a list.

    Raises:
        ApiError: 400 ``Invalid values[1][0]: list_value {…}`` (B: answers that people pasted).
    """
    for column, item in enumerate(row):
        if isinstance(item, (dict, list)):
            kind = "struct_value" if isinstance(item, dict) else "list_value"
            raise invalid(f"Invalid values[{index}][{column}]: {kind} {_as_proto(item)}")


def _as_proto(value: Any, indent: str = "") -> str:
    """Spell a nested value as Google's messages do, in the text format of protocol buffers."""
    inner = indent + "  "
    if isinstance(value, list):
        items = "".join(f"{inner}values {_as_proto(item, inner)}" for item in value)
    elif isinstance(value, dict):
        items = "".join(
            f'{inner}fields {{\n{inner}  key: "{key}"\n{inner}  value {_as_proto(item, inner + "  ")}{inner}}}\n'
            for key, item in value.items()
        )
    else:
        items = f"{inner}{_as_leaf(value)}\n"
    return f"{{\n{items}{indent}}}\n"


def _as_leaf(value: Any) -> str:
    if value is None:
        return "null_value: NULL_VALUE"
    if isinstance(value, bool):
        return f"bool_value: {str(value).lower()}"
    if isinstance(value, str):
        return f"string_value: {orjson.dumps(value).decode()}"
    return f"number_value: {float(value)}"
