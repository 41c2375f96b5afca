"""What became of an undo: how much is as it was, and how much stays, and why."""

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Outcome"]

Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Outcome:
    """What became of an undo.

    Attributes:
        cells: How many cells are as they were before.
        parts: How many tabs, titles, and edges of the grid are as they were before.
        already: How many cells somebody else has made as they were before.
        others: How many stay because somebody else has changed them, or their row, since.
        left: How many were in rows or columns that are gone.
        shut: How many stay because they are protected by now.
        kept: Tabs, rows and columns that stay because somebody else has used or changed them since, or protects them.
        sheet: The tab to show.
        box: The cells to select there.
    """

    cells: int = 0
    parts: int = 0
    already: int = 0
    others: int = 0
    left: int = 0
    shut: int = 0
    kept: int = 0
    sheet: int | None = None
    box: Box | None = None

    def body(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)

    def show(self, sheet_id: int, row: int, column: int) -> None:
        """Widen what is to be selected; the first tab counts."""
        if self.sheet not in (None, sheet_id):
            return
        top, bottom, left, right = self.box or (row, row + 1, column, column + 1)
        self.sheet = sheet_id
        self.box = (min(top, row), max(bottom, row + 1), min(left, column), max(right, column + 1))
