"""Suspicious reads: what makes a run stop before it writes, with the numbers and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import refusal_of
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.info import WorkbookInfo
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import SystemState

ROLLED_BACK = "set_back"
"""Cause of a refusal, as System and the message catalogue have it."""


def refuse_suspicious(snapshot: Snapshot, remembered: Mapping[str, Any], *, confirmed: bool) -> None:
    """Stop when what was read cannot be right.

    Args:
        snapshot: What was read.
        remembered: Facts of the workbook that this worker keeps between two runs.
        confirmed: Whether a person accepts a Master that shrank.

    Raises:
        RefusedPlan: With the cause, the numbers and what to do.
    """
    refuse_other(snapshot.info, snapshot.system, remembered)
    refuse_lead_numbers(snapshot.master)
    if not confirmed:
        refuse_shrunk(snapshot.master, snapshot.system)


def refuse_other(info: WorkbookInfo, state: SystemState, remembered: Mapping[str, Any]) -> None:
    """Stop when the workbook is a copy, or was rolled back to an earlier version.

    Args:
        info: The workbook without its cells.
        state: System as read.
        remembered: Facts of the workbook that this worker keeps between two runs.

    Raises:
        RefusedPlan: With the numbers and what to do.
    """
    _copied(info, state)
    _rolled_back(info, state, remembered)


def _copied(info: WorkbookInfo, state: SystemState) -> None:
    original = state.text("workbook_id")
    if original and original != info.spreadsheet_id:
        raise refusal_of("copied", original=original, copy=info.spreadsheet_id)


def _rolled_back(info: WorkbookInfo, state: SystemState, remembered: Mapping[str, Any]) -> None:
    seen = int(remembered.get("sequence", 0))
    stored = state.number("sequence")
    refused_at = rolled_back_to(state)
    # Stamps may outlive a restored version, and so may be later than it: System's own number is the one of its cells.
    latest = max(info.sequence, stored)
    sequence = min(latest, stored or latest) if refused_at is None else refused_at
    if refused_at is not None or sequence < seen:
        raise refusal_of(f"{ROLLED_BACK}:{sequence}", seen=seen, now=sequence)


def rolled_back_to(state: SystemState) -> int | None:
    """The write that the workbook was rolled back to, when an earlier run was refused for that; else None.

    The message of that refusal is a write too: by the guard's number alone the workbook would soon look up to date.
    """
    cause, _, number = state.text("refusal").partition(":")
    return (
        int(number)
        if cause == ROLLED_BACK and number.isascii() and number.isdecimal() and len(number) < 16
        else None
    )


def refuse_lead_numbers(master: Sheet) -> None:
    """Stop when a LeadNumber stands in several rows, or a row has none.

    Raises:
        RefusedPlan: Names the first cell.
    """
    repeated = master.frame.index[master.frame.index.duplicated()].unique()
    if len(repeated):
        rows = master.rows[master.frame.index == repeated[0]]
        column = column_letters(master.column_index["LeadNumber"])
        raise refusal_of(
            "lead_numbers_repeated",
            where=f"{master.tab.title}!{column}{int(rows[1]) + 1}",
            repeated=len(repeated),
            first=int(repeated[0]),
        )
    if master.unkeyed:
        raise refusal_of(
            "lead_numbers_missing",
            where=f"{master.tab.title}!A{master.unkeyed[0] + 1}",
            rows=len(master.unkeyed),
        )


def refuse_shrunk(master: Sheet, state: SystemState) -> None:
    """Stop when there are fewer leads than there were.

    Raises:
        RefusedPlan: With both numbers.
    """
    expected, count = state.number("leads_known"), len(master.frame)
    if count < expected:
        raise refusal_of(f"master_shrank:{expected}:{count}", where=master.tab.title, before=expected, now=count)
