"""Columns under headers that nobody knows, where their cells say plainly what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.imports.contacts.columns import Column
from sheets_crm.pipeline.imports.contacts.kinds import UNKNOWN
from sheets_crm.pipeline.imports.contacts.nature import Nature
from sheets_crm.pipeline.imports.contacts.plain_cells import (
    is_plainly_email,
    is_plainly_phone,
    is_plainly_profile,
    is_plainly_site,
)

MOST: Final = 0.8
"""Share of the filled cells that have to be of one kind."""
ENOUGH: Final = 3
"""Filled cells that it takes; a list of fewer rows has to fill them all."""
_PHONES: Final = frozenset({"phone", "person_phone"})


def read_by_cells(
    columns: Sequence[Column], taken: Collection[str], nature: Nature, once: Sequence[int]
) -> dict[str, tuple[Column, ...]]:
    """Targets that nothing else fills, and the one column under an unknown header whose cells are plainly that.

    Of two such columns neither is taken: whose e-mail is which, only their headers could say.

    Args:
        columns: The columns of the list.
        taken: Targets that are filled by a header, an answer, or a column without header.
        nature: What the list is of.
        once: Places of the rows, of those that repeat that of the first.
    """
    unread = [column for column in columns if column.kind.name == UNKNOWN and not column.headless]
    made: dict[str, tuple[Column, ...]] = {}
    for target, kind in _plain_kinds(nature).items():
        alike = [column for column in unread if _is_plainly(column, kind, once, differing=target in _SOMEBODYS)]
        if target not in taken and not (target in _PHONES and _PHONES & set(taken)) and len(alike) == 1:
            made[target] = tuple(alike)
    return made


def _is_plainly(column: Column, kind: Callable[[str], bool], once: Sequence[int], *, differing: bool) -> bool:
    """Whether a column is of a kind: what is one for nearly everybody is the seller's, not theirs."""
    filled = _filled(column, once)
    enough = 0 < filled >= min(ENOUGH, len(once))
    return enough and (not differing or differ(column, once)) and column.cells.share(kind) >= MOST


def differ(column: Column, once: Sequence[int]) -> bool:
    """Whether most rows have a cell of their own in a column."""
    return 2 * len(set(column.cells.texts)) > _filled(column, once)


def _filled(column: Column, once: Sequence[int]) -> int:
    return sum(bool(column.raw[place]) for place in once)


def _plain_kinds(nature: Nature) -> Mapping[str, Callable[[str], bool]]:
    firms = nature.companies and not nature.people
    return {**_KINDS, "phone" if firms else "person_phone": is_plainly_phone}


def _profile_of(whose: str) -> Callable[[str], bool]:
    return lambda text: is_plainly_profile(text) == whose


_KINDS: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": is_plainly_email,
    "personLinkedinUrl": _profile_of("person"),
    "personSalesUrl": _profile_of("sales"),
    "companyLinkedinUrl": _profile_of("company"),
    "website": is_plainly_site,
}
_SOMEBODYS: Final = _PHONES | {"email", "personLinkedinUrl", "personSalesUrl"}
"""Targets that hardly two rows share."""
