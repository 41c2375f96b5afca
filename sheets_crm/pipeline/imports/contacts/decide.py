"""Decide what the columns of a contact list mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sheets_crm.pipeline.imports.contacts.claims import Claim, claim_of, is_borne_out
from sheets_crm.pipeline.imports.contacts.columns import (
    Column,
    are_firms,
    columns_of,
    has_part,
    sampled,
    share_of_pairs,
)
from sheets_crm.pipeline.imports.contacts.headless import guesses
from sheets_crm.pipeline.imports.contacts.kinds import ASIDE, UNKNOWN
from sheets_crm.pipeline.imports.contacts.minimum import MINIMUM
from sheets_crm.pipeline.imports.contacts.nature import nature_of
from sheets_crm.pipeline.imports.contacts.plain_cells import is_plainly_email
from sheets_crm.pipeline.imports.contacts.unread import MOST, differ, read_by_cells

_NEVER_ASKED = frozenset(
    {"aside", "status", "category", "type", "subtypes", "address", "description", "url", "country_id"}
)
"""Kinds that are passed over where they find no target, whatever else their header says; but not over e-mails."""
_BY_CELLS = frozenset({"contact", "mixed", "linkedin", "profile"})
"""Kinds that their cells alone tell, and that are asked about where these do not."""


@dataclass(frozen=True, slots=True)
class ContactColumns:
    """What the columns of a contact list mean.

    Attributes:
        columns: Positions of the columns that fill each target, best first.
        unknown: Positions of headers that are not understood (a person may say what they become). A column without
            any cell is not asked about, unless the list has no rows.
        passed_over: Positions that are understood and brought nowhere (second phones and e-mails, ids, ratings,
            consent …), or have no header.
    """

    columns: Mapping[str, tuple[int, ...]]
    unknown: tuple[int, ...]
    passed_over: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether it names somebody and says how to reach them.

        That is a name or a company, and an e-mail, phone or profile (of a company: its website or phone too).
        """
        return any(
            any(name in self.columns for name in names) and any(channel in self.columns for channel in channels)
            for names, channels in MINIMUM
        )


def contact_columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    taken: Collection[str] = (),
    named: Collection[int] = (),
) -> ContactColumns:
    """What the columns of a contact list mean: by their headers, then by cells where headers leave it open.

    Args:
        header: The header row; blank cells where there is none.
        rows: The rows under it.
        taken: Targets that operators gave to columns; cells alone give them no other.
        named: Positions whose header the workbook knows otherwise; their cells decide nothing.
    """
    columns = columns_of(header, rows)
    nature = nature_of(columns)
    asked = [claim for column in columns if (claim := claim_of(column, nature, columns))]
    claims = [claim for claim in asked if is_borne_out(claim)]
    chosen = _without_repeats(_chosen(_own_company_aside(_consistent(claims))))
    chosen |= guesses(columns, {*chosen, *taken}, nature)
    unread = [column for column in columns if column.position not in named]
    once = _once(rows)
    chosen |= read_by_cells(unread, {*chosen, *taken}, nature, once)
    used = {column.position for filling in chosen.values() for column in filling}
    belied = {claim.column.position for claim in asked if claim not in claims}
    unused = [column for column in columns if column.position not in used]
    unknown = tuple(column.position for column in unused if _is_unknown(column, belied, once))
    rest = used | set(unknown)
    return ContactColumns(
        {target: tuple(column.position for column in filling) for target, filling in sorted(chosen.items())},
        unknown,
        tuple(column.position for column in columns if column.position not in rest),
    )


def _is_unknown(column: Column, belied: set[int], once: Sequence[int]) -> bool:
    """Whether somebody has to say what a column is: its header is strange, or its cells are no such thing."""
    empty = bool(column.raw) and not column.cells.filled
    if column.headless or empty:
        return False
    if column.kind.name in _NEVER_ASKED:  # "Dirección" over e-mails
        return (
            column.cells.filled and column.cells.share(is_plainly_email) >= MOST and not _is_anothers(column, once)
        )
    if column.kind.name == UNKNOWN or column.reading.strange:
        return True
    return column.position in belied or (column.kind.name in _BY_CELLS and column.cells.filled)


