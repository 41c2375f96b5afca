"""Where a header of the tab Headers was seen: in an import, or in a block that waits for its answer."""

from __future__ import annotations

from sheets_crm.messages import LANGUAGES, localize


def waiting_in(title: str, language: str) -> str:
    """What `seen_in` says of a header of a block that is not understood and waits in a tab."""
    return localize("headers.waiting_in", language, tab=title)


def is_waiting(seen_in: str) -> bool:
    """Whether a text of `seen_in` is of a block that waited when it was asked about, in either language."""
    return taken_from(seen_in) != seen_in


def taken_from(seen_in: str) -> str:
    """A text of `seen_in` without the words that a block waits: its row stays, whatever becomes of the block."""
    ends = (waiting_in("", language) for language in LANGUAGES)
    return next((seen_in.removesuffix(end) for end in ends if seen_in.endswith(end)), seen_in)
