"""The Master compared with the cached leads: hand edits, and writes that went to another row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.snapshot import Edit, Snapshot
from sheets_crm.errors import refusal_of
from sheets_crm.plan.diff import different


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences between the Master and the cached leads.

    Attributes:
        edits: Cells of cached leads that differ.
        deleted: Cached leads that the Master lacks.
        added: Leads of the Master that are not cached.
    """

    edits: tuple[Edit, ...]
    deleted: tuple[int, ...]
    added: tuple[int, ...]


def compare(snapshot: Snapshot, cache: CachedLeads) -> Compared:
    """Compare the Master as read with the cached leads; both are of the same sequence number."""
    master, cached = snapshot.leads, cache.leads
    both = master.index.intersection(cached.index)
    # In the usual case every lead stands where it stood, and the columns are compared without being copied.
    same_order = len(both) == len(master) == len(cached) and master.index.equals(cached.index)
    edits: list[Edit] = []
    places = None if same_order else (cached.index.get_indexer(both), master.index.get_indexer(both))
    for name in master.columns:
        if name not in cached.columns:
            continue
        expected, actual = cached[name].to_numpy(dtype=object), master[name].to_numpy(dtype=object)
        if places is not None:
            expected, actual = expected[places[0]], actual[places[1]]
        for place in np.flatnonzero(different(expected, actual)):
            edits.append(Edit(int(both[int(place)]), name, expected[place], actual[place]))  # noqa: PERF401
    deleted = tuple(int(number) for number in cached.index.difference(master.index))
    added = tuple(int(number) for number in master.index.difference(cached.index))
    return Compared(tuple(edits), deleted, added)


def refuse_unexplained(compared: Compared, snapshot: Snapshot, share: float) -> None:
    """Stop when a large share of the Master was changed by neither a send nor an import.

    Args:
        compared: The differences that no write explains.
        snapshot: The workbook as read.
        share: The largest share of the leads that may differ; ten of them always may.

    Raises:
        RefusedPlan: With the numbers and an example.
    """
    leads = {edit.lead for edit in compared.edits} | set(compared.deleted) | set(compared.added)
    total = max(len(snapshot.leads), 1)
    if len(leads) <= max(10, share * total):
        return
    # Of leads that came or went whole, LeadNumber is what differs.
    example = next(iter(compared.edits), Edit(min(leads), "LeadNumber", "", ""))
    raise refusal_of(
        f"unexplained:{len(compared.edits)}:{len(leads)}",
        where=snapshot.master.tab.title,
        leads=len(leads),
        total=total,
        cells=len(compared.edits),
        lead=example.lead,
        column=example.column,
    )


def put_back(leads: pd.DataFrame, edits: Sequence[Edit]) -> pd.DataFrame:
    """The leads with the edited cells as expected."""
    restored = leads
    by_column: dict[str, list[Edit]] = {}
    for edit in edits:
        by_column.setdefault(edit.column, []).append(edit)
    for name, of_column in by_column.items():
        column = restored[name].to_numpy(dtype=object, copy=True)
        rows = restored.index.get_indexer(pd.Index([edit.lead for edit in of_column], dtype="int64"))
        column[rows] = np.array([edit.expected for edit in of_column], dtype=object)
        restored = restored.assign(**{name: pd.Series(column, index=restored.index, dtype=object)})
    return restored
