"""What a push tells of a lead, and the words that its cell begins with afterwards."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


class Word(enum.StrEnum):
    """What the cell says first."""

    DUE = "due"
    CLAIMED = "claimed"
    ADDED = "added"
    DUPLICATE = "duplicate"
    BLOCKED = "blocked"
    INVALID = "invalid"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


ACCEPTED: Final = frozenset({Word.ADDED, Word.DUPLICATE})
"""The lead stands in the campaign."""
REFUSED: Final = frozenset({Word.BLOCKED, Word.INVALID, Word.SKIPPED})
"""The service left the lead out for good."""
IN_DOUBT: Final = frozenset({Word.CLAIMED, Word.UNKNOWN})
"""Nobody knows yet what became of the push."""
HELD: Final = ACCEPTED | {Word.CLAIMED}
"""The lead is not taken back from its batch: it stands in the campaign, or is on its way there.

One of which nobody knows is a person's to decide: to take it back is to order that it is pushed again."""


def first_word(cell: object) -> str:
    """The first word of a cell; "" of a blank one."""
    return str(cell).partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedLead:
    """What the service is told of a lead.

    Attributes:
        email: Its address as the Master has it.
        variables: The custom variables, by name.
    """

    email: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    variables: Mapping[str, str | int] = field(default_factory=dict)
