"""Replay: after a workbook was rolled back, apply again the changes that this machine's journal has and it lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sheets_crm.engine.commands import Command
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.leads import put


@dataclass(frozen=True)
class ReplayChanges(Command):
    """Give leads the cells that a rollback took from them.

    Attributes:
        cells: The cells of each lead by LeadNumber and header.
    """

    cells: Mapping[int, Mapping[str, Any]]


def replayed(entries: Sequence[dict[str, Any]], after: int) -> ReplayChanges:
    """The command that applies the journal's changes made after a write.

    A lead that the rollback removed comes back whole; a cell takes the last value that it was given. An erasure also
    cleans the journal, so nobody who was erased comes back.

    Args:
        entries: The change journal, oldest first.
        after: The write that the workbook was rolled back to.
    """
    cells: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if int(entry.get("sequence", 0)) <= after or entry.get("table"):
            continue  # what operators wrote into a two-way table is theirs: it stands in the version that counts now
        changed = entry["new"] if entry["column"] == "*" else {entry["column"]: entry["new"]}
        cells.setdefault(int(entry["lead"]), {}).update(changed)
    return ReplayChanges(cells)


def replay(working: WorkingState, command: ReplayChanges) -> bool:
    """Apply the changes; always done at once."""
    _bring_back(working, command.cells)
    return True


def _bring_back(working: WorkingState, cells: Mapping[int, Mapping[str, Any]]) -> None:
    # Columns of a step that the settings no longer declare are in the journal still, and left out.
    columns = [name for name in working.schema.names if name != LEAD_NUMBER]
    missing = sorted(number for number in cells if number not in working.leads.index)
    if missing:
        index = pd.Index(missing, dtype="int64", name=LEAD_NUMBER)
        rows = [[cells[number].get(name, "") for name in columns] for number in missing]
        added = pd.DataFrame(rows, index=index, columns=columns, dtype=object)
        working.leads = pd.concat([working.leads, added[list(working.leads.columns)]])
        working.stored["next_lead_number"] = working.next_lead_number()
    for number, values in cells.items():
        if number not in missing:
            working.leads = put(
                working.leads, [number], {name: cell for name, cell in values.items() if name in columns}
            )
    working.cause(cells, "applied again after a set-back")
    working.log("log_replayed", count=len(cells))
