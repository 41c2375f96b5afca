"""Values as text for a terminal."""

from __future__ import annotations

import re
from typing import Any

from sheets_crm.messages import in_language, localize, number_in

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Replace control characters: scraped text must not steer the terminal it is shown on."""
    return _CONTROL.sub("�", text.replace("\r\n", "\n"))


def shown(value: Any, language: str = "en") -> str:
    """A value of a report as one line of text, in a language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return localize("yes" if value else "no", language)
    if isinstance(value, int):
        return number_in(f"{value:,}", language)
    if isinstance(value, float):
        return number_in(f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}", language)
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item, language) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(item, language)}" for name, item in value.items())
    text = in_language(value, language) if isinstance(value, str) else str(value)
    return plain(text).replace("\n", " ").replace("\t", " ")
