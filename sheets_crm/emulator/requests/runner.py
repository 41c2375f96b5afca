"""Plays the requests of a `spreadsheets.batchUpdate` in order on a working copy."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError, field_violation, invalid, prefixed
from sheets_crm.emulator.requests.registry import HANDLERS
from sheets_crm.emulator.schema import check_request_mask

__all__ = ["run_requests"]


def run_requests(batch: Batch, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Apply all requests, or raise: the caller publishes the working copy only on success.

    Returns:
        One reply for each request, empty where the kind has none.

    Raises:
        ApiError: 400 ``Invalid requests[i].kind: …`` for the first that is refused.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_run(batch, index, request) for index, request in enumerate(requests)]


def _run(batch: Batch, index: int, request: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind, body in request.items() if body is not None]
    if not kinds:
        raise invalid(f"Invalid requests[{index}]: No request set.")
    if len(kinds) > 1:
        taken = f"oneof field 'kind' is already set. Cannot set '{kinds[1]}'"
        raise field_violation(f"requests[{index}]", f"Invalid value at 'requests[{index}]' (oneof), {taken}")
    kind = kinds[0]
    place = f"requests[{index}].{kind}"
    handler = HANDLERS.get(kind)
    if handler is None:
        raise invalid(f"Invalid {place}: not implemented by the emulator.")
    try:
        check_request_mask(kind, request[kind].get("fields") or "")
        reply = handler(batch, request[kind])
    except ApiError as error:
        if error.code >= 500:  # Google's own trouble names no request
            raise
        raise prefixed(error, place) from error
    return {} if reply is None else {kind: reply}
