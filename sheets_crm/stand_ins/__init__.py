"""Stand-ins of the services that leads are reached by: Instantly and Slack, on this machine.

An island like the emulator: it knows nothing of the rest of the project, and is met only over HTTP.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheets_crm.stand_ins.server import StandIns

__all__ = ["serve"]


def serve(directory: Path | str | None = None, port: int = 0, **settings: Any) -> "StandIns":
    """Serve in a thread until `stop`, or as long as a ``with`` block lasts. The arguments are those of `StandIns`."""
    from sheets_crm.stand_ins.server import StandIns  # noqa: PLC0415 - its packages may not be installed

    return StandIns(directory, port, **settings).start()
