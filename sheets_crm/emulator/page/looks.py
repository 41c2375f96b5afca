"""How a cell looks, as short as the page needs it: one entry for each style, named by its number."""

from typing import Any

from sheets_crm.emulator.formats_of_cells import THEME
from sheets_crm.emulator.styles import Style

__all__ = ["hex_color", "letters", "look_of"]

_SWITCHES = ("bold", "italic", "underline", "strikethrough")
#: Borders as CSS draws them.
_LINES = {
    "SOLID": "1px solid",
    "SOLID_MEDIUM": "2px solid",
    "SOLID_THICK": "3px solid",
    "DOTTED": "1px dotted",
    "DASHED": "1px dashed",
    "DOUBLE": "3px double",
}
_THEME = {entry["colorType"]: entry["color"]["rgbColor"] for entry in THEME["themeColors"]}
_SIDES = ("top", "bottom", "left", "right")


def hex_color(style: dict[str, Any] | None, plain: dict[str, Any] | None = None) -> str | None:
    """Give a `ColorStyle`, or else a `Color`, as ``#rrggbb``; None where there is neither.

    A colour of the theme is shown as a new file's theme has it.
    """
    found = _THEME.get((style or {}).get("themeColor", "")) or (style or {}).get("rgbColor", plain)
    if found is None:
        return None
    return "#" + "".join(f"{round(255 * float(found.get(name) or 0)):02x}" for name in ("red", "green", "blue"))


def look_of(style: Style) -> dict[str, Any]:
    """Describe a style: colours, letters, alignment, wrapping, the kind of number and the validation."""
    form = style.format or {}
    look: dict[str, Any] = {
        "bg": hex_color(form.get("backgroundColorStyle"), form.get("backgroundColor")),
        "align": form.get("horizontalAlignment"),
        "vertical": form.get("verticalAlignment"),
        "wrap": form.get("wrapStrategy"),
        "number": (form.get("numberFormat") or {}).get("type"),
        "plain_link": form.get("hyperlinkDisplayType") == "PLAIN_TEXT",
        "link": bool(((form.get("textFormat") or {}).get("link") or {}).get("uri")),
    }
    look.update(letters(form.get("textFormat") or {}))
    look.update(_borders(form.get("borders") or {}))
    look.update(_rule(style.validation or {}))
    return {name: value for name, value in look.items() if value}


def letters(text: dict[str, Any], *, conditional: bool = False) -> dict[str, Any]:
    """Describe a `TextFormat`; a conditional one also says what it switches off."""
    found: dict[str, Any] = {
        name: bool(text[name]) for name in _SWITCHES if text.get(name) or (conditional and name in text)
    }
    found["color"] = hex_color(text.get("foregroundColorStyle"), text.get("foregroundColor"))
    found["size"] = text.get("fontSize")
    found["family"] = text.get("fontFamily")
    return found


def _borders(borders: dict[str, Any]) -> dict[str, Any]:
    drawn = {}
    for side in _SIDES:
        border = borders.get(side) or {}
        line = _LINES.get(border.get("style", "NONE"))
        if line is not None:
            color = hex_color(border.get("colorStyle"), border.get("color")) or "#000000"
            drawn[f"border_{side}"] = f"{line} {color}"
    return drawn


def _rule(validation: dict[str, Any]) -> dict[str, Any]:
    condition = validation.get("condition") or {}
    words = [str(word.get("userEnteredValue", "")) for word in condition.get("values") or ()]
    free = not validation.get("strict", False)
    if condition.get("type") == "BOOLEAN":
        return {"checkbox": True}
    if condition.get("type") == "ONE_OF_LIST":
        return {"choices": words, "choices_free": free}
    if condition.get("type") == "ONE_OF_RANGE":
        return {"choices_of": next(iter(words), ""), "choices_free": free}
    return {}
