"""People who were erased: keyed hashes of who they were, so that the next import refuses them.

Only the hashes stand in the workbook (System, column C); without the key beside them they say nothing, and the keyed
hash of a guess is all that can be compared.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.imports.merge import refused_keys
from sheets_crm.pipeline.imports.person import ADDRESSES, Person, known_rows
from sheets_crm.pipeline.steps import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.system import SystemState

NUMBER: Final = "lead_number"
"""Kind of the hash of a LeadNumber: an answer that comes later may name the person by nothing else."""

Refuser = Callable[[Mapping[str, str]], bool]


def hashed(salt: str, kind: str, key: str) -> str:
    """Return the keyed hash of one key of a person."""
    return hmac.new(salt.encode(), f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()[:32]


def hashes(salt: str, person: Person) -> list[str]:
    """Return the hashes of everything that tells who a person is; name and company only if no address does."""
    keys = sorted(key for key in person.keys if key[0] in ADDRESSES)
    keys = keys or sorted(key for key in person.keys if key[0] == "name")
    if person.number:
        keys.append((NUMBER, str(person.number)))
    return [hashed(salt, kind, key) for kind, key in keys]


def known_hashes(system: SystemState, person: Person) -> bool:
    """Say whether System holds a hash of one of a person's addresses: then they were erased here."""
    addresses = hashes(system.text("salt"), Person(0, person.keys))
    return not frozenset(system.erased).isdisjoint(addresses)


def refuser(system: SystemState) -> Refuser | None:
    """Return what says whether a person was erased; None when nobody was."""
    if not system.erased:
        return None
    known, salt = frozenset(system.erased), system.text("salt")

    def refused(keys: Mapping[str, str]) -> bool:
        # Version 0.1.0 folded the case of what it hashed: of a key with such a letter both forms are looked for.
        return any(
            hashed(salt, kind, form) in known
            for kind, key in keys.items()
            if key
            for form in {key, key.casefold()}
        )

    return refused


def without_refused(
    cells: Sequence[Sequence[Cell]], refused: Refuser | None, schema: Schema, step: str | None = None
) -> list[Sequence[Cell]]:
    """Return a raw drop as it is archived: rows of erased people are blank, the others keep their numbers.

    Args:
        cells: The drop, header rows included.
        refused: Says whether a person was erased; None when nobody was.
        schema: The workbook's columns and steps.
        step: Whose output it was said to be, if anybody said so.
    """
    if refused is None:
        return list(cells)
    gone = {place for place, row in known_rows(cells, schema, step) if any(map(refused, refused_keys(row)))}
    return [[] if place in gone else line for place, line in enumerate(cells)]
