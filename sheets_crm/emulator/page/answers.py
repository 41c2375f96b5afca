"""Answers of the page's own routes: JSON, refusals, and files."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from sheets_crm.emulator.errors import ApiError

__all__ = ["Answer", "Files", "answered", "json_answer"]

#: What answers a request, given its body.
Answer = Callable[[Request, Any], Any]


class Files(StaticFiles):
    """Files that the browser asks for again each time, so that an upgrade shows at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Answer with a file that may be kept, but is asked for each time."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        response.headers["x-content-type-options"] = "nosniff"
        return response


def answered(answer: Answer, request: Request, raw: bytes) -> Response:
    """Give what a question or an order comes to, or why it is refused."""
    try:
        return json_answer(200, answer(request, orjson.loads(raw) if raw else None))
    except ApiError as error:
        return json_answer(error.code, error.body())
    except (LookupError, ArithmeticError, AttributeError, RecursionError, TypeError, ValueError) as error:
        return json_answer(
            400, ApiError(400, f"The page asked for something that makes no sense: {error!r}").body()
        )


def json_answer(status: int, body: Any) -> Response:
    """Give JSON that nobody keeps."""
    packed = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    return Response(packed, status, {"cache-control": "no-store"}, media_type="application/json")
