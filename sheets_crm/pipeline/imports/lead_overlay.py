"""The leads while rows are merged into them: a working copy that knows what was touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import COMPANY_URLS, LEAD_NUMBER, Cell
from sheets_crm.pipeline.imports.identity import PERSON_URLS, LeadIndex
from sheets_crm.pipeline.imports.keys import company_key, email_key, member_id, name_key, person_url

NAME_PARTS: Final = ("firstName", "lastName", "companyName_fromP")


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same value; TRUE is not the number 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


class LeadOverlay:
    """The leads frame as it was, the cells written since, and the leads added since.

    Columns are copied when they are first written; the frame that was given is left alone.
    """

    def __init__(self, leads: pd.DataFrame, index: LeadIndex, next_number: int) -> None:
        self._leads = leads
        self._index = index
        self._columns: dict[str, np.ndarray] = {}
        self._written: set[str] = set()
        self._places: dict[int, int] = dict(zip(leads.index.tolist(), range(len(leads)), strict=True))
        self._added: dict[int, dict[str, Cell]] = {}
        self._keys: dict[tuple[str, str], list[int]] = {}
        self._before: dict[int, dict[str, Cell]] = {}
        self.next_number = next_number

    def __contains__(self, number: int) -> bool:
        return number in self._places or number in self._added

    def get(self, number: int, column: str) -> Cell:
        """A cell of a lead."""
        if number in self._added:
            return self._added[number][column]
        cell: Cell = self._column(column)[self._places[number]]
        return cell

    def was(self, number: int, column: str) -> Cell:
        """Return what a cell of a lead held before the drop."""
        return self._before.get(number, {}).get(column, self.get(number, column))

    def put(self, number: int, values: Mapping[str, Cell]) -> bool:
        """Write cells of a lead; say whether any of them changed."""
        changed = False
        for column, value in values.items():
            held = self.get(number, column)
            if not same(held, value):
                self._before.setdefault(number, {}).setdefault(column, held)
                self._write(number, column, value)
                changed = True
        return changed

    def add(self, values: Mapping[str, Cell]) -> int:
        """Add a lead under the next LeadNumber and return it."""
        number = self.next_number
        self.next_number += 1
        lead: dict[str, Cell] = dict.fromkeys(self._leads.columns, "")
        self._added[number] = lead
        lead.update(values)
        for column in (*PERSON_URLS, *COMPANY_URLS, "email", "firstName"):
            self._learn(number, column)
        return number

    def touched(self) -> frozenset[int]:
        """The leads that were added or differ from what they were; one set back to that does not count."""
        differing = (
            number
            for number, before in self._before.items()
            if any(not same(held, self.get(number, column)) for column, held in before.items())
        )
        return frozenset((*self._added, *differing))

    def find(self, kind: str, key: str) -> tuple[int, ...]:
        """The leads that a key belongs to now, in order."""
        found = {*self._index.find(kind, key), *self._keys.get((kind, key), ())}
        found = {number for number in found if number in self}
        if kind == "email":  # a later value can take this key off a lead, and so it can the name
            found = {number for number in found if email_key(str(self.get(number, "email"))) == key}
        elif kind == "name":
            found = {number for number in found if self._name(number) == key}
        return tuple(sorted(found))

    def _column(self, name: str) -> np.ndarray:
        if name not in self._columns:
            self._columns[name] = self._leads[name].to_numpy(dtype=object)
        return self._columns[name]

    def _write(self, number: int, column: str, value: Cell) -> None:
        if number in self._added:
            self._added[number][column] = value
        else:
            if column not in self._written:
                self._columns[column] = self._leads[column].to_numpy(dtype=object, copy=True)
                self._written.add(column)
            self._columns[column][self._places[number]] = value
        self._learn(number, column)

    def _learn(self, number: int, column: str) -> None:
        """Remember the keys that a cell gives its lead."""
        cell = str(self.get(number, column))
        if column in PERSON_URLS:
            self._know("member_id", member_id(cell), number)
            self._know("person_url", person_url(cell), number)
        elif column in COMPANY_URLS:
            self._know("company", company_key(cell), number)
        elif column == "email":
            self._know("email", email_key(cell), number)
        elif column in NAME_PARTS:
            self._know("name", self._name(number), number)

    def _name(self, number: int) -> str:
        return name_key(*(str(self.get(number, part)) for part in NAME_PARTS))

    def _know(self, kind: str, key: str, number: int) -> None:
        if key:
            self._keys.setdefault((kind, key), []).append(number)

    def frame(self) -> pd.DataFrame:
        """The leads frame as it is now; added leads stand last, in the order of their numbers."""
        fresh = self._leads.copy(deep=False)
        for name in self._written:
            fresh[name] = pd.Series(self._columns[name], index=self._leads.index, dtype=object)
        if not self._added:
            return fresh
        numbers = pd.Index([*self._places, *self._added], dtype="int64", name=LEAD_NUMBER)
        added = list(self._added.values())
        columns = {
            name: np.concatenate([self._column(name), np.array([lead[name] for lead in added], dtype=object)])
            for name in fresh.columns
        }
        return pd.DataFrame(columns, index=numbers, dtype=object)
