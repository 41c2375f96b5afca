"""Refusals: each service has its own form for them."""

from http import HTTPStatus
from typing import Any

__all__ = ["RefusedError", "bad_request", "conflict", "not_found"]


class RefusedError(Exception):
    """A request that the service would refuse.

    Attributes:
        status: The HTTP status.
        message: The service's text.
        headers: Further headers of the answer.
    """

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The JSON body of Instantly's refusals, which all have one form (A)."""
        phrase = HTTPStatus(self.status).phrase
        return {"statusCode": self.status, "error": phrase, "message": self.message}


def bad_request(message: str) -> RefusedError:
    """Refuse a request that does not fit the contract."""
    return RefusedError(400, message)


def not_found(message: str = "Resource not found") -> RefusedError:
    """Say that there is no such thing."""
    return RefusedError(404, message)


def conflict(message: str) -> RefusedError:
    """Refuse what the state of things does not allow."""
    return RefusedError(409, message)
