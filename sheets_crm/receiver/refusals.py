"""Why the receiver refuses a request, and how it answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RETRY_AFTER: Final = 10
"""Seconds after which a sender may try again what could not be stored."""


class Refused(Exception):  # noqa: N818 - says what is so
    """A request that is not obeyed.

    Attributes:
        status: Status of the answer.
        reason: A word for the answer and the metrics.
        headers: Headers that belong to the status.
        patient: Whether the rest of the body is waited for before the answer.
    """

    def __init__(
        self, status: int, reason: str, headers: Mapping[str, str] | None = None, *, patient: bool = True
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})
        self.patient = patient


def no_such_path() -> Refused:
    """Nothing is there, or the module that it belongs to is off."""
    return Refused(404, "path")


def wrong_method(allowed: str) -> Refused:
    """The path takes other methods."""
    return Refused(405, "method", {"Allow": allowed})


def no_proof() -> Refused:
    """Whoever posts did not prove that he may."""
    return Refused(401, "proof")


def too_large() -> Refused:
    """The body is larger than any that is taken."""
    return Refused(413, "size")


def too_slow() -> Refused:
    """The body did not come in time."""
    return Refused(408, "slow", patient=False)


def unavailable(reason: str) -> Refused:
    """It cannot be stored now: the sender has to repeat it."""
    return Refused(503, reason, {"Retry-After": str(RETRY_AFTER)})
