"""Colours that a number format gives: ``[Red]`` in one of its sections.

Source: https://developers.google.com/workspace/sheets/api/guides/formats (A). ``[Color#]`` is drawn without colour.
"""

from sheets_crm.emulator.format_patterns import number_section, tokens_of

__all__ = ["number_color"]

_COLORS = {
    "black": "#000000",
    "blue": "#0000ff",
    "cyan": "#00ffff",
    "green": "#00ff00",
    "magenta": "#ff00ff",
    "red": "#ff0000",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def number_color(pattern: str, value: float) -> str | None:
    """Give the colour in which a format shows a number, if the section that shows it names one.

    Args:
        pattern: The format's pattern.
        value: The number.
    """
    chosen = number_section(value, pattern)
    tags = [text.casefold() for kind, text in tokens_of(chosen[1]) if kind == "tag"] if chosen else []
    return next((_COLORS[tag] for tag in reversed(tags) if tag in _COLORS), None)
