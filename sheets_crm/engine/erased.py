"""Erased people: keyed hashes of what identified them, so that the next import refuses them.

The workbook has only the hashes (System, column C) and their key. No identity can be computed from a hash; a guess can
be hashed with the key and compared.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.engine.commands import Command
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.pipeline.imports.merge import refused_keys
from sheets_crm.pipeline.imports.person import ADDRESSES, Person, known_rows
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.system import SystemState

NUMBER: Final = "lead_number"
"""Kind of the hash of a LeadNumber: an output that comes in later may name the person by nothing else."""


@dataclass(frozen=True)
class EraseLead(Command):
    """Erase a person, whether they are among the leads or not.

    Attributes:
        person: Whom.
    """

    person: Person


def erase(working: WorkingState, command: EraseLead) -> bool:
    """Erase a person from the leads, and refuse them from now on; always done at once."""
    working.erase(command.person, hashes(working.snapshot.system.text("salt"), command.person))
    return True


Refuser = Callable[[Mapping[str, str]], bool]
"""Whether a row with these keys, by kind, is an erased person's."""


def hashed(salt: str, kind: str, key: str) -> str:
    """The keyed hash of one key of a person."""
    return hmac.new(salt.encode(), f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()[:32]


def hashes(salt: str, person: Person) -> list[str]:
    """The hashes of a person's addresses and LeadNumber; of name and company instead when there is no address."""
    keys = sorted(key for key in person.keys if key[0] in ADDRESSES)
    keys = keys or sorted(key for key in person.keys if key[0] == "name")
    if person.number:
        keys.append((NUMBER, str(person.number)))
    return [hashed(salt, kind, key) for kind, key in keys]


def known_hashes(system: SystemState, person: Person) -> bool:
    """Whether System has a hash of one of a person's addresses: the person was erased in this workbook."""
    addresses = hashes(system.text("salt"), Person(0, person.keys))
    return not frozenset(system.erased).isdisjoint(addresses)


def refuser(system: SystemState) -> Refuser | None:
    """The check of a row's keys against the erased people; None when nobody was erased."""
    if not system.erased:
        return None
    erased, salt = frozenset(system.erased), system.text("salt")

    def refused(keys: Mapping[str, str]) -> bool:
        # Version 0.1.0 folded the case of every key before hashing it: both forms are looked up.
        return any(
            hashed(salt, kind, form) in erased
            for kind, key in keys.items()
            if key
            for form in {key, key.casefold()}
        )

    return refused


def without_refused(
    cells: Sequence[Sequence[Cell]],
    refused: Refuser | None,
    schema: Schema,
    step: str | None = None,
    answers: HeaderAnswers = NO_ANSWERS,
) -> list[Sequence[Cell]]:
    """Raw cells as they are archived: rows of erased people are blank, and all other rows keep their places.

    Args:
        cells: The raw cells of an import, header rows included.
        refused: Whether a row is an erased person's; None when nobody was erased.
        schema: The workbook's columns and steps.
        step: The step that the import was declared to be of, if it was.
        answers: What operators said that headers become.
    """
    if refused is None:
        return list(cells)
    rows = known_rows(cells, schema, step, answers)
    of_erased = {n for n, row in rows if any(map(refused, refused_keys(row)))}
    return [[] if n in of_erased else line for n, line in enumerate(cells)]
