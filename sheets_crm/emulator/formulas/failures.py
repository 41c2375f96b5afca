"""How the working out of a formula's part ends without a value."""

from collections.abc import Sequence
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.reasons import not_coerced

__all__ = ["Failure", "Refusal", "Uncoerced"]


class Failure(Exception):  # noqa: N818 - carries a cell's error value, which is itself a result
    """A formula's part comes to an error value."""

    def __init__(self, error: ErrorValue) -> None:
        super().__init__(error.type)
        self.error = error


class Uncoerced(Failure):
    """A value is not of the kind that was wanted; which function wanted it, its caller knows."""

    def __init__(self, value: CellValue, wanted: str) -> None:
        super().__init__(ErrorValue("#VALUE!"))
        self.value, self.wanted = value, wanted

    def named(self, function: str, arguments: Sequence[Any]) -> ErrorValue:
        """The error as the function that was called reports it, with the place of the argument."""
        place = next((place for place, given in enumerate(arguments, 1) if given is self.value), 1)
        plain = None if isinstance(self.value, ErrorValue) else self.value
        return not_coerced(function, place, plain, self.wanted)


class Refusal(Exception):  # noqa: N818 - carries the reason of an error cell
    """The emulator cannot work a formula out as Google would; IFERROR does not hide it."""
