"""Checks requests against Google's own schema, and refuses with Google's two forms of message.

``schema.json`` holds the names and types of the discovery document (sheets v4) and nothing else of it.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from sheets_crm.emulator.body_checker import TYPES, BodyChecker, enum_type, snake
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.masks import Mask, camel, parse_mask

__all__ = [
    "check_body",
    "check_query",
    "check_request_mask",
    "check_response_mask",
    "fields_of",
    "kinds_of_requests",
]

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
#: How a method's body is called in the paths of messages, where it is not the request itself.
_BODY_NAMES = {"values.update": "data", "values.append": "data", "create": "spreadsheet"}


@cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((files(__package__) / "schema.json").read_bytes())
    return found


def kinds_of_requests() -> frozenset[str]:
    """List the kinds of batchUpdate requests that Google knows."""
    return frozenset(_schema()["messages"]["Request"])


def fields_of(message: str) -> dict[str, Any]:
    """Give the types of a message's fields as ``schema.json`` spells them, by their names."""
    found: dict[str, Any] = _schema()["messages"][message]
    return found


def check_body(method: str, body: Any) -> dict[str, Any]:
    """Check a body and give it back in the spelling of the reference, without the fields that are null.

    Args:
        method: The method, such as ``values.update``.
        body: The JSON that came.

    Raises:
        ApiError: 400 with all violations.
    """
    checker = BodyChecker(_schema()["messages"])
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
        kind = f"{TYPES}/google.rpc.BadRequest"
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
        violations.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\""))
    elif isinstance(spec, dict) and "enum" in spec and text not in spec["enum"]:
        violations.append((snake(name), f"Invalid value at '{snake(name)}' ({enum_type(name)}), \"{text}\""))
    return text


def _refusal(violations: list[tuple[str, str]]) -> ApiError:
    listed = [
        {"field": field, "description": text} if field else {"description": text} for field, text in violations
    ]
    details = [{"@type": f"{TYPES}/google.rpc.BadRequest", "fieldViolations": listed}]
    return ApiError(400, "\n".join(text for _, text in violations), details)
