"""Where a cell leads: the address of HYPERLINK, of a linked text, or one that stands in the cell itself."""

import re
from urllib.parse import urlsplit

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.loose import Loose
from sheets_crm.emulator.styles import Style

__all__ = ["link_of", "safe_address"]

_SCHEMES = {"http", "https", "mailto"}
_WRITTEN = re.compile(r"(https?://|mailto:|www\.)\S+", re.IGNORECASE)
_CALL = re.compile(r"=\s*HYPERLINK\s*\(", re.IGNORECASE)


def link_of(
    value: CellValue, style: Style | None, formula: str | None, loose: Loose, place: tuple[int, int]
) -> str | None:
    """Give the address that a cell leads to, if a browser may open it.

    Args:
        value: What the cell holds.
        style: Its style.
        formula: Its formula.
        loose: Works out the address of HYPERLINK.
        place: (row, column).
    """
    if formula is not None and _CALL.match(formula):
        return safe_address(loose.argument(formula, "HYPERLINK", 0, place))
    linked = (((style.format if style else None) or {}).get("textFormat") or {}).get("link") or {}
    if linked.get("uri"):
        return safe_address(linked["uri"])
    return safe_address(value) if isinstance(value, str) and _WRITTEN.fullmatch(value.strip()) else None


def safe_address(given: object) -> str | None:
    """Give an address with its scheme if it is one of http, https and mailto; None of scripts, files and the rest."""
    if not isinstance(given, str):
        return None
    text = given.strip()
    if re.match(r"[^\s/:?#]+\.[^\s/:?#]", text) and "://" not in text and not text.lower().startswith("mailto:"):
        text = f"https://{text}"  # HYPERLINK takes "example.com" too
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or any(ord(letter) <= ord(" ") for letter in text):
        return None
    return text if parts.netloc or parts.scheme.lower() == "mailto" else None
