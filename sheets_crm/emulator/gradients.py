"""Colour scales: a fill between two or three points, by a cell's number.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#gradientrule
"""

from collections.abc import Callable
from typing import Any

from sheets_crm.emulator.conditions import Tester
from sheets_crm.emulator.formats_of_cells import color

__all__ = ["gradient"]

_Point = tuple[float, tuple[float, ...]]
_CHANNELS = ("red", "green", "blue")
_WHITE = (1.0, 1.0, 1.0)


def gradient(rule: dict[str, Any], numbers: list[float], tester: Tester) -> Callable[[Any], dict[str, Any] | None]:
    """Make what gives a cell's colour; None for a cell without a number.

    Args:
        rule: The `GradientRule`.
        numbers: All numbers of its ranges.
        tester: Reads the points' values.
    """
    names = [name for name in ("minpoint", "midpoint", "maxpoint") if rule.get(name)]
    points = sorted(_point(rule[name], sorted(numbers), tester) for name in names) if numbers else []

    def color_at(value: Any) -> dict[str, Any] | None:
        if not points or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return _between(points, float(value))

    return color_at


def _point(given: dict[str, Any], numbers: list[float], tester: Tester) -> _Point:
    shown = (given.get("colorStyle") or {}).get("rgbColor", given.get("color"))
    channels = _WHITE if shown is None else tuple(float(shown.get(name) or 0) for name in _CHANNELS)
    return _place(given, numbers, tester), channels


def _place(given: dict[str, Any], numbers: list[float], tester: Tester) -> float:
    low, high, kind = numbers[0], numbers[-1], given.get("type")
    if kind in ("MIN", "MAX"):
        return low if kind == "MIN" else high
    read = tester.given({"userEnteredValue": given.get("value") or "0"}, (0, 0), (0, 0))
    value = float(read) if isinstance(read, int | float) else 0.0
    if kind == "PERCENT":
        return low + (high - low) * value / 100
    if kind == "PERCENTILE":
        place = (len(numbers) - 1) * min(max(value, 0.0), 100.0) / 100
        first = numbers[int(place)]
        return first + (numbers[min(int(place) + 1, len(numbers) - 1)] - first) * (place % 1)
    return value


def _between(points: list[_Point], value: float) -> dict[str, Any]:
    below = [point for point in points if point[0] <= value] or points[:1]
    above = [point for point in points if point[0] >= value] or points[-1:]
    (start, first), (end, last) = below[-1], above[0]
    share = (value - start) / (end - start) if end > start else 0.0
    mixed = (a + (b - a) * min(max(share, 0.0), 1.0) for a, b in zip(first, last, strict=True))
    return color(dict(zip(_CHANNELS, mixed, strict=True)))
