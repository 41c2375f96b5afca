"""Write a row's update into its leads and report the outcome of the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sheets_crm.pipeline.columns import Cell
from sheets_crm.pipeline.imports.matching import Reject, Row
from sheets_crm.pipeline.imports.row_updates import MergeContext, RowUpdate
from sheets_crm.pipeline.states import COMPLETED, PROCESSING


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a row.

    Attributes:
        kind: new, updated, unchanged, duplicate or rejected.
        reject: Why it was rejected.
        not_sent: One of its leads was never marked as sent.
        pending: Its tool has not decided yet.
        earlier: The Box 1 result that it replaced, for Box1 History.
        numbers: Its leads.
    """

    kind: str
    reject: Reject | None = None
    not_sent: bool = False
    pending: bool = False
    earlier: Mapping[str, Cell] | None = None
    numbers: tuple[int, ...] = ()

    @classmethod
    def of_reject(cls, reject: Reject) -> Merged:
        """A rejected row."""
        return cls("rejected", reject)

    def after_import(self, touched: frozenset[int]) -> Merged:
        """The outcome once the whole import is merged: unchanged, if none of the row's leads differs in the end.

        Two rows that contradict each other change a lead and change it back whenever the import is merged again.
        """
        if self.kind != "updated" or not touched.isdisjoint(self.numbers):
            return self
        return replace(self, kind="unchanged", earlier=None)


def apply_row(
    numbers: Sequence[int],
    row: Row,
    update_of: Callable[[Row, int, MergeContext], RowUpdate | Reject],
    context: MergeContext,
) -> Merged:
    """Write a row's update into each of its leads; a lead not yet marked as sent gets marked."""
    changed = not_sent = pending = False
    earlier: Mapping[str, Cell] | None = None
    for number in numbers:
        update = update_of(row, number, context)
        if isinstance(update, Reject):
            return Merged.of_reject(update)
        unsent = context.overlay.get(number, context.step.sent) is not True
        state_cells = _state_cells(number, context, completes=update.completes, unsent=unsent)
        changed |= context.overlay.put(number, {**update.values, **state_cells})
        not_sent |= unsent
        pending |= update.pending
        earlier = update.earlier or earlier
    return Merged("updated" if changed else "unchanged", None, not_sent, pending, earlier, tuple(numbers))


def _state_cells(number: int, context: MergeContext, *, completes: bool, unsent: bool) -> dict[str, Cell]:
    """The state cells to write: sent where it was not, completed at the first output of the present attempt."""
    step = context.step
    cells: dict[str, Cell] = {}
    if unsent:
        cells = {step.sent: True, step.sent_at: context.now, step.status: PROCESSING}
    if completes and (unsent or not context.completed(number)):
        cells |= {step.status: COMPLETED, step.completed_at: context.now}
    return cells
