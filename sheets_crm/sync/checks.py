"""Suspicious reads: what makes a run stop before it writes, with the numbers and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheets_crm.errors import RefusedPlan
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.info import WorkbookInfo
from sheets_crm.workbook.system import SystemState
from sheets_crm.workbook.tabs import MASTER

UNTOUCHED = "Nothing was changed."
SET_BACK = "set_back"
CONFIRM = "If this was intended, tick confirm on Control (or run: sheets-crm sync --force)"


def refuse_suspicious(snapshot: Snapshot, remembered: Mapping[str, Any], *, confirmed: bool) -> None:
    """Stop when what was read cannot be right.

    Args:
        snapshot: What was read.
        remembered: What this worker remembers of the workbook.
        confirmed: Whether a person accepts a Master that shrank.

    Raises:
        RefusedPlan: With the cause, the numbers and what to do.
    """
    refuse_other(snapshot.info, snapshot.system, remembered)
    _lead_numbers(snapshot)
    if not confirmed:
        _shrunk(snapshot)


def refuse_other(info: WorkbookInfo, known: SystemState, remembered: Mapping[str, Any]) -> None:
    """Stop when this is a copy of the workbook, or an earlier version of it.

    Args:
        info: The workbook without its cells.
        known: What System says.
        remembered: What this worker remembers of the workbook.

    Raises:
        RefusedPlan: With the numbers and what to do.
    """
    _own_workbook(info, known)
    _set_back(info, known, remembered)


def _own_workbook(info: WorkbookInfo, known: SystemState) -> None:
    own = known.text("workbook_id")
    if own and own != info.spreadsheet_id:
        raise RefusedPlan(
            "This workbook is a copy of another one.",
            cause="copied",
            numbers={"original": own, "copy": info.spreadsheet_id},
            remedy="Work in the original. To use the copy as a workbook in its own right, run: sheets-crm init --adopt",
            state=UNTOUCHED,
        )


def _set_back(info: WorkbookInfo, system: SystemState, remembered: Mapping[str, Any]) -> None:
    known = int(remembered.get("sequence", 0))
    stored = system.number("sequence")
    told = set_back_to(system)
    latest = max(info.sequence, stored)
    now = min(latest, stored or latest) if told is None else told
    if told is not None or now < known:
        seen = f"this worker saw write {known}" if known else "a worker saw later ones"
        raise RefusedPlan(
            f"The workbook was rolled back to an earlier version: it is at write {now}, but {seen}.",
            cause=f"{SET_BACK}:{now}",
            numbers={"seen": known, "now": now},
            remedy="Restore the newest version (File › Version history), or accept this one: sheets-crm init --adopt",  # noqa: RUF001
            state=UNTOUCHED,
        )


def set_back_to(system: SystemState) -> int | None:
    """Return the write that the workbook was set back to, when a run stopped for it; None when none did.

    The message about it is a write too: by the guard's number alone the workbook would soon look up to date.
    """
    cause, _, number = system.text("refusal").partition(":")
    return (
        int(number) if cause == SET_BACK and number.isascii() and number.isdecimal() and len(number) < 16 else None
    )


def _lead_numbers(snapshot: Snapshot) -> None:
    master = snapshot.master
    doubled = master.frame.index[master.frame.index.duplicated()].unique()
    if len(doubled):
        rows = master.rows[master.frame.index == doubled[0]]
        column = column_letters(master.column_index["LeadNumber"])
        raise RefusedPlan(
            f"The Master has LeadNumber {doubled[0]} more than once ({len(doubled)} numbers repeated).",
            cause="lead_numbers_repeated",
            numbers={"repeated": len(doubled)},
            where=f"Master!{column}{int(rows[1]) + 1}",
            remedy="Delete the pasted or duplicated rows, or restore the Master with File › Version history.",  # noqa: RUF001
            state=UNTOUCHED,
        )
    if master.unkeyed:
        raise RefusedPlan(
            f"Rows of the Master have no valid LeadNumber: {len(master.unkeyed)}.",
            cause="lead_numbers_missing",
            numbers={"rows": len(master.unkeyed)},
            where=f"Master!A{master.unkeyed[0] + 1}",
            remedy="Clear those rows if they were typed by hand, or restore the Master with Version history.",
            state=UNTOUCHED,
        )


def _shrunk(snapshot: Snapshot) -> None:
    known, now = snapshot.system.number("leads_known"), len(snapshot.leads)
    if now < known:
        raise RefusedPlan(
            f"The Master has {now} leads; it had {known}.",
            cause=f"master_shrank:{known}:{now}",
            numbers={"before": known, "now": now},
            where=snapshot.tabs[MASTER].title,
            remedy=f"Restore the rows with Edit › Undo or Version history. {CONFIRM}",  # noqa: RUF001
            state=UNTOUCHED,
        )
