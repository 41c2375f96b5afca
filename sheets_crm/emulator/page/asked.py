"""Numbers and parts in the page's own requests."""

from typing import Any, TypeVar

from starlette.requests import Request

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import invalid

__all__ = ["area_asked", "number_asked", "part_asked"]

T = TypeVar("T", str, int, list[Any])

_DIGITS = 10  # of the largest number that a tab's id may be


def number_asked(request: Request, name: str) -> int:
    """Read a number of the query.

    Raises:
        ApiError: 400 if it is not there or is no number.
    """
    text = request.query_params.get(name, "")
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > _DIGITS:
        raise invalid(f"{name} must be a whole number")
    return int(text)


def area_asked(request: Request) -> Area:
    """Read top, bottom, left and right, counted from 0; the ends may be missing."""
    top, left = number_asked(request, "top"), number_asked(request, "left")
    ends = [number_asked(request, name) if name in request.query_params else None for name in ("bottom", "right")]
    return Area(top, ends[0], left, ends[1])


def part_asked(body: Any, name: str, kind: type[T]) -> T:
    """Read a part of a body.

    Raises:
        ApiError: 400 if the body is no object, or its part is of another kind.
    """
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise invalid(f"{name} must be a {kind.__name__}")
    return found
