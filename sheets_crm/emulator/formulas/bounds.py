"""Where a reference lies on the grid of its tab."""

from sheets_crm.emulator.formulas.a1 import Reference
from sheets_crm.emulator.formulas.values import REF, Area, Failure

__all__ = ["bounded"]

#: What a spreadsheet can hold; a reference past the grid that is larger is no reference.
_MOST_CELLS = 10_000_000


def bounded(reference: Reference, title: str, size: tuple[int, int]) -> Area:
    """Cut a reference off at the end of the grid; one that lies wholly past it keeps its ends, and is blank.

    Args:
        reference: As written.
        title: The tab it is on.
        size: Rows and columns of that tab.

    Raises:
        Failure: #REF!, when nothing is left of it, or it is larger than any spreadsheet.
    """
    outside = _past_the_grid(reference, title, size)
    if outside is not None:
        if outside.rows * outside.columns > _MOST_CELLS:
            raise Failure(REF)
        return outside
    bottom = size[0] - 1 if reference.bottom is None else min(reference.bottom, size[0] - 1)
    right = size[1] - 1 if reference.right is None else min(reference.right, size[1] - 1)
    area = Area(title, reference.top or 0, reference.left or 0, bottom, right)
    if area.rows < 1 or area.columns < 1:
        raise Failure(REF)
    return area


def _past_the_grid(reference: Reference, title: str, size: tuple[int, int]) -> Area | None:
    """The area of a reference that lies wholly past the grid; Google takes its cells as blank (A for INDIRECT)."""
    top, left, bottom, right = reference.top, reference.left, reference.bottom, reference.right
    if top is None or left is None or bottom is None or right is None:
        return None
    return Area(title, top, left, bottom, right) if top >= size[0] or left >= size[1] else None
