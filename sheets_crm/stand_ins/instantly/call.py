"""A call of a method, its answer in pages, and the routes that lead to methods."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import not_found
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.world import World

__all__ = ["PAGE", "UUID", "Accepted", "Call", "Method", "Route", "existing", "page", "shown"]

UUID: Final = Field("string", form="uuid")

#: The fields of every list.
PAGE: Final[Fields] = {"limit": Field("integer", at_least=1, at_most=100), "starting_after": Field("string")}

_LIMIT = 10  # where none is asked for (C)


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        world: The stand-ins' world.
        key: The id that the path names; empty where it names none.
        query: The query, checked.
        body: The body, checked.
    """

    world: World
    key: str = ""
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that says that something will be done: 202."""

    body: dict[str, Any]


Method = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A method of the API.

    Attributes:
        verb: The HTTP method.
        template: The path below ``/api/v2``, with ``{id}`` for an id.
        run: Answers a call.
        body: What the body may hold; None where none is read.
        query: What the query may hold.
    """

    verb: str
    template: str
    run: Method
    body: Fields | None = None
    query: Fields = field(default_factory=dict)


def shown(document: Document) -> Document:
    """A document as the service shows it: what begins with an underscore is the stand-in's own."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


def existing(world: World, kind: str, key: str) -> Document:
    """A document that has to be there.

    Raises:
        RefusedError: 404 if it is not.
    """
    found = world.documents.get(kind, key)
    if found is None:
        raise not_found()
    return found


def page(
    items: Iterable[Document], asked: dict[str, Any], *, newest_first: bool = False, ends_early: bool = True
) -> dict[str, Any]:
    """One page of a list.

    Args:
        items: All of the list, in the order of their ids.
        asked: ``limit`` and ``starting_after``.
        newest_first: Whether the order is the other way round.
        ends_early: Whether the last page with items has no cursor; else it has one, and an empty page comes after.
    """
    after, limit = asked.get("starting_after"), asked.get("limit", _LIMIT)
    wanted = [item for item in items if not after or (item["id"] < after if newest_first else item["id"] > after)]
    if newest_first:
        wanted.reverse()
    chosen = wanted[:limit]
    answer: dict[str, Any] = {"items": [shown(item) for item in chosen]}
    if chosen and (len(wanted) > limit or not ends_early):
        answer["next_starting_after"] = chosen[-1]["id"]
    return answer
