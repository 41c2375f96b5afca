"""Rich text: formats of parts of a text, as runs that begin at a character and go on to the next run.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#TextFormatRun
"""

from typing import Any

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formats_of_cells import linked_letters, with_color_styles

__all__ = ["kept_runs", "link_of_runs", "shown_runs"]


def kept_runs(text: Any, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Check runs and keep them in order.

    Raises:
        ApiError: 400 if the cell holds no text, or a run begins outside of it; indices count UTF-16 units.
    """
    if not isinstance(text, str):
        raise invalid("textFormatRuns are only valid on a cell with a text: not on formulas, numbers or booleans.")
    length = len(text.encode("utf-16-le")) // 2
    kept = []
    for run in runs:
        start = int(run.get("startIndex") or 0)
        if not 0 <= start < max(length, 1):
            raise invalid(f"textFormatRuns: startIndex {start} is not in the text, which has {length} characters.")
        letters: dict[str, Any] = with_color_styles(run.get("format") or {})
        kept.append({"startIndex": start, "format": letters})
    return sorted(kept, key=lambda run: int(run["startIndex"]))


def shown_runs(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give runs as answers have them: no `startIndex` of 0, links in a link's colour and underlined (recorded, A)."""
    shown = []
    for run in runs:
        letters = linked_letters(run["format"])
        shown.append(
            {"startIndex": run["startIndex"], "format": letters} if run["startIndex"] else {"format": letters}
        )
    return shown


def link_of_runs(runs: list[dict[str, Any]]) -> str | None:
    """Give the address that a text links to; of several, as of none, the API names none."""
    links = {str(run["format"]["link"]["uri"]) for run in runs if (run["format"].get("link") or {}).get("uri")}
    return links.pop() if len(links) == 1 else None
