"""The probes: each makes a few requests to a throwaway workbook and says in words what it observed.

`PROBES` has them in the order in which they ask. What the emulator answers to each stands in ``expected.json``, which
``python docs/make_probes.py`` writes; its difference shows what a change of the emulator changes.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import orjson

from sheets_crm.operations.probes import (
    arrays,
    criteria,
    edges,
    first,
    inserting,
    joined,
    moving,
    rules,
    shown,
    typed,
    workbook,
)
from sheets_crm.operations.probes.asking import Outcome, Probe

PROBES: Final[tuple[Probe, ...]] = (
    *typed.PROBES,
    *first.PROBES,
    *shown.PROBES,
    *joined.PROBES,
    *arrays.PROBES,
    *criteria.PROBES,
    *inserting.PROBES,
    *edges.PROBES,
    *rules.PROBES,
    *moving.PROBES,
    *workbook.PROBES,
    *workbook.AFTER_THE_CHANGE,
)


def expected() -> dict[str, Outcome]:
    """The outcome of each probe on the emulator, by name."""
    text = files(__name__).joinpath("expected.json").read_bytes()
    outcomes: dict[str, Outcome] = orjson.loads(text)
    return outcomes
