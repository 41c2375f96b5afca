"""The value types that the emulator's rooms share."""

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["CellValue", "ErrorValue", "Literal"]

#: The `type` of an `ErrorValue` in the Sheets API, by the text a cell shows.
_API_TYPES = {
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What a formula that failed leaves in its cell.

    Attributes:
        type: The text that the cell shows, such as ``#DIV/0!``.
        message: Why, in words for a person.
    """

    type: str
    message: str = ""

    def __str__(self) -> str:
        return self.type

    @property
    def api_type(self) -> str:
        """The `ErrorType` of the Sheets API, such as ``DIVIDE_BY_ZERO``."""
        return _API_TYPES.get(self.type, "ERROR_TYPE_UNSPECIFIED")


#: What a person or a program may put in a cell that is not blank.
Literal: TypeAlias = bool | float | str

#: What a cell may hold or a formula may give; `None` is a blank cell.
CellValue: TypeAlias = bool | float | str | ErrorValue | None
