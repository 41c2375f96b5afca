"""What the receiver counts, and its text for Prometheus.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/. Labels are names and reasons that the program
itself knows: what senders choose, such as kinds and paths, would make as many lines as they like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

PREFIX: Final = "sheets_crm_receiver_"

_Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Metrics:
    """Counts since the receiver started.

    Attributes:
        received: Posts by source, whether they could prove themselves or not.
        stored: Posts that were answered with 200, by source; repetitions are among them.
        repeated: Posts that were in the store already.
        refused: Requests that were refused, by source ("" for none) and reason.
        transactions: Transactions that stored posts.
        store_seconds: How long the last of them took.
    """

    received: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    transactions: int = 0
    store_seconds: float = 0.0

    def text(self, sources: Iterable[str], waiting: int) -> str:
        """All of it, and how many posts wait to be stored now."""
        names = list(sources)
        refused: dict[_Labels, float] = {
            (("source", source), ("reason", reason)): n for (source, reason), n in self.refused.items()
        }
        parts = (
            _metric("received_total", "counter", "Posts that came.", _by_source(names, self.received)),
            _metric("stored_total", "counter", "Posts that are in the store.", _by_source(names, self.stored)),
            _metric("repeated_total", "counter", "Posts that were in the store already.", {(): self.repeated}),
            _metric("refused_total", "counter", "Requests that were refused.", refused),
            _metric("transactions_total", "counter", "Transactions that stored posts.", {(): self.transactions}),
            _metric("store_seconds", "gauge", "Duration of the last transaction.", {(): self.store_seconds}),
            _metric("waiting", "gauge", "Posts that wait to be stored.", {(): waiting}),
        )
        return "".join(parts)


def _by_source(names: Iterable[str], counted: Mapping[str, int]) -> dict[_Labels, float]:
    return {(("source", name),): counted.get(name, 0) for name in names}


def _metric(name: str, kind: str, meaning: str, values: Mapping[_Labels, float]) -> str:
    lines = [f"# HELP {PREFIX}{name} {meaning}", f"# TYPE {PREFIX}{name} {kind}"]
    for labels, value in values.items():
        inner = ",".join(f'{label}="{text}"' for label, text in labels)
        lines.append(f"{PREFIX}{name}{{{inner}}} {value}" if inner else f"{PREFIX}{name} {value}")
    return "\n".join(lines) + "\n"
