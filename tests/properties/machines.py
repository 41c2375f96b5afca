"""A worker on a machine whose clock may be wrong, and which may write its heartbeat more often than others."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scene import Place, Worker

from sheets_crm.bootstrap import Application

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
JUMPS = {"30 days ahead": 30 * DAY, "an hour ahead": HOUR, "an hour back": -HOUR}
SKEWS = (-40.0, 20.0, 40.0)
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


class Machine(Worker):
    """A worker process on a machine of its own.

    Attributes:
        ahead: Seconds that its clock is ahead of the others'.
        heartbeat: Minutes between its heartbeats; None for what the workbook's settings say.
    """

    def __init__(self, place: Place, directory: Path, name: str, heartbeat: float | None = None) -> None:
        super().__init__(place, directory, name)
        self.ahead = 0.0
        self.heartbeat = heartbeat

    def _started(self) -> Application:
        app = super()._started()
        settings, desk = app.context.settings, self._place.desk
        if self.heartbeat is not None:
            settings = replace(settings, heartbeat_minutes=self.heartbeat)
        context = replace(app.context, settings=settings, clock=lambda: desk.now + self.ahead)
        return Application(context, app._account, app.store)


def today(now: float, zone: str) -> int:
    """Return the day as a workbook counts days."""
    local = datetime.fromtimestamp(now, tz=ZoneInfo(zone)).replace(tzinfo=UTC)
    return (local - EPOCH).days


__all__ = ["DAY", "HOUR", "JUMPS", "MINUTE", "SKEWS", "Machine", "today"]
