"""Columns without a header, by their cells alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.imports.contacts.cells import address_kind, is_email, is_person, is_phone
from sheets_crm.pipeline.imports.contacts.columns import (
    Column,
    are_firms,
    in_local_part,
    share_of_pairs,
)
from sheets_crm.pipeline.imports.contacts.nature import Nature

_MOST: Final = 0.7
_ADDRESSES: Final = {
    "person": "personLinkedinUrl",
    "sales": "personSalesUrl",
    "company": "companyLinkedinUrl",
    "site": "website",
}
_PHONE_DIGITS: Final = 9


def guesses(columns: Sequence[Column], taken: Collection[str], nature: Nature) -> dict[str, tuple[Column, ...]]:
    """Targets that are not taken by a header or an answer, and the columns without header that fill them."""
    blank = sorted(
        (column for column in columns if column.headless and column.cells.filled),
        key=lambda column: (column.raw, column.position),
    )
    made: dict[str, tuple[Column, ...]] = {}
    for target, kind in _BY_CELLS.items():
        if target not in taken:
            _take(made, target, blank, kind)
    if all(column.headless for column in columns):
        _take_names(made, blank)
    if not {"phone", "person_phone"} & set(taken):
        firms = "companyName" in made or (nature.companies and not nature.people)
        _take(made, "phone" if firms and "@full_name" not in made else "person_phone", blank, _is_phone)
    return made


def _take(
    made: dict[str, tuple[Column, ...]], target: str, blank: Sequence[Column], kind: Callable[[str], bool]
) -> None:
    free = [column for column in blank if (column,) not in made.values()]
    best = max(free, key=lambda column: column.cells.share(kind), default=None)
    if best is not None and best.cells.share(kind) >= _MOST:
        made[target] = (best,)


def _take_names(made: dict[str, tuple[Column, ...]], blank: Sequence[Column]) -> None:
    free = [column for column in blank if (column,) not in made.values()]
    firms = [column for column in free if are_firms(column)]
    if firms:
        made["companyName"] = (max(firms, key=lambda column: len(set(column.raw))),)
    people = [column for column in free if column.cells.share(is_person) >= _MOST and column not in firms]
    if people:
        made["@full_name"] = (max(people, key=lambda column: _likeness(column, made)),)


def _likeness(column: Column, made: Mapping[str, tuple[Column, ...]]) -> tuple[float, float, int]:
    """How much a column is the people's names: they stand in their addresses, and differ."""
    emails = made.get("email", ())
    shared = [share_of_pairs(column, email, in_local_part) or 0.0 for email in emails]
    return max(shared, default=0.0), column.cells.share(is_person), len(set(column.raw))


def _of_kind(kind: str) -> Callable[[str], bool]:
    return lambda text: address_kind(text) == kind


def _is_phone(text: str) -> bool:
    """Whether a cell is a phone number and no id: long, or written with signs."""
    digits = sum(letter.isdecimal() for letter in text)
    return is_phone(text) and (digits >= _PHONE_DIGITS or not text.isdecimal()) and not text.startswith("-")


_BY_CELLS: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": is_email,
    **{target: _of_kind(kind) for kind, target in _ADDRESSES.items()},
}
