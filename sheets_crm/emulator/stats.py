"""Counts of requests, bytes and cells since the start."""

from collections import Counter
from threading import Lock
from typing import Any

__all__ = ["Stats"]


class Stats:
    """What `GET /_emulator/stats` answers."""

    def __init__(self) -> None:
        self._requests: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        self._lock = Lock()

    def request(self, template: str, received: int, sent: int) -> None:
        """Count a request by its method and path template, and its bytes as on the wire."""
        with self._lock:
            self._requests[template] += 1
            self._sums["bytes_received"] += received
            self._sums["bytes_sent"] += sent

    def cells(self, *, read: int = 0, written: int = 0) -> None:
        """Count cells that were read or written."""
        with self._lock:
            self._sums["cells_read"] += read
            self._sums["cells_written"] += written

    def report(self) -> dict[str, Any]:
        """Give all counts."""
        names = ("bytes_received", "bytes_sent", "cells_read", "cells_written")
        with self._lock:
            return {"requests": dict(self._requests), **{name: self._sums[name] for name in names}}
