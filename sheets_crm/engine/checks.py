"""Suspicious reads: what makes a run stop before it writes, with the numbers and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import RefusedPlan
from sheets_crm.messages import said
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.info import WorkbookInfo
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import SystemState

UNTOUCHED = said("unchanged")
ROLLED_BACK = "set_back"
"""Cause of a refusal, as System and the message catalogue have it."""
CONFIRM = "If this was intended, tick confirm on Control (or run: sheets-crm sync --force)"


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
        raise RefusedPlan(
            "This workbook is a copy of another one.",
            cause="copied",
            numbers={"original": original, "copy": info.spreadsheet_id},
            remedy="Work in the original. To use the copy as a workbook in its own right, run: sheets-crm init --adopt",
            state=UNTOUCHED,
        )


def _rolled_back(info: WorkbookInfo, state: SystemState, remembered: Mapping[str, Any]) -> None:
    seen = int(remembered.get("sequence", 0))
    stored = state.number("sequence")
    refused_at = rolled_back_to(state)
    # Stamps may outlive a restored version, and so may be later than it: System's own number is the one of its cells.
    latest = max(info.sequence, stored)
    sequence = min(latest, stored or latest) if refused_at is None else refused_at
    if refused_at is not None or sequence < seen:
        witness = f"this worker saw write {seen}" if seen else "a worker saw later ones"
        raise RefusedPlan(
            f"The workbook was rolled back to an earlier version: it is at write {sequence}, but {witness}.",
            cause=f"{ROLLED_BACK}:{sequence}",
            numbers={"seen": seen, "now": sequence},
            remedy="Restore the newest version (File › Version history), or accept this one: sheets-crm init --adopt",  # noqa: RUF001
            state=UNTOUCHED,
        )


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
        raise RefusedPlan(
            f"The Master has LeadNumber {repeated[0]} more than once ({len(repeated)} numbers repeated).",
            cause="lead_numbers_repeated",
            numbers={"repeated": len(repeated)},
            where=f"{master.tab.title}!{column}{int(rows[1]) + 1}",
            remedy="Delete the pasted or duplicated rows, or restore the Master with File › Version history.",  # noqa: RUF001
            state=UNTOUCHED,
        )
    if master.unkeyed:
        raise RefusedPlan(
            f"Rows of the Master have no valid LeadNumber: {len(master.unkeyed)}.",
            cause="lead_numbers_missing",
            numbers={"rows": len(master.unkeyed)},
            where=f"{master.tab.title}!A{master.unkeyed[0] + 1}",
            remedy="Clear those rows if they were typed by hand, or restore the Master with Version history.",
            state=UNTOUCHED,
        )


def refuse_shrunk(master: Sheet, state: SystemState) -> None:
    """Stop when there are fewer leads than there were.

    Raises:
        RefusedPlan: With both numbers.
    """
    expected, count = state.number("leads_known"), len(master.frame)
    if count < expected:
        raise RefusedPlan(
            f"The Master has {count} leads; it had {expected}.",
            cause=f"master_shrank:{expected}:{count}",
            numbers={"before": expected, "now": count},
            where=master.tab.title,
            remedy=f"Restore the rows with Edit › Undo or Version history. {CONFIRM}",  # noqa: RUF001
            state=UNTOUCHED,
        )
