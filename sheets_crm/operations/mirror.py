"""Rebuild the store's mirror tables from the workbook."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.mirroring import rows_of
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.messages import said
from sheets_crm.operations.context import Context

READS: Final = 3
"""How often the workbook is read while a worker writes on meanwhile."""


def rebuild(context: Context) -> Report:
    """Make all rows of the workbook's leads anew."""
    snapshot = read_workbook(context)
    for _ in range(READS - 1):
        if context.mirror.sequence() <= snapshot.sequence:
            break
        # A worker wrote meanwhile. At last what was read counts all the same: its next full read puts that right.
        snapshot = read_workbook(context)
    count = rebuild_from(context, snapshot)
    return Report(said("store.rebuilt", count=count), json={"leads": count})


def rebuild_from(context: Context, snapshot: Snapshot) -> int:
    """Make all rows anew from what was read; return the number of leads."""
    count = context.mirror.rebuild(snapshot.leads, snapshot.info.time_zone, snapshot.sequence)
    for table in context.mirror.tables & snapshot.sheets.keys():
        context.mirror.reconcile_rows(table, rows_of(snapshot.sheets[table]), snapshot.info.time_zone)
    return count


def read_workbook(context: Context) -> Snapshot:
    """Read the whole workbook."""
    return read(context.gateway, context.settings, context.clock, context.progress)
