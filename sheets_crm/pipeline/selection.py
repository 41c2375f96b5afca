"""Criteria by which leads are chosen for a send: TargetID, title and country, compared without case and accents."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import TARGET_ID
from sheets_crm.pipeline.imports.text import shown, unaccented

ALL_WORDS: Final = frozenset({"todo", "todos", "toda", "todas", "all"})
"""The words that ask for every lead, without case."""
SHORT: Final = 3
"""Up to so many letters an alternative is a word of its own: CTO is not in *director*, IT not in *Italian*."""
PLACES: Final = ("country", "pais", "personLocation", "companyLocation")
"""Columns that may say where a lead is; workbooks have the first two when the settings add them."""
NAMES: Final = (
    ("espana", "spain"),
    ("francia", "france"),
    ("alemania", "germany", "deutschland"),
    ("italia", "italy"),
    ("paises bajos", "netherlands", "holanda"),
    ("belgica", "belgium"),
    ("suiza", "switzerland"),
    ("irlanda", "ireland"),
    ("reino unido", "united kingdom", "uk"),
    ("estados unidos", "united states", "usa", "us", "ee uu", "eeuu"),
    ("brasil", "brazil"),
    ("mexico", "mejico"),
    ("suecia", "sweden"),
    ("noruega", "norway"),
    ("dinamarca", "denmark"),
    ("polonia", "poland"),
)
"""Countries whose Spanish and English names differ: an export names them in the language of its user."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the leads of a send have in common; a blank one leaves all in.

    Attributes:
        target_id: One TargetID, or several, each whole.
        title: Texts of which the person's title contains one.
        country: Countries or places of which the lead's location names one.
    """

    target_id: str = ""
    title: str = ""
    country: str = ""

    @classmethod
    def of(cls, cells: Mapping[str, object]) -> Criteria:
        """Take them from a record; what it does not have is blank."""
        return cls(**{name: str(cells.get(name, "")) for name in cls.__slots__})

    def as_json(self) -> dict[str, str]:
        """The criteria as a JSON object, for a record."""
        return asdict(self)

    def __bool__(self) -> bool:
        return any(text.strip() for text in (self.target_id, self.title, self.country))

    def __str__(self) -> str:
        return " · ".join(text for text in (self.target_id, self.title, self.country) if text)

    @property
    def meaningless(self) -> tuple[str, ...]:
        """The filled ones by which nothing can be compared, such as a title of signs only."""
        named = ((self.target_id, target_ids), (self.title, alternatives), (self.country, alternatives))
        return tuple(text for text, parts in named if text.strip() and not parts(text))


EVERYBODY: Final = Criteria()


def alternatives(text: str) -> tuple[str, ...]:
    """The normal forms of the alternatives of a criterion, which ``;`` or ``,`` separate."""
    parts = (_normal(part) for part in re.split("[;,]", text))
    return tuple(part for part in parts if part)


def target_ids(text: str, listed: Collection[str] = ()) -> tuple[str, ...]:
    """The TargetIDs that a criterion names, as they are compared: the whole text if it is one, else its parts.

    Args:
        text: The criterion.
        listed: The TargetIDs that there are, as they are compared.
    """
    whole = _target_key(text)
    if whole in listed:
        return (whole,)
    parts = (_target_key(part) for part in re.split("[;,]", text))
    return tuple(part for part in parts if part)


def asks_for_all(cell: object) -> bool:
    """Whether a cell asks for every lead."""
    return isinstance(cell, str) and unaccented(cell.strip()) in ALL_WORDS


def fitting(leads: pd.DataFrame, criteria: Criteria, listed: Iterable[object] | None = None) -> np.ndarray:
    """The mask of the leads that meet every criterion; nobody meets a filled one that means nothing.

    Args:
        leads: The leads.
        criteria: What they must have in common.
        listed: The TargetIDs that there are, beyond those of these leads: a send in parts must not understand a
            criterion differently when the last lead of a TargetID is gone.
    """
    mask = np.ones(len(leads), dtype=bool)
    known = {_target_key(shown(name)) for name in set(leads[TARGET_ID] if listed is None else listed)}
    for names, text, wanted, normal, test in (
        ((TARGET_ID,), criteria.target_id, target_ids(criteria.target_id, known), _target_key, _is_one),
        (("personTitle",), criteria.title, alternatives(criteria.title), _normal, _contains),
        (PLACES, criteria.country, alternatives(criteria.country), _normal, _names_place),
    ):
        if text.strip():
            columns = [leads[name] for name in names if name in leads.columns]
            mask &= np.logical_or.reduce([_mask(column, wanted, normal, test) for column in columns])
    return mask


def _mask(
    column: pd.Series,
    wanted: tuple[str, ...],
    normal: Callable[[str], str],
    test: Callable[[str, str], bool],
) -> np.ndarray:
    """The mask of the cells that fit an alternative; each different text is looked at once."""
    codes, texts = pd.factorize(column.map(shown), use_na_sentinel=False)
    fits = [any(test(normal(text), one) for one in wanted) for text in texts]
    return np.array(fits, dtype=bool)[codes]


def _target_key(text: str) -> str:
    """A TargetID without case and accents; its signs count, for C++ is not C#."""
    return " ".join(unaccented(text).split())


def _normal(text: str) -> str:
    """The words of a text without case, accents and signs."""
    return " ".join(re.findall(r"\w+", unaccented(text)))


def _is_one(text: str, wanted: str) -> bool:
    return text == wanted


def _contains(text: str, wanted: str) -> bool:
    return _has_words(text, (wanted,)) if len(wanted) <= SHORT else wanted in text


def _names_place(text: str, wanted: str) -> bool:
    return _has_words(text, next((names for names in NAMES if wanted in names), (wanted,)))


def _has_words(text: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in f" {text} " for phrase in phrases)
