"""Walks a request's body beside Google's schema and says in Google's words what does not fit."""

from typing import Any, TypeAlias

import orjson

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.masks import camel

__all__ = ["TYPES", "BodyChecker", "enum_type", "snake"]

#: How the names of types begin in messages.
TYPES = "type.googleapis.com"
#: Fields that Google keeps in a wrapper message, which its paths show.
_WRAPPED = {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}


def snake(name: str) -> str:
    """Spell a field as protocol buffers do: sheetId is sheet_id."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


#: A place in a body: (the place above, a field's name or an index), or None for the body itself.
Place: TypeAlias = "tuple[Place, str | int] | None"


def _spelled(path: Place) -> str:
    """Spell a path as messages do; only done where something is wrong, since it takes time."""
    if path is None:
        return ""
    above, part = path
    spelled = f"[{part}]" if isinstance(part, int) else snake(part)
    before = _spelled(above)
    return f"{before}.{spelled}" if before and not isinstance(part, int) else before + spelled


class BodyChecker:
    """Walks a body beside the schema and collects what does not fit."""

    def __init__(self, messages: dict[str, dict[str, Any]]) -> None:
        self.violations: list[tuple[str, str]] = []
        self._messages = messages

    def message(self, value: Any, name: str, path: Place) -> Any:
        """Check a message."""
        if not isinstance(value, dict):
            self._wrong(path, f"{TYPES}/google.apps.sheets.v4.{name}", value)
            return value
        fields = self._messages[name]
        clean = {}
        for key, item in value.items():
            spelled = key if key in fields else camel(key)
            spec = fields.get(spelled)
            if spec is None:
                self._unknown(path, key)
            elif type(item) is str and spec == "string":
                clean[spelled] = item
            elif item is not None:
                clean[spelled] = self._value(item, spec, (path, spelled))
        return clean

    def _value(self, value: Any, spec: Any, path: Place) -> Any:
        if isinstance(spec, str):
            return self.message(value, spec[1:], path) if spec[0] == "$" else self._scalar(value, spec, path)
        if isinstance(spec, list):
            return self._items(value, spec[0], path)
        return self._map_or_word(value, spec, path)

    def _items(self, value: Any, spec: Any, path: Place) -> Any:
        if not isinstance(value, list):
            self._wrong(path, _item_type(spec, _name(path)), value)
            return value
        if spec != ["any"]:
            return [self._value(item, spec, (path, index)) for index, item in enumerate(value)]
        for index, item in enumerate(value):
            if isinstance(item, list):
                self._cells(item, index)
            else:
                self._wrong((path, index), f"{TYPES}/google.protobuf.ListValue", item)
        return value

    def _cells(self, items: list[Any], row: int) -> None:
        for column, item in enumerate(items):
            if isinstance(item, (dict, list)):
                kind = "struct_value" if isinstance(item, dict) else "list_value"
                raise invalid(f"Invalid values[{row}][{column}]: {kind} {_as_proto(item)}")

    def _map_or_word(self, value: Any, spec: dict[str, Any], path: Place) -> Any:
        if "enum" in spec:
            if value not in spec["enum"]:
                self._wrong(path, enum_type(_name(path)), value)
            return value
        if not isinstance(value, dict):
            self._wrong(path, "TYPE_MESSAGE", value)
            return value
        return {key: self._value(item, spec["*"], (path, key)) for key, item in value.items()}

    def _scalar(self, value: Any, spec: str, path: Place) -> Any:
        if spec == "any":
            return value
        if spec == "boolean" and isinstance(value, bool):
            return value
        if spec == "string" and isinstance(value, str):
            return value
        if spec in ("int32", "integer"):
            whole = _whole(value)
            if whole is not None and -(2**31) <= whole < 2**31:
                return whole
        if spec in ("double", "float", "number"):
            number = _number(value)
            if number is not None:
                return number
        self._wrong(path, _SCALARS.get(spec, "TYPE_MESSAGE"), value)
        return value

    def _wrong(self, path: Place, kind: str, value: Any) -> None:
        where = _spelled(path) + (".value" if _name(path) in _WRAPPED else "")
        if isinstance(value, list):
            text = "Proto field is not repeating, cannot start list."
            text = f"Invalid JSON payload received. Unknown name \"\" at '{where}': {text}"
        else:
            text = f"Invalid value at '{where}' ({kind}), {orjson.dumps(value).decode()}"
        self.violations.append((where, text))

    def _unknown(self, path: Place, name: str) -> None:
        where = _spelled(path)
        at = f" at '{where}'" if where else ""
        text = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
        self.violations.append((where, text))


_SCALARS = {
    "boolean": "TYPE_BOOL",
    "string": "TYPE_STRING",
    "int32": "TYPE_INT32",
    "integer": "TYPE_INT32",
    "double": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "number": "TYPE_DOUBLE",
}


def _name(path: Place) -> str:
    """Give the name of the field that a place lies in."""
    while path is not None and isinstance(path[1], int):
        path = path[0]
    return str(path[1]) if path is not None else ""


def enum_type(name: str) -> str:
    """Name the type of an enumeration after its field; the discovery document does not say it."""
    return f"{TYPES}/google.apps.sheets.v4.{name[:1].upper()}{name[1:]}"


def _item_type(spec: Any, name: str) -> str:
    if spec == ["any"]:
        return f"{TYPES}/google.protobuf.ListValue"
    if isinstance(spec, str):
        message = f"{TYPES}/google.apps.sheets.v4.{spec[1:]}"
        return message if spec.startswith("$") else _SCALARS.get(spec, "TYPE_MESSAGE")
    return enum_type(name)


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
    elif isinstance(value, bool) or value is None:
        items = (
            f"{inner}bool_value: {str(value).lower()}\n"
            if value is not None
            else f"{inner}null_value: NULL_VALUE\n"
        )
    elif isinstance(value, str):
        items = f"{inner}string_value: {orjson.dumps(value).decode()}\n"
    else:
        items = f"{inner}number_value: {float(value)}\n"
    return f"{{\n{items}{indent}}}\n"


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and float(number).is_integer() else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    try:
        return float(value) if isinstance(value, str) and value.strip() == value else None
    except ValueError:
        return None
