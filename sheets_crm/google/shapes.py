"""What an answer has to look like before it is read: JSON of another shape is not the answer that was asked for.

Proxies, captive portals and servers in trouble answer 200 with a body of their own. What Google leaves out (anything
zero, false or empty, https://developers.google.com/sheets/api/guides/field-masks) is no fault of shape.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from sheets_crm.google.failures import BadAnswer

Shape: TypeAlias = "type | tuple[type, ...] | list[Shape] | dict[str, Shape]"
"""A type, or one of several; a list of one shape; or an object, whose names with ``!`` have to be there."""

ANYTHING: Final = object
NUMBER: Final = (int, float)


def check(body: Any, shape: Shape) -> None:
    """Let a body pass that has the shape.

    Raises:
        BadAnswer: It has another one; names the place and quotes nothing.
    """
    misfit = _misfit(body, shape)
    if misfit is not None:
        raise BadAnswer(f"a response of an unexpected shape (at {misfit.lstrip('.') or 'the top'})")


def _misfit(value: Any, shape: Shape) -> str | None:
    """Give the place of the first thing that does not fit, None when all does."""
    if isinstance(shape, dict):
        return _misfit_of_object(value, shape)
    if isinstance(shape, list):
        return _misfit_of_list(value, shape[0])
    fits = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    return None if fits else ""


def _misfit_of_object(value: Any, shape: dict[str, Shape]) -> str | None:
    if not isinstance(value, dict):
        return ""
    for marked, inner in shape.items():
        name = marked.removesuffix("!")
        if name in value:
            found = _misfit(value[name], inner)
            if found is not None:
                return f".{name}{found}"
        elif name != marked:
            return f".{name}"
    return None


def _misfit_of_list(value: Any, inner: Shape) -> str | None:
    if not isinstance(value, list):
        return ""
    for index, item in enumerate(value):
        found = _misfit(item, inner)
        if found is not None:
            return f"[{index}]{found}"
    return None
