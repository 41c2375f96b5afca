"""What operators of any table have in common: who they are, how they type into it, and how a request names its rows."""

from collections.abc import Mapping
from random import Random
from typing import Any

from people import People


class TableOperators:
    """The operators in front of a table of some title.

    Attributes:
        running: Workers that are under way, told before each act.
        moved: Whether the last act put rows to other places.
    """

    title: str

    def __init__(self, people: People, random: Random, *, calm: bool) -> None:
        self.people, self.random, self.calm = people, random, calm
        self.running: set[str] = set()
        self.moved = False

    def _type_into(self, cells: Mapping[str, Any], *, raw: bool = False) -> None:
        """Type into cells by address, in one request."""
        typed = {address: [[value]] for address, value in cells.items()}
        assert self.people.put(self.title, typed, raw=raw), f"{self.title}: {cells} is refused"

    def _dimension(self, dimension: str, start: int, count: int = 1) -> dict[str, Any]:
        """Rows or columns, the first counted from 0."""
        number = self.people.tab_id(self.title)
        return {"sheetId": number, "dimension": dimension, "startIndex": start, "endIndex": start + count}


__all__ = ["TableOperators"]
