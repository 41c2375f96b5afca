"""Which method of the API a path means."""

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote_plus

__all__ = ["Answer", "Call", "Route", "find_route"]


@dataclass(slots=True)
class Call:
    """One request.

    Attributes:
        email: Who asks.
        path: The variable parts of the path.
        query: The query, checked.
        body: The body, checked; for uploads the bytes as they came.
        content_type: The type of the body.
    """

    email: str
    path: dict[str, str]
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    content_type: str = ""


#: Answers a call with JSON, with bytes and their type, or with nothing (204).
Answer: TypeAlias = dict[str, Any] | tuple[bytes, str] | None


@dataclass(frozen=True, slots=True)
class Route:
    """A method of the API.

    Attributes:
        verb: The HTTP method.
        template: The path as statistics name it.
        name: The method's name in the discovery document, or ``drive`` for what is not checked against one.
        writes: Whether it counts as a write for quotas; None for what has no quota.
        run: Name of the method of `Api` that answers.
    """

    verb: str
    template: str
    name: str
    writes: bool | None
    run: str


_FILE = "/v4/spreadsheets/{spreadsheetId}"
_DRIVE = "/drive/v3/files"
_ROUTES = [
    Route("POST", "/v4/spreadsheets", "create", True, "create"),
    Route("GET", _FILE, "get", False, "get"),
    Route("POST", f"{_FILE}:batchUpdate", "batchUpdate", True, "batch_update"),
    Route("POST", f"{_FILE}:getByDataFilter", "getByDataFilter", False, "get_by_data_filter"),
    Route("POST", f"{_FILE}/sheets/{{sheetId}}:copyTo", "sheets.copyTo", True, "copy_to"),
    Route("GET", f"{_FILE}/developerMetadata/{{metadataId}}", "developerMetadata.get", False, "metadata_get"),
    Route("POST", f"{_FILE}/developerMetadata:search", "developerMetadata.search", False, "metadata_search"),
    Route("GET", f"{_FILE}/values:batchGet", "values.batchGet", False, "values_batch_get"),
    Route("POST", f"{_FILE}/values:batchUpdate", "values.batchUpdate", True, "values_batch_update"),
    Route("POST", f"{_FILE}/values:batchClear", "values.batchClear", True, "values_batch_clear"),
    Route("POST", f"{_FILE}/values:batchGetByDataFilter", "values.batchGetByDataFilter", False, "filter_get"),
    Route(
        "POST", f"{_FILE}/values:batchUpdateByDataFilter", "values.batchUpdateByDataFilter", True, "filter_update"
    ),
    Route("POST", f"{_FILE}/values:batchClearByDataFilter", "values.batchClearByDataFilter", True, "filter_clear"),
    Route("POST", f"{_FILE}/values/{{range}}:append", "values.append", True, "values_append"),
    Route("POST", f"{_FILE}/values/{{range}}:clear", "values.clear", True, "values_clear"),
    Route("GET", f"{_FILE}/values/{{range}}", "values.get", False, "values_get"),
    Route("PUT", f"{_FILE}/values/{{range}}", "values.update", True, "values_update"),
    Route("GET", _DRIVE, "drive", None, "drive_list"),
    Route("POST", _DRIVE, "drive", None, "drive_create"),
    Route("GET", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_get"),
    Route("PATCH", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_update"),
    Route("DELETE", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_delete"),
    Route("POST", f"{_DRIVE}/{{fileId}}/copy", "drive", None, "drive_copy"),
    Route("GET", f"{_DRIVE}/{{fileId}}/export", "drive", None, "drive_export"),
    Route("GET", f"{_DRIVE}/{{fileId}}/comments", "drive", None, "drive_comments"),
    Route("GET", f"{_DRIVE}/{{fileId}}/permissions", "drive", None, "drive_permissions"),
    Route("POST", f"{_DRIVE}/{{fileId}}/permissions", "drive", None, "drive_share"),
    Route("DELETE", f"{_DRIVE}/{{fileId}}/permissions/{{permissionId}}", "drive", None, "drive_unshare"),
    Route("PUT", "/upload/drive/v2/files/{fileId}", "upload", None, "drive_upload"),
]


def _split(path: str) -> tuple[list[str], str]:
    """Split a path into its parts and its verb, such as ``append``, as Google's front end does.

    What follows the last colon is a verb if the API has such a one, and belongs to the last part otherwise. Empty
    parts at the end are dropped, before a verb too (A: recorded ``{id}/?…``, ``{id}/:batchUpdate``; the rule is that
    of its published path matcher); one in the middle is a part, which no method has.
    """
    whole, colon, verb = path.rpartition(":")
    if colon and "/" not in verb and verb in _VERBS:
        path = whole
    else:
        verb = ""
    parts = path.removeprefix("/").split("/")
    while parts and not parts[-1]:
        parts.pop()
    return parts, verb


def _template_verbs() -> frozenset[str]:
    return frozenset(route.template.rpartition(":")[2] for route in _ROUTES if ":" in route.template)


_VERBS = _template_verbs()
_SPLIT = [(route, *_split(route.template)) for route in _ROUTES]


def find_route(verb: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
    """Find the method for a raw path, and the path's variable parts, decoded.

    A plus sign in a path is a space (A: ``values/Users+!1:101`` was read as ``Users !1:101``). Of a colon that is
    written ``%3A`` the verb may begin too, outside ranges (C).
    """
    path = raw_path if "/values/" in raw_path else re.sub("%3a", ":", raw_path, flags=re.IGNORECASE)
    parts, custom = _split(path)
    for route, names, wanted in _SPLIT:
        if route.verb == verb and wanted == custom and len(names) == len(parts):
            bound = dict(zip(names, parts, strict=True))
            if all(name == text or (name[:1] == "{" and text) for name, text in bound.items()):
                return route, {name[1:-1]: unquote_plus(text) for name, text in bound.items() if name[:1] == "{"}
    return None
