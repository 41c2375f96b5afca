"""Write what a row brings into the leads that it answers, and say what became of the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sheets_crm.pipeline.columns import Cell
from sheets_crm.pipeline.imports.matching import Reject, Row
from sheets_crm.pipeline.imports.row_updates import Answer, MergeContext
from sheets_crm.pipeline.states import COMPLETED, PROCESSING


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a row.

    Attributes:
        kind: new, updated, unchanged, duplicate or rejected.
        reject: Why it was rejected.
        not_sent: It answered a lead that was never marked as sent.
        pending: Its tool has not decided yet.
        earlier: The Box 1 result that it replaced.
        numbers: The leads that it answered.
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

    def in_the_end(self, touched: frozenset[int]) -> Merged:
        """Return what became of the row when only some leads differ after the whole drop.

        Two rows that contradict each other change a lead and change it back each time the drop is merged again.
        """
        if self.kind != "updated" or not touched.isdisjoint(self.numbers):
            return self
        return replace(self, kind="unchanged", earlier=None)


def apply_row(
    numbers: Sequence[int],
    row: Row,
    answer: Callable[[Row, int, MergeContext], Answer | Reject],
    context: MergeContext,
) -> Merged:
    """Write a row's answer into each of the leads; they are marked as sent where they were not."""
    changed = not_sent = pending = False
    earlier: Mapping[str, Cell] | None = None
    for number in numbers:
        brought = answer(row, number, context)
        if isinstance(brought, Reject):
            return Merged.of_reject(brought)
        unsent = context.overlay.get(number, context.step.sent) is not True
        marks = _marks(number, context, completes=brought.completes, unsent=unsent)
        changed |= context.overlay.put(number, {**brought.values, **marks})
        not_sent |= unsent
        pending |= brought.pending
        earlier = brought.earlier or earlier
    return Merged("updated" if changed else "unchanged", None, not_sent, pending, earlier, tuple(numbers))


def _marks(number: int, context: MergeContext, *, completes: bool, unsent: bool) -> dict[str, Cell]:
    """The state cells: sent where it was not, completed the first time that the step is answered."""
    step = context.step
    marks: dict[str, Cell] = {}
    if unsent:
        marks = {step.sent: True, step.sent_at: context.now, step.status: PROCESSING}
    if completes and (unsent or not context.completed(number)):
        marks |= {step.status: COMPLETED, step.completed_at: context.now}
    return marks
