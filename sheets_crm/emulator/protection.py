"""Who may edit what: protected ranges and sheets bind whoever is not among their editors.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#protectedrange
"""

from collections.abc import Iterable
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.geometry import area_of, clip, overlaps
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Guard", "protected_error"]


def protected_error() -> ApiError:
    """Refuse with Google's 400 for protected cells."""
    return invalid(
        "You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."
    )


class Guard:
    """What one person may do to one spreadsheet.

    The file's creator, and the owner of all files of this server, may do everything.
    """

    def __init__(self, book: Spreadsheet, email: str, owner: str) -> None:
        self._book = book
        self._email = email
        self._free = email in (owner, book.file["owner"])

    @property
    def email(self) -> str:
        """Who it is."""
        return self._email

    @property
    def free(self) -> bool:
        """Whether no protection binds this person."""
        return self._free

    def may_edit(self, protected: dict[str, Any]) -> bool:
        """Tell whether a protected range lets this person in."""
        if self._free or protected.get("warningOnly"):
            return True
        editors = protected.get("editors") or {}
        return bool(editors.get("domainUsersCanEdit")) or self._email in (editors.get("users") or [])

    def check(self, sheet: Sheet, area: Area) -> None:
        """Refuse to touch cells that are protected from this person."""
        if self._free:
            return
        for protected in sheet.attachments("protectedRanges"):
            if not self.may_edit(protected) and self._touches(sheet, protected, area):
                raise protected_error()

    def check_bounds(self, sheet: Sheet, bounds: tuple[int, int, int, int]) -> None:
        """Refuse as `check` does, for (top, bottom, left, right); no cells are nobody's."""
        top, bottom, left, right = bounds
        if top < bottom and left < right:
            self.check(sheet, Area(*bounds))

    def check_sheet(self, sheet: Sheet) -> None:
        """Refuse what would touch any protected cell of a tab, such as deleting it."""
        if not all(self.may_edit(found) for found in sheet.attachments("protectedRanges")):
            raise protected_error()

    def check_protection(self, protected: dict[str, Any]) -> None:
        """Refuse to change a protection unless one is among its editors."""
        if not self.may_edit(protected) or (protected.get("warningOnly") and not self._book):
            raise protected_error()

    def _touches(self, sheet: Sheet, protected: dict[str, Any], area: Area) -> bool:
        named = self._book.named_ranges.get(protected.get("namedRangeId") or "")
        over = area_of(named["range"] if named else protected.get("range") or {})
        if not overlaps(over, area):
            return False
        size = (sheet.row_count, sheet.column_count)
        bounds = clip(area, *size)
        holes = (clip(area_of(hole), *size) for hole in protected.get("unprotectedRanges") or ())
        inside = clip(over, *size)
        left = _intersection(bounds, inside)
        return left is None or bool(_minus([left], holes))


_Box = tuple[int, int, int, int]


def _intersection(one: _Box, other: _Box) -> _Box | None:
    top, bottom = max(one[0], other[0]), min(one[1], other[1])
    left, right = max(one[2], other[2]), min(one[3], other[3])
    return (top, bottom, left, right) if top < bottom and left < right else None


def _minus(boxes: list[_Box], holes: Iterable[_Box]) -> list[_Box]:
    """Cut the holes out of the boxes and give what is left."""
    for hole in holes:
        boxes = [part for box in boxes for part in _cut(box, hole)]
    return boxes


def _cut(box: _Box, hole: _Box) -> list[_Box]:
    shared = _intersection(box, hole)
    if shared is None:
        return [box]
    top, bottom, left, right = box
    parts = [
        (top, shared[0], left, right),
        (shared[1], bottom, left, right),
        (shared[0], shared[1], left, shared[2]),
        (shared[0], shared[1], shared[3], right),
    ]
    return [part for part in parts if part[0] < part[1] and part[2] < part[3]]
