"""Errors in Google's words: one exception that carries the status and body of the answer."""

from typing import Any

__all__ = [
    "ApiError",
    "DriveError",
    "field_violation",
    "field_violations",
    "invalid",
    "invalid_json",
    "invalid_key",
    "key_not_supported",
    "not_found",
    "permission_denied",
    "prefixed",
    "unauthenticated",
    "unregistered",
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
#: What the older form of an error calls its reason.
_REASONS = {400: "badRequest", 403: "forbidden", 404: "notFound", 429: "rateLimitExceeded"}
#: What that form says, and where, when the token is wrong or missing.
_HEADER = {"location": "Authorization", "locationType": "header"}
_CREDENTIAL_REASONS = {"authError": "Invalid Credentials", "required": "Login Required."}
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
        reason: What the older form of an error calls its reason, where the status does not say it.
    """

    def __init__(
        self, code: int, message: str, details: list[dict[str, Any]] | None = None, reason: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.reason = reason

    def body(self, *, older: bool = False) -> dict[str, Any]:
        """Give the JSON body of the answer, as `google.rpc.Status` looks in JSON.

        Args:
            older: Whether the `errors` array goes with it, as Drive always sends it and Sheets when
                ``$.xgafv=1`` asks (B: measured against both by others).
        """
        status = _STATUS.get(self.code, "UNKNOWN")
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": status}
        if older:
            error["errors"] = [self._listed()]
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def _listed(self) -> dict[str, Any]:
        reason = self.reason or _REASONS.get(self.code, "backendError")
        if reason == "invalid":  # a value that does not fit its field is the one that names no domain (B)
            return {"message": self.message, "reason": reason}
        listed = {"message": _CREDENTIAL_REASONS.get(reason, self.message), "domain": "global", "reason": reason}
        return listed | _HEADER if reason in _CREDENTIAL_REASONS else listed


class DriveError(ApiError):
    """A refusal of the Drive API, whose errors have another form than those of Sheets."""

    def __init__(self, code: int, reason: str, message: str, parameter: str = "") -> None:
        super().__init__(code, message)
        self._reason = reason
        self._parameter = parameter

    def body(self, *, older: bool = True) -> dict[str, Any]:  # noqa: ARG002 - Drive knows one form
        """Give the JSON body of the answer."""
        listed = {"message": self.message, "domain": "global", "reason": self._reason}
        if self._parameter:
            listed.update(location=self._parameter, locationType="parameter")
        return {"error": {"code": self.code, "message": self.message, "errors": [listed]}}


def invalid(message: str) -> ApiError:
    """Refuse with 400 and only a message: the form for requests that make no sense."""
    return ApiError(400, message)


def invalid_json(sentence: str) -> ApiError:
    """Refuse a body that is no JSON: no `details`, and a reason of its own in the older form (B)."""
    return ApiError(400, f"Invalid JSON payload received. {sentence}", reason="parseError")


def field_violation(field: str, description: str) -> ApiError:
    """Refuse with 400 and one of `BadRequest.fieldViolations`: the form for bodies that do not fit the schema."""
    return field_violations([(field, description)])


def field_violations(violations: list[tuple[str, str]]) -> ApiError:
    """Refuse with 400 for all (field, description) at once, in their order; what has no field lies at the root."""
    listed = [
        {"field": field, "description": text} if field else {"description": text} for field, text in violations
    ]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}]
    return ApiError(400, "\n".join(text for _, text in violations), details, "invalid")


def prefixed(error: ApiError, place: str) -> ApiError:
    """Say in which part of a batch a refusal arose, as in ``Invalid requests[0].addSheet: …``."""
    return ApiError(error.code, f"Invalid {place}: {error.message}", error.details, error.reason)


def not_found() -> ApiError:
    """Say that there is no such file."""
    return ApiError(404, "Requested entity was not found.")


def permission_denied() -> ApiError:
    """Say that the caller may not see the file."""
    return ApiError(403, "The caller does not have permission")


def unauthenticated(*, missing: bool) -> ApiError:
    """Say that the token is missing, or that it is wrong or expired."""
    if missing:
        text = f"Request is missing required authentication credential. Expected {_CREDENTIAL}"
        return ApiError(401, text, reason="required")
    text = f"Request had invalid authentication credentials. Expected {_CREDENTIAL}"
    return ApiError(401, text, reason="authError")


def unregistered() -> ApiError:
    """Say that nobody asks: a read without token and key is 403, unlike a write (B: measured by others)."""
    return ApiError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
        "other form of API consumer identity to call this API.",
    )


def invalid_key() -> ApiError:
    """Refuse an API key that was never given out (A: answers of Google's that people pasted)."""
    details = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    return ApiError(400, "API key not valid. Please pass a valid API key.", [details])


def key_not_supported() -> ApiError:
    """Refuse to write with an API key, which says who pays and not who asks (B)."""
    details = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "CREDENTIALS_MISSING",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    text = (
        "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials "
        "that assert a principal. See https://cloud.google.com/docs/authentication"
    )
    return ApiError(401, text, [details], "required")
