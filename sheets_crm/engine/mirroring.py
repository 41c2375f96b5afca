"""Mirroring: after a write the leads that it changed go into the store's mirror, after a full read all of them.

The mirror is derived. What goes wrong with it is logged and stops no run; the next full read puts it right.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sheets_crm.engine.session import Session
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import CrmError, machine_refused
from sheets_crm.messages import said
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, UpdateCells
from sheets_crm.workbook.roles import LEADS

_LOG = logging.getLogger(__name__)


def mirror_write(session: Session, changes: Sequence[Change], after: Snapshot) -> None:
    """Bring the leads that a write changed up to date in the mirror."""
    changed = {number for change in changes for number in _leads_of(change)}
    if session.ports.mirror is not None and changed:
        with _logged_failures():
            session.ports.mirror.update(after.leads, after.info.time_zone, after.sequence, changed)


def mirror_read(session: Session, after: Snapshot) -> None:
    """Compare the mirror with all leads, once the run has read everything."""
    if session.ports.mirror is not None and session.everything:
        with _logged_failures():
            session.ports.mirror.reconcile(after.leads, after.info.time_zone, after.sequence)


def _leads_of(change: Change) -> list[int]:
    """The LeadNumbers of the rows of the leads' tab that a change writes, adds or deletes."""
    if not isinstance(change, UpdateCells | AppendRows | DeleteRows) or change.sheet.spec.key != LEADS:
        return []
    if isinstance(change, AppendRows):
        return [int(number) for number in change.frame.index]
    if isinstance(change, DeleteRows):
        return [int(number) for number in change.sheet.frame.index[change.positions]]
    positions = {int(position) for places, _ in change.cells.values() for position in places}
    return [int(number) for number in change.sheet.frame.index[sorted(positions)]]


@contextmanager
def _logged_failures() -> Iterator[None]:
    try:
        yield
    except (CrmError, OSError) as error:
        reason = error.message if isinstance(error, CrmError) else machine_refused(error).message
        _LOG.warning(said("store.not_mirrored", reason=reason))
