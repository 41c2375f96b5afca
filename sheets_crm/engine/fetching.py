"""Fetching: what a service has is asked for on a schedule, page by page, and put into the intake.

A page is stored as it came, and its cursor is saved after that: whoever is killed in between reads the page again, and
the intake knows it by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol


class Cursors(Protocol):
    """How far the fetching for one feed got with each of its lists.

    Every method may raise `SettingsError` (a store of another version), `Retryable` (it cannot be reached), and
    `OSError` (the disk is full).
    """

    def load(self) -> Mapping[str, str]:
        """All cursors of the feed, by name; none in a new store, or in one that was lost."""
        ...

    def save(self, cursors: Mapping[str, str]) -> None:
        """Save cursors, on the disk before this returns; those that are not named stay."""
        ...

    def delete(self, names: Collection[str]) -> None:
        """Delete cursors of lists that there are no more."""
        ...


class Fetcher(Protocol):
    """Fetches what one service has."""

    def fetch(self, check: Callable[[], None]) -> None:
        """Fetch what is due into the intake.

        Args:
            check: Called between two pages; it may raise to end there.

        Raises:
            CrmError: A part of it failed; what else could be fetched is in the intake.
        """
        ...
