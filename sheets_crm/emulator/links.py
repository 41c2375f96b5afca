"""Where a cell links to: by its text format, or because its whole text is an address.

Google turns an address that is typed into a link (recorded for USER_ENTERED, A). That one written RAW is a link too
is inferred (C), and that e-mail addresses are not.
"""

from sheets_crm.emulator.addresses import is_link
from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.styles import Style

__all__ = ["link_of"]


def link_of(literal: CellValue, style: Style | None) -> str | None:
    """Give the address that a cell links to, apart from what its formula links to.

    Args:
        literal: The cell's text or other literal; `None` for a formula.
        style: The cell's style.
    """
    letters = (style.format or {}).get("textFormat") if style is not None else None
    link = (letters or {}).get("link") or {}
    if link.get("uri"):
        return str(link["uri"])
    if not isinstance(literal, str) or not is_link(literal):
        return None
    return f"http://{literal}" if literal[:4].lower() == "www." else literal