def _once(rows: Sequence[Sequence[str]]) -> list[int]:
    """The places of the sampled rows, of those that repeat that of the first."""
    first: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(sampled(rows)):
        first.setdefault(tuple(row), place)
    return list(first.values())


def _is_anothers(column: Column, once: Sequence[int]) -> bool:
    """Whether a column that is set aside has others' e-mails: its header says so, or many people have the same."""
    if column.kind.name != ASIDE:
        return False
    reading = column.reading
    return "email" in reading.things or "other" in reading.sides or not differ(column, once)


def _chosen(claims: Sequence[Claim]) -> dict[str, tuple[Column, ...]]:
    """The best column for each target, and those that fill rows that it leaves blank."""
    rivals: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=Claim.order):
        rivals.setdefault(claim.target, []).append(claim)
    return {target: _filling(listed) for target, listed in rivals.items()}


def _filling(rivals: Sequence[Claim]) -> tuple[Column, ...]:
    chosen = [rivals[0].column]
    for claim in rivals[1:]:
        column = claim.column
        plain = claim.alternative and column.reading.number < 2 and not column.reading.strange
        if plain and rivals[0].alternative and _fills_a_gap(column, chosen):
            chosen.append(column)
    return tuple(chosen)


def _fills_a_gap(column: Column, chosen: Sequence[Column]) -> bool:
    return any(cell and not any(other.raw[n] for other in chosen) for n, cell in enumerate(column.raw))


def _consistent(claims: Sequence[Claim]) -> list[Claim]:
    """Leave out full names that are not those of the first names beside them, if another is or the header is vague."""
    firsts = [claim.column for claim in claims if claim.target == "firstName"]
    fulls = [claim for claim in claims if claim.target == "@full_name"]
    strangers = [claim for claim in fulls if firsts and _contradicts(claim.column, firsts)]
    kept = [claim for claim in strangers if claim.rank == 0 and len(strangers) == len(fulls)]
    return [claim for claim in claims if claim not in strangers or claim in kept]


def _contradicts(full: Column, firsts: Sequence[Column]) -> bool:
    shares = [share_of_pairs(full, first, has_part) for first in firsts]
    return all(share is not None and share < 0.3 for share in shares)


def _own_company_aside(claims: Sequence[Claim]) -> list[Claim]:
    """Where the full names are companies', they are the company, and a company that repeats is the list's owner."""
    parts = any(claim.target in {"firstName", "lastName", "personTitle"} for claim in claims)
    firms = [claim for claim in claims if claim.target == "@full_name" and are_firms(claim.column)]
    if parts or not firms:
        return list(claims)
    names = {cell for claim in firms for cell in claim.column.cells.texts}
    others = [claim for claim in claims if claim.target == "companyName"]
    if any(len(set(claim.column.cells.texts)) > 0.3 * len(names) for claim in others):
        return list(claims)
    changed = {"@full_name": "companyName", "person_phone": "phone"}
    return [
        Claim(changed.get(claim.target, claim.target), claim.rank, claim.column)
        for claim in claims
        if claim not in others
    ]


def _without_repeats(chosen: dict[str, tuple[Column, ...]]) -> dict[str, tuple[Column, ...]]:
    """Leave out a person's phone that is the company's in every row: it identifies nobody."""
    if "person_phone" not in chosen or "phone" not in chosen:
        return chosen
    (company, *_) = chosen["phone"]
    own = tuple(
        column
        for column in chosen["person_phone"]
        if (share := share_of_pairs(column, company, _same_digits)) is None or share < 0.9
    )
    others = {target: filling for target, filling in chosen.items() if target != "person_phone"}
    return others | {"person_phone": own} if own else others


def _same_digits(one: str, other: str) -> bool:
    return "".join(filter(str.isdecimal, one)) == "".join(filter(str.isdecimal, other))
