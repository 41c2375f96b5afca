"""What the worker's mark on a tab that holds an import says: which of its rows were taken, of which tab, how far it is.

A *claimed* tab waits to be merged. One that is *set aside* could not be merged or written: it is shown to the
operators with the reason, and waits until they correct and rename it, or until it is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

CLAIM: Final = "claim"
ASIDE: Final = "aside"
PROGRESS: Final = ("block", "row", "drop")
"""How far an import is: the block, the row of the grid below the last merged one, the id in Imports."""
_REASON_LENGTH: Final = 300
"""Developer metadata of a tab holds some thousand characters."""


@dataclass(frozen=True, slots=True)
class ImportMark:
    """The mark of one tab.

    Attributes:
        kind: `CLAIM` or `ASIDE`.
        spans: Rows [start, end) that were taken.
        source: Title of the tab that they were taken from.
        reason: Why it was set aside, in the workbook's language; "" for a claim.
        progress: How far it was merged when it was set aside, as in System's open record: see `PROGRESS`.
    """

    kind: str
    spans: tuple[tuple[int, int], ...]
    source: str
    reason: str = ""
    progress: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The mark as it is written."""
        spans = ",".join(f"{start}-{end}" for start, end in self.spans)
        if self.progress:
            spans += ";" + ":".join(str(self.progress.get(name, "")) for name in PROGRESS)
        reason = " ".join(self.reason.replace("|", "/").split())[:_REASON_LENGTH]
        return "|".join((self.kind, spans, *([reason] if self.kind == ASIDE else []), self.source))

    @classmethod
    def parse(cls, mark: str | None) -> Self | None:
        """Read a mark; None when the tab is no such one."""
        kind, _, rest = (mark or "").partition("|")
        if kind not in {CLAIM, ASIDE}:
            return None
        spans, _, rest = rest.partition("|")
        reason, _, source = rest.partition("|") if kind == ASIDE else ("", "", rest)
        spans, _, progress = spans.partition(";")
        try:
            return cls(
                kind, tuple(map(_span, filter(None, spans.split(",")))), source, reason, _progress(progress)
            )
        except ValueError:
            return None


def _span(text: str) -> tuple[int, int]:
    start, end = text.split("-")
    return int(start), int(end)


def _progress(text: str) -> dict[str, Any]:
    if not text:
        return {}
    block, row, drop = text.split(":", 2)
    return {"block": int(block), "row": int(row or 0), "drop": drop}
