"""What a body or a query may hold, and how a misfit is refused: by the field's name and what it must be.

The sentences are those of the JSON schema checker that Instantly's published examples show (A for a missing property,
B for a value that is not allowed, C for the others). A field that is not in the contract is refused (C: the service may
pass over it), so that a misspelt one never does nothing in silence.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sheets_crm.stand_ins.errors import bad_request

__all__ = ["Field", "Fields", "check", "check_query"]

_URI = re.compile(r"^https?://\S+$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body or a query.

    Attributes:
        kind: string, integer, number, boolean, object or array.
        required: Whether it must be there.
        nullable: Whether it may be null.
        choices: The values that are allowed; empty for any.
        at_least: The smallest number, or the fewest elements.
        at_most: The greatest number, or the most elements.
        form: uuid or uri.
        of: What each element of an array, or each value of an object, must be.
        fields: What an object may hold; None for anything.
    """

    kind: str
    required: bool = False
    nullable: bool = False
    choices: tuple[Any, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    form: str = ""
    of: "Field | None" = None
    fields: "Mapping[str, Field] | None" = None


Fields = Mapping[str, Field]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "scalar": (str, int, float, bool),
}


def check(value: Any, fields: Fields, place: str = "body") -> dict[str, Any]:
    """Let an object pass that fits.

    Raises:
        RefusedError: 400 with the first misfit.
    """
    if not isinstance(value, dict):
        raise bad_request(f"{place} must be object")
    for name, field in fields.items():
        if field.required and name not in value:
            raise bad_request(f"{place} must have required property '{name}'")
    for name, inner in value.items():
        if name not in fields:
            raise bad_request(f"{place} must NOT have additional properties: '{name}'")
        _check_value(inner, fields[name], f"{place}/{name}")
    return value


def check_query(query: Mapping[str, str], fields: Fields) -> dict[str, Any]:
    """Read the texts of a query as what the fields are.

    Raises:
        RefusedError: 400 with the first misfit.
    """
    read = {name: _read(text, fields[name].kind) if name in fields else text for name, text in query.items()}
    return check(read, fields, "querystring")


def _read(text: str, kind: str) -> Any:
    """A text as a value of a kind; left as it is where it is none, which the check then says."""
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in ("integer", "number") and re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return text


def _check_value(value: Any, field: Field, place: str) -> None:
    if value is None and field.nullable:
        return
    allowed = _TYPES[field.kind]
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise bad_request(
            f"{place} must be {field.kind if field.kind != 'scalar' else 'string,number,boolean,null'}"
        )
    if field.choices and value not in field.choices:
        raise bad_request(f"{place} must be equal to one of the allowed values")
    _check_size(value, field, place)
    _check_form(value, field, place)
    if isinstance(value, list) and field.of is not None:
        for number, inner in enumerate(value):
            _check_value(inner, field.of, f"{place}/{number}")
    if isinstance(value, dict):
        _check_object(value, field, place)


def _check_object(value: dict[str, Any], field: Field, place: str) -> None:
    if field.fields is not None:
        check(value, field.fields, place)
    elif field.of is not None:
        for name, inner in value.items():
            _check_value(inner, field.of, f"{place}/{name}")


def _check_size(value: Any, field: Field, place: str) -> None:
    if isinstance(value, list):
        if field.at_least is not None and len(value) < field.at_least:
            raise bad_request(f"{place} must NOT have fewer than {field.at_least} items")
        if field.at_most is not None and len(value) > field.at_most:
            raise bad_request(f"{place} must NOT have more than {field.at_most} items")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if field.at_least is not None and value < field.at_least:
            raise bad_request(f"{place} must be >= {field.at_least}")
        if field.at_most is not None and value > field.at_most:
            raise bad_request(f"{place} must be <= {field.at_most}")


def _check_form(value: Any, field: Field, place: str) -> None:
    if field.form == "uuid":
        try:
            uuid.UUID(value)
        except ValueError:
            raise bad_request(f'{place} must match format "uuid"') from None
    elif field.form == "uri" and not _URI.match(value):
        raise bad_request(f'{place} must match pattern "^https?://"')
