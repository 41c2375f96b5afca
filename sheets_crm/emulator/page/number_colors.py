"""Colours that a number format gives: ``[Red]`` in one of its sections.

Source: https://developers.google.com/workspace/sheets/api/guides/formats (A). Sections with conditions, and
``[Color#]``, are drawn without colour.
"""

import re
from functools import lru_cache

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
#: A quoted text, an escaped letter, something in brackets, the end of a section, or any other letter.
_PART = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|;|.', re.DOTALL)
_NUMERIC = 3  # sections: above zero, below, zero; the fourth is for texts


@lru_cache(maxsize=1024)
def _section_colors(pattern: str) -> tuple[str | None, ...]:
    """Give the colour of each section; none at all where one has a condition."""
    colors: list[str | None] = [None]
    for part in _PART.findall(pattern):
        if part == ";":
            colors.append(None)
        elif re.match(r"\[[<>=]", part):
            return ()
        elif part.startswith("["):
            colors[-1] = _COLORS.get(part[1:-1].casefold(), colors[-1])
    return tuple(colors)


def number_color(pattern: str, value: float) -> str | None:
    """Give the colour in which a format shows a number, if it names one.

    Args:
        pattern: The format's pattern.
        value: The number.
    """
    colors = _section_colors(pattern)[:_NUMERIC]
    if not colors:
        return None
    if value < 0 and len(colors) > 1:
        return colors[1]
    return colors[2] if value == 0 and len(colors) == _NUMERIC else colors[0]
