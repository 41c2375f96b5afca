"""Checks requests against Google's own schema, and refuses with Google's two forms of message.

``schema.json`` holds the names and types of the discovery document (sheets v4) and nothing else of it.
"""

from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import orjson

from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.masks import Mask, camel, parse_mask

__all__ = ["check_body", "check_query", "check_request_mask", "check_response_mask", "kinds_of_requests"]

_TYPES = "type.googleapis.com"
_COMMON_QUERY = {
    "$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser",
    "uploadType", "upload_protocol",
}  # fmt: skip
#: What the `fields` of each kind of request speak of.
_MASKED = {
    "appendCells": "CellData",
    "repeatCell": "CellData",
    "updateBanding": "BandedRange",
    "updateCells": "CellData",
    "updateDeveloperMetadata": "DeveloperMetadata",
    "updateDimensionGroup": "DimensionGroup",
    "updateDimensionProperties": "DimensionProperties",
    "updateEmbeddedObjectPosition": "OverlayPosition",
    "updateFilterView": "FilterView",
    "updateNamedRange": "NamedRange",
    "updateProtectedRange": "ProtectedRange",
    "updateSheetProperties": "SheetProperties",
    "updateSlicerSpec": "SlicerSpec",
    "updateSpreadsheetProperties": "SpreadsheetProperties",
}
#: Fields that Google keeps in a wrapper message, which its paths show.
_WRAPPED = {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}
#: How a method's body is called in the paths of messages, where it is not the request itself.
_BODY_NAMES = {"values.update": "data", "values.append": "data", "create": "spreadsheet"}


@cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((files(__package__) / "schema.json").read_bytes())
    return found


def kinds_of_requests() -> frozenset[str]:
    """List the kinds of batchUpdate requests that Google knows."""
    return frozenset(_schema()["messages"]["Request"])


def check_body(method: str, body: Any) -> dict[str, Any]:
    """Check a body and give it back in the spelling of the reference, without the fields that are null.

    Args:
        method: The method, such as ``values.update``.
        body: The JSON that came.

    Raises:
        ApiError: 400 with all violations.
    """
    checker = _Checker()
    root = _BODY_NAMES.get(method)
    name = _schema()["methods"][method]["request"]
    found = checker.message(body, name, (None, root) if root else None) if name else {}
    if checker.violations:
        raise _refusal(checker.violations)
    return found if isinstance(found, dict) else {}


def check_response_mask(method: str, text: str) -> None:
    """Refuse a `fields` parameter that names what the answer cannot have.

    Raises:
        ApiError: 400 with Google's words, the cause in its details.
    """
    wrong = _unknown_path(parse_mask(text), _schema()["methods"][method]["response"])
    if wrong is not None:
        cause = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{wrong}'."
        kind = f"{_TYPES}/google.rpc.BadRequest"
        details = [{"@type": kind, "fieldViolations": [{"field": text, "description": cause}]}]
        raise ApiError(400, "Request contains an invalid argument.", details)


def check_request_mask(kind: str, text: str) -> None:
    """Refuse a request's `fields` that names what its kind cannot change."""
    message = _MASKED.get(kind)
    wrong = _unknown_path(parse_mask(text), message) if message else None
    if wrong is not None:
        raise invalid(f"Invalid field: {wrong}")


def _unknown_path(mask: Mask, message: str) -> str | None:
    """Give the first path of a mask that a message does not have."""
    fields = _schema()["messages"][message]
    for name, below in mask.items():
        if name == "*":
            continue
        spec = fields.get(name)
        while isinstance(spec, list):
            spec = spec[0]
        if spec is None or (below and isinstance(spec, str) and spec[0] != "$" and spec != "any"):
            return name if spec is None else f"{name}.{next(iter(below))}"
        wrong = _unknown_path(below, spec[1:]) if isinstance(spec, str) and spec[0] == "$" else None
        if wrong is not None:
            return f"{name}.{wrong}"
    return None


def check_query(method: str, query: dict[str, list[str]]) -> dict[str, Any]:
    """Check query parameters and give them with their types; absent ones are left out.

    Raises:
        ApiError: 400 with Google's words for unknown names and wrong values.
    """
    known = _schema()["methods"][method]
    violations: list[tuple[str, str]] = []
    found: dict[str, Any] = {}
    for name, texts in query.items():
        spelled = camel(name) if camel(name) in known["query"] else name
        if spelled in known["query"]:
            values = [_query_value(spelled, known["query"][spelled], text, violations) for text in texts]
            found[spelled] = values if spelled in known["repeated"] else values[-1]
        elif name in _COMMON_QUERY:
            found[name] = texts[-1]
        else:
            cannot = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
            violations.append(("", f'Invalid JSON payload received. Unknown name "{name}": {cannot}'))
    if violations:
        raise _refusal(violations)
    return found


