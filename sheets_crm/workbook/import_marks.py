"""The worker's mark on a tab that holds an import: the claimed rows, the tab they came from, the progress of merging.

A *claimed* tab waits to be merged. A tab *set aside* could not be merged or written: operators see it with the reason,
and it waits until they correct and rename it, or until it is retried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import quote, unquote

CLAIM: Final = "claim"
ASIDE: Final = "aside"
PROGRESS: Final = ("block", "row", "drop")
"""Progress of an import: the block, the grid row below the last merged one, the id in Imports."""
_REASON_LENGTH: Final = 300
_LABEL_LENGTH: Final = 1_000
"""Developer metadata of a tab holds some thousand characters; a longer label is left to the panel."""

Named = tuple[str, str, str]
"""What operators said of an import: its kind, the step at which its people enter, the label of its new leads."""


@dataclass(frozen=True, slots=True)
class ImportMark:
    """The mark of one tab.

    Attributes:
        kind: `CLAIM` or `ASIDE`.
        spans: Claimed rows [start, end).
        source: Title of the tab that they came from.
        reason: Reason for setting it aside, in the workbook's language; "" for a claim.
        progress: Progress when it was set aside, as in System's open record: see `PROGRESS`.
        named: What operators said of it.
    """

    kind: str
    spans: tuple[tuple[int, int], ...]
    source: str
    reason: str = ""
    progress: Mapping[str, Any] = field(default_factory=dict)
    named: Named = ("", "", "")

    @property
    def text(self) -> str:
        """The text of the mark, with the source last, since a title may contain ``|``."""
        spans = ",".join(f"{start}-{end}" for start, end in self.spans)
        progress = ":".join(str(self.progress.get(name, "")) for name in PROGRESS) if self.progress else ""
        named = _named_text(self.named)
        spans = f"{spans};{progress};{named}".rstrip(";")
        reason = " ".join(self.reason.replace("|", "/").split())[:_REASON_LENGTH]
        return "|".join((self.kind, spans, *([reason] if self.kind == ASIDE else []), self.source))

    @classmethod
    def parse(cls, mark: str | None) -> Self | None:
        """Read a mark; None when it is not that of an import."""
        kind, _, rest = (mark or "").partition("|")
        if kind not in {CLAIM, ASIDE}:
            return None
        spans, _, rest = rest.partition("|")
        reason, _, source = rest.partition("|") if kind == ASIDE else ("", "", rest)
        spans, progress, named, *_ = (*spans.split(";"), "", "")
        try:
            return cls(
                kind,
                tuple(map(_span, filter(None, spans.split(",")))),
                source,
                reason,
                _progress(progress),
                _named(named),
            )
        except ValueError:
            return None


def _span(text: str) -> tuple[int, int]:
    start, end = text.split("-")
    return int(start), int(end)


def _named_text(named: Named) -> str:
    label = quote(named[2], safe="")
    parts = (*named[:2], label if len(label) <= _LABEL_LENGTH else "")
    return ":".join(parts) if any(parts) else ""


def _named(text: str) -> Named:
    kind, enters, label, *_ = (*text.split(":"), "", "", "")
    return kind, enters, unquote(label)


def _progress(text: str) -> dict[str, Any]:
    if not text:
        return {}
    block, row, import_id = text.split(":", 2)
    return {"block": int(block), "row": int(row or 0), "drop": import_id}
