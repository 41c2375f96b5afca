"""Temperatures, which the engine that lends CONVERT gets wrong."""

__all__ = ["converted"]

_ABSOLUTE_ZERO = 273.15
#: Degrees for each kelvin, and what 0 kelvin is, by unit.
_UNITS = {
    "C": (1.0, -_ABSOLUTE_ZERO),
    "cel": (1.0, -_ABSOLUTE_ZERO),
    "F": (1.8, 32 - 1.8 * _ABSOLUTE_ZERO),
    "fah": (1.8, 32 - 1.8 * _ABSOLUTE_ZERO),
    "K": (1.0, 0.0),
    "kel": (1.0, 0.0),
    "Rank": (1.8, 0.0),
    "Reau": (0.8, -0.8 * _ABSOLUTE_ZERO),
}


def converted(number: float, unit: object, wanted: object) -> float | None:
    """Convert degrees; `None` unless both units are of temperature."""
    if unit not in _UNITS or wanted not in _UNITS:
        return None
    if unit == wanted:
        return number
    scale, zero = _UNITS[str(unit)]
    other, other_zero = _UNITS[str(wanted)]
    return round((number - zero) / scale * other + other_zero, 10)
