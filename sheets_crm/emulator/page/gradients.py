"""Colour scales: a fill between two or three points, by a cell's number.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#gradientrule
"""

from collections.abc import Callable
from typing import Any

from sheets_crm.emulator.page.conditions import Tester
from sheets_crm.emulator.page.looks import hex_color

__all__ = ["gradient"]

_Point = tuple[float, tuple[int, int, int]]


def gradient(rule: dict[str, Any], numbers: list[float], tester: Tester) -> Callable[[Any], str | None]:
    """Make what gives a cell's colour; None for a cell without a number.

    Args:
        rule: The `GradientRule`.
        numbers: All numbers of its ranges.
        tester: Reads the points' values.
    """
    names = [name for name in ("minpoint", "midpoint", "maxpoint") if rule.get(name)]
    points = sorted(_point(rule[name], sorted(numbers), tester) for name in names) if numbers else []

    def color(value: Any) -> str | None:
        if not points or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return _between(points, float(value))

    return color


def _point(given: dict[str, Any], numbers: list[float], tester: Tester) -> _Point:
    color = hex_color(given.get("colorStyle"), given.get("color")) or "#ffffff"
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return _place(given, numbers, tester), (red, green, blue)


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


def _between(points: list[_Point], value: float) -> str:
    below = [point for point in points if point[0] <= value] or points[:1]
    above = [point for point in points if point[0] >= value] or points[-1:]
    (start, first), (end, last) = below[-1], above[0]
    share = (value - start) / (end - start) if end > start else 0.0
    return "#" + "".join(
        f"{round(a + (b - a) * min(max(share, 0.0), 1.0)):02x}" for a, b in zip(first, last, strict=True)
    )
