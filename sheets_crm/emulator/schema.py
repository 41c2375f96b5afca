"""Checks requests against Google's own schema, and refuses with Google's two forms of message.

``schema.json`` holds the names and types of the discovery document (sheets v4) and nothing else of it.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from sheets_crm.emulator.body_checker import BodyChecker, Field, field_table
from sheets_crm.emulator.errors import ApiError, field_violations, invalid
from sheets_crm.emulator.field_kinds import enum_type, snake
from sheets_crm.emulator.masks import Mask, parse_mask
from sheets_crm.emulator.scalars import as_boolean, as_enum, as_number, as_whole

__all__ = [
    "check_body",
    "check_query",
    "check_request_mask",
    "check_response_mask",
    "fields_of",
    "kinds_of_requests",
]

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
#: How a method's body is called in the paths of messages, where it is not the request itself.
_BODY_NAMES = {"values.update": "data", "values.append": "data", "create": "spreadsheet"}


@cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((files(__package__) / "schema.json").read_bytes())
    return found


@cache
def _fields(message: str) -> dict[str, Field]:
    return field_table(message, _schema()["messages"][message])


def kinds_of_requests() -> frozenset[str]:
    """List the kinds of batchUpdate requests that Google knows."""
    return frozenset(_schema()["messages"]["Request"])


def fields_of(message: str) -> dict[str, Any]:
    """Give the types of a message's fields as ``schema.json`` spells them, by their names."""
    types: dict[str, Any] = _schema()["messages"][message]
    return types


def check_body(method: str, body: Any) -> dict[str, Any]:
    """Check a body and give it back in the spelling of the reference, without the fields that are null.

    Args:
        method: The method, such as ``values.update``.
        body: The JSON that came.

    Raises:
        ApiError: 400 with all violations.
    """
    checker = BodyChecker(_fields)
    name = _schema()["methods"][method]["request"]
    checked: dict[str, Any] = checker.root(body, name, _BODY_NAMES.get(method)) if name else {}
    if checker.violations:
        raise field_violations(checker.violations)
    return checked


def check_response_mask(method: str, text: str) -> None:
    """Refuse a `fields` parameter that names what the answer cannot have; a space belongs to a name here (B).

    Raises:
        ApiError: 400 with Google's words, the cause in its details.
    """
    spaced = next((path for path in text.split(",") if path.strip() != path), None)
    wrong = spaced or _unknown_path(parse_mask(text), _schema()["methods"][method]["response"])
    if wrong is not None:
        cause = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{wrong}'."
        details = field_violations([(wrong, cause)]).details
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


def check_query(method: str, query: dict[str, list[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check query parameters and give them with their types; absent ones are left out.

    The query may also fill fields of the body that are no messages, such as `valueInputOption` of
    `values.batchUpdate`: Google binds both to one request (B: of two of them it refused only the message).

    Args:
        method: The method, such as ``values.update``.
        query: Every value of every parameter, without the system parameters but for `fields`.

    Returns:
        The parameters, and the fields of the body.

    Raises:
        ApiError: 400 with Google's words for unknown names and wrong values.
    """
    parameters, fields = _parameters(method), _bindable(method)
    violations: list[tuple[str, str]] = []
    asked: dict[str, Any] = {}
    bound: dict[str, Any] = {}
    for name, texts in query.items():
        if name == "fields":
            asked[name] = texts[0]
            continue
        field = parameters.get(name) or fields.get(name)
        if field is None or _is_message(field[1]):
            violations.append(("", _unbindable(name, is_field=field is not None)))
            continue
        spelled, spec, _, _ = field
        values = [_query_value(spelled, spec, text, violations) for text in texts]
        into = asked if name in parameters else bound
        # Of a value given twice the last one counts, and each is checked (B).
        into[spelled] = values if isinstance(spec, list) else values[-1]
    if violations:
        raise field_violations(violations)
    return asked, bound


@cache
def _parameters(method: str) -> dict[str, Field]:
    listed = _schema()["methods"][method]
    specs = {name: [spec] if name in listed["repeated"] else spec for name, spec in listed["query"].items()}
    return field_table("", specs)


@cache
def _bindable(method: str) -> dict[str, Field]:
    """List the fields of the request beside its parameters: those of the body, or the body as one field."""
    request, root = _schema()["methods"][method]["request"], _BODY_NAMES.get(method)
    if root is not None:
        return field_table("", {root: f"${request}"})
    return _fields(request) if request else {}


def _is_message(spec: Any) -> bool:
    while isinstance(spec, list):
        spec = spec[0]
    return spec == "any" or (isinstance(spec, dict) and "*" in spec) or (isinstance(spec, str) and spec[0] == "$")


def _unbindable(name: str, *, is_field: bool) -> str:
    why = (
        f"'{name}' is a message type. Parameters can only be bound to primitive types."
        if is_field
        else f"Field '{name}' could not be found in request message."
    )
    return f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. {why}'


def _query_value(name: str, spec: Any, text: str, violations: list[tuple[str, str]]) -> Any:
    spec = spec[0] if isinstance(spec, list) else spec
    if spec == "string":
        return text
    value, kind = (
        (as_enum(text, spec["enum"]), enum_type(name)) if isinstance(spec, dict) else _QUERY_KINDS[spec](text)
    )
    if value is None:
        violations.append((snake(name), f"Invalid value at '{snake(name)}' ({kind}), \"{text}\""))
    return value


_QUERY_KINDS: dict[str, Callable[[str], tuple[Any, str]]] = {
    "boolean": lambda text: (as_boolean(text), "TYPE_BOOL"),
    "int32": lambda text: (as_whole(text), "TYPE_INT32"),
    "integer": lambda text: (as_whole(text), "TYPE_INT32"),
    "number": lambda text: (as_number(text), "TYPE_DOUBLE"),
}
