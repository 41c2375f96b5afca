"""Errors in Google's words: one exception that carries the status and body of the answer."""

from typing import Any

__all__ = [
    "ApiError",
    "DriveError",
    "field_violation",
    "invalid",
    "not_found",
    "permission_denied",
    "prefixed",
    "unauthenticated",
]

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_CREDENTIAL = (
    "OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)


class ApiError(Exception):
    """A request that Google would refuse.

    Attributes:
        code: The HTTP status.
        message: Google's text.
        details: The `details` array of the error body, if Google sends one.
    """

    def __init__(self, code: int, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """Give the JSON body of the answer, as `google.rpc.Status` looks in JSON."""
        status = _STATUS.get(self.code, "UNKNOWN")
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class DriveError(ApiError):
    """A refusal of the Drive API, whose errors have another form than those of Sheets."""

    def __init__(self, code: int, reason: str, message: str, parameter: str = "") -> None:
        super().__init__(code, message)
        self._reason = reason
        self._parameter = parameter

    def body(self) -> dict[str, Any]:
        """Give the JSON body of the answer."""
        listed = {"message": self.message, "domain": "global", "reason": self._reason}
        if self._parameter:
            listed.update(location=self._parameter, locationType="parameter")
        return {"error": {"code": self.code, "message": self.message, "errors": [listed]}}


def invalid(message: str) -> ApiError:
    """Refuse with 400 and only a message: the form for requests that make no sense."""
    return ApiError(400, message)


def field_violation(field: str, description: str) -> ApiError:
    """Refuse with 400 and `BadRequest.fieldViolations`: the form for bodies that do not fit the schema."""
    violation = {"description": description}
    if field:
        violation = {"field": field, "description": description}
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return ApiError(400, description, [{"@type": kind, "fieldViolations": [violation]}])


def prefixed(error: ApiError, place: str) -> ApiError:
    """Say in which part of a batch a refusal arose, as in ``Invalid requests[0].addSheet: …``."""
    return ApiError(error.code, f"Invalid {place}: {error.message}", error.details)


def not_found() -> ApiError:
    """Say that there is no such file."""
    return ApiError(404, "Requested entity was not found.")


def permission_denied() -> ApiError:
    """Say that the caller may not see the file."""
    return ApiError(403, "The caller does not have permission")


def unauthenticated(*, missing: bool) -> ApiError:
    """Say that the token is missing, or that it is wrong or expired."""
    if missing:
        return ApiError(401, f"Request is missing required authentication credential. Expected {_CREDENTIAL}")
    return ApiError(401, f"Request had invalid authentication credentials. Expected {_CREDENTIAL}")
