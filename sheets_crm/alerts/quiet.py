"""Quiet hours: when nothing but what is urgent is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of each day, on the clock of the workbook's time zone; they may go over midnight.

    Attributes:
        begin: When they begin.
        end: When they end, the moment itself is not among them.
    """

    begin: dt.time
    end: dt.time

    def holds(self, local: dt.datetime) -> bool:
        """Whether a local moment is among them."""
        clock = local.time().replace(tzinfo=None)
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end