def _query_value(name: str, spec: Any, text: str, violations: list[tuple[str, str]]) -> Any:
    if spec == "boolean":
        if text.lower() in ("true", "false", "1", "0", ""):
            return text.lower() in ("true", "1")
        violations.append((_snake(name), f"Invalid value at '{_snake(name)}' (TYPE_BOOL), \"{text}\""))
    elif isinstance(spec, dict) and "enum" in spec and text not in spec["enum"]:
        violations.append((_snake(name), f"Invalid value at '{_snake(name)}' ({_enum_type(name)}), \"{text}\""))
    return text


def _refusal(violations: list[tuple[str, str]]) -> ApiError:
    listed = [
        {"field": field, "description": text} if field else {"description": text} for field, text in violations
    ]
    details = [{"@type": f"{_TYPES}/google.rpc.BadRequest", "fieldViolations": listed}]
    return ApiError(400, "\n".join(text for _, text in violations), details)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


#: A place in a body: (the place above, a field's name or an index), or None for the body itself.
_Path: TypeAlias = "tuple[_Path, str | int] | None"


def _spelled(path: _Path) -> str:
    """Spell a path as messages do; only done where something is wrong, since it takes time."""
    if path is None:
        return ""
    above, part = path
    spelled = f"[{part}]" if isinstance(part, int) else _snake(part)
    before = _spelled(above)
    return f"{before}.{spelled}" if before and not isinstance(part, int) else before + spelled


class _Checker:
    """Walks a body beside the schema and collects what does not fit."""

    def __init__(self) -> None:
        self.violations: list[tuple[str, str]] = []
        self._messages: dict[str, dict[str, Any]] = _schema()["messages"]

    def message(self, value: Any, name: str, path: _Path) -> Any:
        """Check a message."""
        if not isinstance(value, dict):
            self._wrong(path, f"{_TYPES}/google.apps.sheets.v4.{name}", value)
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

    def _value(self, value: Any, spec: Any, path: _Path) -> Any:
        if isinstance(spec, str):
            return self.message(value, spec[1:], path) if spec[0] == "$" else self._scalar(value, spec, path)
        if isinstance(spec, list):
            return self._items(value, spec[0], path)
        return self._map_or_word(value, spec, path)

    def _items(self, value: Any, spec: Any, path: _Path) -> Any:
        if not isinstance(value, list):
            self._wrong(path, _item_type(spec, _name(path)), value)
            return value
        if spec != ["any"]:
            return [self._value(item, spec, (path, index)) for index, item in enumerate(value)]
        for index, item in enumerate(value):
            if isinstance(item, list):
                self._cells(item, index)
            else:
                self._wrong((path, index), f"{_TYPES}/google.protobuf.ListValue", item)
        return value

    def _cells(self, items: list[Any], row: int) -> None:
        for column, item in enumerate(items):
            if isinstance(item, (dict, list)):
                kind = "struct_value" if isinstance(item, dict) else "list_value"
                raise invalid(f"Invalid values[{row}][{column}]: {kind} {_as_proto(item)}")

    def _map_or_word(self, value: Any, spec: dict[str, Any], path: _Path) -> Any:
        if "enum" in spec:
            if value not in spec["enum"]:
                self._wrong(path, _enum_type(_name(path)), value)
            return value
        if not isinstance(value, dict):
            self._wrong(path, "TYPE_MESSAGE", value)
            return value
        return {key: self._value(item, spec["*"], (path, key)) for key, item in value.items()}

    def _scalar(self, value: Any, spec: str, path: _Path) -> Any:
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

    def _wrong(self, path: _Path, kind: str, value: Any) -> None:
        where = _spelled(path) + (".value" if _name(path) in _WRAPPED else "")
        if isinstance(value, list):
            text = "Proto field is not repeating, cannot start list."
            text = f"Invalid JSON payload received. Unknown name \"\" at '{where}': {text}"
        else:
            text = f"Invalid value at '{where}' ({kind}), {orjson.dumps(value).decode()}"
        self.violations.append((where, text))

    def _unknown(self, path: _Path, name: str) -> None:
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


def _name(path: _Path) -> str:
    """Give the name of the field that a place lies in."""
    while path is not None and isinstance(path[1], int):
        path = path[0]
    return str(path[1]) if path is not None else ""


def _enum_type(name: str) -> str:
    return f"{_TYPES}/google.apps.sheets.v4.{name[:1].upper()}{name[1:]}"


def _item_type(spec: Any, name: str) -> str:
    if spec == ["any"]:
        return f"{_TYPES}/google.protobuf.ListValue"
    if isinstance(spec, str):
        message = f"{_TYPES}/google.apps.sheets.v4.{spec[1:]}"
        return message if spec.startswith("$") else _SCALARS.get(spec, "TYPE_MESSAGE")
    return _enum_type(name)


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
