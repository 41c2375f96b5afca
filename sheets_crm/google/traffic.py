"""Counts of requests and bytes, for reports and benchmarks."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Traffic:
    """Requests and bytes since the start.

    Attributes:
        reads: Attempts that only read.
        writes: Attempts that write.
        retries: Attempts among these that repeated a failed one.
        bytes_sent: Bytes of request bodies.
        bytes_received: Bytes of answers' bodies as on the wire, compressed when the server compressed them.
    """

    reads: int = 0
    writes: int = 0
    retries: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)
