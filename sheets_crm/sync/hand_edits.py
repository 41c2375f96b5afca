"""The Master against what this worker last left there: hand edits, and writes that went to another row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sheets_crm.errors import RefusedPlan
from sheets_crm.plan.diff import different
from sheets_crm.sync.lead_cache import CachedLeads
from sheets_crm.sync.snapshot import Edit, Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between the Master and what is known of it.

    Attributes:
        edits: Cells of known leads that differ.
        gone: Known leads that are no longer there.
        strange: Leads that are there and were not known.
    """

    edits: tuple[Edit, ...]
    gone: tuple[int, ...]
    strange: tuple[int, ...]


def compare(snapshot: Snapshot, known: CachedLeads) -> Compared:
    """Compare the Master as read with what is known; both at the same sequence number."""
    now, before = snapshot.leads, known.leads
    both = now.index.intersection(before.index)
    same = len(both) == len(now) == len(before) and now.index.equals(before.index)
    found: list[Edit] = []
    places = None if same else (before.index.get_indexer(both), now.index.get_indexer(both))
    for name in now.columns:
        if name not in before.columns:
            continue
        one, other = before[name].to_numpy(dtype=object), now[name].to_numpy(dtype=object)
        if places is not None:
            one, other = one[places[0]], other[places[1]]
        for place in np.flatnonzero(different(one, other)):
            found.append(Edit(int(both[int(place)]), name, one[place], other[place]))  # noqa: PERF401
    gone = tuple(int(number) for number in before.index.difference(now.index))
    strange = tuple(int(number) for number in now.index.difference(before.index))
    return Compared(tuple(found), gone, strange)


def refuse_unexplained(compared: Compared, snapshot: Snapshot, share: float) -> None:
    """Stop when a large share of the Master was changed by nobody's send or drop.

    Raises:
        RefusedPlan: With the numbers and an example.
    """
    leads = {edit.lead for edit in compared.edits} | set(compared.gone) | set(compared.strange)
    total = max(len(snapshot.leads), 1)
    if len(leads) <= max(10, share * total):
        return
    example = compared.edits[0] if compared.edits else None
    shown = f" For example lead {example.lead}, {example.column}." if example else ""
    raise RefusedPlan(
        f"{len(leads)} of the {total} leads in the Master were edited by hand, not by a send or an output.{shown}",
        cause=f"unexplained:{len(compared.edits)}:{len(leads)}",
        numbers={"leads": len(leads), "total": total, "cells": len(compared.edits)},
        where="Master",
        remedy="Undo it (Edit › Undo or File › Version history). If this was intended, tick confirm on Control "  # noqa: RUF001
        "(or run: sheets-crm sync --force)",
        state="Nothing was changed.",
    )


def put_back(leads: pd.DataFrame, edits: Sequence[Edit]) -> pd.DataFrame:
    """Return the leads with the edited cells as they are expected."""
    fresh = leads
    by_column: dict[str, list[Edit]] = {}
    for edit in edits:
        by_column.setdefault(edit.column, []).append(edit)
    for name, wrong in by_column.items():
        column = fresh[name].to_numpy(dtype=object, copy=True)
        rows = fresh.index.get_indexer(pd.Index([edit.lead for edit in wrong], dtype="int64"))
        column[rows] = np.array([edit.expected for edit in wrong], dtype=object)
        fresh = fresh.assign(**{name: pd.Series(column, index=fresh.index, dtype=object)})
    return fresh
