"""Which function answers which kind of batchUpdate request."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sheets_crm.emulator.batch import Batch

__all__ = ["HANDLERS", "Handler", "answers"]

#: Applies one request to the working copy; gives the reply of its kind, or None where the kind has none.
Handler: TypeAlias = Callable[[Batch, dict[str, Any]], dict[str, Any] | None]

HANDLERS: dict[str, Handler] = {}


def answers(kind: str) -> Callable[[Handler], Handler]:
    """Register the function for a kind of request."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register
