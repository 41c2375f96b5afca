"""Where the charts' JavaScript is: ECharts, as NiceGUI brings it; nothing of it is kept here."""

from importlib.util import find_spec
from pathlib import Path

__all__ = ["charts_folder"]


def charts_folder() -> Path | None:
    """Find the folder of ECharts' modules in the installed NiceGUI; None where it is not installed."""
    found = find_spec("nicegui")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "elements" / "echart" / "dist"
    return folder if (folder / "index.js").is_file() else None
