"""The port to another formula engine, which lends the functions that are not worked out here."""

from typing import Protocol

from sheets_crm.emulator.formulas.registry import Function
from sheets_crm.emulator.formulas.values import Refusal

__all__ = ["FunctionEngine", "NoEngine"]


class FunctionEngine(Protocol):
    """Lends functions by name."""

    def function(self, name: str) -> Function:
        """Give a function.

        Raises:
            Refusal: There is none, or it would be worked out otherwise than in Google.
        """
        ...

    def refusal(self, name: str) -> str | None:
        """Say why a function is not lent; `None` when it is."""
        ...


class NoEngine:
    """Lends nothing."""

    def function(self, name: str) -> Function:
        """Refuse every function."""
        raise Refusal(f"{name} is not implemented by the emulator.")

    def refusal(self, name: str) -> str | None:
        """Say that there is none."""
        return f"{name} is not implemented by the emulator."
