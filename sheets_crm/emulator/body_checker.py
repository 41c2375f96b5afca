"""Walks a request's body beside Google's schema and says in Google's words what does not fit.

The rules are those of protobuf's writer (`proto_writer.cc`, `protostream_objectwriter.cc`, `datapiece.cc`), which
Google's front end feeds: a repeated field takes one item as well as a list, lists in it are flattened, a null is
no item; a list for a single field is refused. That Sheets answers so is grade B, measured by others in October
2026; single requests and lists in `requests` are grade A, recorded.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from sheets_crm.emulator.field_kinds import WRAPPED, enum_type, snake, unions_of
from sheets_crm.emulator.json_reader import Doubled
from sheets_crm.emulator.nested_cells import refuse_nested
from sheets_crm.emulator.scalars import as_boolean, as_enum, as_number, as_single, as_text, as_whole, spelled_value

__all__ = ["BodyChecker", "Field", "field_table"]

_TYPES = "type.googleapis.com"
_MESSAGES = f"{_TYPES}/google.apps.sheets.v4"
_ROW = f"{_TYPES}/google.protobuf.ListValue"
_OBJECTS = frozenset({dict, Doubled})
_NESTED = frozenset({dict, Doubled, list})

#: A place in a body: (the place above, a field's name or an index), or None for the body itself.
Place: TypeAlias = "tuple[Place, str | int] | None"
#: A field as its message knows it: its name in the reference, its type, the union that it belongs to, and its
#: message if it is a single one.
Field: TypeAlias = tuple[str, Any, str | None, str | None]
#: What a value becomes that was refused; the answer is a refusal then, so nobody reads it.
_REFUSED = None


def _spelled(path: Place) -> str:
    """Spell a path as messages do; only done where something is wrong, since it takes time."""
    if path is None:
        return ""
    above, part = path
    spelled = f"[{part}]" if isinstance(part, int) else snake(part)
    before = _spelled(above)
    return f"{before}.{spelled}" if before and not isinstance(part, int) else before + spelled


class BodyChecker:
    """Walks a body beside the schema and collects what does not fit.

    Args:
        fields: Gives the fields of a message, as `field_table` lists them.

    Attributes:
        violations: (path, Google's sentence), in the order of the body.
    """

    def __init__(self, fields: Callable[[str], dict[str, Field]]) -> None:
        self.violations: list[tuple[str, str]] = []
        self._fields = fields

    def root(self, value: Any, name: str, field: str | None) -> Any:
        """Check a body that is a message, or that fills a field of the request such as ``data``."""
        if field is not None:
            return {} if value is None else self._single(value, f"${name}", (None, field), field)
        if isinstance(value, dict):
            return self._message(value, name, None)
        self._misnamed("", "", "Root element must be a message.")
        return _REFUSED

    def _message(self, value: dict[str, Any], name: str, path: Place) -> dict[str, Any]:
        fields = self._fields(name)
        clean: dict[str, Any] = {}
        taken = False  # a message of Sheets has one union at most
        for key, item in value.items():
            field = fields.get(key)
            if field is None:
                self._misnamed(_spelled(path), key, _no_field(key))
                continue
            if item is None:
                continue  # neither set nor, where fields exclude each other, chosen (B)
            spelled, spec, union, message = field
            if union is not None:
                if taken:
                    self._excluded(path, union, key)
                    continue
                taken = True
            if type(item) is str and spec == "string":
                clean[spelled] = item
            elif message is not None and type(item) is dict and spelled not in clean:
                clean[spelled] = self._message(item, message, (path, spelled))
            else:
                self._set(clean, field, item, path, key)
        return clean

    def _set(self, clean: dict[str, Any], field: Field, item: Any, path: Place, key: str) -> None:
        """Keep a field; one that was there takes the last scalar, all items, the fields of both messages."""
        spelled, spec, _, _ = field
        here = (path, spelled)
        value = self._items(item, spec[0], here) if isinstance(spec, list) else self._single(item, spec, here, key)
        clean[spelled] = _joined(clean[spelled], value) if spelled in clean else value

    # -- repeated fields ------------------------------------------------------------------------------------------

    def _items(self, value: Any, spec: Any, path: Place) -> list[Any]:
        if spec == ["any"]:
            return self._rows(value, path)
        if not isinstance(value, list):  # one item where a list is documented; its path has no index (B)
            return [self._single(value, spec, path, "")]
        if isinstance(spec, str) and spec[0] == "$" and _OBJECTS.issuperset(map(type, value)):
            name = spec[1:]
            return [self._message(item, name, (path, index)) for index, item in enumerate(value)]
        items: list[Any] = []
        self._flatten(value, spec, path, items)
        return items

    def _flatten(self, values: list[Any], spec: Any, path: Place, items: list[Any]) -> None:
        count = 0
        for item in values:
            if isinstance(item, list):  # Google names the items of a list in a list after the item before it (B)
                self._flatten(item, spec, (path, count - 1) if count else path, items)
            elif item is not None:
                items.append(self._single(item, spec, (path, count), ""))
                count += 1

    def _rows(self, value: Any, path: Place) -> list[Any]:
        """Check the `values` of a `ValueRange`: rows are lists of their own, and are not flattened."""
        if not isinstance(value, list):  # one row where a list is documented
            given, places = [value], [path]
        else:
            given = [item for item in value if item is not None]
            places = [(path, index) for index in range(len(given))]
        rows = [
            item if isinstance(item, list) else self._row(item, place)
            for item, place in zip(given, places, strict=True)
        ]
        for index, row in enumerate(rows):
            if not _NESTED.isdisjoint(map(type, row)):
                refuse_nested(row, index)
        return rows

    def _row(self, value: Any, path: Place) -> list[Any]:
        """Read a row that is written as the message it is, ``{"values": […]}``."""
        row: list[Any] = []
        if not isinstance(value, dict):
            self._wrong(path, _ROW, value)
            return row
        for key, item in value.items():
            if key == "values":
                row.extend(item if isinstance(item, list) else [item])
            else:
                self._misnamed(_spelled(path), key, _no_field(key))
        return row

    # -- single values --------------------------------------------------------------------------------------------

    def _single(self, value: Any, spec: Any, path: Place, key: str) -> Any:
        """Check one value; `key` is its field as the client spelled it, empty for an item of a list."""
        if isinstance(value, list):
            above = path[0] if path is not None else None
            self._misnamed(_spelled(above), key, "Proto field is not repeating, cannot start list.")
            return _REFUSED
        if isinstance(spec, dict) and "*" in spec:
            return self._map(value, spec["*"], path)
        if isinstance(value, dict):
            return self._object(value, spec, path)
        if isinstance(spec, str) and spec[0] == "$":
            self._wrong(path, f"{_MESSAGES}.{spec[1:]}", value)
            return _REFUSED
        return self._scalar(value, spec, path)

    def _object(self, value: dict[str, Any], spec: Any, path: Place) -> Any:
        if isinstance(spec, str) and spec[0] == "$":
            return self._message(value, spec[1:], path)
        name = _name(path)
        if name in WRAPPED and value.keys() <= {"value"}:
            return self._scalar(value.get("value") or 0, spec, path)
        if name == "fields" and value.keys() <= {"paths"}:  # a field mask as the message that it is
            return self._mask(value, (path, "paths"))
        above = path[0] if path is not None else None
        where = _spelled(above)
        at = f" at '{where}'" if where else ""
        text = f"Invalid value{at} ({snake(name)}), Starting an object on a scalar field"
        self.violations.append((where, text))
        return _REFUSED

    def _mask(self, mask: dict[str, Any], path: Place) -> str:
        """Join the paths of a mask; they are repeated texts, read by the rule of all lists."""
        given = [self._items(paths, "string", path) for _, paths in mask.items() if paths is not None]
        return ",".join(text for paths in given for text in paths if text is not None)

    def _map(self, value: Any, spec: Any, path: Place) -> Any:
        if not isinstance(value, dict):
            self._wrong(path, "TYPE_MESSAGE", value)
            return _REFUSED
        entries = {}
        for index, (key, item) in enumerate(value.items()):
            entry = (path, index)
            if as_whole(key) is None:  # the keys of Sheets' three maps are the numbers of columns
                self._wrong((entry, "key"), "TYPE_INT32", key)
            elif item is not None:
                entries[key] = self._single(item, spec, (entry, "value"), key)
        return entries

    def _scalar(self, value: Any, spec: Any, path: Place) -> Any:
        if spec == "any":
            return value
        converted = _converted(value, spec)
        if converted is None:
            self._wrong(path, _type_name(spec, _name(path)), value)
        return converted

    # -- refusals -------------------------------------------------------------------------------------------------

    def _wrong(self, path: Place, kind: str, value: Any) -> None:
        where = _spelled(path) + (".value" if _name(path) in WRAPPED else "")
        shown = spelled_value(value)
        if kind.endswith(".FieldMask"):
            shown = f"Field '{_name(path)}', Invalid data type for field mask, value is {shown}"
        self.violations.append((where, f"Invalid value at '{where}' ({kind}), {shown}"))

    def _misnamed(self, where: str, name: str, why: str) -> None:
        at = f" at '{where}'" if where else ""
        self.violations.append((where, f'Invalid JSON payload received. Unknown name "{name}"{at}: {why}'))

    def _excluded(self, path: Place, union: str, key: str) -> None:
        where = _spelled(path)
        at = f" at '{where}'" if where else ""
        taken = f"oneof field '{union}' is already set. Cannot set '{key}'"
        self.violations.append((where, f"Invalid value{at} (oneof), {taken}"))


_CONVERTED = {
    "boolean": as_boolean,
    "string": as_text,
    "int32": as_whole,
    "integer": as_whole,
    "double": as_number,
    "float": as_single,
    "number": as_number,
}
_TYPE_NAMES = {
    "boolean": "TYPE_BOOL",
    "string": "TYPE_STRING",
    "int32": "TYPE_INT32",
    "integer": "TYPE_INT32",
    "double": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "number": "TYPE_DOUBLE",
}


def field_table(message: str, specs: dict[str, Any]) -> dict[str, Field]:
    """List the fields of a message by both of their spellings, `sheetId` and `sheet_id`; there is no third."""
    unions = unions_of(message, specs)
    fields: list[Field] = [
        (name, spec, unions.get(name), spec[1:] if isinstance(spec, str) and spec[0] == "$" else None)
        for name, spec in specs.items()
    ]
    return {snake(field[0]): field for field in fields} | {field[0]: field for field in fields}


def _converted(value: Any, spec: Any) -> Any:
    if isinstance(spec, dict):
        return as_enum(value, spec["enum"])
    convert = _CONVERTED.get(spec)
    return convert(value) if convert else None


def _type_name(spec: Any, name: str) -> str:
    if isinstance(spec, dict):
        return enum_type(name)
    if name == "fields":
        return f"{_TYPES}/google.protobuf.FieldMask"
    return _TYPE_NAMES.get(spec, "TYPE_MESSAGE")


def _no_field(key: str) -> str:
    return "Cannot find field." if key else "Proto fields must have a name."


def _name(path: Place) -> str:
    """Give the name of the field that a place lies in."""
    while path is not None and isinstance(path[1], int):
        path = path[0]
    return str(path[1]) if path is not None else ""


def _joined(old: Any, new: Any) -> Any:
    """Join a field that came twice, as protocol buffers do when they read it."""
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: _joined(old[name], value) if name in old else value for name, value in new.items()}
    return new
