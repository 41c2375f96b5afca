"""`CellFormat` as Google stores it: colours in both spellings, and over the default for `effectiveFormat`."""

import struct
from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any

import orjson

__all__ = [
    "DEFAULT_FORMAT",
    "THEME",
    "color_style",
    "effective_format",
    "linked_format",
    "linked_letters",
    "with_color_styles",
]

_WHITE = {"red": 1, "green": 1, "blue": 1}

#: The format of a cell that nobody formatted, as a new file has it.
DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}

_THEME_COLORS = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (255, 255, 255),
    "ACCENT1": (66, 133, 244),
    "ACCENT2": (234, 67, 53),
    "ACCENT3": (251, 188, 4),
    "ACCENT4": (52, 168, 83),
    "ACCENT5": (255, 109, 1),
    "ACCENT6": (70, 189, 198),
    "LINK": (17, 85, 204),
}


def single(number: float) -> float:
    """Round to the shortest decimal that a 32-bit float tells apart, as the API's `float` fields show."""
    packed = struct.pack("f", number)
    number = float(struct.unpack("f", packed)[0])
    for digits in range(1, 10):
        short = float(f"{number:.{digits}g}")
        if struct.pack("f", short) == packed:
            return int(short) if short.is_integer() else short
    return number


def color(given: dict[str, Any]) -> dict[str, Any]:
    """Keep a colour as Google does: eight bits a channel, none below 0 or above 1 (B), and no channel that is 0."""
    kept: dict[str, Any] = {}
    for name in ("red", "green", "blue"):
        level = ceil(
            round(_fraction(given.get(name) or 0) * 255, 6) - 0.5
        )  # halves go down, as 0.5 shows as 127/255
        if level:
            kept[name] = single(level / 255)
    alpha = given.get("alpha")
    if alpha is not None and _fraction(alpha) != 1:
        kept["alpha"] = _fraction(alpha)
    return kept


def _fraction(given: float) -> float:
    """Bound a channel: a colour on a scale to 255 is white."""
    return min(max(given, 0), 1)


def _rgb(levels: tuple[int, int, int]) -> dict[str, Any]:
    return color(dict(zip(("red", "green", "blue"), (level / 255 for level in levels), strict=True)))


#: The theme of a new file.
THEME: dict[str, Any] = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": name, "color": {"rgbColor": _rgb(levels)}} for name, levels in _THEME_COLORS.items()
    ],
}


def color_style(given: dict[str, Any]) -> dict[str, Any]:
    """Keep a ColorStyle as Google does; one without a colour is empty."""
    if given.get("themeColor"):
        return {"themeColor": given["themeColor"]}
    return {"rgbColor": color(given["rgbColor"])} if given.get("rgbColor") is not None else {}


def with_color_styles(value: Any) -> Any:
    """Give every colour both as `…Color` and as `…ColorStyle`, wherever they occur in the JSON."""
    if isinstance(value, list):
        return [with_color_styles(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, item in value.items():
        if item is None or f"{name}Style" in value:
            continue
        if name.lower().endswith("color") and isinstance(item, dict):
            kept[name] = color(item)
            kept[f"{name}Style"] = {"rgbColor": color(item)}
        elif name.lower().endswith("colorstyle") and isinstance(item, dict):
            _put_style(kept, name, color_style(item))
        else:
            kept[name] = with_color_styles(item)
    return kept


def _put_style(kept: dict[str, Any], name: str, style: dict[str, Any]) -> None:
    if not style:
        return
    plain = style.get("rgbColor")
    if plain is None:
        kind = style.get("themeColor", "TEXT")
        plain = _rgb(_THEME_COLORS.get(kind, (0, 0, 0)))
    kept[name.removesuffix("Style")] = plain
    kept[name] = style


#: The default format as cells have it: with the font that the browser ends up with.
_CELL_FORMAT: dict[str, Any] = {
    **DEFAULT_FORMAT,
    "textFormat": {**DEFAULT_FORMAT["textFormat"], "fontFamily": "Arial"},
}
_LINK_COLOR = _rgb(_THEME_COLORS["LINK"])
_LINK_LETTERS: dict[str, Any] = {
    "foregroundColor": _LINK_COLOR,
    "foregroundColorStyle": {"rgbColor": _LINK_COLOR},
    "underline": True,
}


@lru_cache(maxsize=8192)
def _effective_body(own: str, alignment: str, number_format: str, link: str, display: str) -> bytes:
    """Put an effective format together; many cells share theirs, so that it is kept as JSON."""
    mixed = dict(_CELL_FORMAT)
    if number_format:
        mixed = {"numberFormat": orjson.loads(number_format), **mixed}
    if alignment:
        mixed["horizontalAlignment"] = alignment
    if link:
        mixed["textFormat"] = {**mixed["textFormat"], **_LINK_LETTERS, "link": {"uri": link}}
    if display:
        mixed["hyperlinkDisplayType"] = display
    return orjson.dumps(_over(mixed, orjson.loads(own)) if own else mixed)


def effective_format(
    own: dict[str, Any] | None,
    *,
    alignment: str | None = None,
    number_format: Mapping[str, str] | None = None,
    link: str | None = None,
    filled: bool = True,
    painted: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a cell's `effectiveFormat`: the default, what its content implies, and its own format over both.

    Args:
        own: The `userEnteredFormat`.
        alignment: LEFT, RIGHT or CENTER, by the kind of value.
        number_format: The format that a formula implies.
        link: Where the cell's content links to.
        filled: Whether the cell shows anything, were it an empty text; a blank one says nothing of links.
        painted: What conditional formatting lays over all of it.
    """
    linked = bool(link) and (own or {}).get("hyperlinkDisplayType") != "PLAIN_TEXT"
    display = ("LINKED" if linked else "PLAIN_TEXT") if filled else ""
    implied = orjson.dumps(dict(number_format)).decode() if number_format else ""
    body = orjson.dumps(own).decode() if own else ""
    found: dict[str, Any] = orjson.loads(
        _effective_body(body, alignment or "", implied, (link or "") if linked else "", display)
    )
    return _over(found, painted) if painted else found


def linked_format(own: dict[str, Any]) -> dict[str, Any]:
    """Give a `userEnteredFormat` with a link as Google keeps it: shown as a link, in a link's colour, underlined."""
    letters = own.get("textFormat") or {}
    shown = linked_letters(letters)
    if shown is letters:
        return own
    return {**own, "textFormat": shown, "hyperlinkDisplayType": own.get("hyperlinkDisplayType", "LINKED")}


def linked_letters(letters: dict[str, Any]) -> dict[str, Any]:
    """Give a `TextFormat` with a link in a link's colour and underlined, where it does not say otherwise."""
    return {**_LINK_LETTERS, **letters} if (letters.get("link") or {}).get("uri") else letters


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    mixed = dict(below)
    for name, value in above.items():
        old = mixed.get(name)
        whole = "olor" in name or not isinstance(value, dict) or not isinstance(old, dict)
        mixed[name] = value if whole else _over(old or {}, value)
    return mixed
