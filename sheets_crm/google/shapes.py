"""The shape of an answer, checked before it is read: JSON of another shape is not the expected answer.

Proxies, captive portals and failing servers answer 200 with a body of their own. Fields that Google leaves out (zero,
false or empty ones, https://developers.google.com/sheets/api/guides/field-masks) are not errors of shape.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from sheets_crm.google.failures import BadAnswer

Shape: TypeAlias = "type | tuple[type, ...] | list[Shape] | dict[str, Shape]"
"""A type or several; a list of one shape; or an object, in which names with ``!`` are required."""

ANYTHING: Final = object
NUMBER: Final = (int, float)


def check(body: Any, shape: Shape) -> None:
    """Check that a body has a shape.

    Raises:
        BadAnswer: It has another one; the message names the place and quotes nothing.
    """
    misfit = _misfit(body, shape)
    if misfit is not None:
        raise BadAnswer(f"a response of an unexpected shape (at {misfit.lstrip('.') or 'the top'})")


def _misfit(value: Any, shape: Shape) -> str | None:
    """Path of the first value that does not fit; None when all fit."""
    if isinstance(shape, dict):
        return _misfit_of_object(value, shape)
    if isinstance(shape, list):
        return _misfit_of_list(value, shape[0])
    # bool is a subclass of int in Python, but not in JSON.
    fits = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    return None if fits else ""


def _misfit_of_object(value: Any, shape: dict[str, Shape]) -> str | None:
    if not isinstance(value, dict):
        return ""
    for marked, inner in shape.items():
        name = marked.removesuffix("!")
        if name in value:
            misfit = _misfit(value[name], inner)
            if misfit is not None:
                return f".{name}{misfit}"
        elif name != marked:
            return f".{name}"
    return None


def _misfit_of_list(value: Any, inner: Shape) -> str | None:
    if not isinstance(value, list):
        return ""
    for index, item in enumerate(value):
        misfit = _misfit(item, inner)
        if misfit is not None:
            return f"[{index}]{misfit}"
    return None
