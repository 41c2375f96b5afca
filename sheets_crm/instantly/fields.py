"""Reads fields of the service's JSON: unknown ones are passed over, one of a wrong type is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final, Generic, TypeVar

from sheets_crm.messages import Said, said

T = TypeVar("T")

Scalar = str | int | float | bool | None
"""What a custom variable holds."""

_NAMES: Final = {
    str: "string", bool: "boolean", int: "number", float: "number", NoneType: "null", dict: "object", list: "array",
}  # fmt: skip


class WrongField(Exception):  # noqa: N818 - says what is so
    """A field is missing that has to be there, or has another type.

    Attributes:
        words: Which field of which thing, what it is and what it should be.
    """

    def __init__(self, what: str, name: str, found: str, expected: str) -> None:
        self.words = said("instantly.wrong_field", what=what, field=name, found=found, expected=expected)
        super().__init__(self.words)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one thing.

    Attributes:
        given: The JSON object.
        what: The thing, as messages name it, such as ``lead 019f``.
    """

    given: Mapping[str, Any]
    what: str

    @classmethod
    def of(cls, given: Any, what: str) -> Fields:
        """The fields of a JSON object; its id completes its name.

        Raises:
            WrongField: It is no object.
        """
        if not isinstance(given, dict):
            raise WrongField(what, "-", _NAMES[type(given)], "object")
        number = given.get("id")
        return cls(given, f"{what} {number}" if isinstance(number, str) and number else what)

    def text(self, name: str) -> str:
        """A text; "" where there is none."""
        text: str = self._one_of(name, (str,), "string") or ""
        return text

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        text = self.text(name)
        if not text:
            raise WrongField(self.what, name, "empty" if name in self.given else "missing", "string")
        return text

    def whole(self, name: str) -> int | None:
        """A whole number; None where there is none."""
        number = self._one_of(name, (int, float), "integer")
        if number is not None and number != int(number):
            raise WrongField(self.what, name, "number", "integer")
        return None if number is None else int(number)

    def count(self, name: str) -> int:
        """A number of things; 0 where there is none."""
        number = self.whole(name) or 0
        if number < 0:
            raise WrongField(self.what, name, "negative", "integer")
        return number

    def flag(self, name: str) -> bool:
        """A yes or no, also as 1 or 0; no where there is none."""
        value = self._one_of(name, (bool, int), "boolean")
        if value not in (None, 0, 1):
            raise WrongField(self.what, name, "number", "boolean")
        return bool(value)

    def moment(self, name: str) -> datetime | None:
        """A time in UTC; None where there is none."""
        text = self.text(name)
        if not text:
            return None
        found = moment_of(text)
        if found is None:
            raise WrongField(self.what, name, "string", "date-time")
        return found

    def inner(self, name: str) -> Fields:
        """The fields of an object within; none where there is none."""
        return Fields(self._one_of(name, (dict,), "object") or {}, f"{self.what}, {name}")

    def items(self, name: str) -> list[Any]:
        """The items of a list that has to be there."""
        if name not in self.given:
            raise WrongField(self.what, name, "null", "array")
        items: list[Any] = self._one_of(name, (list,), "array") or []
        return items

    def scalars(self, name: str) -> Mapping[str, Scalar]:
        """A flat object; what is nested in it is an error."""
        inner = self.inner(name)
        for key, value in inner.given.items():
            if isinstance(value, dict | list):
                raise WrongField(inner.what, key, _NAMES[type(value)], "string, number, boolean")
        return dict(inner.given)

    def _one_of(self, name: str, types: tuple[type, ...], expected: str) -> Any:
        value = self.given.get(name)
        wrong_flag = isinstance(value, bool) and bool not in types  # a bool is an int in Python
        if value is not None and (wrong_flag or not isinstance(value, types)):
            raise WrongField(self.what, name, _NAMES[type(value)], expected)
        return value


def moment_of(text: str) -> datetime | None:
    """An ISO time in UTC, which is also meant where no zone stands; None for another text."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def iso_of(moment: datetime) -> str:
    """A moment as the service writes it: in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: What could be read.
        problems: Which field of which other items has a wrong type.
        after: The cursor of the next page; "" when this is the last.
        raw: All items as they came.
    """

    items: tuple[T, ...]
    problems: tuple[Said, ...] = ()
    after: str = ""
    raw: tuple[Any, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def page_of(given: Any, what: str, item: Callable[[Any], T]) -> Page[T]:
    """Read a page; an item that cannot be read is a problem beside the others.

    Raises:
        WrongField: It is no page.
    """
    fields = Fields.of(given, what)
    items: list[T] = []
    problems: list[Said] = []
    raw = fields.items("items")
    for one in raw:
        try:
            items.append(item(one))
        except WrongField as error:
            problems.append(error.words)
    # A cursor may come with the last items, and perhaps with none.
    after = fields.text("next_starting_after") if raw else ""
    return Page(tuple(items), tuple(problems), after, tuple(raw))
