"""An index of the leads by member id, URLs, e-mail, name and company.

It is built column by column, and each kind of key only on its first lookup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import COMPANY_URLS, PERSON_PHONE
from sheets_crm.pipeline.imports.keys import (
    company_keys,
    email_keys,
    member_ids,
    name_keys,
    person_urls,
    phone_keys,
    place_keys,
    site_keys,
)

PERSON_URLS: Final = ("personLinkedinUrl", "personSalesUrl")


def _per_column(
    keys: Callable[[pd.Series], pd.Series], *columns: str
) -> Callable[[pd.DataFrame], list[pd.Series]]:
    return lambda leads: [keys(leads[column]) for column in columns]


def _of_companies(leads: pd.DataFrame, keys: pd.Series) -> pd.Series:
    """The keys of leads without a person: what colleagues share is no key of one of them."""
    nobody = (leads["firstName"].astype(object) == "") & (leads["lastName"].astype(object) == "")
    return keys.where(nobody.to_numpy(), "")


def _names(leads: pd.DataFrame) -> list[pd.Series]:
    return [name_keys(leads["firstName"], leads["lastName"], leads["companyName_fromP"])]


KINDS: Final[dict[str, Callable[[pd.DataFrame], list[pd.Series]]]] = {
    "member_id": _per_column(member_ids, *PERSON_URLS),
    "person_url": _per_column(person_urls, *PERSON_URLS),
    "email": _per_column(email_keys, "email"),
    "phone": _per_column(phone_keys, PERSON_PHONE),
    "name": _names,
    "firm_phone": lambda leads: [_of_companies(leads, phone_keys(leads["phone"]))],
    "site": lambda leads: [_of_companies(leads, site_keys(leads[name])) for name in ("website", "domain")],
    "place": lambda leads: [_of_companies(leads, place_keys(leads["companyName_fromP"], leads["personLocation"]))],
    "company": _per_column(company_keys, *COMPANY_URLS),
}
"""The keys of each kind, a Series for each column of a leads frame that holds them."""


@dataclass(frozen=True, slots=True)
class _Postings:
    """The LeadNumbers of each key, as slice bounds into one array: far smaller than a list for each key."""

    runs: dict[str, tuple[int, int]]
    numbers: np.ndarray

    @classmethod
    def of(cls, columns: Iterable[pd.Series]) -> _Postings:
        both = pd.concat([column.astype(object) for column in columns])
        both = both[both.to_numpy() != ""]
        codes, keys = pd.factorize(both.to_numpy())
        # Sorted by key, then by LeadNumber: each key's leads stand together, and their edges are found by bisection.
        order = np.lexsort((both.index.to_numpy(), codes))
        edges = np.searchsorted(codes[order], np.arange(len(keys) + 1)).tolist()
        return cls(dict(zip(keys, pairwise(edges), strict=True)), both.index.to_numpy()[order])

    def find(self, key: str) -> list[int]:
        run = self.runs.get(key)
        return [] if run is None else self.numbers[run[0] : run[1]].tolist()


@dataclass(frozen=True, slots=True)
class LeadIndex:
    """Normalised keys of all leads and the LeadNumbers they belong to.

    Kinds of keys: ``member_id``, ``person_url``, ``email``, ``phone``, ``name`` (with company), ``company``, and of
    companies without a person ``firm_phone``, ``site`` and ``place`` (with company). It is
    immutable: :meth:`with_leads` makes another one that shares what is already built.
    """

    frames: tuple[pd.DataFrame, ...]
    _built: dict[tuple[int, str], _Postings] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, leads: pd.DataFrame) -> LeadIndex:
        """The index of a leads frame."""
        return cls((leads,))

    def with_leads(self, new_leads: pd.DataFrame) -> LeadIndex:
        """The index with more leads, or with the present cells of leads that a merge touched.

        Keys are never removed: a lead is still found by a key that it has lost, so matching by e-mail checks the
        lead's cell.
        """
        built = {place: postings for place, postings in self._built.items() if place[0] < len(self.frames)}
        return LeadIndex((*self.frames, new_leads), built)

    def find(self, kind: str, key: str) -> tuple[int, ...]:
        """The LeadNumbers that a key of a kind belongs to, in order; none for a blank key."""
        if not key:
            return ()
        numbers: set[int] = set()
        for place in range(len(self.frames)):
            numbers.update(self._postings(place, kind).find(key))
        return tuple(sorted(numbers))

    def _postings(self, place: int, kind: str) -> _Postings:
        if (place, kind) not in self._built:
            self._built[place, kind] = _Postings.of(KINDS[kind](self.frames[place]))
        return self._built[place, kind]
