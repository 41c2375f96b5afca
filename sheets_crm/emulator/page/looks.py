"""How a cell looks, as short as the page needs it: one entry for each style, named by its number."""

from typing import Any

from sheets_crm.emulator.styles import Style

__all__ = ["hex_color", "look_of"]

_SWITCHES = ("bold", "italic", "underline", "strikethrough")
_SIDES = ("top", "bottom", "left", "right")


def hex_color(style: dict[str, Any] | None, plain: dict[str, Any] | None = None) -> str | None:
    """Give a `ColorStyle`, or else a `Color`, as ``#rrggbb``; None where there is neither."""
    found = (style or {}).get("rgbColor", plain)
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
    }
    look.update(_letters(form.get("textFormat") or {}))
    look.update(_borders(form.get("borders") or {}))
    look.update(_rule(style.validation or {}))
    return {name: value for name, value in look.items() if value}


def _letters(text: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: True for name in _SWITCHES if text.get(name)}
    found["color"] = hex_color(text.get("foregroundColorStyle"), text.get("foregroundColor"))
    found["size"] = text.get("fontSize")
    found["family"] = text.get("fontFamily")
    return found


def _borders(borders: dict[str, Any]) -> dict[str, Any]:
    shown = {side: borders[side] for side in _SIDES if (borders.get(side) or {}).get("style", "NONE") != "NONE"}
    return {
        f"border_{side}": hex_color(found.get("colorStyle"), found.get("color")) or "#000000"
        for side, found in shown.items()
    }


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
