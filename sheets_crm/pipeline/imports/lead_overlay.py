"""The leads while rows are merged into them: a copy-on-write working copy that tracks the touched leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import COMPANY_URLS, LEAD_NUMBER, PERSON_PHONE, Cell
from sheets_crm.pipeline.imports.identity import PERSON_URLS, LeadIndex
from sheets_crm.pipeline.imports.keys import (
    company_key,
    email_key,
    member_id,
    name_key,
    person_url,
    phone_key,
    place_key,
    site_key,
)

NAME_PARTS: Final = ("firstName", "lastName", "companyName_fromP")
SITES: Final = ("website", "domain")


def same(left: Cell, right: Cell) -> bool:
    """Whether two cells hold the same value; TRUE is not the number 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


class LeadOverlay:
    """The leads frame as it was, the cells written since, and the leads added since.

    A column is copied at its first write, and keys written since are kept beside the index, so that merging a few
    rows costs no pass over all leads. The given frame is never changed.
    """

    def __init__(self, leads: pd.DataFrame, index: LeadIndex, next_number: int) -> None:
        self._leads = leads
        self._index = index
        self._columns: dict[str, np.ndarray] = {}
        self._written: set[str] = set()
        self._positions: dict[int, int] = dict(zip(leads.index.tolist(), range(len(leads)), strict=True))
        self._added: dict[int, dict[str, Cell]] = {}
        self._keys: dict[tuple[str, str], list[int]] = {}
        self._originals: dict[int, dict[str, Cell]] = {}
        self.next_number = next_number

    def __contains__(self, number: int) -> bool:
        return number in self._positions or number in self._added

    def get(self, number: int, column: str) -> Cell:
        """A cell of a lead."""
        if number in self._added:
            return self._added[number][column]
        cell: Cell = self._column(column)[self._positions[number]]
        return cell

    def before_import(self, number: int, column: str) -> Cell:
        """The value of a cell before the import."""
        return self._originals.get(number, {}).get(column, self.get(number, column))

    def put(self, number: int, values: Mapping[str, Cell]) -> bool:
        """Write cells of a lead; True if any of them changed."""
        changed = False
        for column, value in values.items():
            current = self.get(number, column)
            if not same(current, value):
                self._originals.setdefault(number, {}).setdefault(column, current)
                self._write(number, column, value)
                changed = True
        return changed

    def add(self, values: Mapping[str, Cell]) -> int:
        """Add a lead and return its LeadNumber, the next free one."""
        number = self.next_number
        self.next_number += 1
        lead: dict[str, Cell] = dict.fromkeys(self._leads.columns, "")
        self._added[number] = lead
        lead.update(values)
        for column in (*PERSON_URLS, *COMPANY_URLS, "email", PERSON_PHONE, "firstName"):
            self._index_cell(number, column)
        return number

    def touched(self) -> frozenset[int]:
        """The leads that were added or differ in the end; one changed back to its original does not count."""
        differing = (
            number
            for number, originals in self._originals.items()
            if any(not same(original, self.get(number, column)) for column, original in originals.items())
        )
        return frozenset((*self._added, *differing))

    def find(self, kind: str, key: str) -> tuple[int, ...]:
        """The leads that a key belongs to now, in order."""
        numbers = {*self._index.find(kind, key), *self._keys.get((kind, key), ())}
        numbers = {number for number in numbers if number in self}
        if kind == "email":  # the index keeps keys that a lead has lost: an e-mail or a name can be overwritten
            numbers = {number for number in numbers if email_key(str(self.get(number, "email"))) == key}
        elif kind == "phone":
            numbers = {number for number in numbers if phone_key(str(self.get(number, PERSON_PHONE))) == key}
        elif kind in {"firm_phone", "site", "place"}:
            numbers = {number for number in numbers if key in self._of_company(number, kind)}
        elif kind == "name":
            numbers = {number for number in numbers if self._name(number) == key}
        return tuple(sorted(numbers))

    def _column(self, name: str) -> np.ndarray:
        # Shares the frame's cells; `_write` replaces it by a copy before it changes any.
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
            self._columns[column][self._positions[number]] = value
        self._index_cell(number, column)

    def _index_cell(self, number: int, column: str) -> None:
        """Index the keys of a written cell."""
        cell = str(self.get(number, column))
        if column in PERSON_URLS:
            self._add_key("member_id", member_id(cell), number)
            self._add_key("person_url", person_url(cell), number)
        elif column in COMPANY_URLS:
            self._add_key("company", company_key(cell), number)
        elif column == "email":
            self._add_key("email", email_key(cell), number)
        elif column == PERSON_PHONE:
            self._add_key("phone", phone_key(cell), number)
        elif column in (*SITES, "phone"):
            self._add_company(number)
        elif column in NAME_PARTS:
            self._add_key("name", self._name(number), number)
            self._add_company(number)

    def _name(self, number: int) -> str:
        return name_key(*(str(self.get(number, part)) for part in NAME_PARTS))

    def _of_company(self, number: int, kind: str) -> tuple[str, ...]:
        """The keys of a kind that a lead without a person has; none for a person's lead."""
        if any(self.get(number, part) != "" for part in ("firstName", "lastName")):
            return ()
        if kind == "site":
            return tuple(site_key(str(self.get(number, column))) for column in SITES)
        if kind == "firm_phone":
            return (phone_key(str(self.get(number, "phone"))),)
        return (place_key(str(self.get(number, "companyName_fromP")), str(self.get(number, "personLocation"))),)

    def _add_company(self, number: int) -> None:
        for kind in ("firm_phone", "site", "place"):
            for key in self._of_company(number, kind):
                self._add_key(kind, key, number)

    def _add_key(self, kind: str, key: str, number: int) -> None:
        if key:
            self._keys.setdefault((kind, key), []).append(number)

    def frame(self) -> pd.DataFrame:
        """The leads frame as it is now; added leads stand last, in the order of their numbers."""
        frame = self._leads.copy(deep=False)
        for name in self._written:
            frame[name] = pd.Series(self._columns[name], index=self._leads.index, dtype=object)
        if not self._added:
            return frame
        numbers = pd.Index([*self._positions, *self._added], dtype="int64", name=LEAD_NUMBER)
        added = list(self._added.values())
        columns = {
            name: np.concatenate([self._column(name), np.array([lead[name] for lead in added], dtype=object)])
            for name in frame.columns
        }
        return pd.DataFrame(columns, index=numbers, dtype=object)
