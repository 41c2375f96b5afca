"""Restoring: leads that were deleted from the Master by hand come back as this machine's journal has them.

The journal holds a new lead with all its cells, and every cell that a send, an import or another command changed later:
together they are the lead as the worker last left it, states included. Archived imports hold raw rows without states,
and a lead without its states would be sent and paid for again: nobody is restored from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sheets_crm.engine.commands import Command
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.columns import LEAD_NUMBER


@dataclass(frozen=True)
class RestoreLeads(Command):
    """Bring deleted leads back.

    Attributes:
        cells: The cells of each lead by LeadNumber and header.
    """

    cells: Mapping[int, Mapping[str, Any]]


def recorded(entries: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """The cells of every lead that the journal has from its beginning on, by LeadNumber.

    A lead of which it has later changes alone, as when another machine imported it, is left out.
    """
    cells: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if entry.get("table"):
            continue
        number, column = int(entry["lead"]), str(entry["column"])
        if column == "*" and isinstance(entry["new"], Mapping):
            cells[number] = dict(entry["new"])
        elif number in cells:
            cells[number][column] = entry["new"]
    return cells


def restore(working: WorkingState, command: RestoreLeads) -> bool:
    """Append the leads that the Master lacks, up to the budget; return whether none is left for the next part."""
    missing = sorted(number for number in command.cells if number not in working.leads.index)
    chunk = missing[: working.budget.leads]
    if chunk:
        _append(working, {number: command.cells[number] for number in chunk})
    return len(chunk) == len(missing)


def _append(working: WorkingState, cells: Mapping[int, Mapping[str, Any]]) -> None:
    # Columns of a step that the settings no longer declare are in the journal still, and left out.
    columns = [name for name in working.schema.names if name != LEAD_NUMBER]
    rows = [[of_lead.get(name, "") for name in columns] for of_lead in cells.values()]
    index = pd.Index(list(cells), dtype="int64", name=LEAD_NUMBER)
    added = pd.DataFrame(rows, index=index, columns=columns, dtype=object)
    added["updated_at"] = pd.Series([working.clock.serial] * len(added), index=index, dtype=object)
    working.leads = pd.concat([working.leads, added[list(working.leads.columns)]])
    working.stored["next_lead_number"] = working.next_lead_number()
    working.cause(cells, "restored")
    working.log("log_restored", count=len(cells))
