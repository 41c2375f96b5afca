"""Numbers in the page's own requests."""

from starlette.requests import Request

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import invalid

__all__ = ["area_asked", "number_asked"]


def number_asked(request: Request, name: str) -> int:
    """Read a number of the query.

    Raises:
        ApiError: 400 if it is not there or is no number.
    """
    text = request.query_params.get(name, "")
    if not text.removeprefix("-").isdecimal():
        raise invalid(f"{name} must be a whole number")
    return int(text)


def area_asked(request: Request) -> Area:
    """Read top, bottom, left and right, counted from 0; the ends may be missing."""
    top, left = number_asked(request, "top"), number_asked(request, "left")
    ends = [number_asked(request, name) if name in request.query_params else None for name in ("bottom", "right")]
    return Area(top, ends[0], left, ends[1])
